"""Quotations: what is quoted, but for the names of keys that JSON shall have."""

import pytest

from mock_server.slots.quotations import quotations


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("say \"a\" or 'b'", ["a", "b"]),
        ("JSON with keys `a`, `b` and `c` for 'd'", ["d"]),
        ('a JSON object with the field "a": use "b"', ["b"]),
        ('set the keys "a" and "b"', ["a", "b"]),
        ("```js\nx('y')\n``` and 'z'", ["x('y')", "z"]),
    ],
)
def test_quotations(text: str, found: list[str]) -> None:
    assert [each.text for each in quotations(text)] == found
