"""Speech: a whole file of the format asked for, as long as its text."""

from typing import Any

import httpx2
import pytest

from contract_tests import sound_laws
from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.notes import holding_to
from contract_tests.target import Target

PATH = "/v1/audio/speech"
MODEL = "hexgrad/Kokoro-82M"
TEXT = "The tide turns at noon, and the boats come home."
SHORT = "The tide turns."
Json = Any


@pytest.fixture
def headers(target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of the provider of speech."""
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    return {"Authorization": f"Bearer {key('runcrate')}"}


def _asked(client: httpx2.Client, headers: dict[str, str], **more: Json) -> httpx2.Response:
    body = {"model": MODEL, "input": TEXT, **more}
    return client.post(PATH, json=body, headers=headers)


def _said(client: httpx2.Client, headers: dict[str, str], **more: Json) -> bytes:
    response = _asked(client, headers, **more)
    expect_status(response, 200)
    return response.content


@pytest.mark.smoke
@pytest.mark.clauses(
    "speech-voice-goes-without-saying",
    "speech-is-mp3-by-default",
    "speech-is-a-whole-file",
    "speech-takes-its-time",
)
def test_a_text_is_read_aloud(client: httpx2.Client, headers: dict[str, str]) -> None:
    with holding_to("speech-voice-goes-without-saying"):
        assert _said(client, headers)


@pytest.mark.clauses("speech-is-a-whole-file", "speech-takes-its-time")
def test_bare_samples(client: httpx2.Client, headers: dict[str, str]) -> None:
    assert _said(client, headers, response_format="pcm")


@pytest.mark.mock_only
@pytest.mark.clauses("speech-is-a-whole-file", "speech-takes-its-time", "speech-types-of-openai")
@pytest.mark.parametrize("form", ["wav", "flac", "opus", "aac"])
def test_formats_of_openai(form: str, client: httpx2.Client, headers: dict[str, str]) -> None:
    assert _said(client, headers, input=SHORT, response_format=form)


@pytest.mark.mock_only
@pytest.mark.clauses("speech-has-its-text-inside")
@pytest.mark.parametrize("form", ["mp3", "wav", "flac", "opus", "aac"])
def test_the_text_is_inside(form: str, client: httpx2.Client, headers: dict[str, str]) -> None:
    sound_laws.the_text_is_inside(_said(client, headers, input=SHORT, response_format=form), SHORT)


@pytest.mark.mock_only
@pytest.mark.clauses("speech-speed-counts")
@pytest.mark.parametrize("speed", [0.25, 0.5, 2, 4])
def test_the_speed_divides_the_length(
    speed: float, client: httpx2.Client, headers: dict[str, str]
) -> None:
    usual, other = (
        sound_laws.a_sound_is_whole(_said(client, headers, speed=each), "mp3")
        for each in (1, speed)
    )
    sound_laws.speed_divides_the_length(usual, other, speed)


@pytest.mark.mock_only
@pytest.mark.clauses("speech-repeats")
def test_the_same_request_sounds_the_same_to_everybody(
    client: httpx2.Client, headers: dict[str, str], key: FreshKey
) -> None:
    other = {"Authorization": f"Bearer {key('runcrate')}"}
    heard = {_said(client, each, input=SHORT) for each in (headers, headers, other)}
    assert len(heard) == 1, "the same request sounds different"


@pytest.mark.mock_only
@pytest.mark.clauses("speech-voices-differ")
def test_another_voice_sounds_different(client: httpx2.Client, headers: dict[str, str]) -> None:
    voices = ("af_heart", "am_adam")
    heard = {_said(client, headers, input=SHORT, voice=each) for each in voices}
    assert len(heard) == 2, "two voices sound the same"


@pytest.mark.mock_only
@pytest.mark.clauses("speech-input-length")
def test_a_text_is_too_long_by_a_character(client: httpx2.Client, headers: dict[str, str]) -> None:
    text = ("tide " * 820)[:4096]
    expect_status(_asked(client, headers, input=text, speed=4), 200)
    response = _asked(client, headers, input=text + "s")
    expect_status(response, 400)
    assert response.json()["error"]["param"] == "input"


@pytest.mark.mock_only
@pytest.mark.clauses("speech-model-speaks")
def test_a_chat_model_does_not_speak(client: httpx2.Client, headers: dict[str, str]) -> None:
    response = _asked(client, headers, input=SHORT, model="deepseek-ai/DeepSeek-V3")
    expect_status(response, 404)
    assert response.json()["error"]["code"] == "model_not_found"
