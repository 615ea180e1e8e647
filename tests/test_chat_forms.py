"""Answers in the form that was asked for: JSON under a schema, or any object."""

import json
from typing import Any

import hypothesis
import jsonschema_rs
import pytest
from hypothesis import strategies as st

from mock_server.mock import Mock
from tests.picture_factory import SIZE, data_uri, plain
from tests.schema_strategies import LEAVES, SCHEMAS, is_valid, objects, satisfiable
from tests.world import CHAT, ask, new_mock, post

Json = Any
RIVER = {
    "type": "object",
    "properties": {
        "name": {"type": "string"},
        "kilometres": {"type": "integer", "minimum": 1},
        "mouth": {"$ref": "#/$defs/place"},
        "tributaries": {"type": "array", "items": {"$ref": "#"}, "maxItems": 2},
    },
    "required": ["name", "kilometres", "mouth", "tributaries"],
    "additionalProperties": False,
    "$defs": {"place": {"anyOf": [{"type": "string", "minLength": 3}, {"type": "null"}]}},
}
WORLD = new_mock(rate_limit=0)
QUESTIONS = st.text(max_size=80) | st.sampled_from(
    ["What is the weather in Paris?", "Book 3 seats for 2026-05-01, ann@example.com", "yes, 12"]
)


def form(schema: Json, **more: Json) -> Json:
    return {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": schema, **more},
    }


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock(rate_limit=0)


def content(mock: Mock, body: Json) -> str:
    answer = post(mock, CHAT, body)
    assert answer.status == 200, answer.body
    said: str = answer.json["choices"][0]["message"]["content"]
    return said


@pytest.mark.parametrize("strict", [True, False, None])
def test_the_answer_fits_the_schema(mock: Mock, strict: bool | None) -> None:
    said = content(mock, ask("Name a river.", response_format=form(RIVER, strict=strict)))
    assert jsonschema_rs.is_valid(RIVER, json.loads(said))


def test_words_of_the_question_are_in_the_answer(mock: Mock) -> None:
    event = {
        "type": "object",
        "properties": {"city": {"type": "string"}, "email": {"type": "string"}},
        "required": ["city", "email"],
    }
    question = "Extract: Ann <ann@example.com> moves to Lisbon."
    said = json.loads(content(mock, ask(question, response_format=form(event))))
    assert said == {"city": "Lisbon", "email": "ann@example.com"}


@pytest.mark.parametrize("question", ["Name a river.", "Give me JSON with the keys name, length."])
def test_any_object_is_an_object(mock: Mock, question: str) -> None:
    said = content(mock, ask(question, response_format={"type": "json_object"}))
    assert isinstance(json.loads(said), dict)


def test_what_is_seen_in_a_picture_is_in_the_answer(mock: Mock) -> None:
    names = ("dominant_color", "width", "height", "format", "colors")
    kinds: Json = [{"type": "string"}, {"type": "integer"}, {"type": "integer"}, {"type": "string"}]
    kinds.append({"type": "array", "items": {"type": "string"}})
    schema = {"properties": dict(zip(names, kinds, strict=True)), "required": list(names)}
    url = data_uri(plain("green"))
    parts = [
        {"type": "text", "text": "Describe it."},
        {"type": "image_url", "image_url": {"url": url}},
    ]
    said = content(mock, ask(parts, response_format=form({"type": "object", **schema})))
    values = ("green", *SIZE, "PNG", ["green"])
    assert json.loads(said) == dict(zip(names, values, strict=True))


def test_named_keys_are_the_keys(mock: Mock) -> None:
    question = "Reply in JSON with the keys `name` and `length_km`. Name a river."
    said = json.loads(content(mock, ask(question, response_format={"type": "json_object"})))
    assert set(said) == {"name", "length_km"}


def test_a_schema_may_be_left_out(mock: Mock) -> None:
    bare = {"type": "json_schema", "json_schema": {"name": "a"}}
    assert isinstance(json.loads(content(mock, ask("Name a river.", response_format=bare))), dict)


def test_streamed_and_whole_are_the_same_and_count_the_same(mock: Mock) -> None:
    body = ask("Name a river.", response_format=form(RIVER))
    whole = post(mock, CHAT, body).json
    options = {"stream": True, "stream_options": {"include_usage": True}}
    *chunks, usage = post(mock, CHAT, body | options).chunks
    said = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert said == whole["choices"][0]["message"]["content"]
    assert usage["usage"] == whole["usage"]


def test_a_token_limit_cuts_it(mock: Mock) -> None:
    body = post(mock, CHAT, ask("A river.", response_format=form(RIVER), max_tokens=3)).json
    assert body["choices"][0]["finish_reason"] == "length"
    assert body["usage"]["completion_tokens"] == 3


@pytest.mark.parametrize(
    ("schema", "place", "reason"),
    [
        ({"type": "strin"}, ".type", "strin"),
        ({"type": "string", "pattern": "("}, ".pattern", ""),
        ({"$ref": "#/$defs/none"}, ".$ref", "none"),
        ({"properties": {"a": {"minLength": -1}}}, ".properties.a.minLength", "-1"),
        ({"type": "string", "minLength": 5, "maxLength": 2}, "", "Length"),
        ({"type": "object", "required": ["a"], "properties": {"a": False}}, "", "a"),
        ({"enum": []}, "", ""),
        ({"not": {}}, "", ""),
    ],
)
def test_a_schema_that_is_none_or_fits_nothing_is_refused(
    mock: Mock, schema: Json, place: str, reason: str
) -> None:
    answer = post(mock, CHAT, ask("Hi", response_format=form(schema)))
    assert answer.status == 400
    error = answer.json["error"]
    assert error["param"] == f"response_format.json_schema.schema{place}"
    assert reason in error["message"]
    assert error["message"].startswith(error["param"])


@hypothesis.settings(max_examples=150)
@hypothesis.given(SCHEMAS, st.tuples(objects(SCHEMAS), objects(LEAVES), objects(LEAVES)), QUESTIONS)
def test_answers_fit_the_schemas_of_everyday_documents(
    root: Json, named: Json, question: str
) -> None:
    schema = {"allOf": [root], "$defs": dict(zip("ABC", named, strict=True))}
    said = content(WORLD, ask(question, response_format=form(schema)))
    assert is_valid(schema, json.loads(said))


@hypothesis.settings(max_examples=150)
@hypothesis.given(satisfiable(), QUESTIONS)
def test_an_intricate_schema_is_kept_or_refused_with_a_reason(schema: Json, question: str) -> None:
    hypothesis.assume(isinstance(schema, dict))
    answer = post(WORLD, CHAT, ask(question, response_format=form(schema)))
    if answer.status == 400:
        assert answer.json["error"]["param"].startswith("response_format.json_schema.schema")
        assert "No value was found" in answer.json["error"]["message"]
    else:
        assert is_valid(schema, json.loads(answer.json["choices"][0]["message"]["content"]))


@hypothesis.settings(max_examples=100)
@hypothesis.given(objects(LEAVES), QUESTIONS)
def test_arguments_fit_the_schemas_of_tools(parameters: Json, question: str) -> None:
    parameters["$defs"] = {name: {"type": "string"} for name in "ABC"}
    tools = [{"type": "function", "function": {"name": "f", "parameters": parameters}}]
    body = ask(question, tools=tools, tool_choice="required")
    for call in post(WORLD, CHAT, body).json["choices"][0]["message"]["tool_calls"]:
        assert is_valid(parameters, json.loads(call["function"]["arguments"]))
