"""Bare samples, which nobody could tell from noise but for the text hidden in them."""

import sys
from array import array
from typing import Final

from mock_server.media import watermark
from mock_server.provenance import MAKER
from mock_server.sounds.sound import Sound

# What this server's own samples are.
_RATE: Final = 24_000


def look(view: memoryview) -> Sound | None:
    """The recording that this server made of a text; None of what anybody else made."""
    size = len(view) // 2 * 2
    words = hidden_in(view[:size])
    if words is None:
        return None
    tags = {"description": words, "software": MAKER}
    return Sound("PCM", size / 2 / _RATE, _RATE, 1, (0, size), tags, (0, size))


def hidden_in(samples: memoryview, channels: int = 1) -> str | None:
    """The text hidden in the first channel of 16-bit samples, lowest byte first."""
    if sys.byteorder == "little" and channels == 1:
        return watermark.find(samples)  # of a long recording, a copy would cost twice its memory
    numbers = array("h", bytes(samples))
    if sys.byteorder == "big":
        numbers.byteswap()
    return watermark.find(numbers[::channels])
