"""What a run has seen of a target: statuses, headers, members with their types, events, models.

Of what was said only names, types and short words of a bounded set are kept: no text that a model
wrote, no picture, no key. Everything is bounded, and the order of the exchanges does not matter, so
that the runs of several processes can be put together.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Final

from contract_tests.clauses import contract
from contract_tests.exchange import Exchange
from contract_tests.promised import Kind, type_of

Json = Any
MOST_ASKED: Final = 500
_MOST_MEMBERS, _MOST_VALUES, _MOST_MODELS, _MOST_HEADERS = 500, 30, 300, 100
_MOST_ITEMS, _MOST_EVENTS, _DEEPEST = 20, 100, 12
_WORDS: Final = frozenset(
    {
        *("status", "type", "object", "role", "code", "finish_reason", "stop_reason"),
        *("taskType", "state"),
    }
)
_WORD: Final = re.compile(r"[A-Za-z][\w.-]{0,39}")
_NAME: Final = re.compile(r"[A-Za-z_$][\w$.-]{0,63}")
_KEY: Final = re.compile(r"rc_live_|\bsk-")
_END: Final = "[DONE]"
_MODEL: Final = re.compile(r"[\w./:@+ -]{1,120}")
_CHANGING: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|\d{9,}")
# What carries an answer, and is no part of it; names are in lower case.
_CARRIAGE: Final = frozenset(
    {
        *("connection", "content-length", "date", "keep-alive", "server", "transfer-encoding"),
        *("via", "alt-svc"),
    }
)


@dataclass
class Member:
    """A member of answers of one kind: in how many it was, how often with which type and word."""

    answers: int = 0
    types: Counter[str] = field(default_factory=Counter)
    values: set[str] = field(default_factory=set)


@dataclass
class Answers:
    """The answers of one kind to an operation."""

    count: int = 0
    headers: Counter[str] = field(default_factory=Counter)
    events: Counter[str] = field(default_factory=Counter)
    members: dict[str, Member] = field(default_factory=dict)


@dataclass
class Asked:
    """What was asked of an operation, by mark of the request, and the kinds of answer it got."""

    marks: dict[str, set[str]] = field(default_factory=dict)
    answers: dict[str, Answers] = field(default_factory=dict)


@dataclass
class Observations:
    """What was seen, by provider and operation, and the models of each provider."""

    operations: dict[tuple[str, str], Asked] = field(default_factory=dict)
    models: dict[str, set[str]] = field(default_factory=dict)

    def take(self, exchange: Exchange) -> None:
        """Look at an exchange; what the contract has no operation for is not looked at."""
        if exchange.operation is None:
            return
        asked = self.operations.setdefault((exchange.provider, exchange.operation.id), Asked())
        kind = f"{exchange.status} {exchange.media_type}".strip()
        asked.marks.setdefault(_mark(exchange), set()).add(kind)
        answers = asked.answers.setdefault(kind, Answers())
        models = self.models.setdefault(exchange.provider, set())
        look = _Look(exchange)
        look.at_body()
        _join(answers, Answers(1, look.headers, look.events, look.members))
        models.update(look.models)
        self._bound()

    def add(self, other: "Observations") -> None:
        """Put together with what another process, or another test, has seen."""
        for key, theirs in other.operations.items():
            ours = self.operations.setdefault(key, Asked())
            for mark, kinds in theirs.marks.items():
                ours.marks.setdefault(mark, set()).update(kinds)
            for kind, answers in theirs.answers.items():
                _join(ours.answers.setdefault(kind, Answers()), answers)
        for provider, models in other.models.items():
            self.models.setdefault(provider, set()).update(models)
        self._bound()

    def _bound(self) -> None:
        for asked in self.operations.values():
            asked.marks = _first(asked.marks, MOST_ASKED)
        for provider, models in self.models.items():
            self.models[provider] = set(sorted(models)[:_MOST_MODELS])


# --- Plain data ----------------------------------------------------------------------------------


def to_plain(seen: Observations) -> Json:
    """What was seen as JSON, in an order that does not depend on how it came."""
    plain: dict[str, Json] = {
        provider: {"models": sorted(models), "operations": {}}
        for provider, models in sorted(seen.models.items())
    }
    for (provider, operation), asked in sorted(seen.operations.items()):
        plain[provider]["operations"][operation] = {
            "asked": {mark: sorted(kinds) for mark, kinds in sorted(asked.marks.items())},
            "answers": {kind: _plain(each) for kind, each in sorted(asked.answers.items())},
        }
    return plain


def of_plain(plain: Json) -> Observations:
    """What was seen, from its JSON."""
    seen = Observations()
    for provider, told in plain.items():
        seen.models[provider] = set(told["models"])
        for operation, each in told["operations"].items():
            seen.operations[provider, operation] = Asked(
                {mark: set(kinds) for mark, kinds in each["asked"].items()},
                {kind: _answers(node) for kind, node in each["answers"].items()},
            )
    return seen


def _plain(answers: Answers) -> Json:
    return {
        "count": answers.count,
        "headers": dict(sorted(answers.headers.items())),
        "events": dict(sorted(answers.events.items())),
        "members": {
            place: {
                "answers": member.answers,
                "types": dict(sorted(member.types.items())),
                "values": sorted(member.values),
            }
            for place, member in sorted(answers.members.items())
        },
    }


def _answers(node: Json) -> Answers:
    members = {
        place: Member(each["answers"], Counter(each["types"]), set(each["values"]))
        for place, each in node["members"].items()
    }
    return Answers(node["count"], Counter(node["headers"]), Counter(node["events"]), members)


def _join(ours: Answers, theirs: Answers) -> None:
    ours.count += theirs.count
    ours.headers.update(theirs.headers)
    ours.events.update(theirs.events)
    for place, member in theirs.members.items():
        mine = ours.members.setdefault(place, Member())
        mine.answers += member.answers
        mine.types.update(member.types)
        mine.values = set(sorted(mine.values | member.values)[:_MOST_VALUES])
    ours.headers = Counter(_first(ours.headers, _MOST_HEADERS))
    ours.members = _first(ours.members, _MOST_MEMBERS)


def _first(found: dict[str, Any], most: int) -> dict[str, Any]:
    """The first by name: which those are does not depend on the order in which they came."""
    return found if len(found) <= most else {name: found[name] for name in sorted(found)[:most]}


# --- One exchange --------------------------------------------------------------------------------


def _mark(exchange: Exchange) -> str:
    """A short mark of what was asked, the same in each run: ids that were made up do not count.

    Nor do the values of headers, such as keys; but it counts which headers there are.
    """
    operation = exchange.operation
    assert operation is not None
    # A form has borders that are made up anew each time.
    is_form = b"Content-Disposition" in exchange.question
    text = "" if is_form else exchange.question.decode("utf-8", "replace")
    query = exchange.url.partition("?")[2]
    headers = sorted({name for name, _ in exchange.sent})
    mark = f"{operation.method} {operation.path}?{query} {headers} {_CHANGING.sub('*', text)}"
    return blake2b(mark.encode(), digest_size=5).hexdigest()


class _Look:
    """What is to be seen in one exchange, but for whoever asked: no word or name shows a key."""

    def __init__(self, exchange: Exchange) -> None:
        assert exchange.operation is not None
        self.exchange = exchange
        self.kind = Kind(exchange.operation.id, exchange.status, exchange.media_type)
        self.keys = set(_keys(exchange))
        names = (name for name in exchange.headers if name not in _CARRIAGE)
        self.headers = Counter(name for name in names if self._is_shown(name))
        self.events: Counter[str] = Counter()
        self.members: dict[str, Member] = {}
        self.models: set[str] = set()

    def at_body(self) -> None:
        """Walk through the answer, or through each of its events."""
        if self.exchange.is_stream:
            for name, document in self._documents():
                self.events.update([name] if name else [])
                if name != _END:
                    self._at_document(document, f"{name}:" if name else "")
            self.events = Counter(dict.fromkeys(self.events, 1))
        elif self.exchange.told is not None:
            self._at_document(self.exchange.told, "")
        for member in self.members.values():
            member.answers = 1

    def _documents(self) -> Iterator[tuple[str, Json]]:
        """The name and the JSON of each event, of a long stream of those at its ends."""
        events = self.exchange.events
        half = _MOST_EVENTS // 2
        for event in events if len(events) <= _MOST_EVENTS else [*events[:half], *events[-half:]]:
            if event.data == _END:
                yield _END, None
                continue
            try:
                document = json.loads(event.data)
            except ValueError:
                document = None
            name = event.name or ""
            yield (name if self._is_word(name) else ""), document

    def _at_document(self, document: Json, prefix: str) -> None:
        if isinstance(document, dict):
            models: list[Json] = [document.get("model")]
            if self.exchange.behaviour == "model-list" and isinstance(document.get("data"), list):
                models += [each.get("id") for each in document["data"] if isinstance(each, dict)]
            self.models.update(each for each in models if self._is_model(each))
        self._walk(document, prefix, "")

    def _walk(self, value: Json, prefix: str, place: str) -> None:
        member = self.members.setdefault(prefix + place, Member())
        member.types[type_of(value)] += 1
        if place.rpartition("/")[2] in _WORDS and self._is_word(value):
            member.values.add(value)
        if place.count("/") >= _DEEPEST or self.kind.is_open(place):
            return
        for name, inner in self._inner(value):
            self._walk(inner, prefix, f"{place}/{name}")

    def _inner(self, value: Json) -> Iterator[tuple[str, Json]]:
        if isinstance(value, dict):
            for name, inner in value.items():
                is_name = _NAME.fullmatch(name) and self._is_shown(name)
                yield (name if is_name else "*"), inner
        elif isinstance(value, list):
            yield from (("*", inner) for inner in value[:_MOST_ITEMS])

    def _is_model(self, name: Json) -> bool:
        return isinstance(name, str) and bool(_MODEL.fullmatch(name)) and self._is_shown(name)

    def _is_word(self, text: Json) -> bool:
        return isinstance(text, str) and bool(_WORD.fullmatch(text)) and self._is_shown(text)

    def _is_shown(self, text: str) -> bool:
        return not _KEY.search(text) and not any(key in text for key in self.keys)


def _keys(exchange: Exchange) -> Iterator[str]:
    """What was shown as a key: in a header, or in the body where one may stand there."""
    operation = exchange.operation
    fields = {scheme.field.lower() for scheme in contract().schemes}
    for name, value in exchange.sent:
        if name in fields and value.strip():
            yield value.rpartition(" ")[2]
    if operation and operation.body_key and isinstance(exchange.asked, list):
        for item in exchange.asked:
            key = item.get(operation.body_key.field) if isinstance(item, dict) else None
            if isinstance(key, str) and key:
                yield key
