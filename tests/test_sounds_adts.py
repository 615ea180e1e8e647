"""AAC in ADTS frames: as long as its blocks."""

import pytest

from mock_server.sounds.looking import look
from mock_server.sounds.sound import Unreadable
from tests.sound_factory import decoded_seconds, id3_tag, sound

ONE = sound("adts", "aac", rate=24_000, seconds=2.0)


@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000, 44_100, 48_000])
@pytest.mark.parametrize("channels", [1, 2])
def test_every_rate_is_as_long_as_it_decodes(rate: int, channels: int) -> None:
    data = sound("adts", "aac", rate=rate, channels=channels, seconds=1.337)
    found = look(data)
    assert found.seconds == pytest.approx(decoded_seconds(data), abs=1e-6)
    assert (found.form, found.media_type) == ("AAC", "audio/aac")
    assert (found.rate, found.channels) == (rate, channels)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_what_is_cut_off_lasts_as_long_as_what_is_left(share: float) -> None:
    cut = ONE[: int(len(ONE) * share)]
    assert look(cut).seconds == pytest.approx(decoded_seconds(cut), abs=1_025 / 24_000)


def test_what_was_cut_out_of_the_middle_begins_with_its_first_frame() -> None:
    assert 0.5 < look(ONE[3_000:]).seconds < 2.0


def test_damage_in_the_middle_is_passed_over() -> None:
    torn = ONE[:6_000] + bytes(700) + ONE[6_700:]
    assert look(torn).seconds == pytest.approx(look(ONE).seconds, abs=0.2)


def test_tags_are_read_and_are_no_sound() -> None:
    found = look(id3_tag({"COMM": "Grüße", "TSSE": "understudy"}) + ONE + b"TAG" + bytes(125))
    assert found.seconds == look(ONE).seconds
    assert found.tags == {"description": "Grüße", "software": "understudy"}


def test_too_many_frames_are_refused() -> None:
    with pytest.raises(Unreadable, match="more than 1,000,000 frames"):
        look(b"\xff\xf1\x50\x80\0\xff\xfc" * 1_000_001)
