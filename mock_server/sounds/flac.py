"""FLAC files (RFC 9639): the length stands in front, unless the file is a stream or cut off."""

import re
from typing import Final, NamedTuple

from mock_server.sounds import id3
from mock_server.sounds.sound import Sound, Unreadable, refuse
from mock_server.sounds.vorbis_comments import comments

_STREAMINFO, _COMMENTS = 0, 4
_MOST_BLOCKS: Final = 1_000
_SYNC: Final = re.compile(rb"\xff[\xf8\xf9]")
_WINDOW: Final = 1 << 20  # bytes at the end that are searched for frames at a time
_MOST_PLACES: Final = 10_000  # that look like a frame
LONGEST_HEADER: Final = 16  # bytes of a frame


def _crc_of(byte: int) -> int:
    """CRC-8 of the polynomial x^8 + x^2 + x + 1 (RFC 9639, section 9.1.8)."""
    for _ in range(8):
        byte = (byte << 1 ^ 0x07 if byte & 0x80 else byte << 1) & 0xFF
    return byte


_CRCS: Final = bytes(map(_crc_of, range(256)))


class Info(NamedTuple):
    """STREAMINFO (RFC 9639, section 8.2), as far as it counts; `total` 0 is unknown."""

    most: int
    rate: int
    channels: int
    total: int


class _Frame(NamedTuple):
    first: int  # sample
    samples: int


def info_of(block: bytes | memoryview) -> Info:
    """What a STREAMINFO block says; raises Unreadable."""
    if len(block) < 18:
        refuse("is a FLAC without a description of its sound (STREAMINFO)")
    packed = int.from_bytes(block[10:18])
    rate, total = packed >> 44, packed & 0xFFFFFFFFF
    if not rate:
        refuse("is a FLAC of 0 samples a second")
    return Info(int.from_bytes(block[2:4]), rate, (packed >> 41 & 7) + 1, total)


def look(view: memoryview) -> Sound:
    """The recording in a FLAC file; raises Unreadable."""
    at = id3.skip(view) + 4
    info, tags, is_last = None, {}, False
    for _ in range(_MOST_BLOCKS):
        if is_last or at + 4 > len(view):
            break
        kind, size = view[at] & 0x7F, int.from_bytes(view[at + 1 : at + 4])
        is_last, start, at = view[at] >= 0x80, at + 4, at + 4 + size
        if kind == _STREAMINFO and info is None:
            info = info_of(view[start:at])
        elif kind == _COMMENTS:
            tags = comments(view[start:at])
    if info is None:
        refuse("is a FLAC without a description of its sound (STREAMINFO)")
    if not is_last or not _SYNC.match(view, at):
        refuse("is a FLAC that holds no sound")
    samples = _samples(view[at:], info)
    if not samples:
        refuse("is a FLAC that holds no whole frame of sound")
    return Sound("FLAC", samples / info.rate, info.rate, info.channels, (at, len(view)), tags)


def _samples(sound: memoryview, info: Info) -> int:
    """How many samples there are: what STREAMINFO says, if the file goes as far."""
    last = _last_frame(sound, info)
    if last is None:
        raise Unreadable("is a FLAC whose frames are damaged")
    reached = last.first + last.samples
    if not info.total:
        return reached
    return info.total if reached >= info.total else last.first  # the last frame is cut off


def _last_frame(sound: memoryview, info: Info) -> _Frame | None:
    """The last frame that follows another; or the only one."""
    fixed, places = sound[1] & 1 == 0, 0
    end, later = len(sound), None
    while end > 0:
        start = max(0, end - _WINDOW)
        found = [each.start() for each in _SYNC.finditer(sound, start, end + 1)]
        for at in reversed(found):
            places += 1
            frame = _frame(sound, at, info, fixed=fixed)
            if frame and later and frame.first + frame.samples == later.first:
                return later
            later = frame or later
        if places > _MOST_PLACES:
            break
        end = start
    first = _frame(sound, 0, info, fixed=fixed)
    return first if later is None or first == later else None


def _frame(sound: memoryview, at: int, info: Info, *, fixed: bool) -> _Frame | None:
    """The frame whose header stands there, if it is one (RFC 9639, section 9.1)."""
    head = bytes(sound[at : at + LONGEST_HEADER])
    samples = frame_samples(head)
    if samples is None or (head[1] & 1 == 0) != fixed:
        return None
    number, _ = _coded(head[4:])
    return _Frame(number * info.most if fixed else number, samples)


def frame_samples(head: bytes) -> int | None:
    """How many samples a frame has that begins with these bytes; None if they begin none."""
    if len(head) < 6 or not _SYNC.match(head) or head[3] & 1 or head[3] >> 4 > 10:
        return None
    size = _coded(head[4:])[1]
    blocks, hertz = head[2] >> 4, head[2] & 15
    after = 4 + size + {6: 1, 7: 2}.get(blocks, 0) + {12: 1, 13: 2, 14: 2}.get(hertz, 0)
    if not size or not blocks or hertz == 15 or after >= len(head):
        return None
    is_sound = _crc(head[:after]) == head[after]
    return _block_size(blocks, head[4 + size :]) if is_sound else None


def _block_size(code: int, rest: bytes) -> int:
    if code == 1:
        return 192
    if code <= 5:
        return 144 << code
    if code <= 7:
        return int.from_bytes(rest[: code - 5]) + 1
    return 1 << code


def _coded(data: bytes) -> tuple[int, int]:
    """A number in the manner of UTF-8, of up to 36 bits, and its bytes; no bytes if it is none."""
    first = data[0]
    if first < 0x80:
        return first, 1
    size = 8 - (first ^ 0xFF).bit_length()
    rest = data[1:size]
    if not 2 <= size <= 7 or len(rest) < size - 1 or any(each >> 6 != 2 for each in rest):
        return 0, 0
    number = first & (0x7F >> size)
    for each in rest:
        number = number << 6 | each & 0x3F
    return number, size


def _crc(data: bytes) -> int:
    crc = 0
    for byte in data:
        crc = _CRCS[crc ^ byte]
    return crc
