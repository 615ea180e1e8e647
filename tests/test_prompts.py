"""A prompt is understood: what it wants, in which language, about what and how long."""

import pytest

from mock_server.fixtures import FIXTURES
from mock_server.language.phrases import load_phrases
from mock_server.language.prompts import MOST, MOST_COUNTED, Conversation, Reading, read
from mock_server.picture import Picture

PHRASES = load_phrases(FIXTURES / "phrases.yaml")
CODES = ("en", "ru", "de", "fr", "es", "zh", "ja")


def heard(prompt: str, **around: object) -> Reading:
    return read(PHRASES, Conversation(prompt, **around))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("prompt", "symbol"),
    [
        ("Hi, could you please explain monsoons?", "explain"),
        ("hi", "greeting"),
        ("I have a bakery in Lyon. Write a poem about bread.", "poem"),
        ("Tell me a joke", "joke"),
        ("Is it going to rain?", "yesno"),
        ("Answer only with the number: what is 6*7?", "arithmetic"),
        ("Write code in Go that sorts a list", "code"),
        ("continue", "fallback"),
        ("Summarize this text: " + "la " * 30, "fallback"),
        ("Which is better, tea or coffee?", "compare"),
        ("2020-12-01", "fallback"),
        ("Call me at 555", "fallback"),
    ],
)
def test_a_prompt_has_an_intent(prompt: str, symbol: str) -> None:
    assert heard(prompt).symbol == symbol


@pytest.mark.parametrize(
    ("prompt", "topic"),
    [
        ("Explain quantum computing in simple terms", "quantum computing"),
        ("Could you explain the tides to a child?", "the tides"),
        ("Write a haiku about autumn rain", "autumn rain"),
        ("Why do cats purr?", "cats"),
        ("My parcel from Lisbon has not arrived", "your parcel"),
        ("How do I bake bread?", "bake bread"),
        ("...", "nothing"),
    ],
)
def test_a_prompt_has_a_topic(prompt: str, topic: str) -> None:
    assert heard(prompt).facts["topic"] == topic


@pytest.mark.parametrize(
    ("prompt", "code"),
    [
        ("What is a monsoon?", "en"),
        ("Translate 'wie geht es dir' to English", "en"),
        ("Что такое муссон?", "ru"),
        ("Was ist ein Monsun und wie entsteht er?", "de"),
        ("Qu'est-ce que la mousson ?", "fr"),
        ("¿Qué es el monzón?", "es"),
        ("什么是季风？", "zh"),
        ("モンスーンとは何ですか", "ja"),
        ("Explain monsoons. Answer in German.", "de"),
        ("ما هي الرياح الموسمية؟", "en"),
        ("", "en"),
    ],
)
def test_a_prompt_has_a_language(prompt: str, code: str) -> None:
    assert heard(prompt).language is PHRASES.languages[CODES.index(code)]


def test_the_system_text_can_ask_for_a_language() -> None:
    reading = heard("Hello!", system="Always answer in Russian.")
    assert reading.language is PHRASES.languages[CODES.index("ru")]


@pytest.mark.parametrize(
    ("prompt", "limit"),
    [
        ("Explain tides in 2-3 sentences", ("sentences", 2)),
        ("Explain tides in three sentences.", ("sentences", 3)),
        ("Write a one-sentence story about tides", ("sentences", 1)),
        ("Explain tides in one word", ("words", 1)),
        ("Explain tides in under 40 words", ("words", 40)),
        ("Briefly explain tides", ("sentences", 2)),
        ("Is water wet? Yes or no only.", ("words", 1)),
        ("Объясни приливы в двух предложениях", ("sentences", 2)),
        ("Erkläre die Gezeiten in einem Satz", ("sentences", 1)),
        ("Explain tides in 0 sentences", ("sentences", 1)),
    ],
)
def test_a_prompt_can_ask_for_a_length(prompt: str, limit: tuple[str, int]) -> None:
    asked = heard(prompt).limit
    assert asked is not None
    assert (asked.unit, asked.n) == limit


def test_the_system_text_can_ask_for_a_length() -> None:
    asked = heard("Explain tides", system="You are Ada. Be concise.").limit
    assert asked is not None
    assert (asked.unit, asked.n) == ("sentences", 2)
    assert heard("Explain tides", system="You are Ada.").limit is None


def test_what_stands_around_a_prompt_is_read() -> None:
    around = {"images": (Picture(words="A red kite"),), "tool_results": ('{"wind": 4}',)}
    facts = heard("What is this?", system="You are Ada, a guide.", **around).facts
    assert facts["scene"] == "a red kite"
    assert facts["result"] == "wind: 4"
    assert facts["name"] == "Ada"


@pytest.mark.parametrize(
    ("prompt", "images", "symbol"),
    [
        ("What is in this image?", ("",), "image"),
        ("Read all the text in this screenshot.", ("",), "image_text"),
        ("Extract all data points from this chart", ("",), "image_table"),
        ("Compare these", ("", "a kite"), "images"),
        ("Describe the objects, the colours and the mood", ("",), "image"),
        ("What is in this image, and what colour is it?", ("",), "image"),
        ("How tall is the building?", ("",), "image"),
        ("How large is this photo?", ("",), "image_size"),
    ],
)
def test_a_question_with_images_is_about_them(
    prompt: str, images: tuple[str, ...], symbol: str
) -> None:
    assert heard(prompt, images=tuple(Picture(words=each) for each in images)).symbol == symbol


def test_without_pictures_nothing_is_asked_about_them() -> None:
    for prompt in ("What is in this image?", "Which colour fills this picture?", "How big is it?"):
        reading = heard(prompt)
        assert not reading.symbol.startswith("image")
        assert "colours" not in reading.facts


def test_a_conversation_can_go_on() -> None:
    assert heard("Go on", earlier=1).symbol == "continue"


def test_counts_are_bounded() -> None:
    assert heard("List 9999 colors").facts["n"] == str(MOST)
    assert heard("List 0 colors").facts["n"] == "1"
    numbers = heard("Count from 100000 to 1").facts["value"].split(", ")
    assert (len(numbers), numbers[:2]) == (MOST_COUNTED, ["100000", "99999"])
