"""All that rules judge by: the exchanges of one key, and the contract that they were held under."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mock_server.journal import Exchange
from mock_server.operation import Operation
from mock_server.verdict.answers import Wait, wait_told
from mock_server.verdict.contract import Contract, Jobs
from mock_server.verdict.fields import Field
from mock_server.verdict.likeness import is_all_but
from mock_server.verdict.links import Link, Order
from mock_server.verdict.tries import Asked, tied

_SOCKET = "WEBSOCKET"


@dataclass(frozen=True)
class Record:
    """The exchanges of one key, oldest first; `now` is its time, `real` that on the wall."""

    every: Sequence[Exchange]
    contract: Contract
    now: float
    real: float
    _waits: dict[int, Wait | None] = field(default_factory=dict)

    @cached_property
    def exchanges(self) -> list[Exchange]:
        """Those that came by HTTP: messages of a WebSocket are tied by their own rules."""
        return [each for each in self.every if each.call.method != _SOCKET]

    @property
    def jobs(self) -> Jobs:
        """What the contract has of jobs."""
        return self.contract.jobs

    @cached_property
    def odd_fields(self) -> list[tuple[Exchange, Field]]:
        """The fields that are unknown or deprecated, in each request once."""
        return [(each, field) for each in self.every for field in self._odd(each)]

    def _odd(self, exchange: Exchange) -> Sequence[Field]:
        operation, kind = self.operation(exchange), exchange.call.media_type
        if operation is None or not isinstance(exchange.asked, dict | list):
            return ()
        found = (each for each in operation.bodies if each.pointer and each.type in (kind, "*/*"))
        media = next(found, None)
        return () if media is None else self.contract.fields.odd(exchange.asked, media.pointer)

    @cached_property
    def asked(self) -> list[Asked]:
        """The requests by what they ask, and which are tries of which."""
        polls = self.jobs.polls
        return tied(self.exchanges, self._order, self.wait, lambda each: each.operation in polls)

    @cached_property
    def _order(self) -> Order:
        return Order.of(self.exchanges)

    @property
    def links(self) -> list[Link]:
        """Every try of a request that was made before."""
        return [link for each in self.asked for link in each.links]

    def operation(self, exchange: Exchange) -> Operation | None:
        """What was called, where the contract has it."""
        return self.contract.operations.get(exchange.operation or "")

    def wait(self, exchange: Exchange) -> Wait | None:
        """How long the client was told to wait."""
        if exchange.number not in self._waits:
            self._waits[exchange.number] = wait_told(exchange, self.operation(exchange))
        return self._waits[exchange.number]

    def was_all_but_repeated(self, exchange: Exchange) -> bool:
        """Whether what came next was the same but for marks, and may have been its next try."""
        following = self._order.next(exchange)
        return following is not None and is_all_but(exchange, following)

    def went_on(self, exchange: Exchange) -> bool:
        """Whether the client asked for anything after this."""
        return bool(self.exchanges) and self.exchanges[-1].number > exchange.number
