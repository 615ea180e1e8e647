"""The vocabulary of faults: small changes of an answer, each a verb and what it is done to.

An answer is laid out as a `Draft`; a verb changes it in place. What a verb has nothing to do with,
such as a member that is not there, is left as it is.
"""

from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Final
from urllib.parse import quote

import msgspec
from msgspec.structs import replace

from mock_server import codec
from mock_server.deliveries import DELIVERIES, pieces
from mock_server.draft import Draft
from mock_server.errors import ApiError
from mock_server.json_edits import VERBS, changed
from mock_server.spots import values
from mock_server.wire import Event, Json

_NOT_FITTING: Final = (TypeError, ValueError, LookupError, AttributeError, ApiError)


def apply(edits: Iterable[Mapping[str, Json]], draft: Draft) -> None:
    """Make every change, in order."""
    for edit in edits:
        for verb, what in edit.items():
            # Answers differ: a text to be added to may be null, a list may be an object.
            with suppress(*_NOT_FITTING):
                EDITS[verb](draft, what)


# --- The whole answer ----------------------------------------------------------------------------


def _status(draft: Draft, status: int) -> None:
    draft.status = status


def _answer(draft: Draft, status: int) -> None:
    """Another documented answer of the operation instead, with the headers of this one."""
    made = draft.example(status)
    named = {name for name, _ in made.headers}
    draft.headers = [pair for pair in draft.headers if pair[0] not in named] + made.headers
    draft.take(made)


def _fail(draft: Draft, change: Mapping[str, Json]) -> None:
    """A failure of that `status` instead, in the provider's words around the `message`."""
    made = draft.failing(change["status"], change["message"], change.get("retry_after"))
    draft.take(made)
    draft.origin, draft.headers = made, made.headers


def _headers(draft: Draft, wishes: Mapping[str, Json]) -> None:
    """Set a header, drop it (null), or add to its number (`{add: n}`).

    `{path: text}` sets it, too: in the text, `{n}` is the nth step of the path that was asked for.
    """
    for name, wish in wishes.items():
        raw = name.lower().encode()
        old = draft.header(raw)
        draft.set_header(raw, None)
        if isinstance(wish, dict) and "path" in wish:
            draft.headers.append(
                (raw, wish["path"].format(*map(quote, draft.path.split("/"))).encode())
            )
        elif isinstance(wish, dict):
            if old:
                draft.headers.append((raw, b"%d" % (int(old) + wish["add"])))
        elif wish is not None:
            draft.headers.append((raw, str(wish).encode()))


def _bytes(draft: Draft, change: Mapping[str, Json]) -> None:
    """Of a whole body: `keep` so many bytes (or a share of them), `set` it, `replace` a text.

    Then `append` a text, and have all of it so many `times`.
    """
    body = draft.body
    if draft.stream is not None and not draft.framed:  # a file that is sent in pieces
        body = b"".join(each.data for each in draft.stream)
        draft.become(body)
    keep = change.get("keep", len(body))
    body = body[: keep if isinstance(keep, int) else int(len(body) * keep)]
    if "set" in change:
        body = str(change["set"]).encode()
    if "replace" in change:
        old, new = change["replace"]
        body = body.replace(old.encode("latin-1"), new.encode("latin-1"))
    body += str(change.get("append", "")).encode("latin-1")
    draft.body = body * change.get("times", 1)


def _json(verb: str) -> Callable[[Draft, Json], None]:
    def change(draft: Draft, what: Json) -> None:
        if draft.stream is None:
            draft.body = changed(draft.body, verb, what)

    return change


def _posts(draft: Draft, change: Mapping[str, Json]) -> None:
    """What is sent to webhooks: so many `attempts`, `bare` of the query, or with other JSON."""
    for verb, what in change.items():
        if verb == "attempts":
            kept = [replace(each, pauses=each.pauses[:what]) for each in draft.posts]
            draft.posts = tuple(each for each in kept if each.pauses)
        elif verb == "bare":
            draft.posts = tuple(
                replace(each, url=each.url.partition("?")[0]) for each in draft.posts
            )
        else:
            draft.posts = tuple(
                replace(each, body=changed(each.body, verb, what)) for each in draft.posts
            )


# --- Its events ----------------------------------------------------------------------------------


