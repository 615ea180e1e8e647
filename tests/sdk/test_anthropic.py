"""The official `anthropic` package, unmodified, against a server started as users start it."""

import asyncio
import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import anthropic
import httpx2
import pytest
from anthropic import Anthropic, AsyncAnthropic
from pydantic import BaseModel

from tests.conftest import FreshKey

MODEL = "claude-opus-4-8"
PNG = Path(__file__).parents[2] / "fixtures" / "media" / "picture.png"
HELLO: Any = [{"role": "user", "content": "Explain tides in two sentences."}]
ASKED: Any = [{"role": "user", "content": "How warm is it in Lisbon?"}]
WEATHER: Any = {
    "name": "get_weather",
    "description": "Current weather of a city.",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
}


class Team(BaseModel):
    """A group of people."""

    city: str
    members: list[str]


@pytest.fixture
def own_key(key: FreshKey) -> str:
    return key("ruapi")


@pytest.fixture
def sdk(served: str, own_key: str) -> Iterator[Anthropic]:
    """The client of a person who changed nothing but the base URL and the key."""
    with Anthropic(base_url=served, api_key=own_key, max_retries=0) as client:
        yield client


def words(message: Any) -> str:
    return "".join(block.text for block in message.content if block.type == "text")


def test_a_whole_message(sdk: Anthropic) -> None:
    message = sdk.messages.create(model=MODEL, max_tokens=300, messages=HELLO)
    assert (message.role, message.stop_reason) == ("assistant", "end_turn")
    assert "tides" in words(message).lower()
    assert message.usage.input_tokens > 0 < message.usage.output_tokens
    assert message._request_id and message._request_id.startswith("req_")


@pytest.mark.parametrize("header", ["x-api-key", "bearer"])
def test_either_header(served: str, own_key: str, header: str) -> None:
    if header == "bearer":
        client = Anthropic(base_url=served, auth_token=own_key)
    else:
        # What the package's generation 0 sends of itself.
        headers = {"X-Api-Key": own_key, "Authorization": anthropic.Omit()}
        client = Anthropic(base_url=served, api_key=own_key, default_headers=headers)  # type: ignore[arg-type]
    with client:
        made = client.messages.with_raw_response.create(
            model=MODEL, max_tokens=9, messages=HELLO, system="Be kind."
        )
    sent = made.http_response.request.headers
    assert ("x-api-key" in sent, "authorization" in sent) == (
        header != "bearer",
        header == "bearer",
    )
    assert words(made.parse())


def test_a_bare_stream(sdk: Anthropic) -> None:
    stream = sdk.messages.create(model=MODEL, max_tokens=300, messages=HELLO, stream=True)
    events = list(stream)
    assert [events[0].type, events[-1].type] == ["message_start", "message_stop"]
    assert {event.type for event in events} == {
        *("message_start", "content_block_start", "content_block_delta"),
        *("content_block_stop", "message_delta", "message_stop"),
    }


def test_the_streaming_helper_adds_up_to_the_whole(sdk: Anthropic) -> None:
    whole = sdk.messages.create(model=MODEL, max_tokens=300, messages=HELLO)
    with sdk.messages.stream(model=MODEL, max_tokens=300, messages=HELLO) as stream:
        text = "".join(stream.text_stream)
        final = stream.get_final_message()
    assert text == words(whole) == words(final)
    assert final.usage == whole.usage
    assert final.stop_reason == whole.stop_reason


def test_thoughts_through_the_helper(sdk: Anthropic) -> None:
    more: Any = {"thinking": {"type": "enabled", "budget_tokens": 1024}, "max_tokens": 2000}
    with sdk.messages.stream(model=MODEL, messages=HELLO, **more) as stream:
        kinds = {event.type for event in stream}
        final = stream.get_final_message()
    assert {"thinking", "signature", "text"} <= kinds
    whole = sdk.messages.create(model=MODEL, messages=HELLO, **more)
    assert [block.type for block in whole.content] == ["thinking", "text"]
    assert [block.to_dict() for block in final.content] == [
        block.to_dict() for block in whole.content
    ]
    assert final.usage == whole.usage


@pytest.mark.parametrize("streamed", [False, True])
def test_a_loop_of_tools_runs_to_its_end(sdk: Anthropic, streamed: bool) -> None:
    more: Any = {"model": MODEL, "max_tokens": 300, "tools": [WEATHER]}
    if streamed:
        with sdk.messages.stream(messages=ASKED, **more) as stream:
            fragments = [event.partial_json for event in stream if event.type == "input_json"]
            first: Any = stream.get_final_message()
        assert len(fragments) > 1
    else:
        first = sdk.messages.create(messages=ASKED, **more)
    assert first.stop_reason == "tool_use"
    [use] = first.content
    assert (use.name, use.input) == ("get_weather", {"city": "Lisbon"})
    result = {"type": "tool_result", "tool_use_id": use.id, "content": "19 degrees"}
    turns = [*ASKED, first.to_param(), {"role": "user", "content": [result]}]
    last = sdk.messages.create(messages=turns, **more)
    assert last.stop_reason == "end_turn"
    assert "19" in words(last)


def test_the_tool_runner_runs(sdk: Anthropic) -> None:
    asked = []

    @anthropic.beta_tool
    def get_weather(city: str) -> str:
        """Current weather of a city."""
        asked.append(city)
        return "19 degrees"

    runner = sdk.beta.messages.tool_runner(
        model=MODEL, max_tokens=300, tools=[get_weather], messages=ASKED
    )
    assert "19" in words(runner.until_done())
    assert asked == ["Lisbon"]


