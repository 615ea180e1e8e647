"""Objects that a text sketches, as JSON or only like it, read as the schemas of such objects."""

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from mock_server.slots.kinds import words_of
from mock_server.slots.units import unit_of
from mock_server.slots.vocabulary import MONEY, words
from mock_server.values.words import size
from mock_server.wire import Json

MOST_KEYS: Final = 40
_DEEPEST: Final = 12
_MOST_STARTS: Final = 20
_MOST_CHOICES: Final = 30
_TOKEN: Final = re.compile(
    r"[^\S\n]+|//[^\n]*|/\*[^*]{0,200}\*/"
    r"|\"(?P<double>(?:[^\"\\\n]|\\.){0,2000})\"|'(?P<single>(?:[^'\\\n]|\\.){0,2000})'"
    r"|<(?P<slot>[^<>\n{}]{1,60})>|(?P<sign>\.{3}|[{}\[\]:,|;?\n…])"
    r"|(?P<word>[^\s{}\[\]:,|;?\"'<>]+)|(?P<other>.)"
)
_KEY: Final = re.compile(r"[^\W\d][\w$-]{0,60}")
_CHOICES: Final = re.compile(r"\s*\|\s*|\s+or\s+|/")
_CHOICE: Final = re.compile(r"[A-Za-z][\w-]{0,30}|-?\d{1,9}")
TEXT: Final[Mapping[str, Json]] = {"type": "string"}
TYPES: Final = {
    **dict.fromkeys(("string", "str", "text"), "string"),
    **dict.fromkeys(("integer", "int", "whole"), "integer"),
    **dict.fromkeys(("number", "float", "double", "decimal"), "number"),
    **dict.fromkeys(("boolean", "bool"), "boolean"),
    **dict.fromkeys(("array", "list", "["), "array"),
    **dict.fromkeys(("object", "dict", "{"), "object"),
}
_COUNTED: Final = words("count quantity age year total number score rating price population length")
_TRUE_OR_FALSE: Final = ("is_", "has_", "can_", "should_")
_PLURAL: Final = re.compile(r"(?<![suia])s\Z")


class Sketch(NamedTuple):
    """The properties of an object that a text sketches, and where it stands there."""

    properties: dict[str, Json]
    start: int
    end: int


def sketched(text: str) -> Sketch | None:
    """The first object of a text that has keys."""
    start = -1
    for _ in range(_MOST_STARTS):
        start = text.find("{", start + 1)
        if start < 0:
            return None
        try:
            reader = _Reader(text, start)
            properties = reader.properties(0)
        except _Unreadable:
            continue
        if properties:
            return Sketch(properties, start, reader.end)
    return None


def object_of(properties: dict[str, Json]) -> dict[str, Json]:
    """The schema of an object that has these properties, and no others."""
    kept = dict(list(properties.items())[:MOST_KEYS])
    return {
        "type": "object",
        "properties": kept,
        "required": list(kept),
        "additionalProperties": False,
    }


def typed(key: str, told: str) -> dict[str, Json]:
    """The schema of a key: by the type that is told, else by what its name says."""
    said = next((TYPES[word] for word in _told(told) if word in TYPES), None)
    kind = said or _guessed(key)
    if kind == "array":
        inner = next((TYPES[word] for word in list(_told(told))[1:] if word in TYPES), "string")
        return {"type": "array", "items": {"type": inner}, "minItems": 1}
    return {"type": kind}


def says_type(told: str) -> bool:
    """Whether words name a type."""
    return any(word in TYPES for word in _told(told))


def _told(told: str) -> Iterator[str]:
    for word in re.findall(r"[\[{]|[a-z]+", told.lower())[:4]:
        yield word if word in TYPES else word.removesuffix("s")


def _guessed(key: str) -> str:
    parts = words_of(key)
    if key.lower().startswith(_TRUE_OR_FALSE):
        return "boolean"
    if unit_of(parts, "") is not None:
        return "number"
    if parts and _PLURAL.search(parts[-1]) and not size(parts[-1]):
        return "array"
    if parts and (parts[-1] in _COUNTED or parts[-1] in MONEY):
        return "number" if parts[-1] in MONEY | {"score", "rating"} else "integer"
    return "string"


class _Unreadable(ValueError):
    """What stands there is no sketch of an object."""


class _Token(NamedTuple):
    sign: str  # a mark of its own, or ""
    text: str
    is_quoted: bool
    end: int


