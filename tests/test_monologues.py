"""What is heard in a recording: natural sentences, as many as there is time for."""

from collections import Counter
from functools import partial
from random import Random
from typing import Any

import pytest

from mock_server.document import load
from mock_server.fixtures import CONTRACT, read_yaml
from mock_server.language.topics import sentences
from mock_server.monologues import Monologues

MONOLOGUES = Monologues(partial(read_yaml, "monologues.yaml"), partial(read_yaml, "languages.yaml"))
SOURCE: Any = read_yaml("monologues.yaml")
WIDE = ("zh", "ja")


def told(language: str, seconds: float, seed: int = 0) -> str:
    return MONOLOGUES.told(language, seconds, Random(seed))


@pytest.mark.parametrize("language", list(SOURCE))
@pytest.mark.parametrize("seconds", [10.0, 60.0, 600.0])
def test_it_takes_about_as_long_as_the_recording(language: str, seconds: float) -> None:
    text = told(language, seconds)
    size = len(text) if language in WIDE else len(text.split())
    expected = seconds * SOURCE[language]["minute"] / 60
    assert expected - 16 <= size <= expected * 1.15


@pytest.mark.parametrize("language", [*SOURCE, "it", "ko", "sw"])
@pytest.mark.parametrize("seconds", [0.001, 0.4, 1.0, 2.0])
def test_however_short_something_is_said(language: str, seconds: float) -> None:
    text = told(language, seconds)
    assert 1 <= len(text.split()) <= 6
    assert text[-1] in ".?。？"


def test_short_ones_differ_too() -> None:
    assert len({told("en", 2.0, seed) for seed in range(40)}) > 4


@pytest.mark.parametrize("language", list(SOURCE))
def test_sentences_are_whole(language: str) -> None:
    text = told(language, 600.0)
    assert "{" not in text
    assert "  " not in text
    assert text[-1] in ".?。？"
    if language not in WIDE:
        assert all(each[0].isupper() or each[0] in "¿" for each in sentences(text))


@pytest.mark.parametrize("language", list(SOURCE))
def test_every_frame_can_be_filled(language: str) -> None:
    assert told(language, 4_000.0)


def test_in_an_hour_hardly_anything_is_said_twice() -> None:
    said = sentences(told("en", 3_600.0))
    most = Counter(said).most_common(1)[0][1]
    assert len(said) > 500
    assert len(set(said)) > 0.9 * len(said)
    assert most <= 6


def test_what_is_said_follows_from_the_chance_alone() -> None:
    assert told("en", 30.0, 1) == told("en", 30.0, 1) != told("en", 30.0, 2)


def test_other_languages_have_words_of_their_own() -> None:
    assert "di" in told("it", 600.0).lower().split()
    assert told("sw", 20.0) == told("ko", 20.0)  # Faker knows no words of them: English
    assert len(told("it", 60.0).split()) == 150


@pytest.mark.parametrize("language", ["en", "zh", "it"])
def test_years_of_sound_have_no_more_words_than_hours(language: str) -> None:
    text = told(language, 1e8)
    assert (len(text) if language == "zh" else len(text.split())) <= 50_000


def test_languages_have_english_names() -> None:
    assert [MONOLOGUES.name(code) for code in ("en", "pt", "no")] == [
        "english",
        "portuguese",
        "norwegian",
    ]
    assert MONOLOGUES.name("kw") == "kw"


def test_every_name_is_that_of_a_code_of_the_contract() -> None:
    form = load(CONTRACT).data["components"]["schemas"]["TranscriptionForm"]
    assert set(read_yaml("languages.yaml")) <= set(form["properties"]["language"]["enum"])
