"""Places in a JSON value by pointer, in which `*` stands for every member or item."""

from collections.abc import Iterator
from typing import NamedTuple

from mock_server.wire import Json


class Spot(NamedTuple):
    """A member of an object or an item of a list, which may be missing: `holder[step]`."""

    holder: Json
    step: str | int

    @property
    def is_there(self) -> bool:
        """Whether something stands in the place."""
        if isinstance(self.holder, dict):
            return self.step in self.holder
        return isinstance(self.step, int) and -len(self.holder) <= self.step < len(self.holder)

    @property
    def value(self) -> Json:
        """What stands there."""
        return self.holder[self.step]


def spots(value: Json, pointer: str) -> Iterator[Spot]:
    """The places that a pointer leads to; their holders exist, they themselves need not."""
    *way, last = [each.replace("~1", "/").replace("~0", "~") for each in pointer.split("/")[1:]]
    for holder in _holders(value, way):
        for step in _steps(holder, last):
            yield Spot(holder, step)


def values(value: Json, pointer: str) -> Iterator[Json]:
    """What stands in those places; of the empty pointer, the value itself."""
    if not pointer:
        yield value
        return
    yield from (spot.value for spot in spots(value, pointer) if spot.is_there)


def _holders(value: Json, way: list[str]) -> Iterator[Json]:
    if not way:
        if isinstance(value, dict | list):
            yield value
        return
    for step in _steps(value, way[0]):
        spot = Spot(value, step)
        if spot.is_there:
            yield from _holders(spot.value, way[1:])


def _steps(holder: Json, step: str) -> Iterator[str | int]:
    if isinstance(holder, list):
        if step == "*":
            yield from range(len(holder))
        elif step.lstrip("-").isdigit():
            yield int(step)
    elif isinstance(holder, dict):
        yield from list(holder) if step == "*" else (step,)
