"""Every known format yields strings that a validator takes for it, at almost any length."""

from random import Random

import jsonschema_rs
import pytest

from mock_server.values import formats

LENGTHS = {
    "date-time": [20, 22, 23, 30],
    "time": [9, 11, 20],
    "duration": [3, 4, 20],
    "email": [3, 5, 30, 64, 100, 200],
    "idn-email": [3, 40],
    "hostname": [1, 5, 60, 100, 253],
    "idn-hostname": [1, 100],
    "ipv4": list(range(7, 16)),
    "ipv6": [2, 3, 6, 15, 20, 39],
    "uri": [2, 3, 10, 500],
    "url": [10],
    "iri": [10],
    "uri-reference": [0, 1, 10],
    "iri-reference": [0, 1, 10],
    "uri-template": [0, 1, 10],
    "json-pointer": [0, 1, 10],
    "relative-json-pointer": [1, 2, 10],
    "regex": [0, 1, 10],
    "byte": [0, 4, 40],
    "base64": [8],
    "password": [0, 5],
}


def is_valid(name: str, text: str) -> bool:
    validator = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True)
    return validator.is_valid(text)


@pytest.mark.parametrize("name", sorted(formats.KNOWN))
def test_usual_strings_are_of_their_format(name: str) -> None:
    random = Random(1)
    for _ in range(50):
        text = formats.text(name, random)
        assert text is not None
        assert is_valid(name, text)


@pytest.mark.parametrize(
    ("name", "length"), [(name, length) for name, some in LENGTHS.items() for length in some]
)
def test_strings_of_a_length_are_of_their_format(name: str, length: int) -> None:
    text = formats.sized(name, length)
    assert text is not None
    assert len(text) == length
    assert is_valid(name, text)


@pytest.mark.parametrize("name", sorted(LENGTHS))
def test_lengths_that_no_string_has_come_close(name: str) -> None:
    for length in range(250):
        assert is_valid(name, formats.sized(name, length) or "")


def test_unknown_formats_are_left_alone() -> None:
    assert formats.text("colour-of-the-day", Random(1)) is None
    assert formats.sized("colour-of-the-day", 3) is None
    assert formats.sized("uuid", 3) is None


def test_the_same_seed_gives_the_same_string() -> None:
    for name in formats.KNOWN:
        assert formats.text(name, Random(3)) == formats.text(name, Random(3))
