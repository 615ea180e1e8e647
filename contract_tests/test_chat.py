"""Chat: what an answer says and counts, limits and forms, calls of tools, pictures."""

import base64
from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from contract_tests.asking import answer_of
from contract_tests.conftest import FreshKey, Judged
from contract_tests.guest import needs_model
from contract_tests.lacking import expect_status
from contract_tests.notes import NotReached
from contract_tests.target import Target
from mock_server.fixtures import FIXTURES

Json = Any
Ask = Callable[..., httpx2.Response]
PATH = "/v1/chat/completions"
GUARD = "meta-llama/Llama-Guard-4-12B"
MODELS = {"runcrate": "Qwen/Qwen3-VL-235B-A22B-Instruct", "ruapi": "claude-opus-4-8"}
CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
WEATHER = {
    "type": "function",
    "function": {"name": "get_weather", "description": "Current weather.", "parameters": CITY},
}
TIME = {"type": "function", "function": {"name": "get_time", "parameters": CITY}}
HELLO = {"role": "user", "content": "Say hello in one word."}
QUESTION = {"role": "user", "content": "What is the weather in Lisbon?"}
COUNT = {"role": "user", "content": "Count from 1 to 9, separated by commas."}
RIVER = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "kilometres": {"type": "integer"}},
    "required": ["name", "kilometres"],
    "additionalProperties": False,
}
STREAMED = pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])


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


# --- What an answer says -------------------------------------------------------------------------


@pytest.mark.smoke
@pytest.mark.clauses("chat-choices-are-numbered", "chat-usage-adds-up", "chat-token-limit-is-kept")
def test_a_whole_answer_counts(ask: Ask, judged: Judged) -> None:
    ask(HELLO, max_tokens=16)
    judged()


