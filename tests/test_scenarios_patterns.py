"""Patterns of rules mean what they mean to `re`, and none of them holds a server up."""

import re
import warnings

import pytest

from mock_server.scenarios.patterns import pattern

TEXTS = ["Tell me a joke\n", "a{e} {i<=2} a{,2}", "ÜBER über 12-34", "aaa [x] b\\c", "", "x" * 50]


@pytest.mark.parametrize(
    "text",
    [
        "joke$",
        r"joke\Z",
        r"(?i)über",
        r"\bme\b",
        r"\d{2}-\d{2}",
        "a{e}",
        "{i<=2}",
        "a{,2}$",
        "a{2,}",
        "(?:aa){e<=1}b",
        r"\N{LATIN SMALL LETTER U WITH DIAERESIS}",
        r"[{e}]\{",
        "^$",
        "(?P<one>a)(?P=one)",
        "(?<!a)a{3}(?!b)",
        "(?s)a.*k",
        "(?x) j o k e # joke",
        "[[a]",
        "x++$",
        "(a)?(?(1)a|b)",
    ],
)
def test_a_pattern_finds_what_re_finds(text: str) -> None:
    with warnings.catch_warnings(action="ignore"):
        expected = [re.search(text, each) is not None for each in TEXTS]
    assert [pattern(text).is_in(each) for each in TEXTS] == expected


@pytest.mark.parametrize(
    ("text", "searched"),
    [
        ("(a|a)*$", "a" * 40 + "!"),
        (r"(x+)\1+$", "x" * 100_000 + "y"),
        (r"\s+$", " " * 150_000 + "x"),
    ],
    ids=["alternatives", "reference", "spaces"],
)
def test_a_search_that_would_not_end_is_ended(text: str, searched: str) -> None:
    with pytest.raises(TimeoutError):
        pattern(text).is_in(searched)


def test_what_re_would_search_for_ever_is_found_or_not() -> None:
    assert not pattern("^(a+)+$").is_in("a" * 40 + "!")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a{100000000}", "its counts come to more than 10,000 steps"),
        ("((a{1000}){1000}){1000}", "its counts come to more than 10,000 steps"),
        ("(?x)((a{1000} # )\n){1000})", "its counts come to more than 10,000 steps"),
        ("(?:a?){50,60}" * 200, "its counts come to more than 10,000 steps"),
        ("a" * 10_001, "it is longer than 10,000 characters"),
        ("a{99999999999}", "too large"),
        ("(" * 2_000 + ")" * 2_000, "recursion"),
        (r"\p{L}", "bad escape"),
        ("(?R)", "unknown extension"),
    ],
    ids=lambda each: each[:20],
)
def test_a_pattern_that_would_take_the_memory_is_none(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        pattern(text)


def test_the_same_text_is_the_same_pattern() -> None:
    assert pattern("a{3}b") == pattern("a{3}b") != pattern("a")
