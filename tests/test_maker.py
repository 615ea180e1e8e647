"""One attempt: what a schema gives itself comes first, kinds are chosen, work is bounded."""

from random import Random
from typing import Any

import pytest

from mock_server.document import Document
from mock_server.values.conjunction import Conflict
from mock_server.values.maker import Budget, Effort, Maker
from mock_server.values.schemas import Schemas
from mock_server.values.words import Words

Json = Any
WORDS = Words()
USUAL = Effort(0.95)


def attempt(schema: Json, seed: int = 1, effort: Effort = USUAL, work: int = 10_000) -> Json:
    schemas = Schemas(Document(schema if isinstance(schema, dict) else {}))
    maker = Maker(schemas, WORDS, Random(seed), effort, Budget(work))
    return maker.value([schemas.closed(schema)])


GIVEN: list[tuple[Json, Json]] = [
    ({"const": 1, "examples": [2]}, 1),
    ({"examples": ["no", 2, 3], "default": 4, "type": "integer"}, 2),
    ({"example": 2, "type": "integer"}, 2),
    ({"default": 4, "enum": [3, 4]}, 4),
    ({"default": "no", "enum": [3]}, 3),
    (
        {
            "type": "object",
            "examples": [{"a": "no"}, {"a": 1}],
            "properties": {"a": {"type": "integer"}},
        },
        {"a": 1},
    ),
    ({"type": "array", "minItems": 2, "maxItems": 2, "items": {"examples": [5]}}, [5, 5]),
    ({"allOf": [{"examples": [3, 9]}, {"minimum": 5}], "type": "integer"}, 9),
    ({"$ref": "#/$defs/a", "$defs": {"a": {"default": "d"}}}, "d"),
    ({"enum": [1, 2, 3], "allOf": [{"enum": [3.0, 2]}], "minimum": 3}, 3),
    ({"enum": [{"a": 1}]}, {"a": 1}),
    ({"type": "null"}, None),
]


@pytest.mark.parametrize(("schema", "value"), GIVEN)
def test_what_the_schema_gives_comes_first(schema: Json, value: Json) -> None:
    assert attempt(schema) == value


def test_what_is_given_is_copied() -> None:
    schema: Json = {"examples": [{"a": []}]}
    attempt(schema)["a"].append(1)
    assert attempt(schema) == {"a": []}


def test_a_wild_attempt_does_without_examples() -> None:
    made = {
        attempt({"type": "integer", "examples": [1]}, seed, Effort(1, wild=True))
        for seed in range(9)
    }
    assert len(made) > 5


KINDS: list[tuple[Json, type]] = [
    ({"properties": {"a": {}}}, dict),
    ({"items": {}}, list),
    ({"minimum": 3, "maximum": 3}, int),
    ({"maxLength": 3}, str),
    ({"format": "date"}, str),
    ({}, str),
    ({"type": "boolean"}, bool),
    ({"not": {"type": "string"}, "type": ["string", "array"]}, list),
]


@pytest.mark.parametrize(("schema", "kind"), KINDS)
def test_keywords_decide_on_the_kind(schema: Json, kind: type) -> None:
    assert type(attempt(schema)) is kind


@pytest.mark.parametrize(
    "schema",
    [
        {"type": ["string", "null"]},
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        {"enum": [None, "a"]},
    ],
)
def test_null_is_rare(schema: Json) -> None:
    made = [attempt(schema, seed) for seed in range(200)]
    assert 5 <= made.count(None) <= 50


def test_one_branch_is_taken_and_the_whole_holds() -> None:
    schema: Json = {"oneOf": [{"type": "integer"}, {"type": "number"}], "minimum": 0}
    assert {type(attempt(schema, seed)) for seed in range(5)} == {float}


def test_a_discriminator_says_which_branch_it_is() -> None:
    schema = {
        "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
        "discriminator": {"propertyName": "kind", "mapping": {"dog": "#/$defs/Dog"}},
        "$defs": {
            name: {
                "type": "object",
                "required": ["kind", key],
                "properties": {"kind": {"type": "string"}, key: {"const": 1}},
            }
            for name, key in (("Cat", "claws"), ("Dog", "bark"))
        },
    }
    for seed in range(10):
        made = attempt(schema, seed)
        assert made["kind"] == ("Cat" if "claws" in made else "dog")


def test_a_condition_holds_with_its_consequence() -> None:
    schema = {
        "type": "object",
        "properties": {
            "kind": {"enum": ["a", "b"]},
            "x": {"type": "integer"},
            "y": {"type": "integer"},
        },
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["x"]},
        "else": {"required": ["y"]},
    }
    made = [attempt(schema, seed, Effort(0)) for seed in range(20)]
    assert all(("x" if value["kind"] == "a" else "y") in value for value in made)
    assert {value["kind"] for value in made} == {"a", "b"}


def test_json_inside_a_string_keeps_to_its_own_schema() -> None:
    schema = {
        "type": "string",
        "contentMediaType": "application/json",
        "contentSchema": {"type": "object", "required": ["n"], "properties": {"n": {"const": 1}}},
    }
    assert attempt(schema) == '{"n":1}'


def test_what_contains_itself_is_shown_once_or_twice() -> None:
    node: Json = {
        "type": "object",
        "properties": {"child": {"$ref": "#"}, "n": {"type": "integer"}},
    }

    def depth(value: Json) -> int:
        return 1 + depth(value["child"]) if "child" in value else 1

    assert max(depth(attempt(node, seed)) for seed in range(50)) <= 5


def test_an_attempt_may_fill_in_all_or_nothing_that_is_optional() -> None:
    schema = {"type": "object", "properties": {name: {"type": "integer"} for name in "abcdefgh"}}
    assert len(attempt(schema, effort=Effort(1))) == 8
    assert attempt(schema, effort=Effort(0)) == {}


def test_a_conflict_says_where() -> None:
    inner = {
        "type": "array",
        "minItems": 2,
        "items": {"type": "string", "minLength": 5, "maxLength": 2},
    }
    with pytest.raises(Conflict) as caught:
        attempt({"type": "object", "required": ["a"], "properties": {"a": inner}})
    assert (caught.value.keyword, caught.value.at) == ("maxLength", ["a", "0"])


def test_work_is_bounded() -> None:
    schema = {"type": "array", "minItems": 100, "items": {"type": "integer"}}
    assert len(attempt(schema)) >= 100
    with pytest.raises(Conflict, match="too much work"):
        attempt(schema, work=50)
    budget = Budget(3)
    budget.spend(2)
    assert not budget.is_spent
    with pytest.raises(Conflict):
        budget.spend(1)
    assert budget.is_spent
