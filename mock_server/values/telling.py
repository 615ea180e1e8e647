"""What somebody says of an object before it is made: values for its properties."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from mock_server.values.schemas import Schema
from mock_server.wire import Json

Goals = Mapping[str, Sequence[Schema]]
"""What is asked of each property of an object."""


@dataclass(frozen=True)
class Told:
    """What a text says of an object: values of properties, and others that it speaks of."""

    values: Mapping[str, Json] = field(default_factory=dict)
    wanted: Collection[str] = ()


class Hints(Protocol):
    """Where values are taken from before any are made."""

    @property
    def mark(self) -> int:
        """Where the record of what is taken stands now."""

    def go_back(self, mark: int) -> None:
        """Give free what was taken since."""

    def told(
        self,
        goals: Goals,
        required: frozenset[str],
        fits: Callable[[Sequence[Schema], Json], bool],
    ) -> Told:
        """Values for properties, and which other ones are spoken of."""

    def rounds(self, goal: Sequence[Schema]) -> int:
        """How many objects of a kind are spoken of."""
