"""The tables of an MP4 track: when its samples play, and which of them are in the file."""

import sys
from array import array
from bisect import bisect_right
from itertools import accumulate
from operator import mul
from struct import unpack_from
from typing import Final

from mock_server.sounds.boxes import Boxes, Span
from mock_server.sounds.sound import refuse

_MOST_RUNS: Final = 1_000_000


def numbers(view: memoryview, start: int, end: int, code: str = "I") -> "array[int]":
    """The numbers, highest byte first, that stand there, as far as the file goes."""
    found = array(code)
    end = min(end, len(view))
    count = max(0, (end - start) // found.itemsize)
    found.frombytes(view[start : start + count * found.itemsize])
    if sys.byteorder == "little":
        found.byteswap()
    return found


def time_of(boxes: Boxes, table: Span, samples: int | None) -> int:
    """How many ticks the first so many samples play, or all of them."""
    runs = _entries(boxes, table, b"stts", 2)
    counts, ticks = runs[::2], runs[1::2]
    if samples is None:
        return sum(map(mul, counts, ticks))
    time, left = 0, samples
    for count, each in zip(counts, ticks, strict=False):
        time += min(count, left) * each
        left -= count
        if left <= 0:
            break
    return time


def samples_within(boxes: Boxes, table: Span) -> int | None:
    """How many samples are in the file; None if all are (ISO 14496-12, sections 8.7.3 to 8.7.5)."""
    wide = boxes.at(table, b"co64")
    offsets = _entries(boxes, table, *((b"co64", 1, "Q") if wide else (b"stco", 1, "I")))
    runs, sizes = _entries(boxes, table, b"stsc", 3), boxes.at(table, b"stsz")
    if not offsets or len(runs) < 3 or sizes is None:
        return None
    end = len(boxes.view)
    whole = bisect_right(offsets, end)  # of a file that is cut off, its last chunks are behind it
    before = _samples_before(runs, max(0, whole - 1))
    first, later = before, _samples_before(runs, whole)
    room = end - offsets[whole - 1] if whole else 0
    held = _fitting(boxes.view, sizes, (first, later), room) if whole else 0
    return None if whole == len(offsets) and first + held >= later else first + held


def _samples_before(runs: "array[int]", chunk: int) -> int:
    """How many samples the first so many chunks have."""
    total = 0
    for place in range(0, len(runs) - 2, 3):
        begin = runs[place] - 1
        if begin >= chunk:
            break
        following = runs[place + 3] - 1 if place + 3 < len(runs) else chunk
        total += max(0, min(following, chunk) - begin) * runs[place + 1]
    return total


def _fitting(view: memoryview, sizes: Span, samples: tuple[int, int], room: int) -> int:
    """How many of the samples of a chunk, numbers first to later, have room."""
    first, later = samples
    same: int = unpack_from(">I", view, sizes.start + 4)[0]
    if same:
        return min(later - first, room // same)
    start = sizes.start + 12
    lengths = numbers(view, start + 4 * first, min(start + 4 * later, sizes.end))
    return bisect_right(list(accumulate(lengths)), room)


def _entries(boxes: Boxes, table: Span, kind: bytes, fields: int, code: str = "I") -> "array[int]":
    """The numbers of a table's entries, one after the other."""
    box = boxes.at(table, kind)
    if box is None or box.start + 8 > len(boxes.view):
        return array(code)
    count: int = unpack_from(">I", boxes.view, box.start + 4)[0] * fields
    size = array(code).itemsize
    end = min(box.end, box.start + 8 + count * size)
    if (end - box.start) // size > _MOST_RUNS * fields:
        refuse(f"is an MP4 whose table {kind.decode()} has more than {_MOST_RUNS:,} entries")
    return numbers(boxes.view, box.start + 8, end, code)
