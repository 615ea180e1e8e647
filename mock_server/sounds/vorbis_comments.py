"""Vorbis comments, which FLAC and Ogg files carry (Vorbis I specification, section 5)."""

from struct import unpack_from
from typing import Final

_MOST: Final = 1_000
_NAMES: Final = {
    "description": "description",
    "comment": "description",
    "artist": "artist",
    "software": "software",
}


def comments(data: bytes | memoryview) -> dict[str, str]:
    """The comments of interest in a comment block; what is cut off or damaged is left out."""
    found: dict[str, str] = {}
    view = memoryview(data)
    if len(view) < 8:
        return found
    at = 4 + int(unpack_from("<I", view)[0])
    if at + 4 > len(view):
        return found
    count, at = unpack_from("<I", view, at)[0], at + 4
    for _ in range(min(count, _MOST)):
        if at + 4 > len(view):
            break
        size = unpack_from("<I", view, at)[0]
        text = bytes(view[at + 4 : at + 4 + size]).decode("utf-8", "replace")
        name, _, value = text.partition("=")
        if name.lower() in _NAMES:
            found.setdefault(_NAMES[name.lower()], value)
        at += 4 + size
    return found
