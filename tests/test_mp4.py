"""An MP4 file is boxes whose every number is that of the track."""

from collections.abc import Iterator
from struct import unpack_from

import pytest

from mock_server.media.mp4 import TICKS, Track, movie

FRAMES = [b"\x65key", *(b"\x01" + bytes([number]) for number in range(1, 6)), b"\x65again", b"\1"]
DURATIONS = [1_000] * 7 + [1_480]
TRACK = Track(854, 480, 30, (b"\x67sequence", b"\x68picture"), FRAMES, DURATIONS, [0, 6])
TAGS = {b"desc": "Füchse, 狐 🦊", b"\xa9too": "somebody"}
FOLDERS = {"moov", "trak", "mdia", "minf", "dinf", "stbl", "udta", "ilst", "desc", "\xa9too"}
SKIPPED = {"meta": 4, "stsd": 8, "dref": 8, "avc1": 78}  # what stands before the boxes inside


def boxes(data: bytes, start: int = 0, end: int | None = None) -> Iterator[tuple[str, bytes]]:
    """All boxes by their paths, with what is in them."""
    end = len(data) if end is None else end
    while start < end:
        size, kind = unpack_from(">I4s", data, start)
        assert 8 <= size <= end - start
        name = kind.decode("latin-1")
        yield name, data[start + 8 : start + size]
        if name in FOLDERS or name in SKIPPED:
            inside = start + 8 + SKIPPED.get(name, 0)
            for path, body in boxes(data, inside, start + size):
                yield f"{name}/{path}", body
        start += size
    assert start == end


FILE = movie(TRACK, TAGS)
BOXES = dict(boxes(FILE))
TABLE = "moov/trak/mdia/minf/stbl"


def numbers(path: str) -> tuple[int, ...]:
    body = BOXES[path]
    return unpack_from(f">{len(body) // 4}I", body)


def test_what_a_player_needs_first_comes_first() -> None:
    assert [path for path in BOXES if "/" not in path] == ["ftyp", "moov", "mdat"]
    assert BOXES["ftyp"][:4] == b"isom"
    assert b"avc1" in BOXES["ftyp"][8:]


def test_samples_are_where_and_as_long_as_the_tables_say() -> None:
    _, count, place = numbers(f"{TABLE}/stco")
    _, same, total, *sizes = numbers(f"{TABLE}/stsz")
    assert (count, same, total) == (1, 0, len(FRAMES))
    assert numbers(f"{TABLE}/stsc") == (0, 1, 1, len(FRAMES), 1)
    for frame, size in zip(FRAMES, sizes, strict=True):
        assert FILE[place : place + size] == len(frame).to_bytes(4, "big") + frame
        place += size
    assert place == len(FILE)


def test_durations_agree_everywhere() -> None:
    assert numbers(f"{TABLE}/stts") == (0, 2, 7, 1_000, 1, 1_480)
    assert numbers("moov/mvhd")[:5] == (0, 0, 0, TICKS, sum(DURATIONS))
    assert numbers("moov/trak/tkhd")[:6] == (7, 0, 0, 1, 0, sum(DURATIONS))
    assert numbers("moov/trak/mdia/mdhd")[:5] == (0, 0, 0, TICKS, sum(DURATIONS))


def test_a_single_frame_has_a_single_duration() -> None:
    track = TRACK._replace(frames=FRAMES[:1], durations=[960], keys=[0])
    found = dict(boxes(movie(track, {})))
    assert unpack_from(">4I", found[f"{TABLE}/stts"]) == (0, 1, 1, 960)
    assert len(found[f"{TABLE}/stts"]) == 16


def test_the_key_frames_are_named() -> None:
    assert numbers(f"{TABLE}/stss") == (0, 2, 1, 7)


def test_the_entry_says_size_level_and_parameters() -> None:
    entry = f"{TABLE}/stsd/avc1"
    assert unpack_from(">2H", BOXES[entry], 24) == (854, 480)
    assert numbers("moov/trak/tkhd")[-2:] == (854 << 16, 480 << 16)
    assert BOXES[f"{entry}/avcC"] == (
        b"\x01\x42\xc0\x1e\xff\xe1\x00\x09\x67sequence\x01\x00\x08\x68picture"
    )
    assert BOXES[f"{entry}/colr"] == b"nclx\0\1\0\1\0\1\0"
    assert BOXES[f"{entry}/pasp"] == b"\0\0\0\1\0\0\0\1"


@pytest.mark.parametrize("name", TAGS)
def test_tags_are_those_of_the_item_list(name: bytes) -> None:
    data = BOXES[f"moov/udta/meta/ilst/{name.decode('latin-1')}/data"]
    assert data[:8] == b"\0\0\0\1\0\0\0\0"
    assert data[8:].decode() == TAGS[name]


def test_a_text_that_is_not_unicode_does_no_harm() -> None:
    assert b"a?b" in movie(TRACK, {b"desc": "a\ud800b"})
