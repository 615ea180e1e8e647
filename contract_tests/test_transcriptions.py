"""Transcriptions: words of a recording in each format, with their times, refused by field."""

from typing import Any

import httpx2
import pytest

from contract_tests import laws, transcript_laws
from contract_tests.conftest import FreshKey
from contract_tests.recordings import wav

PATH = "/v1/audio/transcriptions"
MODEL = "openai/whisper-large-v3"
SECONDS = 4.0
RECORDING = wav(SECONDS)
Json = Any

# A change to a good form, and the field and words that its refusal has to have.
WRONG: dict[str, tuple[dict[str, Json], str, str]] = {
    "no model": ({"model": ...}, "model", "is required"),
    "no file": ({"file": ...}, "file", "is required"),
    "an empty file": ({"file": b""}, "file", "is empty"),
    "a text": ({"file": b"What is said here?"}, "file", "is text"),
    "noise": ({"file": bytes(range(256)) * 9}, "file", "is no sound file"),
    "no samples": ({"file": wav(0)}, "file", "holds no samples"),
    "another format": ({"response_format": "docx"}, "response_format", "is not one of json"),
    "no code of a language": ({"language": "english"}, "language", "is not one of"),
    "too warm": ({"temperature": "1.5"}, "temperature", "greater than the maximum of 1"),
}


def _transcribed(
    client: httpx2.Client, key: FreshKey, file: Json = RECORDING, **more: Json
) -> httpx2.Response:
    form = {"model": MODEL, "file": file, **more}
    data = {name: value for name, value in form.items() if value is not ... and name != "file"}
    files = {} if form["file"] is ... else {"file": ("speech.wav", form["file"], "audio/wav")}
    if not files:  # without any file it would be no multipart form
        files = {"other": ("other", b"x", "text/plain")}
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    return client.post(PATH, data=data, files=files, headers=headers)


def test_json_has_the_words_and_the_length(client: httpx2.Client, key: FreshKey) -> None:
    answer = _transcribed(client, key).json()
    assert isinstance(answer["text"], str)
    transcript_laws.a_recording_has_the_length_that_it_has(answer, SECONDS)


def test_a_hint_of_the_language_is_taken(client: httpx2.Client, key: FreshKey) -> None:
    answer = _transcribed(client, key, language="de").json()
    assert answer.get("language", "de") == "de"


def test_every_format_says_the_same_words(client: httpx2.Client, key: FreshKey) -> None:
    text = _transcribed(client, key, response_format="text").text
    srt = transcript_laws.subrip_is_well_formed(
        _transcribed(client, key, response_format="srt").text
    )
    vtt = transcript_laws.webvtt_is_well_formed(
        _transcribed(client, key, response_format="vtt").text
    )
    for cues in (srt, vtt):
        transcript_laws.cues_follow_each_other(cues)
        transcript_laws.cues_join_to_the_text(cues, text)


def test_segments_and_words_have_times(client: httpx2.Client, key: FreshKey) -> None:
    wanted = {"response_format": "verbose_json", "timestamp_granularities": ["word", "segment"]}
    answer = _transcribed(client, key, **wanted).json()
    transcript_laws.a_recording_has_the_length_that_it_has(answer, SECONDS)
    transcript_laws.spans_follow_each_other(answer["segments"], SECONDS)
    transcript_laws.spans_follow_each_other(answer["words"], SECONDS)
    transcript_laws.segments_join_to_the_text(answer)
    transcript_laws.words_come_in_the_order_of_the_text(answer)


@pytest.mark.mock_only
def test_the_same_recording_says_the_same_and_another_something_else(
    client: httpx2.Client, key: FreshKey
) -> None:
    first = _transcribed(client, key, wav(9.0)).json()["text"]
    assert _transcribed(client, key, wav(9.0)).json()["text"] == first
    assert _transcribed(client, key, wav(9.0, 300.0)).json()["text"] != first


@pytest.mark.mock_only
@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_named(client: httpx2.Client, key: FreshKey, name: str) -> None:
    change, param, rule = WRONG[name]
    reply = _transcribed(client, key, **change)
    assert reply.status_code == 400
    laws.a_refusal_names_field_and_rule(reply.json()["error"], param, rule)


@pytest.mark.mock_only
def test_a_recording_is_no_body_by_itself(client: httpx2.Client, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}", "Content-Type": "audio/wav"}
    assert client.post(PATH, content=RECORDING, headers=headers).status_code == 415


@pytest.mark.mock_only
def test_a_model_of_another_kind_is_not_found(client: httpx2.Client, key: FreshKey) -> None:
    reply = _transcribed(client, key, model="hexgrad/Kokoro-82M")
    assert reply.status_code == 404
    assert reply.json()["error"]["param"] == "model"
