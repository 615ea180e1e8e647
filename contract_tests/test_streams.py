"""Streamed chat: how it is written down, in which order, and what it counts."""

from collections.abc import Callable
from typing import Any

import httpx2
import pytest

from contract_tests import chat_laws
from contract_tests.conftest import FreshKey, Judged
from contract_tests.guest import needs_model
from contract_tests.lacking import expect_status
from contract_tests.notes import notebook
from contract_tests.target import Target

Json = Any
Ask = Callable[..., httpx2.Response]
PATH = "/v1/chat/completions"
MODELS = {"runcrate": "deepseek-ai/DeepSeek-V3", "ruapi": "claude-opus-4-8"}
THINKER = "deepseek-ai/DeepSeek-R1"
RIVERS = {"role": "user", "content": "Name three rivers, one a line."}
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "parameters": {
            "type": "object",
            "properties": {"city": {"type": "string"}},
            "required": ["city"],
        },
    },
}


@pytest.fixture(params=["runcrate", "ruapi"])
def provider(request: pytest.FixtureRequest, target: Target) -> str:
    """A provider that streams chat."""
    if request.param not in target.keys:
        pytest.skip(f"{request.param} is not asked for")
    return str(request.param)


@pytest.fixture
def ask(provider: str, client: httpx2.Client, key: FreshKey) -> Ask:
    """Asks a question, as a stream if nothing else is said."""
    headers = {"Authorization": f"Bearer {key(provider)}"}

    def send(accept: str = "*/*", **more: Json) -> httpx2.Response:
        body = {"model": MODELS[provider], "messages": [RIVERS], "max_tokens": 64, "stream": True}
        response = client.post(PATH, json=body | more, headers=headers | {"Accept": accept})
        expect_status(response, 200)
        return response

    return send


def _joined() -> Json:
    """The choices and the usage of the last answer, which was a stream."""
    exchange = notebook().last
    assert exchange is not None
    return chat_laws.completion_of(exchange.chunks)


@pytest.mark.smoke
@pytest.mark.clauses(
    "stream-ends-each-event",
    "stream-blank-before-data",
    "stream-one-line-of-data",
    "stream-nothing-but-events",
    "stream-data-is-json",
    "chat-stream-ends-with-done",
    "chat-stream-keeps-its-identity",
    "chat-stream-opens-with-the-role",
    "chat-stream-finishes-once",
    "chat-stream-finish-is-last",
    "chat-stream-usage-comes-last",
    "chat-usage-adds-up",
    "chat-token-limit-is-kept",
)
def test_a_stream_is_in_order_and_counts_where_asked(ask: Ask, judged: Judged) -> None:
    ask(stream_options={"include_usage": True})
    judged()


@pytest.mark.clauses("chat-stream-usage-only-where-asked")
def test_a_stream_does_not_count_unasked(ask: Ask, judged: Judged) -> None:
    ask()
    judged()


@pytest.mark.clauses(
    "stream-is-utf8",
    "chat-stream-events-have-no-names",
    "chat-stream-says-the-role-once",
    "chat-stream-usage-is-null-before",
    "chat-choices-are-as-many-as-asked",
)
def test_a_stream_of_two_choices_is_as_clients_need_it(ask: Ask, judged: Judged) -> None:
    ask(stream_options={"include_usage": True}, n=2)
    judged()


@pytest.mark.clauses(
    "chat-stream-calls-are-named-once", "chat-arguments-keep-the-schema", "chat-end-tells-of-calls"
)
def test_the_fragments_of_a_call_join(ask: Ask, judged: Judged) -> None:
    ask(tools=[WEATHER], tool_choice="required", max_tokens=200)
    judged()


@pytest.mark.clauses("the-type-is-the-one-asked-for")
@pytest.mark.parametrize("accept", ["application/json", "text/event-stream", "*/*"])
def test_the_accept_header_does_not_choose_the_stream(ask: Ask, accept: str) -> None:
    for stream, wanted in ((False, "application/json"), (True, "text/event-stream")):
        came = ask(accept, stream=stream).headers.get("content-type", "").partition(";")[0]
        assert came == wanted, f"`stream` is {stream}, `Accept` {accept}: {came!r} comes"


@pytest.mark.mock_only
@pytest.mark.clauses("chat-stream-says-the-same")
@pytest.mark.parametrize("more", [{}, {"tools": [WEATHER], "tool_choice": "required"}, {"n": 2}])
def test_streamed_and_whole_answers_are_the_same(ask: Ask, more: Json) -> None:
    whole = ask(stream=False, **more).json()
    ask(stream_options={"include_usage": True}, **more)
    streamed = _joined()
    assert streamed["usage"] == whole["usage"], "they count differently"
    pairs = zip(streamed["choices"], whole["choices"], strict=True)
    for (ours, message), other in (((each, each["message"]), other) for each, other in pairs):
        assert ours["finish_reason"] == other["finish_reason"], "they end differently"
        assert message["content"] == (other["message"]["content"] or ""), "they say other words"
        calls = [each["function"] for each in message.get("tool_calls", ())]
        others = [each["function"] for each in other["message"].get("tool_calls", ())]
        assert calls == others, "they call other tools"


@pytest.fixture
def think(client: httpx2.Client, key: FreshKey, target: Target) -> Ask:
    """Asks a model of Runcrate."""
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    headers = {"Authorization": f"Bearer {key('runcrate')}"}

    def send(model: str, **more: Json) -> httpx2.Response:
        if model == THINKER:
            needs_model(target, THINKER, "thinks aloud")
        body = {"model": model, "messages": [RIVERS], "max_tokens": 500, **more}
        return client.post(PATH, json=body, headers=headers)

    return send


@pytest.mark.clauses("chat-reasoning-is-told")
def test_reasoning_models_think_aloud(think: Ask) -> None:
    expect_status(think(THINKER, stream=True), 200)
    assert _joined()["choices"][0]["message"].get("reasoning_content"), "no thoughts were told"


@pytest.mark.clauses("chat-reasoning-comes-first")
def test_reasoning_models_think_before_they_answer(think: Ask, judged_if_told: Judged) -> None:
    think(THINKER, stream=True)
    judged_if_told()


@pytest.mark.mock_only
@pytest.mark.clauses("chat-reasoning-in-whole-answers")
def test_a_whole_answer_has_its_thoughts_apart(think: Ask) -> None:
    whole = think(THINKER).json()
    thought = whole["choices"][0]["message"].get("reasoning_content")
    assert thought, "no thoughts are told"
    assert whole["usage"]["completion_tokens_details"]["reasoning_tokens"] > 0
    expect_status(think(THINKER, stream=True), 200)
    assert _joined()["choices"][0]["message"]["reasoning_content"] == thought


@pytest.mark.mock_only
@pytest.mark.clauses("chat-no-reasoning-elsewhere")
@pytest.mark.parametrize("stream", [False, True], ids=["whole", "stream"])
def test_other_models_do_not_think_aloud(think: Ask, stream: bool) -> None:
    answer = think("deepseek-ai/DeepSeek-V3", stream=stream)
    choices = (_joined() if stream else answer.json())["choices"]
    assert not choices[0]["message"].get("reasoning_content"), "thoughts are told"
