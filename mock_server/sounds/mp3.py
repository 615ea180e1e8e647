"""MPEG audio, layers I to III: its frames, walked one by one (ISO 11172-3, 13818-3)."""

import re
from struct import unpack_from
from typing import Final, NamedTuple

from mock_server.sounds import id3
from mock_server.sounds.sound import Sound, Unreadable, refuse

_MOST_FRAMES: Final = 1_000_000
_MOST_GAPS: Final = 1_000
_SEARCHED: Final = 1 << 16  # bytes in which frames must begin, or begin again
_SYNC: Final = re.compile(rb"\xff[\xe2-\xff]")
_TAIL: Final = re.compile(rb"TAG|APETAGEX|LYRICS|ID3")
_OLD_TAG: Final = 128  # bytes of ID3v1
# kbit/s by version (1, or 2 and 2.5) and layer; 0 is the free format.
_RATES: Final = {
    (1, 1): (0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (1, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (1, 3): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 1): (0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
    (2, 3): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_HERTZ: Final = (44_100, 48_000, 32_000)
# What the decoder of layer III itself delays; encoders' delays are counted from there.
_DECODER_DELAY: Final = 529


class Frame(NamedTuple):
    """What a frame's header says: bytes, samples a channel, samples a second, and its kind."""

    length: int
    samples: int
    rate: int
    kind: int


class _Walked(NamedTuple):
    seconds: float
    frames: int
    end: int


def frame(first: int, second: int) -> Frame | None:
    """The frame whose header has these two bytes after 0xFF, if there is such a frame.

    Of the free format, which does not say how long a frame is, the length is 0.
    """
    version, layer = {0: 3, 2: 2, 3: 1}.get(first >> 3 & 3, 0), 4 - (first >> 1 & 3)
    bits, hertz = second >> 4, second >> 2 & 3
    if first < 0xE0 or not version or layer == 4 or bits == 15 or hertz == 3:
        return None
    rate = _HERTZ[hertz] >> version - 1
    thousands = _RATES[min(version, 2), layer][bits]
    samples = 384 if layer == 1 else 576 if layer == 3 and version > 1 else 1152
    slot = 4 if layer == 1 else 1
    length = (samples // 8 // slot * thousands * 1000 // rate + (second >> 1 & 1)) * slot
    return Frame(length if bits else 0, samples, rate, first >> 1 << 2 | hertz)


def look(view: memoryview) -> Sound | None:
    """The recording in a file of MPEG audio; None where no frames are."""
    begin = id3.skip(view)
    start = first_frame(view, begin)
    if start is None:
        return None
    return look_from(view, start, "MP3", id3.tags(view))


def look_from(view: memoryview, start: int, form: str, tags: dict[str, str]) -> Sound:
    """The recording whose frames begin at `start`; raises Unreadable."""
    head = _frame_at(view, start)
    if head is None:
        refuse("has no frame of MPEG audio where one should be")
    if not head.length:
        refuse("is in the free format of MPEG audio, which is not taken here")
    index = _index(view[start : start + max(head.length, 200)])
    begin = start + head.length if index else start
    walked = _walk(view, begin)
    if not walked.frames:
        refuse("holds no whole frame of sound")
    seconds = walked.seconds
    if index:
        counted, delay, padding = index
        whole = 0 < counted <= walked.frames
        cut = delay + padding if whole else delay + _DECODER_DELAY
        seconds = max(0.0, seconds - (cut / head.rate if delay or padding else 0))
    channels = 1 if view[start + 3] >> 6 == 3 else 2
    return Sound(form, seconds, head.rate, channels, (begin, walked.end), tags)


def first_frame(view: memoryview, begin: int) -> int | None:
    """Where the first frame is, near `begin`: the next ones must follow it, or the end."""
    for match in _SYNC.finditer(view, begin, begin + _SEARCHED):
        at = match.start()
        if _is_chain(view, at, 2 if at == begin else 4):
            return at
    return None


def _is_chain(view: memoryview, at: int, links: int) -> bool:
    kind = None
    for _ in range(links):
        head = _frame_at(view, at)
        if head is None or kind not in (None, head.kind):
            return kind is not None and (at == len(view) or bool(_TAIL.match(view, at)))
        if not head.length:  # noise looks like this here and there, but seldom in front
            return kind is None and links == 2 and _is_free(view, at, head.kind)
        kind, at = head.kind, at + head.length
        if at > len(view):
            return False
    return True


def _is_free(view: memoryview, at: int, kind: int) -> bool:
    """Whether other frames of the free format follow within the longest that there are."""
    mark = bytes(view[at : at + 2])
    found = [each.start() for each in re.finditer(re.escape(mark), view[at + 4 : at + 9_000])]
    heads = [_frame_at(view, at + 4 + each) for each in found]
    return sum(each is not None and each.kind == kind and not each.length for each in heads) >= 3


def _frame_at(view: memoryview, at: int) -> Frame | None:
    if at + 4 > len(view) or view[at] != 0xFF:
        return None
    return frame(view[at + 1], view[at + 2])


def _walk(view: memoryview, at: int) -> _Walked:
    """Count whole frames to the end, over gaps of bytes that are none."""
    counts: dict[int, int] = {}
    lengths: dict[int, int] = {}
    for _ in range(_MOST_GAPS):
        at = _stretch(view, at, counts, lengths)
        again = _again(view, _untagged(view, at))
        if again is None:
            break
        at = again
    frames = {key: frame(key >> 8, key & 0xFF) for key in counts}
    seconds = sum(counts[key] * each.samples / each.rate for key, each in frames.items() if each)
    return _Walked(seconds, sum(counts.values()), at)


def _stretch(view: memoryview, at: int, counts: dict[int, int], lengths: dict[int, int]) -> int:
    """Walk frames while they follow each other; the hot loop of a long recording."""
    last, left = len(view) - 4, _MOST_FRAMES - sum(counts.values())
    while at <= last and view[at] == 0xFF:
        key = view[at + 1] << 8 | view[at + 2]
        length = lengths.get(key)
        if length is None:
            head = frame(view[at + 1], view[at + 2])
            lengths[key] = length = head.length if head else 0
        if not length or at + length > last + 4:
            break
        counts[key] = counts.get(key, 0) + 1
        at += length
        left -= 1
        if left <= 0:
            raise Unreadable(f"has more than {_MOST_FRAMES:,} frames")
    return at


def _again(view: memoryview, at: int) -> int | None:
    """Where frames go on after bytes that are none; None where the rest is no sound."""
    for match in _SYNC.finditer(view, at, at + _SEARCHED):
        if _is_chain(view, match.start(), 3):
            return match.start()
    return None


def _untagged(view: memoryview, at: int) -> int:
    """Where the tags end that stand there, as between files that were put together."""
    if bytes(view[at : at + 3]) == b"TAG":
        at += _OLD_TAG
    return id3.skip(view, at)


def _index(first: memoryview) -> tuple[int, int, int] | None:
    """Frames, delay and padding that a first frame tells of, which is then itself no sound."""
    data = bytes(first[:200])
    at = max(data.find(b"Xing"), data.find(b"Info"))
    if at < 0:
        at = data.find(b"VBRI")
        return (0, 0, 0) if at == 36 else None
    if at > 4 + 32 + 2 or at + 8 > len(data):
        return None
    flags = data[at + 7]
    counted = unpack_from(">I", data, at + 8)[0] if flags & 1 and at + 12 <= len(data) else 0
    tail = at + 8 + 4 * (flags & 1) + 2 * (flags & 2) + 25 * (flags & 4) + (flags & 8) // 2
    if data[tail : tail + 4] not in (b"LAME", b"Lavf", b"Lavc") or tail + 24 > len(data):
        return counted, 0, 0
    both = int.from_bytes(data[tail + 21 : tail + 24])
    return counted, both >> 12, both & 0xFFF
