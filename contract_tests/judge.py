"""Who keeps what: every exchange is judged by each clause that has anything to say about it."""

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from contract_tests.clauses import Clause, Ledger, contract
from contract_tests.exchange import Exchange
from contract_tests.law import Law
from contract_tests.nonsense import is_answered_nonsense, is_sound
from mock_server.operation import Media
from mock_server.spots import values
from mock_server.violations import deepest, show

Json = Any
_MOST_ERRORS: Final = 20
_SCHEMA, _EVENTS = "answers-keep-their-schema", "events-keep-their-schema"
_ERRORS, _HEADERS = "errors-come-in-their-envelope", "headers-keep-their-schema"
_FIRST_ERROR: Final = 400


@dataclass(frozen=True)
class Finding:
    """What one exchange says of one clause: it is kept, or broken for a reason."""

    clause: Clause
    broken: str | None = None


@dataclass(frozen=True)
class Flaw:
    """Something in an answer that its schema does not allow, and where it stands."""

    steps: tuple[str, ...]
    says: str

    def __str__(self) -> str:
        return f"/{'/'.join(self.steps)}: {self.says}"


@dataclass(frozen=True)
class Judge:
    """Knows the ledger, and the laws by which those clauses are judged that are no places."""

    ledger: Ledger
    laws: Sequence[Law]

    def findings(self, exchange: Exchange) -> Iterator[Finding]:
        """What an exchange says of each clause of its provider that fits it."""
        means_nothing = is_answered_nonsense(exchange)
        flaws = list(_of_headers(exchange) if means_nothing else _flaws(exchange))
        yield from self._of_schemas(exchange, flaws, means_nothing=means_nothing)
        for law in self.laws:
            clause = self.ledger.clauses[law.clause]
            if means_nothing and not law.alone:
                continue
            if exchange.provider in clause.providers and law.fits(exchange):
                yield from _of_law(law, clause, exchange, flaws)

    def _of_schemas(
        self, exchange: Exchange, flaws: Sequence[Flaw], *, means_nothing: bool
    ) -> Iterator[Finding]:
        places = [each for each in self.ledger.of(exchange.provider) if _is_place(each, exchange)]
        if means_nothing:
            places = [each for each in places if each.place and each.place.header is not None]
        blamed: dict[str, list[Flaw]] = {}
        for flaw in flaws:
            owner = max((each for each in places if _holds(each, flaw)), key=_depth, default=None)
            blamed.setdefault(owner.id if owner else _general(exchange, flaw), []).append(flaw)
        documents = _documents(exchange)
        for clause in places:
            if clause.id in blamed:
                yield Finding(clause, "; ".join(map(str, blamed[clause.id][:3])))
            elif _is_there(clause, exchange, documents):
                yield Finding(clause)
        for id in _generals(exchange, means_nothing=means_nothing):
            broken = "; ".join(map(str, blamed.get(id, ())[:3])) or None
            yield Finding(self.ledger.clauses[id], broken)


def _of_law(
    law: Law, clause: Clause, exchange: Exchange, flaws: Sequence[Flaw]
) -> Iterator[Finding]:
    try:
        if law.holds(exchange) is not False:
            yield Finding(clause)
    except AssertionError as error:
        yield Finding(clause, str(error))
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # What breaks its schema is told so, and an answer to nonsense need not make sense.
        if not flaws and is_sound(exchange):
            yield Finding(clause, f"cannot be read: {type(error).__name__}: {error}")


# --- Places --------------------------------------------------------------------------------------


def _is_place(clause: Clause, exchange: Exchange) -> bool:
    place = clause.place
    return (
        place is not None
        and exchange.operation is not None
        and place.behaviour in (None, exchange.behaviour)
        and place.status in (0, exchange.status)
        and (place.stream == exchange.is_stream or place.header is not None)
    )


def _is_there(clause: Clause, exchange: Exchange, documents: Sequence[Json]) -> bool:
    place = clause.place
    assert place is not None
    if place.header is not None:
        return place.header in exchange.headers
    pointer = place.at or ""
    return any(True for each in documents for _ in values(each, pointer))


def _holds(clause: Clause, flaw: Flaw) -> bool:
    """Whether the flaw is in the place, or in something inside of it."""
    place = clause.place
    assert place is not None
    if place.header is not None or flaw.steps[:1] == ("headers",):
        return flaw.steps == ("headers", place.header)
    way = (place.at or "").split("/")[1:]
    return len(way) <= len(flaw.steps) and all(
        wanted in ("*", step) for wanted, step in zip(way, flaw.steps, strict=False)
    )


