"""The phrases are whole: every slot can be filled, every example is understood as it should be."""

from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.fixtures import FIXTURES, read_yaml
from mock_server.language.phrases import Intent, Language, key_of, load_phrases
from mock_server.language.prompts import Conversation, read
from mock_server.language.sights import sights
from mock_server.picture import Picture

PHRASES = load_phrases(FIXTURES / "phrases.yaml")
SOURCE: Any = read_yaml("phrases.yaml")["languages"]
CODES = list(SOURCE)
LANGUAGES = dict(zip(CODES, PHRASES.languages, strict=True))
ALWAYS = {"topic", "bare", "n"}
READ = {
    "": set[str](),
    "arithmetic": {"value"},
    "code": {"slug", "pascal", "tag", "label", "snippet"},
    "counting": {"value"},
    "image": set(sights([Picture()], LANGUAGES["en"])),
    "summary": {"gist", "first", "second", "third"},
    "table": {"value"},
    "things": {"value"},
}
EXAMPLES = [
    (code, intent["name"], prompt)
    for code in CODES
    for intent in SOURCE[code]["intents"]
    for prompt in intent.get("for", ())
]

SEEN = [
    (code, intent["name"], prompt)
    for code in CODES
    for intent in SOURCE[code]["intents"]
    for prompt in intent.get("see", ())
]


def starts(intent: Intent, language: Language) -> Iterator[str]:
    """The symbols that an answer to this intent can start from."""
    names = [intent.name, *(["by_zero"] if intent.reader == "arithmetic" else [])]
    if intent.name == "image":
        names += ["image_seen", "image_made"]
    elif intent.reader == "image" and intent.needs == "image":
        names.append(f"images{intent.name[5:]}")
    endings = ["word", "prose", *map(str, range(1, 10))]
    yield from (*names, "one_word", "sentence", "think")
    for name in names:
        candidates = [f"think_{name}", *(f"{name}_{ending}" for ending in endings)]
        yield from (symbol for symbol in candidates if symbol in language.grammar)


def known(intent: Intent) -> set[str]:
    """The facts that every answer to this intent can count on."""
    groups = [set(when.groupindex) for when in intent.when]
    told = {"result"} if intent.needs == "tool" else set()
    return ALWAYS | READ[intent.reader] | set.intersection(*groups) | told


def pointed_at(fact: str, intent: Intent, language: Language) -> set[str]:
    """The symbols that a slot {@fact} can mean."""
    if fact == "verdict":
        return {"images_same", "images_alike", "images_fit", "images_differ"}
    if fact == "snippet":
        return set(language.tables["code_languages"].values())
    assert fact == "value"
    return set(language.tables[intent.table].values())


def unfilled(intent: Intent, language: Language) -> Iterator[str]:
    """Slots on the way from this intent that neither a fact nor a symbol fills."""
    facts, left, seen = known(intent), set(starts(intent, language)), set[str]()
    while left:
        symbol = left.pop()
        seen.add(symbol)
        if symbol not in language.grammar:
            yield symbol
            continue
        for frame in language.grammar[symbol]:
            for slot in (part.partition("#")[0] for part in frame[1::2]):
                if slot[0] == "@":
                    left |= pointed_at(slot[1:], intent, language) - seen
                elif not {slot, slot[0].lower() + slot[1:]} & facts:
                    name = slot if slot in language.grammar else slot[0].lower() + slot[1:]
                    left |= {name} - seen


@pytest.mark.parametrize("code", CODES)
def test_every_slot_can_be_filled(code: str) -> None:
    language = LANGUAGES[code]
    for intent in language.intents:
        assert list(unfilled(intent, language)) == [], intent.name


@pytest.mark.parametrize("code", CODES)
def test_every_language_has_a_last_resort(code: str) -> None:
    last = LANGUAGES[code].intents[-1]
    assert not (last.words or last.needs or last.reader)
    assert any(when.search("") for when in last.when)


@pytest.mark.parametrize(("code", "name", "prompt"), EXAMPLES, ids=lambda value: str(value)[:40])
def test_an_example_is_understood(code: str, name: str, prompt: str) -> None:
    reading = read(PHRASES, Conversation(prompt))
    assert reading.symbol == ("by_zero" if "/ 0" in prompt else name)
    assert reading.language is LANGUAGES[code]


@pytest.mark.parametrize(("code", "name", "prompt"), SEEN, ids=lambda value: str(value)[:40])
def test_an_example_beside_a_picture_is_understood(code: str, name: str, prompt: str) -> None:
    pictures = (Picture(is_seen=True), Picture())
    reading = read(PHRASES, Conversation(prompt, images=pictures[:1]))
    assert reading.symbol == name
    assert reading.language is LANGUAGES[code]
    assert read(PHRASES, Conversation(prompt, images=pictures)).symbol == f"images{name[5:]}"


@pytest.mark.parametrize("code", CODES)
def test_no_frame_is_said_twice_by_the_same_symbol(code: str) -> None:
    for symbol, frames in LANGUAGES[code].grammar.items():
        if symbol != "yesno_word":  # yes is more usual than no
            assert len(frames) == len(set(frames)), symbol


def test_a_topic_is_never_the_subject_of_a_verb_that_would_have_to_agree() -> None:
    agreeing = ("is", "are", "was", "were", "has", "have", "does", "do", "comes", "means")
    for symbol, frames in LANGUAGES["en"].grammar.items():
        for frame in frames:
            for before, slot, after in zip(frame[::2], frame[1::2], frame[2::2], strict=False):
                is_subject = not before.strip() or before.endswith((". ", ": "))
                verb = after.split(" ")[1] if after.startswith(" ") else ""
                assert not (slot in ("topic", "Topic") and is_subject and verb in agreeing), symbol


def test_keys_of_tables_know_neither_articles_nor_case_nor_punctuation() -> None:
    assert key_of("Hello, how are The Cats?", frozenset({"the"})) == "hello how are cats"
