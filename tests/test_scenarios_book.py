"""Which rule decides, how often, for whom."""

from itertools import product
from typing import Any

import pytest

from mock_server.errors import ApiError
from mock_server.scenarios.book import Scenarios
from mock_server.scenarios.rules import Situation
from mock_server.scenarios.scripts import ScriptedAnswer, offers
from mock_server.scenarios.sheets import ScenarioError, Sheet
from tests.world import new_mock

SPEC = new_mock().spec
OFFERED = {operation.id: offers(operation) for operation in SPEC.operations}


def says(text: str, **more: Any) -> Any:
    return {"answer": {"text": text}, **more}


def items(*texts: str) -> list[Any]:
    return [says(text) for text in texts]


def book(*rules: Any, key: str | None = None) -> Scenarios:
    made = Scenarios(SPEC, lambda: 0.0)
    made.put(Sheet("test", list(rules)), key)
    return made


def ask(
    scenarios: Scenarios, text: str = "hi", caller: str = "a", operation: str = "createMessage"
) -> str | None:
    situation = Situation(operation, caller, "m", {}, lambda: text)
    script = scenarios.script(situation, caller, OFFERED[operation])
    if script is None:
        return None
    outcome = script.outcome
    return str(outcome.text) if isinstance(outcome, ScriptedAnswer) else type(outcome).__name__


def asked(scenarios: Scenarios, times: int, **how: str) -> list[str | None]:
    return [ask(scenarios, **how) for _ in range(times)]


def test_the_first_rule_that_fits_decides() -> None:
    scenarios = book(
        says("1", when={"model": "other"}), says("2", when={"text": "joke"}), says("3")
    )
    assert [ask(scenarios, "a joke"), ask(scenarios, "a poem")] == ["2", "3"]


def test_without_rules_nothing_is_decided() -> None:
    scenarios = Scenarios(SPEC, lambda: 0.0)
    assert not scenarios.any
    assert ask(scenarios) is None
    assert ask(book(says("1", when={"text": "joke"}))) is None


def test_a_rule_meets_only_operations_that_its_outcomes_are_for() -> None:
    scenarios = book({"job": {"seconds": 1}}, says("words"), {"error": {"status": 500}})
    assert ask(scenarios) == "words"
    assert ask(scenarios, operation="createVideo") == "ScriptedJob"
    assert ask(scenarios, operation="getImage") == "ScriptedError"


def test_a_sequence_goes_on_with_its_last_outcome_or_begins_anew() -> None:
    assert asked(book({"sequence": items("1", "2")}), 4) == ["1", "2", "2", "2"]
    repeated = book({"sequence": items("1", "2"), "repeat": True})
    assert asked(repeated, 5) == ["1", "2", "1", "2", "1"]


def test_a_rule_is_over_after_so_many_times() -> None:
    assert asked(book(says("1", times=2), says("2")), 4) == ["1", "1", "2", "2"]
    once = book({"sequence": items("1", "2", "3"), "times": 2})
    assert asked(once, 3) == ["1", "2", None]


def test_calls_are_counted_that_the_rest_fits_whichever_rule_decides() -> None:
    scenarios = book(
        says("first", when={"nth": 1}),
        says("third", when={"nth": [3, 5], "text": "joke"}),
        says("other"),
    )
    calls = ["joke", "poem", "joke", "poem", "joke", "joke", "joke"]
    told = [ask(scenarios, text) for text in calls]
    assert told == ["first", "other", "other", "other", "third", "other", "third"]


def test_a_key_moves_from_state_to_state() -> None:
    scenarios = book(
        says("go", when={"text": "go", "state": "start"}, then="away"),
        says("home", when={"text": "home", "state": "away"}, then="start"),
        says("lost"),
    )
    calls = ["home", "go", "go", "home", "home", "go"]
    assert [ask(scenarios, text) for text in calls] == ["lost", "go", "lost", "home", "lost", "go"]
    assert scenarios.told("a")["state"] == "away"
    assert scenarios.told("b")["state"] == "start"


def test_a_sequence_may_move_the_state_itself() -> None:
    rule = {"sequence": [says("1", then="one"), says("2")], "then": "other"}
    scenarios = book(rule)
    seen = []
    for _ in range(2):
        ask(scenarios)
        seen.append(scenarios.told("a")["state"])
    assert seen == ["one", "other"]


def test_keys_do_not_meet() -> None:
    scenarios = book({"sequence": items("1", "2", "3"), "times": 3, "then": "later"})
    told = {caller: [] for caller in "abc"}  # type: dict[str, list[str | None]]
    for caller in "abcabbccacab":
        told[caller].append(ask(scenarios, caller=caller))
    assert all(each == ["1", "2", "3", None] for each in told.values())


