"""The colours of a picture: those its prompt names, those of what is in it, or any."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.colours import NAMES, colour_name
from mock_server.media.hues import TONES, hues_of


def test_every_name_has_tones() -> None:
    assert tuple(TONES) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_all_tones_of_a_colour_have_its_name(name: str) -> None:
    light, deep = TONES[name]
    for step in range(256):
        red, green, blue = (
            round(a + (b - a) * step / 255) for a, b in zip(light, deep, strict=True)
        )
        assert colour_name(red, green, blue) == name


@pytest.mark.parametrize(
    ("prompt", "first"),
    [
        ("a red fox", ("red", "orange")),
        ("A RED, white and blue flag", ("red", "white", "blue")),
        ("a crimson rose in a navy vase", ("red", "blue")),
        ("gray cat, silver moon", ("grey", "black")),
        ("A lighthouse at dusk", ("orange", "purple")),
        ("paper boats", ("blue", "turquoise")),
        ("green fox under a pink sky on yellow sand", ("green", "pink", "yellow")),
    ],
)
def test_colours_that_are_named_come_first_then_those_of_things(
    prompt: str, first: tuple[str, ...]
) -> None:
    assert hues_of(prompt, Random(0))[: len(first)] == first


def test_words_that_only_hold_a_colour_do_not_name_it() -> None:
    assert {hues_of("a tired pinkerton", Random(seed))[0] for seed in range(40)} > {"blue", "green"}


@given(st.text(max_size=60), st.integers())
def test_there_are_two_or_three_and_no_two_alike(prompt: str, seed: int) -> None:
    hues = hues_of(prompt, Random(seed))
    assert 2 <= len(hues) == len(set(hues)) <= 3
    assert set(hues) <= set(NAMES)
