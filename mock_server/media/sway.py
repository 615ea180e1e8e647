"""How a painted picture moves: it sways, what is near more than what is far."""

import math
from random import Random
from typing import Final, NamedTuple

from mock_server.media.macroblocks import Vector

_PERIOD: Final = 8.0  # seconds from left to right and back, about
_BRIEF: Final = 4.0  # films that are shorter move less far
_FAR: Final = 0.7  # how far the uppermost row moves, as a share of the lowest
_STEP: Final = 2  # quarters of a pixel between rows, so that what is written only seldom changes


class Sway(NamedTuple):
    """A way that ends where it began, how far and how often to and fro, sideways and up."""

    reach: Vector
    turns: tuple[int, int]


def sway_of(random: Random, margin: tuple[int, int], seconds: float) -> Sway:
    """The sway of a film that may look so many pixels beyond its right edge and its foot."""
    share = min(1.0, seconds / _BRIEF)
    across, down = (int(4 * pixels * share * random.uniform(0.7, 1)) for pixels in margin)
    turns = max(1, round(seconds / _PERIOD))
    return Sway((across, down), random.choice(((turns, turns * 2), (turns * 2, turns))))


def rows_at(sway: Sway, phase: float, count: int) -> list[Vector]:
    """Where each row of macroblocks is seen from, after a share of the whole way."""
    across, down = (
        reach * (1 - math.cos(math.tau * turns * phase)) / 2
        for reach, turns in zip(sway.reach, sway.turns, strict=True)
    )
    depths = (_FAR + (1 - _FAR) * row / count for row in range(count))
    return [(round(across * depth / _STEP) * _STEP, round(down)) for depth in depths]
