"""Whether the body of a request keeps the contract: its media type, its form, its schema."""

from collections.abc import Mapping
from typing import Any

import msgspec

from mock_server import codec
from mock_server.document import Document
from mock_server.errors import ApiError, Invalid
from mock_server.operation import Media, Operation
from mock_server.parameters import items_of, typed, types_of
from mock_server.spec import Spec
from mock_server.violations import first_violation
from mock_server.wire import Buffer, Call, Json

_TOO_LARGE = "The request body is larger than this server takes, which `--max-body` can change."


class Content(msgspec.Struct, frozen=True):
    """The body of a request, read: its value, and the files where it was a form."""

    value: Json = None
    files: Mapping[str, Any] | None = None


def read_body(spec: Spec, call: Call, operation: Operation) -> tuple[Content, Media | None]:
    """The decoded body and what the contract says of it.

    Raises ApiError: `body_too_large`, `unsupported_media_type`, `invalid_body`.
    """
    if call.body is None:
        raise ApiError("body_too_large", _TOO_LARGE)
    if not operation.bodies or (not call.body and not operation.body_required):
        return Content(), None
    media = _media(call, operation)
    return _decoded(spec, call, media), media


def check_body(
    spec: Spec, content: Content, media: Media | None, secret: str | None = None
) -> None:
    """Raises Invalid at the first rule of the contract that the body breaks.

    `secret` is the member of the body, if any, that may hold a key.
    """
    if media is not None and media.pointer:
        spec.judges.gallery.begin()
        pointer = media.whole or media.pointer
        violation = first_violation(spec.validator(pointer), content.value, secret=secret)
        if violation is not None:
            raise _as_sent(violation, content)


def _as_sent(violation: Invalid, content: Content) -> Invalid:
    """The violation in the words of who sent it: to the schema, files were but strings."""
    count = len((content.files or {}).get(violation.param or "", ()))
    if count < 2 or violation.kind != "invalid_type":
        return violation
    message = f"{violation.param}: is sent {count} times, and takes a single file"
    return Invalid("invalid_type", message, param=violation.param)


def _media(call: Call, operation: Operation) -> Media:
    sent, coding = [], None
    for name, value in call.headers:
        if name == b"content-type":
            sent.append(value.decode("latin-1"))
        elif name == b"content-encoding":
            coding = value.decode("latin-1")
    if len(sent) == 1 and (coding is None or coding.lower() == "identity"):
        media_type = sent[0].partition(";")[0].strip().lower()
        for media in operation.bodies:
            if _matches(media.type, media_type) and _is_utf8(sent[0], media):
                return media
    raise ApiError("unsupported_media_type", _unsupported(operation, sent, coding))


def _unsupported(operation: Operation, sent: list[str], coding: str | None) -> str:
    accepted = " or ".join(media.type for media in operation.bodies)
    said = ", ".join(repr(each) for each in sent) or "none"
    coded = f" with Content-Encoding {coding!r}" if coding else ""
    return f"Send the body as Content-Type {accepted}; it came as {said}{coded}."


def _is_utf8(content_type: str, media: Media) -> bool:
    if "=" not in content_type or not is_json(media.type):
        return True
    charset = content_type.lower().partition("charset=")[2].partition(";")[0].strip("\"' ")
    return charset in ("", "utf-8", "utf8", "us-ascii")


def _matches(documented: str, sent: str) -> bool:
    if documented in (sent, "*/*"):
        return True
    if documented.endswith("/*"):
        return sent.startswith(documented[:-1])
    return documented.partition(";")[0].strip() == sent


def is_json(media_type: str) -> bool:
    """Whether bodies of this media type are JSON texts."""
    base = media_type.partition(";")[0].strip()
    return base == "application/json" or base.endswith("+json")


def _decoded(spec: Spec, call: Call, media: Media) -> Content:
    media_type = call.media_type
    if media_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
        return _form(spec, call, media)
    body = bytes(call.body or b"")
    if is_json(media_type):
        return Content(codec.decode(body))
    return Content(body.decode("utf-8" if media_type.startswith("text/") else "latin-1", "replace"))


def _form(spec: Spec, call: Call, media: Media) -> Content:
    from mock_server import forms  # only few clients send forms; the server starts without it

    body = call.body or b""
    if call.media_type == "multipart/form-data":
        parts = forms.parse_multipart(call.header(b"content-type") or "", body)
    else:
        parts = list(forms.parse_urlencoded(bytes(body)))
    properties = _properties(spec.document, media.node.get("schema", {}))
    value: dict[str, Json] = {}
    files: dict[str, Json] = {}
    for part in parts:
        name = part.name if part.name in properties else part.name.removesuffix("[]")
        types = types_of(spec.document, properties.get(name, {}))
        if part.filename is not None:
            files.setdefault(name, []).append(part)
        # Whatever the bytes of a file are, to the schema it is a string.
        is_text = part.filename is None and not _is_binary(properties.get(name), spec.document)
        text = _field(part.name, part.data) if is_text else "file"
        if is_text:
            inner = items_of(spec.document, properties[name]) if "array" in types else types
            _add(value, name, typed(text, inner), many="array" in types)
        else:
            _add(value, name, text, many="array" in types)
    return Content(value, files)


def _is_binary(schema: Json, document: Document) -> bool:
    return schema is not None and document.resolve(schema).get("format") == "binary"


def _field(name: str, data: Buffer) -> str:
    try:
        return bytes(data).decode("utf-8")
    except UnicodeDecodeError:
        message = f"{name}: is not valid UTF-8 text"
        raise Invalid("invalid_body", message, param=name) from None


def _properties(document: Document, schema: Json) -> dict[str, Json]:
    """The properties of a schema, its own and those of what it is composed of."""
    schema = document.resolve(schema)
    if not isinstance(schema, dict):
        return {}
    found = dict(schema.get("properties", {}))
    for keyword in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(keyword, []):
            found |= _properties(document, each)
    return found


def _add(value: dict[str, Json], name: str, item: Json, *, many: bool) -> None:
    # A field sent twice is an array: right where the schema wants one, else refused by its type.
    if name in value:
        earlier = value[name]
        value[name] = [*earlier, item] if isinstance(earlier, list) else [earlier, item]
    else:
        value[name] = [item] if many else item
