"""Ogg files: as long as the positions of their pages say."""

import struct

import pytest

from mock_server.sounds.looking import look
from mock_server.sounds.opus import samples_of
from mock_server.sounds.sound import Unreadable
from tests.sound_factory import decoded_seconds, ogg_page, sound

OPUS = sound("ogg", "libopus", rate=48_000, seconds=2.0, options=(("page_duration", "100000"),))
VORBIS_HEAD = b"\x01vorbis" + struct.pack("<IBI", 0, 1, 48_000) + bytes(13)


@pytest.mark.parametrize(
    ("codec", "rate", "channels"),
    [
        *(("libopus", 8_000, 1), ("libopus", 24_000, 2), ("libopus", 48_000, 1)),
        *(("vorbis", 16_000, 2), ("vorbis", 44_100, 2), ("flac", 16_000, 1), ("flac", 48_000, 2)),
    ],
)
def test_every_codec_is_as_long_as_it_decodes(codec: str, rate: int, channels: int) -> None:
    data = sound("ogg", codec, rate=rate, channels=channels, seconds=1.337)
    found = look(data)
    assert found.seconds == pytest.approx(decoded_seconds(data), abs=0.003)
    assert (found.form, found.media_type, found.channels) == ("Ogg", "audio/ogg", channels)
    assert found.rate == (48_000 if codec == "libopus" else rate)


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9])
def test_what_is_cut_off_lasts_as_long_as_its_whole_pages(share: float) -> None:
    cut = OPUS[: int(len(OPUS) * share)]
    assert look(cut).seconds == pytest.approx(decoded_seconds(cut), abs=0.001)


def test_what_joined_in_the_middle_began_there() -> None:
    pages = OPUS.split(b"OggS")[1:]
    later = b"".join(b"OggS" + each for each in (*pages[:2], *pages[12:]))
    assert look(later).seconds == pytest.approx(2.0 - 1.0, abs=0.02)


def test_chained_streams_follow_each_other() -> None:
    other = sound("ogg", "libopus", rate=48_000, seconds=1.0)
    assert look(OPUS + other).seconds == pytest.approx(3.0, abs=0.001)


def test_of_streams_that_play_together_the_first_sound_counts() -> None:
    first, *rest = OPUS.split(b"OggS")[1:]
    film = ogg_page(2, 0, b"\x80theora" + bytes(40), serial=7)
    other = ogg_page(2, 0, VORBIS_HEAD, serial=8) + ogg_page(4, 480_000, b"x", serial=8)
    mixed = film + b"OggS" + first + other + b"".join(b"OggS" + each for each in rest)
    assert look(mixed).seconds == look(OPUS).seconds


def test_a_damaged_page_does_not_count() -> None:
    at = OPUS.rindex(b"OggS") + 6
    wrong = OPUS[:at] + bytes(7) + b"\x7f" + OPUS[at + 8 :]
    assert 1.9 <= look(wrong).seconds < look(OPUS).seconds


@pytest.mark.parametrize("codec", ["libopus", "flac"])
def test_comments_are_read(codec: str) -> None:
    text = "Grüße an alle. " * 1_000
    tags = (("DESCRIPTION", text), ("SOFTWARE", "understudy"))
    found = look(sound("ogg", codec, rate=48_000, tags=tags))
    assert found.tags == {"description": text, "software": "understudy"}


def test_the_sound_itself_is_the_same_whatever_the_tags() -> None:
    essences = []
    for text in ("one", "another text"):
        data = sound("ogg", "libopus", rate=48_000, tags=(("DESCRIPTION", text),))
        start, end = look(data).essence
        essences.append(end - start)
    assert essences[0] == essences[1]


def test_speex_tells_its_rate() -> None:
    head = b"Speex   " + bytes(28) + struct.pack("<III", 16_000, 0, 0) + struct.pack("<I", 1)
    data = ogg_page(2, 0, head + bytes(28)) + ogg_page(0, 0, b"c") + ogg_page(4, 8_000, b"x")
    assert look(data).seconds == 0.5


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"OggS", "without a sound track"),
        (ogg_page(2, 0, b"\x80theora" + bytes(40)), "without a sound track"),
        (ogg_page(2, 0, VORBIS_HEAD), "holds no sound"),
        (ogg_page(2, 0, b"\x01vorbis" + bytes(30)), "no channels, or of 0 samples"),
        (ogg_page(2, 0, VORBIS_HEAD) + ogg_page(0, 9, b"x") * 250_001, "250,000 pages"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_recording_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        look(data)


def test_many_beginnings_without_a_page_are_given_up() -> None:
    assert look(OPUS + b"OggS\0" * 1_000_000).seconds == look(OPUS).seconds


def test_packets_of_opus_tell_their_length() -> None:
    assert samples_of(b"") == samples_of(b"\x03") == 0
    assert samples_of(b"\x08") == 960  # SILK, 20 ms
    assert samples_of(b"\x60") == 480  # hybrid, 10 ms
    assert samples_of(b"\xf9") == 1_920  # two of CELT, 20 ms
    assert samples_of(b"\xe3\x06") == 720  # six of CELT, 2.5 ms
