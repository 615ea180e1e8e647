"""What several schemas ask of one value together: the flat list of their parts, and its sums."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from mock_server.values.schemas import Schema, Schemas
from mock_server.wire import Json

Part = dict[str, Json]
Choose = Callable[[Sequence[Schema]], int]

KINDS = ("object", "array", "string", "number", "integer", "boolean", "null")
_DEEPEST = 60
# Which keywords speak of which kind; the first that is met decides where no type is given.
_SPEAKING = {
    "object": {
        *("properties", "required", "additionalProperties", "patternProperties", "minProperties"),
        *("propertyNames", "maxProperties", "dependentRequired", "dependentSchemas"),
        "unevaluatedProperties",
    },
    "array": {
        *("items", "prefixItems", "contains", "minItems", "maxItems", "uniqueItems"),
        "unevaluatedItems",
    },
    "string": {"pattern", "minLength", "maxLength", "contentMediaType", "contentEncoding"},
    "number": {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"},
}


class Conflict(Exception):
    """No value can be made this way: a keyword, what it met, and the names that lead there."""

    def __init__(self, keyword: str, reason: str) -> None:
        super().__init__(keyword, reason)
        self.keyword = keyword
        self.reason = reason
        self.at: list[str] = []


@dataclass
class Flattening:
    """Takes schemas apart into parts that all hold, choosing a branch wherever there are several.

    `present` are the properties that the object will have: they set off `dependentSchemas`.
    A branch once chosen stays chosen, so that a second flattening gives the same parts and more.
    """

    schemas: Schemas
    choose: Choose
    chosen: dict[tuple[int, str], int] = field(default_factory=dict)

    def parts(self, goal: Sequence[Schema], present: Collection[str] = ()) -> list[Part]:
        """The parts of all these schemas; raises Conflict."""
        parts: list[Part] = []
        for schema in goal:
            self._add(schema, parts, present, ())
        return parts

    def _add(
        self, schema: Schema, parts: list[Part], present: Collection[str], path: tuple[int, ...]
    ) -> None:
        if isinstance(schema, bool):
            if not schema:
                raise Conflict("false", "nothing is allowed here")
            return
        if id(schema) in path:
            return
        if len(path) > _DEEPEST:
            raise Conflict("$ref", "schemas refer to each other too often")
        start = len(parts)
        parts.append(schema)
        for inner in self._in_place(schema, present):
            self._add(inner, parts, present, (*path, id(schema)))
        parts.extend(_closing(schema, parts[start:]))

    def _in_place(self, schema: Part, present: Collection[str]) -> Iterator[Schema]:
        if "$ref" in schema:
            yield self.schemas.target(schema["$ref"])
        yield from schema.get("allOf", ())
        for keyword in ("anyOf", "oneOf"):
            if keyword in schema:
                yield from self._branch(schema, keyword)
        if "if" in schema:
            yield from self._condition(schema)
        if "not" in schema:
            yield from _without(schema["not"])
        for name, inner in schema.get("dependentSchemas", {}).items():
            if name in present:
                yield inner

    def _branch(self, schema: Part, keyword: str) -> Iterator[Schema]:
        branches = schema[keyword]
        if not branches:
            raise Conflict(keyword, "there are no branches")
        index = self._choice(schema, keyword, branches)
        yield branches[index]
        discriminator = schema.get("discriminator", {})
        if index < len(discriminator.get("keys", ())):
            yield {"preferred": {discriminator["property"]: discriminator["keys"][index]}}

    def _condition(self, schema: Part) -> Iterator[Schema]:
        held = [schema["if"], schema.get("then", True)]
        failed = [{"not": schema["if"]}, schema.get("else", True)]
        yield from (held, failed)[self._choice(schema, "if", [held[1], failed[1]])]

    def _choice(self, schema: Part, keyword: str, branches: Sequence[Schema]) -> int:
        if (id(schema), keyword) not in self.chosen:
            self.chosen[id(schema), keyword] = self.choose(branches)
        return self.chosen[id(schema), keyword]


def _without(schema: Schema) -> Iterator[Schema]:
    if schema is True or schema == {}:
        yield False
    elif isinstance(schema, dict) and schema.keys() == {"type"}:
        refused = expanded(schema["type"])
        yield {"type": [kind for kind in KINDS if kind not in refused]}


def _closing(schema: Part, inner: Sequence[Part]) -> Iterator[Part]:
    """`unevaluated…` as `additionalProperties` and `items` beside all that the parts evaluate."""
    others = [part for part in inner if part is not schema]
    rest = schema.get("unevaluatedProperties")
    if rest is not None and not _any(others, "unevaluatedProperties", "additionalProperties"):
        evaluated = {
            keyword: {name: True for part in inner for name in part.get(keyword, ())}
            for keyword in ("properties", "patternProperties")
        }
        yield {**evaluated, "additionalProperties": schema.get("additionalProperties", rest)}
    rest = schema.get("unevaluatedItems")
    if rest is not None and not _any(others, "unevaluatedItems", "items"):
        prefix = max(len(part.get("prefixItems", ())) for part in inner)
        yield {"prefixItems": [True] * prefix, "items": schema.get("items", rest)}


def _any(parts: Sequence[Part], *keywords: str) -> bool:
    return any(keyword in part for part in parts for keyword in keywords)


def expanded(kinds: str | Sequence[str]) -> set[str]:
    """Types as a set, where a number may be an integer."""
    found = {kinds} if isinstance(kinds, str) else set(kinds)
    return found | {"integer"} if "number" in found else found


def kinds_of(parts: Sequence[Part]) -> list[str]:
    """The types that all parts allow, in a fixed order."""
    allowed = set(KINDS)
    for part in parts:
        if "type" in part:
            allowed &= expanded(part["type"])
    if not allowed:
        raise Conflict("type", "no type is left")
    if "number" in allowed:
        allowed.discard("integer")
    return [kind for kind in KINDS if kind in allowed]


def spoken_of(parts: Sequence[Part]) -> str | None:
    """The type that the other keywords of the parts speak of."""
    for kind, keywords in _SPEAKING.items():
        if any(keywords & part.keys() for part in parts):
            return kind
    return None


def most(parts: Sequence[Part], keyword: str, default: Any = None) -> Any:
    """The largest argument of a keyword."""
    return max((part[keyword] for part in parts if keyword in part), default=default)


def least(parts: Sequence[Part], keyword: str, default: Any = None) -> Any:
    """The smallest argument of a keyword."""
    return min((part[keyword] for part in parts if keyword in part), default=default)


def arguments(parts: Sequence[Part], keyword: str) -> list[Json]:
    """Every argument of a keyword, in order."""
    return [part[keyword] for part in parts if keyword in part]


def item_goal(parts: Sequence[Part], index: int) -> list[Schema]:
    """What the parts ask of the item at a place."""
    goal: list[Schema] = []
    for part in parts:
        prefix = part.get("prefixItems", ())
        if index < len(prefix):
            goal.append(prefix[index])
        elif "items" in part:
            goal.append(part["items"])
    return goal


def property_goal(parts: Sequence[Part], name: str, schemas: Schemas) -> list[Schema]:
    """What the parts ask of the property of a name."""
    goal: list[Schema] = []
    for part in parts:
        found = [part["properties"][name]] if name in part.get("properties", ()) else []
        for pattern, schema in part.get("patternProperties", {}).items():
            if schemas.keeps("pattern", pattern, name):
                found.append(schema)
        if not found and "additionalProperties" in part:
            found = [part["additionalProperties"]]
        goal += found
    return goal


def required_of(parts: Sequence[Part], present: Sequence[str] = ()) -> list[str]:
    """The properties that must be there once these are, each once."""
    depending = arguments(parts, "dependentRequired")
    names = dict.fromkeys(
        [*present, *(name for part in parts for name in part.get("required", ()))]
    )
    waiting = list(names)
    while waiting:
        trigger = waiting.pop()
        for name in (name for each in depending for name in each.get(trigger, ())):
            if name not in names:
                names[name] = None
                waiting.append(name)
    return list(names)


def identity(value: Json) -> Json:
    """A hashable stand-in that is equal for values that JSON Schema calls equal."""
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, list):
        return ("array", *map(identity, value))
    if isinstance(value, dict):
        return frozenset((name, identity(inner)) for name, inner in value.items())
    return value
