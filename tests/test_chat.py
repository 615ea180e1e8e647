"""Chat completions on the wire: fields and their order, chunks, counts, calls of tools."""

import json
from pathlib import Path

import pytest

from mock_server.mock import Mock
from tests.world import CHAT, NOW, ask, new_mock, post

SCRIPT = """
- when: {text: call}
  answer: {tool_calls: [{name: get_tide, arguments: {harbour: Whitby, days: 2}}, {name: now}]}
  violates: true  # the requests offer no tools
- when: {text: both}
  answer: {text: Let me look., tool_calls: [{name: now}]}
  violates: true
- when: {text: think}
  answer: {reasoning: First this. Then that., text: So it is.}
- when: {text: fail}
  error: {status: 503, retry_after: 2, message: Busy., code: overloaded}
- when: {text: forty}
  answer: {text: "one two three STOP four five"}
"""


@pytest.fixture(scope="module")
def mock(tmp_path_factory: pytest.TempPathFactory) -> Mock:
    path = tmp_path_factory.mktemp("scenarios") / "script.yaml"
    path.write_text(SCRIPT)
    return new_mock(scenarios=path, rate_limit=0)


def test_a_completion_has_the_fields_of_the_wire_in_their_order(mock: Mock) -> None:
    answer = post(mock, CHAT, ask("Explain tides."))
    body = answer.json
    assert answer.status == 200
    assert answer.headers["content-type"] == "application/json"
    assert list(body) == ["id", "object", "created", "model", "choices", "usage"]
    assert body["object"] == "chat.completion"
    assert body["id"].startswith("chatcmpl-")
    assert body["created"] == int(NOW)
    choice = body["choices"][0]
    assert list(choice) == ["index", "message", "logprobs", "finish_reason"]
    assert list(choice["message"]) == ["role", "content", "refusal"]
    assert choice["finish_reason"] == "stop"


def test_a_chunk_has_the_fields_of_the_wire_in_their_order(mock: Mock) -> None:
    answer = post(mock, CHAT, ask("Explain tides.", stream=True))
    assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert answer.events[-1].data == b"[DONE]"
    for chunk in answer.chunks:
        assert list(chunk) == ["id", "object", "created", "model", "choices"]
        assert list(chunk["choices"][0]) == ["index", "delta", "logprobs", "finish_reason"]
    deltas = [chunk["choices"][0]["delta"] for chunk in answer.chunks]
    assert deltas[0] == {"role": "assistant", "content": ""}
    assert all(list(delta) == ["content"] for delta in deltas[1:-1])
    assert deltas[-1] == {}
    assert [chunk["choices"][0]["finish_reason"] for chunk in answer.chunks[:-1]] == (
        [None] * (len(deltas) - 1)
    )


def test_usage_comes_last_when_it_is_asked_for(mock: Mock) -> None:
    options = {"stream": True, "stream_options": {"include_usage": True}}
    chunks = post(mock, CHAT, ask("Explain tides.", **options)).chunks
    assert all(chunk["usage"] is None for chunk in chunks[:-1])
    assert chunks[-1]["choices"] == []
    assert chunks[-1]["usage"] == post(mock, CHAT, ask("Explain tides.")).json["usage"]


def test_what_is_streamed_is_what_is_counted(mock: Mock) -> None:
    options = {"stream": True, "stream_options": {"include_usage": True}}
    chunks = post(mock, CHAT, ask("think", **options)).chunks
    deltas = [choice["delta"] for chunk in chunks for choice in chunk["choices"]]
    pieces = [delta for delta in deltas if delta.get("content") or delta.get("reasoning_content")]
    usage = chunks[-1]["usage"]
    assert usage["completion_tokens"] == len(pieces)
    reasoned = [delta for delta in deltas if "reasoning_content" in delta]
    assert usage["completion_tokens_details"]["reasoning_tokens"] == len(reasoned)
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]


def test_reasoning_comes_first_and_apart(mock: Mock) -> None:
    message = post(mock, CHAT, ask("think")).json["choices"][0]["message"]
    assert message["reasoning_content"] == "First this. Then that."
    assert message["content"] == "So it is."
    deltas = [c["choices"][0]["delta"] for c in post(mock, CHAT, ask("think", stream=True)).chunks]
    names = [next(iter(delta), "") for delta in deltas[1:-1]]
    assert names == sorted(names, reverse=True)
    assert set(names) == {"reasoning_content", "content"}


@pytest.mark.parametrize(("key", "content"), [("rc_live_test", ""), ("sk-test", None)])
def test_a_message_that_only_calls_tools_says_what_its_provider_says(
    mock: Mock, key: str, content: str | None
) -> None:
    choice = post(mock, CHAT, ask("call"), key=key).json["choices"][0]
    assert choice["message"]["content"] == content
    assert choice["finish_reason"] == "tool_calls"
    calls = choice["message"]["tool_calls"]
    assert [call["function"]["name"] for call in calls] == ["get_tide", "now"]
    assert json.loads(calls[0]["function"]["arguments"]) == {"harbour": "Whitby", "days": 2}
    assert len({call["id"] for call in calls}) == 2


