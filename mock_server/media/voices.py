"""What a voice sounds like, from its name alone: any name has a voice, and always the same."""

import re
from random import Random
from typing import Final, NamedTuple

# How Kokoro's voices are called: a letter for the accent, one for the sex (RC-172).
_KOKORO: Final = re.compile(r"[a-z]([fm])_")
# Those of OpenAI's voices that sound low, and those that sound high.
_LOW: Final = frozenset({"ash", "ballad", "cedar", "echo", "fable", "onyx", "verse"})
_HIGH: Final = frozenset({"coral", "marin", "nova", "sage", "shimmer"})
_RANGES: Final = {"low": (96.0, 128.0), "high": (178.0, 218.0), "any": (128.0, 178.0)}


class Voice(NamedTuple):
    """A speaker: the pitch in Hz, how small the head is (1 for a man's), how bright and fast."""

    pitch: float
    smallness: float
    brightness: float
    haste: float


def voice_of(name: str, manner: str) -> Voice:
    """The voice of a name; `manner` is whatever else may change it a little."""
    random, shade = Random(f"voice/{name}"), Random(f"manner/{manner}")
    pitch = random.uniform(*_RANGES[_height(name.lower())]) * shade.uniform(0.985, 1.015)
    return Voice(
        pitch=pitch,
        smallness=1 + (pitch - 110) / 600 + random.uniform(-0.04, 0.04),
        brightness=random.uniform(0.7, 1.3),
        haste=random.uniform(0.95, 1.06) * shade.uniform(0.99, 1.01),
    )


def _height(name: str) -> str:
    kokoro = _KOKORO.match(name)
    if kokoro:
        return "low" if kokoro[1] == "m" else "high"
    return "low" if name in _LOW else "high" if name in _HIGH else "any"
