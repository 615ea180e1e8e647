"""What an answer told the client: whether to ask again, and when at the earliest."""

from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Final

import msgspec

from mock_server.journal import Exchange
from mock_server.operation import Operation

# Statuses of 400 to 499 that pass by themselves (RFC 9110, sections 15.5.9, 15.5.10; 8470; 6585).
_PASSING: Final = frozenset({408, 409, 425, 429})
# Clocks of two machines, and of two threads, differ by a little.
_TOLERANCE: Final = 0.1


class Wait(msgspec.Struct, frozen=True):
    """How long a client was told to wait: unix seconds in its key's time and in real time."""

    until: float
    until_real: float
    says: str

    def spared(self, again: Exchange) -> float:
        """By how many seconds the next try came later than it may; less than 0 is too early."""
        return max(again.at - self.until, again.call.arrived - self.until_real)

    def is_broken_by(self, again: Exchange) -> bool:
        """Whether the next try came too early by both clocks."""
        return self.spared(again) < -_TOLERANCE


def header(exchange: Exchange, name: bytes) -> str | None:
    """A header of the answer, by its lower-case name."""
    found = (value for each, value in exchange.headers if each.lower() == name)
    return next((value.decode("latin-1").strip() for value in found), None)


def real_end(exchange: Exchange) -> float:
    """When the last byte had left, in real unix seconds; of what is under way when it came."""
    return exchange.call.arrived + (exchange.took or 0.0)


def elapsed(first: Exchange, again: Exchange) -> float:
    """Seconds from the end of an answer to the next try, by the clock that saw more of them.

    Whoever advances a key's clock has waited, and whoever really waited has waited, too.
    """
    ended = first.at if first.ended_at is None else first.ended_at
    return max(again.at - ended, again.call.arrived - real_end(first))


def apart(first: Exchange, second: Exchange) -> float:
    """Seconds between the arrivals of two requests, by the clock that saw more of them."""
    return max(second.at - first.at, second.call.arrived - first.call.arrived)


def is_final(exchange: Exchange) -> bool:
    """Whether the same request can only fail the same way again."""
    status = exchange.status
    if not 400 <= status < 500 or status in _PASSING:
        return False
    return header(exchange, b"x-should-retry") != "true"


def may_pass(exchange: Exchange) -> bool:
    """Whether the request failed for a reason that passes; a connection that broke is one."""
    return (exchange.cut and exchange.status < 400) or _is_passing(exchange)


def is_success(exchange: Exchange) -> bool:
    """Whether the client got what it had asked for."""
    return 0 < exchange.status < 400 and not exchange.cut and not exchange.left


def wait_told(exchange: Exchange, operation: Operation | None) -> Wait | None:
    """How long a failed answer said to wait, in `Retry-After` or the contract's own header."""
    if not _is_passing(exchange) or not exchange.is_over:
        return None
    for name, unit in ((b"retry-after-ms", 0.001), (b"retry-after", 1.0)):
        value = header(exchange, name)
        seconds = None if value is None else _number(value)
        if seconds is not None:
            return _after(exchange, seconds * unit, f"{_titled(name)}: {value}")
    value = header(exchange, b"retry-after")
    if value is not None:
        return _dated(value)
    return _until_reset(exchange, operation)


def _is_passing(exchange: Exchange) -> bool:
    """Whether the status says that it failed for a reason that passes."""
    status = exchange.status
    if status < 500 and status not in _PASSING:
        return False
    return header(exchange, b"x-should-retry") != "false"


def _until_reset(exchange: Exchange, operation: Operation | None) -> Wait | None:
    """The end of the window, where the contract has a header for it."""
    answer = operation.answer(429) if operation and exchange.status == 429 else None
    for each in answer.quota_headers if answer else ():
        value = header(exchange, each.name) if each.value == "rate-reset" else None
        moment = None if value is None else _number(value)
        if moment is not None:
            return Wait(moment, moment, f"{_titled(each.name)}: {value}")
    return None


def _after(exchange: Exchange, seconds: float, says: str) -> Wait:
    ended = exchange.at if exchange.ended_at is None else exchange.ended_at
    return Wait(ended + seconds, real_end(exchange) + seconds, says)


def _dated(value: str) -> Wait | None:
    try:
        moment = parsedate_to_datetime(value).timestamp()
    except (ValueError, OverflowError):
        return None
    return Wait(moment, moment, f"Retry-After: {value}")


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if isfinite(number) and number >= 0 else None


def _titled(name: bytes) -> str:
    return name.decode("latin-1").title()
