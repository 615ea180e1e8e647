"""Speech as clients know it: in the format, voice and pace asked for, with its text inside."""

import sys
from array import array
from pathlib import Path
from typing import Any

import pytest

from mock_server.answer import answer
from mock_server.media.watermark import find
from mock_server.mock import Mock
from mock_server.pace import Pace
from mock_server.provenance import MAKER
from mock_server.wire import Call, Errand
from mock_server.works import Recording
from tests.world import NOW, Answered, new_mock, post

PATH = "/v1/audio/speech"
KOKORO, TTS = "hexgrad/Kokoro-82M", "openai/tts-1"
TEXT = "The tide turns at noon."
OPENINGS = {
    "mp3": b"ID3\4",
    "pcm": b"",
    "wav": b"RIFF",
    "flac": b"fLaC",
    "opus": b"OggS",
    "aac": b"ID3\4",
}
MEDIA_TYPES = {
    "mp3": "audio/mpeg",
    "pcm": "audio/pcm",
    "wav": "audio/wav",
    "flac": "audio/flac",
    "opus": "audio/opus",
    "aac": "audio/aac",
}
Json = Any


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock(rate_limit=0)


def say(mock: Mock, text: Json = TEXT, **more: Json) -> Answered:
    about = {name: more.pop(name) for name in ("key", "headers") if name in more}
    body = {"model": KOKORO, "input": text, **more}
    return post(mock, PATH, {k: v for k, v in body.items() if v is not ...}, **about)


def sound(mock: Mock, text: str = TEXT, **more: Json) -> bytes:
    answer = say(mock, text, **more)
    assert answer.status == 200, answer.body
    return b"".join(event.data for event in answer.events)


def samples(pcm: bytes) -> "array[int]":
    found = array("h", pcm)
    if sys.byteorder == "big":
        found.byteswap()
    return found


@pytest.mark.parametrize("form", OPENINGS)
def test_the_file_is_of_the_format_asked_for(mock: Mock, form: str) -> None:
    answer = say(mock, response_format=form)
    assert answer.headers["content-type"] == MEDIA_TYPES[form]
    data = b"".join(event.data for event in answer.events)
    assert data.startswith(OPENINGS[form])
    if form != "pcm":
        assert TEXT.encode() in data
        assert MAKER.encode() in data


def test_mp3_goes_without_saying(mock: Mock) -> None:
    assert sound(mock) == sound(mock, response_format="mp3")


def test_it_comes_in_pieces(mock: Mock) -> None:
    sizes = [len(event.data) for event in say(mock, response_format="pcm").events]
    assert len(sizes) > 5
    assert set(sizes[:-1]) == {8_192}
    assert 0 < sizes[-1] <= 8_192


@pytest.mark.parametrize(
    "text", [TEXT, "Ein Füchslein, лиса, 狐 🦊\0", "x" * 4_096, "...", "\u200b"]
)
def test_the_text_is_within_the_samples(mock: Mock, text: str) -> None:
    assert find(samples(sound(mock, text, response_format="pcm", speed=4))) == text


def test_the_speed_divides_the_length(mock: Mock) -> None:
    lengths = {
        speed: len(sound(mock, response_format="pcm", speed=speed)) * speed
        for speed in (0.25, 0.5, 1, 1.5, 4.0)
    }
    assert max(lengths.values()) == pytest.approx(min(lengths.values()), rel=0.01)
    assert sound(mock, speed=1) == sound(mock)


@pytest.mark.parametrize(
    "change",
    [
        {"voice": "am_adam"},
        {"language": "fr"},
        {"model": "hexgrad/Kokoro-99M", "voice": "af_heart"},
        {"speed": 1.1},
        {"text": "The tide turns at one."},
    ],
)
def test_whatever_is_asked_for_otherwise_sounds_different(mock: Mock, change: Json) -> None:
    assert sound(mock, **change) != sound(mock)


def test_a_model_has_its_own_voice(mock: Mock) -> None:
    assert sound(mock, voice="af_heart") == sound(mock)
    assert sound(mock, model=TTS, voice="alloy") == sound(mock, model=TTS)
    assert sound(mock, model="a-model-of-tomorrow") != sound(mock)


