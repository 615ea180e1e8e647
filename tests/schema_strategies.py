"""Schemas to try instances on: some grown around a value, some as documents have them."""

import json
from typing import Any

import jsonschema_rs
from hypothesis import strategies as st

Json = Any
Draw = Any


def is_valid(schema: Json, value: Json) -> bool:
    """Whether a validator that judges formats accepts the value."""
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return validator.is_valid(value)


# A schema is grown around a value that it accepts: so it is known to have one.

TEXTS = ["", "a", "red", "Zoë", "2024-02-29", "ab12", "x-1", "hello world", "日本語", "aaaaaaaa"]
FORMATTED = {
    "date": "2024-02-29",
    "date-time": "2024-02-29T12:00:00Z",
    "time": "12:00:00Z",
    "duration": "P1D",
    "email": "a@b.example",
    "hostname": "b.example",
    "ipv4": "192.0.2.1",
    "ipv6": "::1",
    "uri": "https://b.example/x",
    "uri-reference": "../x",
    "uuid": "123e4567-e89b-12d3-a456-426614174000",
    "json-pointer": "/a/0",
    "relative-json-pointer": "1/a",
    "regex": "^a+$",
}
PATTERNS = [
    "^[a-z]+$",
    "^[A-Za-z0-9_-]{1,20}$",
    r"^\d{4}-\d\d-\d\d$",
    r"^\w+\s\w+$",
    "e",
    r"^\p{L}+$",
    "^(red|green|blue)$",
    "^(?=.*[0-9])[a-z0-9]+$",
    "^(?!x).*$",
    r"^[^0-9]*$",
    r"^(a)\1*$",
    "^.{0,12}$",
    "^x-",
]
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-50, 1000),
    st.integers(-(10**12), 10**12),
    st.integers(-5000, 5000).map(lambda n: n / 100),
    st.sampled_from(TEXTS),
    st.sampled_from(list(FORMATTED.values())),
)
NAMES = st.sampled_from(["id", "name", "email", "tags", "x-a", "x-b", "price", "child"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=6,
)
KIND = {
    type(None): "null",
    bool: "boolean",
    int: "integer",
    float: "number",
    str: "string",
    list: "array",
    dict: "object",
}


@st.composite
def grown(draw: Draw, value: Json, depth: int = 2) -> Json:
    """A schema that accepts the value."""
    schema: dict[str, Json] = {}
    kind = KIND[type(value)]
    if draw(st.booleans()) or kind in {"array", "object"}:
        kinds = {kind} | draw(st.sets(st.sampled_from(list(KIND.values())), max_size=1))
        schema["type"] = kind if len(kinds) == 1 else sorted(kinds)
    schema |= draw(GROWN[kind](value, depth))
    if depth > 0:
        schema |= draw(combined(value, depth - 1))
    return schema


@st.composite
def plainly(draw: Draw, value: Json, depth: int) -> Json:
    choice = draw(st.integers(0, 9))
    if choice == 0:
        return {"const": value}
    if choice == 1:
        return {"enum": draw(st.permutations([value, "other", None]))}
    if choice == 2:
        return {"examples": [{"no": "such"}, value]}
    return {"default": value} if choice == 3 else {}


@st.composite
def around_number(draw: Draw, value: Any, depth: int) -> Json:
    schema: dict[str, Json] = draw(plainly(value, depth))
    room = st.sampled_from([0, 1, 5, 1000])
    if draw(st.booleans()):
        schema["minimum"] = value - draw(room)
    if draw(st.booleans()):
        schema["maximum"] = value + draw(room)
    if draw(st.integers(0, 3)) == 0:
        schema["exclusiveMinimum"] = value - draw(st.sampled_from([1, 3, 100]))
    if draw(st.integers(0, 3)) == 0:
        schema["exclusiveMaximum"] = value + draw(st.sampled_from([1, 3, 100]))
    if isinstance(value, int) and draw(st.booleans()):
        schema["multipleOf"] = draw(st.sampled_from([m for m in (1, 2, 3, 10) if value % m == 0]))
    elif draw(st.integers(0, 3)) == 0:
        schema["multipleOf"] = 0.01
    return schema


@st.composite
def around_string(draw: Draw, value: str, depth: int) -> Json:
    schema: dict[str, Json] = draw(plainly(value, depth))
    if draw(st.booleans()):
        schema["minLength"] = max(0, len(value) - draw(st.integers(0, 3)))
    if draw(st.booleans()):
        schema["maxLength"] = len(value) + draw(st.integers(0, 30))
    patterns = [pattern for pattern in PATTERNS if is_valid({"pattern": pattern}, value)]
    if patterns and draw(st.booleans()):
        schema["pattern"] = draw(st.sampled_from(patterns))
    named = [name for name in FORMATTED if is_valid({"format": name}, value)]
    if named and "pattern" not in schema and draw(st.booleans()):
        schema["format"] = draw(st.sampled_from(named))
    return schema


@st.composite
def around_array(draw: Draw, value: list[Json], depth: int) -> Json:
    schema: dict[str, Json] = draw(plainly(value, depth))
    if draw(st.booleans()):
        schema["minItems"] = max(0, len(value) - draw(st.integers(0, 2)))
    if draw(st.booleans()):
        schema["maxItems"] = len(value) + draw(st.integers(0, 3))
    prefix = draw(st.integers(0, len(value))) if draw(st.booleans()) else 0
    if prefix:
        schema["prefixItems"] = [draw(grown(each, depth - 1)) for each in value[:prefix]]
    if draw(st.booleans()):
        rest = [draw(grown(each, depth - 1)) for each in value[prefix:]]
        schema["items"] = {"anyOf": rest} if rest else draw(st.sampled_from([False, {}]))
    texts = [json.dumps(each) for each in value]
    if len(set(texts)) == len(texts) and is_valid({"uniqueItems": True}, value):
        schema["uniqueItems"] = draw(st.booleans())
    if value and draw(st.integers(0, 3)) == 0:
        contained = draw(grown(draw(st.sampled_from(value)), depth - 1))
        count = sum(is_valid(contained, each) for each in value)
        schema |= {"contains": contained, "minContains": draw(st.integers(0, count))}
        if draw(st.booleans()):
            schema["maxContains"] = count + draw(st.integers(0, 1))
    return schema


@st.composite
def around_object(draw: Draw, value: dict[str, Json], depth: int) -> Json:
    schema: dict[str, Json] = draw(plainly(value, depth))
    names = list(value)
    described = draw(st.lists(st.sampled_from(names), unique=True)) if names else []
    schema["properties"] = {name: draw(grown(value[name], depth - 1)) for name in described}
    if draw(st.booleans()):
        schema["properties"]["extra"] = draw(grown(draw(SCALARS), 0))
    if names and draw(st.booleans()):
        schema["required"] = draw(st.lists(st.sampled_from(names), unique=True))
    rest = [value[name] for name in names if name not in schema["properties"]]
    if draw(st.booleans()):
        inner = [draw(grown(each, depth - 1)) for each in rest]
        key = draw(st.sampled_from(["additionalProperties", "unevaluatedProperties"]))
        schema[key] = {"anyOf": inner} if inner else False
    return schema | draw(around_names(value, names))


@st.composite
def around_names(draw: Draw, value: dict[str, Json], names: list[str]) -> Json:
    schema: dict[str, Json] = {}
    if draw(st.integers(0, 3)) == 0:
        schema["minProperties"] = max(0, len(value) - draw(st.integers(0, 1)))
    if draw(st.integers(0, 3)) == 0:
        schema["maxProperties"] = len(value) + draw(st.integers(0, 2))
    if draw(st.integers(0, 4)) == 0:
        schema["propertyNames"] = {"maxLength": 5, "pattern": "^[a-z-]+$"}
    if draw(st.integers(0, 4)) == 0 and all(type(value[n]) is int for n in names if n[:2] == "x-"):
        schema["patternProperties"] = {"^x-": {"type": "integer"}}
    if len(names) > 1 and draw(st.integers(0, 3)) == 0:
        schema["dependentRequired"] = {names[0]: names[1:]}
    return schema


GROWN: dict[str, Any] = {
    "null": plainly,
    "boolean": plainly,
    "integer": around_number,
    "number": around_number,
    "string": around_string,
    "array": around_array,
    "object": around_object,
}


@st.composite
def combined(draw: Draw, value: Json, depth: int) -> Json:
    """Combinators that the value passes."""
    choice = draw(st.integers(0, 14))
    if choice > 6:
        return {}
    same = draw(grown(value, depth))
    if choice in {0, 4}:
        then = draw(grown(value, depth))
        return {"allOf": [same, then]} if choice == 0 else {"if": same, "then": then, "else": False}
    if choice == 6:
        names = list(value) if isinstance(value, dict) else []
        return {"dependentSchemas": dict.fromkeys(names[:1], same)}
    other = draw(grown(draw(VALUES), 0))
    if choice == 1:
        return {"anyOf": draw(st.permutations([same, other]))}
    if is_valid(other, value):
        return {}
    return {
        2: {"oneOf": draw(st.permutations([same, other]))},
        3: {"not": other},
        5: {"if": other, "then": False, "else": same},
    }[choice]


@st.composite
def satisfiable(draw: Draw) -> Json:
    return draw(grown(draw(VALUES)))


# Schemas as documents have them, recursive ones too: these must always work out.

REFS = st.sampled_from(["A", "B", "C"]).map(lambda name: {"$ref": f"#/$defs/{name}"})
LEAVES = st.one_of(
    st.sampled_from(sorted(FORMATTED)).map(lambda name: {"type": "string", "format": name}),
    st.sampled_from(PATTERNS).map(lambda pattern: {"type": "string", "pattern": pattern}),
    st.builds(
        lambda low, n: {"type": "string", "minLength": low, "maxLength": low + n},
        st.integers(0, 40),
        st.integers(0, 9),
    ),
    st.builds(
        lambda low, n: {"type": "integer", "minimum": low, "maximum": low + n},
        st.integers(-99, 99),
        st.integers(0, 99),
    ),
    st.builds(
        lambda low, step: {"type": "number", "exclusiveMinimum": low, "multipleOf": step},
        st.integers(-9, 9),
        st.sampled_from([0.01, 0.25, 3]),
    ),
    st.sampled_from([{"type": "boolean"}, {"type": "null"}, {"const": {"a": [1]}}, {}, True]),
    st.lists(st.sampled_from([1, "a", None, 2.5, [1]]), min_size=1).map(
        lambda some: {"enum": some}
    ),
    st.sampled_from(["string", "integer", "boolean"]).map(lambda kind: {"type": [kind, "null"]}),
)


@st.composite
def objects(draw: Draw, inner: Any) -> Json:
    names = draw(st.lists(NAMES, unique=True, max_size=4))
    schema: dict[str, Json] = {"type": "object"}
    schema["properties"] = {name: draw(inner | REFS) for name in names}
    plain = [name for name in names if "$ref" not in str(schema["properties"][name])]
    schema["required"] = draw(st.lists(st.sampled_from(plain), unique=True)) if plain else []
    closing = draw(st.sampled_from([None, "additionalProperties", "unevaluatedProperties"]))
    return schema | ({closing: False} if closing else {})


def arrays(inner: Any) -> Any:
    counted = st.builds(
        lambda items, low, n: {
            "type": "array",
            "items": items,
            "minItems": low,
            "maxItems": low + n,
        },
        inner,
        st.integers(0, 3),
        st.integers(0, 3),
    )
    unique = st.builds(
        lambda n: {
            "type": "array",
            "items": {"type": "integer", "minimum": 1, "maximum": n},
            "uniqueItems": True,
            "minItems": n,
        },
        st.integers(1, 12),
    )
    tuples = st.lists(inner, min_size=1, max_size=3).map(
        lambda some: {"type": "array", "prefixItems": some, "items": False, "minItems": len(some)}
    )
    return st.one_of(counted, unique, tuples, REFS.map(lambda ref: {"type": "array", "items": ref}))


def choices(inner: Any) -> Any:
    tagged = st.lists(inner, min_size=1, max_size=3).map(
        lambda some: {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {"tag": {"const": n}, "of": each},
                    "required": ["tag"],
                }
                for n, each in enumerate(some)
            ]
        }
    )
    nullable = REFS.map(lambda ref: {"anyOf": [ref, {"type": "null"}]})
    whole = st.builds(
        lambda a, b: {
            "allOf": [
                {"type": "object", "properties": {"a": a}, "required": ["a"]},
                {"properties": {"b": b}, "required": ["b"]},
            ]
        },
        inner,
        inner,
    )
    entries = inner.map(
        lambda each: {"type": "object", "additionalProperties": each, "minProperties": 2}
    )
    return st.one_of(tagged, nullable, whole, entries)


SCHEMAS = st.recursive(
    LEAVES, lambda inner: objects(inner) | arrays(inner) | choices(inner), max_leaves=6
)
