"""A text read aloud: syllables in a voice, with a melody, as 16-bit samples."""

from array import array
from collections.abc import Iterable, Sequence
from typing import Final

from mock_server.media.melody import Beat, beats
from mock_server.media.syllables import Syllable, spoken
from mock_server.media.throat import LEVELS, RATE, Throat
from mock_server.media.voices import Voice

LONGEST: Final = 600.0
"""Seconds: a text that would take longer is read faster."""
_LEAD: Final = 0.04  # seconds of silence before the first word
_OPENINGS: Final = {"s": 0.075, "h": 0.05, "t": 0.045, "m": 0.05, "": 0.0}  # seconds of an onset
_MOST_OF_A_SYLLABLE: Final = 0.45  # which an onset may take
_RISE, _RELEASE, _LAST_RELEASE = 0.025, 0.05, 0.11  # seconds
_DIP: Final = 0.35  # how loud it still is between two syllables
_HUM: Final = 0.5  # how loud a hum is


def utter(text: str, voice: Voice, speed: float) -> "array[int]":
    """The text in that voice; at twice the speed it takes half the time, at the same pitch."""
    score = [Beat(None, _LEAD), *beats(spoken(text))]
    whole = sum(beat.seconds for beat in score)
    tempo = max(speed * voice.haste, whole / LONGEST)
    return array("h", b"".join(_Speaker(Throat(voice), tempo).speak(score)))


class _Speaker:
    def __init__(self, throat: Throat, tempo: float) -> None:
        self._throat = throat
        self._tempo = tempo
        self._known: dict[Beat, bytes] = {}

    def speak(self, score: Iterable[Beat]) -> Sequence[bytes]:
        """The sound of each beat; silences make up for what syllables took too much."""
        sounds, now, spent = [], 0.0, 0
        for beat in score:
            now += beat.seconds / self._tempo
            if beat.syllable is None:
                sound = bytes(2 * max(round(now * RATE) - spent, 0))
            else:
                sound = self._known.get(beat) or self._sung(beat, beat.syllable)
                self._known[beat] = sound
            spent += len(sound) // 2
            sounds.append(sound)
        return sounds

    def _sung(self, beat: Beat, syllable: Syllable) -> bytes:
        seconds = beat.seconds / self._tempo
        opening = min(_OPENINGS[syllable.onset] / self._tempo, seconds * _MOST_OF_A_SYLLABLE)
        sounds = []
        if syllable.onset == "m":
            sounds.append(self._hum(opening, beat.pitch[0]))
        elif syllable.onset:
            sounds.append(self._throat.noise(syllable.onset, int(opening * RATE)))
        sounds += self._vowel(syllable.vowels, seconds - opening, beat)
        return b"".join(sounds)

    def _hum(self, seconds: float, pitch: float) -> bytes:
        samples = self._throat.samples_at(pitch)
        level = round(LEVELS * _HUM)
        return self._throat.period("m", samples, level) * max(round(seconds * RATE / samples), 1)

    def _vowel(self, vowels: str, seconds: float, beat: Beat) -> list[bytes]:
        """Period after period, as long as at least half of the next one still fits."""
        start, end = beat.pitch
        release = (_LAST_RELEASE if beat.is_last else _RELEASE) / self._tempo
        floor = 0.0 if beat.is_last else _DIP
        rise = _RISE / self._tempo
        periods: list[bytes] = []
        at = 0.0
        samples = self._throat.samples_at(start)
        while at + samples / RATE / 2 < seconds or not periods:
            share = at / seconds
            loudness = min(_DIP + at / rise, 1, floor + (seconds - at) / release)
            vowel = vowels[0] if share < 0.5 else vowels[-1]
            level = max(round(LEVELS * loudness), 1)
            periods.append(self._throat.period(vowel, samples, level))
            at += samples / RATE
            samples = self._throat.samples_at(start + (end - start) * share)
        return periods
