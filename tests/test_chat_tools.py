"""Tools in chat: when they are called, with what, and how calls look on the wire."""

import json
from typing import Any

import jsonschema_rs
import pytest

from mock_server.mock import Mock
from tests.world import CHAT, ask, new_mock, post

Json = Any
WEATHER = {
    "type": "object",
    "properties": {
        "city": {"type": "string", "description": "A city."},
        "unit": {"enum": ["celsius", "fahrenheit"]},
    },
    "required": ["city"],
    "additionalProperties": False,
}
CLOCK = {
    "type": "object",
    "properties": {"zone": {"type": "string", "pattern": "^[A-Z][a-z]+/[A-Z][a-z]+$"}},
    "required": ["zone"],
}
QUESTION = "What is the weather in Paris, in fahrenheit?"


def tool(name: str, description: str, parameters: Json) -> Json:
    function = {"name": name, "description": description, "parameters": parameters}
    return {"type": "function", "function": function}


TOOLS = [
    tool("get_time", "The time in a zone.", CLOCK),
    tool("get_weather", "Current weather of a city.", WEATHER),
]


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock(rate_limit=0)


def choice_of(mock: Mock, body: Json, **more: Any) -> Json:
    answer = post(mock, CHAT, body, **more)
    assert answer.status == 200, answer.body
    return answer.json["choices"][0]


def called(choice: Json) -> list[tuple[str, Json]]:
    return [
        (call["function"]["name"], json.loads(call["function"]["arguments"]))
        for call in choice["message"].get("tool_calls", ())
    ]


def test_a_question_that_fits_a_tool_calls_it_with_words_of_the_question(mock: Mock) -> None:
    choice = choice_of(mock, ask(QUESTION, tools=TOOLS))
    assert called(choice) == [("get_weather", {"city": "Paris", "unit": "fahrenheit"})]
    assert choice["finish_reason"] == "tool_calls"
    assert choice["message"]["tool_calls"][0]["id"].startswith("call_")


@pytest.mark.parametrize(
    ("question", "more"),
    [("Hello!", {}), ("Tell me a joke.", {}), (QUESTION, {"tool_choice": "none"})],
)
def test_words_are_answered_where_no_tool_is_due(mock: Mock, question: str, more: Json) -> None:
    choice = choice_of(mock, ask(question, tools=TOOLS, **more))
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["content"]
    assert "tool_calls" not in choice["message"]


def test_required_calls_something_and_a_name_calls_that_tool(mock: Mock) -> None:
    assert called(choice_of(mock, ask("Hello!", tools=TOOLS, tool_choice="required")))
    named = {"type": "function", "function": {"name": "get_time"}}
    choice = choice_of(mock, ask(QUESTION, tools=TOOLS, tool_choice=named))
    [(name, arguments)] = called(choice)
    assert name == "get_time"
    assert jsonschema_rs.is_valid(CLOCK, arguments)


def test_two_tools_in_one_sentence_are_called_together_unless_told_not_to(mock: Mock) -> None:
    question = "What is the weather in Rome, and what time is it there?"
    both = choice_of(mock, ask(question, tools=TOOLS))
    assert {name for name, _ in called(both)} == {"get_weather", "get_time"}
    ids = [call["id"] for call in both["message"]["tool_calls"]]
    assert len(set(ids)) == len(ids)
    one = choice_of(mock, ask(question, tools=TOOLS, parallel_tool_calls=False))
    assert len(called(one)) == 1


def test_a_loop_of_tools_ends(mock: Mock) -> None:
    messages = ask(QUESTION)["messages"]
    for _ in range(3):
        message = choice_of(mock, {**ask(""), "messages": messages, "tools": TOOLS})["message"]
        messages.append(message)
        if "tool_calls" not in message:
            break
        messages += [
            {"role": "tool", "tool_call_id": call["id"], "content": '{"fahrenheit": 66}'}
            for call in message["tool_calls"]
        ]
    assert [each["role"] for each in messages] == ["user", "assistant", "tool", "assistant"]
    assert messages[-1]["content"]


def test_a_short_question_asks_for_what_the_one_before_it_asked_for(mock: Mock) -> None:
    body = ask(QUESTION, tools=TOOLS)
    call = {"id": "a", "type": "function", "function": {"name": "get_weather", "arguments": "{}"}}
    body["messages"] += [
        {"role": "assistant", "content": None, "tool_calls": [call]},
        {"role": "tool", "tool_call_id": "a", "content": "19"},
        {"role": "assistant", "content": "It is 19 degrees."},
        {"role": "user", "content": "And in Rome?"},
    ]
    [(name, arguments)] = called(choice_of(mock, body))
    assert (name, arguments["city"]) == ("get_weather", "Rome")


FINAL = tool("final_result", "Ends the conversation.", {"type": "object", "properties": {}})


@pytest.mark.parametrize("question", [QUESTION, "I just lost my card!"])
@pytest.mark.parametrize("parallel", [True, False])
def test_a_loop_in_which_something_must_be_called_comes_to_its_last_tool(
    mock: Mock, question: str, parallel: bool
) -> None:
    messages, tools = ask(question)["messages"], [*TOOLS, FINAL]
    names: list[str] = []
    while "final_result" not in names and len(names) < 10:
        body = {**ask(""), "messages": messages, "tools": tools, "tool_choice": "required"}
        choice = choice_of(mock, body | {"parallel_tool_calls": parallel})
        messages.append(choice["message"])
        for call in choice["message"]["tool_calls"]:
            names.append(call["function"]["name"])
            messages.append({"role": "tool", "tool_call_id": call["id"], "content": "done"})
    assert names[-1] == "final_result"
    assert len(names) == len(set(names)) <= len(tools)


