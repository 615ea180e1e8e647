"""How likely tokens are said to be: never above one in sum, and the same however much is told."""

import math
from typing import Any

import pytest

from mock_server.protocols.openai.logprobs import Likelihoods

Json = Any
PIECES = ["The", " tide", " comes", ",", " the", " tide", " goes", " 🌊", "."]


def told(tops: int) -> list[Json]:
    likelihoods = Likelihoods(PIECES, tops)
    return [likelihoods.of(piece) for piece in PIECES]


@pytest.mark.parametrize("tops", [0, 1, 2, 5, 20])
def test_as_many_tops_as_asked_each_another_token(tops: int) -> None:
    for piece, one in zip(PIECES, told(tops), strict=True):
        assert one["token"] == piece
        assert bytes(one["bytes"]).decode() == piece
        names = [each["token"] for each in one["top_logprobs"]]
        assert len(names) == len(set(names)) == tops


def test_chances_fall_from_the_token_itself_and_sum_to_one_at_most() -> None:
    for one in told(20):
        chances = [each["logprob"] for each in one["top_logprobs"]]
        assert all(chance <= 0 for chance in chances)
        assert chances == sorted(chances, reverse=True)
        assert one["logprob"] == chances[0]
        assert one["top_logprobs"][0]["token"] == one["token"]
        assert sum(map(math.exp, chances)) <= 1.0001


def test_a_token_is_as_likely_however_many_others_are_told() -> None:
    assert len({tuple(one["logprob"] for one in told(tops)) for tops in (0, 3, 20)}) == 1


def test_repeated_answers_have_the_same_likelihoods() -> None:
    assert told(5) == told(5)
