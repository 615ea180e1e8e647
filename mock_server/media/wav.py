"""A WAV file of 16-bit mono samples."""

import struct
import sys
from array import array

from mock_server.media.sound_tags import riff_info


def wav(samples: "array[int]", rate: int, text: str) -> bytes:
    """The file, with the text before the samples."""
    shape = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    info, data = riff_info(text), little_endian(samples)
    size = 4 + len(shape) + len(info) + 8 + len(data)
    head = struct.pack("<4sI4s", b"RIFF", size, b"WAVE")
    return b"".join((head, shape, info, struct.pack("<4sI", b"data", len(data)), data))


def little_endian(samples: "array[int]") -> bytes:
    """The bare samples, the low byte of each first."""
    if sys.byteorder == "big":
        samples = samples[:]
        samples.byteswap()
    return samples.tobytes()
