"""Pictures made from a prompt, inline or by address, and the files behind these (RC-110 to RC-129).

What is kept of a picture is how to paint it, so that memory holds no pictures.
"""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping

import msgspec

from mock_server import codec
from mock_server.errors import ApiError
from mock_server.media.encoding import encode
from mock_server.media.painting import paint
from mock_server.media.sides import side_rule, sides_of
from mock_server.mock import Mock, Request
from mock_server.operation import Operation
from mock_server.origin import origin
from mock_server.protocols.openai.models import refuse_other_kinds
from mock_server.scripted import fail_as_scripted
from mock_server.store import Recipe
from mock_server.wire import Json, Reply

_JSON = (b"content-type", b"application/json")
_IMAGE = "image"  # the kind, in the catalogue, of the models that answer here
_FILE = "image-file"  # the behaviour, in the contract, of the operation that serves the files
_LONGEST_PROMPT = 2_000  # characters that are painted, embedded and kept; all of it counts
# What of a request says how a picture is delivered, and not what is in it.
_DELIVERY = frozenset(
    {"n", "response_format", "output_format", "width", "height", "size", "aspect_ratio"}
)


class Painting(msgspec.Struct, frozen=True):
    """How to paint a picture: `seed` is a digest of all that was asked for."""

    prompt: str
    seed: str
    width: int
    height: int
    form: str

    def file(self) -> bytes:
        """The picture as a file of its form, always the same bytes."""
        picture = paint(self.prompt, self.seed, self.width, self.height)
        return encode(picture, self.form, self.prompt)


def images(request: Request, mock: Mock) -> Reply:
    """So many pictures as were asked for.

    Raises ApiError (`model_not_found`) for a model that is known to do something else, and Invalid
    for sizes that disagree or are out of range.
    """
    fail_as_scripted(request, mock)
    refuse_other_kinds(request, mock, _IMAGE, "pictures")
    fields = _fields(request, mock)
    paintings = list(_paintings(request.body, fields, mock.settings.seed))
    if _wish(request.body, fields, "response_format") == "b64_json":
        data = [{"url": None, "b64_json": b64encode(each.file()).decode()} for each in paintings]
    else:
        home = origin(request.call, mock.settings)
        data = [{"url": home + _kept(each, request, mock), "b64_json": None} for each in paintings]
    answer = {"created": int(request.call.now), "data": data}
    return Reply(200, [_JSON], codec.encode(answer))


def image_file(request: Request, mock: Mock) -> Reply:
    """The picture behind an address; raises ApiError (`not_found`) when there is none any more."""
    fail_as_scripted(request, mock)
    name = request.parameters["file"]
    recipe, lifetime = mock.store.recipe(name), request.operation.lifetime
    left = _seconds_left(recipe, request, mock) if recipe else 0.0
    if recipe is None or left <= 0:
        message = f"No picture has the address {name[:80]}, or its time is over."
        raise ApiError("not_found", message, param="file")
    tag = f'"{name.rpartition(".")[0].removeprefix("img_")}"'
    headers = [(b"etag", tag.encode())]
    if lifetime is not None:
        headers.append((b"cache-control", b"private, max-age=%d" % left))
    if _is_known(tag, request):
        return Reply(304, headers, b"")
    painting = msgspec.json.decode(recipe.text, type=Painting)
    headers.append((b"content-type", f"image/{painting.form}".encode()))
    return Reply(200, headers, painting.file())


def _fields(request: Request, mock: Mock) -> Mapping[str, Json]:
    """The members that a request may have, as the contract describes them."""
    resolve = mock.spec.document.resolve
    properties = resolve(request.operation.bodies[0].node["schema"])["properties"]
    return {name: resolve(node) | node for name, node in properties.items()}


def _wish(body: Mapping[str, Json], fields: Mapping[str, Json], name: str) -> Json:
    """What a request says of something, or what the contract says that goes without saying."""
    return body.get(name, fields[name]["default"])


def _paintings(
    body: Mapping[str, Json], fields: Mapping[str, Json], seed: int
) -> Iterator[Painting]:
    width, height = sides_of(body, side_rule(fields))
    form = _wish(body, fields, "output_format")
    asked = {name: body[name] for name in sorted(body) if name in fields.keys() - _DELIVERY}
    for number in range(int(_wish(body, fields, "n"))):
        mark = _digest(b"%d/%d/" % (seed, number) + codec.encode(asked))
        yield Painting(body["prompt"][:_LONGEST_PROMPT], mark, width, height, form)


def _kept(painting: Painting, request: Request, mock: Mock) -> str:
    """Remember a picture; the path that leads to it."""
    text = msgspec.json.encode(painting)
    # Nobody can tell the name of a picture who does not have the key that it was made with.
    mark = _digest(text, request.caller.key.encode("utf-8", "surrogatepass"))
    name = f"img_{mark}.{painting.form}"
    mock.store.keep(name, Recipe(request.caller.id, request.call.now, text))
    return _file_operation(mock).path.replace("{file}", name)


def _file_operation(mock: Mock) -> Operation:
    return next(each for each in mock.spec.operations if each.behaviour == _FILE)


def _digest(text: bytes, key: bytes = b"") -> str:
    secret = hashlib.blake2b(key).digest()
    return hashlib.blake2b(text, digest_size=20, key=secret).hexdigest()


def _seconds_left(recipe: Recipe, request: Request, mock: Mock) -> float:
    """How long an address is still good, in the time that its maker sees."""
    lifetime = request.operation.lifetime
    if lifetime is None:
        return 1.0
    now = request.call.now + mock.clock.ahead(recipe.key)
    return lifetime - max(0.0, now - recipe.at)


def _is_known(tag: str, request: Request) -> bool:
    """Whether the client has the file already (RFC 9110, section 13.1.2)."""
    tags = ",".join(request.call.header_values(b"if-none-match")).split(",")
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in tags)
