"""The state of a run: written after each test, taken up by the next run."""

from pathlib import Path
from typing import Any

import pytest

from contract_tests.budget import Budget
from contract_tests.state import State, StateError

Json = Any


def found(test: str, **changes: Json) -> Json:
    return {"test": test, "reason": None, "trouble": None} | changes


def test_what_was_decided_and_spent_is_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "new" / "state.jsonl"
    first = State(path, "http://a")
    first.write(found("kept"), Budget(calls=1))
    first.write(found("skipped", reason="budget: 1 calls have been sent"), Budget(calls=1))
    first.write(
        found("lost", trouble={"says": "ConnectError", "is_silence": True}), Budget(calls=2)
    )
    first.write(found("later"), Budget(calls=7, spent=0.25, videos=1))
    second = State(path, "http://a")
    second.read()
    assert list(second.tests) == ["kept", "later"]
    budget = Budget()
    second.restore(budget)
    assert (budget.calls, budget.spent, budget.videos) == (7, 0.25, 1)


def test_without_a_file_nothing_was_decided(tmp_path: Path) -> None:
    state = State(tmp_path / "none.jsonl", "http://a")
    state.read()
    budget = Budget()
    state.restore(budget)
    assert (state.tests, budget) == ({}, Budget())


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 1, "target": "http://a"}'])
def test_what_is_no_state_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    path.write_text(text, "utf-8")
    with pytest.raises(StateError, match="is no state of a run"):
        State(path, "http://a").read()


def test_the_state_of_another_target_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    State(path, "http://b").write(found("kept"), Budget())
    with pytest.raises(StateError, match="against http://b"):
        State(path, "http://a").read()


def test_what_was_cut_off_is_lost_alone(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    state = State(path, "http://a")
    for test in ("a", "b"):
        state.write(found(test, says="\ud800"), Budget(calls=3))
    path.write_bytes(path.read_bytes()[:-5])
    again = State(path, "http://a")
    again.read()
    assert list(again.tests) == ["a"]
    again.write(found("c"), Budget(calls=5))
    last = State(path, "http://a")
    last.read()
    assert list(last.tests) == ["a", "c"]
    assert last.counts["calls"] == 5
    assert [path.name for path in tmp_path.iterdir()] == ["state.jsonl"]


def test_a_run_that_takes_up_nothing_begins_anew(tmp_path: Path) -> None:
    path = tmp_path / "state.jsonl"
    State(path, "http://a").write(found("old"), Budget())
    State(path, "http://a").write(found("new"), Budget())
    again = State(path, "http://a")
    again.read()
    assert list(again.tests) == ["new"]
