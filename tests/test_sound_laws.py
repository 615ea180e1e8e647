"""The laws of sounds see what is wrong with a file, and how long a good one is."""

from array import array
from collections.abc import Callable

import pytest

from contract_tests import sound_laws
from mock_server.media.sound_files import ENCODERS

SAMPLES = array("h", [0, 300, 0, -300] * 9_000)
FILES = {form: encode(SAMPLES, 24_000, "The tide turns.") for form, encode in ENCODERS.items()}


@pytest.mark.parametrize("form", FILES)
def test_the_length_of_a_file(form: str) -> None:
    seconds = sound_laws.a_sound_is_whole(FILES[form], form)
    assert seconds == pytest.approx(1.5, abs=0.1)


@pytest.mark.parametrize("form", FILES)
def test_no_file_is_another_ones_format(form: str) -> None:
    for other in FILES.keys() - {form, "pcm"}:
        with pytest.raises(AssertionError):
            sound_laws.a_sound_is_whole(FILES[form], other)


@pytest.mark.parametrize("form", ["mp3", "wav", "opus", "aac"])
@pytest.mark.parametrize(
    "broken",
    [lambda data: data[:-1], lambda data: data + b"junk", lambda data: b"", lambda data: data[1:]],
    ids=["cut", "longer", "empty", "beheaded"],
)
def test_what_is_cut_or_mixed_with_junk_is_not_whole(
    form: str, broken: Callable[[bytes], bytes]
) -> None:
    with pytest.raises(AssertionError):
        sound_laws.a_sound_is_whole(broken(FILES[form]), form)


def test_half_a_sample_is_none() -> None:
    with pytest.raises(AssertionError, match="half a sample"):
        sound_laws.a_sound_is_whole(b"\0\0\0", "pcm")


def test_a_sound_that_is_too_short_or_too_long_for_its_text() -> None:
    sound_laws.a_sound_takes_the_time_of_its_text(2, "The tide turns at noon.")
    sound_laws.a_sound_takes_the_time_of_its_text(0.5, "The tide turns at noon.", speed=4)
    for seconds in (0.3, 60):
        with pytest.raises(AssertionError, match="for 23 characters"):
            sound_laws.a_sound_takes_the_time_of_its_text(seconds, "The tide turns at noon.")


def test_a_speed_that_does_nothing_is_seen() -> None:
    sound_laws.speed_divides_the_length(4.0, 2.05, 2)
    with pytest.raises(AssertionError, match="at a speed of 2"):
        sound_laws.speed_divides_the_length(4.0, 4.0, 2)


def test_a_file_without_its_text_is_seen() -> None:
    sound_laws.the_text_is_inside(FILES["mp3"], "The tide turns.")
    with pytest.raises(AssertionError, match="not in the file"):
        sound_laws.the_text_is_inside(FILES["pcm"], "The tide turns.")
