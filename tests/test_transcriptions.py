"""Transcriptions as OpenAI's clients know them: words, times, subtitles, refusals."""

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from mock_server.answer import answer
from mock_server.mock import Mock
from mock_server.wire import Call, Errand
from tests.sound_factory import film, id3_tag, sound, wav
from tests.world import NOW, Answered, new_mock, post

PATH = "/v1/audio/transcriptions"
MODEL = "openai/whisper-large-v3"
WAV = wav(bytes(480_000))  # ten seconds
MP3 = sound("mp3", "libmp3lame", options=(("write_xing", "0"), ("id3v2_version", "0")))
WORDS = "The tide turns at noon. The boats are back!"
SAID = id3_tag({"COMM": WORDS, "TSSE": "understudy"}) + MP3
Json = Any
File = tuple[str, str, bytes]


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock(rate_limit=0)


def form(fields: list[tuple[str, str]], files: list[File]) -> bytes:
    parts = [(f'name="{name}"', value.encode()) for name, value in fields]
    parts += [(f'name="{name}"; filename="{file}"', data) for name, file, data in files]
    lines = (
        f"--b\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
        for head, data in parts
    )
    return b"".join(lines) + b"--b--\r\n"


def send(
    mock: Mock, body: bytes, content_type: str = "multipart/form-data; boundary=b"
) -> Answered:
    headers = [
        (b"content-type", content_type.encode()),
        (b"authorization", b"Bearer rc_live_test"),
    ]
    reply, exchange = answer(Call("POST", PATH, b"", headers, body, NOW), mock)
    if isinstance(reply, Errand):
        reply = reply.make()
    assert isinstance(reply.body, bytes)
    named = {name.decode(): value.decode() for name, value in reply.headers}
    return Answered(reply.status, named, reply.body, [], exchange)


def transcribe(mock: Mock, data: bytes, name: Json = "a.wav", **fields: Json) -> Answered:
    pairs = [("model", fields.pop("model", MODEL))]
    for key, value in fields.items():
        pairs += [(key, str(each)) for each in (value if isinstance(value, list) else [value])]
    return send(mock, form(pairs, [("file", name, data)]))


def test_json_has_text_duration_and_language(mock: Mock) -> None:
    reply = transcribe(mock, WAV)
    assert reply.headers["content-type"] == "application/json"
    assert set(reply.json) == {"text", "duration", "language"}
    assert (reply.json["duration"], reply.json["language"]) == (10.0, "en")
    assert 12 <= len(reply.json["text"].split()) <= 28


def test_our_own_speech_is_given_back_word_for_word(mock: Mock) -> None:
    assert transcribe(mock, SAID).json == {"text": WORDS, "duration": 1.056, "language": "en"}
    assert transcribe(mock, SAID, response_format="text").body.decode() == WORDS


