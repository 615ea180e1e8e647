"""What is promised of video jobs and their films: each function is one law, named by it."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

Json = Any
ORDER = ("queued", "processing", "completed", "failed")
_ENDS = ("completed", "failed")
# Boxes that hold boxes, on the way to those that are looked at.
_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def a_new_job_is_queued(job: Json) -> None:
    """A submission is answered with an id and the state `queued` (RC-149, RC-150)."""
    assert job["status"] == "queued", f"a new job is {job['status']}"
    assert job["id"], "a new job has no id"


def states_only_go_forward(states: Sequence[str]) -> None:
    """From `queued` by `processing` to one end, and no way back (RC-154, RC-155)."""
    for before, after in pairwise(states):
        assert after in ORDER, f"no state is called {after!r}"
        is_over = before in _ENDS and after != before
        assert not is_over, f"a job that was {before} is {after}"
        assert ORDER.index(before) <= ORDER.index(after), f"a job goes from {before} to {after}"


def a_job_says_why_it_failed_and_only_then(job: Json) -> None:
    """`error` stands beside `failed` alone (RC-157)."""
    assert ("error" in job) == (job["status"] == "failed"), f"{job['status']} and {sorted(job)}"


def a_download_is_named_after_its_job(headers: Mapping[str, str], name: str) -> None:
    """The file is an MP4 to be saved as `<id>.mp4` (RC-161)."""
    assert headers["content-type"] == "video/mp4", f"it is {headers['content-type']}"
    said = headers["content-disposition"]
    assert said == f'attachment; filename="{name}.mp4"', f"it is to be saved as {said}"


def a_film_lasts(data: bytes, seconds: float) -> None:
    """The file says that it is as long as was asked for, to a frame."""
    header = dict(_boxes(data))[b"mvhd"]
    layout = ">QQIQ" if header[0] else ">IIII"
    _, _, scale, duration = struct.unpack_from(layout, header, 4)
    lasts = duration / scale
    assert abs(lasts - seconds) <= 1 / 24, f"the film lasts {lasts:.3f} s, {seconds} were asked for"


def a_film_has_the_shape(data: bytes, ratio: float) -> None:
    """Its sides are as wide to as high as was asked for."""
    boxes = [content for name, content in _boxes(data) if name == b"tkhd"]
    width, height = max(struct.unpack(">II", each[-8:]) for each in boxes)
    assert height, "the film has no height"
    assert abs(width / height / ratio - 1) < 0.02, f"{width >> 16} x {height >> 16} is not {ratio}"


def a_film_can_begin_before_it_is_there_as_a_whole(data: bytes) -> None:
    """It is an MP4 with pictures in H.264, and what describes them comes before them."""
    names = [name for name, _ in _boxes(data)]
    assert names[0] == b"ftyp", f"the file begins with {names[0]!r}"
    assert names.index(b"moov") < names.index(b"mdat"), "the pictures come before their description"
    kinds = [content[12:16] for name, content in _boxes(data) if name == b"stsd"]
    assert b"avc1" in kinds, f"the tracks are {kinds}"


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes of an MP4 by name, each before those in it (ISO/IEC 14496-12, section 4.2)."""
    at = 0
    while at + 8 <= len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        head = 8
        if length == 1:
            (length,), head = struct.unpack_from(">Q", data, at + 8), 16
        length = length or len(data) - at
        assert head <= length <= len(data) - at, f"a box {name!r} is cut off"
        content = data[at + head : at + length]
        yield name, content
        if name in _CONTAINERS:
            yield from _boxes(content)
        at += length
