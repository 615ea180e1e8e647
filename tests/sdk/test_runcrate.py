"""Runcrate's own `runcrate-sdk`, unmodified, against a server started as users start it."""

from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO

import httpx2
import pytest
import runcrate
from PIL import Image
from runcrate import Runcrate

from contract_tests.sound_laws import a_sound_is_whole, speed_divides_the_length
from tests.conftest import FreshKey
from tests.sound_factory import wav

HELLO = [{"role": "user", "content": "Explain tides in two sentences."}]


@pytest.fixture
def sdk(served: str, key: FreshKey) -> Iterator[Runcrate]:
    with Runcrate(api_key=key("runcrate"), inference_url=served, base_url=served) as client:
        yield client


def test_a_whole_answer(sdk: Runcrate) -> None:
    answer = sdk.models.chat_completion(model="deepseek-ai/DeepSeek-V3", messages=HELLO)
    assert "tides" in answer.choices[0].message.content.lower()
    assert answer.usage.total_tokens > 0


def test_a_streamed_answer_is_the_same(sdk: Runcrate) -> None:
    whole = sdk.models.chat_completion(model="deepseek-ai/DeepSeek-V3", messages=HELLO)
    chunks = sdk.models.chat_completion(
        model="deepseek-ai/DeepSeek-V3", messages=HELLO, stream=True
    )
    text = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in chunks)
    assert text == whole.choices[0].message.content


def test_failures_raise_its_own_errors(sdk: Runcrate, served: str, key: FreshKey) -> None:
    with pytest.raises(runcrate.BadRequestError, match="temperature"):
        sdk.models.chat_completion(model="m", messages=HELLO, temperature=3)
    with (
        Runcrate(api_key="rc_live_invalid", inference_url=served, base_url=served) as stranger,
        pytest.raises(runcrate.AuthenticationError, match="Invalid API key"),
    ):
        stranger.models.chat_completion(model="m", messages=HELLO)


def test_a_429_is_raised_at_once(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    httpx2.put(f"{served}/__mock__/keys/{mine}", json={"rate_limit": 1})
    with Runcrate(api_key=mine, inference_url=served, base_url=served) as sdk:
        sdk.models.chat_completion(model="m", messages=HELLO)
        with pytest.raises(runcrate.RateLimitError):
            sdk.models.chat_completion(model="m", messages=HELLO)


def test_a_loop_of_tools_ends_though_the_ids_of_calls_are_dropped(sdk: Runcrate) -> None:
    tools = [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "description": "Current weather of a city.",
                "parameters": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}},
                    "required": ["city"],
                },
            },
        }
    ]
    messages = [{"role": "user", "content": "How warm is it in Lisbon?"}]
    first = sdk.models.chat_completion(model="m", messages=messages, tools=tools)
    assert first.choices[0].finish_reason == "tool_calls"
    assert first.choices[0].message.content == ""
    messages += [
        {"role": "assistant", "content": first.choices[0].message.content},
        {"role": "tool", "tool_call_id": "call_1", "content": '{"celsius": 19}'},
    ]
    last = sdk.models.chat_completion(model="m", messages=messages, tools=tools)
    assert last.choices[0].finish_reason == "stop"
    assert last.choices[0].message.content


def test_keys_in_camel_case_are_ignored(sdk: Runcrate) -> None:
    answer = sdk.models.chat_completion(model="m", messages=HELLO, maxTokens=1)
    assert answer.choices[0].finish_reason == "stop"


def test_pictures_by_address_and_inline(sdk: Runcrate) -> None:
    asked = {"model": "black-forest-labs/FLUX.1-schnell", "prompt": "A paper boat", "seed": 7}
    answer = sdk.models.generate_image(**asked, width=320, height=256)
    assert answer.created
    file = httpx2.get(answer.data[0].url)
    with Image.open(BytesIO(file.content)) as image:
        assert (image.format, image.size) == ("PNG", (320, 256))
    inline = sdk.models.generate_image(**asked, width=320, height=256, response_format="b64_json")
    assert b64decode(inline.data[0].b64_json) == file.content
    with pytest.raises(runcrate.BadRequestError, match="height"):
        sdk.models.generate_image(**asked, width=320)


def test_a_text_is_read_aloud(sdk: Runcrate) -> None:
    asked = {"model": "hexgrad/Kokoro-82M", "input": "The tide turns at noon."}
    sound = sdk.models.text_to_speech(**asked)
    usual = a_sound_is_whole(sound, "mp3")
    assert usual > 1
    assert sdk.models.text_to_speech(**asked, voice="af_heart") == sound
    pcm = sdk.models.text_to_speech(**asked, response_format="pcm", speed=2)
    speed_divides_the_length(usual, a_sound_is_whole(pcm, "pcm"), 2)
    with pytest.raises(runcrate.BadRequestError, match="speed"):
        sdk.models.text_to_speech(**asked, speed=0)


def test_a_recording_becomes_words(sdk: Runcrate) -> None:
    recording = wav(bytes(480_000))
    answer = sdk.models.transcribe(model="openai/whisper-large-v3", file=recording, language="de")
    assert answer.text
    assert (answer.duration, answer.language) == (10.0, "de")
    same = sdk.audio.transcriptions.create(model="openai/whisper-large-v3", file=recording)
    assert same.language == "en"
