"""Real sound files for tests, as FFmpeg's encoders and muxers write them, and what it decodes."""

import io
import math
from array import array
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
    context.open()
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
