"""Real sound files for tests, as FFmpeg's encoders and muxers write them, and what it decodes."""

import io
import math
import struct
from array import array
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
from av.audio.resampler import AudioResampler

Container = Any


@cache
def sound(
    container: str,
    codec: str,
    *,
    rate: int = 24_000,
    channels: int = 1,
    seconds: float = 1.0,
    options: tuple[tuple[str, str], ...] = (),
    tags: tuple[tuple[str, str], ...] = (),
    bit_rate: int = 0,
) -> bytes:
    """A tone of that length in a file of that kind."""
    with TemporaryDirectory() as folder:  # FFmpeg reads what it wrote, to put the index in front
        path = Path(folder) / "sound"
        with av.open(str(path), "w", format=container, options=dict(options)) as out:
            out.metadata.update(dict(tags))
            layout = {1: "mono", 2: "stereo", 6: "5.1"}[channels]
            stream: Any = out.add_stream(codec, rate=rate, layout=layout)
            stream.codec_context.options = {"strict": "experimental"}
            if bit_rate:
                stream.bit_rate = bit_rate
            _encode(out, stream, round(seconds * rate))
        return path.read_bytes()


def _encode(out: Container, stream: Any, samples: int) -> None:
    context = stream.codec_context
    context.open(strict=False)  # a film has opened it already
    resampler = AudioResampler(
        format=context.format, layout=context.layout, rate=context.rate, frame_size=1024
    )
    frames = list(resampler.resample(_tone(context.rate, context.layout.name, samples)))
    for frame in [*frames, *resampler.resample(None), None]:
        for packet in stream.encode(frame):
            out.mux(packet)


def _tone(rate: int, layout: str, samples: int) -> av.AudioFrame:
    wave = array("h", (round(9_000 * math.sin(at * 0.06)) for at in range(samples)))
    count = {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    spread = array("h", bytes(2 * samples * count))
    for channel in range(count):
        spread[channel::count] = wave
    frame = av.AudioFrame(format="s16", layout=layout, samples=samples)
    frame.planes[0].update(spread.tobytes())
    frame.sample_rate, frame.pts, frame.time_base = rate, 0, Fraction(1, rate)
    return frame


def film(container: str, *, audio: str | None = None, seconds: float = 1.0) -> bytes:
    """A film of moving grey, with a tone where a codec for it is named."""
    file = io.BytesIO()
    with av.open(file, "w", format=container) as out:
        video: Any = out.add_stream("libvpx" if container == "webm" else "mpeg4", rate=25)
        video.width = video.height = 32
        video.pix_fmt = "yuv420p"
        stream: Any = out.add_stream(audio, rate=48_000, layout="mono") if audio else None
        for number in range(round(seconds * 25)):
            frame = av.VideoFrame(32, 32, "yuv420p")
            for plane in frame.planes:
                plane.update(bytes([number % 200]) * plane.buffer_size)
            for packet in video.encode(frame):
                out.mux(packet)
        for packet in video.encode(None):
            out.mux(packet)
        if stream is not None:
            _encode(out, stream, round(seconds * 48_000))
    return file.getvalue()


def decoded_seconds(data: bytes) -> float:
    """How long the sound is that FFmpeg decodes from a file."""
    container: Any
    with av.open(io.BytesIO(data)) as container:
        stream = container.streams.audio[0]
        total, rate = 0, stream.codec_context.rate or 1
        for packet in container.demux(stream):
            try:
                for frame in packet.decode():
                    total += frame.samples
                    rate = frame.sample_rate
            except av.error.FFmpegError:
                continue
    return total / rate


def wav(samples: bytes, *, rate: int = 24_000, size: int | None = None, form: bytes = b"") -> bytes:
    """A WAV of 16-bit samples, or of whatever `form` says, whose header says that `size`."""
    form = form or struct.pack("<HHIIHH", 1, 1, rate, 2 * rate, 2, 16)
    chunk = b"fmt " + struct.pack("<I", len(form)) + form
    told = len(samples) if size is None else size
    head = b"RIFF" + struct.pack("<I", min(told + 36, 0xFFFFFFFF)) + b"WAVE"
    return head + chunk + b"data" + struct.pack("<I", told) + samples


def id3_tag(
    texts: Mapping[str, str], *, padding: int = 0, footer: bool = False, version: int = 4
) -> bytes:
    """An ID3v2 tag with text frames in UTF-8; lyrics have a language in front."""
    frames = b""
    for name, text in texts.items():
        content = b"\x03" + (b"eng\0" if name == "COMM" else b"") + text.encode()
        frames += name.encode() + _size(len(content), version) + b"\0\0" + content
    frames += bytes(padding)
    flags = b"\x10" if footer else b"\0"
    head = b"ID3" + bytes([version, 0]) + flags + _size(len(frames), 4)
    return head + frames + (b"3DI" + head[3:] if footer else b"")


def _size(number: int, version: int) -> bytes:
    if version == 3:
        return number.to_bytes(4)
    return bytes(number >> shift & 0x7F for shift in (21, 14, 7, 0))


def ogg_page(flags: int, granule: int, body: bytes, *, serial: int = 1) -> bytes:
    """A page with one packet of less than 255 bytes."""
    head = b"OggS\0" + struct.pack("<BqIIIB", flags, granule, serial, 0, 0, 1)
    page = head + bytes([len(body)]) + body
    crc = 0
    for byte in page:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ 0x04C11DB7 if crc & 0x80000000 else crc << 1) & 0xFFFFFFFF
    return page[:22] + struct.pack("<I", crc) + page[26:]


def box(kind: bytes, *content: bytes) -> bytes:
    """A box of an MP4 file."""
    inner = b"".join(content)
    return struct.pack(">I", len(inner) + 8) + kind + inner
