"""Polls: how far tasks are on the key's own clock, and what is kept of them."""

from pathlib import Path

import pytest

from mock_server.mock import Mock
from tests.runware import Json, caption, error, new_uuid, poll, result, send
from tests.world import NOW, new_mock


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock()


def details(task: Json) -> Json:
    return {"taskType": "getTaskDetails", "taskUUID": task["taskUUID"]}


def test_a_task_goes_on_as_time_does(mock: Mock) -> None:
    task = caption(deliveryMethod="async", includeCost=True)
    head = {"taskType": "imageCaption", "taskUUID": task["taskUUID"]}
    assert result(mock, task) == head
    begun = result(mock, poll(task))
    assert begun == {**head, "status": "processing", "progress": 0}
    half = result(mock, poll(task), now=NOW + 0.5)
    assert half == {**head, "status": "processing", "progress": 50}
    done = result(mock, poll(task), now=NOW + 1)
    assert (done["status"], "cost" in done) == ("success", True)
    assert result(mock, poll(task), now=NOW + 99) == done
    assert result(mock, poll(task))["status"] == "success", "what is done stays done"


def test_a_sync_task_is_done_at_once(mock: Mock) -> None:
    task = caption()
    told = result(mock, task)
    assert result(mock, poll(task)) == {**told, "status": "success"}


def test_the_archive_has_what_was_asked_and_answered(mock: Mock) -> None:
    task = caption(deliveryMethod="async")
    ack = result(mock, task)
    early = result(mock, details(task))
    assert (early["request"], early["response"]) == ([task], {"data": [ack]})
    late = result(mock, details(task), now=NOW + 1)
    assert late["response"]["data"][0]["text"]


def test_a_failure_is_in_the_archive_too(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text("- {job: {seconds: 0, error: {message: Broken}}}")
    mock = new_mock(scenarios=path)
    task = caption(deliveryMethod="async")
    assert send(mock, task).status == 200
    (told,) = result(mock, details(task))["response"]["errors"]
    assert (told["code"], told["message"]) == ("taskFailed", "Broken")
    assert (told["taskType"], told["taskUUID"]) == ("caption", task["taskUUID"])


@pytest.mark.parametrize("kind", ["getResponse", "getTaskDetails"])
def test_nobody_s_task_is_not_found(mock: Mock, kind: str) -> None:
    asked = {"taskType": kind, "taskUUID": new_uuid()}
    answered = send(mock, asked)
    (told,) = answered.json["errors"]
    assert (answered.status, told["code"], told["taskType"]) == (404, "taskNotFound", kind)


def test_a_task_belongs_to_its_key(mock: Mock) -> None:
    task = caption()
    assert send(mock, task).status == 200
    assert error(mock, poll(task), key="runware_other")["code"] == "taskNotFound"
    assert send(mock, task, key="runware_other").status == 200, "its UUIDs are its own"


def test_wide_and_long_tasks_are_cut_in_the_archive(mock: Mock) -> None:
    task = caption(prompt="a" * 5_000, routing={f"m{n}": ["x"] * 99 for n in range(99)})
    assert send(mock, task).status == 200
    (kept,) = result(mock, details(task))["request"]
    assert len(kept["prompt"]) == 1_001
    assert len(kept["routing"]) == 20
    assert {len(each) for each in kept["routing"].values()} == {20}


def test_tasks_outlive_a_restart(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'tasks.db'}"
    first, task = new_mock(store=store), caption(deliveryMethod="async")
    assert send(first, task).status == 200
    first.store.close()
    second = new_mock(store=store)
    assert error(second, task)["code"] == "conflictTaskUUID"
    assert result(second, poll(task), now=NOW + 1)["text"]
    second.store.close()


def test_two_processes_do_not_both_take_a_uuid(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    task = caption()
    assert send(mock, task).status == 200
    with monkeypatch.context() as patch:
        patch.setattr(mock.store, "job", lambda _: None)  # as if the other was just about to
        assert error(mock, task)["code"] == "conflictTaskUUID"
