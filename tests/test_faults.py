"""Faults: where they meet an answer, for whom they are on, whose turn it is; every one is met."""

from typing import Any
from urllib.parse import unquote

import pytest

from mock_server.auth import identity
from mock_server.errors import Invalid
from mock_server.faults import Catalogue, FaultError, read_fault
from mock_server.switchboard import Faults
from tests.world import CHAT, ask, new_mock, post

Json = Any
NAMES = sorted(Catalogue().faults)
IMAGES = "/v1/images/generations"
PREFER = b"prefer"


def _fault(**changes: Json) -> Json:
    return {
        "fault": "f",
        "breaks": "clause",
        "says": "Something is wrong.",
        "where": {"behaviour": "chat-completions"},
        "do": [{"status": 500}],
        **changes,
    }


@pytest.mark.parametrize(
    ("node", "word"),
    [
        ({"fault": "f"}, "where"),
        (_fault(more=1), "more"),
        (_fault(where={"weather": "fine"}), "weather"),
        (_fault(do=[{"explode": True}]), "explode"),
    ],
)
def test_a_fault_that_is_none_is_refused_by_name(node: Json, word: str) -> None:
    with pytest.raises(FaultError, match=f"f .*{word}"):
        read_fault(node)


def test_the_whole_catalogue_can_be_read() -> None:
    assert len(NAMES) == len(set(NAMES)) > 0
    assert all(fault.says.endswith(".") for fault in Catalogue().faults.values())


def test_an_unknown_name_is_told_with_those_near_to_it() -> None:
    with pytest.raises(Invalid, match="chat-stream-without-done"):
        Faults().switch(["chat-stream-without-don"], None)
    answer = post(new_mock(), CHAT, ask("hi"), headers=[(PREFER, b"fault=nonsense")])
    assert answer.status == 400
    assert "nonsense" in answer.json["error"]["message"]


def test_a_header_asks_for_a_fault_once() -> None:
    mock = new_mock()
    broken = post(mock, CHAT, ask("hi"), headers=[(PREFER, b"fault=chat-without-finish-reason")])
    assert "finish_reason" not in broken.json["choices"][0]
    assert broken.exchange.faults == ["chat-without-finish-reason"]
    assert post(mock, CHAT, ask("hi")).json["choices"][0]["finish_reason"] == "stop"


def test_a_key_has_faults_of_its_own() -> None:
    mock, name = new_mock(), "chat-without-finish-reason"
    mine = post(mock, CHAT, ask("hi"), key="rc_live_mine").exchange.caller_id
    mock.faults.switch([name], mine)
    for key, has in (("rc_live_mine", False), ("rc_live_other", True)):
        answer = post(mock, CHAT, ask("hi"), key=key)
        assert ("finish_reason" in answer.json["choices"][0]) == has
    mock.faults.reset(mine)
    assert post(mock, CHAT, ask("hi"), key="rc_live_mine").exchange.faults == []
    assert not mock.faults.any


def test_a_fault_for_all_meets_everybody_and_those_without_a_good_key() -> None:
    mock = new_mock()
    mock.faults.switch(["chat-without-finish-reason"], None)
    assert post(mock, CHAT, ask("hi"), key="sk-a").exchange.faults
    mock.faults.reset()
    assert not post(mock, CHAT, ask("hi"), key="sk-a").exchange.faults


def test_a_fault_meets_what_it_describes_and_nothing_else() -> None:
    mock = new_mock()
    mock.faults.switch(["chat-temperature-over-2"], None)
    assert post(mock, CHAT, ask("hi", temperature=3)).status == 200
    assert post(mock, CHAT, ask("hi", top_p=3)).status == 400
    assert post(mock, CHAT, ask("hi", temperature=1)).exchange.faults == []


def test_a_fault_may_meet_answers_with_certain_words() -> None:
    mock, body = new_mock(), {"model": "m", "prompt": "a fox", "width": 512}
    mock.faults.switch(["image-impossible-shape-taken"], None)
    assert post(mock, IMAGES, body).status == 400
    shape = {"model": "m", "prompt": "a fox", "aspect_ratio": "50:1"}
    assert post(mock, IMAGES, shape).status == 200


def test_the_faults_of_a_stream_leave_whole_answers_alone() -> None:
    mock = new_mock()
    mock.faults.switch(["chat-stream-without-done"], None)
    assert post(mock, CHAT, ask("hi", stream=True)).events[-1].data != b"[DONE]"
    assert post(mock, CHAT, ask("hi")).exchange.faults == []


def test_a_verb_that_does_not_fit_leaves_the_answer_alone() -> None:
    tool = {"type": "function", "function": {"name": "tide", "parameters": {"type": "object"}}}
    body = ask("Which tide?", tools=[tool], tool_choice="required", model="claude-opus-4-8")
    mock, wish = new_mock(), [(PREFER, b"fault=chat-says-it-another-way")]
    for _ in range(3):  # what is said there is null, to which no text can be added
        answer = post(mock, CHAT, body, key="sk-a", headers=wish)
        assert answer.status == 200
        assert answer.json["choices"][0]["message"]["content"] is None


def test_a_key_that_is_refused_has_its_faults_all_the_same() -> None:
    mock, key = new_mock(), "rc_live_invalid_7"
    mock.faults.switch(["any-key-is-good"], identity(key, None).id)
    assert post(mock, "/v1/videos", {"model": "m", "prompt": "p"}, key=key).exchange.faults
    assert not post(mock, "/v1/videos", {}, key="rc_live_invalid_8").exchange.faults


def test_a_fault_that_is_asked_for_twice_is_met_once() -> None:
    mock, name = new_mock(), "chat-without-finish-reason"
    mock.faults.switch([name, name], None)
    wish = [(PREFER, f"fault={name}".encode())]
    assert post(mock, CHAT, ask("hi"), headers=wish).exchange.faults == [name]


def test_a_fault_that_is_switched_on_again_counts_anew() -> None:
    mock, name = new_mock(), "chat-says-it-another-way"
    turns = []
    for _ in range(2):
        mock.faults.switch([name], None)
        turns.append([bool(post(mock, CHAT, ask("hi")).exchange.faults) for _ in range(2)])
        mock.faults.switch([], None)
    assert turns[0] == turns[1] == [False, True]


@pytest.mark.parametrize("id_", ["a%0ab", "a%0d%0ab", "a%00b", 'a"b'])
def test_a_path_in_a_header_cannot_break_it(id_: str) -> None:
    wish = [(PREFER, b"fault=video-of-anybody")]
    path = f"/v1/videos/{unquote(id_)}/download"
    answer = post(new_mock(), path, b"", method="GET", headers=wish)
    assert answer.exchange.faults == ["video-of-anybody"], answer.body
    said = answer.headers["content-disposition"]
    assert said.isprintable()
    assert said.count('"') == 2
