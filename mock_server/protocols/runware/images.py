"""The images of tasks: uploaded before, on the web, or inside of the request (RW-035, RW-170)."""

import re
from typing import Final
from urllib.parse import urlsplit

import msgspec

from mock_server.bare_pictures import inline, is_uuid
from mock_server.data_uris import is_data_uri
from mock_server.mock import Mock, Request
from mock_server.origin import origin
from mock_server.paintings import address, recognise
from mock_server.picture import Picture
from mock_server.protocols.runware.archive import Course, claim, keep
from mock_server.protocols.runware.envelope import failure
from mock_server.protocols.runware.ids import uuid_of
from mock_server.protocols.runware.outcome import Done
from mock_server.store import Recipe
from mock_server.wire import Json

_ENDINGS: Final = {"PNG": "png", "JPEG": "jpg", "WebP": "webp", "GIF": "gif", "BMP": "bmp"}


def image_upload(task: Json, request: Request, mock: Mock) -> Done:
    """An image gets a UUID, under which later tasks of the same key find it.

    Kept is what is on it and not the file, so its URL is known here and leads to no file.
    """
    claim(task["taskUUID"], request, mock)
    picture = seen(task["image"], "image", request, mock)
    uuid = uuid_of("image", request.seed, request.caller.id, task["taskUUID"].lower())
    text = msgspec.json.encode(picture)
    mock.store.keep(_name(uuid, request), Recipe(request.caller.id, request.call.now, text))
    ending = _ENDINGS.get(picture.format, "jpg")
    result = {
        "taskType": task["taskType"],
        "taskUUID": task["taskUUID"],
        "imageUUID": uuid,
        "imageURL": origin(request.call, mock.settings) + address(f"{uuid}.{ending}", mock),
    }
    keep(task, result, Course(), request, mock)
    return Done(result)


def seen(image: str, param: str, request: Request, mock: Mock) -> Picture:
    """What is on an image; raises ApiError where there is none, or none that can be fetched."""
    gallery = mock.spec.judges.gallery
    if is_uuid(image):
        return _uploaded(image, param, request, mock)
    url = inline(image)
    if is_data_uri(url):
        return gallery.look(url)
    if re.search(request.operation.terms["unreachable"], url):
        message = f"{param}: the image could not be fetched from there"
        raise failure("lost_image", message, param, request.operation.protocol)
    return _known(url, request, mock) or gallery.look(url)


def _uploaded(uuid: str, param: str, request: Request, mock: Mock) -> Picture:
    recipe = mock.store.recipe(_name(uuid, request))
    if recipe is None:
        message = f"{param}: no image of this key has the UUID '{uuid}'"
        raise failure("no_image", message, param, request.operation.protocol)
    return msgspec.json.decode(recipe.text, type=Picture)


def _known(url: str, request: Request, mock: Mock) -> Picture | None:
    """What is behind a URL that this server gave away itself."""
    try:
        name = urlsplit(url).path.rpartition("/")[2]
    except ValueError:
        return None
    recipe = mock.store.recipe(_name(name.partition(".")[0], request))
    if recipe is not None:
        return msgspec.json.decode(recipe.text, type=Picture)
    return recognise(url, request, mock)


def _name(uuid: str, request: Request) -> str:
    return f"upload_{request.caller.id}_{uuid.lower()}"
