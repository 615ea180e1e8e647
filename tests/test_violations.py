from typing import Any

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.errors import Invalid, Kind
from mock_server.violations import first_violation, place, show

CHAT: dict[str, Any] = {
    "type": "object",
    "required": ["model", "messages"],
    "properties": {
        "model": {"type": "string", "minLength": 1},
        "temperature": {"type": "number", "minimum": 0, "maximum": 2},
        "n": {"type": ["integer", "null"], "exclusiveMinimum": 0},
        "stop": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        "logit_bias": {"type": "object", "additionalProperties": {"type": "number"}},
        "tool_choice": {
            "oneOf": [
                {"enum": ["none", "auto"]},
                {
                    "type": "object",
                    "required": ["type", "function"],
                    "properties": {"type": {"const": "function"}},
                },
            ]
        },
        "messages": {
            "type": "array",
            "minItems": 1,
            "items": {
                "oneOf": [
                    {
                        "type": "object",
                        "required": ["role", "content"],
                        "properties": {
                            "role": {"const": "user"},
                            "content": {"type": "string"},
                        },
                    },
                    {
                        "type": "object",
                        "required": ["role"],
                        "properties": {
                            "role": {"const": "assistant"},
                            "content": {"type": ["string", "null"]},
                        },
                    },
                ]
            },
        },
    },
}


def chat(**members: Any) -> dict[str, Any]:
    return {"model": "m", "messages": [{"role": "user", "content": "hi"}], **members}


def violation(schema: Any, value: Any, root: str = "") -> Invalid:
    found = first_violation(jsonschema_rs.validator_for(schema, validate_formats=True), value)
    assert found is not None
    if root:
        validator = jsonschema_rs.validator_for(schema, validate_formats=True)
        found = first_violation(validator, value, root=root)
        assert found is not None
    assert len(found.message) < 500
    return found


def nested(depth: int, leaf: Any = 1) -> Any:
    for _ in range(depth):
        leaf = [leaf]
    return leaf


def test_a_value_that_keeps_its_schema_has_no_violation() -> None:
    assert first_violation(jsonschema_rs.validator_for(CHAT), chat(temperature=2, n=None)) is None


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        ({"messages": []}, "missing_field", "model: is required"),
        (chat(model=5), "invalid_type", "model: 5 is not of type string"),
        (chat(model=""), "invalid_value", "model: '' is shorter than 1 character"),
        (
            chat(temperature=2.5),
            "invalid_value",
            "temperature: 2.5 is greater than the maximum of 2",
        ),
        (chat(temperature=-1), "invalid_value", "temperature: -1 is less than the minimum of 0"),
        (chat(temperature="1"), "invalid_type", "temperature: '1' is not of type number"),
        (chat(temperature=True), "invalid_type", "temperature: true is not of type number"),
        (chat(n=0), "invalid_value", "n: 0 is not greater than 0"),
        (chat(n=1.5), "invalid_type", "n: 1.5 is not of type integer or null"),
        (chat(messages=[]), "invalid_value", "messages: [] has fewer than 1 item"),
        (chat(messages={}), "invalid_type", "messages: {} is not of type array"),
        (chat(stop=1), "invalid_type", "stop: 1 is not of type array or string"),
        (chat(stop=["a", 1]), "invalid_type", "stop[1]: 1 is not of type string"),
        (
            chat(messages=[{"role": "user", "content": "x"}, {"role": "user"}]),
            "missing_field",
            "messages[1].content: is required",
        ),
        (
            chat(messages=[{"role": "user", "content": 5}]),
            "invalid_type",
            "messages[0].content: 5 is not of type string",
        ),
        (
            chat(tool_choice={"type": "function"}),
            "missing_field",
            "tool_choice.function: is required",
        ),
        ("text", "invalid_type", "The request body 'text' is not of type object"),
    ],
    ids=lambda each: each if isinstance(each, str) and " " in each else "",
)
def test_a_violation_names_the_field_and_the_rule(body: Any, kind: Kind, message: str) -> None:
    found = violation(CHAT, body)
    assert (found.kind, found.message) == (kind, message)
    assert found.param == (message.split(":")[0] if ":" in message else None)


