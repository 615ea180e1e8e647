"""Pictures made from a prompt, inline or by address, and the files there (RC-110 to RC-129)."""

import hashlib
from base64 import b64encode
from collections.abc import Iterator, Mapping

from mock_server import codec
from mock_server.errors import ApiError
from mock_server.media.sides import side_rule, sides_of
from mock_server.mock import Mock, Request
from mock_server.origin import origin
from mock_server.paintings import Painting, find, hang
from mock_server.scripted import fail_as_scripted
from mock_server.violations import show
from mock_server.wire import Json, Reply

_JSON = (b"content-type", b"application/json")
_LONGEST_PROMPT = 2_000  # characters that are painted, embedded and kept; all of it counts
# What of a request says how a picture is delivered, and not what is in it.
_DELIVERY = frozenset(
    {"n", "response_format", "output_format", "width", "height", "size", "aspect_ratio"}
)


def images(request: Request, mock: Mock) -> Reply:
    """So many pictures as were asked for.

    Raises ApiError (`model_not_found`) for a model that is known to do something else, and Invalid
    for sizes that disagree or are out of range.
    """
    fail_as_scripted(request, mock)
    provider, model = request.caller.provider, request.body["model"]
    mock.catalogue.check_kind(provider, model, request.operation.behaviour)
    fields = _fields(request, mock)
    paintings = list(_paintings(request.body, fields, mock.settings.seed))
    if _wish(request.body, fields, "response_format") == "b64_json":
        data = [{"url": None, "b64_json": b64encode(each.file()).decode()} for each in paintings]
    else:
        home = origin(request.call, mock.settings)
        paths = [hang(each, request, mock) for each in paintings]
        data = [{"url": home + path, "b64_json": None} for path in paths]
    return Reply(200, [_JSON], codec.encode({"created": int(request.call.now), "data": data}))


def image_file(request: Request, mock: Mock) -> Reply:
    """The picture behind an address; raises ApiError (`not_found`) when there is none any more."""
    fail_as_scripted(request, mock)
    name = request.parameters["file"]
    found = find(name, request, mock)
    if found is None:
        message = f"No picture has the address {show(name)}, or its time is over."
        raise ApiError("not_found", message, param="file")
    tag = f'"{name.partition(".")[0]}"'
    headers = [(b"etag", tag.encode())]
    if found.seconds is not None:
        headers.append((b"cache-control", b"private, max-age=%d" % found.seconds))
    if _is_known(tag, request):
        return Reply(304, headers, b"")
    headers.append((b"content-type", f"image/{found.painting.form}".encode()))
    return Reply(200, headers, found.painting.file())


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
    asked = {name: body[name] for name in sorted(fields.keys() - _DELIVERY) if name in body}
    if "seed" in asked:
        asked["seed"] = int(asked["seed"])  # to JSON Schema 7.0 is an integer, too
    for number in range(int(_wish(body, fields, "n"))):
        text = b"%d/%d/" % (seed, number) + codec.encode(asked)
        mark = hashlib.blake2b(text, digest_size=20).hexdigest()
        yield Painting(body["prompt"][:_LONGEST_PROMPT], mark, width, height, form)


def _is_known(tag: str, request: Request) -> bool:
    """Whether the client has the file already (RFC 9110, section 13.1.2)."""
    tags = ",".join(request.call.header_values(b"if-none-match")).split(",")
    return any(each.strip().removeprefix("W/") in (tag, "*") for each in tags)
