"""What is known of one picture, and what it costs a prompt."""

from typing import Final

import msgspec

from mock_server.wire import Json

DETAILS: Final = ("auto", "low", "high")
_BASE, _TILE, _TILE_SIDE = 85, 170, 512
_MOST_TILES = 16


class Picture(msgspec.Struct, frozen=True):
    """One picture: what its file says, or what the URL of an unseen one lets us suppose.

    `words` describe it (its prompt, or the words of its file name), `colours` name the largest
    first, `number` is the same for the same picture and differs between others.
    """

    format: str = "JPEG"
    width: int = 1024
    height: int = 1024
    colours: tuple[str, ...] = ()
    is_transparent: bool = False
    is_seen: bool = False
    words: str = ""
    number: int = 0


def picture_tokens(picture: Picture, detail: str = "auto") -> int:
    """What a picture costs in tokens: 85, and unless the detail is low 170 for each begun tile.

    A tile is 512 x 512 pixels of area, and no more than 16 are charged, so more pixels never cost
    fewer tokens. The figures are those of OA-082, without the scaling that makes them fall.
    """
    if detail == "low":
        return _BASE
    tiles = -(-picture.width * picture.height // _TILE_SIDE**2)
    return _BASE + _TILE * min(tiles, _MOST_TILES)


def facts_of(picture: Picture) -> dict[str, Json]:
    """What was seen, by words that properties are called by; nothing of an unseen picture."""
    if not picture.is_seen:
        return {}
    size = f"{picture.width}x{picture.height}"
    facts: dict[str, Json] = {"width": picture.width, "height": picture.height}
    facts |= dict.fromkeys(("format", "filetype"), picture.format)
    facts |= dict.fromkeys(("resolution", "dimensions", "size"), size)
    if picture.colours:
        facts |= dict.fromkeys(("color", "colour"), picture.colours[0])
        facts |= {name: list(picture.colours) for name in ("colors", "colours", "palette")}
    if picture.words:
        facts |= dict.fromkeys(("prompt", "caption", "description", "subject"), picture.words)
    return facts
