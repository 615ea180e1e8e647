"""A 3.0 schema says in 3.1 what it said in 3.0."""

from typing import Any

import pytest
from openapi_spec_validator import validate

from mock_server.upgrade import modern, upgrade

Json = Any
NULL = {"type": "null"}

CASES: list[tuple[Json, Json]] = [
    ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    ({"type": "string", "nullable": False}, {"type": "string"}),
    (
        {"type": "string", "nullable": True, "enum": ["a"]},
        {"type": ["string", "null"], "enum": ["a", None]},
    ),
    ({"nullable": True, "enum": ["a", None]}, {"enum": ["a", None]}),
    ({"nullable": True}, {}),
    (
        {"nullable": True, "allOf": [{"$ref": "#/a"}], "description": "d"},
        {"anyOf": [{"allOf": [{"$ref": "#/a"}]}, NULL], "description": "d"},
    ),
    ({"nullable": True, "$ref": "#/a"}, {"anyOf": [{"$ref": "#/a"}, NULL]}),
    ({"$ref": "#/a", "description": "d", "type": "string"}, {"$ref": "#/a"}),
    ({"minimum": 1, "exclusiveMinimum": True}, {"exclusiveMinimum": 1}),
    ({"maximum": 1, "exclusiveMaximum": False}, {"maximum": 1}),
    ({"exclusiveMaximum": True}, {}),
    ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
    (
        {"type": "string", "format": "binary"},
        {"type": "string", "contentMediaType": "application/octet-stream"},
    ),
    ({"type": "string", "format": "byte"}, {"type": "string", "contentEncoding": "base64"}),
    ({"type": "string", "format": "date"}, {"type": "string", "format": "date"}),
    (
        {"items": {"type": "integer", "nullable": True}},
        {"items": {"type": ["integer", "null"]}},
    ),
    (
        {"properties": {"nullable": {"type": "boolean", "nullable": True}}},
        {"properties": {"nullable": {"type": ["boolean", "null"]}}},
    ),
    (
        {"default": {"nullable": True, "example": 1}, "enum": [{"nullable": True}]},
        {"default": {"nullable": True, "example": 1}, "enum": [{"nullable": True}]},
    ),
]


def document(schema: Json) -> dict[str, Json]:
    return {
        "openapi": "3.0.3",
        "info": {"title": "t", "version": "1"},
        "paths": {},
        "components": {"schemas": {"A": schema}},
    }


@pytest.mark.parametrize(("old", "new"), CASES)
def test_schemas_are_upgraded(old: Json, new: Json) -> None:
    data = document(old)
    upgrade(data)
    assert data["components"]["schemas"]["A"] == new


def test_an_upgraded_document_is_a_sound_one() -> None:
    unfit = ("$ref", "default")
    data = document({"allOf": [old for old, _ in CASES if not any(n in str(old) for n in unfit)]})
    upgrade(data)
    assert data["openapi"] == "3.1.1"
    validate(data)


def test_upgrading_leaves_examples_alone() -> None:
    example = {"value": {"nullable": True, "exclusiveMinimum": True}}
    data = document({})
    data["components"]["examples"] = {"one": example}
    upgrade(data)
    assert data["components"]["examples"]["one"] == {
        "value": {"nullable": True, "exclusiveMinimum": True}
    }


OLDER: list[tuple[Json, Json]] = [
    ({"items": [{}, True]}, {"prefixItems": [{}, True], "items": True}),
    ({"items": [{}], "additionalItems": False}, {"prefixItems": [{}], "items": False}),
    ({"dependencies": {"a": ["b"]}}, {"dependentRequired": {"a": ["b"]}}),
    ({"dependencies": {"a": {"type": "object"}}}, {"dependentSchemas": {"a": {"type": "object"}}}),
    ({"required": True, "exclusiveMinimum": True, "properties": []}, {}),
    ({"examples": {"one": 1}, "example": 2}, {}),
    ({"example": 2}, {"examples": [2]}),
    ({"type": "string"}, {"type": "string"}),
]


@pytest.mark.parametrize(("old", "new"), OLDER)
def test_older_drafts_and_slips_are_understood(old: Json, new: Json) -> None:
    dropped = {"additionalItems", "dependencies", "example"}
    found = {name: value for name, value in modern(old).items() if name not in dropped}
    assert found == new


def test_a_discriminator_names_its_branches() -> None:
    schema = {
        "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}, {}],
        "discriminator": {"propertyName": "kind", "mapping": {"d": "#/components/schemas/Dog"}},
    }
    assert modern(schema)["discriminator"] == {"property": "kind", "keys": ["Cat", "d", ""]}