def test_streamed_calls_are_named_once_and_their_fragments_join(mock: Mock) -> None:
    whole = post(mock, CHAT, ask("call")).json["choices"][0]["message"]["tool_calls"]
    chunks = post(mock, CHAT, ask("call", stream=True)).chunks
    fragments = [
        fragment
        for chunk in chunks
        for fragment in chunk["choices"][0]["delta"].get("tool_calls", [])
    ]
    for index, call in enumerate(whole):
        mine = [fragment for fragment in fragments if fragment["index"] == index]
        assert [fragment["id"] for fragment in mine if "id" in fragment] == [call["id"]]
        joined = "".join(fragment["function"]["arguments"] for fragment in mine)
        assert joined == call["function"]["arguments"]
    assert chunks[-1]["choices"][0]["finish_reason"] == "tool_calls"


def test_text_beside_calls_is_kept(mock: Mock) -> None:
    message = post(mock, CHAT, ask("both")).json["choices"][0]["message"]
    assert message["content"] == "Let me look."
    assert message["tool_calls"]


def test_a_scripted_failure_is_answered_in_the_providers_words(mock: Mock) -> None:
    for stream in (False, True):
        answer = post(mock, CHAT, ask("fail", stream=stream))
        assert answer.status == 503
        assert answer.headers["retry-after"] == "2"
        assert answer.json["error"] == {
            "message": "Busy.",
            "type": "server_error",
            "param": None,
            "code": "overloaded",
        }


@pytest.mark.parametrize("limit", [1, 2, 7])
@pytest.mark.parametrize("name", ["max_tokens", "max_completion_tokens"])
def test_a_token_limit_is_kept_exactly(mock: Mock, limit: int, name: str) -> None:
    body = post(mock, CHAT, ask("Explain tides at length.", **{name: limit})).json
    assert body["usage"]["completion_tokens"] == limit
    assert body["choices"][0]["finish_reason"] == "length"


def test_integers_may_be_written_with_a_point(mock: Mock) -> None:
    plain = post(mock, CHAT, ask("Tell me a story.", n=2, max_tokens=5, seed=3)).json
    body = b'{"model": "deepseek-ai/DeepSeek-V3", "n": 2.0, "max_tokens": 5e0, "seed": 3.0, '
    body += b'"messages": [{"role": "user", "content": "Tell me a story."}]}'
    assert post(mock, CHAT, body).json["choices"] == plain["choices"]


@pytest.mark.parametrize("stop", ["STOP", ["never", "STOP"], ["four", "STOP"]])
def test_the_answer_ends_before_a_stop_text(mock: Mock, stop: str | list[str]) -> None:
    choice = post(mock, CHAT, ask("forty", stop=stop)).json["choices"][0]
    assert choice["message"]["content"] == "one two three "
    assert choice["finish_reason"] == "stop"


def test_a_stop_text_ends_calls_that_were_to_follow(mock: Mock) -> None:
    choice = post(mock, CHAT, ask("both", stop="me")).json["choices"][0]
    assert choice["message"]["content"] == "Let "
    assert choice["finish_reason"] == "stop"
    assert "tool_calls" not in choice["message"]


def test_no_chunk_has_what_clients_may_take_for_the_end_of_a_line(mock: Mock) -> None:
    schema = {"enum": ["a\u2028b\u2029c\x85d"]}
    form = {"type": "json_schema", "json_schema": {"name": "x", "schema": schema}}
    body = ask("Hi", stream=True, response_format=form) | {"model": "m\u2028n"}
    answer = post(mock, CHAT, body)
    for event in answer.events:
        assert len(event.data.decode().splitlines()) == 1
    said = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in answer.chunks)
    assert json.loads(said) == schema["enum"][0]


def test_several_choices_are_numbered_and_differ(mock: Mock) -> None:
    choices = post(mock, CHAT, ask("Tell me a story.", n=3)).json["choices"]
    assert [choice["index"] for choice in choices] == [0, 1, 2]
    assert len({choice["message"]["content"] for choice in choices}) > 1
    chunks = post(mock, CHAT, ask("Tell me a story.", n=3, stream=True)).chunks
    for choice in choices:
        deltas = [c["choices"][0] for c in chunks if c["choices"][0]["index"] == choice["index"]]
        said = "".join(delta["delta"].get("content", "") for delta in deltas)
        assert said == choice["message"]["content"]


