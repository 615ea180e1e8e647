"""Transcripts as OpenAI writes them: JSON with or without times, plain text, subtitles."""

import math
import zlib
from collections.abc import Mapping
from typing import Final

import msgspec

from mock_server import codec, tokens
from mock_server.subtitles import srt, vtt
from mock_server.transcript import Span, segments, words
from mock_server.wire import Json

_WINDOW: Final = 30_000  # milliseconds that a model of this kind listens to at a time
_FRAME: Final = 10  # milliseconds; what `seek` counts
# The tokens of Whisper: its vocabulary, and where those that stand for times begin, 20 ms apart.
_VOCABULARY, _FIRST_TIME, _TICK = 50_257, 50_364, 20


class Heard(msgspec.Struct, frozen=True):
    """What was heard: the words, their language, and how many milliseconds they take.

    `language` is its code (ISO 639-1), `name` what it is called in English.
    """

    text: str
    language: str
    name: str
    length: int


def written(heard: Heard, form: str, asked: Mapping[str, Json]) -> bytes:
    """A transcript in the format of that name; `asked` is what the request says beside it."""
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
        # OpenAI gives the name here; no page of Runcrate has this format.
        answer = {"task": "transcribe", **answer, "language": heard.name, **_details(heard, asked)}
    return codec.encode(answer)


def _details(heard: Heard, asked: Mapping[str, Json]) -> Json:
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
