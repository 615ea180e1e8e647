"""Pictures follow from prompt, seed and size, and show the colours that the prompt names."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.colours import NAMES
from mock_server.media.encoding import encode
from mock_server.media.painting import paint
from mock_server.picture import Picture
from mock_server.picture_files import look_into

FORMS = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP"}


def seen(prompt: str, seed: int, form: str = "png") -> Picture:
    data = encode(paint(prompt, seed, 256, 256), form, prompt)
    return look_into(data, FORMS[form], most_pixels=10_000_000, animated=False)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", NAMES)
def test_the_colour_that_is_named_fills_the_most(name: str, form: str) -> None:
    assert {seen(f"A {name} kettle", seed, form).colours[0] for seed in range(8)} == {name}


def test_two_colours_that_are_named_are_both_seen() -> None:
    for seed in range(20):
        colours = seen("a blue kettle on a white table", seed).colours
        assert colours[0] == "blue"
        assert "white" in colours


def test_the_same_gives_the_same_bytes_and_anything_else_others() -> None:
    def made(prompt: str = "a kettle", seed: int = 0, side: int = 64) -> bytes:
        return encode(paint(prompt, seed, side, side), "png", "")

    assert made() == made()
    assert len({made(), made("a pot"), made(seed=1), made(side=65)}) == 4


def test_pictures_of_one_prompt_differ_in_what_is_on_them() -> None:
    pictures = {paint("a kettle", seed, 64, 64).tobytes() for seed in range(30)}
    assert len(pictures) == 30


@given(st.text(max_size=200), st.integers(1, 300), st.integers(1, 300))
@settings(max_examples=60)
def test_any_prompt_is_painted_in_any_size(prompt: str, width: int, height: int) -> None:
    picture = paint(prompt, 0, width, height)
    assert (picture.mode, picture.size) == ("RGB", (width, height))


@pytest.mark.parametrize(("width", "height"), [(2048, 2048), (2048, 256), (256, 2048)])
def test_the_largest_are_painted_whole(width: int, height: int) -> None:
    picture = paint("a harbour", 1, width, height)
    assert picture.size == (width, height)
    assert len(picture.getcolors(width * height) or ()) > 10
