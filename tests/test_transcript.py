"""Segments and words: ascending, within the time, and all of the text."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.transcript import Span, segments, words


def test_sentences_share_the_time_by_their_length() -> None:
    found = segments("One. A sentence that is longer.", 3_300)
    assert found == [Span("One.", 0, 516), Span("A sentence that is longer.", 516, 3_300)]


def test_sentences_end_in_any_script_and_with_any_line() -> None:
    text = "Yes! “Really?” he asked.\nA line\n\nanother… 你好。再见！はい？それ"
    expected = [
        "Yes!",
        "“Really?”",
        "he asked.",
        "A line",
        "another…",
        "你好。",
        "再见！",
        "はい？それ",
    ]
    assert [each.text for each in segments(text, 20_000)][:7] == expected[:7]


def test_numbers_are_no_ends() -> None:
    assert [each.text for each in segments("It is 3.5 metres.", 2_000)] == ["It is 3.5 metres."]


@pytest.mark.parametrize(
    "text", ["word " * 100, "字" * 100, "Sentence one is short. " + "and on " * 99]
)
def test_long_sentences_are_cut(text: str) -> None:
    found = segments(text, 60_000)
    assert len(found) >= 5
    assert all(each.end - each.start <= 15_000 for each in found)
    assert "".join("".join(each.text.split()) for each in found) == "".join(text.split())


def test_a_single_word_cannot_be_cut() -> None:
    assert segments("Yes.", 3_600_000) == [Span("Yes.", 0, 3_600_000)]


def test_where_there_is_no_time_there_is_one_segment() -> None:
    assert segments("One. Two. Three.", 2) == [Span("One. Two. Three.", 0, 2)]
    assert segments("One. Two. Three.", 3) == [
        Span("One.", 0, 1),
        Span("Two.", 1, 2),
        Span("Three.", 2, 3),
    ]


def test_no_text_has_no_segments() -> None:
    assert segments("", 1_000) == segments(" \n ", 1_000) == []


def test_words_are_without_punctuation() -> None:
    found = words(Span("“Don't,” she said - 你好，世界。", 1_000, 3_000))
    assert [each.text for each in found] == ["Don't", "she", "said", "你", "好", "世", "界"]
    assert (found[0].start, found[-1].end) == (1_000, 3_000)
    assert words(Span("...", 0, 100)) == []


@given(st.text(max_size=300), st.integers(1, 100_000))
def test_any_text_in_any_time_is_in_order(text: str, length: int) -> None:
    found = segments(text, length)
    told = "".join("".join(each.text.split()) for each in found)
    assert told == "".join(text.split())
    if found:
        assert (found[0].start, found[-1].end) == (0, length)
    for each in found:
        assert each.start < each.end
        said = words(each)
        assert all(each.start <= one.start < one.end <= each.end for one in said)
        assert all(one.end == two.start for one, two in pairwise(said))
    assert all(one.end == two.start for one, two in pairwise(found))
