"""An MP3 file of 16-bit mono samples."""

import struct
from array import array
from typing import Final

from mock_server.media.crc import crc_16_lowest_first
from mock_server.media.sound_tags import id3

_KILOBITS: Final = 64  # a second
_QUALITY: Final = 5  # 2 is LAME's best, 7 its fastest
_FRAME: Final = 576  # samples, in MPEG-2 layer III
_DELAY: Final = 576  # samples by which LAME is late
_SIDE_INFO: Final = 9  # bytes, of MPEG-2 with one channel


def mp3(samples: "array[int]", rate: int, text: str) -> bytes:
    """The file, with the text in a tag before the sound; `rate` is 16,000, 22,050 or 24,000."""
    import lameenc

    encoder = lameenc.Encoder()
    encoder.set_in_sample_rate(rate)
    encoder.set_channels(1)
    encoder.set_bit_rate(_KILOBITS)
    encoder.set_quality(_QUALITY)
    encoder.silence()  # or LAME writes to the standard output
    stream = bytes(encoder.encode(samples.tobytes()) + encoder.flush())
    return b"".join((id3(text), _info_frame(stream, rate, len(samples)), stream))


def _info_frame(stream: bytes, rate: int, samples: int) -> bytes:
    """A silent frame that tells how long the sound is, and what of it the coding has added.

    LAME itself puts it in only where it may go back in its file. Its form is that of Xing's header
    and LAME's extension of it: http://gabriel.mp3-tech.org/mp3infotag.html
    """
    size = 72_000 * _KILOBITS // rate  # of an unpadded frame
    frames = round(len(stream) * rate / (72_000 * _KILOBITS))
    whole, padding = size + len(stream), frames * _FRAME - _DELAY - samples
    seeking = bytes(number * 256 // 100 for number in range(100))
    head = b"".join(
        (
            stream[:2] + bytes((stream[2] & ~0b10, stream[3])),  # no padding
            bytes(_SIDE_INFO),
            struct.pack(">4sIII", b"Info", 0b1111, frames, whole) + seeking + bytes(4),
            struct.pack(">9sBB8xBB", b"LAME3.100", 1, 0, 0, _KILOBITS),
            (_DELAY << 12 | min(max(padding, 0), 0xFFF)).to_bytes(3),
            struct.pack(">4xIH", whole, crc_16_lowest_first(stream)),
        )
    )
    return (head + crc_16_lowest_first(head).to_bytes(2)).ljust(size, b"\0")
