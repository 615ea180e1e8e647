"""Which keys a text wants a JSON object to have, as the schema of such an object."""

import re
from collections.abc import Iterator
from typing import Final

import msgspec

from mock_server.slots.kinds import words_of
from mock_server.slots.vocabulary import MONEY, words
from mock_server.values.words import size
from mock_server.wire import Json

_MOST_KEYS: Final = 40
_DEEPEST: Final = 6
_LONGEST: Final = 8_000  # characters that are searched
_INTRODUCED: Final = re.compile(
    r"\b(?:keys?|fields?|propert(?:y|ies)|attributes?|columns?|members)\b(?: (?:named|called))?"
    r"(?: (?:are|is|such as|like|of))?\s*[:\-–]?\s*(?P<list>[`'\"\w][^\n.;{}]{0,400})"
    r"|\bjson\b(?: (?:object|format|response|output|document))?(?: that)?"
    r" (?:with|containing|contains|including|includes|has|having)"
    r"(?: (?:the|a|an|following|two|three"
    r"|four|keys?|fields?|propert(?:y|ies)|attributes?|named|called))*\s*:?\s*"
    r"(?P<list2>[`'\"\w][^\n.;{}]{0,400})",
    re.IGNORECASE,
)
_LINE: Final = re.compile(
    r"^[ \t]{0,8}(?:[-*•]|\d+[.)])\s*[`'\"*]{0,3}(?P<key>[A-Za-z_]\w{0,40})[`'\"*]{0,3}"
    r"\s*(?:\((?P<type>[^)\n]{1,40})\))?\s*[:–-]\s*(?P<about>[^\n]{0,80})",
    re.MULTILINE,
)
_ITEM: Final = re.compile(
    r"[`'\"]?(?P<key>[^\W\d][\w-]{0,40}(?: [a-z]\w{0,20})?)[`'\"]?\s*"
    r"(?:[:(]\s*(?P<type>[\w \[\]]{1,40})\)?"
    r"|(?:as|which is|being) (?P<type2>an? [\w ]{1,30}))?\s*\Z"
)
_BREAK: Final = re.compile(r"\s*,\s*(?:and |& )?|\s+and\s+|\s*&\s*")
_PAIR: Final = re.compile(
    r"[\"'](?P<key>[\w -]{1,40})[\"']\s*:\s*(?P<type>[\"'<]?[\w .<>|-]{0,30}|\[|\{)"
)
_TYPES: Final = {
    **dict.fromkeys(("string", "str", "text"), "string"),
    **dict.fromkeys(("integer", "int", "whole"), "integer"),
    **dict.fromkeys(("number", "float", "double", "decimal"), "number"),
    **dict.fromkeys(("boolean", "bool"), "boolean"),
    **dict.fromkeys(("array", "list", "["), "array"),
    **dict.fromkeys(("object", "dict", "{"), "object"),
}
_COUNTED: Final = words("count quantity age year total number score rating price population length")
_TRUE_OR_FALSE: Final = ("is_", "has_", "can_", "should_")
_STOP: Final = words(
    """json object keys key fields field only format value values exactly the a an and or of in to
    is are you it as this that your my"""
)
_PLURAL: Final = re.compile(r"(?<![suia])s\Z")


