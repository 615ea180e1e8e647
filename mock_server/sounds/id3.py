"""ID3 tags (version 2 in front of MP3 and AAC): how long they are, and what they say."""

import re
from struct import unpack_from
from typing import Final

_MOST_TAGS: Final = 20
_MOST_FRAMES: Final = 1_000
_FRAME_ID: Final = re.compile(rb"[A-Z0-9]{4}")
_ENCODINGS: Final = {0: "latin-1", 1: "utf-16", 2: "utf-16-be", 3: "utf-8"}
_NAMES: Final = {b"COMM": "description", b"TPE1": "artist", b"TSSE": "software"}
# FFmpeg writes a comment so, with this for its descriptor.
_ANY_TEXT: Final = b"TXXX"
_COMMENT: Final = "comment"


def skip(view: memoryview, start: int = 0) -> int:
    """Where the tags that begin at `start` end (ID3v2.4, section 3.1)."""
    for _ in range(_MOST_TAGS):
        if bytes(view[start : start + 3]) != b"ID3" or start + 10 > len(view):
            break
        footer = 10 if view[start + 5] & 0x10 else 0
        start += 10 + _synchsafe(view, start + 6) + footer
    return min(start, len(view))


def tags(view: memoryview) -> dict[str, str]:
    """The text and the software that the tag in front of a file names."""
    found: dict[str, str] = {}
    # Extended headers and unsynchronised tags (section 3.2, 6.1) are never written here.
    if len(view) < 10 or bytes(view[:3]) != b"ID3" or view[3] not in (3, 4) or view[5] & 0xC0:
        return found
    at, end = 10, min(10 + _synchsafe(view, 6), len(view))
    for _ in range(_MOST_FRAMES):
        name = bytes(view[at : at + 4])
        if at + 10 > end or not _FRAME_ID.fullmatch(name):
            break
        size = _synchsafe(view, at + 4) if view[3] == 4 else unpack_from(">I", view, at + 4)[0]
        if 1 < size <= end - at - 10:
            _note(name, bytes(view[at + 10 : at + 10 + size]), found)
        at += 10 + size
    return found


def _note(name: bytes, data: bytes, found: dict[str, str]) -> None:
    if name in _NAMES:
        found.setdefault(_NAMES[name], _text(data, name))
    elif name == _ANY_TEXT:
        descriptor, _, text = _text(data, name).partition("\0")
        if descriptor.lower() == _COMMENT:
            found.setdefault("description", text.lstrip("\ufeff"))


def _synchsafe(view: memoryview, at: int) -> int:
    first, second, third, fourth = (each & 0x7F for each in view[at : at + 4])
    return first << 21 | second << 14 | third << 7 | fourth


def _text(data: bytes, name: bytes) -> str:
    """A text frame's content; of a comment what follows its language and descriptor (4.10)."""
    encoding = _ENCODINGS.get(data[0], "latin-1")
    text = data[4 if name == b"COMM" else 1 :].decode(encoding, "replace")
    if name == b"COMM":
        text = text.partition("\0")[2].lstrip("\ufeff")
    return text.rstrip("\0")
