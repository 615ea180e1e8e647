"""Sides of a picture: from a width and a height, a size, a ratio, or nothing at all."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.document import load
from mock_server.errors import Invalid
from mock_server.fixtures import CONTRACT
from mock_server.media.sides import SideRule, side_rule, sides_of

RULE = SideRule((256, 256), (2048, 2048), (1024, 1024), 0.02)
Json = Any


def test_the_rule_is_the_contract_s() -> None:
    document = load(CONTRACT)
    node = document.resolve({"$ref": "#/components/schemas/ImageRequest"})
    assert side_rule(node["properties"]) == RULE


@pytest.mark.parametrize(
    ("body", "sides"),
    [
        ({}, (1024, 1024)),
        ({"width": 300, "height": 2048}, (300, 2048)),
        ({"width": 300.0, "height": 256.0}, (300, 256)),
        ({"size": "1792x1024"}, (1792, 1024)),
        ({"size": "auto"}, (1024, 1024)),
        ({"size": "auto", "width": 256, "height": 300}, (256, 300)),
        ({"size": "auto", "aspect_ratio": "1:2"}, (720, 1440)),
        ({"aspect_ratio": "1:1"}, (1024, 1024)),
        ({"aspect_ratio": "16:9"}, (1280, 720)),
        ({"aspect_ratio": "9:16"}, (720, 1280)),
        ({"aspect_ratio": "4:3"}, (1152, 864)),
        ({"aspect_ratio": "3:2"}, (1248, 832)),
        ({"aspect_ratio": "99:13"}, (1980, 260)),
        ({"aspect_ratio": "8:1"}, (2048, 256)),
        ({"size": "512x256", "width": 512, "height": 256}, (512, 256)),
        ({"size": "1360x768", "aspect_ratio": "16:9"}, (1360, 768)),
        ({"width": 1024, "height": 576, "aspect_ratio": "32:18"}, (1024, 576)),
    ],
)
def test_sides_are_those_asked_for(body: Json, sides: tuple[int, int]) -> None:
    assert sides_of(body, RULE) == sides


@pytest.mark.parametrize(
    ("body", "param", "said"),
    [
        ({"size": "255x512"}, "size", "a side that is not from 256 to 2048"),
        ({"size": "512x9999"}, "size", "a side that is not from 256 to 2048"),
        ({"size": "512x256", "width": 256, "height": 512}, "size", "is not the 256 x 512 of width"),
        ({"size": "512x512", "aspect_ratio": "16:9"}, "aspect_ratio", "not that of 512 x 512"),
        (
            {"width": 512, "height": 300, "aspect_ratio": "1:2"},
            "aspect_ratio",
            "'1:2' is not that of 512 x 300 (width and height)",
        ),
        ({"aspect_ratio": "9:1"}, "aspect_ratio", "allows no sides"),
        ({"aspect_ratio": "1:99"}, "aspect_ratio", "allows no sides"),
    ],
)
def test_what_disagrees_or_cannot_be_is_refused(body: Json, param: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        sides_of(body, RULE)
    assert refused.value.param == param
    assert refused.value.message.startswith(f"{param}: ")
    assert said in refused.value.message


@given(st.integers(1, 99), st.integers(1, 99))
def test_a_ratio_is_met_exactly_and_within_bounds(wide: int, high: int) -> None:
    body = {"aspect_ratio": f"{wide}:{high}"}
    shared = math.gcd(wide, high)
    if max(wide, high) <= 4 * min(wide, high):
        width, height = sides_of(body, RULE)
        assert width * high == height * wide
        assert 256 <= min(width, height) <= max(width, height) <= 2048
        assert width * height > 0.4 * 1024**2 or max(wide, high) // shared > 60
    elif max(wide, high) > 8 * min(wide, high):
        with pytest.raises(Invalid):
            sides_of(body, RULE)
