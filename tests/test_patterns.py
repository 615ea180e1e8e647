"""Patterns are turned into strings that they match, as JSON Schema reads them."""

from random import Random

import jsonschema_rs
import pytest

from mock_server.values.patterns import LONGEST, Pattern, UnsupportedPattern

SURE = [
    "",
    "abc",
    "^[a-z]+$",
    r"^\d{3}-\d{4}$",
    "^(foo|barbaz|q{3,5})(-\\d+)*$",
    r"^\p{L}+$",
    r"^[\p{L}\p{Nd} ]{3,10}$",
    r"\p{Lu}\pL*",
    r"^\P{N}$",
    "^[^/]+/[^/]+$",
    r"^\S+@\S+\.\S+$",
    "^#?([a-f0-9]{6}|[a-f0-9]{3})$",
    r"^(?<year>\d{4})-(?<month>\d\d)$",
    r"^([a-z])\1$",
    "^[\u4e00-\u9fa5]+$",
    r"^[\s\S]*$",
    r"\/v\d+\/",
    r"^[^\x20-\x7e]$",
    r"^[\t\n]$",
    r"^\cJ$",
    r"^\u{1F600}$",
    r"^[[\]]+$",
    "^(?:(?:a|b)|c){2,}$",
    "^(?i:abc)$",
    "^a+?b*?$",
    r"^[\w.\-]+$",
    r"^\D\W\s$",
    r"^[^\d\W]$",
    "^x{0}y$",
    r"^\_\-$",
    "a$|^b",
    "^.$",
]
LIKELY = [
    r"^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[A-Za-z\d@$!%*?&]{8,}$",
    "^(?!foo)[a-z]{3}$",
    r"\bfoo\b",
    "^[a-z]+(?<!x)$",
    "(?=b)[ab]",
]


def matches(pattern: str, text: str) -> bool:
    return jsonschema_rs.Draft202012Validator({"pattern": pattern}).is_valid(text)


@pytest.mark.parametrize("pattern", SURE)
def test_a_string_matches(pattern: str) -> None:
    random = Random(1)
    drawn = Pattern(pattern)
    for _ in range(50):
        assert matches(pattern, drawn.text(random))


@pytest.mark.parametrize("pattern", LIKELY)
def test_assertions_are_met_by_some_of_the_strings(pattern: str) -> None:
    random = Random(1)
    drawn = Pattern(pattern)
    assert sum(matches(pattern, drawn.text(random)) for _ in range(50)) >= 15


@pytest.mark.parametrize(
    ("pattern", "shortest", "longest"),
    [
        ("^[a-z]+$", 20, 20),
        ("^[a-z]+$", 300, 310),
        (r"^\d{3}-\w*$", 9, 12),
        ("^(ab|c{5,50})$", 40, 60),
        ("^(a{2,4}b?){1,30}$", 50, 60),
        ("^((x?){9}){9}$", 5, 7),
        ("abc", 10, 12),
        ("abc$", 10, 12),
        ("^abc", 10, 12),
        (r"\bfoo\b", 10, 12),
        ("^.{2,10000}$", 5, 8),
    ],
)
def test_lengths_are_kept_where_the_pattern_allows(
    pattern: str, shortest: int, longest: int
) -> None:
    random = Random(1)
    drawn = Pattern(pattern)
    texts = [drawn.text(random, shortest, longest) for _ in range(30)]
    assert all(shortest <= len(text) <= longest for text in texts)
    schema = {"items": {"pattern": pattern}}
    assert jsonschema_rs.Draft202012Validator(schema).is_valid(texts)


def test_the_same_seed_gives_the_same_string() -> None:
    pattern = Pattern("^(?=.*[0-9])[a-z0-9_]{3,40}$")
    assert pattern.text(Random(7)) == pattern.text(Random(7))
    assert len({pattern.text(Random(seed)) for seed in range(20)}) > 15


@pytest.mark.parametrize(
    ("pattern", "complaint"),
    [
        ("(", "not understood"),
        ("(" * 1000 + ")" * 1000, "not understood"),
        ("a" * 3000, "longer than 2000"),
        ("a{99999999999999999999}", "not understood"),
        ("(a{1000}){1000}", f"longer than {LONGEST}"),
        ("^(?(1)a|b)$", "not understood"),
        ("^(a)?(?(1)b|c)$", "conditional group"),
    ],
)
def test_what_cannot_be_made_is_refused(pattern: str, complaint: str) -> None:
    with pytest.raises(UnsupportedPattern, match=complaint):
        Pattern(pattern).text(Random(1))


def test_billions_of_empty_rounds_are_skipped() -> None:
    assert len(Pattern("^(a?){4000000000}$").text(Random(1))) < 20
