"""Plain names of colours, and which of them fill a picture."""

from collections import Counter
from collections.abc import Iterable
from colorsys import rgb_to_hsv
from typing import Final

NAMES: Final = (
    "black",
    "white",
    "grey",
    "red",
    "orange",
    "brown",
    "yellow",
    "green",
    "turquoise",
    "blue",
    "purple",
    "pink",
    "beige",
)
_MOST: Final = 3
_LEAST_SHARE: Final = 0.1
_BLACK_BELOW, _WHITE_ABOVE, _GREY_BELOW = 0.16, 0.92, 0.12
# Where on the circle of hues (0 to 360 degrees) a name ends; red is at both ends.
_HUES: Final = (
    (14, "red"),
    (40, "orange"),
    (68, "yellow"),
    (160, "green"),
    (192, "turquoise"),
    (257, "blue"),
    (291, "purple"),
    (343, "pink"),
    (360, "red"),
)


def colour_name(red: int, green: int, blue: int) -> str:
    """The plain name of a colour, of components from 0 to 255."""
    hue, saturation, value = rgb_to_hsv(red / 255, green / 255, blue / 255)
    if value < _BLACK_BELOW:
        return "black"
    if saturation < _GREY_BELOW:
        return (
            "white" if value > _WHITE_ABOVE and saturation < _GREY_BELOW / 2 else _pale(hue, value)
        )
    degrees = hue * 360
    name = next(name for end, name in _HUES if degrees <= end)
    return _shaded(name, saturation, value)


def main_colours(counts: Iterable[tuple[int, tuple[int, ...]]]) -> tuple[str, ...]:
    """The two or three names that most pixels have, the most frequent first.

    `counts` are numbers of pixels with their (red, green, blue).
    """
    shares: Counter[str] = Counter()
    for number, colour in counts:
        shares[colour_name(*colour[:3])] += number
    least = _LEAST_SHARE * shares.total()
    ranked = sorted(shares.items(), key=lambda share: (-share[1], share[0]))[:_MOST]
    return tuple(name for place, (name, number) in enumerate(ranked) if not place or number > least)


def _pale(hue: float, value: float) -> str:
    return "beige" if value > _WHITE_ABOVE and hue * 360 < 68 else "grey"


def _shaded(name: str, saturation: float, value: float) -> str:
    """What a hue is called when it is dark or pale."""
    if name in ("red", "orange", "yellow") and saturation < 0.35:
        return "pink" if name == "red" and value > 0.8 else "beige" if value > 0.75 else "brown"
    if name == "red":
        return "pink" if saturation < 0.5 and value > 0.8 else "red"
    if name == "orange" and value < 0.8:
        return "brown"
    if name == "yellow" and value < 0.4:
        return "brown"
    if name == "pink" and value < 0.65:
        return "purple"
    return name
