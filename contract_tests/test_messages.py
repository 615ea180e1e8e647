"""Messages in Anthropic's format: streams, tools, thoughts, pictures, limits and failures."""

import base64
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from contract_tests import message_laws
from contract_tests.conftest import FreshKey, Judged
from contract_tests.lacking import expect_status
from contract_tests.notes import holding_to, notebook
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
MOON = {"name": "get_moon", "input_schema": HARBOUR}
HELLO = {"role": "user", "content": "Say hello in one word."}
QUESTION = {"role": "user", "content": "When is high tide in Whitby?"}
STORY = {"role": "user", "content": "Tell me a long story."}
COUNT = {"role": "user", "content": "Count from 1 to 9, separated by commas."}
THOUGHTFUL = {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 3000}
STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


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


@pytest.fixture
def told(ask: Ask) -> Callable[..., Json]:
    """Sends a conversation, and gives the message, joined where it was streamed."""

    def send(*messages: Json, **more: Json) -> Json:
        response = ask(*messages, **more)
        expect_status(response, 200)
        exchange = notebook().last
        assert exchange is not None
        return message_laws.message_of(exchange.events) if exchange.is_stream else exchange.told

    return send


# --- What a message says -------------------------------------------------------------------------


@pytest.mark.smoke
@pytest.mark.clauses("message-token-limit-is-kept")
def test_a_whole_message_counts(ask: Ask, judged: Judged) -> None:
    ask(HELLO, max_tokens=16)
    judged()


