"""Clients and answers that do not end as they should: cut off, or held up for ever."""

from collections.abc import Iterator
from typing import Final

from mock_server.journal import Exchange
from mock_server.verdict.carrying import Carried, events
from mock_server.verdict.finding import Fault
from mock_server.verdict.record import Record

_PATIENCE, _REAL_PATIENCE = 60.0, 600.0  # seconds, and those of the SDKs that wait longest
_TIMEOUTS: Final = (b"x-stainless-read-timeout", b"x-stainless-timeout")


def ignored_truncation(record: Record) -> Iterator[Fault]:
    """An answer broke off, or ended in an error, and the client took what it had for the whole.

    That is certain where a later request carries the part on as if it were all. Where the client
    only never asked again, it may have noticed and told somebody: that is risky, and not even that
    after an error, which is told like any other.
    """
    asked_again = {
        exchange.number
        for asked in record.asked
        for exchange in asked.exchanges
        if asked.was_asked_again(exchange)
    }
    cut = {each.number for each in record.exchanges if _was_cut(each, record)}
    broken = [each for each in record.exchanges if each.number in cut or _has_failed(each)]
    carried = Carried(record.exchanges if broken else (), record.contract.fields.telling)
    for exchange in broken:
        if exchange.number in asked_again or record.was_all_but_repeated(exchange):
            continue
        later, is_resumed = carried.on(exchange) or (None, False)
        if is_resumed:
            continue
        is_cut = exchange.number in cut
        end = f"broke off after {exchange.sent:,} bytes" if is_cut else "ended in an error"
        head = f"The answer to {exchange.operation} {end}"
        if later is not None:
            says = f"{head}, and a later request carries that part on as if it were the whole."
            yield Fault(says, [exchange, later], worst=1)
        elif is_cut:
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


def _has_failed(exchange: Exchange) -> bool:
    """Whether an error came in the middle of a stream that had begun well."""
    if not 0 < exchange.status < 400 or exchange.left or not exchange.is_over:
        return False
    suspects = [piece for piece in exchange.answered if b'"error"' in piece]
    return any(isinstance(told, dict) and told.get("error") for told in events(suspects))


def _tells_timeout(exchange: Exchange) -> bool:
    values = [exchange.call.header(name) for name in _TIMEOUTS]
    return any(value is not None and value.lower() != "none" for value in values)
