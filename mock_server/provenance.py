"""How a picture says that this server made it, and from what prompt.

PNG has text chunks (`Description`, and `Software`, by the names that the PNG specification gives
them); JPEG and WebP have the EXIF tags ImageDescription and Software.
"""

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PIL.Image import Exif, Image
    from PIL.PngImagePlugin import PngInfo

MAKER: Final = "understudy"
PNG_PROMPT, PNG_MAKER = "Description", "Software"
EXIF_PROMPT, EXIF_MAKER = 0x010E, 0x0131


def png_marks(prompt: str) -> "PngInfo":
    """The text chunks of a PNG made from a prompt."""
    from PIL.PngImagePlugin import PngInfo

    marks = PngInfo()
    marks.add_itxt(PNG_PROMPT, prompt)
    marks.add_itxt(PNG_MAKER, MAKER)
    return marks


def exif_marks(prompt: str) -> "Exif":
    """The EXIF tags of a JPEG or WebP made from a prompt."""
    from PIL.Image import Exif

    marks = Exif()
    # EXIF calls these texts ASCII; as bytes they are stored as they are, so UTF-8 goes through.
    marks[EXIF_PROMPT] = prompt.encode()
    marks[EXIF_MAKER] = MAKER.encode()
    return marks


def prompt_in(image: "Image") -> str:
    """The prompt that this server made a (loaded) picture from; empty for anybody else's."""
    if image.format == "PNG":
        texts = getattr(image, "text", {})
        return str(texts.get(PNG_PROMPT, "")) if texts.get(PNG_MAKER) == MAKER else ""
    if "exif" not in image.info:
        return ""
    marks = image.getexif()
    return _text(marks.get(EXIF_PROMPT)) if _text(marks.get(EXIF_MAKER)) == MAKER else ""


def _text(value: object) -> str:
    data = value if isinstance(value, bytes) else str(value or "").encode("latin-1", "replace")
    return data.decode("utf-8", "replace").rstrip("\0")
