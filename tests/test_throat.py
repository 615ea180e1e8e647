"""Periods and noises begin and end at rest, are of the length asked for, and carry no current."""

from array import array
from itertools import pairwise

import pytest

from mock_server.media.throat import LEVELS, RATE, Throat
from mock_server.media.voices import Voice, voice_of

VOICES = [voice_of("onyx", ""), voice_of("nova", ""), Voice(60, 0.8, 2, 1), Voice(300, 1.4, 2, 1)]


def samples(data: bytes) -> "array[int]":
    return array("h", data)


def ends_near_zero(wave: "array[int]") -> bool:
    return abs(wave[0]) < 700 and abs(wave[-1]) < 700


@pytest.mark.parametrize("voice", VOICES)
@pytest.mark.parametrize("vowel", "aeioum")
def test_a_period_of_a_vowel(voice: Voice, vowel: str) -> None:
    throat = Throat(voice)
    for pitch in (0.76, 1.0, 1.4):
        length = throat.samples_at(pitch)
        wave = samples(throat.period(vowel, length, LEVELS))
        assert len(wave) == length
        assert ends_near_zero(wave)
        assert abs(sum(wave) / length) < 20
        assert 9_000 < max(map(abs, wave)) <= 10_500
        assert max(abs(a - b) for a, b in pairwise([*wave, *wave])) < 7_000


def test_vowels_sound_different() -> None:
    throat = Throat(VOICES[0])
    assert len({throat.period(vowel, 200, LEVELS) for vowel in "aeioum"}) == 6


def test_levels_grow_from_silence() -> None:
    throat = Throat(VOICES[0])
    loudness = [max(samples(throat.period("a", 200, level))) for level in range(LEVELS + 1)]
    assert loudness[0] == 0
    assert all(a < b for a, b in pairwise(loudness))


def test_the_length_of_a_period_follows_the_pitch() -> None:
    throat = Throat(VOICES[0])
    assert throat.samples_at(1.0) == pytest.approx(RATE / VOICES[0].pitch, abs=1)
    assert throat.samples_at(0.001) == 420, "no voice is lower than that"


@pytest.mark.parametrize("onset", "sht")
@pytest.mark.parametrize("length", [0, 1, 2, 900, 9_000])
def test_a_noise_swells_and_fades(onset: str, length: int) -> None:
    throat = Throat(VOICES[0])
    wave = samples(throat.noise(onset, length))
    assert len(wave) == length
    assert not length or ends_near_zero(wave)
    assert max(map(abs, wave), default=0) < 3_000
    assert throat.noise(onset, length) == wave.tobytes()