@pytest.mark.parametrize("form_", ["mp3", "pcm", "wav", "flac", "opus", "aac"])
@pytest.mark.parametrize(
    ("text", "language"),
    [(WORDS, "en"), ("Прилив в полдень --> <да> & нет.", "ru"), ("船は夕方に戻ります。", "ja")],
)
def test_what_was_read_aloud_here_is_heard_again(
    mock: Mock, form_: str, text: str, language: str
) -> None:
    asked = {"model": "openai/tts-1", "input": text, "response_format": form_}
    spoken = post(mock, "/v1/audio/speech", asked)
    data = spoken.body or b"".join(event.data for event in spoken.events)
    whole = transcribe(mock, data, f"speech.{form_}").json
    assert (whole["text"], whole["language"]) == (text, language)
    part = transcribe(mock, data[: len(data) * 3 // 4], f"speech.{form_}").json
    assert part["text"] == text
    assert 0 < part["duration"] < whole["duration"]


def test_a_hint_is_the_language_that_is_reported(mock: Mock) -> None:
    assert transcribe(mock, SAID, language="fr").json["language"] == "fr"
    assert transcribe(mock, SAID, language="fr").json["text"] == WORDS


@pytest.mark.parametrize(
    ("language", "letter"), [("ru", "о"), ("de", "e"), ("zh", "。"), ("ja", "。"), ("th", "า")]
)
def test_a_hint_decides_in_which_language_words_are_made_up(
    mock: Mock, language: str, letter: str
) -> None:
    answer = transcribe(mock, WAV, language=language).json
    assert answer["language"] == language
    assert letter in answer["text"]


def test_what_is_heard_follows_from_the_sound_alone(mock: Mock) -> None:
    first = transcribe(mock, WAV, "one.wav").json["text"]
    assert transcribe(mock, WAV, "two.mp3", prompt="Hm.", temperature=1).json["text"] == first
    tagged = WAV + b"LIST\x0a\0\0\0INFOIART\0\0"
    assert transcribe(new_mock(), tagged).json["text"] == first
    assert transcribe(mock, WAV[:-2] + b"\1\0").json["text"] != first
    assert transcribe(new_mock(seed=7), WAV).json["text"] != first


@pytest.mark.parametrize(
    ("form_", "media_type"),
    [
        ("text", "text/plain; charset=utf-8"),
        ("srt", "application/x-subrip"),
        ("vtt", "text/vtt; charset=utf-8"),
        ("verbose_json", "application/json"),
        ("json", "application/json"),
    ],
)
def test_each_format_has_its_media_type(mock: Mock, form_: str, media_type: str) -> None:
    reply = transcribe(mock, WAV, response_format=form_)
    assert (reply.status, reply.headers["content-type"]) == (200, media_type)


def test_subtitles_say_the_same_words(mock: Mock) -> None:
    assert transcribe(mock, SAID, response_format="srt").body.decode() == (
        "1\n00:00:00,000 --> 00:00:00,575\nThe tide turns at noon.\n\n"
        "2\n00:00:00,575 --> 00:00:01,056\nThe boats are back!\n"
    )
    assert transcribe(mock, SAID, response_format="vtt").body.decode() == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:00.575\nThe tide turns at noon.\n\n"
        "00:00:00.575 --> 00:00:01.056\nThe boats are back!\n"
    )


def test_verbose_json_has_segments(mock: Mock) -> None:
    whole = transcribe(
        mock, wav(bytes(48_000 * 60)), response_format="verbose_json", temperature=0.4
    )
    assert list(whole.json) == ["task", "text", "duration", "language", "segments", "usage"]
    segments = whole.json["segments"]
    assert "".join(each["text"] for each in segments).strip() == whole.json["text"]
    assert [each["id"] for each in segments] == list(range(len(segments)))
    assert (segments[0]["start"], segments[-1]["end"]) == (0, 60)
    assert all(one["end"] == two["start"] for one, two in pairwise(segments))
    assert {each["seek"] for each in segments} == {0, 3_000}
    assert {each["temperature"] for each in segments} == {0.4}
    for each in segments:
        assert -1 < each["avg_logprob"] < 0 <= each["no_speech_prob"] < 0.1
        assert 0 < each["compression_ratio"] < 2.4
        assert all(0 <= token < 51_865 for token in each["tokens"])
    assert whole.json["usage"] == {"type": "duration", "seconds": 60}


@pytest.mark.parametrize("name", ["timestamp_granularities", "timestamp_granularities[]"])
def test_words_have_times_where_they_are_asked_for(mock: Mock, name: str) -> None:
    both = transcribe(
        mock, SAID, response_format="verbose_json", **{name: ["word", "segment"]}
    ).json
    assert [each["word"] for each in both["words"]] == WORDS.replace(".", "").strip("!").split()
    assert (both["words"][0]["start"], both["words"][-1]["end"]) == (0, 1.056)
    assert len(both["segments"]) == 2
    alone = transcribe(mock, SAID, response_format="verbose_json", **{name: ["word"]}).json
    assert alone["words"] == both["words"]
    assert "segments" not in alone


@pytest.mark.parametrize(
    ("container", "codec"),
    [
        *(("mp3", "libmp3lame"), ("wav", "pcm_s16le"), ("ipod", "aac"), ("flac", "flac")),
        *(
            ("ogg", "libopus"),
            ("ogg", "flac"),
            ("webm", "libopus"),
            ("mp4", "aac"),
            ("adts", "aac"),
        ),
    ],
)
def test_every_documented_format_is_taken_whatever_it_is_called(
    mock: Mock, container: str, codec: str
) -> None:
    data = sound(container, codec, rate=48_000, seconds=2.0)
    reply = transcribe(mock, data, "recording.bin")
    assert reply.status == 200
    assert reply.json["duration"] == pytest.approx(2.0, abs=0.05)


def test_the_sound_of_a_film_is_heard(mock: Mock) -> None:
    assert transcribe(mock, film("mp4", audio="aac", seconds=2.0)).json[
        "duration"
    ] == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"RIFF", "is text, not a recording"),
        (b"\0\1\2\3" * 100, "is no sound file of a known kind"),
        (film("mp4"), "has no sound track"),
        (wav(b""), "is a WAV that holds no samples"),
        (WAV[:44], "is a WAV that holds no samples"),
        (b"%PDF-1.4\n\x80", "is a PDF, not a recording"),
    ],
    ids=["empty", "text", "noise", "silent film", "no samples", "cut off", "a PDF"],
)
def test_what_is_no_recording_is_refused(mock: Mock, data: bytes, why: str) -> None:
    reply = transcribe(mock, data)
    assert reply.status == 400
    error = reply.json["error"]
    assert error["message"].startswith(f"file: {why}")
    assert (error["param"], error["code"]) == ("file", "invalid_value")