def _depth(clause: Clause) -> tuple[int, bool, bool]:
    """What says more of where it is owns what is there."""
    place = clause.place
    assert place is not None
    return len((place.at or "").split("/")), place.status != 0, place.behaviour is not None


def _documents(exchange: Exchange) -> Sequence[Json]:
    """The JSON of the answer, or of each event."""
    if not exchange.is_stream:
        return [exchange.told] if exchange.told is not None else []
    return [each for each in exchange.chunks if each is not None]


# --- Schemas -------------------------------------------------------------------------------------


def _general(exchange: Exchange, flaw: Flaw | None = None) -> str:
    """The clause that owns what is in no place of another."""
    if flaw is not None and flaw.steps[:1] == ("headers",):
        return _HEADERS
    if exchange.status >= _FIRST_ERROR:
        return _ERRORS
    return _EVENTS if exchange.is_stream else _SCHEMA


def _generals(exchange: Exchange, *, means_nothing: bool) -> Iterator[str]:
    if _has_schema(exchange) and not means_nothing:
        yield _general(exchange)
    if _headers(exchange):
        yield _HEADERS


def _media(exchange: Exchange) -> Media | None:
    answer = exchange.operation.answer(exchange.status) if exchange.operation else None
    found = (each for each in answer.media if each.type == exchange.media_type) if answer else ()
    return next(iter(found), None)


def _has_schema(exchange: Exchange) -> bool:
    media = _media(exchange)
    return (
        media is not None
        and bool(media.pointer)
        and (exchange.is_stream or exchange.media_type.endswith("json"))
    )


def _flaws(exchange: Exchange) -> Iterator[Flaw]:
    """What is wrong with an answer by its schemas, those of its headers included."""
    yield from _of_headers(exchange)
    media = _media(exchange)
    if media is None or not _has_schema(exchange):
        return
    if not exchange.is_stream:
        if exchange.told is None:
            yield Flaw((), f"{show(exchange.body[:60].decode('utf-8', 'replace'))} is no JSON")
        else:
            yield from _against(media.pointer, exchange.told)
        return
    pointers = contract().content_pointers(media.pointer)
    for chunk in _documents(exchange):
        yield from _of_event(pointers, chunk)


def _of_event(pointers: Iterable[str], chunk: Json) -> Iterable[Flaw]:
    """The flaws of an event by the form that is most likely meant."""
    found = [list(islice(_against(pointer, chunk), _MOST_ERRORS)) for pointer in pointers]
    if not found or [] in found:
        return ()
    meant = [each for each in found if not any(flaw.steps == ("type",) for flaw in each)]
    return min(meant or found, key=len)


def _against(pointer: str, value: Json) -> Iterator[Flaw]:
    try:
        for error in islice(contract().validator(pointer).iter_errors(value), _MOST_ERRORS):
            inner = deepest(error)
            kind: Any = inner.kind
            steps = [str(step) for step in inner.instance_path]
            if kind.name == "required":
                steps.append(kind.property)
            yield Flaw(tuple(steps), _cut(inner.message))
    except ValueError as error:
        yield Flaw((), str(error))


def _of_headers(exchange: Exchange) -> Iterator[Flaw]:
    for name, node in _headers(exchange).items():
        header = contract().document.resolve(node)
        steps, value = ("headers", name.lower()), exchange.headers.get(name.lower())
        needed = header.get("required") or exchange.provider in header.get("x-required-by", ())
        if value is None:
            if needed:
                yield Flaw(steps, "is missing")
            continue
        schema = contract().document.resolve(header.get("schema", {}))
        if schema.get("type") == "integer":
            if not value.isdigit():
                yield Flaw(steps, f"{show(value)} is no whole number")
            elif not schema.get("minimum", 0) <= int(value) <= schema.get("maximum", math.inf):
                yield Flaw(steps, f"{value} is out of range")
        elif not re.search(schema.get("pattern", ""), value) or (
            len(value) < schema.get("minLength", 0)
        ):
            yield Flaw(steps, f"{show(value)} is not in the documented form")


def _headers(exchange: Exchange) -> Mapping[str, Json]:
    """What the contract says of the headers of the answer."""
    answer = exchange.operation.answer(exchange.status) if exchange.operation else None
    return (answer.node.get("headers") or {}) if answer else {}


def _cut(text: str) -> str:
    return text if len(text) <= 300 else text[:300] + "…"
