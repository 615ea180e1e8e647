"""Schemas are measured before they are used: heights, weights and the labour of checking."""

import math
from typing import Any

import pytest

from mock_server.document import Document
from mock_server.values.measures import Measures
from mock_server.values.schemas import Schemas

Json = Any


def of(schema: dict[str, Json]) -> tuple[Measures, Json]:
    schemas = Schemas(Document(schema))
    copy = schemas.closed(schema)
    return schemas.measures, copy


HEIGHTS = [
    ({"type": "string"}, 0),
    ({"type": "object", "properties": {"a": {}}}, 0),
    ({"type": "object", "properties": {"a": {}}, "required": ["a"]}, 1),
    ({"type": "array", "items": {"type": "array", "minItems": 1, "items": {}}, "minItems": 1}, 2),
    ({"type": "array", "prefixItems": [{}, {"$ref": "#"}], "minItems": 1}, 1),
    ({"type": "array", "prefixItems": [{}, {"$ref": "#"}], "minItems": 2}, math.inf),
    ({"type": "object", "properties": {"a": {"$ref": "#"}}, "required": ["a"]}, math.inf),
    ({"type": ["object", "null"], "properties": {"a": {"$ref": "#"}}, "required": ["a"]}, 0),
    ({"anyOf": [{"properties": {"a": {"$ref": "#"}}, "required": ["a"]}, {"const": 1}]}, 0),
    ({"allOf": [{"properties": {"a": {"enum": [{}]}}, "required": ["a"]}, {}]}, 1),
    ({"oneOf": [False]}, math.inf),
]


@pytest.mark.parametrize(("schema", "height"), HEIGHTS)
def test_heights(schema: Json, height: float) -> None:
    measures, copy = of(schema)
    assert measures.height(copy) == height


def doubling(keyword: str) -> Json:
    links = {f"a{n}": {keyword: [{"$ref": f"#/$defs/a{n + 1}"}] * 2} for n in range(40)}
    return {"$ref": "#/$defs/a0", "$defs": links | {"a40": {"type": "integer"}}}


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_parts_that_multiply_are_heavy(keyword: str) -> None:
    measures, copy = of(doubling(keyword))
    assert measures.weight(copy) > 2**40


def test_weights_count_what_one_value_is_checked_against() -> None:
    inner = {"allOf": [{}, {"not": {}}], "if": True, "properties": {"a": {"not": {}}}}
    measures, copy = of({"$ref": "#/$defs/inner", "$defs": {"inner": inner}})
    assert measures.weight(copy) == 6
    measures, copy = of({"$ref": "#"})
    assert measures.weight(copy) == 2


def labour(schema: Json, value: Json) -> float:
    measures, copy = of(schema)
    return measures.labour([copy], value)


def test_labour_counts_the_checks_of_all_that_is_inside() -> None:
    schema = {
        "properties": {"a": {"not": {}}},
        "patternProperties": {"b": {}},
        "additionalProperties": {},
        "items": {},
        "prefixItems": [{}, {}],
        "$ref": "#",
    }
    assert labour(schema, 1) < labour(schema, {"a": 1}) < labour(schema, {"a": 1, "b": 1})
    assert labour(schema, []) < labour(schema, [1]) < labour(schema, [1, [2]])


def test_labour_finds_what_multiplies_on_the_way_down() -> None:
    twice = {"allOf": [{"properties": {"a": {"$ref": "#"}}}] * 2}
    value: Json = {}
    for _ in range(40):
        value = {"a": value}
    assert labour(twice, value) > 2**40
    once = {"properties": {"a": {"$ref": "#"}}}
    assert labour(once, value) < 20_000
