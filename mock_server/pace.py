"""How fast an answer comes: seconds to its first token, seconds between tokens, how uneven."""

from collections.abc import Iterator
from itertools import chain, islice, repeat
from random import Random
from typing import Literal

import msgspec

_LONGEST = 3600.0  # seconds
_FORM = "expected instant, typical, or such as ttft=0.4,itl=0.02,jitter=0.3"


class Pace(msgspec.Struct, frozen=True):
    """Seconds before the first token (`ttft`) and between two tokens (`itl`).

    `jitter` is how far each may be off, as a share of itself from 0 to 1.
    """

    ttft: float = 0.0
    itl: float = 0.0
    jitter: float = 0.0

    @property
    def is_instant(self) -> bool:
        """Whether nothing is waited for."""
        return not self.ttft and not self.itl

    def __str__(self) -> str:
        if self.is_instant:
            return "instant"
        return ",".join(f"{name}={getattr(self, name)!r}" for name in self.__struct_fields__)


Wish = Pace | Literal["typical"]
"""A pace as it is asked for: `typical` leaves the figures to the model."""
INSTANT = Pace()
TYPICAL = Pace(ttft=0.5, itl=0.02, jitter=0.3)
"""The pace of a model about which nothing is known."""


def read_pace(text: str) -> Wish:
    """`instant`, `typical`, or `ttft=0.4,itl=0.02,jitter=0.3` with any of the three left out.

    Raises ValueError, in a sentence that starts with "expected".
    """
    if text == "typical":
        return "typical"
    if text == "instant":
        return INSTANT
    figures: dict[str, float] = {}
    for part in text.split(","):
        name, is_given, figure = (each.strip() for each in part.partition("="))
        if name not in Pace.__struct_fields__ or not is_given:
            raise ValueError(_FORM)
        if name in figures:
            raise ValueError(f"expected {name} only once")
        figures[name] = _figure(name, figure)
    pace = Pace(**figures)
    return INSTANT if pace.is_instant else pace


def pace_of(own: Wish | None, general: Wish, model: Pace | None) -> Pace:
    """The pace that holds: the key's own, else everybody's; `typical` is the model's own."""
    wish = general if own is None else own
    return (model or TYPICAL) if wish == "typical" else wish


def pauses(pace: Pace, random: Random) -> Iterator[float]:
    """Seconds to wait before the first token, before the second, and so on without an end."""
    if not pace.jitter:
        return chain((pace.ttft,), repeat(pace.itl))
    return (_uneven(each, pace.jitter, random) for each in chain((pace.ttft,), repeat(pace.itl)))


def whole(waits: Iterator[float], tokens: int) -> float:
    """Seconds until an answer of so many tokens is complete: what its stream would take."""
    return sum(islice(waits, max(tokens, 1)))


def after_opening(waits: Iterator[float]) -> Iterator[float]:
    """The same pauses for a stream that opens without a token: the first one comes right after."""
    return chain(islice(waits, 1), (0.0,), waits)


def _figure(name: str, text: str) -> float:
    most, unit = (1.0, "") if name == "jitter" else (_LONGEST, " seconds")
    reason = f"expected {name} to be a number from 0 to {most:g}{unit}"
    try:
        figure = float(text)
    except ValueError:
        raise ValueError(reason) from None
    if not 0 <= figure <= most:  # which NaN is not, either
        raise ValueError(reason)
    return figure


def _uneven(seconds: float, jitter: float, random: Random) -> float:
    return seconds * (1 + random.uniform(-jitter, jitter))
