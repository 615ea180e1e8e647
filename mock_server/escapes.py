"""A text as it was before anybody escaped it: for JSON, Python, HTML, an address or a shell.

However often that was done, and whatever stands around it, the same words come out. Backslashes and
quotes are dropped, letters made small, and blanks are pluses, so that both sides of a comparison
have to be read here.
"""

import re
from collections.abc import Sequence
from html import unescape
from typing import Final, NamedTuple

_ESCAPE: Final = re.compile(
    r"&(?P<entity>\#0*\d{1,5}|\#x0*[0-9a-f]{1,4}|amp|lt|gt|quot|apos);"
    r"|\\+u(?P<wide>[0-9a-f]{4})|\\+x(?P<byte>[0-9a-f]{2})|%(?P<percent>[0-9a-f]{2})",
    re.IGNORECASE,
)
_DROPPED: Final = str.maketrans(" ", "+", "\\\"'")
_MOST_TIMES: Final = 6


class Piece(NamedTuple):
    """A character, which is a byte of UTF-8, and where in the text it stands."""

    plain: str
    start: int
    end: int


def unescaped(text: str) -> str:
    """The text as it was; fast where nothing was escaped."""
    text = _bytes(text)
    for _ in range(_MOST_TIMES if any(sign in text for sign in "&\\%") else 0):
        before, text = text, _ESCAPE.sub(_character, text)
        if text == before:
            break
    return text.translate(_DROPPED).lower()


def pieces(text: str) -> Sequence[Piece]:
    """What `unescaped` is made of."""
    read = [Piece(byte, at, at + 1) for at, each in enumerate(text) for byte in _bytes(each)]
    for _ in range(_MOST_TIMES):
        before, read = read, _once(read)
        if len(read) == len(before):
            break
    plain = (Piece(each.plain.translate(_DROPPED).lower(), *each[1:]) for each in read)
    return [each for each in plain if each.plain]


def _once(read: Sequence[Piece]) -> list[Piece]:
    told: list[Piece] = []
    at = 0
    for found in _ESCAPE.finditer("".join(each.plain for each in read)):
        told += read[at : found.start()]
        start, end = read[found.start()].start, read[found.end() - 1].end
        told += [Piece(byte, start, end) for byte in _character(found)]
        at = found.end()
    return [*told, *read[at:]]


def _character(found: re.Match[str]) -> str:
    kind = found.lastgroup or "entity"
    word = found[kind]
    if kind == "entity":
        return _bytes(unescape(f"&{word.lower()};"))
    return _bytes(chr(int(word, 16))) if kind == "wide" else chr(int(word, 16))


def _bytes(text: str) -> str:
    """A character for each byte in UTF-8, as percent signs have them."""
    return text if text.isascii() else text.encode("utf-8", "surrogatepass").decode("latin-1")
