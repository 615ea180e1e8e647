"""Places in JSON: every pointer, with stars, into objects and lists, there or not."""

from typing import Any

import pytest

from mock_server.spots import spots, values

VALUE: Any = {"a": [{"b": 1}, {"b": 2}, {"c": 3}], "x/y": {"~": 4}, "e": []}


@pytest.mark.parametrize(
    ("pointer", "found"),
    [
        ("", [VALUE]),
        ("/a/0/b", [1]),
        ("/a/-1/c", [3]),
        ("/a/*/b", [1, 2]),
        ("/a/*", VALUE["a"]),
        ("/*", list(VALUE.values())),
        ("/x~1y/~0", [4]),
        ("/a/7/b", []),
        ("/a/b", []),
        ("/a/0/b/c", []),
        ("/e/*/b", []),
        ("/nothing/*/b", []),
    ],
)
def test_values_are_found(pointer: str, found: list[Any]) -> None:
    assert list(values(VALUE, pointer)) == found


def test_a_place_may_be_open_where_its_holder_is_there() -> None:
    (spot,) = spots({"a": {}}, "/a/b")
    assert not spot.is_there
    spot.holder[spot.step] = 1
    assert spot.value == 1


@pytest.mark.parametrize("value", [None, 1, "text", True])
def test_what_has_no_members_has_no_places(value: Any) -> None:
    assert list(spots(value, "/a")) == []
    assert list(spots(value, "/*")) == []
    assert list(values({"a": value}, "/a/*/b")) == []
