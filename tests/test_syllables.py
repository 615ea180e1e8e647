"""Texts of any script become about as many syllables as a reader would say."""

import pytest

from mock_server.media.syllables import Mark, spoken


def count(text: str) -> int:
    return sum(len(each) for each in spoken(text) if not isinstance(each, Mark))


def signs(text: str) -> list[str]:
    return [each.sign for each in spoken(text) if isinstance(each, Mark)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The tide turns at noon", 5),
        ("table people are gone", 6),
        ("Les bateaux rentrent au port", 7),
        ("Ein Füchslein läuft", 4),
        ("Ночь, улица, фонарь, аптека", 9),
        ("Καλημέρα κόσμε", 6),
        ("春眠不覚暁", 5),
        ("안녕하세요", 5),
        ("שלום עולם", 4),
        ("नमस्ते", 4),
        ("TV", 2),
        ("hmm", 1),
        ("2024", 5),
        ("٢٠", 3),
        ("a 😀 b", 4),
        ("$5", 3),
        ("", 0),
        (" \t", 0),
        ("?!...", 0),
        ("()[]{}", 0),
    ],
)
def test_how_many_syllables_a_text_has(text: str, expected: int) -> None:
    assert count(text) == expected


def test_the_same_word_however_its_accents_are_written() -> None:
    assert spoken("n\u0303andu\u0301") == spoken("ñandú")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Yes, no. Why? Stop!", [",", ".", "?", "!"]),
        ("What?!?... Oh", ["?"]),
        ("one\n\n\ntwo", ["\n"]),
        ("one.\ntwo", ["."]),
        ("はい。いいえ？", [".", "?"]),
        ("نعم، لا؟", [",", "?"]),
        ("well-known (nearly)", []),
    ],
)
def test_marks_in_a_row_are_the_strongest_of_them(text: str, expected: list[str]) -> None:
    assert signs(text) == expected


def test_onsets_are_of_their_kind() -> None:
    [word] = spoken("satelomi")
    assert not isinstance(word, Mark)
    assert [(each.onset, each.vowels) for each in word] == [
        ("s", "a"),
        ("t", "e"),
        ("m", "o"),
        ("m", "i"),
    ]


def test_a_word_of_several_syllables_has_one_stress() -> None:
    for word in spoken("development of pronunciation"):
        assert not isinstance(word, Mark)
        assert sum(each.is_stressed for each in word) == 1


@pytest.mark.parametrize("text", ["x" * 4096, "a" * 4096, "ب" * 4096, "春" * 4096, "\u0301" * 4096])
def test_endless_words_are_read_in_pieces(text: str) -> None:
    words = [each for each in spoken(text) if not isinstance(each, Mark)]
    assert all(len(each) <= 60 for each in words)
    assert spoken(text) == spoken(text)
