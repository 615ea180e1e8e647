"""A law joins a clause with what it says of an exchange."""

from collections.abc import Callable
from dataclasses import dataclass

from contract_tests.exchange import Exchange


@dataclass(frozen=True)
class Law:
    """`holds` raises AssertionError where an exchange breaks the clause.

    It gives False where the exchange says nothing of it. It is asked of the answers of a behaviour
    (of all where there is none), with a status (0: of any), streamed or whole (None: both). `alone`
    says that it reads the answer alone, so that it holds whatever was asked.
    """

    clause: str
    holds: Callable[[Exchange], bool | None]
    behaviour: str | None = None
    status: int = 200
    stream: bool | None = None
    alone: bool = False

    def fits(self, exchange: Exchange) -> bool:
        """Whether the law is asked of an exchange."""
        return (
            (self.behaviour is None or self.behaviour == exchange.behaviour)
            and self.status in (0, exchange.status)
            and self.stream in (None, exchange.is_stream)
        )
