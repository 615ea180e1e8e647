"""Clauses: a text falls into them, and some need the outcome of others."""

import pytest

from mock_server.clauses import clauses_of, needs_outcome


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("", []),
        ("weather in Rome and the time", ["weather in Rome", "the time"]),
        ("Go. Stop!\nWait", ["Go.", "Stop!", "Wait"]),
        ("天气？时间。", ["天气？", "时间。"]),
        ("2 plus 2", ["2 plus 2"]),
        ("two plus two and then four", ["two plus two", "four"]),
        ("milk plus bread", ["milk", "bread"]),
    ],
)
def test_a_text_falls_into_clauses(text: str, clauses: list[str]) -> None:
    assert clauses_of(text) == clauses


def test_there_are_not_too_many_clauses() -> None:
    assert len(clauses_of("a. " * 900)) == 40


@pytest.mark.parametrize(
    "clause",
    [
        *("Multiply the output by 2", "divide it by 5", "then email it to Bob", "Now book that"),
        *(
            "Add 2 to the final result",
            "Also send them to Ann",
            "take their sum",
            "go on with that",
        ),
    ],
)
def test_what_speaks_of_an_outcome_needs_it(clause: str) -> None:
    assert needs_outcome(clause)


@pytest.mark.parametrize(
    "clause",
    [
        *("Multiply 4 by 2", "Is it raining?", "what is that?", "Also email ann@x.com about it."),
        *("how warm is it there", "add milk to my list", ""),
    ],
)
def test_other_clauses_stand_by_themselves(clause: str) -> None:
    assert not needs_outcome(clause)
