"""Tokens are a lossless estimate, and counting stays cheap."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server import tokens

PROSE = """\
The ferry leaves the harbour a little before seven, when the gulls are still arguing about the
night's catch and the first bakers have already gone home. On the upper deck there are two benches
that nobody repairs because everybody likes them as they are, and if you sit on the left one you can
see the whole town wake up, window by window, from the church down to the fish market. An old man
with a green umbrella travels every day to the other side and back again. He says that he is not
going anywhere in particular; he only wants to know whether the island is still there.

In winter the crossing takes longer, since the captain goes around the sandbank that moved after the
storm of 1987. Passengers drink tea from the machine, which gives change in coins that no shop will
take, and they talk about prices, about children, and about the lighthouse that is going to be
turned into a hotel. "It won't happen," says the woman from the post office, and she's usually
right. By the time the engine slows down the sun has come up behind the warehouses. People stand and
look for their gloves. Somebody always forgets a newspaper, somebody else always finds it, and in
the evening it travels back with a crossword that has been almost completely solved.
"""

CUTS = [
    ("", []),
    ("Hello, world!", ["Hello", ",", " world", "!"]),
    ("the quiet harbour", ["the", " quiet", " harbo", "ur"]),
    ("I don't know", ["I", " don", "'t", " know"]),
    ("internationalization", ["inter", "natio", "naliz", "ation"]),
    ("12345678", ["123", "456", "78"]),
    ("a  b", ["a", " ", " b"]),
    ("one\n\ntwo", ["one", "\n\n", "two"]),
    ("x = [1, 2];", ["x", " =", " [", "1", ",", " 2", "];"]),
    ("你好，世界", ["你", "好", "，", "世", "界"]),
    ("Привет", ["Прив", "ет"]),
    ("cafe\u0301", ["cafe\u0301"]),
    ("👍🏽 👩\u200d🔬 🇩🇪🇫🇷", ["👍🏽", " ", "👩\u200d🔬", " ", "🇩🇪", "🇫🇷"]),
]


@pytest.mark.parametrize(("text", "expected"), CUTS)
def test_a_text_is_cut_where_tokenizers_cut(text: str, expected: Sequence[str]) -> None:
    assert tokens.pieces(text) == expected


@given(st.text())
def test_pieces_joined_are_the_text(text: str) -> None:
    cut = tokens.pieces(text)
    assert "".join(cut) == text
    assert all(cut)
    assert tokens.count(text) == len(cut)
    for piece in cut:
        piece.encode()


@pytest.mark.parametrize(
    "text",
    [
        "\u0301" * 999,
        "👩\u200d" * 999,
        " " * 999,
        "\r\n" * 999,
        "'" * 999,
        "é" * 999,
        "\x00\x7f\ufeff",
    ],
)
def test_odd_texts_are_cut_losslessly_too(text: str) -> None:
    assert "".join(tokens.pieces(text)) == text


def test_english_prose_has_about_three_words_for_four_tokens() -> None:
    ratio = len(PROSE.split()) / tokens.count(PROSE)
    assert ratio == pytest.approx(0.76, abs=0.01)


def test_no_piece_is_longer_than_a_word() -> None:
    assert max(map(len, tokens.pieces(PROSE))) <= 7


def test_a_very_long_text_is_counted_in_proportion() -> None:
    page = "word " * (tokens.SAMPLE // 5)
    assert tokens.count(page * 100) == pytest.approx(100 * tokens.count(page), rel=0.001)


def test_counting_goes_over_smoothly_into_estimating() -> None:
    text = "ab " * tokens.SAMPLE
    assert tokens.count(text[: tokens.SAMPLE + 3]) - tokens.count(text[: tokens.SAMPLE]) in (
        0,
        1,
        2,
    )
