"""Families of words: what a text says, in whichever language and script."""

import pytest

from mock_server.slots.mentions import Mentions
from mock_server.word_families import Heard, load_families, pairs

FAMILIES = load_families()


def heard(text: str) -> Heard:
    return Heard(Mentions(text), FAMILIES)


@pytest.mark.parametrize(
    ("text", "family"),
    [
        ("Is it raining?", "weather"),
        ("l'heure", "clock"),
        ("un'email", "mail"),
        ("東京の天気は", "weather"),
        ("날씨가 어때", "weather"),
        ("Где мой заказ?", "order"),
    ],
)
def test_words_are_of_families(text: str, family: str) -> None:
    assert family in {each for _, families in heard(text).stems for each in families}


@pytest.mark.parametrize(
    ("text", "operations"),
    [
        ("2 + 3 * 4", {"addition", "multiplication"}),
        ("2 ** 3", {"power"}),
        ("9 minus two", {"subtraction"}),
        ("two plus two", {"addition"}),
        ("the square root of 16", {"root"}),
        ("call +49 30 1234567", set()),
        ("on 2025-11-03", set()),
        ("add milk", set()),
        ("product 17", set()),
    ],
)
def test_numbers_are_reckoned_with(text: str, operations: set[str]) -> None:
    assert heard(text).operations == operations


@pytest.mark.parametrize(
    ("text", "verbs"),
    [
        ("Could you please send it?", {"send", "send-"}),
        ("Hi: now run it! Then delete it.", {"run", "run-", "delet", "remove-"}),
        ("", set()),
    ],
)
def test_orders_begin_with_verbs(text: str, verbs: set[str]) -> None:
    assert verbs <= heard(text).verbs
    assert bool(verbs) == bool(heard(text).verbs)


def test_scripts_without_spaces_are_read_by_pairs() -> None:
    assert list(pairs(["天气好 ok 雨", "ab"])) == ["天气", "气好"]
    assert len(list(pairs(["天" * 9000]))) == 400
