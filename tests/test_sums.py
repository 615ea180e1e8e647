"""Sums come out exactly, and none is too large to be worked out at once."""

import pytest

from mock_server.language.sums import result_of

SUMS = [
    ("12*7+3", "87"),
    ("2 + 3 * 4", "14"),
    ("(2 + 3) * -4", "-20"),
    ("0.1 + 0.2", "0.3"),
    ("10 / 4", "2.5"),
    ("1 / 3", "0.333333"),
    ("2 ** 10", "1024"),
    ("2 ** -2", "0.25"),
    ("17 % 5", "2"),
]
NOT_SUMS = [
    "",
    "2 +",
    "007",
    "1 if 2 else 3",
    "x + 1",
    "f(1)",
    "3(4)",
    "'a' * 9",
    "9 ** 9 ** 9",
    "9 ** 0.5",
    "10 ** 99",
    "1" * 500,
    "(" * 100,
]


@pytest.mark.parametrize(("terms", "result"), SUMS)
def test_a_sum_is_worked_out(terms: str, result: str) -> None:
    assert result_of(terms) == result


@pytest.mark.parametrize("terms", NOT_SUMS)
def test_what_is_no_sum_or_too_large_is_refused(terms: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        result_of(terms)


def test_nothing_is_divided_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        result_of("1 / (2 - 2)")
