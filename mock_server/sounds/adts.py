"""AAC in ADTS frames (ISO 13818-7, section 6.2)."""

import re
from typing import Final

from mock_server.sounds import id3
from mock_server.sounds.sound import Sound, Unreadable

_RATES: Final = (
    *(96_000, 88_200, 64_000, 48_000, 44_100, 32_000),
    *(24_000, 22_050, 16_000, 12_000, 11_025, 8_000, 7_350),
)
_SAMPLES: Final = 1_024  # of a raw block
_MOST_FRAMES: Final = 1_000_000
_MOST_GAPS: Final = 1_000
_SEARCHED: Final = 1 << 16
_SYNC: Final = re.compile(rb"\xff[\xf0\xf1\xf8\xf9]")


def look(view: memoryview) -> Sound | None:
    """The recording in a file of AAC frames; None where no frames are."""
    begin = id3.skip(view)
    start = begin if _is_chain(view, begin, 2) else _again(view, begin, 4)
    if start is None:
        return None
    at, blocks = start, 0
    for _ in range(_MOST_GAPS):
        at, more = _stretch(view, at, _MOST_FRAMES - blocks)
        blocks += more
        again = _again(view, at, 3)
        if again is None:
            break
        at = again
    rate = _RATES[view[start + 2] >> 2 & 15]
    channels = (view[start + 2] & 1) << 2 | view[start + 3] >> 6
    tags = id3.tags(view)
    return Sound("AAC", blocks * _SAMPLES / rate, rate, channels or 2, (start, at), tags)


def _length(view: memoryview, at: int) -> int:
    """The length of the frame there; 0 where there is none, or not a whole one."""
    if at + 7 > len(view) or view[at] != 0xFF or view[at + 1] & 0xF6 != 0xF0:
        return 0
    length = (view[at + 3] & 3) << 11 | view[at + 4] << 3 | view[at + 5] >> 5
    is_sound = (view[at + 2] >> 2 & 15) < len(_RATES) and length >= 7
    return length if is_sound and at + length <= len(view) else 0


def _is_chain(view: memoryview, at: int, links: int) -> bool:
    """Whether so many frames of the same kind follow each other there, or reach the end."""
    kind = None
    for _ in range(links):
        length = _length(view, at)
        own = view[at + 1 : at + 3] if length else None
        if own is None or kind not in (None, own):
            return kind is not None and (at == len(view) or bytes(view[at : at + 3]) == b"TAG")
        kind, at = own, at + length
    return True


def _again(view: memoryview, at: int, links: int) -> int | None:
    for match in _SYNC.finditer(view, at + 1, at + _SEARCHED):
        if _is_chain(view, match.start(), links):
            return match.start()
    return None


def _stretch(view: memoryview, at: int, most: int) -> tuple[int, int]:
    """Walk frames while they follow each other: where they end, and how many blocks they have."""
    blocks, frames, last = 0, 0, len(view) - 7
    while at <= last and view[at] == 0xFF and view[at + 1] & 0xF6 == 0xF0:
        length = (view[at + 3] & 3) << 11 | view[at + 4] << 3 | view[at + 5] >> 5
        if length < 7 or at + length > last + 7:
            break
        blocks += (view[at + 6] & 3) + 1
        at += length
        frames += 1
        if frames > most:
            raise Unreadable(f"has more than {_MOST_FRAMES:,} frames")
    return at, blocks
