"""MP4, M4A and QuickTime: as long as the sound track plays, of which the file has the data."""

import struct

import pytest

from mock_server.sounds.looking import look
from mock_server.sounds.sound import Unreadable
from tests.sound_factory import box, decoded_seconds, film, sound

FRAGMENTED = (("movflags", "frag_keyframe+empty_moov+default_base_moof"), ("frag_duration", "2e5"))
IN_FRONT = (("movflags", "faststart"),)
AAC = 1_024


@pytest.mark.parametrize(
    ("container", "codec", "rate"),
    [
        *(("ipod", "aac", 8_000), ("ipod", "aac", 24_000), ("mp4", "aac", 44_100)),
        *(("mp4", "alac", 44_100), ("mp4", "flac", 44_100), ("mp4", "libopus", 48_000)),
        *(("mp4", "libmp3lame", 44_100), ("mov", "pcm_s16le", 44_100), ("mov", "aac", 24_000)),
    ],
)
@pytest.mark.parametrize("options", [(), IN_FRONT, FRAGMENTED], ids=["", "in front", "fragments"])
def test_every_codec_is_as_long_as_it_decodes(
    container: str, codec: str, rate: int, options: tuple[tuple[str, str], ...]
) -> None:
    data = sound(container, codec, rate=rate, channels=2, seconds=1.337, options=options)
    found = look(data)
    packet = {"aac": AAC, "libmp3lame": 1_152, "libopus": 960}.get(codec, 1) / rate
    assert found.seconds == pytest.approx(decoded_seconds(data), abs=packet)
    assert (found.form, found.media_type, found.rate) == ("MP4", "audio/mp4", rate)
    assert found.channels == 2


def test_an_edit_list_takes_off_what_the_encoder_put_in_front() -> None:
    data = sound("mp4", "aac", rate=24_000, seconds=2.0)
    assert look(data).seconds == pytest.approx(2.0, abs=1e-6)
    without = data.replace(b"edts", b"free")
    assert look(without).seconds == pytest.approx(2.0 + AAC / 24_000, abs=0.05)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("options", [IN_FRONT, FRAGMENTED], ids=["in front", "fragments"])
def test_what_is_cut_off_lasts_as_long_as_what_is_left(
    share: float, options: tuple[tuple[str, str], ...]
) -> None:
    data = sound("mp4", "aac", rate=24_000, seconds=3.0, options=options)
    cut = data[: int(len(data) * share)]
    assert look(cut).seconds == pytest.approx(decoded_seconds(cut), abs=2 * AAC / 24_000)


def test_where_a_fragment_begins_tells_how_long_the_one_before_was() -> None:
    data = sound("mp4", "aac", rate=24_000, seconds=2.0, options=FRAGMENTED)
    plain = look(data).seconds
    assert look(data.replace(b"tfdt", b"free")).seconds == pytest.approx(plain)
    at = data.rindex(b"tfdt") + 4
    assert data[at] == 1
    later = int.from_bytes(data[at + 4 : at + 12]) + 12_000
    moved = data[: at + 4] + later.to_bytes(8) + data[at + 12 :]
    assert look(moved).seconds == pytest.approx(plain + 0.5)


def test_bare_samples_are_cut_off_to_the_sample() -> None:
    data = sound("mov", "pcm_s16le", rate=24_000, seconds=1.0, options=IN_FRONT)
    start = data.index(b"mdat") + 4
    assert look(data[: start + 24_000]).seconds == pytest.approx(0.5, abs=1e-4)


def test_of_a_film_the_sound_track_counts() -> None:
    data = film("mp4", audio="aac", seconds=1.0)
    assert look(data).seconds == pytest.approx(decoded_seconds(data), abs=AAC / 48_000)


def test_a_film_without_sound_is_refused() -> None:
    with pytest.raises(Unreadable, match=r"^has no sound track$"):
        look(film("mp4"))


def test_offsets_may_be_wide() -> None:
    data = sound("mp4", "aac", rate=24_000, seconds=1.0, options=IN_FRONT)
    at = data.index(b"stco")
    count = struct.unpack_from(">I", data, at + 8)[0]
    assert look(data.replace(b"stco", b"co64")).seconds > 0 < count


