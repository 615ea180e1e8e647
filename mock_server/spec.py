"""The contract as the server reads it: what stands at a path, and its compiled schemas."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import inf
from urllib.parse import quote, unquote

import jsonschema_rs
import msgspec

from mock_server.document import Document
from mock_server.keywords import Judges, keywords
from mock_server.operation import Operation, Protocol, Provider, Scheme
from mock_server.source import escape, node_at
from mock_server.wire import Json

_RESOURCE = "urn:contract"
_MOST_BACKTRACKS = 100_000


class Route(msgspec.Struct, frozen=True):
    """What stands at a path: an operation for each method, and its path parameters' values."""

    operations: Mapping[str, Operation]
    parameters: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Spec:
    """A contract, ready to be served: `paths` maps path to method to operation.

    `prefixes` are the paths of the document's own servers, below which everything stands too.
    `judges` know the keywords that JSON Schema does not have.
    """

    document: Document
    providers: Mapping[str, Provider]
    protocols: Mapping[str, Protocol]
    schemes: tuple[Scheme, ...]
    paths: Mapping[str, Mapping[str, Operation]]
    prefixes: tuple[str, ...]
    judges: Judges = field(default_factory=Judges)
    _validators: dict[str, jsonschema_rs.Validator] = field(default_factory=dict)
    _contents: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """What the contract calls itself."""
        return str(self.document.data.get("info", {}).get("title", "an API"))

    @property
    def operations(self) -> Iterator[Operation]:
        """Every operation, in the contract's order."""
        for methods in self.paths.values():
            yield from methods.values()

    def route(self, path: str) -> Route | None:
        """What the contract has at that (decoded) path, with or without the servers' own prefix."""
        for prefix in self.prefixes:
            if path.startswith(prefix):
                found = self._at(path[len(prefix) :])
                if found is not None:
                    return found
        return None

    def validator(self, pointer: str) -> jsonschema_rs.Validator:
        """The compiled schema at that JSON pointer into the contract."""
        if pointer not in self._validators:
            self._validators[pointer] = jsonschema_rs.validator_for(
                {"$ref": f"{_RESOURCE}#{quote(pointer, safe='/~')}"},
                registry=self._registry,
                validate_formats=True,
                pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=_MOST_BACKTRACKS),
                keywords=keywords(self.judges),
                offline=True,
            )
        return self._validators[pointer]

    def content_pointers(self, pointer: str) -> tuple[str, ...]:
        """Where the schema at a pointer says what the texts in it contain (`contentSchema`)."""
        if pointer not in self._contents:
            node, at = node_at(self.document.data, quote(pointer, safe="/~")), pointer
            while "$ref" in node:
                at = unquote(node["$ref"].removeprefix("#"))
                node = node_at(self.document.data, quote(at, safe="/~"))
            self._contents[pointer] = tuple(_contents(node, at))
        return self._contents[pointer]

    def _at(self, path: str) -> Route | None:
        if path in self.paths and "{" not in path:
            return Route(self.paths[path], {})
        for pattern, methods in self._templates:
            match = pattern.fullmatch(path)
            if match:
                values = {name: match[group] for group, name in methods.names.items()}
                return Route(methods.operations, values)
        return None

    @cached_property
    def _templates(self) -> list[tuple[re.Pattern[str], "_Template"]]:
        # Concrete segments win over templated ones (OpenAPI 3.1, Paths Object), and those over
        # what may span several, of which the longer path goes first.
        spans = {path: _spanning(methods) for path, methods in self.paths.items() if "{" in path}
        paths = sorted(
            spans, key=lambda path: (-path.count("/") if spans[path] else -inf, _concreteness(path))
        )
        return [
            (_pattern(path, spans[path]), _Template(self.paths[path], _names(path)))
            for path in paths
        ]

    @cached_property
    def _registry(self) -> jsonschema_rs.Registry:
        return jsonschema_rs.Registry([(_RESOURCE, self.document.data)])


@dataclass(frozen=True)
class _Template:
    operations: Mapping[str, Operation]
    names: Mapping[str, str]


def _contents(node: Json, pointer: str) -> Iterator[str]:
    if isinstance(node, dict):
        for name, inner in node.items():
            if name == "contentSchema":
                yield f"{pointer}/{name}"
            else:
                yield from _contents(inner, f"{pointer}/{escape(name)}")
    elif isinstance(node, list):
        for index, inner in enumerate(node):
            yield from _contents(inner, f"{pointer}/{index}")


def _concreteness(path: str) -> list[bool]:
    return ["{" in segment for segment in path.split("/")]


def _names(path: str) -> dict[str, str]:
    return {f"p{number}": name for number, name in enumerate(re.findall(r"\{([^}]+)\}", path))}


def _spanning(methods: Mapping[str, Operation]) -> frozenset[str]:
    """The path parameters whose values may hold slashes, for any of the methods."""
    return frozenset(
        parameter.name
        for operation in methods.values()
        for parameter in operation.parameters
        if parameter.place == "path" and parameter.spans
    )


def _pattern(path: str, spanning: Collection[str]) -> re.Pattern[str]:
    text = ""
    for number, part in enumerate(re.split(r"\{([^}]+)\}", path)):
        if number % 2 == 0:
            text += re.escape(part)
        else:
            text += f"(?P<p{number // 2}>{'.+' if part in spanning else '[^/]+'})"
    return re.compile(text, re.DOTALL)
