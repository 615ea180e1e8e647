"""Films as a decoder that forgives nothing sees them."""

from fractions import Fraction
from io import BytesIO
from typing import NamedTuple

import av
from av import logging
from PIL.Image import Image


class Shown(NamedTuple):
    """What a film shows, and what its file says of it."""

    pictures: list[Image]
    times: list[Fraction]  # seconds
    size: tuple[int, int]
    seconds: tuple[Fraction, Fraction]  # by the file, and by its track
    tags: dict[str, str]
    profile: str
    log: list[str]


def shown(data: bytes, *, every: int = 1) -> Shown:
    """All of a film decoded, each n-th picture of it kept; what FFmpeg says is in the log."""
    logging.set_level(logging.WARNING)
    logging.set_skip_repeated(False)
    pictures, times = [], []
    with logging.Capture() as log, av.open(BytesIO(data), "r") as container:
        stream = container.streams.video[0]
        stream.codec_context.options = {"err_detect": "explode+crccheck+bitstream+buffer"}
        stream.thread_type = "NONE"
        for number, frame in enumerate(container.decode(stream)):
            assert frame.time_base is not None
            times.append((frame.pts or 0) * frame.time_base)
            if number % every == 0:
                pictures.append(frame.to_image())
        assert stream.duration is not None
        assert stream.time_base is not None
        seconds = (
            Fraction(container.duration or 0, av.time_base),
            stream.duration * stream.time_base,
        )
        size, tags = (stream.width, stream.height), dict(container.metadata)
        profile = str(stream.profile)
    return Shown(pictures, times, size, seconds, tags, profile, [line for *_, line in log])
