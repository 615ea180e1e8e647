"""Fragmented MP4 files (ISO 14496-12, section 8.8): the sound that each fragment adds."""

from bisect import bisect_right
from collections.abc import Sequence
from itertools import accumulate
from struct import unpack_from
from typing import NamedTuple

from mock_server.sounds.boxes import Boxes, Span
from mock_server.sounds.mp4_tables import numbers

_BASE, _ENTRY, _DURATION, _SIZE, _FLAGS = 0x01, 0x02, 0x08, 0x10, 0x20  # of tfhd
_OFFSET, _FIRST = 0x01, 0x04  # of trun, and of its columns:
_COLUMNS = (0x100, 0x200, 0x400, 0x800)
_OWN_DURATION, _OWN_SIZE = 0x100, 0x200


class _Usual(NamedTuple):
    """What holds for samples of which nothing else is said."""

    duration: int
    size: int


class _Part(NamedTuple):
    """What a fragment has of a track: when it begins, and how many ticks it plays."""

    begin: int
    ticks: int


class _Run(NamedTuple):
    """A run of samples: its box and flags, how many samples, and where their data begin."""

    box: Span
    flags: int
    samples: int
    data: int | None


def fragment_times(boxes: Boxes, moov: Span, track: Span, fragments: Sequence[Span]) -> int:
    """How many ticks the samples of a track play that fragments hold.

    What browsers record says less than the truth of the last sample of each fragment; where the
    next one begins (tfdt) is right.
    """
    number = _number(boxes, track)
    usual = _usual(boxes, moov, number)
    parts = [
        _Part(_begin(boxes, part), ticks)
        for fragment in fragments
        for part in boxes.all(fragment, b"traf")
        if (ticks := _part_time(boxes, fragment, part, number, usual))
    ]
    if not parts:
        return 0
    span = parts[-1].begin + parts[-1].ticks - parts[0].begin
    return max(span, sum(part.ticks for part in parts))


def _begin(boxes: Boxes, part: Span) -> int:
    """When a fragment begins, in ticks; 0 where it does not say."""
    time = boxes.at(part, b"tfdt")
    if time is None:
        return 0
    form = ">4xQ" if boxes.view[time.start] == 1 else ">4xI"
    begin: int = unpack_from(form, boxes.view, time.start)[0]
    return begin


def _number(boxes: Boxes, track: Span) -> int:
    header = boxes.at(track, b"tkhd")
    if header is None:
        return 0
    at = header.start + (20 if boxes.view[header.start] == 1 else 12)
    number: int = unpack_from(">I", boxes.view, at)[0]
    return number


def _usual(boxes: Boxes, moov: Span, number: int) -> _Usual:
    extends = boxes.at(moov, b"mvex")
    for each in boxes.all(extends, b"trex") if extends else ():
        own, _, duration, size = unpack_from(">4xIIII", boxes.view, each.start)
        if own == number:
            return _Usual(duration, size)
    return _Usual(0, 0)


def _part_time(boxes: Boxes, fragment: Span, part: Span, number: int, usual: _Usual) -> int:
    """The ticks of the runs of one track in a fragment (traf)."""
    view, header = boxes.view, boxes.at(part, b"tfhd")
    if header is None:
        return 0
    flags, own = unpack_from(">II", view, header.start)
    if own != number:
        return 0
    at, base = header.start + 8, fragment.start - 8
    if flags & _BASE:
        base = unpack_from(">Q", view, at)[0]
    at += 8 * (flags & _BASE) + 2 * (flags & _ENTRY)
    if flags & _DURATION:
        usual = usual._replace(duration=unpack_from(">I", view, at)[0])
        at += 4
    if flags & _SIZE:
        usual = usual._replace(size=unpack_from(">I", view, at)[0])
    total = 0
    for box in boxes.all(part, b"trun"):
        total += _run_time(view, _run(view, box, base), usual)
    return total


def _run(view: memoryview, box: Span, base: int) -> _Run:
    flags, count = unpack_from(">II", view, box.start)
    flags &= 0xFFFFFF
    data = base + unpack_from(">i", view, box.start + 8)[0] if flags & _OFFSET else None
    start = box.start + 8 + 4 * (flags & _OFFSET) + (flags & _FIRST)
    return _Run(Span(box.kind, start, box.end), flags, count, data)


def _run_time(view: memoryview, run: _Run, usual: _Usual) -> int:
    """The ticks of a run's samples, of those alone that are in the file."""
    columns = [each for each in _COLUMNS if run.flags & each]
    width = len(columns)
    table = numbers(view, run.box.start, min(run.box.end, run.box.start + 4 * width * run.samples))
    count = len(table) // width if width else run.samples
    sizes = table[columns.index(_OWN_SIZE) :: width] if run.flags & _OWN_SIZE else None
    if run.data is not None:
        room = max(0, len(view) - run.data)
        if sizes is not None:
            count = min(count, bisect_right(list(accumulate(sizes)), room))
        elif usual.size:
            count = min(count, room // usual.size)
    if run.flags & _OWN_DURATION:
        return sum(table[columns.index(_OWN_DURATION) :: width][:count])
    return count * usual.duration
