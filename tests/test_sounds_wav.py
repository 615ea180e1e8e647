"""WAV files: as long as their samples are, whatever their headers say."""

import struct

import pytest

from mock_server.sounds.looking import look
from mock_server.sounds.sound import Unreadable
from tests.sound_factory import decoded_seconds, sound, wav

UNKNOWN = 0xFFFFFFFF


def test_what_is_known_of_one() -> None:
    found = look(wav(bytes(48_000), rate=24_000))
    assert (found.form, found.media_type) == ("WAV", "audio/wav")
    assert (found.seconds, found.rate, found.channels) == (1.0, 24_000, 1)
    assert found.samples == found.essence == (44, 48_044)


@pytest.mark.parametrize(
    ("codec", "rate"),
    [
        *(("pcm_u8", 8_000), ("pcm_s16le", 24_000), ("pcm_s24le", 44_100), ("pcm_s32le", 48_000)),
        *(("pcm_f32le", 48_000), ("pcm_f64le", 16_000), ("pcm_alaw", 8_000), ("pcm_mulaw", 8_000)),
        *(("adpcm_ima_wav", 22_050), ("adpcm_ms", 22_050), ("libmp3lame", 44_100)),
    ],
)
@pytest.mark.parametrize("channels", [1, 2])
def test_every_codec_is_as_long_as_it_decodes(codec: str, rate: int, channels: int) -> None:
    data = sound("wav", codec, rate=rate, channels=channels, seconds=1.337)
    found = look(data)
    assert found.seconds == pytest.approx(decoded_seconds(data), abs=0.001)
    assert found.channels == channels


@pytest.mark.parametrize("size", [0, UNKNOWN, 96_000, 2_000_000_000])
def test_sizes_that_are_not_true_do_not_count(size: int) -> None:
    assert look(wav(bytes(48_000), size=size)).seconds == 1.0


def test_a_size_that_is_true_ends_the_sound() -> None:
    note = b"LIST" + struct.pack("<I", 12) + b"INFOICMT\0\0\0\0"
    assert look(wav(bytes(4_800)) + note * 50).seconds == 0.1


def test_a_recording_cut_off_in_the_middle_is_one() -> None:
    assert look(wav(bytes(48_000))[: 44 + 12_001]).seconds == 0.25


def test_a_long_one_has_its_size_elsewhere() -> None:
    plain = wav(bytes(48_000), size=UNKNOWN)
    ds64 = b"ds64" + struct.pack("<IQQQI", 28, 0, 24_000, 0, 0)
    assert look(b"RF64" + plain[4:12] + ds64 + plain[12:]).seconds == 0.5


def test_an_extensible_one_names_its_codec_further_behind() -> None:
    guid = struct.pack("<HHIH", 22, 16, 4, 1) + bytes(14)
    form = struct.pack("<HHIIHH", 0xFFFE, 1, 24_000, 48_000, 2, 16) + guid
    assert look(wav(bytes(48_000), form=form)).samples is not None


def test_notes_are_read() -> None:
    notes = b"INFO" + b"".join(
        name + struct.pack("<I", len(text)) + text + bytes(len(text) % 2)
        for name, text in ((b"ICMT", "Grüße\0".encode()), (b"ISFT", b"understudy"))
    )
    tag = b"LIST" + struct.pack("<I", len(notes)) + notes
    found = look(wav(bytes(48_000)) + tag)
    assert found.tags == {"description": "Grüße", "software": "understudy"}
    assert look(wav(bytes(48_000)) + tag[:-9]).tags["description"] == "Grüße"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"RIFF\0\0\0\0WAVE", "without a description of its samples"),
        (wav(b""), "holds no samples"),
        (wav(b"\0"), "holds no whole sample"),
        (wav(bytes(99), form=bytes(8)), "description of its samples is cut off"),
        (wav(bytes(99), form=struct.pack("<HHIIHH", 1, 0, 0, 0, 0, 0)), "0 channels at 0 samples"),
        (wav(bytes(99), form=struct.pack("<HHIIHH", 999, 1, 8_000, 0, 0, 0)), "format 0x03E7"),
        (wav(bytes(99), form=struct.pack("<HHIIHH", 85, 1, 8_000, 0, 0, 0)), "whole frame"),
        (b"RIFF\0\0\0\0WAVE" + b"abcd\0\0\0\0" * 100_001, "too many chunks"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_recording_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        look(data)


def test_of_an_unknown_codec_the_speed_counts() -> None:
    form = struct.pack("<HHIIHH", 0x31, 1, 8_000, 1_625, 65, 0)
    assert look(wav(bytes(650), form=form)).seconds == 0.4  # GSM: 320 samples in 65 bytes
    form = struct.pack("<HHIIHH", 0x42, 1, 8_000, 1_000, 1, 0)
    assert look(wav(bytes(500), form=form)).seconds == 0.5
