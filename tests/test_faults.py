"""Faults: where they meet an answer, for whom they are on, whose turn it is; every one is met."""

import re
from typing import Any, get_args
from urllib.parse import unquote

import pytest

from mock_server.auth import identity
from mock_server.errors import Invalid
from mock_server.faults import Catalogue, Effect, FaultError, read_fault
from mock_server.switchboard import Faults
from tests.world import CHAT, NOW, ask, new_mock, post

Json = Any
NAMES = sorted(Catalogue().faults)
IMAGES = "/v1/images/generations"
PREFER = b"prefer"
MESSAGE = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "hi"}]}
LIMIT_HEADERS = ("retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset")


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
        (_fault(effect="cut"), "breaks and effect"),
        (_fault(breaks=None, effect="dull"), "breaks and effect"),
        ({name: each for name, each in _fault(effect="dull").items() if name != "breaks"}, "dull"),
    ],
)
def test_a_fault_that_is_none_is_refused_by_name(node: Json, word: str) -> None:
    with pytest.raises(FaultError, match=f"f .*{word}"):
        read_fault(node)


def test_the_whole_catalogue_can_be_read() -> None:
    assert len(NAMES) == len(set(NAMES)) > 0
    assert all(fault.says.endswith(".") for fault in Catalogue().faults.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_fault_breaks_a_clause_or_has_an_effect_and_its_options_stand_in_its_edits(
    name: str,
) -> None:
    fault = Catalogue().faults[name]
    assert (fault.breaks is None) is (fault.effect is not None)
    places = set(re.findall(r"'\$(\w+)'", str(fault.edits)))
    assert places == set(fault.options)
    for option in fault.options.values():
        assert option.default is None or option.minimum <= option.default <= option.maximum


def test_the_breaches_are_those_that_break_a_clause() -> None:
    catalogue = Catalogue()
    others = set(catalogue.faults) - set(catalogue.breaches)
    assert {catalogue.faults[name].effect for name in others} == {*get_args(Effect)}


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        (b"fault=stall; colour=red", "colour: is no option of the fault stall"),
        (b"fault=stall; seconds=long", "seconds: expected a number from 0 to 3600"),
        (b"fault=stall; seconds=nan", "seconds: expected a number from 0 to 3600"),
        (b"fault=stall; after=1.5", "after: expected a whole number from 0 to"),
        (b"fault=stall; rate=0.5", "rate: is no option"),
        (b"fault=crlf, fault=nonsense", "nonsense"),
    ],
    ids=repr,
)
def test_a_wish_that_cannot_be_is_told_in_words(wish: bytes, words: str) -> None:
    answer = post(new_mock(), CHAT, ask("hi"), headers=[(PREFER, wish)])
    assert answer.status == 400
    assert words in answer.json["error"]["message"]
    assert answer.exchange.faults == []


def test_a_header_may_ask_for_several_faults_with_options() -> None:
    wish = [(PREFER, b"fault=status-503; retry_after=9"), (PREFER, b"fault=wrong-content-type")]
    answer = post(new_mock(), CHAT, ask("hi"), headers=wish)
    assert (answer.status, answer.headers["retry-after"]) == (503, "9")
    assert answer.exchange.faults == ["status-503", "wrong-content-type"]
    assert answer.exchange.error and answer.exchange.tokens is None


@pytest.mark.parametrize(
    ("path", "body", "key", "told"),
    [
        (CHAT, ask("hi"), "rc_live_a", {"type": "server_error", "code": "overloaded"}),
        (CHAT, ask("hi"), "sk-a", {"type": "server_error", "code": "overloaded"}),
        ("/v1/messages", MESSAGE, "sk-a", {"type": "overloaded_error"}),
    ],
    ids=["runcrate", "ruapi", "anthropic"],
)
@pytest.mark.parametrize("status", [503, 529])
def test_a_failing_server_uses_the_words_of_its_provider(
    path: str, body: Json, key: str, told: Json, status: int
) -> None:
    wish = [(PREFER, f"fault=status-{status}".encode())]
    answer = post(new_mock(), path, body, key=key, headers=wish)
    assert answer.status == status
    assert answer.json["error"].items() >= told.items()
    assert {"x-request-id", "request-id"} & set(answer.headers)


def test_runware_fails_in_its_own_words() -> None:
    task = [{"taskType": "ping", "ping": True}]
    wish = [(PREFER, b"fault=status-503")]
    answer = post(new_mock(), "/v1", task, key="runware_a", headers=wish)
    assert answer.status == 503
    assert answer.json["errors"][0]["code"]


def test_a_limited_key_is_told_when_to_come_back() -> None:
    wish = [(PREFER, b"fault=rate-limited; retry_after=30")]
    answer = post(new_mock(), CHAT, ask("hi"), headers=wish)
    assert (answer.status, answer.json["error"]["code"]) == (429, "rate_limit_exceeded")
    told = {name: int(answer.headers[name]) for name in LIMIT_HEADERS}
    assert told == dict(zip(LIMIT_HEADERS, (30, 60, 0, int(NOW) + 30), strict=True))


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
