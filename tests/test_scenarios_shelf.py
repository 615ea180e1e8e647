"""Scenario files that change while the server runs."""

import os
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from mock_server.scenarios.book import Scenarios
from mock_server.scenarios.rules import Situation
from mock_server.scenarios.scripts import ScriptedAnswer, offers
from mock_server.scenarios.sheets import ScenarioError
from tests.world import new_mock

SPEC = new_mock().spec
(CHAT,) = [each for each in SPEC.operations if each.id == "createChatCompletion"]
TICKS = count(1)


class Watch:
    """A wall clock that is set by hand."""

    now = 1000.0


@pytest.fixture
def watch() -> Iterator[Watch]:
    yield Watch()


def write(path: Path, text: str) -> None:
    path.write_text(text)
    at = 10**9 * (10**9 + next(TICKS))  # file systems are not all as fine as this test is fast
    os.utime(path, ns=(at, at))


def open_book(path: Path, watch: Watch) -> Scenarios:
    return Scenarios(SPEC, lambda: watch.now, path)


def ask(scenarios: Scenarios) -> str | None:
    situation = Situation(CHAT.id, "key", "m", {}, lambda: "hi")
    script = scenarios.script(situation, "a", offers(CHAT))
    if script is None:
        return None
    assert isinstance(script.outcome, ScriptedAnswer)
    return script.outcome.text


def test_a_changed_file_is_read_again_but_not_at_once(tmp_path: Path, watch: Watch) -> None:
    path = tmp_path / "s.yaml"
    write(path, "- answer: {text: old}")
    scenarios = open_book(path, watch)
    write(path, "- answer: {text: new}")
    watch.now += 0.1
    assert ask(scenarios) == "old"
    watch.now += 0.2
    assert ask(scenarios) == "new"


def test_rules_that_stay_count_on(tmp_path: Path, watch: Watch) -> None:
    path, flaky = (
        tmp_path / "s.yaml",
        "- sequence: [{answer: {text: '1'}}, {answer: {text: '2'}}]\n",
    )
    write(path, flaky)
    scenarios = open_book(path, watch)
    assert ask(scenarios) == "1"
    write(path, "- {when: {model: other}, answer: {text: x}}\n" + flaky)
    watch.now += 1
    assert ask(scenarios) == "2"
    write(path, flaky.replace("'2'", "'3'"))
    watch.now += 1
    assert ask(scenarios) == "1"


def test_a_broken_version_is_told_once_and_the_old_rules_go_on(
    tmp_path: Path, watch: Watch, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "s.yaml"
    write(path, "- answer: {text: good}")
    scenarios = open_book(path, watch)
    for text in ("- answer: {text: a}\n- answr: 1", None):
        if text is None:
            path.unlink()
        else:
            write(path, text)
        caplog.clear()
        for _ in range(3):
            watch.now += 1
            assert ask(scenarios) == "good"
        (record,) = caplog.records
        assert scenarios.told(None)["error"] in record.getMessage()
    assert "There is no file" in scenarios.told(None)["error"]
    write(path, "- answer: {text: better}")
    watch.now += 1
    assert ask(scenarios) == "better"
    assert scenarios.told(None)["error"] is None


def test_the_line_that_is_wrong_is_told(tmp_path: Path, watch: Watch) -> None:
    path = tmp_path / "s.yaml"
    write(path, "")
    scenarios = open_book(path, watch)
    write(path, "- answer: {text: a}\n- answr: 1")
    watch.now += 1
    ask(scenarios)
    assert scenarios.told(None)["error"].startswith(f"{path}:2:3: rules[1]: ")


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path, watch: Watch) -> None:
    write(tmp_path / "20.yaml", "- answer: {text: second}")
    write(tmp_path / "10.json", '[{"answer": {"text": "first"}, "times": 1}]')
    write(tmp_path / "notes.txt", "{{{")
    write(tmp_path / ".10.json", "{{{")  # as editors leave them
    scenarios = open_book(tmp_path, watch)
    assert [each["rule"] for each in scenarios.told(None)["rules"]] == [
        "10.json: rules[0]",
        "20.yaml: rules[0]",
    ]
    assert [ask(scenarios), ask(scenarios)] == ["first", "second"]
    write(tmp_path / "15.yml", "- answer: {text: between}")
    watch.now += 1
    assert ask(scenarios) == "between"
    (tmp_path / "15.yml").unlink()
    watch.now += 1
    assert ask(scenarios) == "second"


def test_a_clock_that_is_set_back_does_not_stop_the_looking(tmp_path: Path, watch: Watch) -> None:
    path = tmp_path / "s.yaml"
    write(path, "- answer: {text: old}")
    scenarios = open_book(path, watch)
    write(path, "- answer: {text: new}")
    watch.now -= 500
    assert ask(scenarios) == "new"


def test_what_was_put_goes_first_and_a_reset_leaves_the_file(tmp_path: Path, watch: Watch) -> None:
    from mock_server.scenarios.sheets import Sheet

    path = tmp_path / "s.yaml"
    write(path, "- sequence: [{answer: {text: '1'}}, {answer: {text: '2'}}]\n")
    scenarios = open_book(path, watch)
    scenarios.put(Sheet("test", [{"answer": {"text": "put"}, "times": 1}]), None)
    assert [ask(scenarios) for _ in range(3)] == ["put", "1", "2"]
    scenarios.reset("a")
    assert [ask(scenarios) for _ in range(3)] == ["put", "1", "2"]
    scenarios.reset()
    assert [ask(scenarios) for _ in range(3)] == ["1", "2", "2"]


def test_a_file_that_cannot_be_used_at_the_start_is_refused(tmp_path: Path, watch: Watch) -> None:
    with pytest.raises(ScenarioError, match="There is no file"):
        open_book(tmp_path / "none.yaml", watch)
