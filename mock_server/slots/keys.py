"""Which keys a text wants a JSON object to have, as the schema of such an object."""

import re
from json import JSONDecoder
from typing import Final

from mock_server.slots.sketches import MOST_KEYS, object_of, says_type, sketched, typed
from mock_server.slots.vocabulary import words
from mock_server.wire import Json

_DECODER: Final = JSONDecoder()
_MOST_OBJECTS: Final = 50
_LONGEST_SCHEMA: Final = 60_000  # characters in which a schema is looked for
_SENTENCE_END: Final = re.compile(r"(?<=[.!?:])\s+|\n+")
# What is said of the form of an answer, not of what it is about.
_ABOUT_FORM: Final = re.compile(
    r"\b(?:json|schema|markdown|fenc\w+|well-formatted|format\w*)\b|```", re.IGNORECASE
)
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
_STOP: Final = words(
    """json object keys key fields field only format value values exactly the a an and or of in to
    is are you it as this that your my information info data details answer result response output
    everything text results facts following"""
)


def wanted(text: str) -> tuple[dict[str, Json] | None, str]:
    """The schema of the object that a text describes, if it does, and the text without that."""
    schema, rest = _told_schema(text[:_LONGEST_SCHEMA])
    if schema is not None:
        return schema, rest
    text = text if len(text) <= _LONGEST else text[: _LONGEST // 2] + text[-_LONGEST // 2 :]
    for read in (_by_sketch, _by_list, _by_request, _by_lines):
        properties, rest = read(text)
        if properties:
            return object_of(properties), rest
    return None, text


def _told_schema(text: str) -> tuple[dict[str, Json] | None, str]:
    """The last JSON Schema of an object that stands in a text, and what is said besides."""
    found: tuple[dict[str, Json], int, int] | None = None
    start = text.find("{") if '"properties"' in text else -1
    for _ in range(_MOST_OBJECTS):
        if start < 0:
            break
        try:
            value, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            value, end = None, start + 1
        if _is_schema(value):
            found = value, start, end
        start = text.find("{", end)
    if found is None:
        return None, text
    schema, start, end = found
    said = [*_SENTENCE_END.split(text[:start]), *_SENTENCE_END.split(text[end:])]
    kept = " ".join(each for each in said if each and not _ABOUT_FORM.search(each))
    return schema, kept if re.search(r"\w", kept) else f"{text[:start]} {text[end:]}"


def _is_schema(value: Json) -> bool:
    if not isinstance(value, dict) or value.get("type", "object") != "object":
        return False
    if isinstance(value.get("$defs"), dict) and isinstance(value.get("$ref"), str):
        return True
    properties = value.get("properties")
    is_told = isinstance(properties, dict) and all(isinstance(p, dict) for p in properties.values())
    return is_told and len(value) > 1


def _by_sketch(text: str) -> tuple[dict[str, Json], str]:
    """The members of an object that stands in the text, be it proper JSON or only like it."""
    if (sketch := sketched(text)) is not None:
        return sketch.properties, text[: sketch.start] + text[sketch.end :]
    start, end = text.find("{"), text.rfind("}")
    if start < 0 or end < start:
        return {}, text
    pairs = list(_PAIR.finditer(text[start : end + 1]))[:MOST_KEYS]
    found = {pair["key"]: typed(pair["key"], pair["type"].strip(" \"'<>")) for pair in pairs}
    return found, text[:start] + text[end + 1 :]


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
            properties[item["key"].replace(" ", "_")] = typed(item["key"], kind)
            end = text.find(item[0], end) + len(item[0])
        if properties:
            return properties, f"{text[: found.start()]} {text[end:]}"
    return {}, text


def _by_request(text: str) -> tuple[dict[str, Json], str]:
    """Keys that a sentence asks to be drawn out: `Extract the name and the date as JSON`."""
    for found in _REQUEST.finditer(text) if "json" in text.lower() else ():
        parts = [_DETERMINER.sub("", part) for part in _BREAK.split(found["list"].strip())]
        items = [_ITEM.match(_cut(part)) for part in parts]
        keys = [item["key"] for item in items if item and item["key"].lower() not in _STOP]
        # One thing alone, such as `a recipe`, is rather the object itself, but for what is drawn.
        if len(keys) < len(parts) or (len(keys) < 2 and found["verb"].lower() not in _DRAWING):
            continue
        if all(key == key.lower() for key in keys):
            properties = {key.replace(" ", "_"): typed(key, "") for key in keys}
            return properties, f"{text[: found.start()]} {text[found.end() :]}"
    return {}, text


_DRAWING: Final = words("extract identify parse detect")
_REQUEST: Final = re.compile(
    r"\b(?P<verb>extract|identify|parse|detect|return|give|output|provide|list|get|find)\s+"
    r"(?:me\s+|out\s+)?(?P<list>[^\n.:;{}?!]{2,200}?)"
    r"(?:\s+(?:from|of|in)\s+(?:the|this|that|each|it|his|her|my)\b[^\n.:;{}?!]{0,60})?"
    r"\s+(?:as|in|into|to|using)\s+(?:an?\s+)?(?:valid\s+)?json\b(?:\s+(?:object|format))?",
    re.IGNORECASE,
)
_DETERMINER: Final = re.compile(
    r"(?:(?:the|an?|its|their|his|her|all|any|both|also|each)\s+){0,3}", re.IGNORECASE
)


def _cut(part: str) -> str:
    """An item of a list without what follows it: `age for the user` is `age`."""
    name, colon, told = part.partition(":")
    if colon and not says_type(told):
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
        line["key"]: typed(line["key"], line["type"] or line["about"] or "") for line in lines
    }
    return properties, _LINE.sub("", text)
