"""From samples to the file of a sound, which says in its tags what is said in it."""

from array import array
from collections.abc import Callable, Mapping
from typing import Final

from mock_server.media.ffmpeg import aac, opus
from mock_server.media.flac import flac
from mock_server.media.mp3 import mp3
from mock_server.media.wav import little_endian, wav

Encoder = Callable[["array[int]", int, str], bytes]


def _pcm(samples: "array[int]", rate: int, text: str) -> bytes:
    return little_endian(samples)


ENCODERS: Final[Mapping[str, Encoder]] = {
    "mp3": mp3,
    "opus": opus,
    "aac": aac,
    "flac": flac,
    "wav": wav,
    "pcm": _pcm,
}
"""What makes a file of 16-bit mono samples, their rate and the text that they say, by format."""
