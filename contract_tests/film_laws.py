"""What is promised of video jobs and their films: each function is one law, named by it."""

import struct
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

Json = Any
ORDER = ("queued", "processing", "completed", "failed")
ENDS = ("completed", "failed")
# Boxes that hold boxes, on the way to those that are looked at.
_CONTAINERS = (b"moov", b"trak", b"mdia", b"minf", b"stbl")


def an_answer_is_about_the_job_that_was_asked_after(job: Json, name: str) -> None:
    """It has the id that the submission was answered with (RC-153)."""
    assert job["id"] == name, f"the job {name} calls itself {job['id']}"


def states_only_go_forward(states: Sequence[str]) -> None:
    """From `queued` by `processing` to one end, and no way back (RC-154, RC-155)."""
    for before, after in pairwise(states):
        assert after in ORDER, f"no state is called {after!r}"
        is_over = before in ENDS and after != before
        assert not is_over, f"a job that was {before} is {after}"
        assert ORDER.index(before) <= ORDER.index(after), f"a job goes from {before} to {after}"


def a_job_says_why_it_failed_and_only_then(job: Json) -> None:
    """`error` stands beside `failed` alone (RC-157)."""
    assert ("error" in job) == (job["status"] == "failed"), f"{job['status']} and {sorted(job)}"


def a_download_is_named_after_its_job(headers: Mapping[str, str], name: str) -> None:
    """The file is to be saved as `<id>.mp4` (RC-161)."""
    said = headers["content-disposition"]
    assert said == f'attachment; filename="{name}.mp4"', f"it is to be saved as {said}"


def a_film_lasts(data: bytes, seconds: float) -> None:
    """The file says that it is as long as was asked for; models cut to whole groups of frames."""
    header = dict(_boxes(data))[b"mvhd"]
    layout = ">QQIQ" if header[0] else ">IIII"
    _, _, scale, duration = struct.unpack_from(layout, header, 4)
    lasts = duration / scale
    assert abs(lasts - seconds) <= 0.25, f"the film lasts {lasts:.3f} s, {seconds} were asked for"


def a_film_has_the_shape(data: bytes, ratio: float) -> None:
    """It is as wide to as high as was asked for."""
    width, height = _sides(data)
    assert abs(width / height / ratio - 1) < 0.02, f"{width} x {height} is not {ratio:.3f}"


def a_film_has_the_sides(data: bytes, sides: tuple[int, int]) -> None:
    """It is so many pixels wide and high."""
    assert _sides(data) == sides, f"it has {_sides(data)}, not {sides}"


def a_film_is_whole(data: bytes) -> None:
    """It is an MP4 from the first box to the last, with pictures and what describes them."""
    names = [name for name, _ in _boxes(data)]
    assert names[:1] == [b"ftyp"], f"the file begins with {names[:1]}"
    assert {b"moov", b"mdat"} <= set(names), f"the file has {names}"


def a_film_can_begin_before_it_is_there_as_a_whole(data: bytes) -> None:
    """What describes the pictures comes before them."""
    names = [name for name, _ in _readable(data)]
    if b"moov" in names and b"mdat" in names:
        assert names.index(b"moov") < names.index(b"mdat"), "pictures come before what they are"


def a_film_is_coded_as_h264(data: bytes) -> None:
    """The one way of coding pictures that every browser knows."""
    kinds = [content[12:16] for name, content in _readable(data) if name == b"stsd"]
    assert b"avc1" in kinds, f"the tracks are {kinds}"


def _sides(data: bytes) -> tuple[int, int]:
    boxes = [content for name, content in _boxes(data) if name == b"tkhd"]
    width, height = max(struct.unpack(">II", each[-8:]) for each in boxes)
    assert height, "the film has no height"
    return width >> 16, height >> 16


def _readable(data: bytes) -> list[tuple[bytes, bytes]]:
    """The boxes up to the first that is cut off: that is what another law is about."""
    found = []
    with suppress(AssertionError):
        for box in _boxes(data):
            found.append(box)
    return found


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
