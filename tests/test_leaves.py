"""Texts are read out of a value by where they stand, and put back where they stood."""

from collections import defaultdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.control.leaves import Place, leaves, rebuilt
from tests.world import Json

_SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
VALUES = st.recursive(
    _SCALARS,
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(st.text() | st.sampled_from(["index", "content"]), inner)
        | st.lists(st.integers(0, 255))
    ),
)


def gathered(value: Json, *, rivals: bool = False) -> dict[Place, list[str]]:
    texts = defaultdict(list)
    for place, text in leaves(value, rivals=rivals):
        texts[place].append(text)
    return texts


@given(VALUES, st.booleans())
def test_what_is_put_back_unchanged_is_the_same_value(value: Json, rivals: bool) -> None:
    assert rebuilt(value, gathered(value, rivals=rivals), rivals=rivals) == value


@given(VALUES, st.booleans())
def test_every_text_can_be_changed(value: Json, rivals: bool) -> None:
    texts = {place: ["*"] * len(each) for place, each in gathered(value, rivals=rivals).items()}
    told = rebuilt(value, texts, rivals=rivals)
    assert {text for each in gathered(told, rivals=rivals).values() for text in each} <= {"*"}


def chunk(index: int, text: str) -> Json:
    return {"choices": [{"index": index, "delta": {"content": text}}]}


def test_pieces_of_a_text_stand_at_one_place() -> None:
    told = gathered([chunk(0, "a"), chunk(1, "x"), chunk(0, "b"), chunk(1, "y")])
    assert [[*"ab"], [*"xy"]] == [
        each for (path, _), each in told.items() if path[-1:] == ("content",)
    ]


@pytest.mark.parametrize(
    ("rivals", "expected"), [(False, ["a", "x", "b", "y"]), (True, ["a", "b"])]
)
def test_rivals_are_told_apart_by_their_position(rivals: bool, expected: list[str]) -> None:
    tokens = [{"top": [{"token": "a"}, {"token": "x"}]}, {"top": [{"token": "b"}, {"token": "y"}]}]
    assert gathered(tokens, rivals=rivals)[("top", "token"), 0] == expected


@pytest.mark.parametrize(
    ("value", "expected"), [([104, 105], ["hi"]), ([256, 1], ["256", "1"]), ([], []), ([True], [])]
)
def test_bytes_are_a_text(value: Json, expected: list[str]) -> None:
    assert [text for each in gathered(value).values() for text in each] == expected
