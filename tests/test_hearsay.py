"""Of a picture that nobody has seen, its file's name tells what it tells, and no more."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.colours import NAMES
from mock_server.hearsay import supposed


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("old-lighthouse.png", "an old lighthouse"),
        ("old_lighthouses.png", "old lighthouses"),
        ("GrandCanyon.webp", "a grand canyon"),
        ("boats-1987.jpg", "boats, 1987"),
        ("glass.gif", "a glass"),
        ("Screenshot 2024-03-01 at 10.11.12.png", ""),
        ("2019.jpg", ""),
        ("download.jpeg", ""),
        ("d41d8cd98f00b204e9800998ecf8427e.jpg", ""),
        ("xkcdqrt.jpg", ""),
        (
            "a-very-long-title-about-seven-quiet-rivers-and-hills.jpg",
            "a very long title about seven",
        ),
    ],
)
def test_words_of_a_file_name(name: str, words: str) -> None:
    assert supposed(f"https://example.com/files/{name}", 1).words == words


def test_the_extension_tells_the_format() -> None:
    formats = [supposed(f"http://a/b.{end}", 1).format for end in ("png", "WEBP", "gif", "jpg", "")]
    assert formats == ["PNG", "WebP", "GIF", "JPEG", "JPEG"]


def test_a_colour_in_the_name_is_its_colour() -> None:
    assert supposed("http://a/gray-and-blue-door.png", 1).colours == ("grey", "blue")


@given(st.integers(0, 2**48))
def test_else_a_number_chooses_two_colours(number: int) -> None:
    first, second = supposed("http://a/", number).colours
    assert first != second
    assert {first, second} <= set(NAMES)


@given(st.text(max_size=99))
def test_any_text_is_read(url: str) -> None:
    picture = supposed(url, 1)
    assert supposed(url, 1) == picture
    assert len(picture.words) < 150
