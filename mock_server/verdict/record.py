"""All that rules judge by: the exchanges of one key, and the contract that they were held under."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from mock_server.journal import Exchange
from mock_server.operation import Operation
from mock_server.spec import Spec
from mock_server.verdict.answers import Wait, wait_told
from mock_server.verdict.contract import Jobs, jobs_of
from mock_server.verdict.tries import Asked, Link, tied

_SOCKET = "WEBSOCKET"


@dataclass(frozen=True)
class Record:
    """The exchanges of one key, oldest first; `now` is its time, `real` that on the wall.

    `effects` say what each fault does to an answer, where that is known.
    """

    every: Sequence[Exchange]
    spec: Spec
    now: float
    real: float
    effects: Mapping[str, str | None]
    _waits: dict[int, Wait | None] = field(default_factory=dict)

    @cached_property
    def exchanges(self) -> list[Exchange]:
        """Those that came by HTTP: messages of a WebSocket are tied by their own rules."""
        return [each for each in self.every if each.call.method != _SOCKET]

    @cached_property
    def operations(self) -> Mapping[str, Operation]:
        """The contract's operations by id."""
        return {operation.id: operation for operation in self.spec.operations}

    @cached_property
    def jobs(self) -> Jobs:
        """What the contract has of jobs."""
        return jobs_of(self.spec)

    @cached_property
    def asked(self) -> list[Asked]:
        """The requests by what they ask, and which are tries of which."""
        return tied(self.exchanges, self.wait, lambda each: each.operation in self.jobs.polls)

    @property
    def links(self) -> list[Link]:
        """Every try of a request that was made before."""
        return [link for each in self.asked for link in each.links]

    def operation(self, exchange: Exchange) -> Operation | None:
        """What was called, where the contract has it."""
        return self.operations.get(exchange.operation or "")

    def wait(self, exchange: Exchange) -> Wait | None:
        """How long the client was told to wait."""
        if exchange.number not in self._waits:
            self._waits[exchange.number] = wait_told(exchange, self.operation(exchange))
        return self._waits[exchange.number]

    def went_on(self, exchange: Exchange) -> bool:
        """Whether the client asked for anything after this."""
        return bool(self.exchanges) and self.exchanges[-1].number > exchange.number
