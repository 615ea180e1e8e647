"""Pictures painted from a prompt: its colours, a landscape or a pattern, and its words.

Painting is drawn coarsely, made smaller so that edges become smooth, and brought to its size: that
costs the same for every size but for the last step.
"""

import math
from collections.abc import Callable
from random import Random
from typing import TYPE_CHECKING, Final

from mock_server.media.hues import TONES, Tone, hues_of
from mock_server.media.lettering import letter

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

_SIDE: Final = 1024  # pixels of the longer side, while it is drawn
_SHRUNK: Final = 2
_STEP: Final = 8  # pixels between two points of an outline


def paint(prompt: str, seed: int | str, width: int, height: int) -> "Image":
    """An RGB picture of width x height pixels, the same for the same prompt, seed and size.

    The colour that the prompt names first covers the most of it.
    """
    from PIL.Image import Resampling

    random = Random(f"{seed}/{prompt}")
    hues = hues_of(prompt, random)
    motif = random.choice(_MOTIFS)
    scale = _SIDE / max(width, height)
    size = (max(_SHRUNK, round(width * scale)), max(_SHRUNK, round(height * scale)))
    coarse = motif(size, hues, random)
    image = coarse.reduce(_SHRUNK).resize((width, height), Resampling.BICUBIC)
    letter(image, prompt)
    return image


def _gradient(size: tuple[int, int], hue: str, random: Random) -> "Image":
    """The ground: from the light tone of a colour to the deep one, or the other way round."""
    from PIL import Image

    tones = list(TONES[hue])
    if random.uniform(0, 1) < 0.3:
        tones.reverse()
    strip = Image.new("RGB", (1, 2))
    for row, tone in enumerate(tones):
        strip.putpixel((0, row), tone)
    tall = strip.resize((1, size[1]), Image.Resampling.BILINEAR)
    return tall.resize(size, Image.Resampling.NEAREST)


def _brush(image: "Image") -> "ImageDraw":
    from PIL.ImageDraw import Draw

    return Draw(image)


def _tone(hue: str, depth: float) -> Tone:
    """A tone of a colour: light at a depth of 0, deep at 1."""
    light, deep = TONES[hue]
    red, green, blue = (round(a + (b - a) * depth) for a, b in zip(light, deep, strict=True))
    return (red, green, blue)


def _disc(draw: "ImageDraw", centre: tuple[float, float], radius: float, fill: Tone) -> None:
    x, y = centre
    draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)


def _ridge(
    size: tuple[int, int], level: float, swing: float, random: Random
) -> list[tuple[float, float]]:
    """The outline of hills around a level, a share of the height from the top."""
    width, height = size
    waves = [(random.uniform(0.5, 3), random.uniform(0, math.tau), swing)]
    waves.append((random.uniform(4, 9), random.uniform(0, math.tau), swing / 4))
    points = [(0.0, float(height))]
    for x in range(0, width + _STEP, _STEP):
        turn = x / width * math.tau
        lift = sum(high * math.sin(turn * often + start) for often, start, high in waves)
        points.append((float(x), (level + lift) * height))
    return [*points, (float(width), float(height))]


def _hills(size: tuple[int, int], hues: tuple[str, ...], random: Random) -> "Image":
    """A sky with a sun, and hills before it."""
    image = _gradient(size, hues[0], random)
    draw, short = _brush(image), min(size)
    sun = (random.uniform(0.2, 0.8) * size[0], random.uniform(0.18, 0.34) * size[1])
    radius = random.uniform(0.08, 0.14) * short
    for halo in (1.5, 1.22):
        _disc(draw, sun, radius * halo, _tone(hues[0], 0.3 if halo > 1.3 else 0.1))
    _disc(draw, sun, radius, _tone(hues[-1], 0.0))
    near = hues[2:] or hues[1:]
    for number, (hue, level) in enumerate(
        [(hues[0], 0.56), (hues[1], 0.68), (hues[1], 0.76), (near[0], 0.86)]
    ):
        outline = _ridge(size, level, 0.045, random)
        draw.polygon(outline, fill=_tone(hue, 0.25 + 0.25 * number))
    return image


def _discs(size: tuple[int, int], hues: tuple[str, ...], random: Random) -> "Image":
    """Many discs, some of them rings, that leave most of the ground free."""
    image = _gradient(size, hues[0], random)
    draw, short = _brush(image), min(size)
    free, number = 0.4 * size[0] * size[1], 0
    while free > 0 and number < 60:
        radius = random.uniform(0.03, 0.16) * short
        centre = (random.uniform(0, size[0]), random.uniform(0, size[1]))
        hue = hues[1 + number % (len(hues) - 1)]
        _disc(draw, centre, radius, _tone(hue, random.uniform(0, 1)))
        if random.uniform(0, 1) < 0.4:
            _disc(draw, centre, radius * 0.6, _tone(hues[0], random.uniform(0, 1)))
        free -= math.pi * radius**2
        number += 1
    return image


def _rays(size: tuple[int, int], hues: tuple[str, ...], random: Random) -> "Image":
    """Rays from a point, with discs around it."""
    image = _gradient(size, hues[0], random)
    draw, far = _brush(image), math.hypot(*size)
    centre = (random.uniform(0.3, 0.7) * size[0], random.uniform(0.3, 0.6) * size[1])
    count, start = random.randrange(7, 15), random.uniform(0, math.tau)
    for number in range(count):
        angle = start + number / count * math.tau
        ends = [
            (centre[0] + far * math.cos(each), centre[1] + far * math.sin(each))
            for each in (angle, angle + 0.36 * math.tau / count)
        ]
        draw.polygon([centre, *ends], fill=_tone(hues[1], 0.2 + 0.6 * (number % 2)))
    for share, hue, depth in ((0.24, hues[0], 0.8), (0.2, hues[-1], 0.4), (0.1, hues[0], 0.1)):
        _disc(draw, centre, share * min(size), _tone(hue, depth))
    return image


def _waves(size: tuple[int, int], hues: tuple[str, ...], random: Random) -> "Image":
    """Bands that swing from side to side, those of the first colour the widest."""
    image = _gradient(size, hues[0], random)
    draw, level, number = _brush(image), random.uniform(0.16, 0.26), 0
    while level < 1:
        hue = hues[0] if number % 2 else hues[1 + number // 2 % (len(hues) - 1)]
        draw.polygon(_ridge(size, level, 0.03, random), fill=_tone(hue, random.uniform(0, 1)))
        level += random.uniform(0.13, 0.18) if number % 2 else random.uniform(0.07, 0.1)
        number += 1
    return image


_MOTIFS: Final[tuple[Callable[[tuple[int, int], tuple[str, ...], Random], "Image"], ...]] = (
    _hills,
    _discs,
    _rays,
    _waves,
)
