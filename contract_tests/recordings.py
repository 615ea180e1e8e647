"""Recordings to be transcribed: real ones, as short as can be, that need no encoder."""

import math
import struct
from pathlib import Path

import schemathesis
from hypothesis import strategies as st

_RATE = 8_000
_SOUNDS = Path(__file__).parent / "sounds"
KINDS = ("mp3", "wav", "m4a", "flac", "ogg", "webm", "mp4")
"""The kinds of recordings that pages name (RC-183)."""


def recording(kind: str) -> bytes:
    """Half a second of a tone, in a file of that kind."""
    return wav(0.5) if kind == "wav" else (_SOUNDS / f"tone.{kind}").read_bytes()


def wav(seconds: float, pitch: float = 440.0) -> bytes:
    """A WAV of a tone: 16-bit samples, 8,000 a second."""
    count = round(seconds * _RATE)
    turn = 2 * math.pi * pitch / _RATE
    tone = b"".join(struct.pack("<h", round(9_000 * math.sin(turn * at))) for at in range(count))
    form = struct.pack("<HHIIHH", 1, 1, _RATE, 2 * _RATE, 2, 16)
    head = b"RIFF" + struct.pack("<I", 36 + len(tone)) + b"WAVEfmt " + struct.pack("<I", 16)
    return head + form + b"data" + struct.pack("<I", len(tone)) + tone


def generate_recordings() -> None:
    """Have Schemathesis send recordings where the contract wants a file of sound."""
    lengths, pitches = st.integers(1, 40), st.sampled_from([220.0, 440.0])
    recordings = st.builds(lambda length, pitch: wav(length / 20, pitch), lengths, pitches)
    schemathesis.openapi.media_type("audio/wav", recordings)
