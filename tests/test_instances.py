"""Instances: for any schema that has a value, one is made, and it is valid."""

import json
import os
import subprocess
import sys
from random import Random, getstate
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.document import Document
from mock_server.instances import Instances, Unsatisfiable, instance
from mock_server.values.words import Words
from tests.schema_strategies import LEAVES, SCHEMAS, is_valid, objects, satisfiable

Json = Any

WORDS = Words()
OFTEN = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def made(schema: Json, seed: int = 0) -> Json:
    root = schema if isinstance(schema, dict) else {}
    return instance(schema, Document(root), Random(seed), WORDS)


def test_a_schema_that_has_a_value_gets_a_valid_one() -> None:
    results: list[bool] = []

    @OFTEN
    @given(satisfiable(), st.integers(0, 2**32))
    def attempt(schema: Json, seed: int) -> None:
        try:
            value = made(schema, seed)
        except Unsatisfiable:
            results.append(False)
        else:
            assert is_valid(schema, value)
            results.append(True)

    attempt()
    # A few are too intricate to be worked out by drawing; a wrong value is never given.
    assert sum(results) >= 0.98 * len(results)


@OFTEN
@given(
    SCHEMAS, st.tuples(objects(SCHEMAS), objects(SCHEMAS), objects(LEAVES)), st.integers(0, 2**32)
)
def test_schemas_of_everyday_documents_always_work_out(root: Json, named: Json, seed: int) -> None:
    schema = {"allOf": [root], "$defs": dict(zip("ABC", named, strict=True))}
    assert is_valid(schema, made(schema, seed))


@OFTEN
@given(satisfiable(), st.integers(0, 2**32))
def test_the_same_seed_gives_the_same_value(schema: Json, seed: int) -> None:
    def attempt() -> str:
        try:
            return json.dumps(made(json.loads(json.dumps(schema)), seed))
        except Unsatisfiable as error:
            return str(error)

    assert attempt() == attempt()


