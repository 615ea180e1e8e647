"""Ties between requests: one as the next try of another, and what came after what."""

from collections.abc import Iterable
from typing import Final

import msgspec

from mock_server.journal import Exchange

_COUNT: Final = b"x-stainless-retry-count"
_IDEMPOTENCY: Final = b"idempotency-key"
GRAIN: Final = 0.001
"""Seconds by which clients may be ahead of the server's own notes."""


class Link(msgspec.Struct, frozen=True):
    """One request as the next try of another; unsure ones may be calls of their own.

    It `is_told` where the client says so itself, and `is_nested` where the first was the last try
    of an SDK, and the other is a call anew.
    """

    first: Exchange
    again: Exchange
    is_sure: bool
    is_told: bool = False
    is_nested: bool = False

    @property
    def is_called_new(self) -> bool:
        """Whether the client says itself that the other is no try: an SDK, or by another key."""
        return not self.is_told and (count_of(self.again) == 0 or self.has_new_key)

    @property
    def has_new_key(self) -> bool:
        """Whether the other bears another idempotency key."""
        return idempotency_of(self.first) != idempotency_of(self.again)


class Order(msgspec.Struct, frozen=True):
    """What followed what, by numbers: on the same connection, and at all."""

    on_connections: dict[int, Exchange]
    at_all: dict[int, Exchange]

    @classmethod
    def of(cls, exchanges: Iterable[Exchange]) -> "Order":
        """The order of exchanges, which come oldest first."""
        on_connections, at_all = {}, {}
        last: dict[object, Exchange] = {}
        previous = None
        for exchange in exchanges:
            peer = exchange.call.peer
            if peer is not None:
                if peer in last:
                    on_connections[last[peer].number] = exchange
                last[peer] = exchange
            if previous is not None:
                at_all[previous.number] = exchange
            previous = exchange
        return cls(on_connections, at_all)

    def next(self, exchange: Exchange) -> Exchange | None:
        """What came next on its connection; where that was lost, what came next."""
        after = self.at_all if exchange.cut else self.on_connections
        return after.get(exchange.number)


def idempotency_of(exchange: Exchange) -> str | None:
    """The key by which the tries of one call are known, if it bears one."""
    return exchange.call.header(_IDEMPOTENCY)


def count_of(exchange: Exchange) -> int | None:
    """How many tries went before, as an SDK says; None where it says nothing."""
    value = exchange.call.header(_COUNT)
    return int(value) if value is not None and value.isdecimal() else None
