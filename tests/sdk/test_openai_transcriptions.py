"""Transcriptions by the official `openai` package, in every format that it asks for."""

import asyncio
from collections.abc import Iterator
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from tests.conftest import FreshKey
from tests.sound_factory import id3_tag, sound, wav

pytestmark = [
    # openai 3.52 leaves the closing of its default HTTP client to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
MODEL = "openai/whisper-large-v3"
WORDS = "The tide turns at noon. The boats are back!"
BARE = sound("mp3", "libmp3lame", options=(("write_xing", "0"), ("id3v2_version", "0")))
SAID = ("speech.mp3", id3_tag({"COMM": WORDS, "TSSE": "understudy"}) + BARE)


@pytest.fixture
def sdk(served: str, key: FreshKey) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{served}/v1", api_key=key("runcrate")) as client:
        yield client


def test_json(sdk: OpenAI) -> None:
    answer: Any = sdk.audio.transcriptions.create(model=MODEL, file=SAID)
    assert (answer.text, answer.language) == (WORDS, "en")
    assert answer.duration == pytest.approx(1.056)


def test_speech_comes_back_as_its_words(sdk: OpenAI) -> None:
    for form in ("mp3", "wav", "flac", "pcm", "opus", "aac"):
        spoken = sdk.audio.speech.create(
            model="openai/tts-1", voice="alloy", input=WORDS, response_format=form
        )
        answer = sdk.audio.transcriptions.create(model=MODEL, file=(f"a.{form}", spoken.content))
        assert answer.text == WORDS


def test_plain_text_and_subtitles(sdk: OpenAI) -> None:
    create = sdk.audio.transcriptions.create
    text: Any = create(model=MODEL, file=SAID, response_format="text")
    assert text == WORDS
    srt: Any = create(model=MODEL, file=SAID, response_format="srt")
    assert srt.startswith("1\n00:00:00,000 --> 00:00:00,")
    vtt: Any = create(model=MODEL, file=SAID, response_format="vtt")
    assert vtt.startswith("WEBVTT\n\n00:00:00.000 --> 00:00:00.")


def test_verbose_json(sdk: OpenAI) -> None:
    answer = sdk.audio.transcriptions.create(
        model=MODEL, file=SAID, response_format="verbose_json", language="fr", temperature=0.2
    )
    assert (answer.text, answer.language) == (WORDS, "french")
    assert answer.segments is not None
    assert [segment.text for segment in answer.segments] == [
        " The tide turns at noon.",
        " The boats are back!",
    ]
    assert answer.segments[0].temperature == 0.2
    assert answer.words is None
    assert answer.usage is not None
    assert answer.usage.seconds == 2


def test_words_with_times(sdk: OpenAI) -> None:
    answer = sdk.audio.transcriptions.create(
        model=MODEL, file=SAID, response_format="verbose_json", timestamp_granularities=["word"]
    )
    assert answer.words is not None
    assert [word.word for word in answer.words][-2:] == ["are", "back"]
    assert answer.words[-1].end == pytest.approx(answer.duration)
    assert answer.segments is None


def test_a_large_recording(sdk: OpenAI) -> None:
    answer: Any = sdk.audio.transcriptions.create(
        model=MODEL, file=("hour.wav", wav(bytes(24_000_000), rate=16_000))
    )
    assert answer.duration == 750.0
    assert len(answer.text.split()) > 1_800


def test_without_waiting(served: str, key: FreshKey) -> None:
    async def transcribe() -> list[str]:
        async with AsyncOpenAI(base_url=f"{served}/v1", api_key=key("runcrate")) as client:
            create = client.audio.transcriptions.create
            answers = await asyncio.gather(*[create(model=MODEL, file=SAID) for _ in range(4)])
            return [answer.text for answer in answers]

    assert asyncio.run(transcribe()) == [WORDS] * 4


def test_refusals_name_the_field(sdk: OpenAI) -> None:
    with pytest.raises(openai.BadRequestError) as refused:
        sdk.audio.transcriptions.create(model=MODEL, file=("a.mp3", b"no sound at all"))
    assert refused.value.param == "file"
    with pytest.raises(openai.BadRequestError) as refused:
        sdk.audio.transcriptions.create(model=MODEL, file=SAID, language="klingon")
    assert refused.value.param == "language"
