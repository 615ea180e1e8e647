"""The words of a prompt are on the picture, at its foot, within its sides."""

import pytest
from PIL import Image, ImageChops

from mock_server.media.lettering import letter

SIZE = (320, 240)


def written(text: str, size: tuple[int, int] = SIZE) -> tuple[int, int, int, int] | None:
    """The box around what was written, if anything was."""
    blank = Image.new("RGB", size, "green")
    image = blank.copy()
    letter(image, text)
    return ImageChops.difference(blank, image).getbbox()


def test_words_stand_at_the_foot_in_the_middle() -> None:
    box = written("A red fox")
    assert box is not None
    left, upper, right, lower = box
    assert upper > SIZE[1] * 0.85
    assert lower < SIZE[1]
    assert abs(left - (SIZE[0] - right)) <= 2


def test_more_words_take_more_lines_and_no_more_than_three() -> None:
    tops = [box[1] for box in (written("word " * count) for count in (2, 10, 18, 60)) if box]
    assert len(tops) == 4
    assert tops[0] > tops[1] > tops[2] >= tops[3] > SIZE[1] * 0.6


@pytest.mark.parametrize("text", ["x" * 5_000, "word " * 500, "W" * 119])
def test_no_text_is_too_long(text: str) -> None:
    box = written(text)
    if box is not None:
        assert box[0] > 0
        assert box[2] < SIZE[0]


@pytest.mark.parametrize("text", ["", " \n\t", "赤い狐", "лиса", "\0\x01", "🦊🦊", "\uffff"])
def test_what_the_font_has_no_letters_for_is_left_out(text: str) -> None:
    assert written(text) is None


def test_letters_with_marks_are_written_without_them_where_need_be() -> None:
    assert written("Füchse") == written("Fuchse")


@pytest.mark.parametrize("size", [(1, 1), (5, 300), (300, 5), (16, 16)])
def test_no_picture_is_too_small(size: tuple[int, int]) -> None:
    written("A red fox", size)
