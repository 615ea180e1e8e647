"""Macroblocks say sample for sample what a still picture is, and how it is moved."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from mock_server.media.h264 import (
    RATE,
    Format,
    key_frame,
    key_header,
    other_frame,
    picture,
    sequence,
)
from mock_server.media.macroblocks import SIDE, Field, moved, still
from mock_server.media.mp4 import TICKS, Track, movie
from tests.cinema import Plane, planes

WORST = 52  # the highest level


def decoded(image: Image.Image, fields: list[Field]) -> list[tuple[Plane, Plane, Plane]]:
    """The samples of a picture and of the frames that move it, as a decoder has them."""
    columns, rows = image.width // SIDE, image.height // SIDE
    frames = [key_frame(*still(image, key_header()))]
    frames += [other_frame(number, moved(field)) for number, field in enumerate(fields, 1)]
    form = Format(columns, rows, *image.size, WORST)
    durations = [TICKS // RATE] * len(frames)
    track = Track(*image.size, WORST, (sequence(form), picture()), frames, durations, [0])
    return planes(movie(track, {}))


def noise(width: int, height: int) -> Image.Image:
    return Image.frombytes("RGB", (width, height), Random(5).randbytes(width * height * 3))


def gradient(width: int, height: int) -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def collage() -> Image.Image:
    """Noise beside plain grounds beside gradients: what macroblocks are written as alternates."""
    image = gradient(160, 128)
    draw = ImageDraw.Draw(image)
    draw.rectangle((32, 32, 111, 79), "red")
    draw.ellipse((40, 60, 120, 120), "blue")
    image.paste(gradient(64, 48).transpose(Image.Transpose.ROTATE_90), (100, 10))
    image.paste(noise(16, 16), (48, 48))
    image.paste(noise(40, 16), (8, 96))
    return image


def specks() -> Image.Image:
    """A plain ground with a pixel here and there that is hardly another."""
    image = Image.new("RGB", (96, 64), (120, 120, 120))
    for number in range(6):
        image.putpixel((number * 16 + 15 - number % 2, number * 9 + 7), (123, 123, 123))
    return image


PICTURES = {
    "specks": specks(),
    "noise": noise(80, 48),
    "plain": Image.new("RGB", (64, 64), "orange"),
    "down": gradient(64, 96),
    "across": gradient(96, 64).transpose(Image.Transpose.ROTATE_90),
    "collage": collage(),
    "least": noise(16, 16),
    "white": Image.new("RGB", (32, 16), "white"),
    "black": Image.new("RGB", (16, 32), "black"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_still_picture_comes_back_sample_for_sample(name: str) -> None:
    image = PICTURES[name]
    luma, blue, red = decoded(image, [])[0]
    pixels = image.tobytes()
    for place in range(image.width * image.height):
        y, x = divmod(place, image.width)
        r, g, b = pixels[place * 3 : place * 3 + 3]
        assert abs(luma[y][x] - (16 + (0.2126 * r + 0.7152 * g + 0.0722 * b) * 219 / 255)) <= 1
    small = image.reduce(2).tobytes()
    for place in range(len(small) // 3):
        y, x = divmod(place, image.width // 2)
        r, g, b = small[place * 3 : place * 3 + 3]
        bright = 0.2126 * r + 0.7152 * g + 0.0722 * b
        assert abs(blue[y][x] - (128 + (b - bright) / 1.8556 * 224 / 255)) <= 2
        assert abs(red[y][x] - (128 + (r - bright) / 1.5748 * 224 / 255)) <= 2


def test_what_goes_on_as_it_was_beside_costs_next_to_nothing() -> None:
    sizes = {name: len(key_frame(*still(PICTURES[name], ""))) for name in PICTURES}
    assert sizes["noise"] > 15 * 384
    assert sizes["plain"] < 384 + 40
    assert sizes["down"] < 6 * 386 + 40
    assert sizes["across"] < 6 * 386 + 40


def seen(plane: Plane, field: Field, side: int, scale: int) -> list[bytes]:
    """What a plane shows when each macroblock is taken from whole samples away."""
    found = []
    for y in range(len(plane)):
        down = min(max(y + field.rows[y // side] // scale, 0), len(plane) - 1)
        lefts = (x + field.columns[x // side] // scale for x in range(len(plane[0])))
        found.append(bytes(plane[down][min(max(left, 0), len(plane[0]) - 1)] for left in lefts))
    return found


def check_frames_show_their_fields(image: Image.Image, fields: list[Field]) -> None:
    first, *others = decoded(image, fields)
    assert len(others) == len(fields)
    for frame, field in zip(others, fields, strict=True):
        for plane, found, side in zip(first, frame, (16, 8, 8), strict=True):
            assert found == seen(plane, field, side, 4 if side == 16 else 8)


# Multiples of eight quarters are whole samples in every plane.
steps = st.integers(-3, 3).map(lambda number: number * 8)


@st.composite
def fields_of(draw: st.DrawFn, columns: int, rows: int) -> Field:
    xs = draw(st.lists(steps, min_size=columns, max_size=columns))
    ys = draw(st.lists(steps, min_size=rows, max_size=rows))
    return Field(sorted(xs, reverse=draw(st.booleans())), ys)


@given(st.data(), st.integers(1, 5), st.integers(1, 5))
@settings(max_examples=60)
def test_each_macroblock_is_taken_from_where_the_field_says(
    data: st.DataObject, columns: int, rows: int
) -> None:
    fields = data.draw(st.lists(fields_of(columns, rows), min_size=1, max_size=6))
    check_frames_show_their_fields(noise(columns * SIDE, rows * SIDE), fields)


@pytest.mark.parametrize(
    "field",
    [
        Field([0] * 5, [0] * 4),
        Field([8] * 5, [0] * 4),
        Field([0] * 5, [8] * 4),
        Field([16, 8, 0, -8, -16], [0] * 4),
        Field([16, 8, 0, -8, -16], [8, 0, 0, -8]),
        Field([8, 8, 8, 8, 8], [8, 8, 8, 8]),
        Field([0] * 5, [0, 0, 8, 8]),
        Field([0] * 5, [8, 8, 0, 0]),
        Field([8, 8, 8, 8, 0], [8, 8, 8, 16]),
        Field([-8, -8, 0, 0, 0], [16, 16, 16, 16]),
    ],
    ids=str,
)
def test_what_is_skipped_moves_as_it_should(field: Field) -> None:
    check_frames_show_their_fields(noise(80, 64), [field, Field([0] * 5, [0] * 4), field])


def test_what_does_not_move_is_skipped_as_a_whole() -> None:
    assert moved(Field([0] * 80, [0] * 45)) == "00000000000111000010001"  # ue(3600)


def test_moving_all_alike_writes_no_more_than_the_edges() -> None:
    assert len(moved(Field([8] * 80, [8] * 45))) < 80 * 5 + 45 * 18 + 20


def test_a_decoder_notices_a_macroblock_too_few() -> None:
    frames = [
        key_frame(*still(noise(32, 32), key_header())),
        other_frame(1, moved(Field([8, 8], [8]))),
    ]
    form = Format(2, 2, 32, 32, WORST)
    track = Track(32, 32, WORST, (sequence(form), picture()), frames, [1_000] * 2, [0])
    with pytest.raises(AssertionError, match="error"):
        planes(movie(track, {}))