def test_tags_are_read() -> None:
    def item(kind: bytes, text: str) -> bytes:
        return box(kind, box(b"data", struct.pack(">II", 1, 0), text.encode()))

    tags = box(b"ilst", item(b"desc", "Grüße"), item(b"\xa9too", "understudy"), item(b"x", "y"))
    meta = box(b"meta", bytes(4), box(b"hdlr", bytes(25)), tags)
    plain = sound("mp4", "aac", rate=24_000, seconds=1.0)
    at = plain.index(b"moov") - 4
    size = struct.unpack_from(">I", plain, at)[0]
    udta = box(b"udta", meta)
    children = plain[at + 8 : at + size].replace(b"udta", b"free")
    data = plain[:at] + box(b"moov", children, udta) + plain[at + size :]
    expected = {"description": "Grüße", "software": "understudy"}
    assert look(data).tags == expected
    bare = box(b"udta", box(b"meta", box(b"hdlr", bytes(25)), tags))
    data = plain[:at] + box(b"moov", children, bare) + plain[at + size :]
    assert look(data).tags == expected


def _track(**boxes: bytes) -> bytes:
    """A sound track of these boxes and usual ones."""
    known = {
        "mdhd": box(b"mdhd", bytes(12), struct.pack(">II", 1_000, 0)),
        "hdlr": box(b"hdlr", bytes(8), b"soun", bytes(13)),
        "stts": box(b"stts", bytes(4), struct.pack(">III", 1, 10, 100)),
        "stsd": box(b"stsd", bytes(8), box(b"mp4a", bytes(16), struct.pack(">HHII", 2, 16, 0, 0))),
        **boxes,
    }
    table = box(b"minf", box(b"stbl", known["stts"], known["stsd"]))
    inner = box(b"mdia", known["mdhd"], known["hdlr"], table)
    return box(b"ftyp", b"isom") + box(b"moov", box(b"trak", inner))


def test_the_least_that_is_a_track() -> None:
    found = look(_track())
    assert (found.seconds, found.rate, found.channels) == (1.0, 1_000, 2)


def test_edits_that_play_a_piece_count_as_often_as_they_do() -> None:
    movie = box(b"mvhd", bytes(12), struct.pack(">I", 1_000), bytes(84))

    def edited(*edits: tuple[int, int], version: int = 0) -> float:
        form = ">Qq" if version else ">Ii"
        entries = b"".join(struct.pack(form, *each) + b"\0\1\0\0" for each in edits)
        elst = box(b"elst", bytes([version, 0, 0, 0]), struct.pack(">I", len(edits)), entries)
        plain = _track()
        at = plain.index(b"trak") - 4
        track = box(b"trak", box(b"edts", elst), plain[at + 8 :])
        return look(plain[: at - 8] + box(b"moov", movie, track)).seconds

    assert edited((300, 0)) == pytest.approx(0.3)
    assert edited((300, 0), version=1) == pytest.approx(0.3)
    assert edited((500, -1), (300, 600), (200, 0)) == pytest.approx(0.5)  # the first is silence
    assert edited((0, 250)) == pytest.approx(0.75)  # to the end, as fragments have it
    assert edited((9_000, 0)) == pytest.approx(1.0)
    assert edited((500, -1)) == pytest.approx(1.0)


def test_boxes_may_be_wide_or_go_on_to_the_end() -> None:
    plain = _track()
    at = plain.index(b"moov") - 4
    content = plain[at + 8 :]
    wide = struct.pack(">I4sQ", 1, b"moov", len(content) + 16) + content
    assert look(plain[:at] + wide).seconds == 1.0
    assert look(plain[:at] + struct.pack(">I4s", 0, b"moov") + content).seconds == 1.0
    assert look(plain + struct.pack(">I4s", 4, b"free")).seconds == 1.0


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (box(b"ftyp", b"isom"), "index"),
        (_track()[:-1], "index"),
        (box(b"ftyp", b"isom") + box(b"moov"), "no sound track"),
        (_track(mdhd=b""), "without a description"),
        (_track(mdhd=box(b"mdhd", bytes(24))), "0 ticks a second"),
        (_track(stts=b""), "holds no sound"),
        (_track(stts=box(b"stts", bytes(4), b"\x7f\xff\xff\xff" * 3)), "for years"),
        (_track(stsd=b""), "without a description"),
        (box(b"ftyp", b"isom") + box(b"free") * 200_001, "more than 200,000 boxes"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_recording_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable, match=why):
        look(data)


def test_a_long_table_is_refused() -> None:
    stts = box(b"stts", bytes(4), struct.pack(">I", 1_000_001), bytes(8 * 1_000_001))
    with pytest.raises(Unreadable, match="stts has more than 1,000,000 entries"):
        look(_track(stts=stts))
