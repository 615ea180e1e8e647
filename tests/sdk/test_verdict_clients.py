"""Well-behaved clients, unmodified, are judged clean; those with a bug are found by its rule.

Where a client sleeps, the time of its key is moved instead: so it waits as it always does, and
nobody who runs the tests has to.
"""

import asyncio
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import anthropic
import anyio
import httpx2
import openai
import pytest
from anthropic import Anthropic
from openai import AsyncOpenAI, OpenAI
from runcrate import Runcrate

from mock_server.verdict import Verdict
from mock_server.verdict.command import ask
from tests.conftest import FreshKey

pytestmark = [
    # openai 3.52 leaves the closing of its default HTTP client to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
MODEL = "deepseek-ai/DeepSeek-V3"
HELLO: Any = [{"role": "user", "content": "Explain tides in two sentences."}]
CHAT: Any = {"model": MODEL, "messages": HELLO}
FILM = {"model": "wan-ai/Wan2.1-T2V-14B", "prompt": "Waves"}


@pytest.fixture
def mine(served: str, key: FreshKey, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A key whose time passes when a client sleeps."""
    own = key("runcrate")

    def pass_by(seconds: float) -> None:
        httpx2.post(f"{served}/__mock__/clock", json={"advance": seconds, "key": own})

    async def pass_by_async(seconds: float) -> None:
        if seconds:
            pass_by(seconds)

    monkeypatch.setattr(time, "sleep", pass_by)
    monkeypatch.setattr(anyio, "sleep", pass_by_async)
    yield own


@pytest.fixture
def limit(served: str, mine: str) -> Callable[[int], None]:
    """Lets so many requests a minute through."""

    def limited(requests: int) -> None:
        httpx2.put(f"{served}/__mock__/keys/{mine}", json={"rate_limit": requests})

    return limited


@pytest.fixture
def verdict(served: str, mine: str) -> Callable[[], Verdict]:
    """What is found of the client with that key."""
    return lambda: ask(served, mine)


def wrong(verdict: Verdict) -> list[str]:
    return [each.rule for each in verdict.findings if each.severity == "wrong"]


Judge = Callable[[], Verdict]
Limit = Callable[[int], None]
Spoil = Callable[..., None]


def test_openai_is_clean(served: str, mine: str, limit: Limit, verdict: Judge) -> None:
    limit(3)
    with OpenAI(base_url=f"{served}/v1", api_key=mine, max_retries=3) as sdk:
        for number in range(4):  # the last meets the limit, and waits for the next window
            sdk.chat.completions.create(**CHAT, seed=number)
        list(sdk.chat.completions.create(**CHAT, stream=True))
        sdk.models.list()
    told = verdict()
    assert told.findings == () and told.exchanges == 7
    met = told.coverage["operations"]["createChatCompletion"]
    assert met["statuses"]["met"] == {"200": 5, "429": 1}
    assert met["streams"] == {"streamed": 1, "whole": 4}


def test_identical_calls_of_openai_at_once_are_clean(
    served: str, mine: str, limit: Limit, verdict: Judge
) -> None:
    limit(3)

    async def talk() -> None:
        async with AsyncOpenAI(base_url=f"{served}/v1", api_key=mine, max_retries=9) as sdk:
            await asyncio.gather(*[sdk.chat.completions.create(**CHAT) for _ in range(8)])

    asyncio.run(talk())
    told = verdict()
    assert told.findings == ()
    assert told.coverage["operations"]["createChatCompletion"]["statuses"]["met"]["200"] == 8


def test_identical_calls_of_openai_in_a_row_are_clean(
    served: str, mine: str, limit: Limit, verdict: Judge
) -> None:
    limit(2)
    with OpenAI(base_url=f"{served}/v1", api_key=mine) as sdk:
        for _ in range(7):
            sdk.chat.completions.create(**CHAT)
    assert verdict().findings == ()


@pytest.mark.parametrize("status", [429, 500, 503])
def test_openai_that_uses_up_its_tries_is_clean(
    served: str, mine: str, verdict: Judge, status: int
) -> None:
    header = {"Prefer": f"code={status}"}
    with OpenAI(base_url=f"{served}/v1", api_key=mine) as sdk:
        for _ in range(2):
            with pytest.raises(openai.APIStatusError):
                sdk.chat.completions.create(**CHAT, extra_headers=header)
    assert verdict().findings == ()


@pytest.fixture
def spoil(served: str, mine: str) -> Callable[..., None]:
    """Switches a fault on."""

    def spoilt(name: str, **how: Any) -> None:
        wish = {"faults": [{"fault": name, **how}], "key": mine}
        httpx2.put(f"{served}/__mock__/faults", json=wish).raise_for_status()

    return spoilt


@pytest.mark.parametrize("fault", ["disconnect-before-headers", "connection-reset", "status-503"])
def test_openai_that_tries_until_it_is_answered_is_clean(
    served: str, mine: str, spoil: Spoil, verdict: Judge, fault: str
) -> None:
    spoil(fault, times=3)
    with OpenAI(base_url=f"{served}/v1", api_key=mine, max_retries=3) as sdk:
        sdk.chat.completions.create(**CHAT)
    told = verdict()
    assert told.spotless and told.exchanges == 4


def test_a_refusal_that_openai_is_shown_twice_is_clean(
    served: str, mine: str, verdict: Judge
) -> None:
    with OpenAI(base_url=f"{served}/v1", api_key=mine) as sdk:
        for _ in range(2):
            with pytest.raises(openai.BadRequestError):
                sdk.chat.completions.create(model=MODEL, messages=[])
    assert verdict().clean


@pytest.mark.parametrize("status", [400, 401, 402, 404])
def test_openai_that_is_refused_is_clean(
    served: str, mine: str, verdict: Judge, status: int
) -> None:
    header = {"Prefer": f"code={status}"}
    with OpenAI(base_url=f"{served}/v1", api_key=mine) as sdk:
        with pytest.raises(openai.APIStatusError):
            sdk.chat.completions.create(**CHAT, extra_headers=header)
        sdk.chat.completions.create(**CHAT)
    assert verdict().findings == ()


def test_anthropic_is_clean(served: str, key: FreshKey, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = key("ruapi")

    def pass_by(seconds: float) -> None:
        httpx2.post(f"{served}/__mock__/clock", json={"advance": seconds, "key": mine})

    monkeypatch.setattr(time, "sleep", pass_by)
    httpx2.put(f"{served}/__mock__/keys/{mine}", json={"rate_limit": 1})
    with Anthropic(base_url=served, api_key=mine) as sdk:
        for _ in range(2):
            sdk.messages.create(model="claude-opus-4-8", max_tokens=20, messages=HELLO)
        with sdk.messages.stream(model="claude-opus-4-8", max_tokens=20, messages=HELLO) as stream:
            stream.until_done()
        with pytest.raises(anthropic.BadRequestError):
            sdk.messages.create(model="claude-opus-4-8", max_tokens=-1, messages=HELLO)
    assert ask(served, mine).findings == ()


def test_runcrate_is_clean(served: str, mine: str, verdict: Judge, tmp_path: Path) -> None:
    with Runcrate(api_key=mine, inference_url=served, base_url=served) as sdk:
        sdk.models.chat_completion(model=MODEL, messages=HELLO)
        list(sdk.models.chat_completion(model=MODEL, messages=HELLO, stream=True))
        sdk.models.generate_video_and_save(str(tmp_path / "film.mp4"), **FILM, poll_interval=2)
    told = verdict()
    assert told.findings == ()
    assert told.coverage["operations"]["downloadVideo"]["statuses"]["met"] == {"200": 1}


def test_a_client_of_httpx_that_obeys_is_clean(
    served: str, mine: str, limit: Limit, verdict: Judge
) -> None:
    limit(1)
    with httpx2.Client(base_url=served, headers={"Authorization": f"Bearer {mine}"}) as http:
        for number in range(3):
            while True:
                told = http.post("/v1/chat/completions", json={**CHAT, "seed": number})
                if told.status_code != 429:
                    break
                time.sleep(int(told.headers["retry-after"]))
    assert verdict().findings == ()


def test_a_loop_around_openai_that_does_not_wait_is_found(
    served: str, mine: str, limit: Limit, verdict: Judge
) -> None:
    limit(1)
    with OpenAI(base_url=f"{served}/v1", api_key=mine, max_retries=0) as sdk:
        sdk.models.list()
        for _ in range(3):
            with pytest.raises(openai.RateLimitError):
                sdk.chat.completions.create(**CHAT)
            time.sleep(0.5)
    told = verdict()
    assert wrong(told) == ["retried-too-early"]
    assert "after a 429 that said Retry-After: " in told.findings[0].says


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("rate-limited", "retried-too-early"),
        ("status-500", "retry-storm"),
        ("disconnect-before-headers", "retry-storm"),
    ],
)
def test_a_loop_around_openai_that_waits_is_risky(
    served: str, mine: str, spoil: Spoil, verdict: Judge, fault: str, rule: str
) -> None:
    spoil(fault, **({"retry_after": 30} if fault == "rate-limited" else {}))
    with OpenAI(base_url=f"{served}/v1", api_key=mine, max_retries=1) as sdk:
        for _ in range(8):
            with pytest.raises(openai.APIError):
                sdk.chat.completions.create(**CHAT)
    told = verdict()
    assert told.clean and rule in told.rules


@pytest.mark.parametrize("fault", ["disconnect-before-headers", "disconnect-mid-stream"])
def test_a_loop_of_httpx_over_lost_connections_is_found(
    served: str, mine: str, spoil: Spoil, verdict: Judge, fault: str
) -> None:
    spoil(fault, times=11)
    with httpx2.Client(base_url=served, headers={"Authorization": f"Bearer {mine}"}) as http:
        for _ in range(11):
            with pytest.raises(httpx2.TransportError):
                http.post("/v1/chat/completions", json=CHAT)
        assert http.post("/v1/chat/completions", json=CHAT).status_code == 200
    assert "retry-storm" in wrong(verdict())


def test_an_error_in_a_stream_that_is_taken_for_its_end_is_found(
    served: str, mine: str, spoil: Spoil, verdict: Judge
) -> None:
    spoil("error-after-200", times=1)
    said = ""
    with OpenAI(base_url=f"{served}/v1", api_key=mine) as sdk:
        with pytest.raises(openai.APIError):
            for piece in sdk.chat.completions.create(**CHAT, stream=True):
                said += piece.choices[0].delta.content or ""
        turns = [{"role": "assistant", "content": said}, {"role": "user", "content": "And then?"}]
        sdk.chat.completions.create(model=MODEL, messages=HELLO + turns)
    assert wrong(verdict()) == ["ignored-truncation"]


def test_a_loop_of_httpx_that_asks_in_vain_is_found(served: str, mine: str, verdict: Judge) -> None:
    headers = {"Authorization": f"Bearer {mine}"}
    with httpx2.Client(base_url=served, headers=headers) as http:
        for _ in range(3):
            assert http.post("/v1/chat/completions", json={"model": MODEL}).status_code == 400
    assert wrong(verdict()) == ["retried-what-must-not-be"]


def test_an_impatient_client_of_videos_is_found(served: str, mine: str, verdict: Judge) -> None:
    with httpx2.Client(base_url=served, headers={"Authorization": f"Bearer {mine}"}) as http:
        job = http.post("/v1/videos", json=FILM).json()["id"]
        assert http.get(f"/v1/videos/{job}/download").status_code == 404
    assert wrong(verdict()) == ["downloaded-before-completion"]


def test_single_requests_of_a_shell_are_not_blamed(
    served: str, mine: str, limit: Limit, verdict: Judge
) -> None:
    limit(2)
    for _ in range(5):
        httpx2.post(
            f"{served}/v1/chat/completions", json=CHAT, headers={"Authorization": f"Bearer {mine}"}
        )
    assert verdict().clean and "retried-too-early" not in repr(verdict())
