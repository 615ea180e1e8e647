"""How a camera looks at a painted picture: it comes closer, wanders, and goes home again."""

import math
from random import Random
from typing import Final, NamedTuple

from mock_server.media.macroblocks import SIDE, Field

# How much of a picture is out of sight when the camera is nearest. By more than this, squares of 16
# pixels that move by steps of half a pixel would show where they meet.
_NEAREST: Final = 0.031
_LEAST: Final = 0.024
_PIXELS: Final = 3  # so many are out of sight even of the smallest picture
_PERIOD: Final = 8.0  # seconds from home to home, about
_BRIEF: Final = 3.0  # in less than so many seconds the camera goes less far
_QUARTERS: Final = 4  # of a pixel are what vectors count
_STEP: Final = 2  # between rows: each change costs bytes, which changes between columns do not


class Way(NamedTuple):
    """A way of a camera: how near it comes, how often, and where it begins to wander."""

    nearness: float  # of a picture, how much gets out of sight
    share: float  # of a way that takes its time
    turns: int
    starts: tuple[float, float]


def way_of(random: Random, seconds: float) -> Way:
    """A way that takes so many seconds, and ends where it began."""
    share = min(1.0, seconds / _BRIEF)
    nearness = random.uniform(_LEAST, _NEAREST) * share
    turns = max(1, round(seconds / _PERIOD))
    return Way(nearness, share, turns, (random.uniform(0, 1), random.uniform(0, 1)))


def field_at(way: Way, share: float, size: tuple[int, int]) -> Field:
    """What is seen of a picture of some size in macroblocks after a share of the way."""
    turn = math.tau * way.turns * share
    hidden = (1 - math.cos(turn)) / 2
    places = ((1 + math.sin(turn + math.tau * start)) / 2 for start in way.starts)
    columns, rows = (
        _shifts(count, hidden * max(way.nearness, way.share * _PIXELS / (count * SIDE)), before)
        for count, before in zip(size, places, strict=True)
    )
    return Field(
        [round(shift) for shift in columns], [round(shift / _STEP) * _STEP for shift in rows]
    )


def _shifts(count: int, hidden: float, before: float) -> list[float]:
    """How far each column or row is moved, if such a share of what is hidden is before it."""
    quarters = SIDE * _QUARTERS
    return [quarters * hidden * (before * count - place - 0.5) for place in range(count)]
