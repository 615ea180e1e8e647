"""Films as a decoder that forgives nothing sees them."""

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from io import BytesIO
from typing import NamedTuple

import av
from av import logging
from av.container import InputContainer
from av.video.plane import VideoPlane
from PIL.Image import Image

Plane = list[bytes]  # row by row


class Shown(NamedTuple):
    """What a film shows, and what its file says of it."""

    pictures: list[Image]
    times: list[Fraction]  # seconds
    keys: list[bool]  # which frames can be begun at, by the file
    size: tuple[int, int]
    seconds: tuple[Fraction, Fraction]  # by the file, and by its track
    tags: dict[str, str]


def shown(data: bytes, *, every: int = 1) -> Shown:
    """All of a film decoded, each n-th picture of it kept."""
    pictures: list[Image] = []
    times: list[Fraction] = []
    keys: list[bool] = []
    with _strictly(data) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            keys += [packet.is_keyframe] * (packet.size > 0)
            for frame in packet.decode():
                assert frame.time_base is not None
                if len(times) % every == 0:
                    pictures.append(frame.to_image())  # type: ignore[no-untyped-call]
                times.append((frame.pts or 0) * frame.time_base)
        assert stream.duration is not None
        assert stream.time_base is not None
        seconds = (
            Fraction(container.duration or 0, av.time_base),
            stream.duration * stream.time_base,
        )
        size, tags = (stream.width, stream.height), dict(container.metadata)
    return Shown(pictures, times, keys, size, seconds, tags)


def planes(data: bytes) -> list[tuple[Plane, Plane, Plane]]:
    """The samples of each frame of a film, as they are coded: Y, Cb and Cr."""
    frames = []
    with _strictly(data) as container:
        for frame in container.decode(video=0):
            luma, blue, red = (_rows(plane) for plane in frame.planes)
            frames.append((luma, blue, red))
    return frames


@contextmanager
def _strictly(data: bytes) -> Iterator[InputContainer]:
    """A film to decode, of which FFmpeg must have nothing to say, not even that it mended it."""
    before = logging.get_level()
    logging.set_level(logging.INFO)
    try:
        with logging.Capture() as log, av.open(BytesIO(data), "r") as container:
            stream = container.streams.video[0]
            stream.thread_type = "NONE"
            stream.codec_context.options = {"err_detect": "explode+crccheck+bitstream+buffer"}
            yield container
    finally:
        logging.set_level(before)
    assert not log, log


def _rows(plane: VideoPlane) -> Plane:
    data = bytes(plane)
    starts = range(0, plane.height * plane.line_size, plane.line_size)
    return [data[start : start + plane.width] for start in starts]