@pytest.mark.parametrize(
    ("schema", "value", "says"),
    [
        ({"const": {"a": 1}}, 2, '2 is not {"a": 1}'),
        ({"enum": ["a", None, 3]}, "b", "'b' is not one of a, null, 3"),
        ({"exclusiveMaximum": 1}, 1, "1 is not less than 1"),
        ({"maximum": 2.5}, 3, "greater than the maximum of 2.5"),
        ({"minimum": 1}, 0, "less than the minimum of 1"),
        ({"multipleOf": 64}, 65, "not a multiple of 64"),
        ({"format": "uuid"}, "x", "not a valid uuid"),
        ({"pattern": "^a"}, "b", "does not match the pattern ^a"),
        ({"pattern": r"\S"}, " \n", "is blank"),
        ({"minLength": 2}, "é", "shorter than 2 characters"),
        ({"maxLength": 1}, "ab", "longer than 1 character"),
        ({"minItems": 2}, [1], "fewer than 2 items"),
        ({"maxItems": 1}, [1, 2], "more than 1 item"),
        ({"uniqueItems": True}, [1, 1], "same item twice"),
        ({"contains": {"type": "string"}}, [1], "too few or too many items of the kind asked for"),
        ({"minProperties": 1}, {}, "fewer than 1 member"),
        ({"maxProperties": 1}, {"a": 1, "b": 2}, "more than 1 member"),
        ({"propertyNames": {"maxLength": 1}}, {"ab": 1}, "name is not allowed"),
        ({"not": {"type": "string"}}, "a", "form that is not allowed"),
        ({"dependentRequired": {"a": ["b"]}}, {"a": 1}, "b: is required"),
        ({"if": {"required": ["a"]}, "then": {"required": ["b"]}}, {"a": 1}, "b: is required"),
        ({"properties": {"a": True}, "additionalProperties": False}, {"x": 1, "y": 2}, "members x"),
        ({"properties": {"a": True}, "unevaluatedProperties": False}, {"x": 1}, "members x"),
        ({"properties": {"a": False}}, {"a": 1}, "a: 1 is not allowed here"),
        ({"anyOf": [{"required": ["a"]}, {"required": ["b"]}]}, {}, "none of the forms"),
        ({"oneOf": [{"type": "string"}, {"type": "null"}]}, 5, "not of type string or null"),
    ],
    ids=lambda each: next(iter(each)) if isinstance(each, dict) and each else "",
)
def test_every_keyword_has_its_words(schema: Any, value: Any, says: str) -> None:
    assert says in violation(schema, value).message


@pytest.mark.parametrize(
    ("schema", "value", "wrong"),
    [
        ({"oneOf": [{"type": "integer"}, {"minimum": 0}]}, 5, "none of the forms"),
        ({"contains": {"type": "integer"}, "maxContains": 1}, [1, 2], "no item"),
        ({"contains": {"type": "integer"}, "minContains": 2}, [1], "no item"),
        ({"additionalProperties": False}, {"x": 1}, '{"x": 1} is not allowed here'),
        (
            {
                "anyOf": [
                    {"properties": {"a": {"type": "string"}}},
                    {"properties": {"a": {"type": "null"}}},
                ]
            },
            {"a": 1},
            '{"a": 1} is not of type string or null',
        ),
    ],
    ids=["two fit", "too many fit", "too few fit", "unknown member", "types further down"],
)
def test_no_message_says_what_is_not_so(schema: Any, value: Any, wrong: str) -> None:
    assert wrong not in violation(schema, value).message


@pytest.mark.parametrize("name", ["50256", "0", "-1", "1e3"])
def test_a_member_whose_name_is_a_number_is_shown_with_its_own_value(name: str) -> None:
    assert (
        "'high' is not of type number" in violation(CHAT, chat(logit_bias={name: "high"})).message
    )


@pytest.mark.parametrize(
    ("name", "field"),
    [("a/b", "a/b"), ("c~d", "c~d"), ("~0", "~0"), ("é", "é"), ("%25", "%25"), ("a b", "a b")],
)
def test_odd_names_are_shown_as_they_are(name: str, field: str) -> None:
    found = violation({"properties": {name: {"type": "string"}}}, {name: 1})
    assert (found.param, found.message) == (field, f"{field}: 1 is not of type string")