@pytest.mark.parametrize(
    ("fields", "param", "why"),
    [
        ({"response_format": "diarized_json"}, "response_format", "is not one of json, text, srt"),
        ({"language": "english"}, "language", "is not one of"),
        ({"language": "xx"}, "language", "is not one of"),
        ({"temperature": "1.1"}, "temperature", "greater than the maximum of 1"),
        ({"temperature": "warm"}, "temperature", "is not of type number"),
        (
            {"timestamp_granularities[]": "line", "response_format": "verbose_json"},
            "timestamp_granularities[0]",
            "is not one of word, segment",
        ),
        ({"model": ["a", "b"]}, "model", "is not of type string"),
    ],
)
def test_what_the_contract_forbids_is_refused(
    mock: Mock, fields: dict[str, Json], param: str, why: str
) -> None:
    pairs = {"model": MODEL, **fields}
    listed = [
        (name, each)
        for name, value in pairs.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    error = send(mock, form(listed, [("file", "a.wav", WAV)])).json["error"]
    assert error["param"] == param
    assert why in error["message"]


def test_the_file_must_come_once_and_as_a_file(mock: Mock) -> None:
    model = [("model", MODEL)]
    missing = send(mock, form(model, []))
    assert (missing.status, missing.json["error"]["param"]) == (400, "file")
    assert missing.json["error"]["message"] == "file: is required"
    plain = send(mock, form([*model, ("file", "abc")], [])).json["error"]
    assert plain["message"].startswith("file: is a plain field, not a file")
    two = send(mock, form(model, [("file", "a", WAV), ("file", "b", WAV)]))
    assert (two.status, two.json["error"]["param"]) == (400, "file")
    assert two.json["error"]["message"] == "file: is sent 2 times, and takes a single file"
    named = send(mock, form([], [("file", "a", WAV), ("model", "m", b"x")])).json["error"]
    assert named["message"].startswith("model: is a file, not a plain field")


def test_a_body_that_is_no_form_is_refused(mock: Mock) -> None:
    assert send(mock, WAV, "audio/wav").status == 415
    assert send(mock, b'{"model": "m"}', "application/json").status == 415
    assert send(mock, form([("model", MODEL)], [("file", "a", WAV)])[:-9]).status == 400


def test_a_model_that_does_something_else_is_not_found(mock: Mock) -> None:
    reply = transcribe(mock, WAV, model="hexgrad/Kokoro-82M")
    assert (reply.status, reply.json["error"]["param"]) == (404, "model")
    assert transcribe(mock, WAV, model="some/model-of-tomorrow").status == 200


def test_unknown_fields_are_ignored(mock: Mock) -> None:
    reply = transcribe(
        mock, SAID, stream="true", chunking_strategy="auto", **{"include[]": "logprobs"}
    )
    assert reply.json["text"] == WORDS


def test_a_scenario_has_the_last_word(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yaml"
    when = {"operation": "createTranscription"}
    said = {"when": {**when, "model": "*-v3"}, "answer": {"text": "Rain. Tomorrow."}}
    failed = {"when": {**when, "text": "fail"}, "error": {"status": 402}}
    rules.write_text(json.dumps([failed, said]))
    mock = new_mock(scenarios=rules)
    assert transcribe(mock, WAV).json["text"] == "Rain. Tomorrow."
    subtitles = transcribe(mock, SAID, response_format="srt").body.decode()
    assert subtitles.splitlines()[2::4] == ["Rain.", "Tomorrow."]
    assert transcribe(mock, SAID, model="openai/whisper-1").json["text"] == WORDS
    assert transcribe(mock, SAID, prompt="fail").status == 402


def test_an_hour_is_transcribed(mock: Mock) -> None:
    hour = wav(bytes(8_000), rate=1, form=b"\1\0\1\0\1\0\0\0\1\0\0\0\1\0\x08\0")[: 44 + 3_600]
    whole = transcribe(mock, hour, response_format="verbose_json").json
    assert whole["duration"] == 3_600
    assert 8_900 <= len(whole["text"].split()) <= 9_000
    assert max(each["end"] - each["start"] for each in whole["segments"]) <= 15
