"""The official `openai` package, unmodified, against a server started as users start it."""

import asyncio
from collections.abc import Iterator

import httpx
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from tests.conftest import FreshKey

pytestmark = [
    # openai 3.52 leaves the closing of its default HTTP client to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
MODELS = {"runcrate": "deepseek-ai/DeepSeek-V3", "ruapi": "claude-opus-4-8"}
HELLO: list[openai.types.chat.ChatCompletionMessageParam] = [
    {"role": "user", "content": "Explain tides in two sentences."}
]


@pytest.fixture(params=["runcrate", "ruapi"])
def provider(request: pytest.FixtureRequest) -> str:
    """A provider that speaks OpenAI's protocol."""
    return str(request.param)


@pytest.fixture
def sdk(served: str, provider: str, key: FreshKey) -> Iterator[OpenAI]:
    """The client of a person who changed nothing but the base URL and the key."""
    with OpenAI(base_url=f"{served}/v1", api_key=key(provider)) as client:
        yield client


def test_a_whole_answer(sdk: OpenAI, provider: str) -> None:
    answer = sdk.chat.completions.create(model=MODELS[provider], messages=HELLO)
    assert answer.object == "chat.completion"
    assert answer.choices[0].finish_reason == "stop"
    assert "tides" in (answer.choices[0].message.content or "").lower()
    assert answer.usage and answer.usage.total_tokens > 2
    assert answer._request_id and answer._request_id.startswith("req_")


def test_a_streamed_answer(sdk: OpenAI, provider: str) -> None:
    stream = sdk.chat.completions.create(
        model=MODELS[provider],
        messages=HELLO,
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    whole = sdk.chat.completions.create(model=MODELS[provider], messages=HELLO)
    text = "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)
    assert text == whole.choices[0].message.content
    assert chunks[-1].usage == whole.usage
    assert chunks[0].choices[0].delta.role == "assistant"


def test_the_streaming_helper(sdk: OpenAI, provider: str) -> None:
    with sdk.chat.completions.stream(model=MODELS[provider], messages=HELLO) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_completion()
    assert kinds[0] == "chunk"
    assert "content.done" in kinds
    assert final.choices[0].message.content


def test_reasoning_comes_apart_from_the_answer(served: str, key: FreshKey) -> None:
    with OpenAI(base_url=f"{served}/v1", api_key=key("runcrate")) as sdk:
        answer = sdk.chat.completions.create(model="deepseek-ai/DeepSeek-R1", messages=HELLO)
    message = answer.choices[0].message.model_dump()
    assert message["reasoning_content"]
    assert message["content"]


def test_async_answers_whole_and_streamed_fifty_at_once(served: str, key: FreshKey) -> None:
    async def run() -> list[str]:
        async with AsyncOpenAI(base_url=f"{served}/v1", api_key=key("runcrate")) as sdk:

            async def ask(number: int) -> str:
                content = f"Tell me about the number {number}."
                stream = await sdk.chat.completions.create(
                    model="m", messages=[{"role": "user", "content": content}], stream=True
                )
                return "".join([c.choices[0].delta.content or "" async for c in stream])

            texts = await asyncio.gather(*(ask(number) for number in range(50)))
            whole = await sdk.chat.completions.create(
                model="m", messages=[{"role": "user", "content": "Tell me about the number 7."}]
            )
            assert whole.choices[0].message.content == texts[7]
            return texts

    assert all(asyncio.run(run()))


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, openai.BadRequestError),
        (401, openai.AuthenticationError),
        (402, openai.APIStatusError),
        (403, openai.PermissionDeniedError),
        (404, openai.NotFoundError),
        (413, openai.APIStatusError),
        (415, openai.APIStatusError),
        (429, openai.RateLimitError),
        (500, openai.InternalServerError),
        (503, openai.InternalServerError),
    ],
)
def test_each_status_raises_its_own_class(
    status: int, error: type[openai.APIStatusError], sdk: OpenAI, provider: str
) -> None:
    with pytest.raises(error) as caught:
        sdk.with_options(max_retries=0).chat.completions.create(
            model=MODELS[provider],
            messages=HELLO,
            extra_headers={"Prefer": f"code={status}"},
        )
    assert caught.value.status_code == status
    assert caught.value.request_id
    assert caught.value.body


def test_a_bad_request_names_its_parameter(sdk: OpenAI, provider: str) -> None:
    with pytest.raises(openai.BadRequestError) as caught:
        sdk.chat.completions.create(model=MODELS[provider], messages=HELLO, temperature=3)
    assert caught.value.param == "temperature"
    assert caught.value.code == "invalid_value"
    assert caught.value.type == "invalid_request_error"


def test_a_bad_key_is_not_retried(served: str) -> None:
    with (
        OpenAI(base_url=f"{served}/v1", api_key="rc_live_invalid") as sdk,
        pytest.raises(openai.AuthenticationError) as caught,
    ):
        sdk.chat.completions.create(model="m", messages=HELLO)
    assert caught.value.code == "invalid_api_key"


def test_a_429_is_retried_when_retry_after_is_over(served: str, key: FreshKey) -> None:
    """The SDK itself waits for the second that is left of the window, and then gets its answer."""
    mine = key("runcrate")
    with httpx.Client(base_url=served) as control:
        control.put(f"/__mock__/keys/{mine}", json={"rate_limit": 1})
        with OpenAI(base_url=f"{served}/v1", api_key=mine, max_retries=1) as sdk:
            sdk.chat.completions.create(model="m", messages=HELLO)
            control.post("/__mock__/clock", json={"advance": 59, "key": mine})
            answer = sdk.chat.completions.create(model="m", messages=HELLO)
        statuses = [
            each["status"]
            for each in control.get("/__mock__/journal", params={"key": mine}).json()["exchanges"]
        ]
    assert answer.choices[0].message.content
    assert statuses == [200, 429, 200]
