"""Which level a decoder of H.264 must have for some frames: table A-1 and section A.3.1."""

import math
from collections.abc import Sequence
from typing import Final, NamedTuple

from mock_server.media.h264 import RATE


class _Level(NamedTuple):
    number: int  # level_idc
    pace: int  # MaxMBPS
    area: int  # MaxFS
    rate: int  # MaxBR
    buffer: int  # MaxCPB
    squeeze: int  # MinCR


_LEVELS: Final = (
    _Level(10, 1_485, 99, 64, 175, 2),
    _Level(11, 3_000, 396, 192, 500, 2),
    _Level(12, 6_000, 396, 384, 1_000, 2),
    _Level(13, 11_880, 396, 768, 2_000, 2),
    _Level(20, 11_880, 396, 2_000, 2_000, 2),
    _Level(21, 19_800, 792, 4_000, 4_000, 2),
    _Level(22, 20_250, 1_620, 4_000, 4_000, 2),
    _Level(30, 40_500, 1_620, 10_000, 10_000, 2),
    _Level(31, 108_000, 3_600, 14_000, 14_000, 4),
    _Level(32, 216_000, 5_120, 20_000, 20_000, 4),
    _Level(40, 245_760, 8_192, 20_000, 25_000, 4),
    _Level(41, 245_760, 8_192, 50_000, 62_500, 2),
    _Level(42, 522_240, 8_704, 50_000, 62_500, 2),
    _Level(50, 589_824, 22_080, 135_000, 135_000, 2),
    _Level(51, 983_040, 36_864, 240_000, 240_000, 2),
    _Level(52, 2_073_600, 36_864, 240_000, 240_000, 2),
)


def level_of(columns: int, rows: int, sizes: Sequence[int]) -> int:
    """The least level for frames of so many macroblocks and of these sizes in bytes.

    The first may take as long to arrive as the buffer takes to fill: in that time any level decodes
    more than its buffer holds.
    """
    fitting = (each.number for each in _LEVELS if _fits(each, columns, rows, sizes))
    return next(fitting, _LEVELS[-1].number)


def _fits(level: _Level, columns: int, rows: int, sizes: Sequence[int]) -> bool:
    area, rest = columns * rows, sizes[1:] or (0,)
    return (
        area <= level.area
        and max(columns, rows) <= math.isqrt(8 * level.area)
        and area * RATE <= level.pace
        and max(sizes) * 8 <= level.buffer * 1_000
        and sum(rest) * 8 * RATE <= level.rate * 1_000 * len(rest)
        # A frame has no more bytes than this part of the samples decoded in its time.
        and max(rest) * level.squeeze <= 384 * level.pace / RATE
    )
