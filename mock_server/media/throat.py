"""Single sounds of a voice, as 16-bit samples: a period of a vowel, the noise of a consonant.

A vowel is made as the throat makes it: each time the vocal cords open, the mouth rings at its three
formants and dies away. A period starts and ends at zero, so any two can follow each other.
"""

import math
from array import array
from itertools import pairwise
from random import Random
from typing import Final

from mock_server.media.voices import Voice

RATE: Final = 24_000
"""Samples in a second."""
LEVELS: Final = 20
"""How many steps there are from silence to full loudness."""
_PEAK: Final = 10_500
# The formants of the vowels in Hz (Peterson and Barney 1952, men), and those of a closed mouth.
_FORMANTS: Final = {
    "a": (730, 1090, 2440),
    "e": (530, 1840, 2480),
    "i": (270, 2290, 3010),
    "o": (570, 840, 2410),
    "u": (300, 870, 2240),
    "m": (250, 1150, 2150),
}
_STRENGTHS: Final = {"i": (1, 0.32, 0.3), "u": (1, 0.3, 0.08), "m": (1, 0.1, 0.05)}
_USUAL_STRENGTHS: Final = (1, 0.5, 0.22)
_WIDTHS: Final = (70, 100, 150)  # Hz
_LONGEST: Final = 420  # samples of a period
_ATTACK, _FADE = 14, 40  # samples
_FUNDAMENTAL: Final = 0.3
# Of each noise: the samples that are silent first (a closed mouth), the peak, and how sharp it is.
_NOISES: Final = {"s": (0.0, 1900, 2), "h": (0.0, 900, 1), "t": (0.45, 2600, 1)}


class Throat:
    """The sounds of one voice, each made once."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self._rings: dict[str, list[float]] = {}
        self._waves: dict[tuple[str, int], list[float]] = {}
        self._periods: dict[tuple[str, int, int], bytes] = {}
        self._noises: dict[tuple[str, int], bytes] = {}

    def samples_at(self, pitch: float) -> int:
        """The length of a period at a multiple of the voice's own pitch; always even."""
        return min(round(RATE / (self._voice.pitch * pitch) / 2) * 2, _LONGEST)

    def period(self, vowel: str, samples: int, level: int) -> bytes:
        """One period of a vowel, or of the hum that is called `m`."""
        key = (vowel, samples, level)
        found = self._periods.get(key)
        if found is None:
            gain = _PEAK * (level / LEVELS) ** 1.4
            wave = self._wave(vowel, samples)
            found = array("h", [int(each * gain) for each in wave]).tobytes()
            self._periods[key] = found
        return found

    def noise(self, onset: str, samples: int) -> bytes:
        """The noise of a consonant, which swells and fades."""
        key = (onset, samples)
        found = self._noises.get(key)
        if found is None:
            found = self._noises[key] = _noise(onset, samples)
        return found

    def _wave(self, vowel: str, samples: int) -> list[float]:
        found = self._waves.get((vowel, samples))
        if found is None:
            wave = self._ring(vowel)[:samples]
            for number in range(_FADE):
                wave[number - _FADE] *= 0.5 + 0.5 * math.cos(math.pi * (number + 1) / _FADE)
            turn = math.tau / samples
            even = sum(wave) / samples  # leaves no direct current
            wave = [
                each + _FUNDAMENTAL * math.sin(turn * n) - even * (1 - math.cos(turn * n))
                for n, each in enumerate(wave)
            ]
            peak = max(map(abs, wave))
            found = self._waves[vowel, samples] = [each / peak for each in wave]
        return found

    def _ring(self, vowel: str) -> list[float]:
        """How the mouth rings after the cords have opened once."""
        found = self._rings.get(vowel)
        if found is None:
            found = [0.0] * _LONGEST
            strengths = _STRENGTHS.get(vowel, _USUAL_STRENGTHS)
            for number, formant in enumerate(_FORMANTS[vowel]):
                turn = math.tau * formant * self._voice.smallness / RATE
                decay = math.pi * _WIDTHS[number] / RATE
                strength = strengths[number] * self._voice.brightness ** (number / 2)
                for n in range(_LONGEST):
                    found[n] += strength * math.exp(-decay * n) * math.sin(turn * n)
            for n in range(_ATTACK):
                found[n] *= 0.5 - 0.5 * math.cos(math.pi * n / _ATTACK)
            self._rings[vowel] = found
        return found


def _noise(onset: str, samples: int) -> bytes:
    closed, peak, sharpness = _NOISES[onset]
    silent = int(closed * samples)
    loud = samples - silent
    noise: list[float] = [each / 128 for each in array("b", Random(onset).randbytes(loud + 2))]
    for _ in range(sharpness):  # a difference leaves the hiss and takes the rumble
        noise = [(b - a) / 2 for a, b in pairwise(noise)]
    turn = math.pi / max(loud, 1)
    swell = [peak * math.sin(turn * n) ** 2 for n in range(loud)]
    shaped = (int(each * gain) for each, gain in zip(noise, swell, strict=False))
    return bytes(2 * silent) + array("h", shaped).tobytes()
