"""The text that a sound says, hidden in the lowest bit of its samples.

A frame is the sync word, one byte for how the text is packed, its length (2 bytes, highest first),
the packed text and a CRC-32 of what follows the sync word: each bit in one sample, highest bit of
a byte first. Frames follow each other as long as there are samples, so that a piece cut out of the
sound still holds a whole one. No listener hears the lowest bit, and no lossless format loses it.
"""

import sys
import zlib
from array import array
from collections.abc import Iterator
from typing import Final

_SYNC: Final = b"\xd5\x1cundrst\x2b\x93"
_HEAD, _TAIL = 3, 4  # bytes before and after the packed text
_LONGEST: Final = 0xFFFF  # bytes of a text, packed or not
_PLAIN, _DEFLATED = 0, 1
_TRIES: Final = 64  # places that look like a frame and are none, until the search is given up
_WINDOW: Final = 1 << 21  # samples that are looked through at a time
_LONGEST_FRAME: Final = 8 * (len(_SYNC) + _HEAD + _LONGEST + _TAIL)  # samples
_LOW: Final = 0 if sys.byteorder == "little" else 1  # where the low byte of a sample stands
# For bytes.translate: every byte with its lowest bit cleared, and every byte's lowest bit alone.
_CLEARED: Final = bytes(each & 0xFE for each in range(256))
_LOWEST: Final = bytes(48 + (each & 1) for each in range(256))  # as the digits 0 and 1
_DIGIT: Final = bytes(each & 1 for each in range(256))


def mark(samples: "array[int]", text: str) -> "array[int]":
    """The 16-bit samples with a text in their lowest bits, and silence after them if it needs room.

    Of a text of more than 65,535 bytes in UTF-8, only the beginning is kept.
    """
    bits = _digits(_frame(text)).translate(_DIGIT)
    size = max(len(samples), len(bits))
    data = bytearray(samples.tobytes())
    data.extend(bytes(2 * (size - len(samples))))
    ground = int.from_bytes(data[_LOW::2].translate(_CLEARED))
    bits *= -(-size // len(bits))
    data[_LOW::2] = (ground | int.from_bytes(bits[:size])).to_bytes(size)
    marked = array("h")
    marked.frombytes(data)
    return marked


def find(samples: "array[int] | memoryview") -> str | None:
    """The text that was put into the 16-bit samples, or into those that they were cut out of."""
    low = memoryview(samples).cast("B")[_LOW::2]
    tries = _TRIES
    for start in range(0, len(low), _WINDOW):
        end = start + _WINDOW + _LONGEST_FRAME
        digits = low[start:end].tobytes().translate(_LOWEST)
        for place in _places(digits):
            text = _read(digits, place)
            tries -= 1
            if text is not None or not tries:
                return text
    return None


def _frame(text: str) -> bytes:
    plain = text.encode("utf-8", "replace")[:_LONGEST]
    deflated = zlib.compress(plain, 9)
    is_shorter = len(deflated) < len(plain)
    packed = deflated if is_shorter else plain
    head = bytes((_DEFLATED if is_shorter else _PLAIN,)) + len(packed).to_bytes(2)
    return _SYNC + head + packed + zlib.crc32(head + packed).to_bytes(4)


def _digits(data: bytes) -> bytes:
    return f"{int.from_bytes(data):0{8 * len(data)}b}".encode()


def _bytes(digits: bytes) -> bytes:
    return int(digits, 2).to_bytes(len(digits) // 8)


_SYNC_DIGITS: Final = _digits(_SYNC)


def _places(digits: bytes) -> Iterator[int]:
    """Where the sync word ends."""
    place = digits.find(_SYNC_DIGITS)
    while place >= 0:
        yield place + len(_SYNC_DIGITS)
        place = digits.find(_SYNC_DIGITS, place + 1)


def _read(digits: bytes, start: int) -> str | None:
    """The text of the frame whose sync word ends there; None of one that is broken or cut off."""
    body = start + 8 * _HEAD
    if body > len(digits):
        return None
    head = _bytes(digits[start:body])
    end = body + 8 * int.from_bytes(head[1:])
    if end + 8 * _TAIL > len(digits):
        return None
    whole = _bytes(digits[start : end + 8 * _TAIL])
    if zlib.crc32(whole[:-_TAIL]) != int.from_bytes(whole[-_TAIL:]):
        return None
    return _unpacked(head[0], whole[_HEAD:-_TAIL])


def _unpacked(kind: int, packed: bytes) -> str | None:
    if kind == _DEFLATED:
        try:
            packed = zlib.decompressobj().decompress(packed, _LONGEST)
        except zlib.error:
            return None
    elif kind != _PLAIN:
        return None
    return packed.decode("utf-8", "ignore")
