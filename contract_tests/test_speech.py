"""Speech: a whole file of the format asked for, as long as its text, refused by field."""

from typing import Any

import httpx2
import pytest

from contract_tests import laws, sound_laws
from contract_tests.conftest import FreshKey
from contract_tests.target import Target

PATH = "/v1/audio/speech"
MODEL = "hexgrad/Kokoro-82M"
TEXT = "The tide turns at noon, and the boats come home."
MEDIA_TYPES = {form: media_type for media_type, form in sound_laws.FORMS.items()}
Json = Any

# A change to a good request, and the field and words that its refusal has to have.
WRONG: dict[str, tuple[dict[str, Json], str, str]] = {
    "no text": ({"input": ...}, "input", "is required"),
    "no model": ({"model": ...}, "model", "is required"),
    "an empty text": ({"input": ""}, "input", "is blank"),
    "a blank text": ({"input": " \n"}, "input", "is blank"),
    "a long text": ({"input": "x" * 4_097}, "input", "is longer than 4096 characters"),
    "a list of texts": ({"input": [TEXT]}, "input", "is not of type string"),
    "a strange format": ({"response_format": "ogg"}, "response_format", "is not one of mp3, pcm"),
    "too slow": ({"speed": 0.2}, "speed", "is less than the minimum of 0.25"),
    "too fast": ({"speed": 4.5}, "speed", "is greater than the maximum of 4"),
    "a voice by id": ({"voice": {"id": "voice_1"}}, "voice", "is not of type string"),
}


@pytest.fixture
def headers(target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of the provider of speech."""
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    return {"Authorization": f"Bearer {key('runcrate')}"}


def _say(client: httpx2.Client, headers: dict[str, str], **more: Json) -> httpx2.Response:
    body = {"model": MODEL, "input": TEXT, **more}
    response = client.post(PATH, json=body, headers=headers)
    assert response.status_code == 200, response.text
    return response


def test_mp3_goes_without_saying(client: httpx2.Client, headers: dict[str, str]) -> None:
    response = _say(client, headers)
    assert response.headers["content-type"].partition(";")[0] == "audio/mpeg"
    seconds = sound_laws.a_sound_is_whole(response.content, "mp3")
    sound_laws.a_sound_takes_the_time_of_its_text(seconds, TEXT)


def test_bare_samples(client: httpx2.Client, headers: dict[str, str]) -> None:
    response = _say(client, headers, response_format="pcm")
    assert response.headers["content-type"].partition(";")[0] == "audio/pcm"
    sound_laws.a_sound_is_whole(response.content, "pcm")


@pytest.mark.mock_only
@pytest.mark.parametrize("form", MEDIA_TYPES)
def test_every_format_of_openai(form: str, client: httpx2.Client, headers: dict[str, str]) -> None:
    response = _say(client, headers, response_format=form)
    assert response.headers["content-type"] == MEDIA_TYPES[form]
    seconds = sound_laws.a_sound_is_whole(response.content, form)
    sound_laws.a_sound_takes_the_time_of_its_text(seconds, TEXT)
    if form != "pcm":
        sound_laws.the_text_is_inside(response.content, TEXT)


@pytest.mark.mock_only
@pytest.mark.parametrize("speed", [0.25, 0.5, 2, 4])
def test_the_speed_divides_the_length(
    speed: float, client: httpx2.Client, headers: dict[str, str]
) -> None:
    usual, other = (
        sound_laws.a_sound_is_whole(_say(client, headers, speed=each).content, "mp3")
        for each in (1, speed)
    )
    sound_laws.speed_divides_the_length(usual, other, speed)


@pytest.mark.mock_only
def test_the_same_request_sounds_the_same_to_everybody(
    client: httpx2.Client, headers: dict[str, str], key: FreshKey
) -> None:
    heard = _say(client, headers).content
    assert _say(client, {"Authorization": f"Bearer {key('runcrate')}"}).content == heard
    assert _say(client, headers, voice="am_adam").content != heard
    assert _say(client, headers, speed=1).content == heard


@pytest.mark.parametrize(("change", "param", "rule"), WRONG.values(), ids=WRONG)
def test_the_error_names_field_and_rule(
    change: dict[str, Json],
    param: str,
    rule: str,
    client: httpx2.Client,
    headers: dict[str, str],
    target: Target,
) -> None:
    if target.paid and change != {param: ...}:
        pytest.skip("what a live server would take might be read aloud, and paid for")
    body = {"model": MODEL, "input": TEXT, **change}
    sent = {name: value for name, value in body.items() if value is not ...}
    response = client.post(PATH, json=sent, headers=headers)
    assert response.status_code in ((400, 422) if target.paid else (400,))
    error = response.json()["error"]
    assert error["message"]
    if not target.paid:
        laws.a_refusal_names_field_and_rule(error, param, rule)


@pytest.mark.mock_only
def test_a_chat_model_does_not_speak(client: httpx2.Client, headers: dict[str, str]) -> None:
    body = {"model": "deepseek-ai/DeepSeek-V3", "input": TEXT}
    response = client.post(PATH, json=body, headers=headers)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "model_not_found"
