"""Subtitles, to the byte."""

from hypothesis import given
from hypothesis import strategies as st

from mock_server.subtitles import srt, vtt
from mock_server.transcript import Span

SPANS = [Span("The tide turns.", 0, 1_920), Span("Late.", 3_599_999, 36_061_001)]


def test_subrip() -> None:
    assert srt(SPANS) == (
        "1\n00:00:00,000 --> 00:00:01,920\nThe tide turns.\n\n"
        "2\n00:59:59,999 --> 10:01:01,001\nLate.\n"
    )


def test_webvtt() -> None:
    assert vtt(SPANS) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.920\nThe tide turns.\n\n"
        "00:59:59.999 --> 10:01:01.001\nLate.\n"
    )


def test_nothing_said_is_no_cue() -> None:
    assert srt([]) == ""
    assert vtt([]) == "WEBVTT\n"


def test_a_hundred_hours_have_three_digits() -> None:
    assert "100:00:00,000 --> 2777:46:40,000" in srt([Span("Still.", 360_000_000, 10_000_000_000)])


def test_a_text_is_not_taken_for_more_than_it_is() -> None:
    wild = [Span("a --> b\n\n\nc <i> & d", 0, 1)]
    assert srt(wild).splitlines()[2] == "a -> b c <i> & d"
    assert vtt(wild).splitlines()[3] == "a --&gt; b c &lt;i&gt; &amp; d"


@given(st.lists(st.text(min_size=1).filter(str.strip), min_size=1, max_size=4))
def test_any_text_stays_in_its_cue(texts: list[str]) -> None:
    spans = [Span(text, number, number + 1) for number, text in enumerate(texts)]
    for written, head in ((srt(spans), 0), (vtt(spans), 1)):
        assert len(written.rstrip("\n").split("\n\n")) == len(texts) + head
        assert written.count("-->") == len(texts)
