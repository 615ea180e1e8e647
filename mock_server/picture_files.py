"""Picture files: what they truly are, and what is in them."""

import warnings
from io import BytesIO
from typing import TYPE_CHECKING, Final, cast

from mock_server.colours import main_colours
from mock_server.picture import Picture
from mock_server.provenance import prompt_in

if TYPE_CHECKING:
    from PIL.Image import Image

MEDIA_TYPES: Final = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WebP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
}
# Where a file has which bytes if it is of which format. More than are accepted, to name them.
_SIGNATURES: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "PNG"),
    (0, b"\xff\xd8\xff", "JPEG"),
    (0, b"GIF87a", "GIF"),
    (0, b"GIF89a", "GIF"),
    (8, b"WEBP", "WebP"),
    (4, b"ftypavi", "AVIF"),
    (4, b"ftyphei", "HEIC"),
    (4, b"ftyphev", "HEIC"),
    (4, b"ftypmif1", "HEIC"),
    (4, b"ftypmsf1", "HEIC"),
    (4, b"ftyp", "MP4"),
    (0, b"BM", "BMP"),
    (0, b"II*\0", "TIFF"),
    (0, b"MM\0*", "TIFF"),
    (0, b"II+\0", "TIFF"),
    (0, b"\0\0\1\0", "ICO"),
    (0, b"8BPS", "Photoshop file"),
    (0, b"\xff\x0a", "JPEG XL"),
    (4, b"JXL ", "JPEG XL"),
    (4, b"jP  ", "JPEG 2000"),
    (0, b"%PDF-", "PDF"),
)
_MARKUP: Final = ((b"<svg", "SVG"), (b"<!doctype html", "HTML page"), (b"<html", "HTML page"))
_MARKUP_WITHIN: Final = 1_000  # bytes
_SAMPLED: Final = 61  # points a side
# A small picture may be as empty as it likes; a large one has to be worth its bytes.
_ALWAYS_SMALL, _MOST_PIXELS_A_BYTE = 4_000_000, 2_000
_LONGEST_PROMPT: Final = 2_000


def format_of(data: bytes) -> str | None:
    """The format that a file's first bytes show, `PNG` or the like; None if they show none."""
    for place, signature, name in _SIGNATURES:
        if data.startswith(signature, place):
            return name
    head = data[:_MARKUP_WITHIN].lower()
    return next((name for mark, name in _MARKUP if mark in head), None)


def look_into(data: bytes, name: str, *, most_pixels: int, animated: bool) -> Picture:
    """Decode a whole picture file of the format `name`, and say what is seen.

    Raises ValueError that says what is wrong with it. A picture of too many pixels is refused
    before any of them is decoded.
    """
    from PIL import Image  # only few requests bring pictures; the server starts without it

    if not _is_whole(data, name):
        raise ValueError(f"is a truncated {name}: the end of the file is missing")
    try:
        with (
            warnings.catch_warnings(action="ignore"),
            Image.open(BytesIO(data), formats=(name.upper(),)) as image,
        ):
            _bound(image, len(data), most_pixels)
            if not animated and _moves(image, name):
                raise _Refused(f"is an animated {name}: send a single frame")
            image.load()
            return _seen(image, name)
    except _Refused:
        raise
    except Image.DecompressionBombError:
        raise ValueError(f"has more than {most_pixels:,} pixels in all") from None
    except Exception as error:  # whatever Pillow stumbles over, it is the file's fault
        raise ValueError(f"cannot be decoded: the {name} is truncated or damaged") from error


class _Refused(ValueError):
    """A sound picture that is not wanted."""


def _is_whole(data: bytes, name: str) -> bool:
    """Whether a file has its end, which decoders can do without."""
    if name == "PNG":
        return b"IEND\xae\x42\x60\x82" in data[-100_000:]
    if name == "JPEG":
        return b"\xff\xd9" in data[-100_000:]
    if name == "WebP":
        return len(data) >= 8 + int.from_bytes(data[4:8], "little")
    if name == "BMP":
        return len(data) >= int.from_bytes(data[2:6], "little")
    return _has_trailer(data)


def _has_trailer(data: bytes) -> bool:
    """Whether the blocks of a GIF lead to its trailer (GIF89a, appendix A), whatever follows."""
    at = 13 + _table(data[10:11])
    while data[at : at + 1] in (b"!", b","):
        is_image = data[at : at + 1] == b","
        at += 11 + _table(data[at + 9 : at + 10]) if is_image else 2
        while at < len(data) and data[at]:
            at += 1 + data[at]
        at += 1
    return data[at : at + 1] == b";"


def _table(flags: bytes) -> int:
    """How many bytes of colours follow a descriptor with these flags."""
    return 3 << (flags[0] & 7) + 1 if flags and flags[0] & 0x80 else 0


def _bound(image: "Image", size: int, most: int) -> None:
    width, height = image.size
    pixels = width * height
    if pixels > most:
        raise _Refused(f"has {width} x {height} pixels, which is more than {most:,} in all")
    if pixels > max(_ALWAYS_SMALL, size * _MOST_PIXELS_A_BYTE):
        raise _Refused(f"is a decompression bomb: {width} x {height} pixels in {size} bytes")


def _moves(image: "Image", name: str) -> bool:
    # A JPEG of several pictures (from a phone) has one that is shown, and is no animation.
    return name != "JPEG" and bool(getattr(image, "is_animated", False))


def _seen(image: "Image", name: str) -> Picture:
    points = cast("list[tuple[int, tuple[int, ...]]]", _sample(image).getcolors(_SAMPLED**2))
    width, height = image.size
    return Picture(
        format=name,
        width=width,
        height=height,
        colours=main_colours(point for point in points if point[1][3] >= 128),
        is_transparent=image.has_transparency_data and _has_holes(image),
        is_seen=True,
        words=_prompt(image),
    )


def _sample(image: "Image") -> "Image":
    """The picture in RGBA, of at most 61 x 61 of its own points."""
    from PIL.Image import Resampling

    small = image.resize((_points(image.width), _points(image.height)), Resampling.NEAREST)
    if "transparency" in image.info:
        small.info["transparency"] = image.info["transparency"]
    if small.mode.startswith(("I", "F")):  # 16 bits of grey, which a plain conversion would clip
        small = small.convert("I").point(lambda value: value / 256).convert("L")
    return small.convert("RGBA")


def _points(length: int) -> int:
    """How many points are taken of a side: not in step with it, or stripes would be missed."""
    return min(length, _SAMPLED - (length % _SAMPLED == 0))


def _has_holes(image: "Image") -> bool:
    veiled = image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
    return sum(veiled.getchannel("A").histogram()[:255]) > 0


def _prompt(image: "Image") -> str:
    try:
        return prompt_in(image)[:_LONGEST_PROMPT]
    except Exception:  # what a file says beside its picture may be broken; the picture is not
        return ""
