"""Subtitles: SubRip and WebVTT (https://www.w3.org/TR/webvtt1/)."""

from collections.abc import Sequence

from mock_server.transcript import Span


def srt(segments: Sequence[Span]) -> str:
    """Numbered cues, with a comma before the milliseconds."""
    return "\n".join(
        f"{number}\n{_times(each, ',')}\n{_plain(each.text).replace('-->', '->')}\n"
        for number, each in enumerate(segments, 1)
    )


def vtt(segments: Sequence[Span]) -> str:
    """A head and cues, with a full stop before the milliseconds."""
    cues = "".join(f"\n{_times(each, '.')}\n{_escaped(_plain(each.text))}\n" for each in segments)
    return f"WEBVTT\n{cues}"


def _times(span: Span, point: str) -> str:
    return f"{_clock(span.start, point)} --> {_clock(span.end, point)}"


def _clock(milliseconds: int, point: str) -> str:
    seconds, rest = divmod(milliseconds, 1000)
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}{point}{rest:03}"


def _plain(text: str) -> str:
    """A text on one line: an empty one would end its cue."""
    return " ".join(text.split())


def _escaped(text: str) -> str:
    """A text in which nothing is taken for markup (section 4.2.2, WebVTT cue text span)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
