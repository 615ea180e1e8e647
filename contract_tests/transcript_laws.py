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


def times_are_in_order(answer: Mapping[str, Json]) -> bool:
    """Whatever times a JSON answer has, they are in order; whether it has any."""
    for name in ("segments", "words"):
        if name in answer:
            spans_follow_each_other(answer[name], answer["duration"])
    return "segments" in answer or "words" in answer


def parts_join_to_the_text(answer: Mapping[str, Json]) -> bool:
    """Segments and words say what the text says; whether there are any."""
    if "segments" in answer:
        segments_join_to_the_text(answer)
    if "words" in answer:
        words_come_in_the_order_of_the_text(answer)
    return "segments" in answer or "words" in answer


def a_language_is_a_code(answer: Mapping[str, Json]) -> bool:
    """`language` is an ISO 639-1 code (RC-185); whether it is told."""
    if "language" not in answer:
        return False
    found = answer["language"]
    assert re.fullmatch("[a-z]{2}", found), f"{found!r} is no ISO 639-1 code"
    return True


def a_transcript_is_of_the_format_asked_for(media_type: str, form: str) -> bool:
    """JSON for a format that is JSON, and else a text: of its own type, where it has one.

    No page names the types (RC-187). Whether the format is one that is documented.
    """
    if form in ("json", "verbose_json"):
        assert media_type == "application/json", f"{form} comes as {media_type}"
    elif form in ("text", "srt", "vtt"):
        assert media_type != "application/json", f"{form} comes as JSON"
    else:
        return False
    return True


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
