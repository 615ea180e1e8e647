"""A name is a voice."""

import pytest

from mock_server.media.voices import voice_of


def test_a_name_is_always_the_same_voice() -> None:
    assert voice_of("alloy", "") == voice_of("alloy", "")


def test_voices_differ() -> None:
    names = ["alloy", "af_heart", "onyx", "nova", "", "a voice of my own", "声"]
    assert len({voice_of(name, "").pitch for name in names}) == len(names)


@pytest.mark.parametrize("low", ["am_adam", "bm_george", "onyx", "Echo"])
@pytest.mark.parametrize("high", ["af_heart", "bf_emma", "nova", "Coral"])
def test_names_say_who_is_low_and_who_is_high(low: str, high: str) -> None:
    assert voice_of(low, "").pitch * 1.3 < voice_of(high, "").pitch


def test_a_manner_changes_a_voice_a_little() -> None:
    one, other = voice_of("alloy", "tts-1/en"), voice_of("alloy", "tts-1/fr")
    assert one != other
    assert 0.96 < one.pitch / other.pitch < 1.04
    assert one.brightness == other.brightness
