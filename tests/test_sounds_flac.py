"""FLAC files: as long as STREAMINFO says, if the frames go as far."""

import pytest

from mock_server.sounds.flac import frame_samples
from mock_server.sounds.looking import look
from mock_server.sounds.sound import Unreadable
from tests.sound_factory import decoded_seconds, id3_tag, sound

ONE = sound("flac", "flac", rate=24_000, seconds=2.0)
STREAMINFO = 8  # where it starts
FIRST = ONE.index(b"\xff\xf8")


@pytest.mark.parametrize("rate", [8_000, 16_000, 24_000, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("channels", [1, 2, 6])
def test_every_form_is_as_long_as_it_decodes(rate: int, channels: int) -> None:
    data = sound("flac", "flac", rate=rate, channels=channels, seconds=1.337)
    found = look(data)
    assert found.seconds == pytest.approx(decoded_seconds(data), abs=1e-6)
    assert (found.form, found.rate, found.channels) == ("FLAC", rate, channels)


def test_of_a_stream_the_frames_are_counted() -> None:
    packed = int.from_bytes(ONE[STREAMINFO + 10 : STREAMINFO + 18]) >> 36 << 36
    stream = ONE[: STREAMINFO + 10] + packed.to_bytes(8) + ONE[STREAMINFO + 18 :]
    assert look(stream).seconds == pytest.approx(2.0, abs=1e-6)
    assert look(stream + b"TAG" + bytes(125)).seconds == pytest.approx(2.0, abs=1e-6)


def test_of_a_long_stream_too() -> None:
    data = sound("flac", "flac", rate=8_000, seconds=260.0)  # frames are numbered beyond 7 bits
    assert data.count(b"\xff\xf8") > 128
    at = STREAMINFO + 10
    packed = int.from_bytes(data[at : at + 8]) >> 36 << 36
    stream = data[:at] + packed.to_bytes(8) + data[at + 8 :]
    assert look(stream).seconds == pytest.approx(260.0, abs=1e-6)
    assert look(stream[:-2_000]).seconds == pytest.approx(260.0, abs=2.0)


@pytest.mark.parametrize("share", [0.6, 0.75, 0.99])
def test_what_is_cut_off_lasts_as_long_as_its_frames(share: float) -> None:
    cut = ONE[: int(len(ONE) * share)]
    assert look(cut).seconds == pytest.approx(decoded_seconds(cut), abs=2_304 / 24_000)


def test_comments_are_read() -> None:
    tags = (("DESCRIPTION", "Grüße"), ("software", "understudy"))
    assert look(sound("flac", "flac", tags=tags)).tags == {
        "description": "Grüße",
        "software": "understudy",
    }


def test_a_tag_of_the_wrong_kind_in_front_does_no_harm() -> None:
    assert look(id3_tag({}, padding=100) + ONE).seconds == 2.0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"fLaC", r"without a description of its sound"),
        (b"fLaC\x80\0\0\x04abcd", r"without a description of its sound"),
        (b"fLaC\x80\0\0\x22" + bytes(34), "0 samples a second"),
        (ONE[:42], "holds no sound"),
        (ONE[: FIRST + 100], "holds no whole frame"),
        (ONE[:FIRST] + b"\xff\xf8" + bytes(9_000), "frames are damaged"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_recording_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        look(data)


def test_many_places_that_look_like_frames_are_given_up() -> None:
    with pytest.raises(Unreadable):
        look(ONE[: FIRST + 100] + b"\xff\xf8\xc9\x08\0\0" * 100_000)


def test_a_header_says_how_many_samples_follow() -> None:
    assert frame_samples(ONE[FIRST : FIRST + 16]) == 2_304
    assert frame_samples(ONE[FIRST : FIRST + 4]) is None
    wrong = bytearray(ONE[FIRST : FIRST + 16])
    wrong[4] ^= 1
    assert frame_samples(bytes(wrong)) is None