class _Reader:
    """Reads one sketch; `end` is where it has got to."""

    def __init__(self, text: str, start: int) -> None:
        self._tokens = _tokens(text, start)
        self._next = next(self._tokens, _END)
        self.end = start

    def properties(self, depth: int) -> dict[str, Json]:
        """The members of the object that begins here; raises _Unreadable."""
        if depth > _DEEPEST:
            raise _Unreadable
        self._take("{")
        found: dict[str, Json] = {}
        while self._skip("\n", ",", ";", "...", "…").sign != "}":
            key = self._taken()
            if key.sign or not ((key.is_quoted and key.text) or _KEY.fullmatch(key.text)):
                raise _Unreadable
            self._skip("?", "\n")
            self._take(":")
            self._skip("\n")
            found[key.text] = self._value(key.text, depth)
        self._take("}")
        return found

    def _value(self, key: str, depth: int) -> Json:
        if self._next.sign == "{":
            schema: Json = object_of(self.properties(depth + 1)) or TEXT
        elif self._next.sign == "[":
            schema = self._array(key, depth)
        else:
            schema = self._alternatives(key)
        while self._next.sign == "[":
            self._take("[")
            self._take("]")
            schema = {"type": "array", "items": schema, "minItems": 1}
        return schema

    def _array(self, key: str, depth: int) -> Json:
        if depth > _DEEPEST:
            raise _Unreadable
        self._take("[")
        items: list[Json] = []
        while self._skip("\n", ",", "...", "…").sign != "]":
            items.append(self._value("", depth + 1))
        self._take("]")
        return {"type": "array", "items": items[0] if items else dict(TEXT), "minItems": 1}

    def _alternatives(self, key: str) -> Json:
        parts = [self._words()]
        while self._next.sign == "|":
            self._taken()
            self._skip("\n")
            parts.append(self._words())
        if len(parts) > 1:
            return _one_of(key, [text for text, _ in parts])
        return _alike(key, *parts[0])

    def _words(self) -> tuple[str, bool]:
        """A quoted text, or words up to the next mark; and whether it was quoted."""
        first = self._taken()
        if first.sign:
            raise _Unreadable
        said = [first.text]
        while not self._next.sign and not first.is_quoted:
            said.append(self._taken().text)
        return " ".join(said), first.is_quoted

    def _skip(self, *signs: str) -> _Token:
        while self._next.sign in signs:
            self._taken()
        return self._next

    def _take(self, sign: str) -> None:
        if self._next.sign != sign:
            raise _Unreadable
        self._taken()

    def _taken(self) -> _Token:
        token = self._next
        if token is _END:
            raise _Unreadable
        self.end = token.end
        self._next = next(self._tokens, _END)
        return token


_END: Final = _Token("end", "", is_quoted=False, end=0)


def _tokens(text: str, start: int) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text, start):
        kind = found.lastgroup
        if kind == "sign":
            yield _Token(found[0], "", is_quoted=False, end=found.end())
        elif kind is not None:
            quoted = kind in ("double", "single")
            yield _Token("", found[kind], is_quoted=quoted, end=found.end())


def _alike(key: str, said: str, is_quoted: bool) -> Json:
    """A schema of values that look like this one; a type's name stands for the type."""
    if not is_quoted:
        if said in ("true", "false", "True", "False"):
            return {"type": "boolean"}
        if re.fullmatch(r"-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?", said):
            return {"type": "integer" if re.fullmatch(r"-?\d+", said) else "number"}
        if said in ("null", "None"):
            return dict(TEXT)
    choices = _CHOICES.split(said.strip("<> "))
    if len(choices) > 1 and len(said) < 300 and all(map(_CHOICE.fullmatch, choices)):
        return _one_of(key, choices)
    if said.endswith("[]"):
        return {"type": "array", "items": typed("", said[:-2]), "minItems": 1}
    return typed(key, re.sub(r"[{}\[\]<>]", " ", said) if is_quoted else said)


def _one_of(key: str, said: list[str]) -> Json:
    """A schema for one of several values, or of several types."""
    choices = list(dict.fromkeys(each for each in said if each))[:_MOST_CHOICES]
    others = [each for each in choices if each.lower() not in ("null", "none", "undefined")]
    if not others or set(map(str.lower, others)) == {"true", "false"}:
        return {"type": "boolean"} if others else dict(TEXT)
    if all(each.lower() in TYPES for each in others):
        kinds = list(dict.fromkeys(TYPES[each.lower()] for each in others))
        return {"type": kinds[0] if len(kinds) == 1 else kinds}
    if len(others) == 1:
        return typed(key, others[0])
    if all(re.fullmatch(r"-?\d{1,9}", each) for each in others):
        return {"enum": list(map(int, others))}
    return {"type": "string", "enum": others}
