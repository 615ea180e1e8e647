"""Keys of objects: a text that describes an object, in whichever way, gets one like it."""

import json
from random import Random
from typing import Any

import pytest

from mock_server.filling import Filling
from mock_server.slots.plain import plain
from mock_server.slots.sketches import sketched

Json = Any
FILLING = Filling()
CITY = {
    "properties": {"city": {"type": "string"}, "country": {"type": "string"}},
    "required": ["city", "country"],
    "title": "City",
    "type": "object",
}
COMPATIBLE = (
    "Always respond with a JSON object that's compatible with this schema:\n\n{}\n\n"
    "Don't include any text or Markdown fencing before or after."
)
INSTANCE = (
    "Answer the user query.\nThe output should be formatted as a JSON instance that conforms to "
    'the JSON schema below.\n\nFor the schema {"properties": {"foo": {"type": "array", "items": '
    '{"type": "string"}}}, "required": ["foo"]}\nthe object {"foo": ["bar", "baz"]} is a '
    'well-formatted instance. The object {"properties": {"foo": ["bar"]}} is not.\n\n'
    "Here is the output schema:\n```\n{}\n```\nAnn Lee is 34 years old."
)
PERSON = {
    "type": "object",
    "properties": {
        "name": {"title": "Name", "type": "string"},
        "age": {"title": "Age", "type": "integer"},
    },
    "required": ["name", "age"],
}


def told(text: str, answer: str = "It is so.") -> dict[str, Json]:
    return FILLING.object_about(text, answer, Random(3))


def with_schema(text: str, schema: Json) -> str:
    return text.replace("{}", json.dumps(schema))


def test_a_schema_in_a_prompt_is_kept_to() -> None:
    value = told(with_schema(COMPATIBLE, CITY) + "\nI was in Rome, Italy.")
    assert value == {"city": "Rome", "country": "Italy"}
    asked = with_schema(COMPATIBLE, CITY) + "\nThe windy city in the US of A."
    assert list(told(asked)) == ["city", "country"]
    assert all(isinstance(each, str) for each in told(asked).values())


def test_the_last_schema_of_a_prompt_counts() -> None:
    assert told(with_schema(INSTANCE, PERSON)) == {"name": "Ann Lee", "age": 34}


def test_a_schema_may_refer_to_its_definitions() -> None:
    schema = {"$defs": {"Person": PERSON}, "$ref": "#/$defs/Person"}
    assert told(with_schema(COMPATIBLE, schema) + "\nBob is 41.") == {"name": "Bob", "age": 41}


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object", "properties": {"a": {"type": "strng"}}, "required": ["a"]},
        {"type": "object", "properties": {"a": {"$ref": "http://x.test/y"}}},
        {"type": "object", "properties": {"a": {"$ref": "#/nope"}}},
        {"type": "object", "properties": {"a": {"minimum": 3, "maximum": 2}}, "required": "a"},
        {
            "type": "object",
            "properties": {"a": {"type": "integer", "minimum": 3, "maximum": 2}},
            "required": ["a"],
        },
        {"$defs": {"A": {"type": "string", "properties": {}}}, "$ref": "#/$defs/A"},
    ],
)
def test_a_schema_that_cannot_be_kept_to_is_but_a_wish(schema: Json) -> None:
    assert told(with_schema(COMPATIBLE, schema)) == {"answer": "It is so."}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Extract the name and the date as JSON: Alice and Bob are going to a science fair on "
            "Friday.",
            ["name", "date"],
        ),
        ("Extract name, age and city from this text in JSON. Ann (34) lives in Rome.", 3),
        ("Return the city and its country as a JSON object: Rome, Italy", ["city", "country"]),
        ("Identify the language as JSON: Guten Tag", ["language"]),
        ("Give me a recipe in JSON", ["answer"]),
        ("Return three countries as JSON", ["answer"]),
        ("Extract all information as JSON: Ann", ["answer"]),
        ("Return France and Spain as JSON", ["answer"]),
    ],
)
def test_a_request_names_its_keys(text: str, expected: Json) -> None:
    keys = ["name", "age", "city"] if expected == 3 else expected
    assert list(told(text)) == keys


