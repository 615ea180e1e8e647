"""Pictures that this server made: how to paint each again is kept, by the name of its file.

So memory holds no pictures, and a picture is known again by its address, without being fetched.
"""

import hashlib
import re
from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

import msgspec
from msgspec.structs import replace

from mock_server.data_uris import is_data_uri
from mock_server.mock import Mock, Request
from mock_server.operation import Operation
from mock_server.picture import Picture
from mock_server.picture_files import MEDIA_TYPES, format_of, look_into
from mock_server.store import Recipe
from mock_server.works import Painting

_BEHAVIOUR: Final = "image-file"  # of the operation, in the contract, that serves the files
_PARAMETER: Final = re.compile(r"\{[^}]+\}")
_MOST_PIXELS: Final = 100_000_000  # of a picture that somebody put into a scenario
_GLANCE: Final = 256  # pixels of the longer side are enough to see the colours


class Hanging(msgspec.Struct, frozen=True):
    """A painting that can be fetched for so many `seconds` more, or without an end."""

    painting: Painting
    seconds: float | None


def hang(painting: Painting, request: Request, mock: Mock) -> str:
    """Remember a painting; the path at which it can be fetched from now on."""
    text = msgspec.json.encode(painting)
    # Nobody can tell the name of a picture who does not have the key that it was made with.
    secret = hashlib.blake2b(request.caller.key.encode("utf-8", "surrogatepass")).digest()
    mark = hashlib.blake2b(text, digest_size=20, key=secret).hexdigest()
    name = f"img_{mark}.{painting.form}"
    mock.store.keep(name, Recipe(request.caller.id, request.call.now, text))
    return address(name, mock)


def address(name: str, mock: Mock) -> str:
    """The path at which a file of that name would be fetched."""
    operation = _operation(mock)
    if operation is None:
        raise LookupError(f"no operation of the contract has the behaviour {_BEHAVIOUR}")
    return _PARAMETER.sub(name, operation.path)


def find(name: str, request: Request, mock: Mock) -> Hanging | None:
    """The painting of that file name, unless its time, as its maker sees it, is over."""
    recipe, operation = mock.store.recipe(name), _operation(mock)
    if recipe is None or operation is None:
        return None
    painting, seconds = msgspec.json.decode(recipe.text, type=Painting), None
    if operation.lifetime is not None:
        ahead = mock.clock.ahead(recipe.key) - mock.clock.ahead(request.caller.id)
        seconds = operation.lifetime - max(0.0, request.call.now + ahead - recipe.at)
        if seconds <= 0:
            return None
    return Hanging(painting, seconds)


def recognise(url: str, request: Request, mock: Mock) -> Picture | None:
    """What is on the picture at that address, if it is one that can be fetched here."""
    try:
        name = urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return None
    found = find(name, request, mock)
    return _seen(found.painting) if found else None


def recognise_all(urls: Iterable[str], request: Request, mock: Mock) -> None:
    """Pictures that are sent by the address that this server gave them are no strangers."""
    gallery = mock.spec.judges.gallery
    for url in set(urls):
        if not is_data_uri(url) and not gallery.has_seen(url):
            picture = recognise(url, request, mock)
            if picture is not None:
                gallery.know(url, picture)


def _seen(painting: Painting) -> Picture:
    if painting.copy_of:
        data = painting.file()
        picture = look_into(data, format_of(data) or "", most_pixels=_MOST_PIXELS, animated=True)
        return replace(picture, number=int(painting.seed[:12], 16))
    scale = min(1.0, _GLANCE / max(painting.width, painting.height))
    sides = [max(1, round(side * scale)) for side in (painting.width, painting.height)]
    small = replace(painting, width=sides[0], height=sides[1], form="png")
    picture = look_into(small.file(), "PNG", most_pixels=_GLANCE**2, animated=False)
    names = {media_type: name for name, media_type in MEDIA_TYPES.items()}
    return replace(
        picture,
        format=names[f"image/{painting.form}"],
        width=painting.width,
        height=painting.height,
        number=int(painting.seed[:12], 16),
    )


def _operation(mock: Mock) -> Operation | None:
    return next((each for each in mock.spec.operations if each.behaviour == _BEHAVIOUR), None)
