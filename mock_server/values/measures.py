"""What schemas cost before they are used: how high their values are, and what checking takes."""

import math
from collections.abc import Iterator, Mapping, Sequence

from mock_server.wire import Json

Schema = dict[str, Json] | bool

DEEPEST = 40
"""How many objects and arrays a value may have inside one another."""
_MOST_KEPT = 2_000
_MOST_LABOURS = 20_000
_FINDING_OUT = 100  # checks that are made while one schema and one value are looked at here


class Measures:
    """Measures schemas whose references are the names of these definitions."""

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        self._definitions = definitions
        self._heights: dict[str, float] | None = None
        # By ids of schemas and values, which are kept so that no id comes up twice.
        self._weights: dict[int, tuple[Schema, float]] = {}
        self._labours: dict[tuple[int, int], tuple[Schema, Json, float]] = {}

    def height(self, schema: Schema) -> float:
        """How many objects and arrays the flattest value of a schema has inside one another.

        Infinite if a value would have to contain itself, or would be deeper than any made here.
        """
        if self._heights is None:
            self._heights = self._measured()
        return _height(schema, self._heights)

    def weight(self, schema: Schema) -> float:
        """How many schemas one value is checked against, counted as often as they are reached."""
        if len(self._weights) > _MOST_KEPT:
            self._weights.clear()
        return self._weight(schema)

    def labour(self, goal: Sequence[Schema], value: Json) -> float:
        """How many checks a validator makes of a value and all in it, plus those lost by asking."""
        if len(self._labours) > _MOST_LABOURS:
            self._labours.clear()
        known = len(self._labours)
        checks = sum(self._labour(schema, value) for schema in goal)
        return checks + _FINDING_OUT * (len(self._labours) - known)

    def _measured(self) -> dict[str, float]:
        heights = dict.fromkeys(self._definitions, math.inf)
        for _ in range(DEEPEST + 1):
            before = heights
            heights = {ref: _height(schema, before) for ref, schema in self._definitions.items()}
            if heights == before:
                break
        return heights

    def _weight(self, schema: Schema) -> float:
        if id(schema) not in self._weights:
            # A schema that leads back to itself adds nothing on the way.
            self._weights[id(schema)] = (schema, 0)
            weight = 1 + sum(map(self._weight, self._in_place(schema)))
            self._weights[id(schema)] = (schema, weight)
        return self._weights[id(schema)][1]

    def _labour(self, schema: Schema, value: Json) -> float:
        if isinstance(schema, bool):
            return 1
        if not isinstance(value, dict | list) or not value:
            return self._weight(schema)
        key = (id(schema), id(value))
        if key not in self._labours:
            self._labours[key] = (schema, value, 0)
            labour = 1 + sum(self._labour(inner, value) for inner in self._in_place(schema))
            labour += sum(self._labour(inner, each) for inner, each in _below(schema, value))
            self._labours[key] = (schema, value, labour)
        return self._labours[key][2]

    def _in_place(self, schema: Schema) -> Iterator[Schema]:
        if isinstance(schema, dict):
            for name in ("allOf", "anyOf", "oneOf"):
                yield from schema.get(name, ())
            for name in ("not", "if", "then", "else"):
                if name in schema:
                    yield schema[name]
            yield from schema.get("dependentSchemas", {}).values()
            if "$ref" in schema:
                yield self._definitions[schema["$ref"]]


def _below(schema: dict[str, Json], value: Json) -> Iterator[tuple[Schema, Json]]:
    """The schemas that may apply to what is directly in an object or array."""
    if isinstance(value, list):
        yield from zip(schema.get("prefixItems", ()), value, strict=False)
        everywhere = [schema[name] for name in _OF_ITEMS if name in schema]
        inside = value
    else:
        properties = schema.get("properties", {})
        yield from ((properties[name], value[name]) for name in value if name in properties)
        everywhere = [schema[name] for name in _OF_PROPERTIES if name in schema]
        everywhere += schema.get("patternProperties", {}).values()
        inside = list(value.values())
    yield from ((inner, each) for inner in everywhere for each in inside)


_OF_ITEMS = ("items", "contains", "unevaluatedItems")
_OF_PROPERTIES = ("additionalProperties", "unevaluatedProperties")


def _height(schema: Schema, heights: Mapping[str, float]) -> float:
    if isinstance(schema, bool):
        return 0 if schema else math.inf
    found = [_own_height(schema, heights), heights[schema["$ref"]] if "$ref" in schema else 0]
    found += [_height(each, heights) for each in schema.get("allOf", ())]
    for choice in ("anyOf", "oneOf"):
        if choice in schema:
            found.append(min((_height(each, heights) for each in schema[choice]), default=0))
    return max(found)


def _own_height(schema: dict[str, Json], heights: Mapping[str, float]) -> float:
    kinds = schema.get("type", ())
    kinds = {kinds} if isinstance(kinds, str) else set(kinds)
    if "const" in schema or "enum" in schema or kinds - {"object", "array"}:
        return 0
    properties = schema.get("properties", {})
    rest = schema.get("additionalProperties", schema.get("unevaluatedProperties", True))
    inner = [properties.get(name, rest) for name in schema.get("required", ())]
    least = int(schema.get("minItems", 0))
    inner += schema.get("prefixItems", ())[:least]
    inner += [schema["items"]] if least and "items" in schema else []
    inner += [schema["contains"]] if schema.get("minContains", 1) and "contains" in schema else []
    return 1 + max(_height(each, heights) for each in inner) if inner else 0
