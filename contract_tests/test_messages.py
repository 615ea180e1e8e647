"""Messages in Anthropic's format: streams, tools, thoughts, pictures, limits and failures."""

import base64
from collections.abc import Callable
from typing import Any

import httpx2
import jsonschema_rs
import pytest

from contract_tests import message_laws
from contract_tests.conftest import FreshKey
from contract_tests.stream import read_events
from contract_tests.target import Target
from mock_server.fixtures import FIXTURES

Json = Any
Ask = Callable[..., httpx2.Response]
PATH = "/v1/messages"
MODEL = "claude-opus-4-8"
HARBOUR = {
    "type": "object",
    "properties": {"harbour": {"type": "string"}},
    "required": ["harbour"],
}
TIDE = {
    "name": "get_tide",
    "description": "Next high tide of a harbour.",
    "input_schema": HARBOUR,
}
QUESTION = {"role": "user", "content": "When is high tide in Whitby?"}
STORY = {"role": "user", "content": "Tell me a long story."}


@pytest.fixture
def headers(target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of the provider of messages."""
    if "ruapi" not in target.keys:
        pytest.skip("ruapi is not asked for")
    return {"Authorization": f"Bearer {key('ruapi')}"}


@pytest.fixture
def ask(client: httpx2.Client, headers: dict[str, str]) -> Ask:
    """Sends a conversation."""

    def send(*messages: Json, **more: Json) -> httpx2.Response:
        body = {"model": MODEL, "messages": list(messages), "max_tokens": 300, **more}
        return client.post(PATH, json=body, headers=headers)

    return send


def _streamed(ask: Ask, *messages: Json, **more: Json) -> Json:
    """The message that a stream adds up to, found to be what was asked for."""
    response = ask(*messages, stream=True, **more)
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == "text/event-stream"
    message = message_laws.message_of(read_events(response.content))
    message_laws.a_message_is_what_was_asked_for(message, {"max_tokens": 300, **more})
    return message


def test_a_message_keeps_every_law(ask: Ask) -> None:
    message = ask(QUESTION).json()
    message_laws.a_message_is_what_was_asked_for(message, {"max_tokens": 300})
    assert message["stop_reason"] in ("end_turn", "max_tokens")
    assert message["content"][0]["text"]


def test_a_stream_keeps_every_law(ask: Ask) -> None:
    message = _streamed(ask, QUESTION)
    assert message["content"][0]["text"]


@pytest.mark.mock_only
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"max_tokens": 7},
        {"stop_sequences": ["a", "e"]},
        {"thinking": {"type": "adaptive"}},
        {"tools": [TIDE]},
        {"tools": [TIDE], "max_tokens": 3},
    ],
    ids=lambda more: " ".join(more) or "nothing",
)
def test_streamed_and_whole_messages_are_the_same(ask: Ask, more: Json) -> None:
    whole, streamed = ask(QUESTION, **more).json(), _streamed(ask, QUESTION, **more)
    message_laws.a_message_is_what_was_asked_for(whole, {"max_tokens": 300, **more})
    assert streamed["stop_reason"] == whole["stop_reason"]
    assert streamed["stop_sequence"] == whole["stop_sequence"]
    assert streamed["usage"] == whole["usage"]
    if whole["stop_reason"] != "max_tokens":
        assert streamed["content"] == whole["content"]


@pytest.mark.mock_only
def test_the_same_question_gets_the_same_words_in_either_format(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    body = {"model": MODEL, "messages": [STORY], "max_tokens": 300}
    message = client.post(PATH, json=body, headers=headers).json()
    chat = client.post("/v1/chat/completions", json=body, headers=headers).json()
    assert message["content"][0]["text"] == chat["choices"][0]["message"]["content"]
    assert message["usage"]["input_tokens"] == chat["usage"]["prompt_tokens"]


def test_a_token_limit_is_kept_and_told(ask: Ask) -> None:
    message = ask(STORY, max_tokens=5).json()
    assert message["stop_reason"] == "max_tokens"
    message_laws.no_more_tokens_are_written_than_asked_for(message, {"max_tokens": 5})


@pytest.mark.mock_only  # RuAPI documents no stop sequences
def test_a_stop_sequence_ends_the_answer_and_is_named(ask: Ask) -> None:
    count = {"role": "user", "content": "Count from 1 to 9, separated by commas."}
    message = ask(count, stop_sequences=["5", "7"]).json()
    message_laws.the_end_fits_the_content(message, {"stop_sequences": ["5", "7"]})
    assert message["stop_sequence"] == "5"


@pytest.mark.parametrize("choice", [{"type": "any"}, {"type": "tool", "name": "get_tide"}])
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_a_tool_that_must_be_used_is_used_and_its_result_is_taken(
    ask: Ask, choice: Json, stream: bool
) -> None:
    more = {"tools": [TIDE], "tool_choice": choice}
    first = _streamed(ask, QUESTION, **more) if stream else ask(QUESTION, **more).json()
    assert first["stop_reason"] == "tool_use"
    uses = [block for block in first["content"] if block["type"] == "tool_use"]
    for use in uses:
        assert use["name"] == "get_tide"
        assert jsonschema_rs.is_valid(HARBOUR, use["input"])
    results = [
        {"type": "tool_result", "tool_use_id": use["id"], "content": "17:42"} for use in uses
    ]
    turns = (
        {"role": "assistant", "content": first["content"]},
        {"role": "user", "content": results},
    )
    last = ask(QUESTION, *turns, tools=[TIDE]).json()
    assert last["stop_reason"] == "end_turn"
    assert last["content"][0]["text"]


def test_no_tool_is_used_where_none_may_be(ask: Ask) -> None:
    message = ask(QUESTION, tools=[TIDE], tool_choice={"type": "none"}).json()
    assert {block["type"] for block in message["content"]} == {"text"}


def test_thoughts_that_are_asked_for_come_first_and_can_be_handed_back(ask: Ask) -> None:
    thinking = {"type": "enabled", "budget_tokens": 1024}
    message = _streamed(ask, QUESTION, thinking=thinking, max_tokens=3000)
    assert message["content"][0]["thinking"]
    turns = ({"role": "assistant", "content": message["content"]}, STORY)
    assert ask(QUESTION, *turns, thinking=thinking, max_tokens=3000).status_code == 200


def test_a_picture_inside_the_request_is_taken(ask: Ask) -> None:
    message = ask(_pictured("picture.jpg", "image/jpeg")).json()
    assert message["content"][0]["text"]


@pytest.mark.mock_only
def test_a_picture_that_is_not_what_it_says_is_refused(ask: Ask) -> None:
    response = ask(_pictured("picture.jpg", "image/png"))
    assert response.status_code == 400
    assert response.json()["error"]["message"].startswith(
        "messages.0.content.1.source.data: says image/png but is a JPEG"
    )


@pytest.mark.mock_only  # RuAPI does not say which versions it takes
@pytest.mark.parametrize("version", [None, "2023-06-01", "2026-10-21", "someday"])
@pytest.mark.parametrize("header", ["x-api-key", "authorization"])
def test_either_header_and_any_version_will_do(
    client: httpx2.Client, headers: dict[str, str], version: str | None, header: str
) -> None:
    key = headers["Authorization"].removeprefix("Bearer ")
    sent = {"x-api-key": key} if header == "x-api-key" else dict(headers)
    sent |= {"anthropic-version": version} if version else {}
    body = {"model": MODEL, "messages": [QUESTION], "max_tokens": 8}
    assert client.post(PATH, json=body, headers=sent).status_code == 200


@pytest.mark.mock_only
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"max_tokens": ...}, "max_tokens"),
        ({"messages": [{"role": "robot", "content": "hi"}]}, "messages.0.role"),
        (
            {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
            "messages.0.content.0.text",
        ),
        ({"temperature": 1.5}, "temperature"),
        ({"tool_choice": {"type": "any"}}, "tools"),
        ({"tools": [TIDE], "tool_choice": {"type": "tool", "name": "x"}}, "tool_choice.name"),
        ({"thinking": {"type": "enabled", "budget_tokens": 1}}, "thinking.budget_tokens"),
        ({"thinking": {"type": "enabled", "budget_tokens": 4096}}, "thinking.budget_tokens"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_refusal_names_the_field(
    client: httpx2.Client, headers: dict[str, str], change: Json, field: str
) -> None:
    body = {"model": MODEL, "messages": [QUESTION], "max_tokens": 300} | change
    sent = {name: value for name, value in body.items() if value is not ...}
    response = client.post(PATH, json=sent, headers=headers)
    assert response.status_code == 400
    answer, id = response.json(), response.headers["request-id"]
    message_laws.a_refusal_is_in_anthropics_envelope(answer, "invalid_request_error", id)
    assert answer["error"]["message"].startswith(f"{field}: ")


@pytest.mark.mock_only
def test_a_body_over_the_limit_is_a_413(ask: Ask) -> None:
    response = ask({"role": "user", "content": "x" * 25_000_001})
    assert response.status_code == 413
    answer, id = response.json(), response.headers["request-id"]
    message_laws.a_refusal_is_in_anthropics_envelope(answer, "request_too_large", id)


@pytest.mark.mock_only
@pytest.mark.parametrize("path", [PATH, "/v1/chat/completions"])
@pytest.mark.parametrize(
    ("state", "status"),
    [
        ({"balance": 0}, 402),
        ({"spend_limit": 0}, 402),
        ({"disabled": True}, 401),
        ({"models": ["gpt-5"]}, 403),
        ({"catalogue": "closed"}, 404),
    ],
    ids=lambda value: str(value),
)
def test_what_a_key_may_not_do_is_told_by_its_status(
    client: httpx2.Client, headers: dict[str, str], path: str, state: Json, status: int
) -> None:
    key = headers["Authorization"].removeprefix("Bearer ")
    body = {"model": "claude-opus-0", "messages": [QUESTION], "max_tokens": 300}
    assert client.post(path, json=body, headers=headers).status_code == 200
    client.put(f"/__mock__/keys/{key}", json=state)
    assert client.post(path, json=body, headers=headers).status_code == status
    client.post("/__mock__/reset", json={"key": key})
    assert client.post(path, json=body, headers=headers).status_code == 200


def _pictured(name: str, media_type: str) -> Json:
    data = base64.b64encode((FIXTURES / "media" / name).read_bytes()).decode()
    source = {"type": "base64", "media_type": media_type, "data": data}
    text = {"type": "text", "text": "What does this picture show?"}
    return {"role": "user", "content": [text, {"type": "image", "source": source}]}
