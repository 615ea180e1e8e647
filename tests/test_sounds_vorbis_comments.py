"""Vorbis comments: what is whole is read, whatever follows."""

import struct

from mock_server.sounds.vorbis_comments import comments


def block(*texts: bytes, count: int | None = None) -> bytes:
    told = struct.pack("<I", len(texts) if count is None else count)
    listed = b"".join(struct.pack("<I", len(text)) + text for text in texts)
    return struct.pack("<I", 3) + b"abc" + told + listed


def test_names_are_of_any_case_and_the_first_counts() -> None:
    data = block(b"ARTIST=x", b"Description=one = 1", b"DESCRIPTION=two", b"SOFTWARE=s")
    assert comments(data) == {"artist": "x", "description": "one = 1", "software": "s"}
    assert comments(block(b"Comment=one")) == {"description": "one"}


def test_what_is_cut_off_is_left_out() -> None:
    data = block(b"DESCRIPTION=one", b"SOFTWARE=s")
    assert comments(data[:-12]) == {"description": "one"}
    assert comments(block(b"DESCRIPTION=one", count=2**32 - 1)) == {"description": "one"}
    assert comments(b"") == comments(b"\xff" * 8) == comments(data[:9]) == {}
