"""What the contract says of something that was seen: whether it has it, and what may stand there.

A place is a pointer into the JSON of an answer, or of an event, in which `*` stands for each item.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import quote

from contract_tests.clauses import contract
from mock_server.operation import Answer, Operation
from mock_server.source import escape, node_at

Json = Any
_STREAM: Final = "text/event-stream"
_JOINTS: Final = ("allOf", "anyOf", "oneOf")
_BRANCHES: Final = ("then", "else")
_TYPES: Final = {
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
    type(None): "null",
}


def type_of(value: Json) -> str:
    """The JSON type of a value; numbers without a fraction are integers."""
    return _TYPES[type(value)]


@dataclass(frozen=True)
class Kind:
    """One kind of answer of an operation: its status and its media type."""

    operation: str
    status: int
    media_type: str

    @property
    def is_documented(self) -> bool:
        """Whether the contract has it."""
        answer = self._answer
        return answer is not None and (
            not answer.media or self.media_type in {each.type for each in answer.media}
        )

    def has_header(self, name: str) -> bool:
        """Whether the contract has a header there; every answer with a body has a type."""
        answer = self._answer
        named = (answer.node.get("headers") or {}) if answer else {}
        return name == "content-type" or name in {each.lower() for each in named}

    def has(self, place: str) -> bool:
        """Whether the contract has a member there."""
        return bool(self._nodes(place))

    def is_open(self, place: str) -> bool:
        """Whether whoever writes an object there also chooses the names of its members."""
        objects = [node for node in self._nodes(place) if "object" in _types(node)]
        return bool(objects) and not any("properties" in node for node in self._nodes(place))

    def allows_type(self, place: str, name: str) -> bool:
        """Whether the contract has something of that type there."""
        nodes = self._nodes(place)
        typed = [types for types in map(_types, nodes) if types]
        wanted = {name, "number"} if name == "integer" else {name}
        return bool(nodes) and (not typed or any(wanted & types for types in typed))

    def allows_value(self, place: str, value: str) -> bool:
        """Whether the contract lets that text stand there; it does where it names none."""
        nodes = self._nodes(place)
        named = [set(_named(node)) for node in nodes if {"const", "enum"} & set(node)]
        return not named or any(value in each for each in named)

    def has_event(self, name: str) -> bool:
        """Whether the contract has events of that name; only untyped streams have an end mark."""
        if name == "[DONE]":
            return self.has("") and not self.has("/type")
        return self.has("/type") and self.allows_value("/type", name)

    @property
    def _answer(self) -> Answer | None:
        operation = _operations().get(self.operation)
        return operation.answer(self.status) if operation else None

    def _nodes(self, place: str) -> tuple[Json, ...]:
        return _promised(self, place)


@cache
def _promised(kind: Kind, place: str) -> tuple[Json, ...]:
    answer = kind._answer
    media = [each for each in answer.media if each.type == kind.media_type] if answer else []
    pointers = [each.pointer for each in media if each.pointer]
    if kind.media_type == _STREAM:
        pointers = [inner for each in pointers for inner in contract().content_pointers(each)]
    return tuple(node for pointer in pointers for node in _at(pointer, place))


@cache
def _operations() -> dict[str, Operation]:
    return {each.id: each for each in contract().operations}


@cache
def _at(pointer: str, place: str) -> tuple[Json, ...]:
    """The schemas that hold for a place below the schema at a pointer."""
    if not place:
        return tuple(_flat(node_at(contract().document.data, quote(pointer, safe="/~"))))
    above, _, name = place.rpartition("/")
    below = (each for node in _at(pointer, above) for each in _below(node, name))
    return tuple(each for node in below for each in _flat(node))


def _flat(node: Json, passed: Sequence[int] = ()) -> Iterator[Json]:
    """A schema and all that it is joined of."""
    node = contract().document.resolve(node)
    if not isinstance(node, dict) or id(node) in passed:
        return
    yield node
    passed = (*passed, id(node))
    for joint in _JOINTS:
        for each in node.get(joint, ()):
            yield from _flat(each, passed)
    for branch in _BRANCHES:
        if branch in node:
            yield from _flat(node[branch], passed)


def _below(node: Json, name: str) -> Iterator[Json]:
    if name == "*":
        yield from node.get("prefixItems", ())
        if isinstance(node.get("items"), dict):
            yield node["items"]
        return
    named = {escape(each): inner for each, inner in node.get("properties", {}).items()}
    if name in named:
        yield named[name]
        return
    fitting = [
        inner for form, inner in node.get("patternProperties", {}).items() if re.search(form, name)
    ]
    yield from fitting
    if not fitting and isinstance(node.get("additionalProperties"), dict):
        yield node["additionalProperties"]


def _types(node: Json) -> set[str]:
    if "type" in node:
        return {node["type"]} if isinstance(node["type"], str) else set(node["type"])
    return {type_of(each) for each in _named(node)}


def _named(node: Json) -> Sequence[Json]:
    return [node["const"]] if "const" in node else node.get("enum", ())
