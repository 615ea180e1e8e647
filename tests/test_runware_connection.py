"""A connection to Runware without any socket: who may speak, what is answered, what is kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.accounts import Account
from mock_server.answer import connect
from mock_server.auth import identity
from mock_server.codec import encode
from mock_server.mock import Mock
from mock_server.protocols.runware.connection import Connection
from mock_server.wire import Call, Message
from tests.runware import BICYCLE, KEY, Json, caption, new_uuid, poll
from tests.world import NOW, new_mock

LOGIN = {"taskType": "authentication", "apiKey": KEY}
PING = {"taskType": "ping", "ping": True}
_STRICT = new_mock()
PONG = {"data": [{"taskType": "ping", "pong": True}]}


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock()


def opened(mock: Mock) -> Connection:
    connection = connect(Call("GET", "/v1", b"sdk=js", [], b"", NOW), mock)
    assert connection is not None
    return connection


def say(connection: Connection, *tasks: Json, now: float = NOW, **more: Any) -> list[Json]:
    return [read(each) for each in connection.receive(encode(list(tasks)), now, **more)]


def read(message: Message) -> Json:
    return json.loads(message.data)


def welcomed(mock: Mock, **more: Json) -> Connection:
    connection = opened(mock)
    assert "data" in say(connection, {**LOGIN, **more})[0]
    return connection


def code(answer: Json) -> str:
    (error,) = answer["errors"]
    return str(error["code"])


def test_only_where_the_contract_has_a_socket_one_is_opened(mock: Mock) -> None:
    for path in ("/", "/v1/models", "/v1/chat/completions", "/v2"):
        assert connect(Call("GET", path, b"", [], b"", NOW), mock) is None


def test_a_key_opens_a_session_of_its_own(mock: Mock) -> None:
    sessions = set()
    for _ in range(3):
        ((answer,),) = [say(opened(mock), LOGIN)]
        (told,) = answer["data"]
        assert told["taskType"] == "authentication"
        sessions.add(told["connectionSessionUUID"])
    assert len(sessions) == 3


def test_without_a_key_each_task_is_told_so_and_the_connection_lives(mock: Mock) -> None:
    connection = opened(mock)
    task = caption()
    first, second = say(connection, task, PING)
    assert code(first) == code(second) == "missingApiKey"
    assert first["errors"][0]["taskUUID"] == task["taskUUID"]
    assert "data" in say(connection, LOGIN)[0]
    assert "data" in say(connection, task)[0], "a refused task has not used its UUID"


@pytest.mark.parametrize("key", ["runware_invalid", "rc_live_test", "sk-test", " "])
def test_a_bad_key_is_told_and_closes(mock: Mock, key: str) -> None:
    (message,) = opened(mock).receive(encode([{**LOGIN, "apiKey": key}]), NOW)
    assert code(read(message)) == "invalidApiKey"
    assert read(message)["errors"][0]["taskType"] == "authentication"
    assert message.closes == 1008


@pytest.mark.parametrize(
    "login", [{"apiKey": ""}, {"apiKey": 5}, {"connectionSessionUUID": "x"}, {"more": 1}]
)
def test_a_malformed_login_is_told_and_survived(mock: Mock, login: Json) -> None:
    connection = opened(mock)
    (message,) = connection.receive(encode([{**LOGIN, **login}]), NOW)
    assert code(read(message)) == "invalidParameter"
    assert message.closes is None
    assert b"runware_mine" not in message.data
    assert "data" in say(connection, LOGIN)[0]


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"{}", b"null", b"\xff", b'[{"a":1,"a":2}]', b"[" * 500, b'{"taskType":1}'],
)
@pytest.mark.parametrize("is_known", [False, True])
def test_malformed_messages_are_answered_and_survived(
    mock: Mock, data: bytes, is_known: bool
) -> None:
    connection = welcomed(mock) if is_known else opened(mock)
    (message,) = connection.receive(data, NOW)
    assert code(read(message)) in ("invalidRequestBody", "invalidParameter")
    assert message.closes is None
    assert "data" in say(connection, LOGIN)[0]


def test_a_message_that_is_too_large_is_refused() -> None:
    connection = welcomed(new_mock(max_body=1_000))
    (answer,) = say(connection, caption(prompt="a" * 1_000))
    assert code(answer) == "maxRequestSizeExceeded"
    assert say(connection, PING) == [PONG]


def test_each_task_has_a_message_of_its_own(mock: Mock) -> None:
    good, bad = caption(), caption(inputs={})
    answers = say(welcomed(mock), good, bad, 5, PING)
    assert [list(each) for each in answers] == [["data"], ["errors"], ["errors"], ["data"]]
    assert answers[0]["data"][0]["taskUUID"] == good["taskUUID"]
    assert answers[1]["errors"][0]["taskUUID"] == bad["taskUUID"]


def test_tasks_may_stand_beside_the_key(mock: Mock) -> None:
    session, pong = say(opened(mock), LOGIN, PING)
    assert "connectionSessionUUID" in session["data"][0]
    assert pong == PONG


def test_a_second_key_is_refused_and_the_first_goes_on(mock: Mock) -> None:
    connection = welcomed(mock)
    refused, pong = say(connection, {**LOGIN, "apiKey": "runware_other"}, PING)
    assert code(refused) == "invalidApiKey"
    assert pong == PONG
    (again,) = say(connection, LOGIN)
    assert again == say(connection, LOGIN)[0], "the session stays the same"


def test_a_key_that_was_switched_off_is_refused() -> None:
    mock = new_mock()
    mock.store.ledger.open(identity(KEY, None).id, Account(disabled=True))
    (message,) = opened(mock).receive(encode([LOGIN]), NOW)
    assert code(read(message)) == "invalidApiKey"
    assert message.closes == 1008


def test_a_key_without_money_hears_so_of_each_caption() -> None:
    mock = new_mock()
    mock.store.ledger.open(identity(KEY, None).id, Account(balance=0))
    refused, pong = say(welcomed(mock), caption(), PING)
    assert code(refused) == "insufficientCredits"
    assert pong == PONG


def test_a_key_is_not_taken_from_later_tasks(mock: Mock) -> None:
    connection = opened(mock)
    assert [code(each) for each in say(connection, PING, LOGIN)] == ["missingApiKey"] * 2
    assert connection.key is None


def test_a_task_is_polled_on_the_clock_of_its_key() -> None:
    mock = new_mock()
    connection = welcomed(mock)
    task = caption(deliveryMethod="async")
    (ack,) = say(connection, task)
    assert ack == {"data": [{"taskType": "imageCaption", "taskUUID": task["taskUUID"]}]}
    assert say(connection, poll(task))[0]["data"][0]["status"] == "processing"
    mock.clock.advance(1, connection.key)
    assert say(connection, poll(task))[0]["data"][0]["status"] == "success"


def test_uploads_have_addresses_over_http(mock: Mock) -> None:
    upload = {"taskType": "imageUpload", "taskUUID": new_uuid(), "image": BICYCLE}
    (told,) = say(welcomed(mock), upload)
    assert told["data"][0]["imageURL"].startswith("http://")


def test_answers_come_when_their_time_has_come() -> None:
    from mock_server.pace import Pace

    connection = welcomed(new_mock(pace=Pace(ttft=1.0)))
    slow, ping = connection.receive(encode([caption(), PING]), NOW)
    assert slow.after == pytest.approx(1.0)
    assert ping.after == 0


def test_what_was_not_delivered_is_there_for_the_session(mock: Mock) -> None:
    session = str(new_uuid())
    first = welcomed(mock, connectionSessionUUID=session)
    first.leave([Message(b'{"data":[1]}', 5.0), Message(b'{"data":[2]}')], NOW)
    again = {**LOGIN, "connectionSessionUUID": session.upper()}
    _, late, due = opened(mock).receive(encode([again]), NOW + 3)
    assert (late.after, read(late)) == (2.0, {"data": [1]})
    assert (due.after, read(due)) == (0.0, {"data": [2]})
    assert len(opened(mock).receive(encode([again]), NOW + 3)) == 1, "it is handed out once"


def test_it_is_kept_for_its_time_and_its_key_alone(mock: Mock) -> None:
    session = new_uuid()
    again = {**LOGIN, "connectionSessionUUID": session}
    first = welcomed(mock, connectionSessionUUID=session)
    first.leave([Message(b"{}")], NOW)
    assert len(say(opened(mock), {**again, "apiKey": "runware_other"})) == 1
    assert len(opened(mock).receive(encode([again]), NOW + 120)) == 2
    first.leave([Message(b"{}")], NOW)
    assert len(opened(mock).receive(encode([again]), NOW + 121)) == 1
    first.leave([], NOW)
    opened(mock).leave([Message(b"{}")], NOW)
    assert len(say(opened(mock), again)) == 1


def test_no_more_is_kept_than_there_is_room_for(mock: Mock) -> None:
    session = new_uuid()
    first = welcomed(mock, connectionSessionUUID=session)
    first.leave([Message(b'"%s"' % (b"x" * 400_000))] * 5, NOW)
    again = {**LOGIN, "connectionSessionUUID": session}
    assert len(opened(mock).receive(encode([again]), NOW)) == 3


def test_too_many_tasks_under_way_are_refused(mock: Mock) -> None:
    connection = welcomed(mock)
    task = caption()
    assert code(say(connection, task, waiting=1_000)[0]) == "rateLimitExceeded"
    assert "data" in say(connection, task, waiting=999)[0], "its UUID is still free"


def test_messages_count_against_the_limit() -> None:
    connection = welcomed(new_mock(rate_limit=2))
    tasks = [caption() for _ in range(3)]
    assert all("data" in say(connection, PING)[0] for _ in range(5)), "clients ping by themselves"
    answers = [say(connection, each)[0] for each in tasks]
    assert [list(each) for each in answers] == [["data"], ["data"], ["errors"]]
    assert code(answers[2]) == "rateLimitExceeded"
    assert "data" in say(connection, tasks[2], now=NOW + 60)[0]


def test_a_key_that_is_switched_off_is_refused_on_an_open_connection(mock: Mock) -> None:
    connection = welcomed(mock)
    key = connection.key
    assert key is not None
    mock.store.ledger.open(key, Account(disabled=True))
    assert code(say(connection, caption())[0]) == "invalidApiKey"
    mock.store.ledger.reset(key)
    assert "data" in say(connection, caption())[0]


@pytest.mark.parametrize(
    "login",
    [
        {"taskType": "authentication", "apiKey": "runware_SECRET"},
        [{"taskType": "authentication", "apikey": "runware_SECRET"}],
        [{"taskType": "authentication", "apiKey": ["runware_SECRET"]}],
    ],
)
def test_no_answer_to_a_login_shows_what_it_says(login: Json, mock: Mock) -> None:
    connection = opened(mock)
    said = connection.receive(json.dumps(login).encode(), NOW)
    assert b"SECRET" not in b"".join(each.data for each in said)
    assert "SECRET" not in json.dumps([each.public() for each in mock.journal.entries()])


def test_what_two_connections_leave_behind_is_kept_of_both(mock: Mock) -> None:
    one = welcomed(mock)
    session = json.loads(opened(mock).receive(encode([LOGIN]), NOW)[0].data)
    name = session["data"][0]["connectionSessionUUID"]
    other = welcomed(mock, connectionSessionUUID=name)
    again = welcomed(mock, connectionSessionUUID=name)
    other.leave([Message(b'{"data":[1]}')], NOW)
    again.leave([Message(b'{"data":[2]}')], NOW)
    assert one is not other
    back = opened(mock).receive(encode([{**LOGIN, "connectionSessionUUID": name}]), NOW)
    assert [each.data for each in back[1:]] == [b'{"data":[1]}', b'{"data":[2]}']


def test_failures_can_be_scripted(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text("- {when: {operation: runTasks, key: runware_mine}, error: {status: 503}}")
    connection = welcomed(new_mock(scenarios=path))
    busy, alive = say(connection, caption(), PING)
    assert code(busy) == "serviceUnavailable"
    assert alive == PONG  # pings come unasked: no rule is used up by them


def test_a_fault_of_ours_is_told_and_survived(
    mock: Mock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from mock_server.protocols.runware import connection as module

    connection = welcomed(mock)

    def broken(*_: object) -> None:
        raise RuntimeError("oops")

    with monkeypatch.context() as patch:
        patch.setattr(module, "run", broken)
        (answer,) = say(connection, PING)
    assert code(answer) == "internalServerError"
    assert "oops" in caplog.text
    assert say(connection, PING) == [PONG]


def test_a_strict_server_sends_nothing_against_the_contract(
    mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mock_server.protocols.runware import connection as module
    from mock_server.protocols.runware.outcome import Outcome

    connection = welcomed(mock)
    monkeypatch.setattr(module, "run", lambda *_: [Outcome(200, {"taskType": "nothing"})])
    assert code(say(connection, PING)[0]) == "contractBreach"


def test_the_journal_has_each_message() -> None:
    mock = new_mock()
    connection = welcomed(mock)
    say(connection, caption(inputs={}))
    say(connection, caption(inputs={}), PING)
    login, bad, mixed = mock.journal.entries(connection.key)
    assert {each.call.method for each in (login, bad, mixed)} == {"WEBSOCKET"}
    assert [each.status for each in (login, bad, mixed)] == [200, 400, 200]
    assert bad.error == mixed.error == "inputs.image: is required"


def test_an_exchange_is_over_when_its_last_message_was_delivered() -> None:
    mock = new_mock()
    connection = welcomed(mock)
    first, second = connection.receive(encode([PING, caption()]), NOW)
    *_, exchange = mock.journal.entries(connection.key)
    connection.delivered(second)
    assert not exchange.is_over and exchange.began is not None
    connection.delivered(first)
    assert exchange.is_over and exchange.finished and not exchange.left
    assert exchange.sent == len(first.data) + len(second.data)
    assert exchange.answered == [second.data, first.data]


def test_what_is_not_delivered_ends_with_the_connection() -> None:
    mock = new_mock()
    gone, stopped = welcomed(mock), welcomed(mock)
    for connection in (gone, stopped):
        (message,) = connection.receive(encode([caption()]), NOW)
    gone.leave([message], NOW)
    gone.end()
    stopped.end()
    _, _, left, cut = mock.journal.entries(gone.key)
    assert (left.is_over, left.finished, left.left, left.cut) == (True, False, True, False)
    assert (cut.is_over, cut.finished, cut.left, cut.cut) == (True, False, False, True)


def test_one_request_too_many_is_noted_as_such() -> None:
    mock = new_mock(rate_limit=1)
    connection = welcomed(mock)
    for _ in range(2):
        say(connection, caption())
    assert [each.limited for each in mock.journal.entries(connection.key)] == [False, False, True]


def test_the_same_messages_get_the_same_answers() -> None:
    task = caption()
    first, second = (say(welcomed(new_mock()), task, PING) for _ in range(2))
    assert first == second


def test_the_examples_of_the_contract_are_messages(mock: Mock) -> None:
    (operation,) = [each for each in mock.spec.operations if each.socket]
    pointer = operation.socket.sends.removesuffix("/sends") if operation.socket else ""
    node = mock.spec.document.data["paths"]["/v1"]["post"]["x-socket"]
    for example in node["examples"].values():
        receives = mock.spec.validator(f"{pointer}/receives")
        assert receives.is_valid(example["receives"])
        for each in example["sends"]:
            assert mock.spec.validator(f"{pointer}/sends").is_valid(each)
    both = {"data": [PONG["data"][0]], "errors": [{"code": "a", "message": "b"}]}
    assert not mock.spec.validator(f"{pointer}/sends").is_valid(both)


_LEAVES = st.none() | st.booleans() | st.integers(-9, 9) | st.floats(allow_nan=False) | st.text()
_NAMES = st.sampled_from(
    [
        "taskType",
        "taskUUID",
        "model",
        "inputs",
        "image",
        "inputImage",
        "inputImages",
        "prompt",
        "template",
        "apiKey",
        "connectionSessionUUID",
        "webhookURL",
        "deliveryMethod",
        "ping",
    ]
)
_WORDS = st.sampled_from(
    [
        "caption",
        "imageCaption",
        "imageUpload",
        "getResponse",
        "getTaskDetails",
        "ping",
        "async",
        "authentication",
        "runware:152@1",
        "http://[",
        "http://a/b.png",
        "data:image/png;base64,AAAA",
        "runware_mine",
        "3afd03ac-ef76-46f5-a413-c66234c3597e",
        "e3a3bcc0-b731-4f8e-8093-1bf0f7476d14",
    ]
)
_VALUES = st.recursive(
    _LEAVES | _WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_NAMES | st.text(), inner),
    max_leaves=12,
)
_TASKS = st.lists(st.dictionaries(_NAMES, _VALUES, min_size=1) | _VALUES, max_size=4)


@settings(max_examples=300, derandomize=True, database=None)
@given(messages=st.lists(_TASKS | _VALUES, min_size=1, max_size=4), is_known=st.booleans())
def test_whatever_comes_is_answered(messages: list[Json], *, is_known: bool) -> None:
    connection = welcomed(_STRICT) if is_known else opened(_STRICT)
    for message in messages:
        answers = connection.receive(encode(message), NOW)
        assert answers or message == []
        for answer in answers:
            told = read(answer)
            assert len(told) == 1
            for error in told.get("errors", ()):
                assert error["code"] not in ("internalServerError", "contractBreach"), error