def test_the_same_seed_gives_the_same_value_in_another_process() -> None:
    code = (
        "import json; from random import Random; from mock_server.document import Document;"
        "from mock_server.instances import instance; names = ['name', 'b', 'email', 'z', 'id'];"
        "schema = {'type': 'object', 'properties': {name: {} for name in names},"
        "'patternProperties': {'^x': {}}, 'minProperties': 9, 'anyOf': [{'required': ['z']}, {}]};"
        "print(json.dumps(instance(schema, Document(schema), Random(4))))"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1


ORDER = {
    "type": "object",
    "required": ["id", "email", "name"],
    "properties": {
        "id": {"type": "string"},
        "email": {"type": "string", "format": "email"},
        "name": {"type": "string"},
        "createdAt": {"type": "string", "format": "date-time"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "total": {"type": "number", "minimum": 0},
        "address": {
            "type": "object",
            "required": ["city"],
            "properties": {
                "city": {"type": "string"},
                "zip": {"type": "string", "pattern": "^\\d{5}$"},
                "country": {"type": "string"},
            },
        },
        "status": {"enum": ["open", "paid"]},
        "secret": {"type": "string", "writeOnly": True},
        "note": {"type": "string", "examples": [7, "Leave at the door."]},
    },
}


def test_values_look_like_what_people_send() -> None:
    values = [made(ORDER, seed) for seed in range(20)]
    assert all("@example." in value["email"] for value in values)
    assert all(" " in value["name"] for value in values)
    assert sum("createdAt" in value for value in values) >= 15
    assert {value.get("note") for value in values} == {"Leave at the door.", None}
    assert not any("secret" in value for value in values)
    assert len({value["id"] for value in values}) == 20


HOSTILE: list[tuple[str, Json, str]] = [
    ("never", False, "`false` at #"),
    (
        "itself",
        {"type": "object", "required": ["a"], "properties": {"a": {"$ref": "#"}}},
        "contain itself",
    ),
    ("between", {"type": "array", "minItems": 1, "items": {"anyOf": [{"$ref": "#"}]}}, "itself"),
    ("many items", {"type": "array", "minItems": 10**12, "items": {}}, "`minItems` at #"),
    ("many names", {"type": "object", "minProperties": 10**6}, "`maxProperties` at #"),
    ("many demands", {"type": "array", "contains": {}, "minContains": 10**9}, "at #"),
    (
        "long",
        {
            "type": "object",
            "required": ["a"],
            "properties": {"a": {"type": "string", "minLength": 10**6}},
        },
        "`minLength` at #/a",
    ),
    ("catastrophe", {"type": "string", "pattern": "^(a|a)*(?=c)$"}, "`pattern` at #"),
    ("long pattern", {"type": "string", "pattern": "a" * 5000}, "longer than 2000"),
    ("long match", {"type": "string", "pattern": "^((a{99}){99})$", "minLength": 9802}, "at #"),
    ("no pattern", {"type": "string", "pattern": "("}, "cannot be used"),
    ("contradiction", {"type": "integer", "minimum": 5, "maximum": 4}, "`minimum` at #"),
    ("no types", {"allOf": [{"type": "string"}, {"type": "null"}]}, "`type` at #"),
    ("no choice", {"enum": [1, 2], "type": "string"}, "`enum` at #"),
    ("wrong constant", {"const": 1, "type": "string"}, "at #"),
    (
        "no others",
        {"type": "array", "items": {"type": "boolean"}, "uniqueItems": True, "minItems": 3},
        "`uniqueItems` at #",
    ),
    ("no names", {"type": "object", "minProperties": 1, "propertyNames": False}, "at #"),
    (
        "too few",
        {"type": "object", "required": ["a", "b"], "maxProperties": 1},
        "`maxProperties` at #",
    ),
    (
        "refused",
        {"not": {"not": {"allOf": [{"type": "string"}, {"not": {"type": "string"}}]}}},
        "`not` at #",
    ),
    (
        "wide",
        {
            "$defs": {
                "w": {
                    "type": "array",
                    "minItems": 30,
                    "items": {
                        "type": "array",
                        "minItems": 30,
                        "items": {
                            "type": "array",
                            "minItems": 50,
                            "items": {"type": "object", "required": ["a"]},
                        },
                    },
                }
            },
            "$ref": "#/$defs/w",
        },
        "too much work",
    ),
    (
        "tower",
        {
            "$defs": {
                str(n): {
                    "type": "object",
                    "required": ["p"],
                    "properties": {"p": {"$ref": f"#/$defs/{n + 1}"}},
                }
                for n in range(500)
            }
            | {"500": True},
            "$ref": "#/$defs/0",
        },
        "at #/p/p",
    ),
    (
        "chain",
        {
            "$defs": {str(n): {"$ref": f"#/$defs/{n + 1}"} for n in range(5000)} | {"5000": True},
            "$ref": "#/$defs/0",
        },
        "too deep",
    ),
    (
        "fan",
        {
            "$defs": {str(n): {"oneOf": [{"$ref": f"#/$defs/{n + 1}"}] * 3} for n in range(60)}
            | {"60": {"type": "null"}},
            "$ref": "#/$defs/0",
        },
        "too much work",
    ),
]


@pytest.mark.parametrize(
    ("schema", "complaint"), [case[1:] for case in HOSTILE], ids=[case[0] for case in HOSTILE]
)
def test_hostile_schemas_are_refused_soon_and_with_a_reason(schema: Json, complaint: str) -> None:
    with pytest.raises(Unsatisfiable, match=complaint):
        made(schema)


DEMANDING: list[Json] = [
    {"type": "array", "minItems": 10_000, "items": {"type": "integer"}},
    {
        "type": "array",
        "minItems": 300,
        "uniqueItems": True,
        "items": {"type": "integer", "minimum": 1, "maximum": 300},
    },
    {"type": "object", "minProperties": 300},
    {"type": "string", "minLength": 10_000},
    {"type": "object", "properties": {f"p{n}": {"$ref": "#"} for n in range(40)}},
    {
        "type": "object",
        "properties": {f"p{n}": {"anyOf": [{"$ref": "#"}, {"type": "null"}]} for n in range(20)},
        "required": [f"p{n}" for n in range(20)],
    },
    {
        "oneOf": [
            {
                "type": "object",
                "required": ["l", "r"],
                "properties": {"l": {"$ref": "#"}, "r": {"$ref": "#"}},
            },
            {"type": "number"},
        ]
    },
    {"anyOf": [{"$ref": "#"}, {"type": "string"}]},
    {"allOf": [{"$ref": "#"}], "type": "string"},
]


DEMANDING += [
    {"type": "string", "format": "date", "pattern": "^2024-"},
    {"type": "string", "format": "email", "pattern": r"@acme\.com$"},
    {"type": "string", "format": "date-time", "pattern": r"\+02:00$"},
    {
        "type": "object",
        "patternProperties": {"^x_": {"type": "integer"}},
        "additionalProperties": False,
        "minProperties": 2,
    },
]


@pytest.mark.parametrize("schema", DEMANDING, ids=range(len(DEMANDING)))
def test_demanding_schemas_are_met(schema: Json) -> None:
    for seed in range(3):
        assert is_valid(schema, made(schema, seed))


def test_one_maker_serves_a_whole_document() -> None:
    document = Document({"a": ORDER, "b": {"type": "array", "items": {"$ref": "#/a"}}})
    instances = Instances(document, WORDS)
    one, other = (instances.make(document.data["b"], Random(1)) for _ in range(2))
    assert one == other
    assert instances.fits(document.data["b"], one)
    assert not instances.fits(document.data["a"], one)
    one[0]["tags"] = None
    assert instances.make(document.data["b"], Random(1)) == other


def test_random_is_the_only_source_of_chance() -> None:
    before = getstate()
    made(ORDER)
    assert getstate() == before