def test_a_root_stands_before_the_path_and_alone() -> None:
    schema = {"type": "array", "items": {"type": "integer"}}
    assert violation(schema, ["x"], "ids").message == "ids[0]: 'x' is not of type integer"
    assert violation(schema, "x", "ids").message == "ids: 'x' is not of type array"
    assert violation({"required": ["a"]}, {}, "filter").param == "filter.a"


@pytest.mark.parametrize("depth", [200, 255, 256, 300, 900])
def test_a_deep_value_is_refused_like_any_other(depth: int) -> None:
    kinds = ("invalid_type", "invalid_body")
    assert violation({"type": "object"}, nested(depth)).kind in kinds
    assert violation(CHAT, chat(model=nested(depth))).kind in kinds


@pytest.mark.parametrize("depth", [300, 900])
def test_a_deep_value_beside_the_fault_does_no_harm(depth: int) -> None:
    assert violation(CHAT, chat(extra=nested(depth), n="x")).param == "n"


def test_a_pattern_that_takes_too_long_to_match_is_a_violation() -> None:
    assert violation({"pattern": r"^(a|aa)+\1$"}, "a" * 60 + "b").kind == "invalid_value"


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "object"}, "x" * 5_000_000),
        ({"type": "object"}, [["x" * 5_000_000]]),
        ({"type": "string"}, 10**4299),
        ({"type": "string"}, [10**4299]),
        ({"maximum": 2}, 10**4000),
        (CHAT, chat(logit_bias={"n" * 1_000_000: "x"})),
        (
            {"properties": {"a": True}, "additionalProperties": False},
            {f"name{n}": 1 for n in range(100_000)},
        ),
        ({"properties": {"a": True}, "additionalProperties": False}, {"n" * 1_000_000: 1}),
    ],
    ids=[
        "long text",
        "long text inside",
        "huge number",
        "huge number inside",
        "huge number over the maximum",
        "long name",
        "many unknown members",
        "long unknown member",
    ],
)
def test_a_huge_value_makes_no_huge_message(schema: Any, value: Any) -> None:
    assert len(violation(schema, value).message) < 500


def test_the_first_of_very_many_violations_is_told() -> None:
    found = violation(CHAT, chat(messages=[{"role": "user"}] * 10_000))
    assert found.param == "messages[0].content"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("it's", "'it's'"),
        ("", "''"),
        ("a" * 58, f"'{'a' * 58}'"),
        ("a" * 100, f"'{'a' * 59}…"),
        ("é" * 100, f"'{'é' * 59}…"),
        (True, "true"),
        (None, "null"),
        (1.0, "1.0"),
        ([], "[]"),
        ({"a": "é"}, '{"a": "é"}'),
        ([0] * 6, "the array"),
        ({str(n): n for n in range(6)}, "the object"),
        (nested(100_000), "the value"),
    ],
    ids=[
        "text",
        "empty text",
        "just fits",
        "long",
        "long accents",
        "true",
        "null",
        "number",
        "empty array",
        "object",
        "array of many",
        "object of many",
        "deep",
    ],
)
def test_values_are_shown_short(value: Any, shown: str) -> None:
    assert show(value) == shown


@given(st.recursive(st.none() | st.integers() | st.floats() | st.text(), st.lists, max_leaves=9))
def test_no_value_is_shown_long(value: Any) -> None:
    assert len(show(value)) <= 62


@pytest.mark.parametrize(
    ("path", "root", "text"),
    [
        (["messages", 0, "role"], "", "messages[0].role"),
        ([0, "a"], "", "[0].a"),
        ([0, 1], "", "[0][1]"),
        ([], "", ""),
        ([], "ids", "ids"),
        ([0], "ids", "ids[0]"),
        (["a"], "filter", "filter.a"),
    ],
    ids=repr,
)
def test_a_path_is_written_as_people_write_it(path: list[str | int], root: str, text: str) -> None:
    assert place(path, root) == text
