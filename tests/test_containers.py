"""Objects and arrays have what they need, in order, and no more than they may."""

from random import Random
from typing import Any

import jsonschema_rs
import pytest

from mock_server.document import Document
from mock_server.values.conjunction import Conflict
from mock_server.values.maker import Budget, Effort, Maker
from mock_server.values.schemas import Schemas
from mock_server.values.words import Words

Json = Any
WORDS = Words()
USUAL = Effort(0.95)


def attempt(schema: Json, seed: int = 1, effort: Effort = USUAL) -> Json:
    schemas = Schemas(Document(schema))
    maker = Maker(schemas, WORDS, Random(seed), effort, Budget(10_000))
    return maker.value([schemas.closed(schema)])


INTEGER = {"type": "integer"}
OBJECTS: list[Json] = [
    {"required": ["a", "b"], "maxProperties": 2, "properties": {"c": {}, "a": {}, "b": {}}},
    {"minProperties": 3, "properties": {"a": {}, "b": {}, "c": {}}, "additionalProperties": False},
    {"minProperties": 3},
    {"minProperties": 2, "additionalProperties": INTEGER},
    {
        "minProperties": 2,
        "patternProperties": {"^x-[a-z]$": INTEGER},
        "additionalProperties": False,
    },
    {"minProperties": 2, "propertyNames": {"pattern": "^[A-Z]{3}$"}},
    {"properties": {"long name": {}, "ok": {}}, "propertyNames": {"maxLength": 3}},
    {"dependentRequired": {"a": ["b"], "b": ["c"]}, "properties": {"a": {}}, "required": ["a"]},
    {
        "dependentSchemas": {
            "a": {"required": ["b"], "dependentSchemas": {"b": {"required": ["c"]}}}
        },
        "required": ["a"],
    },
    {"properties": {"a": False, "b": INTEGER}},
    {
        "properties": {"a": INTEGER},
        "unevaluatedProperties": False,
        "allOf": [{"properties": {"b": {}}, "required": ["b"]}],
    },
    {"required": ["a"], "unevaluatedProperties": INTEGER},
    {
        "required": ["x1"],
        "properties": {"x1": {"minimum": 5}},
        "patternProperties": {"^x": INTEGER},
    },
    {"required": ["ab"], "patternProperties": {"^a": INTEGER, "b$": {"multipleOf": 7}}},
]


@pytest.mark.parametrize("density", [0.0, 0.5, 1.0])
@pytest.mark.parametrize("schema", OBJECTS, ids=range(len(OBJECTS)))
def test_objects(schema: Json, density: float) -> None:
    schema = {"type": "object"} | schema
    validator = jsonschema_rs.Draft202012Validator(schema)
    for seed in range(10):
        made = attempt(schema, seed, Effort(density))
        assert validator.is_valid(made), made


def test_properties_stand_in_the_order_of_the_schema() -> None:
    schema = {
        "type": "object",
        "required": ["extra", "c", "a"],
        "properties": {"a": {}, "b": {}, "c": {}},
        "allOf": [{"properties": {"d": {}}, "required": ["d"]}],
    }
    assert list(attempt(schema, effort=Effort(1))) == ["a", "b", "c", "d", "extra"]


def test_maps_get_an_entry_or_two() -> None:
    made = attempt({"type": "object", "additionalProperties": INTEGER})
    assert 1 <= len(made) <= 2
    assert attempt({"type": "object", "additionalProperties": True}) == {}
    assert attempt({"type": "object"}) == {}


def test_what_is_optional_and_cannot_be_made_is_left_out() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "string", "minLength": 10**6}, "b": INTEGER},
    }
    assert attempt(schema, effort=Effort(1)).keys() == {"b"}


def test_what_only_requests_carry_is_left_out() -> None:
    secret = {"type": "string", "writeOnly": True}
    schema = {
        "type": "object",
        "properties": {"secret": secret, "needed": secret},
        "required": ["needed"],
    }
    assert attempt(schema, effort=Effort(1)).keys() == {"needed"}


