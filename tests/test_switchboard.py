"""Whose turn it is: rates, turns and conditions, by key and seed, whatever others do."""

import subprocess
import sys
from typing import Any

import pytest

from mock_server.auth import identity
from mock_server.errors import Invalid
from mock_server.mock import Mock
from tests.world import CHAT, ask, new_mock, post

Json = Any
EMBEDDINGS = "/v1/embeddings"
INPUT = {"model": "m", "input": "tides"}
PROGRAM = """
from tests.test_switchboard import luck
print(luck("rc_live_a", seed=3), luck("rc_live_b", seed=3))
"""


def switched(*wishes: Json, key: str | None = None, **settings: Any) -> Mock:
    mock = new_mock(rate_limit=0, **settings)
    mock.faults.switch(wishes, key and identity(key, None).id)
    return mock


def statuses(mock: Mock, count: int, key: str = "rc_live_a", **more: Json) -> list[int]:
    return [post(mock, CHAT, ask("hi", **more), key=key).status for _ in range(count)]


def luck(key: str, **settings: Any) -> str:
    """Which of forty answers a fault met that meets every third or so."""
    mock = switched({"fault": "status-503", "rate": 0.3}, **settings)
    return "".join("x" if status == 503 else "." for status in statuses(mock, 40, key))


@pytest.mark.parametrize(
    ("wish", "met"),
    [
        ({}, [1, 2, 3, 4, 5, 6]),
        ({"nth": 3}, [3]),
        ({"nth": [1, 4, 9]}, [1, 4]),
        ({"times": 2}, [1, 2]),
        ({"nth": [2, 3, 4], "times": 2}, [2, 3]),
        ({"rate": 1}, [1, 2, 3, 4, 5, 6]),
        ({"rate": 0}, []),
    ],
    ids=str,
)
def test_a_fault_meets_the_answers_whose_turn_it_is(wish: Json, met: list[int]) -> None:
    mock = switched({"fault": "status-503", **wish})
    found = [n for n, status in enumerate(statuses(mock, 6), start=1) if status == 503]
    assert found == met


def test_turns_are_counted_by_key_where_a_fault_is_on_for_all() -> None:
    mock = switched({"fault": "status-503", "nth": 2})
    pairs = [(statuses(mock, 1, "rc_live_a"), statuses(mock, 1, "rc_live_b")) for _ in range(3)]
    assert pairs == [([200], [200]), ([503], [503]), ([200], [200])]


def test_the_same_seed_and_key_have_the_same_luck_in_any_process() -> None:
    mine, other = luck("rc_live_a", seed=3), luck("rc_live_b", seed=3)
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == [mine, other]
    assert {"x", "."} == set(mine) == set(other)
    assert len({mine, other, luck("rc_live_a", seed=4)}) == 3


def test_what_others_ask_does_not_change_a_keys_luck() -> None:
    mock = switched({"fault": "status-503", "rate": 0.3}, seed=3)
    found = []
    for number in range(40):
        statuses(mock, number % 3, "rc_live_other")
        found += statuses(mock, 1, "rc_live_a")
    assert "".join("x" if each == 503 else "." for each in found) == luck("rc_live_a", seed=3)


def test_a_key_with_a_seed_of_its_own_has_luck_of_its_own() -> None:
    mock = switched({"fault": "status-503", "rate": 0.3}, seed=3)
    mock.store.set_seed(identity("rc_live_a", None).id, 4)
    found = "".join("x" if each == 503 else "." for each in statuses(mock, 40))
    assert found == luck("rc_live_a", seed=4)


@pytest.mark.parametrize(
    ("condition", "path", "body", "met"),
    [
        ({"operation": "createEmbeddings"}, EMBEDDINGS, INPUT, True),
        ({"operation": "createEmbeddings"}, CHAT, ask("hi"), False),
        ({"model": "deepseek-ai/*"}, CHAT, ask("hi"), True),
        ({"model": "deepseek-ai/DeepSeek-V?"}, CHAT, ask("hi"), True),
        ({"model": "deepseek-ai/DeepSeek-V[3]"}, CHAT, ask("hi"), False),
        ({"model": "gpt-*"}, CHAT, ask("hi"), False),
        ({"model": "gpt-*"}, CHAT, {}, False),
        ({"stream": True}, CHAT, ask("hi", stream=True), True),
        ({"stream": True}, CHAT, ask("hi"), False),
        ({"stream": False}, CHAT, ask("hi"), True),
        ({"status": 200}, CHAT, ask("hi"), True),
        ({"status": [400, 404]}, CHAT, ask("hi"), False),
        ({"status": [400, 404]}, CHAT, {}, True),
    ],
    ids=str,
)
def test_a_fault_may_be_for_certain_answers(
    condition: Json, path: str, body: Json, met: bool
) -> None:
    mock = switched({"fault": "status-502", **condition})
    assert (post(mock, path, body).status == 502) is met


def test_answers_that_a_fault_does_not_fit_are_not_counted() -> None:
    mock = switched({"fault": "status-503", "nth": 2, "operation": "createChatCompletion"})
    told = [
        post(mock, path, body, key="rc_live_a").status
        for path, body in ((CHAT, ask("a")), (EMBEDDINGS, INPUT), (CHAT, ask("b")))
    ]
    assert told == [200, 200, 503]


