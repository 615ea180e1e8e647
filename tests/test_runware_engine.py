"""The task engine: each task by itself, and all of them in one answer."""

import pytest

from mock_server.mock import Mock
from mock_server.protocols.runware.engine import TASKS
from tests.runware import KEY, Json, caption, error, new_uuid, result, send
from tests.world import new_mock

SESSION = "e3a3bcc0-b731-4f8e-8093-1bf0f7476d14"


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock()


def test_contract_and_engine_name_the_same_tasks(mock: Mock) -> None:
    schemas = mock.spec.document.data["components"]["schemas"]
    assert set(TASKS) == set(schemas["RunwareTask"]["properties"]["taskType"]["enum"])


def test_results_and_errors_stand_side_by_side(mock: Mock) -> None:
    good, bad, ping = caption(), caption(inputs={}), {"taskType": "ping", "taskUUID": new_uuid()}
    answered = send(mock, bad, good, {"taskType": "none"}, ping)
    assert answered.status == 200
    assert [each["taskUUID"] for each in answered.json["data"]] == [
        good["taskUUID"],
        ping["taskUUID"],
    ]
    assert [each["code"] for each in answered.json["errors"]] == [
        "missingParameter",
        "unsupportedTaskType",
    ]
    assert answered.exchange.error == "inputs.image: is required"


def test_without_errors_or_results_their_lists_are_left_out(mock: Mock) -> None:
    assert set(send(mock, caption()).json) == {"data"}
    assert set(send(mock, caption(inputs={})).json) == {"errors"}


@pytest.mark.parametrize("task", [None, 1, "ping", [], [{"taskType": "ping"}], True])
def test_what_is_no_task_is_named_by_its_place(mock: Mock, task: Json) -> None:
    answered = send(mock, {"taskType": "ping"}, task)
    (told,) = answered.json["errors"]
    assert told["message"].startswith("[1]: ")
    assert len(answered.json["data"]) == 1


@pytest.mark.parametrize("body", [[], {}, None, "a", {"taskType": "ping"}])
def test_a_body_is_an_array_with_something_in_it(mock: Mock, body: Json) -> None:
    from tests.world import post

    answered = post(mock, "/v1", body if body is not None else b"null", key=KEY)
    assert answered.status == 400
    assert answered.json["errors"][0]["code"] in ("invalidParameter", "invalidRequestBody")


def test_an_array_has_a_hundred_tasks_at_most(mock: Mock) -> None:
    ping = {"taskType": "ping"}
    assert len(send(mock, *[ping] * 100).json["data"]) == 100
    assert "more than 100 items" in send(mock, *[ping] * 101).json["errors"][0]["message"]


@pytest.mark.parametrize("uuid", [None, 1, "", "slug", [], "43acecfcaa894683a335e5c7ee028363"])
def test_a_malformed_uuid_is_told_as_it_came(mock: Mock, uuid: Json) -> None:
    told = error(mock, caption(taskUUID=uuid))
    assert (told["code"], told["parameter"]) == ("invalidTaskUUID", "taskUUID")
    assert told.get("taskUUID") == (uuid if isinstance(uuid, str) else None)


def test_pings_are_answered_with_or_without_a_uuid(mock: Mock) -> None:
    assert result(mock, {"taskType": "ping"}) == {"taskType": "ping", "pong": True}
    named = {"taskType": "ping", "taskUUID": new_uuid(), "ping": True}
    assert result(mock, named)["taskUUID"] == named["taskUUID"]
    assert result(mock, named)["pong"] is True, "a ping is no use of its UUID"
    assert error(mock, {"taskType": "ping", "ping": False})["parameter"] == "ping"


def test_a_key_in_the_first_task_opens_a_session(mock: Mock) -> None:
    login = {"taskType": "authentication", "apiKey": "runware_other"}
    first, again = (send(mock, login, key=None).json["data"][0] for _ in range(2))
    assert first == again
    resumed = {**login, "connectionSessionUUID": SESSION}
    assert send(mock, resumed, key=None).json["data"][0]["connectionSessionUUID"] == SESSION
    assert result(mock, {**login, "apiKey": KEY}) != first


def test_two_keys_that_differ_are_one_too_many(mock: Mock) -> None:
    login = {"taskType": "authentication", "apiKey": "runware_SECRET"}
    answered = send(mock, login, caption())
    (told,) = answered.json["errors"]
    assert (told["code"], told["parameter"]) == ("invalidApiKey", "apiKey")
    assert "SECRET" not in answered.body.decode()
    assert len(answered.json["data"]) == 1


def test_a_key_comes_first_or_not_at_all(mock: Mock) -> None:
    login = {"taskType": "authentication", "apiKey": KEY}
    answered = send(mock, {"taskType": "ping"}, login)
    assert "first task" in answered.json["errors"][0]["message"]


def test_other_members_of_a_login_are_refused_without_the_key(mock: Mock) -> None:
    login = {"taskType": "authentication", "apiKey": 5, "password": "runware_SECRET"}
    answered = send(mock, login)
    assert answered.status == 400
    assert "SECRET" not in answered.body.decode()
