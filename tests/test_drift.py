"""Drift: what breaks clients and what does not, who is ahead, and what says nothing."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from contract_tests.drift import Accepted, Change, Drift, compare, is_accepted, table, to_plain
from contract_tests.exchange import Exchange
from contract_tests.snapshots import Snapshot, SnapshotError, read_snapshot, write_snapshot
from tests.observing import exchange_of, seen_of, seen_of_mock

Json = Any
DAY = date(2026, 3, 1)
WHERE = "runcrate createChatCompletion 200 application/json"


def _choice(**more: Json) -> Json:
    return {"choices": [{"index": 0, "finish_reason": "stop", **more}]}


def _changes(then: Exchange, now: Exchange) -> list[tuple[str, str, bool, str | None]]:
    drift = compare(seen_of(then), seen_of(now))
    return [(each.change, each.what, each.breaking, each.ahead) for each in drift.changes]


def test_the_same_is_no_drift() -> None:
    same = exchange_of(_choice())
    assert compare(seen_of(same), seen_of(same)) == Drift([], [])


@pytest.mark.parametrize(
    ("then", "now", "change"),
    [
        (
            {"id": "a", "usage": {"total_tokens": 1}},
            {"id": "a"},
            ("vanished", "member /usage", True, "the contract"),
        ),
        ({"id": "a", "own": 1}, {"id": "a"}, ("vanished", "member /own", True, None)),
        ({}, {"own": {"deep": 1}}, ("appeared", "member /own", False, "the API")),
        ({}, {"system_fingerprint": "a"}, ("appeared", "member /system_fingerprint", False, None)),
        ({"id": "a"}, {"id": 5}, ("changed", "type of /id", True, "the API")),
        (
            _choice(),
            _choice(finish_reason="tired"),
            ("appeared", "value tired of /choices/*/finish_reason", True, "the API"),
        ),
        (
            _choice(),
            _choice(finish_reason="length"),
            ("appeared", "value length of /choices/*/finish_reason", False, None),
        ),
        (
            _choice(message={"content": "yes"}),
            _choice(message={"content": None}),
            ("changed", "type of /choices/*/message/content", False, None),
        ),
    ],
)
def test_members(then: Json, now: Json, change: tuple[str, str, bool, str | None]) -> None:
    found = _changes(exchange_of(then), exchange_of(now))
    assert change in found
    assert sum(what.startswith("member") for _, what, _, _ in found) <= 1  # not what is in it


def test_a_member_that_was_there_only_sometimes_may_go() -> None:
    then = seen_of(exchange_of({"a": 1}), exchange_of({}, asked={"model": "b"}))
    now = seen_of(exchange_of({}), exchange_of({}, asked={"model": "b"}))
    (change,) = compare(then, now).changes
    assert (change.what, change.change, change.breaking) == ("member /a", "vanished", False)
    assert compare(then, seen_of(exchange_of({}))).changes == []  # the half was not asked again


def test_a_member_that_was_always_there_has_to_stay_so() -> None:
    then = seen_of(exchange_of({"a": 1}), exchange_of({"a": 1}))
    now = seen_of(exchange_of({"a": 1}), exchange_of({}))
    (change,) = compare(then, now).changes
    assert (change.then, change.now, change.breaking) == ("always", "sometimes", True)
    now.add(seen_of(exchange_of({}, asked={"model": "another"})))
    assert compare(then, now).changes == []  # it may be that request which brings no such member


def test_headers() -> None:
    with_header = exchange_of({}, headers={"x-ratelimit-limit": "60", "x-own": "1"})
    assert _changes(with_header, exchange_of({})) == [
        ("vanished", "header x-own", True, None),
        ("vanished", "header x-ratelimit-limit", True, "the contract"),
    ]
    assert _changes(exchange_of({}), with_header) == [
        ("appeared", "header x-own", False, "the API"),
        ("appeared", "header x-ratelimit-limit", False, None),
    ]


def test_a_status_that_is_gone_breaks_and_a_new_one_is_told() -> None:
    assert _changes(exchange_of({}, status=400), exchange_of({}, status=422)) == [
        ("vanished", "status", True, "the contract"),
        ("appeared", "status", False, "the API"),
    ]
    recovered = _changes(exchange_of({}, status=500), exchange_of({}))
    assert ("vanished", "status", False, "the contract") in recovered


def test_what_depends_on_more_than_the_request_is_not_gone() -> None:
    then = seen_of(exchange_of({}, status=401), exchange_of({}))
    assert compare(then, seen_of(exchange_of({}))).changes == []


def test_events() -> None:
    whole, short = exchange_of(b"data: {}\n\ndata: [DONE]\n\n"), exchange_of(b"data: {}\n\n")
    assert _changes(whole, short) == [("vanished", "event [DONE]", True, "the contract")]
    assert _changes(short, whole) == [("appeared", "event [DONE]", False, None)]


def test_models() -> None:
    then, now = exchange_of({"model": "a"}), exchange_of({"model": "b"})
    assert _changes(then, now) == [
        ("appeared", "model b", False, None),
        ("vanished", "model a", False, None),
    ]


def test_what_was_not_asked_again_is_not_seen_and_has_not_vanished() -> None:
    then = seen_of(exchange_of({"a": 1}), exchange_of({}, url="http://server/v1/embeddings"))
    drift = compare(then, seen_of(exchange_of({}, asked={"model": "another"})))
    assert drift == Drift([], [WHERE, "runcrate createEmbeddings"])


@pytest.mark.parametrize(
    ("what", "until", "accepted"),
    [
        (f"{WHERE} member /usage", DAY, True),
        (f"{WHERE} member /usage", date(2026, 2, 28), False),
        ("runcrate createChatCompletion *", DAY, True),
        ("runcrate createImage *", DAY, False),
        (f"{WHERE} member /us", DAY, False),
    ],
)
def test_a_deviation_is_accepted_until_its_day(what: str, until: date, accepted: bool) -> None:
    change = Change(WHERE, "member /usage", "vanished", "", "", True, None)
    entries = [Accepted(what, "they told us", until)]
    assert is_accepted(change, entries, DAY) is accepted
    drift = Drift([change], [])
    assert len(drift.breaking(entries, DAY)) == (not accepted)
    assert to_plain(drift, entries, DAY)["changes"][0]["accepted"] is accepted
    assert ("accepted" in "\n".join(table(drift, entries, DAY))) is accepted


def test_a_table_begins_with_what_breaks() -> None:
    then, now = exchange_of({"id": "a", "z": 1}), exchange_of({"id": 5, "a": 1})
    lines = list(table(compare(seen_of(then), seen_of(now)), (), DAY))
    assert [line.split()[0] for line in lines[1:3]] == ["breaking", "breaking"]
    assert "string -> integer" in lines[2]
    assert lines[-1] == "drift: 3 changes, 2 of them breaking"


# --- A mock that drifts --------------------------------------------------------------------------


def test_a_member_that_a_fault_drops_is_breaking_and_one_that_it_adds_is_not() -> None:
    sound, spoilt = seen_of_mock(), seen_of_mock("chat-without-finish-reason")
    (change,) = compare(sound, spoilt).changes
    assert change.name == f"{WHERE} member /choices/*/finish_reason"
    assert (change.change, change.breaking, change.ahead) == ("vanished", True, "the contract")
    (change,) = compare(spoilt, sound).changes
    assert (change.change, change.breaking, change.ahead) == ("appeared", False, None)


def test_a_stream_that_loses_its_end_mark_has_drifted() -> None:
    now = seen_of_mock("chat-stream-without-done", stream=True)
    (change,) = compare(seen_of_mock(stream=True), now).changes
    assert (change.what, change.breaking) == ("event [DONE]", True)


# --- Files and the command -----------------------------------------------------------------------


def test_a_run_is_read_as_it_was_written(tmp_path: Path) -> None:
    run = Snapshot("http://server", "2026-03-01", "full", "0.1.0", seen_of_mock())
    write_snapshot(run, tmp_path / "new" / "run.json")
    assert read_snapshot(tmp_path / "new" / "run.json") == run


@pytest.mark.parametrize(
    ("text", "words"),
    [("", "--save writes"), ("[]", "--save"), ('{"form": 9}', "form 9"), ('{"form": 1}', "--save")],
)
def test_another_file_is_no_baseline(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(text)
    with pytest.raises(SnapshotError, match=words):
        read_snapshot(path)
    with pytest.raises(SnapshotError, match="cannot be read"):
        read_snapshot(tmp_path / "none.json")


def test_the_command_saves_compares_and_ends_with_3_on_drift_that_breaks(tmp_path: Path) -> None:
    saved, told = tmp_path / "run.json", tmp_path / "drift.json"
    assert _run("--save", str(saved)).returncode == 0
    baseline = json.loads(saved.read_text())
    operation = baseline["observed"]["runcrate"]["operations"]["createChatCompletion"]
    (answers,) = operation["answers"].values()
    del answers["headers"]["x-request-id"]
    saved.write_text(json.dumps(baseline))
    richer = _run("--baseline", str(saved), "--drift", str(told))
    (change,) = json.loads(told.read_text())["changes"]
    assert (richer.returncode, change["what"]) == (0, "header x-request-id")
    answers["headers"]["x-lost"] = answers["count"]
    saved.write_text(json.dumps(baseline))
    drifted = _run("--baseline", str(saved), "--drift", str(told))
    assert drifted.returncode == 3, drifted.stdout
    assert f"{WHERE} header x-lost" in drifted.stdout
    assert json.loads(told.read_text())["breaking"] == 1


def _run(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "contract_tests", "--provider", "runcrate", *options]
    # To read what generates requests takes longer than to run the test.
    chosen = [
        "--",
        "--ignore-glob=*generated*",
        "-n",
        "0",
        "-k",
        "test_a_token_limit_is_told and whole",
    ]
    environ = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    return subprocess.run(
        [*command, *chosen], capture_output=True, text=True, check=False, env=environ
    )