def _events(draft: Draft, change: Mapping[str, Json]) -> None:
    """Change the events that `which` tells: `do` is a verb for JSON, or drop, repeat, name, data.

    `insert` puts an event behind (or `before: true`) each of them; `to` moves them to an index;
    with `pile`, the text at that pointer has those of the chosen events before it in front.
    """
    events = draft.events
    if events is None or not draft.framed:
        return
    chosen = _chosen(events, change.get("which", "each"))
    if "to" in change:
        moved = [events[number] for number in chosen]
        rest = [each for number, each in enumerate(events) if number not in chosen]
        at = change["to"] if change["to"] >= 0 else len(rest) + 1 + change["to"]
        draft.stream = [*rest[:at], *moved, *rest[at:]]
        return
    if "pile" in change:
        draft.stream = list(_piled(events, chosen, change["pile"]))
        return
    made: list[Event] = []
    for number, event in enumerate(events):
        made.extend(_edited(event, change) if number in chosen else [event])
    draft.stream = made


def _piled(events: Iterable[Event], chosen: Container[int], pointer: str) -> Iterator[Event]:
    so_far = ""
    for number, event in enumerate(events):
        if number in chosen:
            value = msgspec.json.decode(event.data)
            so_far += "".join(text for text in values(value, pointer) if isinstance(text, str))
            event = replace(event, data=changed(event.data, "set", {pointer: so_far}))
        yield event


def _edited(event: Event, change: Mapping[str, Json]) -> list[Event]:
    if "insert" in change:
        new = change["insert"]
        data = new["data"].encode() if isinstance(new["data"], str) else codec.encode(new["data"])
        pair = [event, Event(data, new.get("name"))]
        return pair[::-1] if new.get("before") else pair
    wish = change["do"]
    if wish == "drop":
        return []
    if wish == "repeat":
        return [event, event]
    if wish == "cut":  # in two events, each with half of the data
        half = len(event.data) // 2
        return [replace(event, data=event.data[:half]), replace(event, data=event.data[half:])]
    for verb, what in wish.items():
        if verb == "name":
            event = replace(event, name=what)
        elif verb == "data":
            event = replace(event, data=what.encode())
        else:
            event = replace(event, data=changed(event.data, verb, what))
    return [event]


def _chosen(events: list[Event], which: Json) -> frozenset[int]:
    """Their indices: `each`, an index, or what `is`, is `named` or `has` so; `nth` of those."""
    if which == "each":
        return frozenset(range(len(events)))
    if isinstance(which, int):
        return frozenset([range(len(events))[which]] if -len(events) <= which < len(events) else [])
    found = [number for number, event in enumerate(events) if _is_meant(event, which)]
    if "nth" in which:
        nth = which["nth"]
        found = [found[nth]] if -len(found) <= nth < len(found) else []
    return frozenset(found)


def _is_meant(event: Event, which: Mapping[str, Json]) -> bool:
    if "is" in which and event.data != which["is"].encode():
        return False
    if "named" in which and event.name != which["named"]:
        return False
    if "has" in which:
        try:
            value = msgspec.json.decode(event.data)
        except ValueError:
            return False
        wanted = which["has"] if isinstance(which["has"], dict) else {which["has"]: ...}
        return all(_holds(value, pointer, what) for pointer, what in wanted.items())
    return True


def _holds(value: Json, pointer: str, wanted: Json) -> bool:
    found = list(values(value, pointer))
    return bool([each for each in found if each]) if wanted is ... else wanted in found


def _frames(draft: Draft, wish: Mapping[str, Json]) -> None:
    """How the events of a stream are written down: texts of the usual form, and what instead."""
    if draft.is_events:
        draft.stream = (replace(each, data=_rewritten(each.data, wish)) for each in pieces(draft))


def _rewritten(data: bytes, wish: Mapping[str, Json]) -> bytes:
    for old, new in wish.items():
        data = data.replace(old.encode(), new.encode("latin-1"))
    return data


EDITS: Final[Mapping[str, Callable[[Draft, Json], None]]] = {
    "status": _status,
    "answer": _answer,
    "fail": _fail,
    "headers": _headers,
    "bytes": _bytes,
    "posts": _posts,
    "events": _events,
    "frames": _frames,
    **DELIVERIES,
    **{verb: _json(verb) for verb in VERBS},
}
