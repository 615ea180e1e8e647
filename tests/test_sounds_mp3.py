"""MP3 files: as long as their frames, counted one by one."""

import pytest

from mock_server.sounds.looking import look
from mock_server.sounds.mp3 import frame
from mock_server.sounds.sound import Unreadable
from tests.sound_factory import decoded_seconds, id3_tag, sound

ONE = sound("mp3", "libmp3lame", rate=24_000, seconds=2.0)
BARE = sound("mp3", "libmp3lame", options=(("write_xing", "0"), ("id3v2_version", "0")))


@pytest.mark.parametrize(
    "rate", [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000]
)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_rate_is_as_long_as_it_decodes(rate: int, channels: int) -> None:
    data = sound("mp3", "libmp3lame", rate=rate, channels=channels, seconds=1.337)
    found = look(data)
    assert found.seconds == pytest.approx(1.337, abs=0.0005)
    assert found.seconds == pytest.approx(decoded_seconds(data), abs=0.0005)
    assert (found.rate, found.channels) == (rate, channels)
    assert (found.form, found.media_type) == ("MP3", "audio/mpeg")


@pytest.mark.parametrize(("rate", "bit_rate"), [(22_050, 64_000), (44_100, 192_000)])
def test_layer_two_is_read_too(rate: int, bit_rate: int) -> None:
    data = sound("mp2", "mp2", rate=rate, bit_rate=bit_rate)
    assert look(data).seconds == pytest.approx(decoded_seconds(data), abs=0.0005)


def test_a_varying_bit_rate_is_followed() -> None:
    options = (("q:a", "4"), ("compression_level", "2"))
    data = sound("mp3", "libmp3lame", rate=44_100, seconds=3.0, options=options)
    assert look(data).seconds == pytest.approx(3.0, abs=0.0005)


def test_without_an_index_every_frame_counts() -> None:
    assert look(BARE).seconds == pytest.approx(decoded_seconds(BARE), abs=0.0005)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9])
def test_what_is_cut_off_lasts_as_long_as_what_is_left(share: float) -> None:
    cut = ONE[: int(len(ONE) * share)]
    assert look(cut).seconds == pytest.approx(decoded_seconds(cut), abs=0.025)


def test_what_was_cut_out_of_the_middle_begins_with_its_first_frame() -> None:
    cut = ONE[5_000:12_000]
    assert look(cut).seconds == pytest.approx(decoded_seconds(cut), abs=0.05)


def test_tags_in_front_and_behind_are_no_sound() -> None:
    plain = look(ONE).seconds
    padded = id3_tag({}, padding=5_000) + id3_tag({}, footer=True) + ONE
    assert look(padded).seconds == plain
    assert look(ONE + b"TAG" + bytes(125)).seconds == plain
    assert look(ONE + b"APETAGEX" + b"\xff\xfb\x90\x64" * 10).seconds == plain
    assert look(ONE + bytes(3_000)).seconds == plain


def test_files_that_were_put_together_are_one() -> None:
    parts = ONE + b"TAG" + bytes(125) + id3_tag({"COMM": "hello"}) + ONE
    assert look(parts).seconds == pytest.approx(decoded_seconds(parts), abs=0.1)


def test_damage_in_the_middle_is_passed_over() -> None:
    torn = ONE[:6_000] + bytes(700) + ONE[6_700:]
    assert look(torn).seconds == pytest.approx(2.0, abs=0.2)


def test_tags_are_read() -> None:
    tag = id3_tag({"COMM": "Grüße\nan alle", "TSSE": "understudy", "TIT2": "title"})
    assert look(tag + BARE).tags == {"description": "Grüße\nan alle", "software": "understudy"}
    assert look(id3_tag({"COMM": "hello"}, version=3) + BARE).tags == {"description": "hello"}


def test_the_sound_itself_is_the_same_whatever_the_tags() -> None:
    tag = id3_tag({"COMM": "hello"})
    found, other = look(BARE), look(tag + BARE)
    assert other.essence == (found.essence[0] + len(tag), found.essence[1] + len(tag))


def test_headers_are_read_by_the_tables() -> None:
    found = frame(0xFB, 0x92)  # MPEG-1, layer III, 128 kbit/s, 44.1 kHz, padded
    assert found is not None
    assert (found.length, found.samples, found.rate) == (418, 1152, 44_100)
    first = frame(0xFF, 0x92)  # layer I: 288 kbit/s, in slots of four bytes
    assert first is not None
    assert (first.length, first.samples) == (316, 384)
    assert frame(0xFB, 0xF2) is frame(0xFB, 0x9E) is frame(0xEB, 0x92) is frame(0xF9, 0x92) is None


def test_an_index_of_the_other_kind_is_no_sound_either() -> None:
    frame_of_index = b"\xff\xf3\x64\xc4" + bytes(32) + b"VBRI" + bytes(152)
    plain = look(BARE)
    found = look(frame_of_index + BARE)
    assert found.seconds == plain.seconds
    assert found.essence[0] == plain.essence[0] + len(frame_of_index)


def test_the_free_format_is_refused() -> None:
    free = (b"\xff\xfb\x00\x44" + bytes(300)) * 20
    with pytest.raises(Unreadable, match="free format"):
        look(free)


def test_too_many_frames_are_refused() -> None:
    tiny = (b"\xff\xf3\x14\xc4" + bytes(20)) * 1_000_001
    with pytest.raises(Unreadable, match="more than 1,000,000 frames"):
        look(tiny)


def test_a_lone_index_holds_no_sound() -> None:
    head = sound("mp3", "libmp3lame", rate=24_000, options=(("id3v2_version", "0"),))
    with pytest.raises(Unreadable):
        look(head[:192])