def test_several_faults_meet_an_answer_in_order() -> None:
    mock = switched("status-503", "wrong-content-type")
    answer = post(mock, CHAT, ask("hi"))
    assert answer.exchange.faults == ["status-503", "wrong-content-type"]
    assert (answer.status, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")


def test_after_a_fault_that_breaks_off_there_is_no_other() -> None:
    mock = switched("disconnect-before-headers", "status-503")
    assert post(mock, CHAT, ask("hi")).exchange.faults == ["disconnect-before-headers"]


def test_one_fault_may_be_on_twice_for_different_answers() -> None:
    chat, other = ({"fault": "status-503", "operation": name} for name in OPERATIONS)
    mock = switched(chat, other, chat)
    assert [each["operation"] for each in mock.faults.told(None)] == [*OPERATIONS]
    for path, body in ((CHAT, ask("hi")), (EMBEDDINGS, INPUT)):
        assert post(mock, path, body).exchange.faults == ["status-503"]


OPERATIONS = ("createChatCompletion", "createEmbeddings")


def test_it_is_told_what_is_on_and_how_often_it_met() -> None:
    mock = switched({"fault": "stall", "seconds": 30, "nth": [2, 3], "model": "deep*"})
    statuses(mock, 2, "rc_live_a")
    statuses(mock, 1, "rc_live_b")
    told = {"fault": "stall", "seconds": 30, "after": None, "model": "deep*", "nth": [2, 3]}
    key = identity("rc_live_a", None).id
    assert mock.faults.told(key) == [{**told, "is_for_all": True, "fitted": 2, "met": 1}]
    assert mock.faults.told(None) == [{**told, "is_for_all": True, "fitted": 3, "met": 1}]


def test_what_a_key_has_met_is_forgotten_with_its_state() -> None:
    mock, key = switched({"fault": "status-503", "times": 1}), identity("rc_live_a", None).id
    assert statuses(mock, 2) == [503, 200]
    assert statuses(mock, 2, "rc_live_b") == [503, 200]
    mock.faults.reset(key)
    assert statuses(mock, 2) == [503, 200]
    assert statuses(mock, 1, "rc_live_b") == [200]


def test_what_is_added_leaves_the_others_and_what_they_have_met_alone() -> None:
    mock = switched({"fault": "status-503", "times": 1}, "crlf")
    assert statuses(mock, 2) == [503, 200]
    mock.faults.add([{"fault": "status-502", "nth": 2}, "heartbeats"], None)
    assert statuses(mock, 3) == [200, 502, 200]
    told = {each["fault"]: each["met"] for each in mock.faults.told(None)}
    assert told == {"status-503": 1, "crlf": 0, "status-502": 1, "heartbeats": 0}


def test_what_is_added_replaces_its_namesakes_and_begins_anew() -> None:
    chat, other = ({"fault": "status-503", "operation": name} for name in OPERATIONS)
    mock = switched(chat, other)
    assert statuses(mock, 1) == [503]
    mock.faults.add([{**chat, "times": 1}], None)
    assert statuses(mock, 2) == [503, 200]
    mock.faults.add([{**chat, "times": 1}], None)
    assert statuses(mock, 2) == [503, 200]
    assert len(mock.faults.told(None)) == 1


def test_what_is_added_for_a_key_is_for_it_alone() -> None:
    mock, key = switched("crlf"), identity("rc_live_a", None).id
    mock.faults.add(["status-503"], key)
    assert statuses(mock, 1) + statuses(mock, 1, "rc_live_b") == [503, 200]
    assert mock.faults.keys == [key]


def test_one_fault_is_ended_where_it_was_switched_on_and_nowhere_else() -> None:
    mock, key = switched("status-503", {"fault": "status-502", "nth": 9}), "rc_live_a"
    mine = identity(key, None).id
    mock.faults.switch(["status-503"], mine)
    statuses(mock, 2, key)
    mock.faults.end("status-503", None)
    assert statuses(mock, 1, key) + statuses(mock, 1, "rc_live_b") == [503, 200]
    mock.faults.end("status-503", mine)
    assert statuses(mock, 1, key) == [200]
    assert [each["fault"] for each in mock.faults.told(mine)] == ["status-502"]
    mock.faults.end("status-502", None)
    assert (mock.faults.any, mock.faults.keys) == (False, [])


@pytest.mark.parametrize(
    ("wish", "param", "words"),
    [
        ({"seconds": -1}, "faults[0].seconds", "seconds: expected a number from 0 to 3600"),
        ({"seconds": 3601}, "faults[0].seconds", "0 to 3600"),
        ({"seconds": "5"}, "faults[0].seconds", "0 to 3600"),
        ({"seconds": True}, "faults[0].seconds", "0 to 3600"),
        ({"seconds": None}, "faults[0].seconds", "0 to 3600"),
        ({"seconds": float("nan")}, "faults[0].seconds", "0 to 3600"),
        ({"after": 1.5}, "faults[0].after", "a whole number from 0"),
        ({"colour": 1}, "faults[0].colour", "no option of the fault stall; it has seconds, after"),
        ({"fault": "crlf", "seconds": 1}, "faults[0].seconds", "it has none"),
        ({"fault": "stal"}, None, "stall"),
    ],
    ids=str,
)
def test_a_wrong_option_is_told_by_its_name(wish: Json, param: str | None, words: str) -> None:
    with pytest.raises(Invalid, match=words.replace("[", r"\[")) as refused:
        new_mock().faults.switch([{"fault": "stall", **wish}], None)
    assert refused.value.param == param
