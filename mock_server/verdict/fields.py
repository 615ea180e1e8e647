"""The fields of a request that its schema does not know, or calls deprecated."""

from collections.abc import Iterator
from typing import Final
from urllib.parse import unquote

import msgspec

from mock_server.source import escape, node_at
from mock_server.spec import Spec
from mock_server.violations import place
from mock_server.wire import Json

_ALL: Final = ("allOf",)
_SOME: Final = ("anyOf", "oneOf")
_REST: Final = ("additionalProperties", "patternProperties", "unevaluatedProperties")
_DEEPEST: Final = 40  # schemas within schemas
Place = tuple[Json, str]
"""A schema and the pointer to it."""


class Field(msgspec.Struct, frozen=True):
    """A member `name` at a place; `others` may stand beside it. One that is known is deprecated."""

    name: str
    place: str
    is_known: bool
    others: tuple[str, ...] = ()


class Fields:
    """Looks through values by the schemas of a contract."""

    def __init__(self, spec: Spec) -> None:
        self._spec = spec

    def odd(self, value: Json, pointer: str) -> Iterator[Field]:
        """The fields of a value that are unknown or deprecated, by the schema at a pointer."""
        schemas = list(self._parts(value, pointer, 0))
        yield from self._within(value, schemas, [])

    def _within(self, value: Json, schemas: list[Place], path: list[str | int]) -> Iterator[Field]:
        if len(path) > _DEEPEST:
            return
        if isinstance(value, list):
            for number, item in enumerate(value):
                inner = self._inner(item, schemas, "items")
                yield from self._within(item, inner, [*path, number])
        elif isinstance(value, dict) and not any(_is_free(node) for node, _ in schemas):
            yield from self._members(value, schemas, path)

    def _members(
        self, value: dict[str, Json], schemas: list[Place], path: list[str | int]
    ) -> Iterator[Field]:
        known = {name: None for node, _ in schemas for name in node.get("properties", ())}
        mentioned = {name for node, _ in schemas for name in _named(node.get("if"))}
        for name, item in value.items():
            steps = [*path, name]
            if name not in known:
                if known and item is not None and name not in mentioned:
                    others = tuple([each for each in known if each not in value])
                    yield Field(name, _place(steps), False, others)
                continue
            inner = self._inner(item, schemas, "properties", name)
            if any(node.get("deprecated") is True for node, _ in inner):
                yield Field(name, _place(steps), True)
            yield from self._within(item, inner, steps)

    def _inner(self, value: Json, schemas: list[Place], *steps: str) -> list[Place]:
        """The schemas of a member or an item, from all that speak of it."""
        below = "".join(f"/{escape(step)}" for step in steps)
        found: list[Place] = []
        for node, pointer in schemas:
            for step in steps:
                node = node.get(step) if isinstance(node, dict) else None
            if node is not None:
                found += self._parts(value, pointer + below, 0)
        return found

    def _parts(self, value: Json, pointer: str, depth: int) -> Iterator[Place]:
        """The schema there and those that it is composed of, as far as they are about the value."""
        node = self._node(pointer)
        if not isinstance(node, dict) or depth > _DEEPEST:
            return
        yield node, pointer
        for at in self._composed(value, node, pointer):
            yield from self._parts(value, at, depth + 1)

    def _composed(self, value: Json, node: dict[str, Json], pointer: str) -> Iterator[str]:
        if isinstance(node.get("$ref"), str):
            yield unquote(node["$ref"].removeprefix("#"))
        for keyword in _ALL:
            yield from (
                f"{pointer}/{keyword}/{number}" for number in range(len(node.get(keyword, ())))
            )
        for keyword in _SOME:
            branches = [f"{pointer}/{keyword}/{n}" for n in range(len(node.get(keyword, ())))]
            # Where the value fits none of them, any may have been meant.
            yield from [each for each in branches if self._fits(value, each)] or branches
        if "if" in node:
            branch = "then" if self._fits(value, f"{pointer}/if") else "else"
            if branch in node:
                yield f"{pointer}/{branch}"
        for name in node.get("dependentSchemas", {}):
            if isinstance(value, dict) and name in value:
                yield f"{pointer}/dependentSchemas/{escape(name)}"

    def _fits(self, value: Json, pointer: str) -> bool:
        return self._spec.validator(pointer).is_valid(value)

    def _node(self, pointer: str) -> Json:
        return node_at(self._spec.document.data, pointer)


def _is_free(node: dict[str, Json]) -> bool:
    """Whether the schema says itself that there may be members that it does not name."""
    rest = (node.get(keyword, False) for keyword in _REST)
    return any(each is not False for each in rest) or node.get("x-json-schema") is True


def _named(node: Json) -> Iterator[str]:
    """The members that a condition speaks of: who knows them does not forbid them."""
    if isinstance(node, dict):
        yield from (each for each in node.get("required", ()) if isinstance(each, str))
        yield from node.get("properties", ())
        for keyword in (*_ALL, *_SOME):
            for each in node.get(keyword, ()):
                yield from _named(each)


def _place(steps: list[str | int]) -> str:
    """Where a field stands in any body: the numbers of items do not matter."""
    return place(steps) if not any(isinstance(step, int) for step in steps) else _unnumbered(steps)


def _unnumbered(steps: list[str | int]) -> str:
    text = ""
    for step in steps:
        text += "[]" if isinstance(step, int) else f".{step}" if text else step
    return text
