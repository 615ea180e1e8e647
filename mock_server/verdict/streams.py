"""Clients and answers that do not end as they should: cut off, or held up for ever."""

from collections.abc import Iterator
from typing import Final

from mock_server.journal import Exchange
from mock_server.verdict.carrying import Carried
from mock_server.verdict.finding import Fault
from mock_server.verdict.record import Record

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
    carried = Carried(record.exchanges if cut else (), record.contract.fields.telling)
    for exchange in cut:
        if exchange.number in asked_again:
            continue
        later, is_resumed = carried.on(exchange) or (None, False)
        if is_resumed:
            continue
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
