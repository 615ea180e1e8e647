"""Tags hold the text in UTF-8 and the maker's name, by the rules of their formats."""

import struct

import pytest

from mock_server.media.sound_tags import id3, riff_info, vorbis_block, vorbis_comments
from mock_server.provenance import MAKER

TEXTS = ["The tide turns.", "Ein Füchslein, лиса, 狐 🦊", "two\nlines", "", "x" * 20_000]
IDS = ["plain", "letters", "lines", "empty", "long"]


def id3_frames(tag: bytes) -> dict[bytes, bytes]:
    assert tag[:6] == b"ID3\4\0\0"
    assert safe(tag[6:10]) == len(tag) - 10
    frames, place = {}, 10
    while place < len(tag):
        size = safe(tag[place + 4 : place + 8])
        frames[tag[place : place + 4]] = tag[place + 10 : place + 10 + size]
        place += 10 + size
    return frames


def safe(data: bytes) -> int:
    assert max(data) < 0x80
    return int("".join(f"{byte:07b}" for byte in data), 2)


def riff_chunks(data: bytes) -> dict[bytes, bytes]:
    chunks, place = {}, 0
    while place < len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        chunks[name] = data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2
    return chunks


@pytest.mark.parametrize("text", TEXTS, ids=IDS)
def test_id3(text: str) -> None:
    assert id3_frames(id3(text)) == {
        b"TPE1": b"\3" + MAKER.encode(),
        b"TSSE": b"\3" + MAKER.encode(),
        b"COMM": b"\3XXX\0" + text.encode(),
    }


@pytest.mark.parametrize("text", TEXTS, ids=IDS)
def test_riff(text: str) -> None:
    chunk = riff_info(text)
    assert len(chunk) % 2 == 0
    [(name, content)] = riff_chunks(chunk).items()
    assert (name, content[:4]) == (b"LIST", b"INFO")
    assert riff_chunks(content[4:]) == {
        b"IART": MAKER.encode() + b"\0",
        b"ICMT": text.encode() + b"\0",
        b"ISFT": MAKER.encode() + b"\0",
    }


@pytest.mark.parametrize("text", TEXTS, ids=IDS)
def test_vorbis(text: str) -> None:
    fields = {"ARTIST": MAKER, "SOFTWARE": MAKER, "DESCRIPTION": text}
    assert vorbis_comments(text) == fields
    texts = [MAKER, *[f"{name}={said}" for name, said in fields.items()]]
    vendor, *comments = [len(each.encode()).to_bytes(4, "little") + each.encode() for each in texts]
    assert vorbis_block(text) == vendor + b"\3\0\0\0" + b"".join(comments)


def test_no_text_is_cut_short_by_a_nul() -> None:
    assert b"one two" in id3("one\0two")
    assert b"one two" in riff_info("one\0two")
    assert vorbis_comments("one\0two")["DESCRIPTION"] == "one two"
