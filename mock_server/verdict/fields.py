"""The fields of a request that its schema does not know, or calls deprecated."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote

import msgspec

from mock_server.source import escape, node_at
from mock_server.spec import Spec
from mock_server.wire import Json

_REST: Final = ("additionalProperties", "patternProperties", "unevaluatedProperties")
_CHOICES: Final = ("anyOf", "oneOf")
_DEEPEST: Final = 40  # schemas within schemas, values within values


class Field(msgspec.Struct, frozen=True):
    """A member `name` at a place; `others` may stand beside it. One that is known is deprecated."""

    name: str
    place: str
    is_known: bool
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Schema:
    """A schema of the contract, read once: what it says of the members and items of a value."""

    node: Mapping[str, Json]
    pointer: str

    @cached_property
    def members(self) -> Mapping[str, str]:
        """Pointers to the schemas of the members that it names."""
        names = self.node.get("properties", ())
        return {name: f"{self.pointer}/properties/{escape(name)}" for name in names}

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """The members that its condition speaks of: who knows them does not forbid them."""
        return frozenset(_mentioned(self.node.get("if")))

    @cached_property
    def is_free(self) -> bool:
        """Whether it says itself that there may be members that it does not name."""
        rest = (self.node.get(keyword, False) for keyword in _REST)
        return any(each is not False for each in rest) or self.node.get("x-json-schema") is True

    @cached_property
    def always(self) -> tuple[str, ...]:
        """Pointers to what it is made of, whatever the value."""
        found = [f"{self.pointer}/allOf/{n}" for n in range(len(self.node.get("allOf", ())))]
        if isinstance(self.node.get("$ref"), str):
            found.append(unquote(self.node["$ref"].removeprefix("#")))
        if not self.is_switch:
            found += [f"{self.pointer}/{name}" for name in ("then", "else") if name in self.node]
        return tuple(found)

    @cached_property
    def is_switch(self) -> bool:
        """Whether its condition decides between schemas that have names of their own."""
        branches = (self.node.get(name) for name in ("then", "else"))
        return any(isinstance(each, dict) and "$ref" in each for each in branches)

    @cached_property
    def choices(self) -> tuple[tuple[str, ...], ...]:
        """Pointers to the branches of each choice."""
        return tuple(
            tuple([f"{self.pointer}/{keyword}/{n}" for n in range(len(self.node[keyword]))])
            for keyword in _CHOICES
            if keyword in self.node
        )


class Fields:
    """Looks through values by the schemas of a contract.

    `telling` are the members by whose values its schemas tell one thing from another.
    """

    def __init__(self, spec: Spec) -> None:
        self._spec = spec
        self._schemas: dict[str, _Schema] = {}
        self._known: dict[tuple[str, object], tuple[Field, ...]] = {}
        self.telling = frozenset(_telling(spec.document.data.get("components", {})))

    def odd(self, value: Json, pointer: str) -> tuple[Field, ...]:
        """The fields of a value that are unknown or deprecated, by the schema at a pointer.

        What only differs in its texts has the same fields, so of such values one is looked at.
        """
        mark = (pointer, self._shape(value))
        if mark not in self._known:
            schemas = list(self._parts(value, pointer))
            self._known[mark] = tuple(dict.fromkeys(self._within(value, schemas, "", 0)))
        return self._known[mark]

    def _shape(self, value: Json, depth: int = 0) -> object:
        """A value without what no schema could tell it by."""
        if depth < _DEEPEST and isinstance(value, dict):
            telling = self.telling
            return frozenset(
                [
                    (name, item)
                    if name in telling and isinstance(item, str)
                    else (name, self._shape(item, depth + 1))
                    for name, item in value.items()
                ]
            )
        if depth < _DEEPEST and isinstance(value, list):
            return (list, frozenset([self._shape(item, depth + 1) for item in value]))
        return value if isinstance(value, bool) else type(value)

    def _within(
        self, value: Json, schemas: list[_Schema], place: str, depth: int
    ) -> Iterator[Field]:
        if depth > _DEEPEST:
            return
        if isinstance(value, list):
            for item in {self._shape(item): item for item in value}.values():
                pointers = [f"{each.pointer}/items" for each in schemas if "items" in each.node]
                inner = self._all(item, pointers)
                yield from self._within(item, inner, f"{place}[]", depth + 1)
        elif isinstance(value, dict) and not any(each.is_free for each in schemas):
            yield from self._members(value, schemas, place, depth)

    def _members(
        self, value: Mapping[str, Json], schemas: list[_Schema], place: str, depth: int
    ) -> Iterator[Field]:
        known = {name for each in schemas for name in each.members}
        mentioned = {name for each in schemas for name in each.mentioned}
        for name, item in value.items():
            at = f"{place}.{name}" if place else name
            if name not in known:
                if known and item is not None and name not in mentioned:
                    yield Field(name, at, False, tuple(sorted(known - value.keys())))
                continue
            pointers = [each.members[name] for each in schemas if name in each.members]
            inner = self._all(item, pointers)
            if any(each.node.get("deprecated") is True for each in inner):
                yield Field(name, at, True)
            yield from self._within(item, inner, at, depth + 1)

    def _all(self, value: Json, pointers: Iterable[str]) -> list[_Schema]:
        return [each for pointer in pointers for each in self._parts(value, pointer)]

    def _parts(self, value: Json, pointer: str, depth: int = 0) -> Iterator[_Schema]:
        """The schema there and those that it is made of, as far as they are about the value."""
        schema = self._schema(pointer)
        if depth > _DEEPEST:
            return
        yield schema
        for at in (*schema.always, *self._chosen(value, schema)):
            yield from self._parts(value, at, depth + 1)

    def _chosen(self, value: Json, schema: _Schema) -> Iterator[str]:
        if not isinstance(value, dict | list):
            return
        for branches in schema.choices:
            # Where the value fits none of them, any may have been meant.
            yield from [each for each in branches if self._fits(value, each)] or branches
        if schema.is_switch:
            branch = "then" if self._fits(value, f"{schema.pointer}/if") else "else"
            if branch in schema.node:
                yield f"{schema.pointer}/{branch}"

    def _fits(self, value: Json, pointer: str) -> bool:
        return self._spec.validator(pointer).is_valid(value)

    def _schema(self, pointer: str) -> _Schema:
        if pointer not in self._schemas:
            node = node_at(self._spec.document.data, pointer)
            self._schemas[pointer] = _Schema(node if isinstance(node, dict) else {}, pointer)
        return self._schemas[pointer]


def _mentioned(node: Json) -> Iterator[str]:
    if isinstance(node, dict):
        yield from (each for each in node.get("required", ()) if isinstance(each, str))
        yield from node.get("properties", ())
        for keyword in ("allOf", *_CHOICES):
            for each in node.get(keyword, ()):
                yield from _mentioned(each)


def _telling(node: Json) -> Iterator[str]:
    """The members by whose values schemas tell one thing from another."""
    if isinstance(node, list):
        for inner in node:
            yield from _telling(inner)
    elif isinstance(node, dict):
        for name, inner in node.items():
            if isinstance(inner, dict) and ("const" in inner or "enum" in inner):
                yield name
            yield from _telling(inner)
