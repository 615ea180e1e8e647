"""Pictures to test with, made by Pillow."""

import base64
from io import BytesIO
from typing import Any

from PIL import Image

SIZE = (24, 16)


def saved(image: Image.Image, name: str, **options: Any) -> bytes:
    """The file of a picture."""
    file = BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def plain(colour: str = "red", name: str = "PNG", mode: str = "RGB", **options: Any) -> bytes:
    """A file of one colour."""
    return saved(Image.new("RGB", SIZE, colour).convert(mode), name, **options)


def noise(name: str = "PNG", size: tuple[int, int] = SIZE) -> bytes:
    """A file of many colours."""
    image = Image.effect_noise(size, 90).convert("RGB")
    return saved(image, name)


def animation(name: str) -> bytes:
    """A file of three frames."""
    frames = [Image.new("RGB", SIZE, colour) for colour in ("red", "green", "blue")]
    return saved(frames[0], name, save_all=True, append_images=frames[1:], duration=100)


def data_uri(data: bytes, media_type: str = "image/png") -> str:
    """A file as a client sends it."""
    return f"data:{media_type};base64,{base64.b64encode(data).decode()}"
