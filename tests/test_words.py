"""A property's name says what it holds, and the same seed says it again."""

import re
import subprocess
import sys
from random import Random

import pytest

from mock_server.values import words
from mock_server.values.words import Words, size

WORDS = Words()


@pytest.mark.parametrize(
    ("name", "pattern"),
    [
        ("email", "@"),
        ("customerEmail", "@"),
        ("CONTACT_EMAIL", "@"),
        ("emails", "@"),
        ("image_url", "^https://"),
        ("createdAt", r"^\d{4}-\d\d-\d\dT"),
        ("birthday", r"^\d{4}-\d\d-\d\d$"),
        ("user-id", "^[a-z0-9]{16}$"),
        ("ids", "^[a-z0-9]{16}$"),
        ("countryCode", "^[A-Z]{2}$"),
        ("currency", "^[A-Z]{3}$"),
        ("version", r"^\d+\.\d+\.0$"),
        ("price", r"^\d+\.\d\d$"),
        ("ip_address", r"^\d+\.\d+\.\d+\.\d+$"),
    ],
)
def test_names_decide_what_is_said(name: str, pattern: str) -> None:
    said = WORDS.about(name, Random(1))
    assert said is not None
    assert re.search(pattern, said)


def test_names_that_say_nothing_get_no_words() -> None:
    assert WORDS.about("xyzzy", Random(1)) is None
    assert WORDS.about("", Random(1)) is None
    assert WORDS.some(Random(1))


def test_every_name_in_the_tables_gets_a_line_of_text() -> None:
    for name in (*words._FAKED, *words._OF_FORMAT, *words._MADE):
        said = WORDS.about(name, Random(1))
        assert said
        assert "\n" not in said


def test_the_same_seed_says_the_same() -> None:
    for name in ("name", "city", "company", "id", "url"):
        assert WORDS.about(name, Random(5)) == Words().about(name, Random(5))
    assert len({WORDS.about("name", Random(seed)) for seed in range(20)}) > 15


def test_sizes_follow_names() -> None:
    assert size("latitude") == (-60, 60)
    assert size("unitPrice") == (1, 200)
    assert size("xyzzy") is None


def test_faker_is_loaded_with_the_first_words_only() -> None:
    code = (
        "import sys; from random import Random; from mock_server.examples import Examples;"
        "from mock_server.values.words import Words; words = Words(); words.about('id', Random(1));"
        "assert 'faker' not in sys.modules; words.about('name', Random(1));"
        "assert 'faker' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
