"""Colours have the plain names that people give them, the largest first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import ImageColor

from mock_server.colours import NAMES, colour_name, main_colours
from mock_server.fixtures import FIXTURES
from mock_server.language.phrases import load_phrases

BYTE = st.integers(0, 255)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("black", "black #101010 #0a0014"),
        ("white", "white snow #fafafa"),
        ("grey", "grey silver dimgray lightgrey #404040"),
        ("red", "red darkred crimson firebrick tomato maroon"),
        ("orange", "orange darkorange coral"),
        ("brown", "saddlebrown sienna #5c3a1e"),
        ("yellow", "yellow gold khaki"),
        ("green", "green lime darkgreen forestgreen lightgreen olivedrab"),
        ("turquoise", "turquoise teal cyan darkcyan"),
        ("blue", "blue navy royalblue steelblue dodgerblue"),
        ("purple", "purple indigo rebeccapurple blueviolet"),
        ("pink", "pink hotpink deeppink lightpink magenta"),
        ("beige", "beige wheat tan bisque"),
    ],
)
def test_well_known_colours(name: str, values: str) -> None:
    for value in values.split():
        assert colour_name(*ImageColor.getrgb(value)[:3]) == name, value


@given(BYTE, BYTE, BYTE)
def test_every_colour_has_a_name(red: int, green: int, blue: int) -> None:
    assert colour_name(red, green, blue) in NAMES


def test_every_language_knows_every_name() -> None:
    for language in load_phrases(FIXTURES / "phrases.yaml").languages:
        assert language.tables["colours"].keys() == set(NAMES)


def test_the_largest_share_comes_first_and_small_ones_are_left_out() -> None:
    red, dark_red, blue, white = (255, 0, 0, 255), (139, 0, 0, 255), (0, 0, 255), (255,) * 3
    assert main_colours([(40, blue), (30, red), (25, dark_red), (5, white)]) == ("red", "blue")
    assert main_colours([(1, white)]) == ("white",)
    assert main_colours([]) == ()


def test_no_more_than_three_are_named() -> None:
    counts = [(25, ImageColor.getrgb(name)) for name in ("red", "green", "blue", "white")]
    assert main_colours(counts) == ("blue", "green", "red")