ARRAYS: list[Json] = [
    {"minItems": 3, "items": INTEGER},
    {"maxItems": 0, "items": INTEGER},
    {"minItems": 2, "maxItems": 2, "prefixItems": [INTEGER]},
    {"prefixItems": [INTEGER, {"type": "string"}], "items": False, "minItems": 2},
    {"prefixItems": [INTEGER], "items": {"type": "string"}, "minItems": 3},
    {"prefixItems": [INTEGER], "unevaluatedItems": False},
    {
        "items": {"type": ["integer", "string"]},
        "contains": INTEGER,
        "minContains": 2,
        "maxContains": 3,
        "minItems": 6,
    },
    {"contains": {"const": 1}, "allOf": [{"contains": {"const": 2}}], "maxItems": 2},
    {"contains": INTEGER, "minContains": 0, "maxContains": 0, "minItems": 2},
    {"prefixItems": [{"type": "string"}], "contains": INTEGER},
    {"uniqueItems": True, "minItems": 5, "maxItems": 5, "items": {"enum": [1, 2, 3, 4, 5]}},
    {"uniqueItems": True, "minItems": 2, "maxItems": 2, "items": {"type": "boolean"}},
    {"uniqueItems": True, "minItems": 9, "items": {"type": "integer", "minimum": 1, "maximum": 9}},
    {"uniqueItems": True, "minItems": 3, "items": {"examples": ["same"], "type": "string"}},
    {
        "uniqueItems": True,
        "minItems": 4,
        "items": {"type": "array", "items": {"type": "boolean"}, "maxItems": 2},
    },
    {"uniqueItems": True, "items": {"const": 1}},
]


@pytest.mark.parametrize("density", [0.01, 1.0])
@pytest.mark.parametrize("schema", ARRAYS, ids=range(len(ARRAYS)))
def test_arrays(schema: Json, density: float) -> None:
    schema = {"type": "array"} | schema
    validator = jsonschema_rs.Draft202012Validator(schema)
    for seed in range(10):
        made = attempt(schema, seed, Effort(density))
        assert validator.is_valid(made), made


def test_arrays_are_not_empty_unless_they_must_be() -> None:
    schema = {"type": "array", "items": INTEGER}
    assert {len(attempt(schema, seed)) for seed in range(20)} == {1, 2}
    assert attempt(schema, effort=Effort(0)) == []
    assert attempt({"type": "array", "items": False}) == []


@pytest.mark.parametrize(
    ("schema", "keyword"),
    [
        ({"type": "object", "required": ["a", "b"], "maxProperties": 1}, "maxProperties"),
        ({"type": "object", "minProperties": 10_001}, "maxProperties"),
        ({"type": "object", "minProperties": 1, "additionalProperties": False}, "minProperties"),
        (
            {"type": "object", "required": ["long"], "propertyNames": {"maxLength": 3}},
            "propertyNames",
        ),
        (
            {"type": "object", "minProperties": 1, "patternProperties": {"^(a)?(?(1)b|c)$": {}}},
            "patternProperties",
        ),
        ({"type": "array", "minItems": 10_001}, "minItems"),
        ({"type": "array", "minItems": 2, "maxItems": 1}, "minItems"),
        ({"type": "array", "minItems": 2, "items": False}, "minItems"),
        ({"type": "array", "contains": {}, "maxItems": 0}, "minItems"),
        ({"type": "array", "contains": {}, "minContains": 20_000}, "minContains"),
        (
            {"type": "array", "minItems": 2, "uniqueItems": True, "items": {"const": 1}},
            "uniqueItems",
        ),
    ],
)
def test_what_cannot_be_is_named(schema: Json, keyword: str) -> None:
    with pytest.raises(Conflict) as caught:
        attempt(schema)
    assert caught.value.keyword == keyword
