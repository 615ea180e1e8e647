"""Chat beyond text: limits of length, calls of tools and their results, forms, pictures."""

import base64
import json
from collections.abc import Callable
from typing import Any

import httpx2
import jsonschema_rs
import pytest

from contract_tests import laws
from contract_tests.conftest import FreshKey
from contract_tests.stream import read_events
from contract_tests.target import Target
from mock_server.fixtures import FIXTURES

Json = Any
Ask = Callable[..., httpx2.Response]
PATH = "/v1/chat/completions"
MODELS = {"runcrate": "Qwen/Qwen3-VL-235B-A22B-Instruct", "ruapi": "claude-opus-4-8"}
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {
    "type": "function",
    "function": {"name": "get_weather", "description": "Current weather.", "parameters": CITY},
}
QUESTION = {"role": "user", "content": "What is the weather in Lisbon?"}
RIVER = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "kilometres": {"type": "integer"}},
    "required": ["name", "kilometres"],
    "additionalProperties": False,
}


@pytest.fixture(params=["runcrate", "ruapi"])
def provider(request: pytest.FixtureRequest, target: Target) -> str:
    """A provider that answers chats."""
    if request.param not in target.keys:
        pytest.skip(f"{request.param} is not asked for")
    return str(request.param)


@pytest.fixture
def ask(provider: str, client: httpx2.Client, key: FreshKey) -> Ask:
    """Sends a conversation."""
    headers = {"Authorization": f"Bearer {key(provider)}"}

    def send(*messages: Json, **more: Json) -> httpx2.Response:
        body = {"model": MODELS[provider], "messages": list(messages), "max_tokens": 300, **more}
        return client.post(PATH, json=body, headers=headers)

    return send


def test_a_token_limit_is_kept_and_told(ask: Ask) -> None:
    answer = ask({"role": "user", "content": "Tell me a long story."}, max_tokens=5).json()
    assert answer["choices"][0]["finish_reason"] == "length"
    assert answer["usage"]["completion_tokens"] <= 5
    laws.usage_adds_up(answer["usage"])


def test_the_answer_ends_before_a_stop_text(ask: Ask) -> None:
    count = {"role": "user", "content": "Count from 1 to 9, separated by commas."}
    choice = ask(count, stop=["5", "7"]).json()["choices"][0]
    assert "5" not in choice["message"]["content"]
    assert choice["finish_reason"] == "stop"


@pytest.mark.parametrize("choice", ["required", "named"])
def test_a_tool_that_must_be_called_is_called_and_its_result_is_taken(
    ask: Ask, choice: str
) -> None:
    named = {"type": "function", "function": {"name": "get_weather"}}
    wish = named if choice == "named" else choice
    first = ask(QUESTION, tools=[WEATHER], tool_choice=wish).json()["choices"][0]
    calls = first["message"]["tool_calls"]
    assert len({call["id"] for call in calls}) == len(calls)
    results = []
    for call in calls:
        assert call["function"]["name"] == "get_weather"
        laws.arguments_are_an_object(call["function"]["arguments"])
        assert jsonschema_rs.is_valid(CITY, json.loads(call["function"]["arguments"]))
        results.append({"role": "tool", "tool_call_id": call["id"], "content": '{"celsius": 19}'})
    last = ask(QUESTION, first["message"], *results, tools=[WEATHER]).json()["choices"][0]
    assert last["finish_reason"] == "stop"
    assert last["message"]["content"]


def test_streamed_calls_keep_their_law(ask: Ask) -> None:
    response = ask(QUESTION, tools=[WEATHER], tool_choice="required", stream=True)
    chunks = laws.chunks_of(read_events(response.content))
    laws.calls_are_named_once_and_join(chunks)
    fragments = [
        each for chunk in chunks for each in chunk["choices"] if "tool_calls" in each["delta"]
    ]
    assert fragments


def test_no_tool_is_called_where_none_may_be(ask: Ask) -> None:
    choice = ask(QUESTION, tools=[WEATHER], tool_choice="none").json()["choices"][0]
    assert not choice["message"].get("tool_calls")
    assert choice["message"]["content"]


def test_an_answer_keeps_to_the_schema_that_was_sent(ask: Ask) -> None:
    form = {
        "type": "json_schema",
        "json_schema": {"name": "river", "strict": True, "schema": RIVER},
    }
    choice = ask({"role": "user", "content": "Name a river."}, response_format=form).json()
    said = json.loads(choice["choices"][0]["message"]["content"])
    assert jsonschema_rs.is_valid(RIVER, said)


def test_a_picture_inside_the_request_is_taken(ask: Ask) -> None:
    answer = ask(_pictured("picture.jpg", "image/jpeg"))
    assert answer.status_code == 200
    assert answer.json()["choices"][0]["message"]["content"]


@pytest.mark.mock_only
def test_a_picture_that_is_not_what_it_says_is_refused(ask: Ask) -> None:
    answer = ask(_pictured("picture.jpg", "image/png"))
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == "messages[0].content[1].image_url.url"


def _pictured(name: str, media_type: str) -> Json:
    data = base64.b64encode((FIXTURES / "media" / name).read_bytes()).decode()
    url = f"data:{media_type};base64,{data}"
    text = {"type": "text", "text": "What does this picture show?"}
    return {"role": "user", "content": [text, {"type": "image_url", "image_url": {"url": url}}]}
