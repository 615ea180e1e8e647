"""The blocks of a sound track in WebM and Matroska (RFC 9559, section 10): when, and how long."""

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from mock_server.sounds.ebml import Element, Elements
from mock_server.sounds.flac import LONGEST_HEADER, frame_samples
from mock_server.sounds.mp3 import frame
from mock_server.sounds.opus import samples_of

_TIME, _SIMPLE, _GROUP, _BLOCK, _TICKS, _DISCARDED = 0xE7, 0xA3, 0xA0, 0xA1, 0x9B, 0x75A2
_AAC_SAMPLES: Final = 1_024
_AC3_SAMPLES: Final = 1_536


class Track(msgspec.Struct, frozen=True):
    """A track of sound: `usual` is how many seconds a block's frame lasts, `delay` what is cut."""

    number: int
    codec: str
    rate: int
    channels: int
    bits: int
    usual: float
    delay: float
    private: bytes


class Block(msgspec.Struct, frozen=True):
    """A block: its time in ticks, and how long it lasts: in seconds or ticks, where it says so.

    Of that, the last `discarded` nanoseconds are not played.
    """

    time: int
    seconds: float | None
    ticks: int | None = None
    discarded: int = 0


def blocks(elements: Elements, track: Track, span: tuple[int, int]) -> Iterator[Block]:
    """The whole blocks of a track in a cluster."""
    start, end = span
    now = 0
    for each in elements.within(start, end):
        if each.end is None or each.end > end:
            return
        if each.id == _TIME:
            now = elements.value(each)
        elif each.id == _SIMPLE:
            block = _block(elements.view, track, each, now)
            if block is not None:
                yield block
        elif each.id == _GROUP:
            block = _group(elements, track, each, now)
            if block is not None:
                yield block


def _group(elements: Elements, track: Track, group: Element, now: int) -> Block | None:
    parts = {each.id: each for each in elements.within(group.start, group.end or 0)}
    if _BLOCK not in parts:
        return None
    block = _block(elements.view, track, parts[_BLOCK], now)
    if block is None:
        return None
    ticks = elements.value(parts[_TICKS]) if _TICKS in parts else None
    cut = elements.value(parts[_DISCARDED], signed=True) if _DISCARDED in parts else 0
    return msgspec.structs.replace(block, ticks=ticks, discarded=max(0, cut))


def _block(view: memoryview, track: Track, element: Element, now: int) -> Block | None:
    """A block, if it is of that track and is all there."""
    start, end = element.start, element.end or 0
    if end > len(view) or start >= end:
        return None
    width = 9 - view[start].bit_length()
    if width > 8 or start + width + 3 > end:
        return None
    number = int.from_bytes(view[start : start + width]) & (1 << 7 * width) - 1
    if number != track.number:
        return None
    at = start + width
    time = now + int.from_bytes(view[at : at + 2], signed=True)
    lacing, data = view[at + 2] >> 1 & 3, view[at + 3 : end]
    # Laced frames are taken to be equally long: there is no other use for lacing.
    count, skipped = (data[0] + 1, 1) if lacing and len(data) else (1, 0)
    samples = _samples(track, data[skipped:], laced=bool(lacing))
    return Block(time, None if samples is None else count * samples / _rate(track))


def _rate(track: Track) -> int:
    return 48_000 if track.codec == "A_OPUS" else track.rate


def _samples(track: Track, data: memoryview, *, laced: bool) -> float | None:
    """How many samples a frame has; None where the codec does not tell easily."""
    measure = _MEASURES.get(track.codec.partition("/")[0])
    return None if measure is None or (laced and measure is _pcm) else measure(track, data)


def _opus(track: Track, data: memoryview) -> float:
    return samples_of(data)


def _pcm(track: Track, data: memoryview) -> float | None:
    size = track.channels * track.bits // 8
    return len(data) // size if size else None


def _aac(track: Track, data: memoryview) -> float:
    return _AAC_SAMPLES


def _ac3(track: Track, data: memoryview) -> float:
    return _AC3_SAMPLES


def _flac(track: Track, data: memoryview) -> float | None:
    return frame_samples(bytes(data[:LONGEST_HEADER]))


def _mpeg(track: Track, data: memoryview) -> float | None:
    head = frame(data[1], data[2]) if len(data) > 2 else None
    return head.samples if head else None


_MEASURES: Final[Mapping[str, Callable[[Track, memoryview], float | None]]] = {
    "A_OPUS": _opus,
    "A_PCM": _pcm,
    "A_AAC": _aac,
    "A_AC3": _ac3,
    "A_FLAC": _flac,
    "A_MPEG": _mpeg,
}
