"""Transcriptions: words of a recording in each format, with their times."""

from typing import Any

import httpx2
import pytest

from contract_tests import transcript_laws
from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.notes import holding_to
from contract_tests.recordings import KINDS, recording, wav
from contract_tests.target import Target

PATH = "/v1/audio/transcriptions"
MODEL = "openai/whisper-large-v3"
SECONDS = 4.0
RECORDING = wav(SECONDS)
Json = Any

# What is no recording.
USELESS = {
    "a text": b"What is said here?",
    "noise": bytes(range(256)) * 9,
    "no samples": wav(0),
}


@pytest.fixture
def headers(target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of the provider of transcriptions."""
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    return {"Authorization": f"Bearer {key('runcrate')}"}


def _asked(
    client: httpx2.Client, headers: dict[str, str], file: bytes = RECORDING, **more: Json
) -> httpx2.Response:
    files = {"file": ("speech", file, "application/octet-stream")}
    return client.post(PATH, data={"model": MODEL, **more}, files=files, headers=headers)


def _heard(
    client: httpx2.Client, headers: dict[str, str], file: bytes = RECORDING, **more: Json
) -> httpx2.Response:
    response = _asked(client, headers, file, **more)
    expect_status(response, 200)
    return response


@pytest.mark.smoke
@pytest.mark.clauses(
    "transcript-has-a-text",
    "transcript-length",
    "transcript-language",
    "transcript-is-of-the-format",
)
def test_json_has_the_words_and_the_length(client: httpx2.Client, headers: dict[str, str]) -> None:
    answer = _heard(client, headers).json()
    with holding_to("transcript-length"):
        transcript_laws.a_recording_has_the_length_that_it_has(answer, SECONDS)


@pytest.mark.mock_only
@pytest.mark.clauses("transcript-length-and-language-are-told")
def test_length_and_language_are_told(client: httpx2.Client, headers: dict[str, str]) -> None:
    answer = _heard(client, headers).json()
    assert {"duration", "language"} <= set(answer), f"{sorted(answer)} alone are told"


@pytest.mark.clauses("transcript-takes-every-kind")
@pytest.mark.parametrize("kind", KINDS)
def test_a_recording_of_any_kind_is_heard(
    kind: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    response = _asked(client, headers, recording(kind))
    expect_status(response, 200, of=kind)


@pytest.mark.clauses("transcript-follows-the-hint")
def test_a_hint_of_the_language_is_taken(client: httpx2.Client, headers: dict[str, str]) -> None:
    answer = _heard(client, headers, language="de").json()
    assert answer.get("language", "de") == "de", f"{answer['language']}, not de"


@pytest.mark.clauses(
    "transcript-is-of-the-format",
    "transcript-srt-is-well-formed",
    "transcript-times-are-in-order",
)
def test_subrip_is_well_formed(client: httpx2.Client, headers: dict[str, str]) -> None:
    assert _heard(client, headers, response_format="srt").text


@pytest.mark.clauses("transcript-vtt-is-well-formed", "transcript-times-are-in-order")
def test_webvtt_is_well_formed(client: httpx2.Client, headers: dict[str, str]) -> None:
    assert _heard(client, headers, response_format="vtt").text


@pytest.mark.clauses("transcript-formats-agree")
def test_every_format_says_the_same_words(client: httpx2.Client, headers: dict[str, str]) -> None:
    forms = ("text", "srt", "vtt")
    text, srt, vtt = (_heard(client, headers, response_format=form).text for form in forms)
    for cues in (
        transcript_laws.subrip_is_well_formed(srt),
        transcript_laws.webvtt_is_well_formed(vtt),
    ):
        transcript_laws.cues_join_to_the_text(cues, text)


@pytest.mark.mock_only
@pytest.mark.clauses("transcript-types")
@pytest.mark.parametrize("form", ["text", "srt", "vtt"])
def test_each_format_has_a_type_of_its_own(
    form: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    assert _heard(client, headers, response_format=form).text


@pytest.mark.mock_only
@pytest.mark.clauses("transcript-times-are-in-order", "transcript-parts-join")
def test_segments_and_words_have_times(client: httpx2.Client, headers: dict[str, str]) -> None:
    wanted = ["word", "segment"]
    response = _heard(
        client, headers, response_format="verbose_json", timestamp_granularities=wanted
    )
    answer = response.json()
    assert answer["segments"]
    assert answer["words"]


@pytest.mark.mock_only
@pytest.mark.clauses("transcript-repeats")
def test_the_same_recording_says_the_same_to_everybody(
    client: httpx2.Client, headers: dict[str, str], key: FreshKey
) -> None:
    other = {"Authorization": f"Bearer {key('runcrate')}"}
    texts = {_heard(client, each, wav(9.0)).json()["text"] for each in (headers, headers, other)}
    assert len(texts) == 1, "the same recording says something else"


@pytest.mark.mock_only
@pytest.mark.clauses("transcript-recordings-differ")
def test_another_recording_says_something_else(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    recordings = (wav(9.0), wav(9.0, 300.0))
    texts = {_heard(client, headers, each).json()["text"] for each in recordings}
    assert len(texts) == 2, "two recordings say the same"


@pytest.mark.mock_only
@pytest.mark.clauses("transcript-file-is-a-recording")
@pytest.mark.parametrize("name", USELESS)
def test_what_is_no_recording_is_refused(
    name: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    response = _asked(client, headers, USELESS[name])
    expect_status(response, 400, of=name)
    assert response.json()["error"]["param"] == "file"


@pytest.mark.mock_only
@pytest.mark.clauses("transcript-comes-in-a-form")
def test_a_recording_is_no_body_by_itself(client: httpx2.Client, headers: dict[str, str]) -> None:
    bare = {**headers, "Content-Type": "audio/wav"}
    response = client.post(PATH, content=RECORDING, headers=bare)
    expect_status(response, 415)


@pytest.mark.mock_only
@pytest.mark.clauses("transcript-model-hears")
def test_a_model_of_another_kind_is_not_found(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    response = _asked(client, headers, model="hexgrad/Kokoro-82M")
    expect_status(response, 404)
    assert response.json()["error"]["param"] == "model"
