"""A FLAC file of 16-bit mono samples (RFC 9639): fixed predictors, and residuals as Rice codes.

There is no loop over samples: differences, codes and sums are taken of many at a time, and bits are
put together as digits of one long number.
"""

import hashlib
import sys
from array import array
from collections.abc import Iterator, Sequence
from typing import Final

from mock_server.media.crc import crc_8, crc_16
from mock_server.media.sound_tags import vorbis_block
from mock_server.media.wav import little_endian

_BLOCK: Final = 4096  # samples of a frame
_PARTITION_ORDER: Final = 3  # a frame of full length has 2 to the power of it parts
_RATE_CODES: Final = {24_000: 0b0111}
_LARGEST_PARAMETER: Final = 14
# For bytes.translate: the high byte of a sample, of -32,768 to 32,767 made one of 0 to 65,535.
_ABOVE_ZERO: Final = bytes(each ^ 0x80 for each in range(256))
_STREAMINFO, _VORBIS_COMMENT, _LAST_BLOCK = 0, 4, 0x80


def flac(samples: "array[int]", rate: int, text: str) -> bytes:
    """The file, with the text in its comments; nothing of the samples is lost."""
    frames = list(_frames(samples, rate))
    info = _stream_info(samples, rate, [len(frame) for frame in frames])
    comments = vorbis_block(text)
    head = bytes((_STREAMINFO,)) + len(info).to_bytes(3) + info
    tail = bytes((_VORBIS_COMMENT | _LAST_BLOCK,)) + len(comments).to_bytes(3) + comments
    return b"".join((b"fLaC", head, tail, *frames))


def _stream_info(samples: "array[int]", rate: int, sizes: list[int]) -> bytes:
    """Section 8.2: sizes of blocks and frames, 20 bits of rate, 3 of channels, 5 of width, 36."""
    format_bits = rate << 44 | 0 << 41 | 15 << 36 | len(samples)
    return b"".join(
        (
            _BLOCK.to_bytes(2) * 2,
            min(sizes, default=0).to_bytes(3),
            max(sizes, default=0).to_bytes(3),
            format_bits.to_bytes(8),
            hashlib.md5(little_endian(samples), usedforsecurity=False).digest(),
        )
    )


def _frames(samples: "array[int]", rate: int) -> Iterator[bytes]:
    codes = [_Codes(parameter) for parameter in range(_LARGEST_PARAMETER + 1)]
    for number, start in enumerate(range(0, len(samples), _BLOCK)):
        block = samples[start : start + _BLOCK]
        bent = _second_differences(block)
        is_smooth = len(block) > 2 and _mean(bent[2:]) < _mean(block)
        order, residual = (2, bent) if is_smooth else (0, block)
        bits = f"0{0b001000 | order:06b}0" + "".join(f"{s & 0xFFFF:016b}" for s in block[:order])
        bits += _rice(residual, order, codes)
        bits += "0" * (-len(bits) % 8)
        head = _frame_head(number, len(block), rate)
        frame = head + int(bits, 2).to_bytes(len(bits) // 8)
        yield frame + crc_16(frame).to_bytes(2)


def _second_differences(block: "array[int]") -> "array[int]":
    """How much each sample is off the line through the two before it; of the first two, nonsense.

    The samples are 32 bits apart in one long number, so three numbers are all that is added. Each
    place holds 2^31 more than the difference, so that none borrows from the next.
    """
    low_first, size = little_endian(block), 4 * len(block)
    places = bytearray(size)
    places[0::4] = low_first[0::2]
    places[1::4] = low_first[1::2].translate(_ABOVE_ZERO)
    whole = int.from_bytes(places, "little")
    middle = int.from_bytes(b"\0\0\0\x80" * (len(block) + 2), "little")
    whole = (whole + middle - (whole << 33) + (whole << 64)) ^ middle
    differences = array("i", whole.to_bytes(size + 8, "little")[:size])
    if sys.byteorder == "big":
        differences.byteswap()
    return differences


def _mean(residual: "array[int]") -> int:
    """About how large a residual is, by every fourth of them."""
    some = residual[::4]
    return sum(map(abs, some)) // max(len(some), 1)


def _frame_head(number: int, length: int, rate: int) -> bytes:
    """Section 9.1: sync code, block size, rate, one channel of 16 bits, number, CRC-8."""
    is_full = length == _BLOCK
    size_code = 0b1100 if is_full else 0b0111
    head = bytes((0xFF, 0xF8, size_code << 4 | _RATE_CODES[rate], 0b0000_1000))
    # Frame numbers are coded as UTF-8 codes characters, surrogates included.
    head += chr(number).encode("utf-8", "surrogatepass")
    head += b"" if is_full else (length - 1).to_bytes(2)
    return head + bytes((crc_8(head),))


def _rice(residual: "array[int]", order: int, codes: Sequence["_Codes"]) -> str:
    """Section 9.2.7: partitions, each with the parameter that suits it."""
    length = len(residual)
    partition_order = _PARTITION_ORDER if length == _BLOCK else 0
    step = length >> partition_order
    parts = [f"00{partition_order:04b}"]
    for end in range(step, length + 1, step):
        part = residual[max(end - step, order) : end]
        parameter = min(_mean(part).bit_length(), _LARGEST_PARAMETER)
        parts.append(f"{parameter:04b}")
        parts += map(codes[parameter].__getitem__, part)
    return "".join(parts)


class _Codes(dict[int, str]):
    """The Rice code of each residual under one parameter, as binary digits."""

    def __init__(self, parameter: int) -> None:
        super().__init__()
        self._parameter = parameter

    def __missing__(self, residual: int) -> str:
        folded = residual * 2 if residual >= 0 else -residual * 2 - 1
        low = folded & ((1 << self._parameter) - 1)
        tail = f"{low:0{self._parameter}b}" if self._parameter else ""
        code = self[residual] = "0" * (folded >> self._parameter) + "1" + tail
        return code
