"""Transcriptions: what a recording says, as JSON, plain text or subtitles (RC-180 to RC-190)."""

import math
import zlib
from collections.abc import Mapping
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

import msgspec

from mock_server import codec, tokens
from mock_server.documented import choose_media
from mock_server.errors import Invalid
from mock_server.language.tongues import language_of
from mock_server.mock import Mock, Request
from mock_server.scenarios import ScriptedAnswer
from mock_server.scripted import script_for
from mock_server.subtitles import srt, vtt
from mock_server.transcript import Span, segments, words
from mock_server.wire import Errand, Json, Reply
from mock_server.wishes import Wishes, wishes_of

if TYPE_CHECKING:
    from mock_server.forms import Part
    from mock_server.recordings import Recording

_FIELD: Final = "file"
_WINDOW: Final = 30_000  # milliseconds that a model of this kind listens to at a time
_FRAME: Final = 10  # milliseconds; what `seek` counts
# The tokens of Whisper: its vocabulary, and where those that stand for times begin, 20 ms apart.
_VOCABULARY, _FIRST_TIME, _TICK = 50_257, 50_364, 20


class _Heard(msgspec.Struct, frozen=True):
    """What was heard: the words, their language, and how many milliseconds they take."""

    text: str
    language: str
    length: int


def transcriptions(request: Request, mock: Mock) -> Errand:
    """The words of a recording: those that it is known to say, else made up and always the same.

    Raises ApiError (`model_not_found`) for a model that is known to do something else, and Invalid
    for what is no recording.
    """
    script = script_for(request, mock, ScriptedAnswer)
    model, provider = request.body["model"], request.caller.provider
    mock.catalogue.check_kind(provider, model, request.operation.behaviour)
    wishes = wishes_of(request, mock)
    part, said = _file(request, wishes), script.text if script else None
    return Errand(partial(_answered, request, mock, part, said))


def _file(request: Request, wishes: Wishes) -> "Part":
    files = request.content.files or {}
    for name in sorted(wishes.fields.keys() - {_FIELD}):
        if name in files:
            message = f"{name}: is a file, not a plain field: leave out the filename of that part"
            raise Invalid("invalid_type", message, param=name)
    if _FIELD not in files:
        message = f"{_FIELD}: is a plain field, not a file: name the file in the part's filename"
        raise Invalid("invalid_type", message, param=_FIELD)
    part: Part = files[_FIELD][0]
    return part


def _answered(request: Request, mock: Mock, part: "Part", said: str | None) -> Reply:
    # Only few clients bring recordings; the server starts without what reads them.
    from mock_server.recordings import SoundRule, listen

    wishes = wishes_of(request, mock)
    rule = msgspec.convert(wishes.fields[_FIELD].get("x-sound", {}), SoundRule)
    try:
        recording = listen(part.data, rule)
    except ValueError as error:
        raise Invalid("invalid_value", f"{_FIELD}: {error}", param=_FIELD) from None
    heard = _heard(recording, wishes.given.get("language"), said, mock)
    media = choose_media(request.operation.answers[200], request.body)
    assert media is not None
    charset = "; charset=utf-8" if media.type.startswith("text/") else ""
    headers = [(b"content-type", f"{media.type}{charset}".encode())]
    return Reply(200, headers, _written(heard, wishes.of("response_format"), wishes.given))


def _heard(recording: "Recording", hint: str | None, said: str | None, mock: Mock) -> _Heard:
    text = recording.words if said is None else said
    seconds = recording.sound.seconds
    if text is None:
        language = hint or mock.phrases.languages[0].code
        chance = Random(b"%d/%b/%b" % (mock.settings.seed, language.encode(), recording.digest))
        text = mock.monologues.told(language, seconds, chance)
    else:
        language = hint or language_of(mock.phrases, text)
    return _Heard(text.strip(), language, max(1, round(seconds * 1000)))


def _written(heard: _Heard, form: str, asked: Mapping[str, Json]) -> bytes:
    if form == "text":
        return heard.text.encode()
    if form in ("srt", "vtt"):
        write = srt if form == "srt" else vtt
        return write(segments(heard.text, heard.length)).encode()
    answer: Json = {
        "text": heard.text,
        "duration": heard.length / 1000,
        "language": heard.language,
    }
    if form == "verbose_json":
        answer = {"task": "transcribe", **answer, **_details(heard, asked)}
    return codec.encode(answer)


def _details(heard: _Heard, asked: Mapping[str, Json]) -> Json:
    """What OpenAI adds: segments, or words where they are asked for, and what the sound costs."""
    wanted = asked.get("timestamp_granularities") or ["segment"]
    spans = segments(heard.text, heard.length)
    found: dict[str, Json] = {}
    if "segment" in wanted:
        heat = asked.get("temperature", 0.0)
        found["segments"] = [_segment(each, number, heat) for number, each in enumerate(spans)]
    if "word" in wanted:
        found["words"] = [
            {"word": each.text, "start": each.start / 1000, "end": each.end / 1000}
            for span in spans
            for each in words(span)
        ]
    found["usage"] = {"type": "duration", "seconds": math.ceil(heard.length / 1000)}
    return found


def _segment(span: Span, number: int, temperature: float) -> Json:
    data = span.text.encode()
    luck = zlib.crc32(data)
    window = span.start // _WINDOW * _WINDOW
    return {
        "id": number,
        "seek": window // _FRAME,
        "start": span.start / 1000,
        "end": span.end / 1000,
        "text": f" {span.text}",
        "tokens": [_time(span.start - window), *_tokens(span.text), _time(span.end - window)],
        "temperature": temperature,
        "avg_logprob": -0.1 - luck % 2_000 / 10_000,
        "compression_ratio": round(len(data) / len(zlib.compress(data)), 4),
        "no_speech_prob": luck // 2_000 % 1_000 / 100_000,
    }


def _time(milliseconds: int) -> int:
    return _FIRST_TIME + min(milliseconds, _WINDOW) // _TICK


def _tokens(text: str) -> list[int]:
    return [zlib.crc32(piece.encode()) % _VOCABULARY for piece in tokens.pieces(text)]
