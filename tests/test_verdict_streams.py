"""Answers that broke off, and clients that stay for ever."""

import pytest

from tests.suspect import Suspect
from tests.world import ask

PART = (
    b'data: {"choices": [{"delta": {"role": "assistant", "content": ""}}]}\n\n'
    b'data: {"choices": [{"delta": {"content": "The sea is about "}}]}\n\n'
    b'data: {"choices": [{"delta": {"content": "eleven kilo"}}]}\n\ndata: {"cho'
)
TURNS = [
    {"role": "user", "content": "How deep is the sea?"},
    {"role": "assistant", "content": "The sea is about eleven kilo"},
    {"role": "user", "content": "And the lake?"},
]


def test_a_part_that_is_carried_on_as_the_whole_is_wrong(suspect: Suspect) -> None:
    first = suspect.sent(0, cut=True, answer=PART)
    later = suspect.sent(1, body=ask("") | {"messages": TURNS})
    (finding,) = suspect.findings()
    assert (finding.rule, finding.severity) == ("ignored-truncation", "wrong")
    assert finding.exchanges == (first.id, later.id)


def test_a_part_that_was_never_asked_for_again_is_risky(suspect: Suspect) -> None:
    suspect.sent(0, cut=True, answer=PART)
    suspect.sent(1, body=ask("And the lake?"))
    assert suspect.found() == {"ignored-truncation": "risky"}


def test_who_asks_again_has_noticed(suspect: Suspect) -> None:
    suspect.sent(0, cut=True, answer=PART)
    suspect.sent(1)
    suspect.sent(2, body=ask("") | {"messages": TURNS})
    assert suspect.found() == {}


FAILED = PART.rpartition(b"data: ")[0] + b'data: {"error": {"message": "Overloaded"}}\n\n'


def test_a_part_that_ended_in_an_error_is_no_whole_either(suspect: Suspect) -> None:
    first = suspect.sent(0, answer=FAILED)
    later = suspect.sent(1, body=ask("") | {"messages": TURNS})
    (finding,) = suspect.findings()
    assert (finding.rule, finding.severity) == ("ignored-truncation", "wrong")
    assert "ended in an error, and a later request" in finding.says
    assert finding.exchanges == (first.id, later.id)


@pytest.mark.parametrize("answer", [FAILED, PART.rpartition(b"data: ")[0]])
def test_who_tells_of_an_error_and_who_has_none_is_not_blamed(
    suspect: Suspect, answer: bytes
) -> None:
    suspect.sent(0, answer=answer)
    if b"error" not in answer:
        suspect.sent(1, body=ask("") | {"messages": TURNS})
    suspect.sent(2, body=ask("And the lake?"))
    assert suspect.found() == {}


@pytest.mark.parametrize("facts", [{"left": True}, {"took": None}, {"cut": False}])
def test_who_left_himself_and_who_had_all_ignored_nothing(
    suspect: Suspect, facts: dict[str, object]
) -> None:
    suspect.sent(0, answer=PART, **{"cut": True, **facts})  # type: ignore[arg-type]
    assert suspect.found() == {}


def test_a_short_part_is_known_by_its_place_in_the_talk(suspect: Suspect) -> None:
    part = b'data: {"choices": [{"delta": {"role": "assistant", "content": "The"}}]}\n\n'
    suspect.sent(0, cut=True, answer=part, body=ask("") | {"messages": TURNS[:1]})
    said = {"role": "assistant", "content": "The"}
    suspect.sent(1, body=ask("") | {"messages": [TURNS[0], said, TURNS[2]]})
    assert suspect.found() == {"ignored-truncation": "wrong"}


@pytest.mark.parametrize("text", ["The", "The sea is about eleven kilo"])
def test_who_has_the_model_go_on_with_a_part_knows_that_it_is_one(
    suspect: Suspect, text: str
) -> None:
    part = b'data: {"choices": [{"delta": {"content": "%s"}}]}\n\n' % text.encode()
    suspect.sent(0, cut=True, answer=part, body=ask("") | {"messages": TURNS[:1]})
    said = {"role": "assistant", "content": text}
    suspect.sent(1, body=ask("") | {"messages": [TURNS[0], said]})
    assert suspect.found() == {}


def test_another_answer_in_that_place_is_another(suspect: Suspect) -> None:
    part = b'data: {"choices": [{"delta": {"role": "assistant", "content": "The"}}]}\n\n'
    suspect.sent(0, cut=True, answer=part, body=ask("") | {"messages": TURNS[:1]})
    suspect.sent(1, body=ask("") | {"messages": TURNS})
    assert suspect.found() == {"ignored-truncation": "risky"}


def test_the_name_of_the_model_is_no_part_of_the_answer(suspect: Suspect) -> None:
    part = b'data: {"model": "deepseek-ai/DeepSeek-V3", "choices": [{"delta": {"content": "T"}}]}\n'
    suspect.sent(0, cut=True, answer=part)
    suspect.sent(1, body=ask("And the lake?"))
    assert suspect.found() == {"ignored-truncation": "risky"}


def test_texts_that_are_the_same_by_chance_prove_nothing(suspect: Suspect) -> None:
    suspect.sent(0, cut=True, answer=b'data: {"choices": [{"delta": {"content": "Yes"}}]}\n\n')
    suspect.sent(1, body=ask("Yes"))
    assert suspect.found() == {"ignored-truncation": "risky"}


def test_who_stays_in_silence_has_no_timeout(suspect: Suspect) -> None:
    suspect.sent(0, held=300.0)
    assert suspect.found() == {"no-timeout": "risky"}
    suspect.mock.journal.reset()
    suspect.sent(0, held=700.0, took=700.0)
    assert suspect.found() == {"no-timeout": "wrong"}


@pytest.mark.parametrize(
    "facts",
    [
        {"held": 30.0},
        {"held": 300.0, "left": True},
        {"held": 300.0, "headers": {"x-stainless-read-timeout": "600"}},
    ],
)
def test_who_leaves_or_tells_when_he_would_has_one(
    suspect: Suspect, facts: dict[str, object]
) -> None:
    suspect.sent(0, **facts)  # type: ignore[arg-type]
    assert suspect.found() == {}


def test_a_timeout_of_none_is_none(suspect: Suspect) -> None:
    suspect.sent(0, held=300.0, headers={"x-stainless-timeout": "None"})
    assert suspect.found() == {"no-timeout": "risky"}
