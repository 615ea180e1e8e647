"""What is promised of pictures: each function is one law, named by it."""

import binascii
from base64 import b64decode
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from typing import Any, Final

Json = Any
FORMATS: Final[Mapping[str, str]] = {"png": "PNG", "jpeg": "JPEG", "webp": "WEBP"}
"""What Pillow calls each format."""
_LEAST, _MOST = 256, 2048  # pixels of a side (RC-111)
_SLACK = 0.02  # sides are whole pixels, so they may miss a ratio by this share of it


def pictures_come_in_the_form_asked_for(answer: Json, form: str) -> None:
    """Each has its `url` or its `b64_json` (RC-115)."""
    for entry in answer["data"]:
        assert isinstance(entry.get(form), str), f"{form} was asked for, not {sorted(entry)}"


def the_form_that_was_not_asked_for_is_empty(answer: Json, form: str) -> None:
    """The other of `url` and `b64_json` is null, or not there (RC-123)."""
    other = {"url": "b64_json", "b64_json": "url"}[form]
    for entry in answer["data"]:
        if entry.get(form) is not None:
            assert entry.get(other) is None, f"{other} was not asked for"


def there_are_as_many_as_asked_for(answer: Json, count: int) -> None:
    """`n` pictures, one where no number is named."""
    assert len(answer["data"]) == count, f"{len(answer['data'])} pictures, {count} were asked for"


def a_picture_is_whole(data: bytes) -> None:
    """The bytes are a file of a picture, from the first to the last."""
    from PIL import Image

    try:
        with Image.open(BytesIO(data)) as picture:
            picture.load()
    except (OSError, SyntaxError) as error:  # of a broken PNG, Pillow says that
        raise AssertionError(f"it does not decode: {error}") from None


def a_picture_is_of_the_format(data: bytes, form: str) -> None:
    """It is a file of that format: png, jpeg or webp."""
    found, _ = _seen(data)
    assert found == FORMATS[form], f"a {found}, not a {FORMATS[form]}"


def a_picture_has_the_sides(data: bytes, sides: tuple[int, int]) -> None:
    """It is so many pixels wide and high."""
    _, found = _seen(data)
    assert found == sides, f"{found} pixels, not {sides}"


def a_picture_has_the_shape(data: bytes, shape: str) -> None:
    """Its width to its height is what was asked for, such as 16:9 (RC-112)."""
    _, (width, height) = _seen(data)
    wide, high = map(int, shape.split(":"))
    assert abs(width / height * high / wide - 1) <= _SLACK, f"{width} x {height} is not {shape}"


def can_be_seen(data: bytes) -> bool:
    """Whether the head of the file tells what it is; how whole it is, is another law's."""
    try:
        _seen(data)
    except (OSError, SyntaxError):
        return False
    return True


def sides_of(asked: Json) -> tuple[int, int] | None:
    """The sides in pixels that a request asks for, of those that can be asked for."""
    if "width" in asked and "height" in asked:
        sides = asked["width"], asked["height"]
    else:
        sides = str(asked.get("size", "")).partition("x")[::2]
    try:
        width, height = (int(side) for side in sides)
    except (TypeError, ValueError):
        return None
    return (width, height) if all(_LEAST <= side <= _MOST for side in (width, height)) else None


def inline(answer: Json) -> list[bytes]:
    """The pictures that are in the answer itself, in base64 or as data URIs (RC-126)."""
    found = []
    for entry in answer["data"]:
        text = entry.get("b64_json") or str(entry.get("url")).partition(";base64,")[2]
        with suppress(binascii.Error):  # what is no base64 breaks its schema
            found += [b64decode(text, validate=True)] if text else []
    return found


def _seen(data: bytes) -> tuple[str | None, tuple[int, int]]:
    from PIL import Image

    with Image.open(BytesIO(data)) as picture:
        return picture.format, picture.size
