"""Schemas that hold together are taken apart into parts, and the parts add up."""

from collections.abc import Sequence
from typing import Any

import pytest

from mock_server.document import Document
from mock_server.values import conjunction
from mock_server.values.conjunction import Conflict, Flattening, identity
from mock_server.values.schemas import Schema, Schemas

Json = Any


def first(branches: Sequence[Schema]) -> int:
    return 0


def last(branches: Sequence[Schema]) -> int:
    return len(branches) - 1


def parts(schema: dict[str, Json], choose: Any = first, present: Sequence[str] = ()) -> list[Json]:
    schemas = Schemas(Document(schema))
    return Flattening(schemas, choose).parts([schemas.closed(schema)], present)


def titles(found: Sequence[Json]) -> list[Json]:
    return [part["const"] for part in found if isinstance(part, dict) and "const" in part]


def test_all_that_holds_is_there_and_one_branch_of_each_choice() -> None:
    schema = {
        "const": 1,
        "$ref": "#/$defs/a",
        "allOf": [{"const": 3}, {"allOf": [{"const": 4}]}],
        "anyOf": [{"const": 5}, {"const": 6}],
        "oneOf": [{"const": 7}, {"const": 8}],
        "properties": {"a": {"const": 9}},
        "$defs": {"a": {"const": 2}},
    }
    assert titles(parts(schema)) == [1, 2, 3, 4, 5, 7]
    assert titles(parts(schema, last)) == [1, 2, 3, 4, 6, 8]


def test_a_condition_holds_or_does_not() -> None:
    schema = {"if": {"const": 1}, "then": {"const": 2}, "else": {"const": 3}}
    assert titles(parts(schema)) == [1, 2]
    failed = parts(schema, last)
    assert titles(failed) == [3]
    assert {"not": {"const": 1}} in failed


def test_dependent_schemas_hold_where_their_property_is() -> None:
    schema = {"dependentSchemas": {"a": {"const": 1}, "b": {"const": 2}}}
    assert titles(parts(schema)) == []
    assert titles(parts(schema, present=["b"])) == [2]


def test_a_choice_stays_made() -> None:
    schema = {"anyOf": [{"const": 1}, {"const": 2}]}
    schemas = Schemas(Document(schema))
    picks = iter([0, 1])
    flattening = Flattening(schemas, lambda _: next(picks))
    goal = [schemas.closed(schema)]
    assert flattening.parts(goal) == flattening.parts(goal)


def test_a_schema_inside_itself_comes_to_an_end() -> None:
    found = parts({"allOf": [{"$ref": "#"}], "type": "string"})
    assert conjunction.kinds_of(found) == ["string"]


@pytest.mark.parametrize(
    "schema",
    [{"allOf": [False]}, {"not": {}}, {"not": True}, {"anyOf": []}, {"if": True, "then": False}],
)
def test_what_can_never_hold_is_a_conflict(schema: Json) -> None:
    with pytest.raises(Conflict):
        parts(schema)


def test_chains_without_end_are_a_conflict() -> None:
    links = {str(n): {"allOf": [{"$ref": f"#/$defs/{n + 1}"}]} for n in range(100)}
    with pytest.raises(Conflict):
        parts({"$ref": "#/$defs/0", "$defs": links | {"100": {}}})


def goal(found: Sequence[Json], name: str) -> list[Schema]:
    return conjunction.property_goal(found, name, Schemas(Document({})))


def test_a_property_is_asked_for_by_every_part_in_its_own_way() -> None:
    found = [
        {"properties": {"a": {"const": 1}}, "additionalProperties": {"const": 2}},
        {"patternProperties": {"^a": {"const": 3}, "b$": {"const": 4}}},
        {"additionalProperties": {"const": 5}},
    ]
    assert titles(goal(found, "a")) == [1, 3, 5]
    assert titles(goal(found, "ab")) == [2, 3, 4, 5]
    assert titles(goal(found, "c")) == [2, 5]


def test_unevaluated_properties_are_those_that_no_part_knows() -> None:
    found = parts(
        {
            "properties": {"a": {}},
            "allOf": [{"properties": {"b": {}}, "patternProperties": {"^x": {}}}],
            "unevaluatedProperties": {"const": 1},
        }
    )
    assert titles(goal(found, "a")) == titles(goal(found, "b")) == titles(goal(found, "x1")) == []
    assert titles(goal(found, "c")) == [1]


def test_nothing_is_unevaluated_beside_additional_properties() -> None:
    found = parts({"allOf": [{"additionalProperties": True}], "unevaluatedProperties": False})
    assert False not in goal(found, "a")


def test_items_are_asked_for_by_place() -> None:
    found = parts({"prefixItems": [{"const": 1}], "items": {"const": 2}})
    assert titles(conjunction.item_goal(found, 0)) == [1]
    assert titles(conjunction.item_goal(found, 1)) == [2]
    found = parts({"allOf": [{"prefixItems": [{"const": 1}]}], "unevaluatedItems": {"const": 2}})
    assert titles(conjunction.item_goal(found, 1)) == [2]


def test_a_discriminator_is_preferred() -> None:
    schema = {
        "oneOf": [{"$ref": "#/$defs/Cat"}, {"$ref": "#/$defs/Dog"}],
        "discriminator": {"propertyName": "kind"},
        "$defs": {"Cat": {}, "Dog": {}},
    }
    assert {"preferred": {"kind": "Dog"}} in parts(schema, last)


KINDS: list[tuple[list[Json], list[str]]] = [
    ([{"type": "string"}], ["string"]),
    ([{"type": ["number", "null"]}], ["number", "null"]),
    ([{"type": "number"}, {"type": ["integer", "string"]}], ["integer"]),
    ([{"type": ["integer", "number"]}], ["number"]),
    ([], ["object", "array", "string", "number", "boolean", "null"]),
]


@pytest.mark.parametrize(("found", "kinds"), KINDS)
def test_types_meet(found: list[Json], kinds: list[str]) -> None:
    assert conjunction.kinds_of(found) == kinds


def test_types_that_do_not_meet_are_a_conflict() -> None:
    with pytest.raises(Conflict):
        conjunction.kinds_of([{"type": "string"}, {"type": "null"}])
    assert "null" not in conjunction.kinds_of(parts({"not": {"type": "null"}}))


@pytest.mark.parametrize(
    ("part", "kind"),
    [
        ({"required": []}, "object"),
        ({"minItems": 1}, "array"),
        ({"pattern": "a"}, "string"),
        ({"minimum": 1}, "number"),
        ({"const": 1}, None),
    ],
)
def test_keywords_speak_of_a_kind(part: Json, kind: str | None) -> None:
    assert conjunction.spoken_of([part]) == kind


def test_requirements_follow_one_another() -> None:
    found = [{"required": ["a"], "dependentRequired": {"a": ["b"], "b": ["c"], "x": ["y"]}}]
    assert conjunction.required_of(found) == ["a", "b", "c"]
    assert conjunction.required_of(found, ["x"]) == ["x", "a", "b", "c", "y"]


SAME = [(1, 1.0), ([1, {"a": 2}], [1.0, {"a": 2}]), ({"a": 1, "b": 2}, {"b": 2, "a": 1})]
DIFFERENT = [
    (1, True),
    (0, False),
    ("1", 1),
    ([1], {"0": 1}),
    ([], {}),
    ([1, 2], [2, 1]),
    (None, 0),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_equal_values_are_known_for_equal(one: Json, other: Json) -> None:
    assert identity(one) == identity(other)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_different_values_are_not(one: Json, other: Json) -> None:
    assert identity(one) != identity(other)
