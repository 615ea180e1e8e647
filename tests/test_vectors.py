"""Vectors: of length 1, the same everywhere, near where words are shared, cheap for any text."""

import math
import os
import struct
import subprocess
import sys
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.vectors import Vectors

MODEL = "BAAI/bge-large-en-v1.5"
_LITTLE = "a an and at do how i in is my of on the to what will with be by for from"
LIGHT = frozenset(_LITTLE.split())

NEAR = [
    ("How do I reset my password?", "How can I reset the password of my account?"),
    ("The cat sat on the mat", "A cat is sitting on the mat"),
    ("Refunds are paid within 14 days", "A refund will be paid within fourteen days"),
    ("A harbour at low tide", "The harbour when the tide is low"),
    ("今天天气很好", "今天的天气真好"),
    ("Как сбросить пароль?", "Как мне сбросить мой пароль"),
    ("def add(a, b): return a + b", "def add(x, y): return x + y"),
    ("कल मौसम कैसा रहेगा", "कल का मौसम कैसा है"),
]
FAR = [
    ("How do I reset my password?", "What is the capital of France?"),
    ("The cat sat on the mat", "Interest rates rose in the second quarter"),
    ("Refunds are paid within 14 days", "The lighthouse is near the harbour"),
    ("A harbour at low tide", "A field of wheat"),
    ("今天天气很好", "请问怎么重置密码"),
    ("Как сбросить пароль?", "Столица Франции большая"),
    ("🙂", "🦀"),
    ("a", "b"),
]
ODD = [
    "a",
    " ",
    "\n\t",
    "🙂",
    "👩‍👩‍👧‍👦",
    "!",
    "___",
    "\x00",
    "é",
    "\u0301",
    "\u200b",
    "1",
    "ß" * 40,
]


def numbers(
    text: str, size: int = 1024, dimensions: int | None = None, model: str = MODEL
) -> Sequence[float]:
    packed = Vectors(model, size, LIGHT).of(text, dimensions)
    return struct.unpack(f"<{dimensions or size}f", packed)


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("size", [384, 768, 1024, 3072])
@pytest.mark.parametrize(("one", "other"), NEAR)
def test_shared_words_bring_texts_near(one: str, other: str, size: int) -> None:
    assert cosine(numbers(one, size), numbers(other, size)) > 0.5


@pytest.mark.parametrize("size", [384, 768, 1024, 3072])
@pytest.mark.parametrize(("one", "other"), FAR)
def test_texts_that_share_nothing_are_far(one: str, other: str, size: int) -> None:
    assert cosine(numbers(one, size), numbers(other, size)) < 0.3


def test_a_question_finds_its_passage() -> None:
    passages = [
        "Refunds are paid back to your card within 14 days of the return.",
        "The harbour is closed to sailing boats from November to March.",
        "Reset your password under Settings, Security, Change password.",
        "Our office in Lisbon is open on weekdays from nine to five.",
    ]
    for number, question in enumerate(
        [
            "How long does a refund take to reach my card?",
            "When is the harbour closed for boats?",
            "Where can I change my password?",
            "Which days is the Lisbon office open?",
        ]
    ):
        found = [cosine(numbers(question), numbers(passage)) for passage in passages]
        assert found.index(max(found)) == number, question


def test_case_and_form_of_letters_do_not_matter_much_but_order_tells() -> None:
    assert 0.95 < cosine(numbers("Harbour Lights"), numbers("harbour lights")) < 1
    assert 0.95 < cosine(numbers("ﬁne"), numbers("fine")) < 1
    assert 0.95 < cosine(numbers("cafe\u0301"), numbers("café")) < 1
    assert 0.9 < cosine(numbers("dog bites man"), numbers("man bites dog")) < 1
    assert cosine(numbers("house"), numbers("houses")) > 0.25


def test_models_have_spaces_of_their_own() -> None:
    assert cosine(numbers("harbour"), numbers("harbour", model="other/model")) < 0.3


@pytest.mark.parametrize("dimensions", [None, 1, 2, 8, 1024])
@pytest.mark.parametrize("text", ODD)
def test_no_text_is_without_direction(text: str, dimensions: int | None) -> None:
    vector = numbers(text, dimensions=dimensions)
    assert math.isclose(math.hypot(*vector), 1, rel_tol=1e-6)


@given(st.text(min_size=1, max_size=200), st.integers(1, 4096), st.data())
def test_every_vector_has_length_1_and_comes_again(
    text: str, size: int, data: st.DataObject
) -> None:
    dimensions = data.draw(st.integers(1, size))
    vector = numbers(text, size, dimensions)
    assert all(math.isfinite(number) for number in vector)
    assert math.isclose(math.hypot(*vector), 1, rel_tol=1e-5)
    assert vector == numbers(text, size, dimensions)


def test_odd_texts_differ_from_each_other() -> None:
    assert len({Vectors(MODEL, 1024).of(text) for text in ODD}) == len(ODD)


def test_fewer_numbers_are_the_first_ones_made_long_again() -> None:
    whole, short = numbers("A harbour at low tide"), numbers("A harbour at low tide", 1024, 256)
    length = math.hypot(*whole[:256])
    assert short == pytest.approx([number / length for number in whole[:256]], abs=1e-6)


def test_neighbours_and_order_change_nothing() -> None:
    texts = [text for pair in NEAR + FAR for text in pair] + ODD
    together, backwards = Vectors(MODEL, 384, LIGHT), Vectors(MODEL, 384, LIGHT)
    first = [together.of(text) for text in texts]
    assert [backwards.of(text) for text in reversed(texts)][::-1] == first
    assert [Vectors(MODEL, 384, LIGHT).of(text) for text in texts] == first


def test_other_processes_make_the_same() -> None:
    program = (
        "from mock_server.vectors import Vectors;"
        f"print(Vectors({MODEL!r}, 384, {{'the', 'of'}}).of('the tides of Máncora 潮汐').hex())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert made == {f"{Vectors(MODEL, 384, {'the', 'of'}).of('the tides of Máncora 潮汐').hex()}\n"}


@pytest.mark.parametrize(
    "text",
    [
        "a" + "\u0301\u0316" * 50_000,
        "\ufdfa" * 100_000,
        "x" * 100_000,
        "_" * 100_000,
        " " * 100_000,
        "潮" * 100_000,
        "👩‍👩‍👧‍👦" * 14_000,
    ],
    ids=lambda text: ascii(text[:3]),
)
def test_hostile_texts_have_vectors_too(text: str) -> None:
    numbers = struct.unpack("<1024f", Vectors(MODEL, 1024, LIGHT).of(text))
    assert math.hypot(*numbers) == pytest.approx(1, abs=1e-5)


def test_of_a_very_long_text_the_beginning_counts_but_the_rest_is_noticed() -> None:
    long = "tide " * 20_000  # 100,000 characters
    one, other = numbers(long + "a"), numbers(long + "wheat " * 1000)
    assert one != other
    assert cosine(one, other) > 0.95
