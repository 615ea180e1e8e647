"""Streamed chat: framing, order, identity, counting; and the same words as the whole answer."""

import httpx2
import pytest

from contract_tests import laws
from contract_tests.conftest import FreshKey
from contract_tests.stream import read_events
from contract_tests.target import Target

PATH = "/v1/chat/completions"
MODELS = {"runcrate": "deepseek-ai/DeepSeek-V3", "ruapi": "claude-opus-4-8"}


@pytest.fixture(params=["runcrate", "ruapi"])
def provider(request: pytest.FixtureRequest, target: Target) -> str:
    """A provider that streams chat."""
    if request.param not in target.keys:
        pytest.skip(f"{request.param} is not asked for")
    return str(request.param)


def _chat(provider: str, **more: object) -> dict[str, object]:
    question = {"role": "user", "content": "Name three rivers, one a line."}
    return {"model": MODELS[provider], "messages": [question], "max_tokens": 64, **more}


@pytest.mark.parametrize("asked", [False, True], ids=["without usage", "with usage"])
@pytest.mark.clauses("chat-stream-ends-with-done")
def test_a_stream_keeps_every_law(
    provider: str, asked: bool, client: httpx2.Client, key: FreshKey
) -> None:
    options = {"stream_options": {"include_usage": True}} if asked else {}
    body = _chat(provider, stream=True, **options)
    response = client.post(PATH, json=body, headers={"Authorization": f"Bearer {key(provider)}"})
    assert response.status_code == 200
    assert response.headers["content-type"].partition(";")[0] == "text/event-stream"
    events = read_events(response.content)
    laws.stream_ends_with_done_once(events)
    chunks = laws.chunks_of(events)
    laws.chunks_keep_their_identity(chunks)
    laws.choices_open_with_the_role_and_finish_once(chunks)
    laws.usage_comes_once_and_only_when_asked(chunks, asked=asked)
    if asked:
        laws.usage_adds_up(chunks[-1]["usage"])


@pytest.mark.parametrize("accept", ["application/json", "text/event-stream", "*/*"])
def test_the_accept_header_does_not_choose_the_stream(
    provider: str, accept: str, client: httpx2.Client, key: FreshKey
) -> None:
    headers = {"Authorization": f"Bearer {key(provider)}", "Accept": accept}
    whole = client.post(PATH, json=_chat(provider), headers=headers)
    streamed = client.post(PATH, json=_chat(provider, stream=True), headers=headers)
    assert whole.headers["content-type"] == "application/json"
    assert streamed.headers["content-type"].startswith("text/event-stream")


@pytest.mark.mock_only
def test_streamed_and_whole_answers_are_the_same(
    provider: str, client: httpx2.Client, key: FreshKey
) -> None:
    headers = {"Authorization": f"Bearer {key(provider)}"}
    whole = client.post(PATH, json=_chat(provider), headers=headers).json()
    body = _chat(provider, stream=True, stream_options={"include_usage": True})
    chunks = laws.chunks_of(read_events(client.post(PATH, json=body, headers=headers).content))
    text = "".join(
        choice["delta"].get("content") or "" for chunk in chunks for choice in chunk["choices"]
    )
    assert text == whole["choices"][0]["message"]["content"]
    assert chunks[-1]["usage"] == whole["usage"]


@pytest.mark.mock_only
def test_reasoning_models_think_before_they_answer(client: httpx2.Client, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    body = _chat("runcrate") | {"model": "deepseek-ai/DeepSeek-R1", "max_tokens": 500}
    whole = client.post(PATH, json=body, headers=headers).json()
    events = read_events(client.post(PATH, json=body | {"stream": True}, headers=headers).content)
    chunks = laws.chunks_of(events)
    laws.reasoning_comes_before_the_answer(chunks)
    thought = "".join(
        choice["delta"].get("reasoning_content") or ""
        for chunk in chunks
        for choice in chunk["choices"]
    )
    assert thought == whole["choices"][0]["message"]["reasoning_content"] != ""
    assert whole["usage"]["completion_tokens_details"]["reasoning_tokens"] > 0
