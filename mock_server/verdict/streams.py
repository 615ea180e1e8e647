"""Clients and answers that do not end as they should: cut off, or held up for ever."""

from collections.abc import Collection, Iterator, Mapping
from typing import Final

import msgspec

from mock_server.journal import Exchange
from mock_server.verdict.finding import Fault
from mock_server.verdict.record import Record
from mock_server.wire import Json

# A text so long is not the same as another by chance (characters).
_TELLING: Final = 12
_PATIENCE, _REAL_PATIENCE = 60.0, 600.0  # seconds, and those of the SDKs that wait longest
_TIMEOUTS: Final = (b"x-stainless-read-timeout", b"x-stainless-timeout")


def ignored_truncation(record: Record) -> Iterator[Fault]:
    """An answer broke off, and the client took what it had for the whole.

    That is certain where a later request carries the part on as if it were all. Where the client
    only never asked again, it may have noticed and told somebody: that is risky.
    """
    asked_again = {
        exchange.number
        for asked in record.asked
        for exchange in asked.exchanges
        if asked.was_asked_again(exchange)
    }
    cut = [each for each in record.exchanges if _was_cut(each, record)]
    sent = _sent(record) if cut else {}
    for exchange in cut:
        if exchange.number in asked_again:
            continue
        later = _built_on(exchange, sent) or _next_turn(exchange, record)
        head = f"The answer to {exchange.operation} broke off after {exchange.sent:,} bytes"
        if later is not None:
            says = f"{head}, and a later request carries that part on as if it were the whole."
            yield Fault(says, [exchange, later], worst=1)
        else:
            yield Fault(f"{head}, and it was never asked for again.", [exchange], "risky")


def no_timeout(record: Record) -> Iterator[Fault]:
    """The client stayed while nothing came for longer than anybody should wait.

    In its key's time it is risky only: that can be moved faster than a client's own timer runs. Who
    tells its timeout, as SDKs do, has one.
    """
    for exchange in record.exchanges:
        if exchange.left or exchange.held < _PATIENCE or _tells_timeout(exchange):
            continue
        took = exchange.took
        real = record.real - exchange.call.arrived if took is None else took
        says = f"Stayed {exchange.held:,.0f} s on {exchange.operation} while nothing was sent."
        certain = real >= _REAL_PATIENCE
        yield Fault(says, [exchange], "wrong" if certain else "risky", worst=exchange.held)


def _was_cut(exchange: Exchange, record: Record) -> bool:
    """Whether the client had a good answer in part, and did not hang up itself."""
    if not 0 < exchange.status < 400 or not exchange.sent or exchange.left or not exchange.is_over:
        return False
    return exchange.cut or any(
        record.contract.effects.get(name) == "cut" for name in exchange.faults
    )


def _tells_timeout(exchange: Exchange) -> bool:
    values = [exchange.call.header(name) for name in _TIMEOUTS]
    return any(value is not None and value.lower() != "none" for value in values)


def _sent(record: Record) -> Mapping[str, Exchange]:
    """The last request in which each text stands."""
    return {
        text: each
        for each in record.exchanges
        for text in _leaves(each.asked)
        if len(text) >= _TELLING
    }


def _built_on(exchange: Exchange, sent: Mapping[str, Exchange]) -> Exchange | None:
    """A later request in which a long text that came in part stands as a whole."""
    for text in _texts(exchange):
        later = sent.get(text) if len(text) >= _TELLING else None
        if later is not None and later.number > exchange.number:
            return later
    return None


def _next_turn(exchange: Exchange, record: Record) -> Exchange | None:
    """A later request that repeats the list of turns and goes on with what came in part."""
    parts, telling = {*_texts(exchange)} - {""}, record.contract.fields.telling
    asked = exchange.asked if parts and isinstance(exchange.asked, dict) else {}
    talks = {name: turns for name, turns in asked.items() if isinstance(turns, list) and turns}
    for later in record.exchanges if talks else ():
        for name, turns in talks.items():
            longer = later.asked.get(name) if isinstance(later.asked, dict) else None
            if not isinstance(longer, list) or len(longer) <= len(turns):
                continue
            if longer[: len(turns)] == turns and parts & {*_leaves(longer[len(turns)], telling)}:
                return later
    return None


def _texts(exchange: Exchange) -> Iterator[str]:
    """The texts that the events of a stream bring piece by piece, as far as they came."""
    texts: dict[str, str] = {}
    for line in b"".join(exchange.answered).split(b"\n"):
        name, _, data = line.partition(b":")
        if name.strip() == b"data":
            try:
                _add(msgspec.json.decode(data), "", texts)
            except ValueError:  # the end mark, or where it broke off
                continue
    yield from (text.strip() for text in texts.values())


def _add(value: Json, place: str, texts: dict[str, str]) -> None:
    if isinstance(value, str):
        texts[place] = texts.get(place, "") + value
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            _add(inner, f"{place}/{name}", texts)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _add(inner, f"{place}/{number}", texts)


def _leaves(value: Json, without: Collection[str] = ()) -> Iterator[str]:
    """The texts in a value, but for those of members by these names."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, Mapping):
        for name, inner in value.items():
            if name not in without:
                yield from _leaves(inner, without)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, without)
