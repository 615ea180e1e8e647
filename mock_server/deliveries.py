"""The verbs of faults on the way to the client: when pieces of an answer leave, how it ends.

They take the pieces as these are made, so that a stream under a fault stays one. Where a place in
an answer is meant (`after`), it is counted in events of a stream of events, and in bytes of any
other body; by itself it is after three events, or half of the bytes. It is before the last piece at
the latest.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain
from typing import Final

import msgspec
from msgspec.structs import replace

from mock_server import sse
from mock_server.draft import Draft
from mock_server.wire import Cut, Event, Json

_EVENTS: Final = 3
_ALL: Final = 2**31
_LETTER: Final = "\N{HOT BEVERAGE}"


def pieces(draft: Draft) -> Iterator[Event]:
    """What is written to the network, piece by piece; a body that was whole has its length told."""
    if draft.stream is None:
        made: Iterable[Event] = [Event(draft.body)] if draft.body else []
        if draft.body and not draft.header(b"content-length"):
            draft.set_header(b"content-length", b"%d" % len(draft.body))
    elif draft.framed:
        made = (replace(each, data=sse.encode(each), name=None) for each in draft.stream)
    else:
        made = draft.stream
    draft.framed = False
    return iter(made)


# --- When ----------------------------------------------------------------------------------------


def _delay(draft: Draft, change: Mapping[str, Json]) -> None:
    """Nothing is sent for so many `seconds`."""
    draft.after += change["seconds"]


def _pause(draft: Draft, change: Mapping[str, Json]) -> None:
    """Nothing is sent for so many `seconds` from that place on."""
    parts, point = _laid_out(draft, change["after"])
    seconds = change["seconds"]
    draft.stream = (
        replace(each, after=each.after + seconds) if is_it else each
        for is_it, each in _watched(parts, point)
    )


def _drip(draft: Draft, change: Mapping[str, Json]) -> None:
    """So many `bytes` at a time, and so many `seconds` between."""
    draft.stream = _dripping(pieces(draft), change["bytes"], change["seconds"])
    draft.apart = True


def _dripping(parts: Iterable[Event], size: int, seconds: float) -> Iterator[Event]:
    pause = 0.0
    for each in parts:
        for start in range(0, len(each.data), size):
            yield Event(each.data[start : start + size], None, pause + (0 if start else each.after))
            pause = seconds


# --- What comes between --------------------------------------------------------------------------


def _comment(draft: Draft, change: Mapping[str, Json]) -> None:
    """Comments in a stream of events: `count` of them with so many `seconds` before each.

    They come before the event at that place, or before `each`.
    """
    if not draft.is_events:
        return
    comment = Event(f": {change['text']}\n\n".encode(), None, change["seconds"])
    more = [comment] * change["count"]
    if change.get("before") == "each":
        draft.stream = chain.from_iterable((*more, each) for each in pieces(draft))
        return
    draft.stream = pieces(draft)
    parts, point = _laid_out(draft, change["after"])
    draft.stream = chain.from_iterable(
        (*more, each) if is_it else (each,) for is_it, each in _watched(parts, point)
    )


def _letters(draft: Draft, change: Mapping[str, Json]) -> None:
    """Pieces end in the middle of a letter: a comment has one where nothing else does.

    `{apart: true}` is all that can be said of it.
    """
    comment = Event(f": {_LETTER}\n\n".encode())
    draft.stream = _halved(chain([comment], pieces(draft)))
    draft.apart = change["apart"]


def _halved(parts: Iterable[Event]) -> Iterator[Event]:
    for each in parts:
        first = next((number for number, byte in enumerate(each.data) if byte >= 0xC0), None)
        if first is None:
            yield each
        else:
            yield replace(each, data=each.data[: first + 1])
            yield Event(each.data[first + 1 :])


def _swell(draft: Draft, change: Mapping[str, Json]) -> None:
    """All in one piece, with so many blanks (`bytes`) behind its first JSON text."""
    blanks = b" " * change["bytes"]
    events = draft.events
    if events is None:
        draft.body += blanks
    elif events and draft.framed:
        events[0] = replace(events[0], data=events[0].data + blanks)
    parts = list(pieces(draft))
    seconds = sum(each.after for each in parts)
    draft.stream = [Event(b"".join(each.data for each in parts), None, seconds)]


def _halve(draft: Draft, change: Mapping[str, int]) -> None:
    """Half of the event at that place, or of any other body: for once not counted in bytes."""
    if not draft.is_events:
        whole = b"".join(each.data for each in draft.stream or [Event(draft.body)])
        draft.become(whole[: len(whole) // 2])
        return
    parts, point = _laid_out(draft, change["after"])
    draft.stream = (
        replace(each, data=each.data[: len(each.data) // 2]) if is_it else each
        for is_it, each in _watched(parts, point)
    )


def _break_down(draft: Draft, change: Mapping[str, Json]) -> None:
    """A failure under a good status: in place of the body, or as the last event of a stream."""
    made = draft.failing(change["status"], change["message"], None)
    body = made.body if isinstance(made.body, bytes) else b""
    if not draft.is_events:
        draft.become(body)
        draft.set_header(b"content-type", dict(made.headers)[b"content-type"])
        return
    parts, point = _laid_out(draft, change["after"])
    draft.stream = _broken_down(parts, point, body, draft.framed)


def _broken_down(parts: Iterable[Event], point: int, body: bytes, framed: bool) -> Iterator[Event]:
    for is_it, each in _watched(parts, point):
        if is_it:
            # Where events have names, theirs is their type.
            name = each.name and msgspec.json.decode(body).get("type")
            event = Event(body, name, each.after)
            yield event if framed else replace(event, data=sse.encode(event))
            return
        yield each


# --- How it ends ---------------------------------------------------------------------------------


def _cut(draft: Draft, change: Mapping[str, Json]) -> None:
    """Break off at that place; `before` the headers, or the last piece (`end`).

    `reset` and `clean` are how.
    """
    cut = Cut(is_reset=change.get("reset", False), is_clean=bool(change.get("clean")))
    after, before = change.get("after"), change.get("before")
    draft.is_over = True
    if before == "headers" and after is None:
        draft.status, draft.headers, draft.cut = 0, [], cut
        return
    parts, point = _laid_out(draft, _ALL if before == "end" else after)
    if cut.is_clean:
        draft.set_header(b"content-length", None)
    draft.stream = _broken_off(parts, point, cut)


def _broken_off(parts: Iterable[Event], point: int, cut: Cut) -> Iterator[Event]:
    for is_it, each in _watched(parts, point):
        if is_it:
            cut.after = each.after
            raise cut
        yield each


def _tear(draft: Draft, change: Mapping[str, Json]) -> None:
    """Break off in the middle of the chunk at that place."""
    draft.stream = pieces(draft)
    parts, point = _laid_out(draft, change["after"])
    draft.set_header(b"content-length", None)
    draft.stream, draft.is_over = _torn(parts, point), True


def _torn(parts: Iterable[Event], point: int) -> Iterator[Event]:
    for is_it, each in _watched(parts, point):
        if is_it:
            cut = Cut(last=each.data[: len(each.data) // 2], whole=len(each.data))
            cut.after = each.after
            raise cut
        yield each


def _declare(draft: Draft, change: Mapping[str, int]) -> None:
    """A length that is off (`add`, `less`); once all was sent the connection is closed."""
    parts = list(pieces(draft))
    if not parts:
        return
    length = sum(len(each.data) for each in parts)
    told = max(0, length + change.get("add", 0) - change.get("less", 0))
    sent, number = _split(parts, min(told, length))
    draft.set_header(b"content-length", b"%d" % told)
    rest = b"".join(each.data for each in sent[number:])
    draft.stream, draft.is_over = _misjudged(sent[:number], rest), True


def _misjudged(parts: Iterable[Event], rest: bytes) -> Iterator[Event]:
    yield from parts
    raise Cut(last=rest)


# --- Where ---------------------------------------------------------------------------------------


def _laid_out(draft: Draft, after: int | None) -> tuple[Iterable[Event], int]:
    """The pieces, and before which of them the place is."""
    if draft.is_events and draft.stream is not None:
        return draft.stream, _EVENTS if after is None else after
    parts = list(pieces(draft))
    length = sum(len(each.data) for each in parts)
    return _split(parts, length // 2 if after is None else max(0, min(after, length - 1)))


def _split(parts: Iterable[Event], at: int) -> tuple[list[Event], int]:
    """The pieces so that one of them begins at that byte, and which one it is."""
    before: list[Event] = []
    behind: list[Event] = []
    for each in parts:
        room, at = at, max(0, at - len(each.data))
        if room >= len(each.data) and not behind:
            before.append(each)
        elif room > 0:
            before.append(replace(each, data=each.data[:room]))
            behind.append(Event(each.data[room:]))
        else:
            behind.append(each)
    return before + behind, len(before)


def _watched(parts: Iterable[Event], point: int) -> Iterator[tuple[bool, Event]]:
    """Each piece, and whether it is the one before which the place is: the last at the latest."""
    coming = iter(parts)
    ahead, number = next(coming, None), 0
    while ahead is not None:
        each, ahead = ahead, next(coming, None)
        yield number == point or (ahead is None and number < point), each
        number += 1


DELIVERIES: Final[Mapping[str, Callable[[Draft, Json], None]]] = {
    "delay": _delay,
    "pause": _pause,
    "drip": _drip,
    "comment": _comment,
    "letters": _letters,
    "swell": _swell,
    "halve": _halve,
    "break_down": _break_down,
    "cut": _cut,
    "tear": _tear,
    "declare": _declare,
}
