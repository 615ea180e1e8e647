"""Syllables get their length and pitch, marks their pauses."""

from itertools import pairwise

import pytest

from mock_server.media.melody import Beat, beats
from mock_server.media.syllables import spoken


def score(text: str) -> list[Beat]:
    return list(beats(spoken(text)))


def last(text: str) -> Beat:
    return [beat for beat in score(text) if beat.syllable][-1]


@pytest.mark.parametrize("mark", ["", ".", "!", "\n"])
def test_the_pitch_falls_at_the_end_of_a_sentence(mark: str) -> None:
    start, end = last("The boats come home" + mark).pitch
    assert end < start


def test_it_rises_at_the_end_of_a_question() -> None:
    start, end = last("Will the boats come home?").pitch
    assert end > 1.2 * start


def test_a_comma_keeps_it_up() -> None:
    start, end = last("When the boats come,").pitch
    assert 1 < end / start < 1.2


def test_within_a_phrase_it_sinks() -> None:
    pitches = [each.pitch[0] for each in score("ta ta ta ta ta ta ta ta")][:-2]
    assert all(a >= b for a, b in pairwise(pitches))
    assert pitches[0] > pitches[-1]


def test_every_phrase_ends_in_a_pause_that_fits_its_mark() -> None:
    pauses = [each.seconds for each in score("Yes, no. Why? \n So") if each.syllable is None]
    assert len(pauses) == 4
    assert pauses[0] < min(pauses[1:])


def test_nobody_speaks_without_end_in_one_breath() -> None:
    run = 0
    for beat in score("春" * 500):
        run = run + 1 if beat.syllable else 0
        assert run <= 28


def test_marks_alone_are_pauses_alone() -> None:
    assert [beat.syllable for beat in score("...?")] == [None]
    assert score("") == []
