"""Films are real: every frame decodes, and file and stream agree on size, length and words."""

from fractions import Fraction
from struct import unpack_from

import pytest
from PIL import ImageChops, ImageStat
from PIL.Image import Image

from mock_server.media.film import film
from mock_server.media.painting import paint
from tests.cinema import shown

PROMPT = "A red fox in the snow"
SIZES = [
    (1280, 720),
    (720, 1280),
    (960, 960),
    (256, 256),
    (16, 16),
    (854, 480),
    (18, 34),
    (16, 2048),
    (2048, 16),
]


def difference(one: Image, other: Image) -> float:
    return max(ImageStat.Stat(ImageChops.difference(one, other)).mean)


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_a_film_of_any_size_begins_with_its_picture_and_moves(width: int, height: int) -> None:
    found = shown(film(PROMPT, 3, width, height, 1.5), every=17)
    assert found.size == (width, height)
    assert found.pictures[0].size == (width, height)
    assert len(found.times) == 36
    smooth = min(width, height) > 200
    assert difference(found.pictures[0], paint(PROMPT, 3, width, height)) < (3 if smooth else 20)
    assert difference(found.pictures[0], found.pictures[1]) > 0.1


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (2048, 2048)])
def test_the_largest_films_are_whole(width: int, height: int) -> None:
    found = shown(film(PROMPT, 3, width, height, 0.25))
    assert (found.size, len(found.times)) == ((width, height), 6)
    assert difference(found.pictures[0], paint(PROMPT, 3, width, height)) < 2


# Seconds, and the frames that they are.
@pytest.mark.parametrize(
    ("seconds", "count"),
    [
        (0.001, 1),
        (0.04, 1),
        (0.5, 12),
        (1, 24),
        (2.5, 60),
        (3.999, 96),
        (4, 96),
        (6.03, 145),
        (12, 288),
        (15, 360),
        (60, 1_440),
    ],
)
def test_a_film_is_as_long_as_asked_for(seconds: float, count: int) -> None:
    found = shown(film(PROMPT, 0, 64, 48, seconds), every=10_000)
    assert found.times == [Fraction(number, 24) for number in range(count)]
    assert found.seconds == (Fraction(str(seconds)), Fraction(str(seconds)))


def test_a_long_film_can_be_begun_at_in_between() -> None:
    data = film(PROMPT, 0, 64, 48, 45)
    assert unpack_from(">4I", data, data.index(b"stss") + 8) == (3, 1, 361, 721)
    found = shown(data)
    keys = [number for number, is_key in enumerate(found.keys) if is_key]
    assert keys == [0, 360, 720]
    assert found.pictures[360].tobytes() == found.pictures[0].tobytes()
    assert found.pictures[500].tobytes() == found.pictures[140].tobytes()


def test_a_film_ends_as_it_begins() -> None:
    found = shown(film(PROMPT, 1, 320, 240, 8))
    jumps = [difference(a, b) for a, b in zip(found.pictures, found.pictures[1:], strict=False)]
    assert difference(found.pictures[-1], found.pictures[0]) < max(jumps)
    assert difference(found.pictures[0], found.pictures[96]) > max(jumps)


@pytest.mark.parametrize(
    "prompt",
    [PROMPT, "Füchslein, лиса, 狐 🦊", "two\nlines", "🦊" * 2_000, ""],
    ids=["plain", "letters", "lines", "long", "no"],
)
def test_a_film_has_its_prompt_and_its_maker_inside(prompt: str) -> None:
    found = shown(film(prompt, 0, 32, 32, 0.1))
    assert found.tags.get("description", "") == prompt
    assert found.tags["encoder"] == "understudy"


def test_a_nul_does_not_end_the_prompt() -> None:
    assert shown(film("a\0b", 0, 32, 32, 0.1)).tags["description"] == "a b"


def test_the_same_gives_the_same_bytes_and_anything_else_others() -> None:
    def made(
        prompt: str = PROMPT, seed: int | str = 0, side: int = 64, seconds: float = 1
    ) -> bytes:
        return film(prompt, seed, side, side, seconds)

    assert made() == made()
    films = {made(), made("A frog"), made(seed=1), made(seed="b"), made(side=66), made(seconds=1.1)}
    assert len(films) == 6


def test_a_film_costs_a_part_of_what_its_samples_would() -> None:
    assert len(film(PROMPT, 3, 1280, 720, 8)) < 1_000_000
