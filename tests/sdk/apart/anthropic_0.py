"""What a user of the older `anthropic` package does, told as one line of JSON."""

import asyncio
import json
import sys
from typing import Any

import anthropic
from anthropic import Anthropic, AsyncAnthropic

Json = Any
HELLO: Json = [{"role": "user", "content": "Explain tides in two sentences."}]
ASKED: Json = [{"role": "user", "content": "How warm is it in Lisbon, in fahrenheit?"}]
WEATHER: Json = {
    "name": "get_weather",
    "description": "How warm it is in a city.",
    "input_schema": {
        "type": "object",
        "properties": {"city": {"type": "string"}, "unit": {"enum": ["celsius", "fahrenheit"]}},
        "required": ["city"],
    },
}


def main(origin: str, key: str, model: str) -> Json:
    """A message whole, streamed, without waiting, with a tool, by both headers, and refused."""
    sdk: Any = Anthropic(base_url=origin, api_key=key, max_retries=0)
    asked: Json = {"model": model, "max_tokens": 200, "messages": HELLO}
    whole = sdk.messages.create(**asked)
    with sdk.messages.stream(**asked) as stream:
        streamed = "".join(stream.text_stream)
        last = stream.get_final_message()
    bearer: Any = Anthropic(base_url=origin, auth_token=key, max_retries=0)
    called = bearer.messages.create(**{**asked, "messages": ASKED, "tools": [WEATHER]})
    return {
        "version": anthropic.__version__,
        "whole": whole.content[0].text,
        "usage": whole.usage.output_tokens,
        "streamed": streamed,
        "last": [last.content[0].text, last.stop_reason, last.usage.output_tokens],
        "unhurried": asyncio.run(_unhurried(origin, key, asked)),
        "called": [called.stop_reason, called.content[-1].input],
        "refused": _refused(sdk, {**asked, "max_tokens": 0, "temperature": 2}),
        "stranger": _refused(Anthropic(base_url=origin, api_key="sk-invalid"), asked),
    }


async def _unhurried(origin: str, key: str, asked: Json) -> str:
    client: Any = AsyncAnthropic(base_url=origin, api_key=key)
    async with client as sdk:
        return str((await sdk.messages.create(**asked)).content[0].text)


def _refused(sdk: Any, asked: Json) -> list[str]:
    try:
        sdk.messages.create(**asked)
    except anthropic.APIStatusError as error:
        body: Json = error.body
        return [type(error).__name__, body["error"]["type"]]
    return []


print(json.dumps(main(*sys.argv[1:])))
