"""What every server that keeps the contract does with recordings: each function is one law."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

Json = Any
_SRT_TIMES = re.compile(r"(\d{2,}):(\d\d):(\d\d),(\d{3}) --> (\d{2,}):(\d\d):(\d\d),(\d{3})")
_VTT_TIMES = re.compile(
    r"(?:(\d{2,}):)?(\d\d):(\d\d)\.(\d{3}) --> (?:(\d{2,}):)?(\d\d):(\d\d)\.(\d{3})"
)
_SLACK = 0.1  # seconds; servers round, and count what decoders cut off
Cue = tuple[float, float, str]


def a_recording_has_the_length_that_it_has(answer: Mapping[str, Json], seconds: float) -> None:
    """`duration` is that of the recording, in seconds (RC-185)."""
    if "duration" in answer:  # one of two pages has it (C-09)
        off = abs(answer["duration"] - seconds)
        assert off <= _SLACK, f"the duration is {answer['duration']}, not {seconds}"


def spans_follow_each_other(spans: Sequence[Mapping[str, Json]], seconds: float) -> None:
    """Segments, or words, ascend, do not overlap, and end with the recording."""
    for span in spans:
        assert 0 <= span["start"] <= span["end"], f"{span['start']} to {span['end']}"
        assert span["end"] <= seconds + _SLACK, f"{span['end']} is after the end, {seconds}"
    for one, two in pairwise(spans):
        assert one["end"] <= two["start"] + 1e-9, f"{one['end']} is after {two['start']}"


def an_answer_is_in_order(answer: Mapping[str, Json]) -> None:
    """Whatever times a JSON answer has, they are in order, and the text is the same."""
    if "segments" in answer:
        spans_follow_each_other(answer["segments"], answer["duration"])
        segments_join_to_the_text(answer)
    if "words" in answer:
        spans_follow_each_other(answer["words"], answer["duration"])
        words_come_in_the_order_of_the_text(answer)


def segments_join_to_the_text(answer: Mapping[str, Json]) -> None:
    """The segments are the text, cut up."""
    joined = "".join(segment["text"] for segment in answer["segments"])
    assert _bare(joined) == _bare(answer["text"]), "the segments are not the text"


def words_come_in_the_order_of_the_text(answer: Mapping[str, Json]) -> None:
    """Each word stands in the text, behind the one before it."""
    at, text = 0, answer["text"]
    for word in answer["words"]:
        found = text.find(word["word"].strip(), at)
        assert found >= 0, f"{word['word']!r} is not in the rest of the text"
        at = found + len(word["word"].strip())


def subrip_is_well_formed(text: str) -> list[Cue]:
    """Cues are numbered from 1, with a comma before the milliseconds, and blank lines between."""
    cues = []
    for number, block in enumerate(re.split(r"\n\n+", text.strip("\n")) if text.strip() else (), 1):
        lines = block.split("\n")
        assert lines[0] == str(number), f"cue {number} is numbered {lines[0]!r}"
        cues.append(_cue(lines[1:], _SRT_TIMES))
    return cues


def webvtt_is_well_formed(text: str) -> list[Cue]:
    """It opens with WEBVTT; cues have a full stop before the milliseconds, and escaped text."""
    head, *blocks = re.split(r"\n\n+", text.rstrip("\n"))
    assert head.startswith("WEBVTT"), f"it opens with {head[:20]!r}"
    cues = [_cue(block.split("\n"), _VTT_TIMES) for block in blocks]
    assert not any("-->" in words for _, _, words in cues), "a cue holds an arrow"
    return cues


def cues_follow_each_other(cues: Sequence[Cue]) -> None:
    """Cues ascend, and each takes some time."""
    for start, end, words in cues:
        assert start < end, f"{words!r} goes from {start} to {end}"
    for one, two in pairwise(cues):
        assert one[1] <= two[0], f"{two[2]!r} begins before {one[2]!r} ends"


def cues_join_to_the_text(cues: Sequence[Cue], text: str) -> None:
    """The cues say what the plain text says."""
    assert _bare("".join(words for _, _, words in cues)) == _bare(text), "other words are said"


def _cue(lines: Sequence[str], form: re.Pattern[str]) -> Cue:
    times = form.fullmatch(lines[0])
    assert times, f"{lines[0]!r} are no times"
    assert all(line.strip() for line in lines[1:]), "a cue has a blank line"
    numbers = [int(each or 0) for each in times.groups()]
    return _seconds(numbers[:4]), _seconds(numbers[4:]), " ".join(lines[1:])


def _seconds(numbers: Sequence[int]) -> float:
    hours, minutes, seconds, thousandths = numbers
    return hours * 3600 + minutes * 60 + seconds + thousandths / 1000


def _bare(text: str) -> str:
    return "".join(text.split())
