"""Runware's WebSocket: who is let in, what answers, how long it stays open, who comes back."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import httpx2
import pytest

from contract_tests.conftest import FreshKey
from contract_tests.talk import Talk, dial
from contract_tests.target import Target
from contract_tests.tasks import PIXEL, caption, new_uuid

Json = Any
Open = Callable[[], Talk]
PING = {"taskType": "ping", "ping": True}


@pytest.fixture
def connect(client: httpx2.Client, target: Target) -> Iterator[Open]:
    """Opens connections, which are closed at the end."""
    if "runware" not in target.keys:
        pytest.skip("runware is not asked for")
    with ExitStack() as stack:

        def connected() -> Talk:
            talk = dial(client, target)
            stack.callback(talk.leave)
            return talk

        yield connected


@pytest.fixture
def mine(connect: Open, key: FreshKey) -> str:
    """The key of this test."""
    return key("runware")


@pytest.fixture
def advance(client: httpx2.Client, mine: str) -> Callable[[float], None]:
    """Lets so many seconds pass for the key of this test."""

    def wait(seconds: float) -> None:
        client.post("/__mock__/clock", json={"key": mine, "advance": seconds}).raise_for_status()

    return wait


@pytest.mark.clauses("socket-login-opens-a-session")
def test_a_key_opens_a_session(connect: Open, mine: str) -> None:
    assert connect().ask(_login(mine)).get("data")


@pytest.mark.clauses("socket-messages-are-objects")
def test_every_message_is_an_object(connect: Open, mine: str) -> None:
    _welcomed(connect(), mine).ask(PING)


@pytest.mark.clauses("socket-login-comes-first")
def test_without_a_key_nothing_is_answered(connect: Open) -> None:
    answer = connect().ask(PING)
    assert set(answer) == {"errors"}
    assert answer["errors"][0]["code"]


@pytest.mark.clauses("socket-refused-keys-are-told")
def test_a_bad_key_is_told(connect: Open) -> None:
    answer = connect().ask(_login("runware_invalid_1"))
    assert set(answer) == {"errors"}
    assert answer["errors"][0]["code"] == "invalidApiKey"


@pytest.mark.clauses("socket-refused-keys-end-it")
def test_a_bad_key_ends_the_connection(connect: Open) -> None:
    talk = connect()
    talk.ask(_login("runware_invalid_1"))
    assert talk.end() == 1008


@pytest.mark.clauses("socket-pings-are-answered")
def test_a_ping_is_answered(connect: Open, mine: str) -> None:
    talk = _welcomed(connect(), mine)
    assert talk.ask(PING) == {"data": [{"taskType": "ping", "pong": True}]}


@pytest.mark.clauses("socket-tasks-are-answered-each")
def test_good_and_bad_tasks_are_answered_each(connect: Open, mine: str) -> None:
    good = [caption(inputs={"image": PIXEL}, prompt="Name the colour.") for _ in range(2)]
    bad = caption(inputs={})
    answer = _welcomed(connect(), mine).ask(good[0], bad, good[1])
    told = {each["taskUUID"] for each in answer["data"]}
    assert told == {each["taskUUID"] for each in good}
    assert [each["taskUUID"] for each in answer["errors"]] == [bad["taskUUID"]]


@pytest.mark.clauses("tasks-answers-name-their-task", "tasks-results-are-of-their-kind")
def test_answers_are_those_of_the_tasks(connect: Open, mine: str) -> None:
    _welcomed(connect(), mine).ask(caption(inputs={"image": PIXEL}, prompt="Name the colour."))


@pytest.mark.clauses("socket-results-and-errors-come-apart")
def test_results_and_errors_come_apart(connect: Open, mine: str) -> None:
    talk = _welcomed(connect(), mine)
    talk.ask(caption(inputs={"image": PIXEL}), caption(inputs={}))


@pytest.mark.clauses("socket-errors-are-as-over-http")
def test_an_error_has_the_same_form_as_over_http(
    connect: Open, mine: str, client: httpx2.Client
) -> None:
    bad = caption(inputs={})
    headers = {"Authorization": f"Bearer {mine}"}
    over_http = client.post("/v1", json=[bad], headers=headers).json()["errors"]
    assert _welcomed(connect(), mine).ask(bad)["errors"] == over_http


@pytest.mark.mock_only
@pytest.mark.clauses("socket-tasks-overtake")
def test_a_quick_task_overtakes_a_slow_one(
    connect: Open, mine: str, client: httpx2.Client, advance: Callable[[float], None]
) -> None:
    client.put(f"/__mock__/keys/{mine}", json={"pace": "ttft=60"}).raise_for_status()
    talk, slow = _welcomed(connect(), mine), caption()
    talk.say(slow, PING)
    assert talk.answers(PING)["data"][0]["pong"] is True
    advance(60)
    assert talk.answers(slow)["data"][0]["text"]


@pytest.mark.mock_only
@pytest.mark.clauses("socket-stays-open-for-two-minutes")
def test_whoever_says_something_may_stay(
    connect: Open, mine: str, advance: Callable[[float], None]
) -> None:
    talk = _welcomed(connect(), mine)
    for _ in range(2):
        advance(110)
        assert talk.ask(PING)["data"]


@pytest.mark.mock_only
@pytest.mark.clauses("socket-closes-after-two-minutes")
def test_whoever_says_nothing_has_to_go(
    connect: Open, mine: str, advance: Callable[[float], None]
) -> None:
    talk = _welcomed(connect(), mine)
    advance(120)
    assert talk.end()


@pytest.mark.mock_only
@pytest.mark.clauses("socket-keeps-what-was-not-delivered")
def test_what_was_not_delivered_is_kept_for_the_session(
    connect: Open, mine: str, client: httpx2.Client, advance: Callable[[float], None]
) -> None:
    client.put(f"/__mock__/keys/{mine}", json={"pace": "ttft=60"}).raise_for_status()
    talk, task = connect(), caption()
    (session,) = talk.ask(_login(mine))["data"]
    talk.say(task, PING)
    talk.answers(PING)
    talk.leave()
    advance(60)
    told = {"connectionSessionUUID": session["connectionSessionUUID"]}
    again = connect()
    again.ask({**_login(mine), **told})
    assert again.answers(task)["data"][0]["text"]


@pytest.mark.clauses("socket-survives-nonsense")
@pytest.mark.parametrize("text", ["{", "{}", "null", "[]", "7", ""])
def test_nonsense_is_refused_and_no_more(text: str, connect: Open, mine: str) -> None:
    talk = _welcomed(connect(), mine)
    talk.write(text)
    assert talk.hear()["errors"]
    assert talk.ask({**PING, "taskUUID": new_uuid()})["data"]


def _login(key: str) -> Json:
    return {"taskType": "authentication", "apiKey": key}


def _welcomed(talk: Talk, key: str) -> Talk:
    talk.ask(_login(key))
    return talk
