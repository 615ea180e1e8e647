"""Any file is a recording, or is refused with a sentence; and it costs little to say which."""

import sys
from array import array
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.fixtures import FIXTURES
from mock_server.media.watermark import mark
from mock_server.sounds.looking import look
from mock_server.sounds.sound import Sound, Unreadable
from tests.sound_factory import film, sound

FRAGMENTED = (("movflags", "frag_keyframe+empty_moov+default_base_moof"), ("frag_duration", "2e5"))
FILES = (
    sound("mp3", "libmp3lame", rate=24_000),
    sound("wav", "pcm_s16le", rate=8_000),
    sound("wav", "adpcm_ms", rate=8_000),
    sound("flac", "flac", rate=24_000),
    sound("ogg", "flac", rate=24_000),
    sound("ogg", "libopus", rate=48_000),
    sound("ogg", "vorbis", rate=24_000, channels=2),
    sound("adts", "aac", rate=24_000),
    sound("mp4", "aac", rate=24_000),
    sound("mp4", "aac", rate=24_000, options=(("movflags", "faststart"),)),
    sound("mp4", "aac", rate=24_000, options=FRAGMENTED),
    sound("webm", "libopus", rate=48_000),
    sound("webm", "libopus", rate=48_000, options=(("live", "1"),)),
    sound("matroska", "flac", rate=24_000),
    film("mp4", audio="aac"),
)


def _is_judged(data: bytes) -> None:
    try:
        found = look(data)
    except Unreadable as error:
        assert str(error)
        assert not str(error).endswith(".")
    else:
        assert isinstance(found, Sound)
        assert 0 < found.seconds < 1e8
        assert found.rate > 0 < found.channels
        assert 0 <= found.essence[0] <= found.essence[1]


@settings(max_examples=60)
@given(st.sampled_from(FILES), st.data())
def test_files_cut_off_anywhere_are_recordings_or_refused(file: bytes, data: st.DataObject) -> None:
    _is_judged(file[: data.draw(st.integers(0, len(file)))])
    _is_judged(file[data.draw(st.integers(0, len(file))) :])


@settings(max_examples=300)
@given(st.sampled_from(FILES), st.data())
def test_damaged_files_are_recordings_or_refused(file: bytes, data: st.DataObject) -> None:
    damaged = bytearray(file)
    place = st.one_of(st.integers(0, 600), st.integers(0, len(file) - 1))
    byte = st.one_of(st.sampled_from([0, 1, 0x7F, 0x80, 0xFF]), st.integers(0, 255))
    for at, value in data.draw(st.lists(st.tuples(place, byte), min_size=1, max_size=12)):
        damaged[min(at, len(file) - 1)] = value
    _is_judged(bytes(damaged))


@settings(max_examples=100)
@given(
    st.sampled_from(
        [b"", b"RIFF0000WAVE", b"fLaC", b"OggS", b"\x1a\x45\xdf\xa3", b"\0\0\0\x08ftyp"]
    ),
    st.binary(max_size=300),
)
def test_noise_is_a_recording_or_refused(head: bytes, noise: bytes) -> None:
    _is_judged(head + noise)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"hello", "is text, not"),
        ("Grüße ".encode() * 1_000, "is text, not"),
        (b'{"json": true}', "is text, not"),
        (b"FORM\0\0\0\x10AIFFCOMM", "is an AIFF file, not"),
        (b"#!AMR\n\x3c\x91", "is an AMR file, not"),
        (b"%PDF-1.7\n\x80", "is a PDF, not"),
        (b"\0\0\0\x18ftypheic\0\0\0\0\x80", "is an HEIC, not"),
        (bytes(1_000), "is no sound file of a known kind"),
        (Random(1).randbytes(200_000), "is no sound file of a known kind"),
        (b"ID3\x04\0\0\0\0\0\0", "is no sound file of a known kind"),
        (b"\xff\xfb\x90\x64", "is no sound file of a known kind"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_sound_is_named_where_it_can_be(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=f"^{why}"):
        look(data)


@pytest.mark.parametrize("name", ["picture.png", "picture.jpg", "picture.gif", "picture.webp"])
def test_pictures_are_called_so(name: str) -> None:
    data = Path(FIXTURES / "media" / name).read_bytes()
    with pytest.raises(Unreadable, match=r"^is a (PNG|JPEG|GIF|WebP), not a recording"):
        look(data)


def test_a_buffer_need_not_be_bytes() -> None:
    assert look(memoryview(FILES[0])) == look(FILES[0])


def test_bare_samples_that_were_made_here_are_known_again() -> None:
    noise = Random(2)
    samples = mark(array("h", (noise.randint(-900, 900) for _ in range(24_000))), "Grüße")
    if sys.byteorder == "big":
        samples.byteswap()
    data = samples.tobytes()
    found = look(data)
    assert (found.form, found.seconds, found.media_type) == ("PCM", 1.0, "audio/pcm")
    assert found.tags == {"description": "Grüße", "software": "understudy"}
    assert look(data + b"\0").tags == found.tags
