"""What a schema cannot ask of a request, so that generated ones often lack it.

A request without it is refused by every server that keeps the contract, whatever its schema says.
"""

import base64
import binascii
import io
from collections.abc import Iterator
from typing import Any

Json = Any
CODED = ("opus", "aac")
"""The formats of speech that need a codec of others."""
# With any of these a made-up object is most likely no schema, or one that nothing satisfies.
_KEYWORDS = frozenset(
    {
        *("$ref", "$defs", "$dynamicRef", "$schema", "$id", "$anchor", "allOf", "anyOf", "oneOf"),
        *("not", "if", "then", "else", "const", "enum", "properties", "patternProperties"),
        *("additionalProperties", "propertyNames", "required", "minProperties", "maxProperties"),
        *("dependentRequired", "dependentSchemas", "unevaluatedProperties", "items", "format"),
        *("prefixItems", "contains", "minItems", "maxItems", "minLength", "maxLength", "pattern"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    }
)


def makes_sense(body: Json) -> bool:
    """Whether the parts of a chat request fit together; true where they cannot even be told."""
    try:
        return (
            _results_answer_calls(body["messages"])
            and _choice_is_among_the_tools(body)
            and all(map(is_plain_schema, _schemas(body)))
            and all(can_be_seen(url, body["model"]) for url in _pictures(body["messages"]))
        )
    except (KeyError, TypeError, AttributeError):
        return True


def _results_answer_calls(messages: Json) -> bool:
    """Each call of a tool has one result, before anybody else speaks (OA-006)."""
    waiting: set[str] = set()
    for message in messages:
        if message["role"] == "tool":
            if message.get("tool_call_id") not in waiting:
                return False
            waiting.remove(message["tool_call_id"])
        elif waiting:
            return False
        elif message["role"] == "assistant":
            ids = [call["id"] for call in message.get("tool_calls") or ()]
            waiting = set(ids)
            if len(ids) != len(waiting):
                return False
    return not waiting


def _choice_is_among_the_tools(body: Json) -> bool:
    choice = body.get("tool_choice")
    if not isinstance(choice, dict):
        return True
    names = [tool["function"]["name"] for tool in body["tools"]]
    return choice["function"]["name"] in names


def _schemas(body: Json) -> Iterator[Json]:
    for tool in body.get("tools") or ():
        yield tool["function"].get("parameters", {})
    yield ((body.get("response_format") or {}).get("json_schema") or {}).get("schema", {})


def is_plain_schema(schema: Json) -> bool:
    """Whether a made-up object can only be taken for a schema that any object satisfies."""
    return _KEYWORDS.isdisjoint(schema) and schema.get("type", "object") == "object"


def _pictures(messages: Json) -> Iterator[str]:
    for message in messages:
        for part in message["content"] if isinstance(message.get("content"), list) else ():
            if "image_url" in part:  # judged in parts of other types too
                yield part["image_url"]["url"]


def can_be_seen(url: str, model: str) -> bool:
    """Whether it is a picture, as far as can be told, and the model looks at any (RU-025)."""
    if "deepseek" in model.lower():
        return False
    return not url.startswith("data:") or picture_format(url) is not None


def picture_format(uri: str) -> str | None:
    """The media type of the picture in a data URI that says so too; None where there is none."""
    from PIL import Image, UnidentifiedImageError

    head, _, data = uri.partition(",")
    try:
        with Image.open(io.BytesIO(base64.b64decode(data, validate=True))) as picture:
            found = picture.get_format_mimetype()
            return found if f"data:{found};base64" == head else None
    except (binascii.Error, UnidentifiedImageError, OSError, ValueError):
        return None


def lengths_agree(body: Json) -> bool:
    """Whether a request for a video names one length; true where that cannot even be told."""
    lengths = [body.get(name) for name in ("duration", "duration_seconds") if name in body]
    return len(lengths) < 2 or lengths[0] == lengths[1]


def is_recording(body: Json) -> bool:
    """Whether a form brings a recording; true where that cannot even be told."""
    try:
        # Beside a recording Schemathesis leaves other fields empty, and calls the whole valid.
        is_whole = body["model"] != ""
        return is_whole and body["file"][:4] in (b"RIFF", "RIFF")
    except (KeyError, TypeError, AttributeError):
        return True


def sides_agree(body: Json) -> bool:
    """Whether a request for pictures or a video names at most one size, and one that can be.

    It is true where that cannot even be told.
    """
    try:
        given = [name for name in ("width", "size", "aspect_ratio") if name in body]
        if len(given) > 1:
            return False
        wide, high = map(int, body.get("aspect_ratio", "1:1").split(":"))
        sides = body.get("size", "auto").partition("x")[::2]
        bounds = all(256 <= int(side) <= 2048 for side in sides) if sides[1] else True
        return bounds and max(wide, high) <= 4 * min(wide, high)
    except (ValueError, TypeError, AttributeError):
        return True