def test_an_answer_in_a_form(sdk: Anthropic) -> None:
    asked: Any = [{"role": "user", "content": "Name a team in Lisbon."}]
    made = sdk.messages.parse(model=MODEL, max_tokens=900, messages=asked, output_format=Team)
    assert made.parsed_output is not None
    assert made.parsed_output.city


@pytest.mark.parametrize("kind", ["base64", "url"])
def test_pictures(sdk: Anthropic, kind: str) -> None:
    data = base64.b64encode(PNG.read_bytes()).decode()
    inline = {"type": "base64", "media_type": "image/png", "data": data}
    source = inline if kind == "base64" else {"type": "url", "url": "https://a.b/red-barn.png"}
    shown: Any = [{"type": "text", "text": "What is this?"}, {"type": "image", "source": source}]
    message = sdk.messages.create(
        model=MODEL, max_tokens=300, messages=[{"role": "user", "content": shown}]
    )
    assert message.usage.input_tokens > 85
    assert words(message)


def test_a_stop_sequence(sdk: Anthropic) -> None:
    count: Any = [{"role": "user", "content": "Count from 1 to 9, separated by commas."}]
    message = sdk.messages.create(model=MODEL, max_tokens=300, messages=count, stop_sequences=["5"])
    assert (message.stop_reason, message.stop_sequence) == ("stop_sequence", "5")


@pytest.mark.parametrize(
    ("state", "error"),
    [
        ({"balance": 0}, anthropic.PaymentRequiredError),
        ({"spend_limit": 0}, anthropic.PaymentRequiredError),
        ({"models": []}, anthropic.PermissionDeniedError),
        ({"disabled": True}, anthropic.AuthenticationError),
        ({"catalogue": "closed"}, anthropic.NotFoundError),
    ],
)
def test_what_a_key_may_not_do(
    sdk: Anthropic, served: str, own_key: str, state: Any, error: type[anthropic.APIStatusError]
) -> None:
    httpx2.put(f"{served}/__mock__/keys/{own_key}", json=state)
    with pytest.raises(error) as caught:
        sdk.messages.create(model="claude-opus-0", max_tokens=9, messages=HELLO)
    assert caught.value.type
    assert caught.value.request_id and caught.value.request_id.startswith("req_")


@pytest.mark.parametrize(
    ("status", "error", "kind"),
    [
        (400, anthropic.BadRequestError, "invalid_request_error"),
        (401, anthropic.AuthenticationError, "authentication_error"),
        (402, anthropic.PaymentRequiredError, "billing_error"),
        (403, anthropic.PermissionDeniedError, "permission_error"),
        (404, anthropic.NotFoundError, "not_found_error"),
        (413, anthropic.ContentTooLargeError, "request_too_large"),
        (429, anthropic.RateLimitError, "rate_limit_error"),
        (500, anthropic.InternalServerError, "api_error"),
        (504, anthropic.GatewayTimeoutError, "timeout_error"),
        (529, anthropic.OverloadedError, "overloaded_error"),
    ],
)
def test_every_status_is_its_error(
    sdk: Anthropic, status: int, error: type[anthropic.APIStatusError], kind: str
) -> None:
    with pytest.raises(error) as caught:
        sdk.messages.create(
            model=MODEL,
            max_tokens=9,
            messages=HELLO,
            extra_headers={"Prefer": f"code={status}"},
        )
    assert (caught.value.status_code, caught.value.type) == (status, kind)


def test_a_wrong_request_names_its_field(sdk: Anthropic) -> None:
    robot: Any = [{"role": "robot", "content": "hi"}]
    with pytest.raises(anthropic.BadRequestError, match=r"messages\.0\.role: 'robot' is not one"):
        sdk.messages.create(
            model=MODEL,
            max_tokens=9,
            messages=robot,
        )


def test_one_request_too_many(sdk: Anthropic, served: str, own_key: str) -> None:
    httpx2.put(f"{served}/__mock__/keys/{own_key}", json={"rate_limit": 1})
    sdk.messages.create(model=MODEL, max_tokens=9, messages=HELLO)
    with pytest.raises(anthropic.RateLimitError) as caught:
        sdk.messages.create(model=MODEL, max_tokens=9, messages=HELLO)
    assert int(caught.value.response.headers["retry-after"]) >= 1


def test_an_error_in_the_middle_of_a_stream_is_raised(sdk: Anthropic) -> None:
    stream = sdk.messages.create(
        model=MODEL,
        max_tokens=9,
        messages=HELLO,
        stream=True,
        extra_headers={"Prefer": "example=brokenOff"},
    )
    with pytest.raises(anthropic.APIStatusError) as caught:
        list(stream)
    assert caught.value.type == "overloaded_error"


def test_a_doubled_v1_is_not_found(served: str, own_key: str) -> None:
    with (
        Anthropic(base_url=f"{served}/v1", api_key=own_key) as client,
        pytest.raises(anthropic.NotFoundError) as caught,
    ):
        client.messages.create(model=MODEL, max_tokens=9, messages=HELLO)
    assert caught.value.type == "not_found_error"
    assert caught.value.request_id


def test_ruapi_documents_no_counting_of_tokens(sdk: Anthropic) -> None:
    with pytest.raises(anthropic.NotFoundError):
        sdk.messages.count_tokens(model=MODEL, messages=HELLO)


def test_asynchronous_calls_whole_and_streamed(served: str, own_key: str) -> None:
    async def run() -> tuple[str, str]:
        async with AsyncAnthropic(base_url=served, api_key=own_key) as client:
            whole = await client.messages.create(model=MODEL, max_tokens=300, messages=HELLO)
            async with client.messages.stream(
                model=MODEL, max_tokens=300, messages=HELLO
            ) as stream:
                pieces = [piece async for piece in stream.text_stream]
            return words(whole), "".join(pieces)

    whole, streamed = asyncio.run(run())
    assert whole == streamed != ""
