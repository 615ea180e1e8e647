"""The turns of a conversation: every role and form of content that is allowed, and no other."""

from typing import Any

import pytest

from mock_server.mock import Mock
from tests.world import CHAT, ask, new_mock, post

Json = Any
TEXT = {"type": "text", "text": "Hello."}
IMAGE = {"type": "image_url", "image_url": {"url": "https://example.com/harbour.jpg"}}
CALL = {"id": "a", "type": "function", "function": {"name": "f", "arguments": "{}"}}
USER = {"role": "user", "content": "Hello."}


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock(rate_limit=0)


def conversation(*messages: Json) -> Json:
    return {"model": "google/gemini-2.5-flash", "messages": list(messages)}


@pytest.mark.parametrize("key", ["rc_live_test", "sk-test"])
@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "developer", "content": "Be brief."}, USER],
        [{"role": "system", "content": [TEXT]}, USER],
        [{"role": "system", "content": "Be brief."}],
        [{"role": "user", "content": [TEXT, IMAGE, TEXT, IMAGE], "name": "ann"}],
        [{"role": "user", "content": [IMAGE]}],
        [{"role": "user", "content": ""}],
        [USER, {"role": "assistant", "content": [TEXT]}, USER],
        [USER, {"role": "assistant", "content": "Hello.", "refusal": None, "audio": None}, USER],
        [USER, {"role": "assistant", "content": None, "refusal": "No."}, USER],
        [USER, {"role": "assistant", "content": [{"type": "refusal", "refusal": "No."}]}, USER],
        [
            USER,
            {"role": "assistant", "content": None, "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "a", "content": [TEXT]},
        ],
        [
            USER,
            {"role": "assistant", "tool_calls": [CALL]},
            {"role": "tool", "tool_call_id": "a", "content": ""},
            USER,
        ],
        [
            USER,
            {"role": "assistant", "content": None, "function_call": {"name": "f"}},
            {"role": "function", "name": "f", "content": "19"},
        ],
    ],
)
def test_every_documented_form_is_taken(mock: Mock, messages: Json, key: str) -> None:
    answer = post(mock, CHAT, conversation(*messages), key=key)
    assert answer.status == 200, answer.body
    assert answer.json["choices"][0]["message"]["content"]


@pytest.mark.parametrize("key", ["rc_live_test", "sk-test"])
@pytest.mark.parametrize(
    ("messages", "param"),
    [
        ([], "messages"),
        ([{"content": "Hello."}], "messages[0].role"),
        ([USER | {"role": "bot"}], "messages[0].role"),
        ([USER | {"role": "User"}], "messages[0].role"),
        (["Hello."], "messages[0]"),
        ([{"role": "user"}], "messages[0].content"),
        ([{"role": "user", "content": None}], "messages[0].content"),
        ([{"role": "system", "content": None}], "messages[0].content"),
        ([{"role": "user", "content": []}], "messages[0].content"),
        ([{"role": "user", "content": 5}], "messages[0].content"),
        ([{"role": "user", "content": {"text": "Hello."}}], "messages[0].content"),
        ([{"role": "user", "content": ["Hello."]}], "messages[0].content[0]"),
        ([{"role": "user", "content": [{"text": "a"}]}], "messages[0].content[0].type"),
        ([{"role": "user", "content": [{"type": "text"}]}], "messages[0].content[0].text"),
        (
            [{"role": "user", "content": [TEXT, {"type": "text", "text": 5}]}],
            "messages[0].content[1].text",
        ),
        (
            [{"role": "user", "content": [{"type": "image_url"}]}],
            "messages[0].content[0].image_url",
        ),
        (
            [{"role": "user", "content": [{"type": "image_url", "image_url": "https://a.b/c"}]}],
            "messages[0].content[0].image_url",
        ),
        (
            [{"role": "user", "content": [{"type": "image_url", "image_url": {}}]}],
            "messages[0].content[0].image_url.url",
        ),
        ([USER, {"role": "assistant"}], "messages[1].content"),
        ([USER, {"role": "assistant", "content": None}], "messages[1].content"),
        ([USER, {"role": "assistant", "content": [IMAGE]}], "messages[1].content[0].type"),
        ([{"role": "system", "content": [IMAGE]}, USER], "messages[0].content[0].type"),
        (
            [{"role": "user", "content": [{"type": "refusal", "refusal": "No."}]}],
            "messages[0].content[0].type",
        ),
        ([USER | {"name": 5}], "messages[0].name"),
        (
            [USER, {"role": "assistant", "content": None, "tool_calls": [{"id": "a"}]}],
            "messages[1].tool_calls[0].",
        ),
        (
            [USER, {"role": "assistant", "tool_calls": [CALL | {"function": {"name": "f"}}]}],
            "messages[1].tool_calls[0].function.arguments",
        ),
    ],
)
def test_what_is_wrong_is_named_at_any_depth(
    mock: Mock, messages: Json, param: str, key: str
) -> None:
    answer = post(mock, CHAT, conversation(*messages), key=key)
    assert answer.status == 400
    error = answer.json["error"]
    assert error["type"] == "invalid_request_error"
    assert error["param"].startswith(param)
    assert error["message"].startswith(error["param"])


