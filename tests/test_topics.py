"""What is taken out of prompts and results fits into a sentence."""

import pytest

from mock_server.fixtures import FIXTURES
from mock_server.language.phrases import load_phrases
from mock_server.language.topics import (
    LONGEST,
    VIEW,
    bare_of,
    description_of,
    gist_of,
    phrase_of,
    report_of,
    sentences,
    subject_of,
    view,
)

ENGLISH = load_phrases(FIXTURES / "phrases.yaml").languages[0]


@pytest.mark.parametrize(
    ("stretch", "topic"),
    [
        ("quantum computing in simple terms", "quantum computing"),
        ("the concept of recursion, please", "recursion"),
        ("a black hole to a five year old", "a black hole"),
        ("my code step by step", "your code"),
        ("Node.js and C++.", "Node.js and C++"),
        ("how to bake bread with", "bake bread"),
        ('"quoted" \\ `words` {here}', "quoted words"),
        ("x" * 500, "x" * LONGEST),
        ("?!", ""),
    ],
)
def test_a_stretch_is_trimmed_to_a_topic(stretch: str, topic: str) -> None:
    assert phrase_of(stretch, ENGLISH) == topic


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("the sky blue", "the sky"),
        ("cats purr", "cats"),
        ("the Roman Empire fall", "the Roman Empire"),
        ("Python good for web development", "Python"),
        ("7 a prime number", "7"),
        ("water", "water"),
    ],
)
def test_a_question_has_a_subject(question: str, subject: str) -> None:
    assert subject_of(question, ENGLISH) == subject


@pytest.mark.parametrize(
    ("text", "gist"),
    [
        ("The parcel from Lisbon has not arrived", "the parcel"),
        ("well, the red harbour crane broke", "the red harbour crane broke"),
        ("is it", ""),
        ("", ""),
    ],
)
def test_a_text_in_no_known_form_has_a_gist(text: str, gist: str) -> None:
    assert gist_of(text, ENGLISH) == gist


def test_a_bare_topic_has_no_article() -> None:
    assert bare_of("the tide", ENGLISH) == "tide"
    assert bare_of("tides", ENGLISH) == "tides"
    assert bare_of("the", ENGLISH) == "the"


def test_a_description_can_go_on_a_sentence() -> None:
    assert description_of("A red\nbicycle.", ENGLISH) == "a red bicycle"
    assert description_of("Paris at night", ENGLISH) == "Paris at night"


@pytest.mark.parametrize(
    ("result", "report"),
    [
        ("22 °C and sunny.", "22 °C and sunny"),
        ('{"temp_c": 22, "sky": "clear", "wind": null}', "temp c: 22, sky: clear, wind: null"),
        ("[1, 2]", "[1, 2]"),
        ("{}", "{}"),
        ("", "{}"),
        ('{"a": [1, 2], "b": {"c": "é"}}', 'a: [1, 2], b: {"c": "é"}'),
    ],
)
def test_a_result_is_put_in_words(result: str, report: str) -> None:
    assert report_of(result) == report


@pytest.mark.parametrize("result", ["[" * 3_900, "[" * 9_000_000, '{"a": ' * 600, "word " * 10**6])
def test_a_report_is_bounded(result: str) -> None:
    assert 0 < len(report_of(result)) <= VIEW


def test_a_report_can_be_encoded_whatever_was_escaped() -> None:
    report_of('{"a": "\\ud800 \\u0000"}').encode()


def test_the_view_of_a_text_is_bounded_and_can_be_encoded() -> None:
    assert len(view("word " * 1_000_000)) == VIEW + 1
    assert view("a\ud800\x00\u202eb") == "a   b"


def test_prose_is_cut_into_sentences() -> None:
    assert sentences("One. Two! Three 3.5?") == ["One.", "Two!", "Three 3.5?"]
