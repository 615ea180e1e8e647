"""Which colours a picture made from some words should have."""

import re
from collections.abc import Iterator, Mapping
from random import Random
from typing import Final

from mock_server.colours import NAMES

Tone = tuple[int, int, int]
_WORD: Final = re.compile(r"[^\W\d_]+")
_MOST: Final = 3
# A light and a deep tone of each name; every tone between them has the same name.
TONES: Final[Mapping[str, tuple[Tone, Tone]]] = {
    "black": ((38, 36, 40), (10, 10, 14)),
    "white": ((253, 253, 253), (240, 241, 242)),
    "grey": ((178, 180, 184), (104, 106, 110)),
    "red": ((222, 48, 44), (136, 14, 22)),
    "orange": ((252, 164, 70), (224, 108, 22)),
    "brown": ((166, 104, 58), (92, 54, 26)),
    "yellow": ((253, 226, 92), (228, 186, 34)),
    "green": ((104, 196, 98), (20, 104, 54)),
    "turquoise": ((84, 216, 208), (12, 136, 140)),
    "blue": ((98, 168, 240), (22, 56, 150)),
    "purple": ((170, 112, 222), (86, 32, 140)),
    "pink": ((252, 170, 206), (234, 96, 160)),
    "beige": ((246, 234, 208), (226, 206, 172)),
}
_SYNONYMS: Final = {
    **dict.fromkeys(("gray", "silver"), "grey"),
    **dict.fromkeys(("scarlet", "crimson", "ruby"), "red"),
    **dict.fromkeys(("gold", "golden", "lemon"), "yellow"),
    **dict.fromkeys(("emerald", "lime", "mint", "olive"), "green"),
    **dict.fromkeys(("teal", "cyan", "aqua"), "turquoise"),
    **dict.fromkeys(("navy", "azure", "sapphire"), "blue"),
    **dict.fromkeys(("violet", "lilac", "lavender"), "purple"),
    **dict.fromkeys(("magenta", "rosy"), "pink"),
    **dict.fromkeys(("cream", "ivory"), "beige"),
    **dict.fromkeys(("tan", "bronze", "chocolate"), "brown"),
    **dict.fromkeys(("amber", "copper"), "orange"),
    "ebony": "black",
}
# What things are usually like, for prompts that leave room for it.
_THINGS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("sunset sunrise dusk dawn evening", ("orange", "purple")),
    ("night midnight space galaxy star moon", ("black", "blue")),
    ("sea ocean harbour harbor lake water wave river tide boat ship puddle", ("blue", "turquoise")),
    ("forest tree garden jungle meadow leaf grass frog", ("green", "brown")),
    ("desert dune beach sand", ("beige", "orange")),
    ("snow winter ice glacier polar", ("white", "blue")),
    ("fire flame lava volcano", ("red", "orange")),
    ("autumn fox pumpkin", ("orange", "brown")),
    ("city street fog rain robot castle stone", ("grey", "blue")),
    ("flower blossom cherry flamingo", ("pink", "green")),
    ("wheat sun sunflower bee", ("yellow", "green")),
    ("sky cloud kite bird", ("blue", "white")),
)
_THING_COLOURS: Final = {word: hues for words, hues in _THINGS for word in words.split()}


def hues_of(prompt: str, random: Random) -> tuple[str, ...]:
    """Two or three names of colours, the one to dominate first.

    Those that the prompt names come first, then those of the things in it, then chance decides.
    """
    words = _WORD.findall(prompt.lower())
    found = [*_named(words), *_usual(words)]
    hues = list(dict.fromkeys(found))[:_MOST]
    while len(hues) < 2:
        other = random.choice(NAMES)
        if other not in hues:
            hues.append(other)
    return tuple(hues)


def _named(words: list[str]) -> Iterator[str]:
    for word in words:
        if word in TONES:
            yield word
        elif word in _SYNONYMS:
            yield _SYNONYMS[word]


def _usual(words: list[str]) -> Iterator[str]:
    for word in words:
        yield from _THING_COLOURS.get(word) or _THING_COLOURS.get(word.removesuffix("s"), ())
