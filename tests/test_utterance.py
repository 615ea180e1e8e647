"""A text read aloud is as long as its syllables, and nothing in it clips or clicks."""

from array import array
from itertools import pairwise

import pytest

from mock_server.media.throat import RATE
from mock_server.media.utterance import LONGEST, utter
from mock_server.media.voices import voice_of

PROSE = (
    "When in the course of human events it becomes necessary for one people to dissolve the "
    "political bands which have connected them with another, a decent respect to the opinions of "
    "mankind requires that they should declare the causes which impel them to the separation."
)


def said(text: str, voice: str = "alloy", speed: float = 1.0) -> "array[int]":
    return utter(text, voice_of(voice, ""), speed)


def seconds(wave: "array[int]") -> float:
    return len(wave) / RATE


def test_prose_is_read_at_a_readers_pace() -> None:
    assert 140 < len(PROSE.split()) / seconds(said(PROSE)) * 60 < 185


@pytest.mark.parametrize("speed", [0.25, 0.5, 1.5, 2.0, 4.0])
def test_the_length_is_divided_by_the_speed(speed: float) -> None:
    whole = seconds(said("Boats come home, and nobody knows why."))
    faster = seconds(said("Boats come home, and nobody knows why.", speed=speed))
    assert faster * speed == pytest.approx(whole, rel=0.001)


def test_the_pitch_stays_the_same_at_another_speed() -> None:
    slow, fast = said("aaaa", speed=0.5), said("aaaa", speed=2.0)
    assert _commonest_period(slow) == pytest.approx(_commonest_period(fast), abs=4)


def test_a_longer_text_takes_longer() -> None:
    lengths = [len(said(PROSE[:end])) for end in (40, 90, 150, 250)]
    assert lengths == sorted(set(lengths))


@pytest.mark.parametrize("voice", ["alloy", "af_heart", "onyx", "am_adam", "nova", "", "声"])
def test_nothing_clips_or_clicks_or_leans_to_one_side(voice: str) -> None:
    wave = said("Ships sail? She shows us the map! Nine, eight, 春眠不覚暁, Ночь.", voice)
    assert 9_000 < max(map(abs, wave)) <= 10_500
    assert max(abs(a - b) for a, b in pairwise(wave)) < 7_000
    assert abs(sum(wave) / len(wave)) < 2


def test_sentences_are_parted_by_silence() -> None:
    wave = said("Boats. Boats.")
    assert bytes(2 * int(0.3 * RATE)) in wave.tobytes()
    assert bytes(2 * int(0.3 * RATE)) not in said("Boats boats")[:-RATE].tobytes()


def test_the_same_text_sounds_the_same_and_another_voice_does_not() -> None:
    assert said("The tide turns.") == said("The tide turns.")
    assert said("The tide turns.") != said("The tide turns.", "onyx")


@pytest.mark.parametrize("text", ["春" * 4096, "1" * 4096, "😀" * 4096])
def test_no_speech_takes_longer_than_the_longest(text: str) -> None:
    assert seconds(said(text)) == pytest.approx(LONGEST, abs=1)


@pytest.mark.parametrize("text", ["", "...", "\u0301", "\0"])
def test_a_text_without_words_is_silence(text: str) -> None:
    assert set(said(text)) == {0}


def _commonest_period(wave: "array[int]") -> int:
    peaks = [
        n
        for n in range(1, len(wave) - 1)
        if wave[n] > 7_000 and wave[n] == max(wave[max(n - 60, 0) : n + 60])
    ]
    gaps = [b - a for a, b in pairwise(peaks)]
    return max(set(gaps), key=gaps.count)
