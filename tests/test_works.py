"""A work is a file that follows from nothing but its fields: here, texts that are read aloud."""

import wave
from io import BytesIO

import pytest
from msgspec.structs import replace

from mock_server.media.sound_files import ENCODERS
from mock_server.works import Recording

PLAIN = Recording("The tide turns.", "alloy", "", 1.0, "wav")


def test_it_is_always_the_same_file() -> None:
    assert replace(PLAIN).file() == PLAIN.file()
    assert hash(replace(PLAIN)) == hash(PLAIN)


@pytest.mark.parametrize(
    "other",
    [
        replace(PLAIN, text="The tide turns!"),
        replace(PLAIN, voice="echo"),
        replace(PLAIN, manner="1"),
        replace(PLAIN, speed=1.01),
    ],
)
def test_all_that_it_follows_from_can_be_heard(other: Recording) -> None:
    assert _samples(other) != _samples(PLAIN)


@pytest.mark.parametrize("form", ENCODERS)
def test_it_comes_in_every_format(form: str) -> None:
    assert len(replace(PLAIN, form=form).file()) > 1_000


def test_a_text_that_is_longer_than_its_sound_still_fits() -> None:
    text = "".join(chr(0x2500 + n * 31 % 4_000) for n in range(4_000))
    assert len(_samples(replace(PLAIN, text=text, speed=4.0))) > 2 * 8 * 8_000


def _samples(recording: Recording) -> bytes:
    with wave.open(BytesIO(recording.file())) as file:
        return bytes(file.readframes(file.getnframes()))