def test_each_choice_finishes_once_and_choices_take_turns(mock: Mock) -> None:
    options = {"n": 3, "stream": True, "stream_options": {"include_usage": True}}
    *chunks, counted = post(mock, CHAT, ask("Tell me a story.", **options)).chunks
    indexes = [chunk["choices"][0]["index"] for chunk in chunks]
    assert indexes[:9] == [0, 1, 2] * 3
    ended = [c["choices"][0]["index"] for c in chunks if c["choices"][0]["finish_reason"]]
    assert sorted(ended) == [0, 1, 2]
    pieces = [chunk for chunk in chunks if chunk["choices"][0]["delta"].get("content")]
    assert counted["usage"]["completion_tokens"] == len(pieces)


def test_likelihoods_are_told_where_they_are_asked_for(mock: Mock) -> None:
    body = ask("Tell me a story.", logprobs=True, top_logprobs=2, n=2)
    whole = post(mock, CHAT, body).json
    chunks = post(mock, CHAT, body | {"stream": True}).chunks
    for choice in whole["choices"]:
        told = choice["logprobs"]["content"]
        assert "".join(each["token"] for each in told) == choice["message"]["content"]
        assert {len(each["top_logprobs"]) for each in told} == {2}
        streamed = [
            token
            for chunk in chunks
            if chunk["choices"][0]["index"] == choice["index"] and chunk["choices"][0]["logprobs"]
            for token in chunk["choices"][0]["logprobs"]["content"]
        ]
        assert streamed == told
    assert post(mock, CHAT, ask("Tell me a story.")).json["choices"][0]["logprobs"] is None


def test_likelihoods_of_calls_alone_are_of_no_token(mock: Mock) -> None:
    choice = post(mock, CHAT, ask("call", logprobs=True)).json["choices"][0]
    assert choice["logprobs"] == {"content": [], "refusal": None}


def test_a_client_can_have_a_model_think_less(mock: Mock) -> None:
    def thought(effort: str | None) -> int:
        body = ask("Explain tides.", reasoning_effort=effort) | {"model": "Qwen/QwQ-32B"}
        usage = post(mock, CHAT, body).json["usage"]
        reasoned: int = usage["completion_tokens_details"]["reasoning_tokens"]
        return reasoned

    assert 0 == thought("none") < thought("low") < thought("high") == thought(None)


@pytest.mark.parametrize("name", ["temperature", "top_p"])
def test_at_zero_the_answer_is_steady(mock: Mock, name: str) -> None:
    def said(seed: int, value: float) -> set[str]:
        body = ask("Tell me a story.", n=3, seed=seed, **{name: value})
        choices = post(mock, CHAT, body).json["choices"]
        return {choice["message"]["content"] for choice in choices}

    assert len(said(1, 0) | said(2, 0)) == 1
    assert len(said(1, 0.5)) > 1


def test_a_token_limit_counts_reasoning(mock: Mock) -> None:
    body = post(mock, CHAT, ask("think", max_tokens=3)).json
    assert body["usage"]["completion_tokens_details"]["reasoning_tokens"] == 3
    assert body["choices"][0]["message"]["content"] == ""
    assert body["choices"][0]["finish_reason"] == "length"


def test_the_same_seed_key_and_request_give_the_same_bytes() -> None:
    first, second = new_mock(seed=5), new_mock(seed=5)
    body = ask("Why is the sky dark at night?")
    assert post(first, CHAT, body).body == post(second, CHAT, body).body
    assert post(first, CHAT, body).body == post(first, CHAT, body).body
    streamed = [post(each, CHAT, body | {"stream": True}).events for each in (first, second)]
    assert streamed[0] == streamed[1]


def test_another_seed_or_key_gives_another_answer() -> None:
    body = ask("Tell me a long story about a lighthouse.")
    mock = new_mock(seed=5)
    texts = {
        post(world, CHAT, sent, key=key).json["choices"][0]["message"]["content"]
        for world, sent, key in (
            (mock, body, "rc_live_a"),
            (mock, body, "rc_live_b"),
            (mock, body | {"seed": 1}, "rc_live_a"),
            (new_mock(seed=6), body, "rc_live_a"),
        )
    }
    assert len(texts) > 1


def test_a_guard_model_judges() -> None:
    body = ask("How do I bake bread?") | {"model": "meta-llama/Llama-Guard-4-12B"}
    assert post(new_mock(), CHAT, body).json["choices"][0]["message"]["content"] == "safe"


def test_the_example_scenarios_of_the_fixtures_can_be_used() -> None:
    mock = new_mock(scenarios=Path("fixtures/scenarios/example.yaml").resolve())
    body = ask("What is the weather?")
    said = post(mock, CHAT, body).json["choices"][0]["message"]["content"]
    assert said.startswith("Sunny")
    assert post(mock, CHAT, body, key="rc_live_poor").json["choices"][0]["message"] == {
        "role": "assistant",
        "content": said,
        "refusal": None,
    }
    assert post(mock, CHAT, ask("hello"), key="rc_live_poor").status == 402