@STREAMED
@pytest.mark.clauses("chat-choices-are-as-many-as-asked", "chat-likelihoods-only-where-asked")
def test_there_are_as_many_answers_as_asked_for(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(HELLO, n=2, stream=stream)
    judged()


@STREAMED
@pytest.mark.mock_only
@pytest.mark.clauses("chat-model-is-the-one-asked")
def test_an_answer_names_its_model(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(HELLO, stream=stream)
    judged()


@STREAMED
@pytest.mark.clauses("chat-says-something")
def test_an_answer_is_not_empty(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(HELLO, stream=stream)
    judged()


@pytest.mark.mock_only
@pytest.mark.clauses("chat-repeats-itself")
@pytest.mark.parametrize("more", [{}, {"seed": 7}, {"temperature": 0}], ids=str)
def test_the_same_request_gets_the_same_words(ask: Ask, more: Json) -> None:
    first, second = ask(QUESTION, **more).json(), ask(QUESTION, **more).json()
    assert first["choices"] == second["choices"], "other words"
    assert first["usage"] == second["usage"], "other counts"


@pytest.mark.clauses("chat-reasoning-is-counted")
def test_reasoning_is_counted_with_the_answer(ask: Ask, judged_if_told: Judged) -> None:
    ask(HELLO)
    judged_if_told()


@STREAMED
@pytest.mark.clauses(
    "chat-likelihoods-join", "chat-likelihoods-of-others", "chat-likelihoods-in-bytes"
)
def test_likelihoods_are_told_where_asked(ask: Ask, judged_if_told: Judged, stream: bool) -> None:
    ask(HELLO, logprobs=True, top_logprobs=2, stream=stream)
    judged_if_told()


@pytest.mark.clauses("chat-guards-judge")
def test_a_guard_judges(client: httpx2.Client, key: FreshKey, target: Target) -> None:
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    needs_model(target, GUARD, "judges")
    body = {"model": GUARD, "messages": [QUESTION], "max_tokens": 20}
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    answer = answer_of(client.post(PATH, json=body, headers=headers))
    verdict = (answer["choices"][0]["message"]["content"] or "").strip()
    first, _, category = verdict.partition("\n")
    assert first in ("safe", "unsafe"), f"the verdict is {verdict!r}"
    assert bool(category) == (first == "unsafe"), f"the verdict is {verdict!r}"


@pytest.mark.clauses("chat-takes-any-model")
@pytest.mark.parametrize("model", ["gpt-5", "gemini-3.5-flash", "deepseek-v3"])
def test_models_of_every_vendor_answer(
    client: httpx2.Client, key: FreshKey, target: Target, model: str
) -> None:
    if "ruapi" not in target.keys:
        pytest.skip("ruapi is not asked for")
    body = {"model": model, "messages": [HELLO], "max_tokens": 16}
    response = client.post(PATH, json=body, headers={"Authorization": f"Bearer {key('ruapi')}"})
    expect_status(response, 200)


# --- Limits and forms ----------------------------------------------------------------------------


@STREAMED
@pytest.mark.clauses("chat-token-limit-is-told")
def test_a_token_limit_is_told(ask: Ask, stream: bool) -> None:
    answer = ask({"role": "user", "content": "Tell me a long story."}, max_tokens=5, stream=stream)
    assert '"finish_reason":"length"' in answer.text.replace(": ", ":"), "no end is `length`"


@STREAMED
@pytest.mark.clauses("chat-stops-before-stop-texts")
def test_an_answer_ends_before_a_stop_text(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(COUNT, stop=["5", "7"], stream=stream)
    judged()


@pytest.mark.clauses("chat-stop-texts-are-a-stop")
def test_a_stop_text_is_told_as_a_stop(ask: Ask) -> None:
    choice = answer_of(ask(COUNT, stop=["5", "7"]))["choices"][0]
    assert choice["finish_reason"] == "stop", f"the end is {choice['finish_reason']}"


@STREAMED
@pytest.mark.clauses("chat-json-mode-gives-objects")
def test_an_answer_is_an_object_where_asked(ask: Ask, judged: Judged, stream: bool) -> None:
    river = {"role": "user", "content": "Name a river, as JSON."}
    ask(river, response_format={"type": "json_object"}, stream=stream)
    judged()


@STREAMED
@pytest.mark.clauses("chat-json-keeps-the-schema")
def test_an_answer_keeps_to_the_schema_that_was_sent(
    ask: Ask, judged: Judged, stream: bool
) -> None:
    schema = {"name": "river", "strict": True, "schema": RIVER}
    form = {"type": "json_schema", "json_schema": schema}
    ask({"role": "user", "content": "Name a river."}, response_format=form, stream=stream)
    judged()


# --- Calls of tools ------------------------------------------------------------------------------


@pytest.mark.clauses(
    "chat-call-where-one-must-be", "chat-calls-name-sent-tools", "chat-arguments-are-objects"
)
@pytest.mark.parametrize(
    "stream", [pytest.param(False, marks=pytest.mark.smoke), True], ids=["whole", "stream"]
)
def test_a_tool_that_must_be_called_is_called(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(QUESTION, tools=[WEATHER], tool_choice="required", stream=stream, max_tokens=100)
    judged()


@STREAMED
@pytest.mark.clauses("chat-calls-the-named-tool", "chat-call-where-one-must-be")
def test_the_tool_that_is_named_is_called(ask: Ask, judged: Judged, stream: bool) -> None:
    wish = {"type": "function", "function": {"name": "get_weather"}}
    ask(QUESTION, tools=[TIME, WEATHER], tool_choice=wish, stream=stream)
    judged()


@STREAMED
@pytest.mark.clauses(
    "chat-call-ids-differ",
    "chat-arguments-keep-the-schema",
    "chat-end-tells-of-calls",
)
def test_a_call_can_be_carried_out(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(QUESTION, tools=[WEATHER], tool_choice="required", stream=stream)
    judged()


@pytest.mark.clauses("chat-content-is-never-null")
@pytest.mark.parametrize("provider", ["runcrate"], indirect=True)
def test_a_call_stands_beside_a_text(ask: Ask, judged: Judged) -> None:
    ask(QUESTION, tools=[WEATHER], tool_choice="required")
    judged()


@STREAMED
@pytest.mark.clauses("chat-calls-one-at-a-time")
def test_tools_are_called_one_at_a_time_where_asked(ask: Ask, judged: Judged, stream: bool) -> None:
    more = {"tools": [WEATHER], "tool_choice": "required", "parallel_tool_calls": False}
    ask(QUESTION, stream=stream, **more)
    judged()


@pytest.mark.clauses("chat-takes-results")
def test_the_result_of_a_call_is_taken_and_answered(ask: Ask) -> None:
    answer = answer_of(ask(QUESTION, tools=[WEATHER], tool_choice="required"))
    first = answer["choices"][0]["message"]
    if not first.get("tool_calls"):
        raise NotReached("no tool was called, so that there is no result to be taken")
    results = [
        {"role": "tool", "tool_call_id": call["id"], "content": '{"celsius": 19}'}
        for call in first["tool_calls"]
    ]
    response = ask(QUESTION, first, *results, tools=[WEATHER])
    expect_status(response, 200)
    last = response.json()["choices"][0]
    assert last["finish_reason"] == "stop", f"the end is {last['finish_reason']}"
    assert last["message"]["content"], "nothing is said of the result"


@STREAMED
@pytest.mark.clauses("chat-no-call-where-none-may-be")
def test_no_tool_is_called_where_none_may_be(ask: Ask, judged: Judged, stream: bool) -> None:
    ask(QUESTION, tools=[WEATHER], tool_choice="none", stream=stream)
    judged()


# --- Pictures ------------------------------------------------------------------------------------


@pytest.mark.clauses("chat-takes-pictures-inside")
def test_a_picture_inside_the_request_is_taken(ask: Ask) -> None:
    response = ask(_shown(_picture("image/jpeg")), max_tokens=16)
    expect_status(response, 200)


@pytest.mark.mock_only  # whose picture should a live server fetch?
@pytest.mark.clauses("chat-takes-pictures-by-address")
def test_a_picture_on_the_web_is_taken(ask: Ask) -> None:
    response = ask(_shown("https://example.com/harbour.jpg"))
    expect_status(response, 200)


@pytest.mark.clauses("chat-takes-several-pictures")
@pytest.mark.parametrize("provider", ["runcrate"], indirect=True)
def test_several_pictures_are_taken(ask: Ask) -> None:
    response = ask(_shown(_picture("image/jpeg"), _picture("image/jpeg")), max_tokens=16)
    expect_status(response, 200)


@pytest.mark.clauses("chat-pictures-are-counted")
def test_a_picture_costs_tokens(ask: Ask) -> None:
    counts = [
        ask(_shown(*pictures), max_tokens=1).json()["usage"]["prompt_tokens"]
        for pictures in ((), (_picture("image/jpeg"),))
    ]
    assert counts[0] < counts[1], f"{counts[0]} tokens without a picture, {counts[1]} with one"


@pytest.mark.mock_only
@pytest.mark.clauses("chat-picture-types-are-true")
def test_a_picture_that_is_not_what_it_says_is_refused(ask: Ask) -> None:
    answer = ask(_shown(_picture("image/png")))
    assert answer.status_code == 400, "a JPEG that says it is a PNG is taken"
    assert answer.json()["error"]["param"] == "messages[0].content[1].image_url.url"


@pytest.mark.mock_only
@pytest.mark.clauses("chat-text-models-take-no-pictures")
@pytest.mark.parametrize("provider", ["ruapi"], indirect=True)
def test_a_model_for_text_refuses_a_picture(ask: Ask) -> None:
    answer = ask(_shown(_picture("image/jpeg")), model="deepseek-v3")
    assert answer.status_code == 400, "a picture is taken by a model that sees none"
    assert "takes no images" in answer.json()["error"]["message"]


def _picture(media_type: str) -> str:
    """A JPEG as a data URI, which says that it is of some type."""
    data = base64.b64encode((FIXTURES / "media" / "picture.jpg").read_bytes()).decode()
    return f"data:{media_type};base64,{data}"


def _shown(*urls: str) -> Json:
    text = {"type": "text", "text": "What does this picture show?"}
    pictures = [{"type": "image_url", "image_url": {"url": url}} for url in urls]
    return {"role": "user", "content": [text, *pictures]}
