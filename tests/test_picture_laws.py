"""The laws of pictures, tried on pictures that keep them and on some that do not."""

from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from contract_tests import picture_laws

Json = Any


def _picture(form: str = "PNG", sides: tuple[int, int] = (32, 18)) -> bytes:
    file = BytesIO()
    Image.radial_gradient("L").resize(sides).convert("RGB").save(file, form)
    return file.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_file_is_whole_or_cut_off(form: str) -> None:
    picture = _picture(form)
    picture_laws.a_picture_is_whole(picture)
    picture_laws.a_picture_is_of_the_format(picture, form.lower())
    for part in (b"", picture[:20], picture[: len(picture) // 2]):
        with pytest.raises(AssertionError, match="does not decode"):
            picture_laws.a_picture_is_whole(part)


def test_a_picture_of_another_format_is_told() -> None:
    with pytest.raises(AssertionError, match="a PNG, not a WEBP"):
        picture_laws.a_picture_is_of_the_format(_picture(), "webp")


def test_a_picture_of_other_sides_or_another_shape_is_told() -> None:
    picture_laws.a_picture_has_the_sides(_picture(), (32, 18))
    picture_laws.a_picture_has_the_shape(_picture(), "16:9")
    with pytest.raises(AssertionError, match=r"\(32, 18\) pixels"):
        picture_laws.a_picture_has_the_sides(_picture(), (18, 32))
    with pytest.raises(AssertionError, match="32 x 18 is not 9:16"):
        picture_laws.a_picture_has_the_shape(_picture(), "9:16")


@pytest.mark.parametrize(
    ("asked", "sides"),
    [
        ({"width": 512, "height": 256}, (512, 256)),
        ({"width": 512, "height": 256, "size": "1024x1024"}, (512, 256)),
        ({"size": "256x2048"}, (256, 2048)),
        ({"size": "auto"}, None),
        ({"size": "128x512"}, None),
        ({"width": "wide", "height": 256}, None),
        ({"width": [512], "height": 256}, None),
        ({"width": 512}, None),
        ({}, None),
    ],
)
def test_sides_are_those_that_can_be_asked_for(asked: Json, sides: tuple[int, int] | None) -> None:
    assert picture_laws.sides_of(asked) == sides


def test_pictures_are_found_inline_in_either_way() -> None:
    text = b64encode(_picture()).decode()
    entries = [
        {"b64_json": text, "url": None},
        {"url": f"data:image/png;base64,{text}"},
        {"url": "https://example.com/a.png"},
        {"b64_json": "no base64!"},
    ]
    assert picture_laws.inline({"data": entries}) == [_picture()] * 2


def test_one_form_is_asked_for_and_the_other_is_empty() -> None:
    by_url, both = {"url": "https://a/b.png", "b64_json": None}, {"url": "a", "b64_json": "b"}
    picture_laws.pictures_come_in_the_form_asked_for({"data": [by_url]}, "url")
    picture_laws.the_form_that_was_not_asked_for_is_empty({"data": [by_url]}, "url")
    with pytest.raises(AssertionError, match="b64_json was asked for"):
        picture_laws.pictures_come_in_the_form_asked_for({"data": [by_url]}, "b64_json")
    with pytest.raises(AssertionError, match="b64_json was not asked for"):
        picture_laws.the_form_that_was_not_asked_for_is_empty({"data": [both]}, "url")
    with pytest.raises(AssertionError, match="2 pictures, 1 were"):
        picture_laws.there_are_as_many_as_asked_for({"data": [by_url, by_url]}, 1)
