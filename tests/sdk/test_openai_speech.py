"""Speech by the official `openai` package: whole, to a file, and while it is made."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Literal

import av
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from contract_tests.sound_laws import FORMS, a_sound_is_whole
from tests.conftest import FreshKey

pytestmark = [
    # openai 3.52 leaves the closing of its default HTTP client to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
MODEL = "openai/tts-1"
TEXT = "The tide turns at noon, and the boats come home."
Form = Literal["mp3", "opus", "aac", "flac", "wav", "pcm"]


@pytest.fixture
def sdk(served: str, key: FreshKey) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{served}/v1", api_key=key("runcrate"), max_retries=0) as client:
        yield client


def test_mp3_goes_without_saying(sdk: OpenAI, tmp_path: Path) -> None:
    speech = sdk.audio.speech.create(model=MODEL, voice="alloy", input=TEXT)
    assert speech.response.headers["content-type"] == "audio/mpeg"
    speech.write_to_file(tmp_path / "speech.mp3")
    assert a_sound_is_whole((tmp_path / "speech.mp3").read_bytes(), "mp3") > 2


@pytest.mark.parametrize("form", ["mp3", "opus", "aac", "flac", "wav"])
def test_every_format_decodes(sdk: OpenAI, form: Form) -> None:
    speech = sdk.audio.speech.create(model=MODEL, voice="nova", input=TEXT, response_format=form)
    assert FORMS[speech.response.headers["content-type"]] == form
    with av.open(BytesIO(speech.content), "r") as file:
        frames = list(file.decode(audio=0))
    heard = sum(frame.samples for frame in frames) / frames[0].sample_rate
    assert heard == pytest.approx(a_sound_is_whole(speech.content, form), abs=0.1)


def test_bare_samples_come_while_they_are_sent(sdk: OpenAI) -> None:
    with sdk.audio.speech.with_streaming_response.create(
        model=MODEL, voice="alloy", input=TEXT, response_format="pcm"
    ) as speech:
        assert speech.headers["content-type"] == "audio/pcm"
        assert speech.headers["transfer-encoding"] == "chunked"
        pieces = list(speech.iter_bytes())
    assert len(pieces) > 1
    whole = sdk.audio.speech.create(
        model=MODEL, voice="alloy", input=TEXT, response_format="pcm"
    ).content
    assert b"".join(pieces) == whole


def test_a_stream_goes_to_a_file(sdk: OpenAI, tmp_path: Path) -> None:
    with sdk.audio.speech.with_streaming_response.create(
        model=MODEL, voice="alloy", input=TEXT, response_format="flac"
    ) as speech:
        speech.stream_to_file(tmp_path / "speech.flac")
    assert a_sound_is_whole((tmp_path / "speech.flac").read_bytes(), "flac") > 2


async def _heard(served: str, key: str) -> bytes:
    async with (
        AsyncOpenAI(base_url=f"{served}/v1", api_key=key, max_retries=0) as sdk,
        sdk.audio.speech.with_streaming_response.create(
            model=MODEL, voice="alloy", input=TEXT, instructions="Calmly.", speed=2
        ) as speech,
    ):
        return b"".join([piece async for piece in speech.iter_bytes()])


def test_the_asynchronous_client(served: str, key: FreshKey, sdk: OpenAI) -> None:
    import asyncio

    heard = asyncio.run(_heard(served, key("runcrate")))
    usual = sdk.audio.speech.create(model=MODEL, voice="alloy", input=TEXT).content
    assert a_sound_is_whole(heard, "mp3") * 2 == pytest.approx(
        a_sound_is_whole(usual, "mp3"), abs=0.15
    )


def test_refusals_name_the_field(sdk: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        sdk.audio.speech.create(model=MODEL, voice="alloy", input=" ")
    assert refused.value.param == "input"
    with pytest.raises(openai.BadRequestError) as refused:
        sdk.audio.speech.create(model=MODEL, voice="alloy", input=TEXT, speed=5)
    assert refused.value.param == "speed"
    with pytest.raises(openai.NotFoundError):
        sdk.audio.speech.create(model="openai/whisper-1", voice="alloy", input=TEXT)
