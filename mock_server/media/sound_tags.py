"""How the file of a sound says what is said in it, and that this server made it.

The text is the comment and the maker the artist, beside the software: these two are what programs
carry over when they make another file of it.
"""

from typing import Final

from mock_server.provenance import MAKER

_UTF8: Final = b"\3"  # how ID3v2.4 numbers it
_NO_LANGUAGE: Final = b"XXX"


def id3(text: str) -> bytes:
    """A tag to stand before an MP3 or ADTS stream (ID3v2.4, sections 3.1 and 4)."""
    words = _UTF8 + _NO_LANGUAGE + b"\0" + _clean(text)
    maker = _UTF8 + MAKER.encode()
    frames = _frame(b"TPE1", maker) + _frame(b"TSSE", maker) + _frame(b"COMM", words)
    return b"ID3\4\0\0" + _safe(len(frames)) + frames


def riff_info(text: str) -> bytes:
    """A LIST chunk for a WAV file."""
    maker = MAKER.encode()
    notes = ((b"IART", maker), (b"ISFT", maker), (b"ICMT", _clean(text)))
    return _chunk(b"LIST", b"INFO" + b"".join(_chunk(name, said + b"\0") for name, said in notes))


def vorbis_comments(text: str) -> dict[str, str]:
    """The comments of a FLAC or Ogg file."""
    return {"ARTIST": MAKER, "SOFTWARE": MAKER, "DESCRIPTION": _clean(text).decode()}


def vorbis_block(text: str) -> bytes:
    """The same as FLAC has them: lengths with the lowest byte first (RFC 9639, section 8.6)."""
    comments = [f"{name}={value}".encode() for name, value in vorbis_comments(text).items()]
    lengths = [MAKER.encode(), None, *comments]
    return b"".join(
        len(comments).to_bytes(4, "little")
        if each is None
        else len(each).to_bytes(4, "little") + each
        for each in lengths
    )


def _clean(text: str) -> bytes:
    # A NUL would end the text for whoever reads it as C strings are read.
    return text.replace("\0", " ").encode("utf-8", "replace")


def _frame(name: bytes, content: bytes) -> bytes:
    return name + _safe(len(content)) + b"\0\0" + content


def _safe(size: int) -> bytes:
    """A size in four bytes of seven bits each, so that none looks like the start of sound."""
    return bytes(size >> shift & 0x7F for shift in (21, 14, 7, 0))


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + len(content).to_bytes(4, "little") + content + b"\0" * (len(content) % 2)