def wanted(text: str) -> tuple[dict[str, Json] | None, str]:
    """The schema of the object that a text describes, if it does, and the text without that."""
    text = text if len(text) <= _LONGEST else text[: _LONGEST // 2] + text[-_LONGEST // 2 :]
    for read in (_by_example, _by_list, _by_lines):
        properties, rest = read(text)
        if properties:
            return _object(properties), rest
    return None, text


def _object(properties: dict[str, Json]) -> dict[str, Json]:
    kept = dict(list(properties.items())[:_MOST_KEYS])
    return {
        "type": "object",
        "properties": kept,
        "required": list(kept),
        "additionalProperties": False,
    }


def _by_example(text: str) -> tuple[dict[str, Json], str]:
    """The members of an object that stands in the text, be it proper JSON or only like it."""
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return {}, text
    inner, rest = text[start : end + 1], text[:start] + text[end + 1 :]
    try:
        value: Json = msgspec.json.decode(inner)
    except (msgspec.DecodeError, RecursionError):
        pairs = list(_PAIR.finditer(inner))[:_MOST_KEYS]
        return {
            pair["key"]: _typed(pair["key"], pair["type"].strip(" \"'<>")) for pair in pairs
        }, rest
    return ({key: _like(key, each, 0) for key, each in value.items()}, rest)


def _like(key: str, value: Json, depth: int) -> dict[str, Json]:
    """A schema of values that look like this one; a type's name stands for the type."""
    if isinstance(value, bool):
        return {"type": "boolean"}
    if isinstance(value, int | float):
        return {"type": "integer" if isinstance(value, int) else "number"}
    if isinstance(value, dict) and value and depth < _DEEPEST:
        return _object({name: _like(name, each, depth + 1) for name, each in value.items()})
    if isinstance(value, list):
        items = _like("", value[0], depth + 1) if value and depth < _DEEPEST else _TEXT
        return {"type": "array", "items": items, "minItems": 1}
    return _typed(key, value.strip("<> ")) if isinstance(value, str) else _TEXT


def _by_list(text: str) -> tuple[dict[str, Json], str]:
    """Keys that a sentence lists: `with the keys name, age (integer) and tags`."""
    for found in _INTRODUCED.finditer(text):
        which = "list" if found["list"] else "list2"
        properties: dict[str, Json] = {}
        end = found.start(which)
        for part in _BREAK.split(found[which]):
            item = _ITEM.match(_cut(part))
            if item is None or item["key"].lower() in _STOP:
                break
            kind = item["type"] or item["type2"] or ""
            properties[item["key"].replace(" ", "_")] = _typed(item["key"], kind)
            end = text.find(item[0], end) + len(item[0])
        if properties:
            return properties, f"{text[: found.start()]} {text[end:]}"
    return {}, text


def _cut(part: str) -> str:
    """An item of a list without what follows it: `age for the user` is `age`."""
    name, colon, told = part.partition(":")
    if colon and not any(word in _TYPES for word in _told(told)):
        part = name
    kept: list[str] = []
    for word in part.split():
        if kept and word.lower() in _CUTTING:
            break
        kept.append(word)
    return " ".join(kept)


_CUTTING: Final = words("for about of from in to describing that where with using on based given")


def _by_lines(text: str) -> tuple[dict[str, Json], str]:
    """Keys that stand in a list of lines: `- title: the name of the book`."""
    if "json" not in text.lower():
        return {}, text
    lines = list(_LINE.finditer(text))
    properties = {
        line["key"]: _typed(line["key"], line["type"] or line["about"] or "") for line in lines
    }
    return properties, _LINE.sub("", text)


_TEXT: Final[dict[str, Json]] = {"type": "string"}


def _typed(key: str, told: str) -> dict[str, Json]:
    """The schema of a key: by the type that is told, else by what its name says."""
    said = next((_TYPES[word] for word in _told(told) if word in _TYPES), None)
    kind = said or _guessed(key)
    if kind == "array":
        inner = next((_TYPES[word] for word in list(_told(told))[1:] if word in _TYPES), "string")
        return {"type": "array", "items": {"type": inner}, "minItems": 1}
    return {"type": kind}


def _told(told: str) -> Iterator[str]:
    for word in re.findall(r"[\[{]|[a-z]+", told.lower())[:4]:
        yield word if word in _TYPES else word.removesuffix("s")


def _guessed(key: str) -> str:
    parts = words_of(key)
    if key.lower().startswith(_TRUE_OR_FALSE):
        return "boolean"
    if parts and _PLURAL.search(parts[-1]) and not size(parts[-1]):
        return "array"
    if parts and (parts[-1] in _COUNTED or parts[-1] in MONEY):
        return "number" if parts[-1] in MONEY | {"score", "rating"} else "integer"
    return "string"