def test_a_text_only_model_takes_no_pictures(mock: Mock) -> None:
    body = conversation(USER, {"role": "user", "content": [TEXT, IMAGE]})
    for model in ("deepseek-v3", "deepseek-v9-unheard-of"):
        answer = post(mock, CHAT, body | {"model": model}, key="sk-test")
        assert answer.status == 400
        assert answer.json["error"]["param"] == "messages[1].content[1]"
        assert model in answer.json["error"]["message"]
    assert post(mock, CHAT, body | {"model": "gpt-5"}, key="sk-test").status == 200


def test_pictures_of_earlier_turns_count_for_the_model_too(mock: Mock) -> None:
    body = conversation({"role": "user", "content": [IMAGE]}, USER) | {"model": "deepseek-v3"}
    assert post(mock, CHAT, body, key="sk-test").status == 400


@pytest.mark.parametrize("accept", [b"text/event-stream", b"application/json", b"*/*"])
def test_the_accept_header_never_chooses_the_stream(mock: Mock, accept: bytes) -> None:
    for stream in (True, False):
        answer = post(mock, CHAT, ask("Hello.", stream=stream), headers=[(b"accept", accept)])
        assert bool(answer.events) == stream


def test_keys_in_camel_case_are_ignored(mock: Mock) -> None:
    plain = post(mock, CHAT, ask("Tell me a story.")).json
    camel = post(mock, CHAT, ask("Tell me a story.", maxTokens=1, topP=7)).json
    assert camel["choices"] == plain["choices"]


@pytest.mark.parametrize(
    ("more", "param"),
    [
        ({"top_logprobs": 2}, "logprobs"),
        ({"logprobs": False, "top_logprobs": 2}, "logprobs"),
        ({"logprobs": True, "top_logprobs": 21}, "top_logprobs"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "stop"),
        ({"stop": []}, "stop"),
        ({"n": 0}, "n"),
        ({"n": 129}, "n"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"max_completion_tokens": 1.5}, "max_completion_tokens"),
        ({"temperature": "hot"}, "temperature"),
        ({"seed": "7"}, "seed"),
        ({"response_format": {"type": "xml"}}, "response_format.type"),
        ({"response_format": {"type": "json_schema"}}, "response_format.json_schema"),
        ({"tool_choice": "sometimes", "tools": []}, "tool_choice"),
        ({"parallel_tool_calls": 1}, "parallel_tool_calls"),
    ],
)
def test_parameters_out_of_range_are_named(mock: Mock, more: Json, param: str) -> None:
    answer = post(mock, CHAT, ask("Hello.", **more))
    assert answer.status == 400
    assert answer.json["error"]["param"] == param


@pytest.mark.parametrize("model", ["BAAI/bge-large-en-v1.5", "openai/whisper-1"])
def test_a_model_that_is_listed_as_another_kind_answers_no_chats(mock: Mock, model: str) -> None:
    answer = post(mock, CHAT, ask("Hello.") | {"model": model})
    assert answer.status == 404
    assert answer.json["error"]["code"] == "model_not_found"
    assert answer.json["error"]["param"] == "model"


@pytest.mark.parametrize("name", ["tools", "tool_choice", "response_format", "stop", "seed"])
def test_what_is_null_is_left_out(mock: Mock, name: str) -> None:
    plain = post(mock, CHAT, ask("Tell me a story.")).json
    assert (
        post(mock, CHAT, ask("Tell me a story.", **{name: None})).json["choices"]
        == (plain["choices"])
    )


def test_calls_of_the_old_form_cost_tokens_too(mock: Mock) -> None:
    def cost(arguments: str) -> int:
        called = {"name": "f", "arguments": arguments}
        turn = {"role": "assistant", "content": None, "function_call": called}
        answer = post(mock, CHAT, conversation(USER, turn, USER)).json
        tokens: int = answer["usage"]["prompt_tokens"]
        return tokens

    assert cost('{"city": "Lisbon", "unit": "celsius"}') > cost("{}")
