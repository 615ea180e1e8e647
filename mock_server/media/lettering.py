"""The words of a prompt, written on the picture that was made from it."""

from typing import TYPE_CHECKING, Final
from unicodedata import normalize

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

_MOST_CHARACTERS, _MOST_LINES = 120, 3
_LETTERS_HIGH: Final = 18  # so many lines of text would fill the shorter side
_WHITE, _DARK = (255, 255, 255), (24, 24, 28)
# No font has a letter for it (Unicode, section 23.7), so it shows what missing letters look like.
_MISSING: Final = "\uffff"


def letter(image: "Image", text: str) -> None:
    """Write a text at the foot of a picture, as far as there is room and the font has its letters.

    A text in a script that the font does not have leaves the picture as it is.
    """
    from PIL import ImageFont
    from PIL.ImageDraw import Draw

    high = max(9, min(image.size) // _LETTERS_HIGH)
    font = ImageFont.load_default(high)
    if not hasattr(font, "getlength") or isinstance(font, ImageFont.ImageFont):
        return  # a Pillow without FreeType
    words = _readable(" ".join(text[:_MOST_CHARACTERS].split()), font).split()
    lines = _lines(words, font, image.width * 0.9)
    foot = image.height - high * 0.8
    for number, line in enumerate(reversed(lines)):
        Draw(image).text(
            (image.width / 2, foot - number * high * 1.3),
            line,
            fill=_WHITE,
            font=font,
            anchor="ms",
            stroke_width=max(1, high // 16),
            stroke_fill=_DARK,
        )


def _readable(text: str, font: "FreeTypeFont") -> str:
    """The text without the letters that the font lacks; those with marks may lose their marks."""
    missing, written = _shape(_MISSING, font), {}
    for character in set(text):
        forms = (character, normalize("NFKD", character)[0])
        known = (each for each in forms if each.isprintable() and _shape(each, font) != missing)
        written[character] = next(known, " ")
    return "".join([written[character] for character in text])


def _shape(character: str, font: "FreeTypeFont") -> tuple[object, bytes]:
    mask = font.getmask(character)
    return mask.size, bytes(mask)


def _lines(words: list[str], font: "FreeTypeFont", width: float) -> list[str]:
    """Words set in lines of some width; an ellipsis stands for those that are too many."""
    lines = [""]
    for word in words:
        longer = f"{lines[-1]} {word}".strip()
        if font.getlength(longer) <= width:
            lines[-1] = longer
        elif len(lines) < _MOST_LINES and font.getlength(word) <= width:
            lines.append(word)
        else:
            lines[-1] += "…"
            break
    return [line for line in lines if line.strip(" …")]