@STREAMED
@pytest.mark.clauses("message-says-something")
def test_a_message_is_not_empty(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(HELLO, stream=stream)
    judged()


@STREAMED
@pytest.mark.clauses(
    "message-names-its-stop-sequence",
    "message-usage-has-no-total",
    "message-thinks-only-where-asked",
)
def test_a_message_has_nothing_that_was_not_asked_for(
    ask: Ask, judged: Judged, stream: bool
) -> None:
    ask(HELLO, stream=stream)
    judged()


@STREAMED
@pytest.mark.mock_only
@pytest.mark.clauses("message-model-is-the-one-asked")
def test_a_message_names_its_model(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(HELLO, stream=stream)
    judged()


@STREAMED
@pytest.mark.clauses("message-token-limit-is-told")
def test_a_token_limit_is_told(told: Callable[..., Json], stream: bool) -> None:
    reason = told(STORY, max_tokens=5, stream=stream)["stop_reason"]
    assert reason == "max_tokens", f"a story of five tokens ends with {reason}"


@STREAMED
@pytest.mark.clauses("message-stops-before-stop-sequences", "message-names-its-stop-sequence")
def test_a_stop_sequence_ends_the_message_and_is_named(
    told: Callable[..., Json], judged: Judged, stream: bool
) -> None:
    message = told(COUNT, stop_sequences=["5", "7"], stream=stream)
    judged()
    with holding_to("message-names-its-stop-sequence"):
        assert message["stop_sequence"] == "5", f"{message['stop_sequence']!r} ended it"


@pytest.mark.mock_only
@pytest.mark.clauses("message-says-the-same-as-a-chat")
def test_the_same_question_gets_the_same_words_in_either_format(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    body = {"model": MODEL, "messages": [STORY], "max_tokens": 300}
    message = client.post(PATH, json=body, headers=headers).json()
    chat = client.post("/v1/chat/completions", json=body, headers=headers).json()
    assert message["content"][0]["text"] == chat["choices"][0]["message"]["content"]
    assert message["usage"]["input_tokens"] == chat["usage"]["prompt_tokens"]


@pytest.mark.clauses("message-takes-any-model")
def test_a_model_that_is_not_claude_answers(ask: Ask) -> None:
    response = ask(HELLO, model="gpt-5", max_tokens=16)
    expect_status(response, 200)


@pytest.mark.clauses("message-takes-turns-of-one-role")
def test_two_turns_of_one_role_are_taken(ask: Ask) -> None:
    response = ask({"role": "user", "content": "Good morning."}, HELLO, max_tokens=16)
    assert response.status_code == 200, f"two turns of the user are a {response.status_code}"


# --- Streams -------------------------------------------------------------------------------------


@pytest.mark.smoke
@pytest.mark.clauses(
    "stream-ends-each-event",
    "stream-blank-before-data",
    "stream-one-line-of-data",
    "stream-nothing-but-events",
    "stream-data-is-json",
    "message-stream-order",
    "message-stream-names",
    "message-stream-has-no-done",
    "message-stream-blocks-are-numbered",
    "message-token-limit-is-kept",
)
def test_a_stream_is_in_order(ask: Ask, judged: Judged) -> None:
    ask(HELLO, max_tokens=16, stream=True)
    judged()


@pytest.mark.clauses(
    "stream-is-utf8",
    "message-stream-deltas-fit-their-block",
    "message-stream-counts-never-fall",
    "message-stream-gives-a-reason",
)
def test_a_stream_is_as_clients_need_it(ask: Ask, judged: Judged) -> None:
    ask(HELLO, stream=True)
    judged()


@pytest.mark.mock_only
@pytest.mark.clauses("message-stream-says-the-same")
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
def test_streamed_and_whole_messages_are_the_same(told: Callable[..., Json], more: Json) -> None:
    whole, streamed = told(QUESTION, **more), told(QUESTION, stream=True, **more)
    for member in ("stop_reason", "stop_sequence", "usage"):
        assert streamed[member] == whole[member], f"{member} is another"
    if whole["stop_reason"] != "max_tokens":
        assert streamed["content"] == whole["content"], "they say other things"


# --- Uses of tools -------------------------------------------------------------------------------


@STREAMED
@pytest.mark.clauses(
    "message-use-where-one-must-be", "message-uses-sent-tools", "message-inputs-are-objects"
)
def test_a_tool_that_must_be_used_is_used(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(QUESTION, tools=[TIDE], tool_choice={"type": "any"}, stream=stream)
    judged()


@STREAMED
@pytest.mark.clauses("message-uses-the-named-tool", "message-use-where-one-must-be")
def test_the_tool_that_is_named_is_used(ask: Ask, judged: Judged, stream: bool) -> None:
    choice = {"type": "tool", "name": "get_tide"}
    ask(QUESTION, tools=[MOON, TIDE], tool_choice=choice, stream=stream)
    judged()


@STREAMED
@pytest.mark.clauses(
    "message-use-ids-differ",
    "message-inputs-keep-the-schema",
    "message-end-tells-of-tools",
)
def test_the_use_of_a_tool_can_be_carried_out(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(QUESTION, tools=[TIDE], tool_choice={"type": "any"}, stream=stream)
    judged()


@STREAMED
@pytest.mark.clauses("message-uses-one-at-a-time")
def test_tools_are_used_one_at_a_time_where_asked(ask: Ask, judged: Judged, stream: bool) -> None:
    choice = {"type": "any", "disable_parallel_tool_use": True}
    ask(QUESTION, tools=[TIDE], tool_choice=choice, stream=stream)
    judged()


@pytest.mark.clauses("message-takes-results")
def test_the_result_of_a_tool_is_taken_and_answered(told: Callable[..., Json]) -> None:
    first = told(QUESTION, tools=[TIDE], tool_choice={"type": "any"})["content"]
    results = [
        {"type": "tool_result", "tool_use_id": block["id"], "content": "17:42"}
        for block in first
        if block["type"] == "tool_use"
    ]
    turns = ({"role": "assistant", "content": first}, {"role": "user", "content": results})
    last = told(QUESTION, *turns, tools=[TIDE])
    assert last["stop_reason"] == "end_turn", f"the end is {last['stop_reason']}"
    assert last["content"][0]["text"], "nothing is said of the result"


@STREAMED
@pytest.mark.clauses("message-no-use-where-none-may-be")
def test_no_tool_is_used_where_none_may_be(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(QUESTION, tools=[TIDE], tool_choice={"type": "none"}, stream=stream)
    judged()


# --- Thoughts ------------------------------------------------------------------------------------


@STREAMED
@pytest.mark.clauses("message-thinks-where-asked")
def test_thoughts_are_told_where_asked(told: Callable[..., Json], stream: bool) -> None:
    blocks = told(QUESTION, **THOUGHTFUL, stream=stream)["content"]
    assert any(block["type"] == "thinking" for block in blocks), "no thoughts are told"


@STREAMED
@pytest.mark.clauses("message-thoughts-come-first", "message-thoughts-are-signed")
def test_thoughts_come_first_and_signed(ask: Ask, judged_if_told: Judged, stream: bool) -> None:
    ask(QUESTION, **THOUGHTFUL, stream=stream)
    judged_if_told()


@pytest.mark.clauses("message-stream-signature-is-last")
def test_a_signature_comes_behind_the_thoughts(ask: Ask, judged_if_told: Judged) -> None:
    ask(QUESTION, **THOUGHTFUL, stream=True)
    judged_if_told()


@pytest.mark.clauses("message-thoughts-can-be-handed-back")
def test_thoughts_can_be_handed_back(told: Callable[..., Json], ask: Ask) -> None:
    thoughts = told(QUESTION, **THOUGHTFUL)["content"]
    again = ask(QUESTION, {"role": "assistant", "content": thoughts}, STORY, **THOUGHTFUL)
    expect_status(again, 200)


# --- Pictures ------------------------------------------------------------------------------------


@pytest.mark.clauses("message-pictures-are-taken")
def test_a_picture_inside_the_request_is_taken(ask: Ask) -> None:
    response = ask(_pictured("image/jpeg"), max_tokens=16)
    expect_status(response, 200)


@pytest.mark.mock_only
@pytest.mark.clauses("message-request-picture-types-are-true")
def test_a_picture_that_is_not_what_it_says_is_refused(ask: Ask) -> None:
    response = ask(_pictured("image/png"))
    assert response.status_code == 400, "a JPEG that says it is a PNG is taken"
    assert response.json()["error"]["message"].startswith(
        "messages.0.content.1.source.data: says image/png but is a JPEG"
    )


# --- Who may ask, and how much -------------------------------------------------------------------


@pytest.mark.clauses("message-key-in-either-header")
@pytest.mark.parametrize("header", ["x-api-key", "authorization"])
def test_the_key_is_taken_from_either_header(
    client: httpx2.Client, headers: dict[str, str], header: str
) -> None:
    response = client.post(PATH, json=_small(), headers=_with_key(headers, header))
    expect_status(response, 200, of=f"a key in {header}")


@pytest.mark.mock_only  # RuAPI does not say which versions it takes
@pytest.mark.clauses("message-any-version")
@pytest.mark.parametrize("version", [None, "2023-06-01", "2026-10-21", "someday"])
@pytest.mark.parametrize("header", ["x-api-key", "authorization"])
def test_any_version_will_do(
    client: httpx2.Client, headers: dict[str, str], version: str | None, header: str
) -> None:
    sent = _with_key(headers, header) | ({"anthropic-version": version} if version else {})
    response = client.post(PATH, json=_small(), headers=sent)
    expect_status(response, 200, of=f"version {version}")


@pytest.mark.mock_only
@pytest.mark.clauses("message-body-limit")
def test_a_body_over_the_limit_is_a_413(ask: Ask) -> None:
    response = ask({"role": "user", "content": "x" * 25_000_001})
    expect_status(response, 413)
    answer, id = response.json(), response.headers["request-id"]
    message_laws.a_refusal_is_in_anthropics_envelope(answer, "request_too_large", id)


@pytest.mark.mock_only
@pytest.mark.clauses("message-refusals-of-keys")
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
    expect_status(client.post(path, json=body, headers=headers), 200)
    client.put(f"/__mock__/keys/{key}", json=state)
    expect_status(client.post(path, json=body, headers=headers), status)
    client.post("/__mock__/reset", json={"key": key})
    expect_status(client.post(path, json=body, headers=headers), 200)


def _small() -> Json:
    return {"model": MODEL, "messages": [HELLO], "max_tokens": 8}


def _with_key(headers: dict[str, str], header: str) -> dict[str, str]:
    """The credentials in the one header or in the other."""
    key = headers["Authorization"].removeprefix("Bearer ")
    return {"x-api-key": key} if header == "x-api-key" else dict(headers)


def _pictured(media_type: str) -> Json:
    """A JPEG that says that it is of some type, and a question."""
    data = base64.b64encode((FIXTURES / "media" / "picture.jpg").read_bytes()).decode()
    source = {"type": "base64", "media_type": media_type, "data": data}
    text = {"type": "text", "text": "What does this picture show?"}
    return {"role": "user", "content": [text, {"type": "image", "source": source}]}
