"""Soundness: a client's schema is one, or it is said where and why it is none."""

from typing import Any

import pytest

from mock_server.soundness import Soundness, schema_fault

Json = Any


def nested(levels: int) -> Json:
    schema: Json = {}
    for _ in range(levels):
        schema = {"items": schema}
    return schema


@pytest.mark.parametrize(
    "schema",
    [
        *(True, False, {}, {"type": "object"}, {"type": ["string", "null"]}),
        {"type": "string", "nullable": True},
        {"$ref": "#/$defs/a", "$defs": {"a": {"type": "string"}}},
        {"properties": {"child": {"$ref": "#"}}},
        {"$schema": "http://json-schema.org/draft-07/schema#", "definitions": {"a": {}}},
        {"$schema": "https://json-schema.org/draft/2020-12/schema"},
        {"items": [{"type": "string"}]},
        {"$id": "http://x.y/z", "$ref": "http://x.y/z#/$defs/a", "$defs": {"a": {}}},
        {"pattern": r"^\p{L}{1,60}(?<=a)$"},
        {"properties": {"$ref": {"type": "string"}, "pattern": {"type": "string"}}},
        {"enum": [{"$ref": "#/nowhere"}], "default": {"pattern": "("}},
        nested(90),
    ],
)
def test_what_is_a_schema_has_no_fault(schema: Json) -> None:
    assert schema_fault(schema) is None


@pytest.mark.parametrize(
    ("schema", "steps", "said"),
    [
        (5, [], "an object or a boolean"),
        (None, [], "an object or a boolean"),
        ({"type": "strng"}, ["type"], "must be one of array, boolean"),
        ({"properties": {"a": {"type": ["x"]}}}, ["properties", "a", "type"], "must be one of"),
        ({"properties": {"a": "string"}}, ["properties", "a"], "not of types"),
        ({"required": True}, ["required"], "array"),
        ({"anyOf": [{}, {"minLength": -1}]}, ["anyOf", 1, "minLength"], "minimum of 0"),
        ({"pattern": "(a"}, ["pattern"], "no regular expression"),
        (
            {"items": {"patternProperties": {"[": {}}}},
            ["items", "patternProperties", "["],
            "no regular expression",
        ),
        ({"pattern": "((a{90}){90}){90}"}, ["pattern"], "too much memory"),
        ({"pattern": "a" * 6000}, ["pattern"], "5000 characters"),
        ({"$ref": "#/$defs/x"}, ["$ref"], "points to nothing"),
        ({"allOf": [{"$ref": "#/allOf/0"}]}, ["allOf", 0, "$ref"], "never end"),
        ({"items": {"$ref": "https://x.y/z"}}, ["items", "$ref"], "leads out"),
        ({"$ref": "#/$defs/n", "$defs": {"n": True}, "x": 1, "not": 3}, ["not"], "not of type"),
        ({"$ref": "#/x", "x": 5}, ["$ref"], "leads to no schema"),
        ({"$schema": "http://json-schema.org/draft-99/schema#"}, ["$schema"], "No dialect"),
        ({"$schema": "http://127.0.0.1:9/schema"}, ["$schema"], "No dialect"),
        ({"$schema": 5}, ["$schema"], "No dialect"),
        (nested(120), ["items"], "more than 100 levels"),
        ({"enum": list(range(5)), "x": [{}] * 30_000}, [], "more than 10000"),
    ],
)
def test_a_fault_has_its_place_and_a_sentence(schema: Json, steps: list[Any], said: str) -> None:
    fault = schema_fault(schema)
    assert fault is not None
    assert fault[0] == steps
    assert said in fault[1]
    assert fault[1].endswith(".")
    assert len(fault[1]) < 300


def test_many_patterns_must_be_small_ones() -> None:
    few = {"anyOf": [{"pattern": f"^[a-z]{{{1000 + n}}}$"} for n in range(10)]}
    assert schema_fault(few) is None
    many = {"anyOf": [{"pattern": f"^[a-z]{{{4000 + n}}}$"} for n in range(500)]}
    fault = schema_fault(many)
    assert fault is not None
    assert "too much memory" in fault[1]


def test_a_schema_is_judged_once() -> None:
    soundness = Soundness()
    first = soundness.fault({"type": "strng"})
    assert first == schema_fault({"type": "strng"})
    assert soundness.fault({"type": "strng"}) is first
    assert soundness.fault({"type": "string"}) is None