def test_rules_of_a_key_go_before_those_of_all() -> None:
    scenarios = book(says("all"))
    scenarios.put(Sheet("test", [says("own", times=1)]), "a")
    assert asked(scenarios, 2) == ["own", "all"]
    assert asked(scenarios, 2, caller="b") == ["all", "all"]
    told = scenarios.told("a")["rules"]
    assert [(each["for"], each["rule"], each["used"]) for each in told] == [
        ("key", "rules[0]", 1),
        ("all", "rules[0]", 1),
    ]
    assert [each["used"] for each in scenarios.told(None)["rules"]] == [3]


def test_put_replaces_the_rules_of_that_scope_alone_and_begins_anew() -> None:
    rule = {"sequence": items("1", "2"), "then": "later"}
    scenarios = book(rule)
    scenarios.put(Sheet("test", [rule]), "a")
    assert asked(scenarios, 2) == ["1", "2"]
    assert asked(scenarios, 2, caller="b") == ["1", "2"]
    scenarios.put(Sheet("test", [rule]), "a")
    assert scenarios.told("a")["state"] == "start"
    assert ask(scenarios) == "1"
    assert ask(scenarios, caller="b") == "2"
    scenarios.put(Sheet("test", []), "a")
    assert ask(scenarios) == "1"  # of the rule for all, which this key had not met


def test_wrong_rules_change_nothing() -> None:
    scenarios = book({"sequence": items("1", "2")})
    assert ask(scenarios) == "1"
    with pytest.raises(ScenarioError):
        scenarios.put(Sheet("test", [{"error": {"status": 99}}]), None)
    assert ask(scenarios) == "2"


@pytest.mark.parametrize("how", ["remove", "reset"])
def test_rules_are_taken_away_for_one_or_for_all(how: str) -> None:
    scenarios = book(says("all"))
    for caller in ("a", "b"):
        scenarios.put(Sheet("test", [says(caller)]), caller)
    getattr(scenarios, how)("a")
    assert [ask(scenarios, caller=caller) for caller in "ab"] == ["all", "b"]
    getattr(scenarios, how)(None)
    assert [ask(scenarios, caller=caller) for caller in "ab"] == [None, None]
    assert not scenarios.any


SLOW = says("slow", name="mine", when={"text": "^(a|a)*$", "model": "m"})
NASTY = "a" * 40 + "!"


def test_a_pattern_that_takes_too_long_is_told_and_tried_no_more_with_that_key() -> None:
    scenarios = book(says("joke", when={"text": "joke"}), SLOW)
    for text in (NASTY, NASTY, "aaa"):
        with pytest.raises(ApiError, match="The scenario mine is wrong: it takes too long"):
            ask(scenarios, text)
    assert ask(scenarios, "a joke") == "joke"
    assert ask(scenarios, "aaa", caller="b") == "slow"
    scenarios.put(Sheet("test", [SLOW]), None)
    assert ask(scenarios, "aaa") == "slow"


def test_a_slow_rule_harms_no_call_that_another_decides() -> None:
    scenarios = book(says("first", when={"text": "a"}), SLOW)
    assert ask(scenarios, NASTY) == "first"


def test_many_patterns_have_a_moment_together() -> None:
    ticks = iter(range(99))
    scenarios = Scenarios(SPEC, lambda: next(ticks) / 4)
    rules = [says(str(number), when={"text": f"b{number}"}) for number in range(9)]
    scenarios.put(Sheet("test", rules), None)
    with pytest.raises(ApiError, match=r"The scenario rules\[2\] is wrong"):
        ask(scenarios, "b8")


def test_many_values_have_a_moment_together() -> None:
    ticks = iter(range(99))
    scenarios = Scenarios(SPEC, lambda: next(ticks) / 4)
    rule = says("1", name="mine", when={"value": {"/items/*": {"matches": "b"}}})
    scenarios.put(Sheet("test", [rule]), None)
    situation = Situation("createMessage", "a", "m", {"items": [*"aaaab"]}, lambda: "")
    with pytest.raises(ApiError, match="The scenario mine is wrong"):
        scenarios.script(situation, "a", OFFERED["createMessage"])


def test_what_is_told_of_a_slow_rule_moves_no_terminal() -> None:
    scenarios = book({**SLOW, "name": "a\x1b[2J\nb"})
    with pytest.raises(ApiError) as caught:
        ask(scenarios, NASTY)
    assert r"The scenario a\x1b[2J\nb is wrong" in caught.value.message


def test_many_keys_are_not_kept_for_ever() -> None:
    scenarios = book(says("1"))
    for number, _ in product(range(25_000), range(1)):
        ask(scenarios, caller=f"k{number}")
    assert len(scenarios._progress) <= 20_000
    assert scenarios.told(None)["rules"][0]["used"] == 25_000
