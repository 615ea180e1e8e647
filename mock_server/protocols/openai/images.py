"""Pictures made from a prompt, inline or by address, and the files there (RC-110 to RC-129)."""

from base64 import b64encode
from collections.abc import Iterator
from functools import partial

from msgspec.structs import replace

from mock_server import codec
from mock_server.errors import ApiError
from mock_server.files import File, file_reply
from mock_server.media.sides import side_rule, sides_of
from mock_server.mock import Mock, Request
from mock_server.origin import origin
from mock_server.paintings import find, hang
from mock_server.scenarios.scripts import Medium
from mock_server.scripted import medium
from mock_server.violations import show
from mock_server.wire import Errand, Json, Reply
from mock_server.wishes import Wishes, wishes_of
from mock_server.works import Painting

_JSON = (b"content-type", b"application/json")
_LONGEST_PROMPT = 2_000  # characters that are painted, embedded and kept; all of it counts
# What of a request says how a picture is delivered, and not what is in it.
_DELIVERY = frozenset(
    {"n", "response_format", "output_format", "width", "height", "size", "aspect_ratio"}
)


def images(request: Request, mock: Mock) -> Reply | Errand:
    """So many pictures as were asked for.

    Raises ApiError (`model_not_found`) for a model that is known to do something else, and Invalid
    for sizes that disagree or are out of range.
    """
    provider, model = request.caller.provider, request.body["model"]
    mock.catalogue.check_kind(provider, model, request.operation.behaviour)
    wishes = wishes_of(request, mock)
    scripted = medium(request, "image", wishes.of("output_format"))
    paintings = list(_paintings(wishes, scripted, request.seed))
    if wishes.of("response_format") == "b64_json":
        return Errand(partial(_inline, paintings, request, mock))
    home = origin(request.call, mock.settings)
    paths = [hang(each, request, mock) for each in paintings]
    return _listed([{"url": home + path, "b64_json": None} for path in paths], request)


def image_file(request: Request, mock: Mock) -> Reply | Errand:
    """The picture behind an address; raises ApiError (`not_found`) when there is none any more."""
    name = request.parameters["file"]
    found = find(name, request, mock)
    if found is None:
        message = f"No picture has the address {show(name)}, or its time is over."
        raise ApiError("not_found", message, param="file")
    painting, headers = found.painting, []
    if found.seconds is not None:
        headers.append((b"cache-control", b"private, max-age=%d" % found.seconds))
    tag = f'"{name.partition(".")[0]}"'
    file = File(tag, f"image/{painting.form}", tuple(headers), painting)
    return file_reply(file, request, mock.studio)


def _inline(paintings: list[Painting], request: Request, mock: Mock) -> Reply:
    files = [mock.studio.made(each) for each in paintings]
    data = [{"url": None, "b64_json": b64encode(each).decode()} for each in files]
    return _listed(data, request)


def _listed(data: list[Json], request: Request) -> Reply:
    return Reply(200, [_JSON], codec.encode({"created": int(request.call.now), "data": data}))


def _paintings(wishes: Wishes, scripted: Medium, seed: int) -> Iterator[Painting]:
    if scripted.words:
        wishes = replace(wishes, given={**wishes.given, "prompt": scripted.words})
    width, height = sides_of(wishes.given, side_rule(wishes.fields))
    copy_of = str(scripted.file or "")
    prompt, form = wishes.given["prompt"][:_LONGEST_PROMPT], wishes.of("output_format")
    for number in range(int(wishes.of("n"))):
        mark = wishes.mark(seed, number, without=_DELIVERY)
        yield Painting(prompt, mark, width, height, form, copy_of)
