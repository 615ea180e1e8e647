"""Which kind of node stands where in an OpenAPI document, and a walk over all of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from mock_server.wire import Json

SCHEMA_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
SCHEMA_SINGLES = (
    "items",
    "additionalProperties",
    "not",
    "if",
    "then",
    "else",
    "contains",
    "propertyNames",
    "unevaluatedItems",
    "unevaluatedProperties",
    "contentSchema",
)
# `kind`: one node; `[kind]`: a list of nodes; `{kind}`: nodes by name.
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
_COMPONENTS = {
    "schemas": "{schema}",
    "responses": "{response}",
    "parameters": "{parameter}",
    "examples": "{example}",
    "requestBodies": "{body}",
    "headers": "{header}",
    "securitySchemes": "{security}",
    "links": "{link}",
    "callbacks": "{callback}",
    "pathItems": "{path}",
}
_CARRIER = {"schema": "schema", "content": "{media}", "examples": "{example}"}
_PLACES: Mapping[str, Mapping[str, str]] = {
    "document": {
        "paths": "{path}",
        "webhooks": "{path}",
        "components": "components",
        "x-bundled": "components",
    },
    "components": _COMPONENTS,
    "path": {"parameters": "[parameter]"} | dict.fromkeys(_METHODS, "operation"),
    "operation": {
        "parameters": "[parameter]",
        "requestBody": "body",
        "responses": "{response}",
        "callbacks": "{callback}",
    },
    "parameter": _CARRIER,
    "header": _CARRIER,
    "body": {"content": "{media}"},
    "response": {"headers": "{header}", "content": "{media}", "links": "{link}"},
    "media": {
        "schema": "schema",
        "x-stream-schema": "schema",
        "examples": "{example}",
        "encoding": "{encoding}",
    },
    "encoding": {"headers": "{header}"},
    "schema": dict.fromkeys(SCHEMA_MAPS, "{schema}")
    | dict.fromkeys(SCHEMA_LISTS, "[schema]")
    | dict.fromkeys(SCHEMA_SINGLES, "schema"),
    "callback": {},
    "example": {},
    "security": {},
    "link": {},
}
SECTIONS = {form.strip("{}"): section for section, form in _COMPONENTS.items()}
"""Under which name of `components` nodes of a kind are kept."""


@dataclass(frozen=True, slots=True)
class Place:
    """One node of a document: its kind, itself, and the names that lead to it."""

    kind: str
    node: dict[str, Json]
    names: tuple[str, ...] = ()


def walk(node: dict[str, Json], kind: str = "document") -> Iterator[Place]:
    """Every node under this one, parents first; a node may be changed in place when it comes by.

    Values that are data (examples, defaults, enums) are no nodes and stay unvisited.
    """
    seen: set[tuple[int, str]] = set()
    rest = [Place(kind, node)]
    while rest:
        place = rest.pop()
        if (id(place.node), place.kind) not in seen:
            seen.add((id(place.node), place.kind))
            yield place
            rest.extend(reversed(list(_children(place))))


def named_maps(place: Place) -> Iterator[dict[str, Json]]:
    """The maps from names to nodes (of kinds that can be referred to) that this node has."""
    for key, form in _PLACES[place.kind].items():
        value = place.node.get(key)
        if form[0] == "{" and form[1:-1] in SECTIONS and isinstance(value, dict):
            yield value


def _children(place: Place) -> Iterator[Place]:
    if place.kind == "callback":
        yield from _nodes(place, "{path}", place.node, ())
    for key, form in _PLACES[place.kind].items():
        if key in place.node:
            yield from _nodes(place, form, place.node[key], (key,))


def _nodes(parent: Place, form: str, value: Json, names: tuple[str, ...]) -> Iterator[Place]:
    kind = form.strip("[]{}")
    for name, node in _members(form, value):
        if isinstance(node, dict) and not _is_extension(kind, name):
            yield Place(kind, node, (*parent.names, *names, *name))


def _members(form: str, value: Json) -> list[tuple[tuple[str, ...], Json]]:
    if form[0] == "{":
        named = value.items() if isinstance(value, dict) else ()
        return [((str(name),), node) for name, node in named]
    if form[0] == "[":
        listed = enumerate(value) if isinstance(value, list) else ()
        return [((str(index),), node) for index, node in listed]
    return [((), value)]


def _is_extension(kind: str, name: tuple[str, ...]) -> bool:
    # Only these maps may carry extensions; in others, such as headers, `x-…` is a plain name.
    return kind in {"path", "response"} and name[-1:] != () and name[-1].startswith("x-")
