"""From a picture to the bytes of its file, with the prompt that it was made from inside."""

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from mock_server.provenance import exif_marks, png_marks

if TYPE_CHECKING:
    from PIL.Image import Image

# What each format is saved with: where it costs little time for few bytes.
_OPTIONS: Final[dict[str, dict[str, Any]]] = {
    "png": {"compress_level": 3},
    "jpeg": {"quality": 88},
    "webp": {"quality": 84, "method": 2},
}


def encode(image: "Image", form: str, prompt: str) -> bytes:
    """The file of a picture as `png`, `jpeg` or `webp`."""
    # A NUL would end the text for whoever reads it as C strings are read.
    prompt = prompt.replace("\0", " ")
    marks: dict[str, Any]
    marks = {"pnginfo": png_marks(prompt)} if form == "png" else {"exif": exif_marks(prompt)}
    file = BytesIO()
    image.save(file, form.upper(), **_OPTIONS[form], **marks)
    return file.getvalue()
