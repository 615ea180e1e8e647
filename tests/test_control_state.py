"""The state that the control API tells: clock, windows, streams, jobs and faults by key."""

import sqlite3
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from mock_server.auth import identity
from mock_server.clock import VIRTUAL_EPOCH
from mock_server.control.api import control_app
from mock_server.control.state import state_of
from mock_server.mock import Mock
from tests.world import CHAT, ask, new_mock, post

Json = Any
VIDEO = {"model": "google/veo-3.0", "prompt": "A cat"}


def of_key(mock: Mock, key: str) -> Json:
    [told] = state_of(mock, key)["keys"]
    return told


def test_it_tells_of_the_clock_and_of_no_key_before_any_call() -> None:
    mock = new_mock()
    clock = {"mode": "virtual", "now": VIRTUAL_EPOCH, "ahead": 0}
    told = state_of(mock, None)
    assert told == {"clock": clock, "faults": [], "standing": [], "keys": []}


def test_a_window_is_told_with_its_limit_until_it_is_over() -> None:
    mock = new_mock()
    for _ in range(3):
        post(mock, CHAT, ask("hi"), key="rc_live_a", now=VIRTUAL_EPOCH)
    window = {"began": VIRTUAL_EPOCH, "reset": VIRTUAL_EPOCH + 60, "used": 3, "limit": 60}
    assert of_key(mock, "rc_live_a")["window"] == window
    mock.clock.advance(60, identity("rc_live_a", None).id)
    told = of_key(mock, "rc_live_a")
    assert (told["window"], told["ahead"]) == (None, 60)


def test_a_limit_that_is_off_is_none() -> None:
    mock = new_mock(rate_limit=0)
    post(mock, CHAT, ask("hi"))
    assert of_key(mock, "rc_live_test")["window"]["limit"] is None


def test_a_job_is_told_as_far_as_the_clock_is_and_is_not_held_to_be_seen() -> None:
    mock = new_mock(video_seconds=10.0)
    name = post(mock, "/v1/videos", VIDEO, key="rc_live_a", now=VIRTUAL_EPOCH).json["id"]
    mock.clock.advance(5)
    [job] = of_key(mock, "rc_live_a")["jobs"]
    assert job == {"id": name, "status": "processing", "share": 0.5, "left": 5.0}
    kept = mock.store.job(name)
    assert kept is not None
    assert kept.seen == 0
    mock.clock.advance(5)
    assert of_key(mock, "rc_live_a")["jobs"][0]["status"] == "completed"


def test_keys_stand_there_by_label_the_last_caller_first_and_never_themselves() -> None:
    mock = new_mock()
    for key in ("rc_live_a", "rc_live_b", "rc_live_a"):
        post(mock, CHAT, ask("hi"), key=key)
    told = state_of(mock, None)
    labels = [f"runcrate:{identity(key, None).id[:8]}" for key in ("rc_live_a", "rc_live_b")]
    assert [key["label"] for key in told["keys"]] == labels
    assert "rc_live_" not in str(told)


def test_a_key_that_only_the_store_remembers_is_told_too() -> None:
    mock = new_mock()
    post(mock, CHAT, ask("hi"), key="rc_live_a")
    mock.journal.reset()
    [told] = state_of(mock, None)["keys"]
    assert told["label"] == f"key:{identity('rc_live_a', None).id[:8]}"
    assert told["window"]["used"] == 1


def test_answers_under_way_are_counted() -> None:
    mock = new_mock()
    exchanges = [post(mock, CHAT, ask("hi"), key="rc_live_a").exchange for _ in range(3)]
    mock.journal.close(exchanges[0], 0.1, exchanges[0].at)
    assert of_key(mock, "rc_live_a")["streams"] == 2


def test_faults_are_told_where_they_hold() -> None:
    mock = new_mock()
    common, own = list(mock.faults.catalogue.faults)[:2]
    mock.faults.switch([common], None)
    mock.faults.switch([own], identity("rc_live_a", None).id)
    told = state_of(mock, "rc_live_a")
    assert (told["faults"], told["keys"][0]["faults"]) == ([common], [common, own])


def test_of_a_fault_it_is_told_whose_it_is_and_what_it_has_met() -> None:
    mock = new_mock()
    post(mock, CHAT, ask("hi"), key="rc_live_a")
    mock.faults.switch(["crlf"], None)
    for key in ("rc_live_a", "rc_live_silent"):
        mock.faults.switch([{"fault": "status-503", "times": 1}], identity(key, None).id)
    for _ in range(2):
        post(mock, CHAT, ask("hi"), key="rc_live_a")
    told = state_of(mock, None)["standing"]
    owners = [None, f"runcrate:{digest('rc_live_a')}", f"key:{digest('rc_live_silent')}"]
    assert [each["key"] for each in told] == owners
    assert [(each["fitted"], each["met"]) for each in told[1:]] == [(2, 1), (0, 0)]
    of_one = state_of(mock, "rc_live_a")["standing"]
    assert [(each["fault"], each["is_for_all"]) for each in of_one] == [
        ("crlf", True),
        ("status-503", False),
    ]


def digest(key: str) -> str:
    return identity(key, None).id[:8]


def test_it_is_told_over_http_and_kept_by_nobody() -> None:
    mock = new_mock()
    answer = TestClient(control_app(mock)).get("/__mock__/state", params={"key": "rc_live_a"})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.json()["keys"][0]["streams"] == 0
    assert not list(mock.journal.entries())


def test_a_store_that_cannot_be_read_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "state.db"
    mock = new_mock(store=f"sqlite:{path}")
    with sqlite3.connect(path) as other:
        other.execute("DROP TABLE jobs")
    other.close()
    answer = TestClient(control_app(mock)).get("/__mock__/state")
    mock.store.close()
    assert answer.status_code == 503
    assert answer.json()["error"]["message"].startswith("The store cannot be used")