def test_whoever_asks_hears_the_same(mock: Mock) -> None:
    heard = sound(mock)
    assert sound(new_mock(), key="rc_live_yours") == heard
    ignored = {"instructions": "Whisper.", "stream_format": "sse", "responseFormat": "pcm"}
    assert sound(mock, **ignored) == heard, "unknown fields do not count"
    assert sound(new_mock(seed=1)) != heard


def test_it_is_made_beside_the_event_loop_and_once(mock: Mock) -> None:
    body = b'{"model": "openai/tts-1", "input": "Once."}'
    headers = [(b"content-type", b"application/json"), (b"authorization", b"Bearer rc_live_test")]
    call = Call("POST", PATH, b"", headers, body, NOW)
    errands = [answer(call, mock)[0] for _ in range(2)]
    heard = []
    for errand in errands:
        assert isinstance(errand, Errand)
        pieces = errand.make().body
        assert not isinstance(pieces, bytes)
        heard.append([piece.data for piece in pieces])
    assert heard[0] == heard[1]
    recording = Recording("Once.", "alloy", f"0/{TTS}/", 1.0, "mp3")
    assert mock.studio.made(recording) == b"".join(heard[0])


def test_a_paced_answer_takes_its_time(mock: Mock) -> None:
    paced = new_mock(pace=Pace(ttft=0.4, itl=0.05))
    events = say(paced, response_format="pcm").events
    assert [event.after for event in events] == [0.4] + [0.05] * (len(events) - 1)
    assert all(event.after == 0 for event in say(mock).events)
    assert b"".join(event.data for event in events) == sound(mock, response_format="pcm")


@pytest.mark.parametrize(
    ("change", "param", "rule"),
    [
        ({"input": ""}, "input", "is blank"),
        ({"input": " \n\t　"}, "input", "is blank"),
        ({"input": "x" * 4_097}, "input", "is longer than 4096 characters"),
        ({"input": ["one"]}, "input", "is not of type string"),
        ({"input": ...}, "input", "is required"),
        ({"model": ...}, "model", "is required"),
        ({"voice": {"id": "voice_1"}}, "voice", "is not of type string"),
        ({"response_format": "ogg"}, "response_format", "is not one of mp3, pcm, wav"),
        ({"response_format": None}, "response_format", "is not one of mp3, pcm, wav"),
        ({"speed": 0.24}, "speed", "is less than the minimum of 0.25"),
        ({"speed": 4.01}, "speed", "is greater than the maximum of 4"),
        ({"speed": "fast"}, "speed", "is not of type number"),
        ({"language": 7}, "language", "is not of type string"),
    ],
)
def test_a_refusal_names_field_and_rule(mock: Mock, change: Json, param: str, rule: str) -> None:
    answer = say(mock, **{"text" if name == "input" else name: v for name, v in change.items()})
    assert answer.status == 400
    error = answer.json["error"]
    assert error["param"] == param
    assert error["message"].startswith(param)
    assert rule in error["message"]


def test_a_model_of_another_kind_does_not_speak(mock: Mock) -> None:
    answer = say(mock, model="deepseek-ai/DeepSeek-V3")
    assert (answer.status, answer.json["error"]["code"]) == (404, "model_not_found")


@pytest.mark.parametrize("form", ["opus", "aac"])
def test_a_format_that_is_not_installed_is_refused_with_the_remedy(
    mock: Mock, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "av", None)
    answer = say(mock, "Never said before.", response_format=form)
    assert answer.status == 400
    error = answer.json["error"]
    assert error["param"] == "response_format"
    assert error["message"].startswith(f"response_format: '{form}'")
    assert "the extra `codecs`" in error["message"]
    assert "pip install av" in error["message"]
    assert say(mock, response_format="flac").status == 200


def test_failures_can_be_scripted(tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text(
        "- {when: {operation: createSpeech, text: noon}, error: {status: 402}}", "utf-8"
    )
    scripted = new_mock(scenarios=file)
    assert say(scripted).status == 402
    assert say(scripted, "Once.").status == 200