@pytest.mark.parametrize(
    ("choices", "allowed"),
    [
        ('"positive"|"negative"|"neutral"', {"positive"}),
        ("positive | negative | neutral", {"positive"}),
        ('"positive|negative|neutral"', {"positive"}),
        ('"positive" | "negative" | null', {"positive"}),
        ("'positive or negative'", {"positive"}),
        ("true|false", {True, False}),
        ("1|2|3", {1, 2, 3}),
    ],
)
def test_alternatives_are_an_enum(choices: str, allowed: set[Json]) -> None:
    value = told(f'Respond with JSON: {{"sentiment": {choices}}}. Review: I love this phone!')
    assert list(value) == ["sentiment"]
    assert value["sentiment"] in allowed


def test_types_may_be_alternatives_too() -> None:
    sketch = sketched('{"note": string | null, "size": "number or string", "a": "string[]"}')
    assert sketch is not None
    assert sketch.properties == {
        "note": {"type": "string"},
        "size": {"type": ["number", "string"]},
        "a": {"type": "array", "items": {"type": "string"}, "minItems": 1},
    }


@pytest.mark.parametrize(
    "text",
    [
        "Output JSON: {ok: true, items: [{id: 1, title: string}]} for three books",
        "{ok: boolean; items: {id: number; title: string}[]}",
        "{\n  ok: bool  // whether it went well\n  items?: [\n    {id: int, title: <text>}, ...\n"
        "  ]\n}",
        "{'ok': False, 'items': [{'id': 7, 'title': 'A b, c'}]}",
        '{"ok": true, "items": [{"id": 1, "title": "A {b}"}]}',
    ],
)
def test_objects_of_other_notations_give_the_keys(text: str) -> None:
    value = told(text)
    assert list(value) == ["ok", "items"]
    assert isinstance(value["ok"], bool)
    assert value["items"]
    for each in value["items"]:
        assert list(each) == ["id", "title"]
        assert isinstance(each["id"], int | float)
        assert isinstance(each["title"], str)


@pytest.mark.parametrize(
    "text",
    [
        *("{", "{}", "{:}", "{a}", "{a:}", "{a: [}", "{a: b", "{{a: b}", "a: b}", "{a: {b: {}}"),
        *(
            "json extract a " * 600,
            "json list from the " * 400,
            '{"properties": ' * 900,
            "{a: 'x '" * 900,
        ),
        *("{a: " * 500, "[{a:" * 500, '{"a": "' * 300, "{a: |" * 300, "{'a" * 900, "{a:[[[" * 400),
    ],
    ids=lambda text: text[:12],
)
def test_no_sketch_is_too_odd(text: str) -> None:
    assert told(text)


def test_an_object_has_no_markdown_in_it() -> None:
    answer = "Here are **two**:\n\n- red\n- blue\n\n```python\nx = 1\n```\nBye."
    assert told("json", answer) == {"answer": "Here are two: red; blue\nx = 1\nBye."}
    assert told("json with key 'summary'", "1. a\n2. b") == {"summary": "a; b"}
    assert told("json", '```json\n{"a": 1}\n```') == {"a": 1}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It is so.", "It is so."),
        ("2 - 1 = 1", "2 - 1 = 1"),
        ("# Title\nText", "Title\nText"),
        ("See:\n\n* a\n* b\n\nEnd", "See: a; b\n\nEnd"),
        ("```sh\n- x\n```", "- x"),
        ("", ""),
    ],
)
def test_marks_are_taken_off(text: str, expected: str) -> None:
    assert plain(text) == expected


@pytest.mark.parametrize("key", ["length_km", "duration_minutes", "temperature_celsius", "days"])
def test_what_is_named_for_a_unit_is_a_number(key: str) -> None:
    made = FILLING.object_about(f"A river, as JSON with the keys name and {key}", "", Random(1))
    assert isinstance(made[key], int | float)