def test_streamed_calls_carry_a_token_each_and_join(mock: Mock) -> None:
    body = ask(QUESTION, tools=TOOLS)
    whole = post(mock, CHAT, body).json
    options = {"stream": True, "stream_options": {"include_usage": True}}
    *chunks, usage = post(mock, CHAT, body | options).chunks
    fragments = [
        fragment
        for chunk in chunks
        for fragment in chunk["choices"][0]["delta"].get("tool_calls", ())
    ]
    assert all(fragment["index"] == 0 for fragment in fragments)
    assert [name for name in ("id", "type") for each in fragments if name in each] == ["id", "type"]
    [call] = whole["choices"][0]["message"]["tool_calls"]
    assert fragments[0]["id"] == call["id"]
    joined = "".join(fragment["function"]["arguments"] for fragment in fragments)
    assert joined == call["function"]["arguments"]
    assert usage["usage"] == whole["usage"]
    assert usage["usage"]["completion_tokens"] == len(fragments)
    assert "content" not in chunks[1]["choices"][0]["delta"]


@pytest.mark.parametrize("limit", [1, 2, 4])
def test_a_token_limit_cuts_the_arguments_too(mock: Mock, limit: int) -> None:
    whole = choice_of(mock, ask(QUESTION, tools=TOOLS))
    body = post(mock, CHAT, ask(QUESTION, tools=TOOLS, max_tokens=limit)).json
    assert body["choices"][0]["finish_reason"] == "length"
    assert body["usage"]["completion_tokens"] == limit
    [cut] = body["choices"][0]["message"]["tool_calls"]
    [call] = whole["message"]["tool_calls"]
    assert cut["id"] == call["id"]
    assert call["function"]["arguments"].startswith(cut["function"]["arguments"])


@pytest.mark.parametrize(
    ("tools", "more", "param", "reason"),
    [
        (
            [tool("f", "", {"type": "object", "properties": {"a": {"type": "text"}}})],
            {},
            "tools[0].function.parameters.properties.a.type",
            "array, boolean, integer",
        ),
        (
            [TOOLS[0], tool("f", "", {"type": "array"})],
            {},
            "tools[1].function.parameters.type",
            "object",
        ),
        ([{"type": "function", "function": {}}], {}, "tools[0].function.name", "required"),
        ([tool("no spaces", "", {})], {}, "tools[0].function.name", "pattern"),
        ([{"type": "retrieval"}], {}, "tools[0]", "function"),
        (
            [tool("f", "", {"type": "object", "required": ["a"], "properties": {"a": False}})],
            {"tool_choice": "required"},
            "tools[0].function.parameters",
            "a",
        ),
        (
            TOOLS,
            {"tool_choice": {"type": "function", "function": {"name": "other"}}},
            "tool_choice.function.name",
            "other",
        ),
        ([], {"tool_choice": "required"}, "tools", "fewer than 1"),
    ],
)
def test_a_bad_definition_is_named(
    mock: Mock, tools: Json, more: Json, param: str, reason: str
) -> None:
    answer = post(mock, CHAT, ask("Hi", tools=tools, **more))
    assert answer.status == 400
    error = answer.json["error"]
    assert error["param"].startswith(param)
    assert reason in error["message"]


def test_a_result_without_its_call_is_named(mock: Mock) -> None:
    body = ask(QUESTION, tools=TOOLS)
    body["messages"].append({"role": "tool", "tool_call_id": "call_x", "content": "19"})
    answer = post(mock, CHAT, body)
    assert answer.status == 400
    assert answer.json["error"]["param"] == "messages[1].tool_call_id"


def test_a_result_without_an_id_is_taken_from_clients_of_runcrate_alone(mock: Mock) -> None:
    body = ask(QUESTION, tools=TOOLS)
    body["messages"] += [
        {"role": "assistant", "content": ""},
        {"role": "tool", "content": "19 degrees"},
    ]
    assert choice_of(mock, body)["finish_reason"] == "stop"
    refused = post(mock, CHAT, body, key="sk-test")
    assert refused.status == 400
    assert refused.json["error"]["param"] == "messages[2].tool_call_id"
    assert refused.json["error"]["code"] == "missing_required_parameter"


def test_a_function_without_parameters_is_called_with_none(mock: Mock) -> None:
    bare = [{"type": "function", "function": {"name": "now"}}]
    assert called(choice_of(mock, ask("Hi", tools=bare, tool_choice="required"))) == [("now", {})]
    empty = [tool("now", "", {})]
    [(_, arguments)] = called(choice_of(mock, ask("Hi", tools=empty, tool_choice="required")))
    assert isinstance(arguments, dict)


def test_each_choice_makes_its_own_calls(mock: Mock) -> None:
    body = ask(QUESTION, tools=TOOLS, n=3)
    answer = post(mock, CHAT, body).json
    ids = {each["message"]["tool_calls"][0]["id"] for each in answer["choices"]}
    assert len(ids) == 3
    assert all(each["finish_reason"] == "tool_calls" for each in answer["choices"])
