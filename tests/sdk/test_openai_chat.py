"""Tools, structured output, pictures and likelihoods through the unmodified `openai` package."""

import asyncio
import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from openai.types.chat import ChatCompletionMessageFunctionToolCall
from pydantic import BaseModel

from tests.conftest import FreshKey

pytestmark = [
    # openai 3.52 leaves the closing of its default HTTP client to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
MODELS = {"runcrate": "deepseek-ai/DeepSeek-V3", "ruapi": "claude-opus-4-8"}
SEEING = {"runcrate": "Qwen/Qwen3-VL-235B-A22B-Instruct", "ruapi": "claude-opus-4-8"}
PNG = Path(__file__).parents[2] / "fixtures" / "media" / "picture.png"


class Weather(BaseModel):
    """Current weather of a city."""

    city: str
    unit: Literal["celsius", "fahrenheit"] | None = None


class Person(BaseModel):
    name: str
    age: int


class Team(BaseModel):
    city: str
    members: list[Person]
    parent: "Team | None"


@pytest.fixture(params=["runcrate", "ruapi"])
def provider(request: pytest.FixtureRequest) -> str:
    """A provider that speaks OpenAI's protocol."""
    return str(request.param)


@pytest.fixture
def sdk(served: str, provider: str, key: FreshKey) -> Iterator[OpenAI]:
    """The client of a person who changed nothing but the base URL and the key."""
    with OpenAI(base_url=f"{served}/v1", api_key=key(provider)) as client:
        yield client


def asked(content: Any) -> Any:
    return [{"role": "user", "content": content}]


def test_a_loop_of_tools_runs_to_its_end(sdk: OpenAI, provider: str) -> None:
    messages, tools = asked("How warm is it in Lisbon?"), [openai.pydantic_function_tool(Weather)]
    first = sdk.chat.completions.create(model=MODELS[provider], messages=messages, tools=tools)
    message = first.choices[0].message
    assert first.choices[0].finish_reason == "tool_calls"
    assert message.content == ("" if provider == "runcrate" else None)
    messages.append(message)
    for call in message.tool_calls or ():
        assert isinstance(call, ChatCompletionMessageFunctionToolCall)
        assert Weather.model_validate_json(call.function.arguments).city == "Lisbon"
        messages.append({"role": "tool", "tool_call_id": call.id, "content": '{"celsius": 19}'})
    last = sdk.chat.completions.create(model=MODELS[provider], messages=messages, tools=tools)
    assert last.choices[0].finish_reason == "stop"
    assert last.choices[0].message.content
    messages[1] = message.model_dump()  # as many people keep their histories
    sdk.chat.completions.create(model=MODELS[provider], messages=messages, tools=tools)


def test_streamed_calls_are_put_together_by_the_helper(sdk: OpenAI, provider: str) -> None:
    tools = [openai.pydantic_function_tool(Weather)]
    messages = asked("How warm is it in Lisbon?")
    with sdk.chat.completions.stream(
        model=MODELS[provider], messages=messages, tools=tools
    ) as stream:
        kinds = [event.type for event in stream]
        final = stream.get_final_completion()
    whole = sdk.chat.completions.create(model=MODELS[provider], messages=messages, tools=tools)
    assert "tool_calls.function.arguments.delta" in kinds
    assert kinds.count("tool_calls.function.arguments.done") == 1
    [call] = final.choices[0].message.tool_calls or []
    assert isinstance(call.function.parsed_arguments, Weather)
    [same] = whole.choices[0].message.tool_calls or []
    assert isinstance(same, ChatCompletionMessageFunctionToolCall)
    assert (call.id, call.function.arguments) == (same.id, same.function.arguments)


def test_an_answer_is_parsed_into_a_model(sdk: OpenAI, provider: str) -> None:
    answer = sdk.chat.completions.parse(
        model=MODELS[provider], messages=asked("A team in Oslo."), response_format=Team
    )
    parsed = answer.choices[0].message.parsed
    assert parsed is not None
    assert parsed.city == "Oslo"
    with sdk.chat.completions.stream(
        model=MODELS[provider], messages=asked("A team in Oslo."), response_format=Team
    ) as stream:
        assert stream.get_final_completion().choices[0].message.parsed == parsed


def test_an_answer_that_is_cut_cannot_be_parsed(sdk: OpenAI, provider: str) -> None:
    with pytest.raises(openai.LengthFinishReasonError):
        sdk.chat.completions.parse(
            model=MODELS[provider],
            messages=asked("A team in Oslo."),
            response_format=Team,
            max_tokens=4,
        )


def test_an_answer_is_any_object(sdk: OpenAI, provider: str) -> None:
    answer = sdk.chat.completions.create(
        model=MODELS[provider],
        messages=asked("Name a river, as JSON."),
        response_format={"type": "json_object"},
    )
    assert isinstance(json.loads(answer.choices[0].message.content or ""), dict)


def test_likelihoods_join_to_the_answer(sdk: OpenAI, provider: str) -> None:
    answer = sdk.chat.completions.create(
        model=MODELS[provider], messages=asked("Say hello."), logprobs=True, top_logprobs=3
    )
    told = answer.choices[0].logprobs
    assert told is not None
    assert told.content is not None
    assert "".join(each.token for each in told.content) == answer.choices[0].message.content
    assert all(len(each.top_logprobs) == 3 and each.logprob <= 0 for each in told.content)
    with sdk.chat.completions.stream(
        model=MODELS[provider], messages=asked("Say hello."), logprobs=True, top_logprobs=3
    ) as stream:
        final = stream.get_final_completion().choices[0].logprobs
    assert final is not None
    assert final.content == told.content


def test_a_picture_is_spoken_of(sdk: OpenAI, provider: str) -> None:
    data = base64.b64encode(PNG.read_bytes()).decode()
    parts = [
        {"type": "text", "text": "What format is this picture, and how large is it?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}},
    ]
    answer = sdk.chat.completions.create(model=SEEING[provider], messages=asked(parts))
    assert "PNG" in (answer.choices[0].message.content or "")
    parts[1] = {"type": "image_url", "image_url": {"url": f"data:image/jpeg;base64,{data}"}}
    with pytest.raises(openai.BadRequestError) as caught:
        sdk.chat.completions.create(model=SEEING[provider], messages=asked(parts))
    assert caught.value.param == "messages[0].content[1].image_url.url"


def test_a_bad_tool_is_named(sdk: OpenAI, provider: str) -> None:
    bad: Any = [{"type": "function", "function": {"name": "f", "parameters": {"type": "array"}}}]
    with pytest.raises(openai.BadRequestError) as caught:
        sdk.chat.completions.create(model=MODELS[provider], messages=asked("Hi"), tools=bad)
    assert caught.value.param == "tools[0].function.parameters.type"


def test_async_loops_of_tools_fifty_at_once(served: str, key: FreshKey) -> None:
    cities = [f"Port{chr(97 + number // 26)}{chr(97 + number % 26)}ville" for number in range(50)]

    async def run() -> list[str]:
        async with AsyncOpenAI(base_url=f"{served}/v1", api_key=key("ruapi")) as sdk:

            async def loop(city: str) -> str:
                stream = sdk.chat.completions.stream(
                    model="gpt-5",
                    messages=asked(f"What is the weather in {city}?"),
                    tools=[openai.pydantic_function_tool(Weather)],
                )
                async with stream as events:
                    final = await events.get_final_completion()
                [call] = final.choices[0].message.tool_calls or []
                assert isinstance(call.function.parsed_arguments, Weather)
                return call.function.parsed_arguments.city

            return await asyncio.gather(*map(loop, cities))

    assert asyncio.run(run()) == cities
