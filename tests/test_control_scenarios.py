"""Scenarios over the control API: put as JSON or YAML, for a key or for all, told, taken away."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from mock_server import Settings, create_app
from tests.world import CHAT, ask

A, B = "rc_live_a", "rc_live_b"
WAY = "/__mock__/scenarios"
FLAKY = [{"name": "flaky", "sequence": [{"error": {"status": 429}}, {"pass": True}]}]
Json = Any


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with TestClient(create_app(Settings(clock="virtual", strict=True))) as client:
        yield client


def picture(name: str) -> Json:
    return {"when": {"operation": "createImage"}, "answer": {"image": {"file": name}}}


def statuses(client: httpx2.Client, key: str, times: int = 2) -> list[int]:
    headers = {"Authorization": f"Bearer {key}"}
    return [client.post(CHAT, json=ask("hi"), headers=headers).status_code for _ in range(times)]


def test_rules_are_put_for_one_key(client: httpx2.Client) -> None:
    put = client.put(WAY, json={"rules": FLAKY, "key": A})
    assert (put.status_code, put.json()) == (200, {"rules": ["flaky"]})
    assert (statuses(client, A), statuses(client, B)) == ([429, 200], [200, 200])
    told = client.get(WAY, params={"key": A}).json()
    assert told == {
        "rules": [{"rule": "flaky", "for": "key", "used": 2, **FLAKY[0]}],
        "state": "start",
        "error": None,
    }
    assert client.get(WAY, params={"key": B}).json()["rules"] == []
    exchanges = client.get("/__mock__/journal", params={"key": A}).json()["exchanges"]
    assert [each["scenario"] for each in exchanges] == ["flaky", "flaky"]


@pytest.mark.parametrize("form", ["list", "mapping"])
@pytest.mark.parametrize("media_type", ["application/yaml", "application/x-www-form-urlencoded"])
def test_rules_are_put_as_yaml(client: httpx2.Client, form: str, media_type: str) -> None:
    rules = "- sequence: [{error: {status: 429}}, {pass: true}]\n"
    text = rules if form == "list" else f"rules:\n{rules}key: {A}\n"
    put = client.put(WAY, params={"key": A}, content=text, headers={"content-type": media_type})
    assert put.json() == {"rules": ["rules[0]"]}
    assert (statuses(client, A), statuses(client, B)) == ([429, 200], [200, 200])


@pytest.mark.parametrize("key", ["rc_live_Zq8xKx3vLp9T", "Zq8xKx3vLp9TtWm2"])
@pytest.mark.parametrize("named", ["key", "when", "both"])
def test_a_key_in_a_rule_is_not_told(client: httpx2.Client, key: str, named: str) -> None:
    when = {"text": f"is {key}", "value": {"/user": key}, "model": "m"}
    rule = {"name": f"for {key}", "when": when, "error": {"status": 429, "message": f"no {key}"}}
    if named != "key":
        when["key"] = key
    whose = {} if named == "when" else {"key": key}
    put = client.put(WAY, json={"rules": [rule], **whose})
    assert put.json() == {"rules": ["for [hidden]"]}
    told = client.get(WAY, params=whose)
    assert key not in told.text
    (shown,) = told.json()["rules"]
    assert (shown["rule"], shown["when"]["model"]) == ("for [hidden]", "m")
    assert shown["when"].get("key") == ("…" if "key" in when else None)
    body = ask(f"it is {key}", model="m", user=key)
    client.post(CHAT, json=body, headers={"Authorization": f"Bearer {key}"})
    for place in ("journal", "metrics", "journal.har"):
        assert key not in client.get(f"/__mock__/{place}").text


def test_rules_for_all_are_replaced_and_taken_away(client: httpx2.Client) -> None:
    client.put(WAY, json=FLAKY)
    assert (statuses(client, A), statuses(client, B)) == ([429, 200], [429, 200])
    client.put(WAY, json={"rules": [{"error": {"status": 500}}]})
    assert statuses(client, A, 1) == [500]
    client.put(WAY, json={"rules": FLAKY, "key": A})
    assert client.delete(WAY, params={"key": A}).json() == {"rules": []}
    assert statuses(client, A, 1) == [500]
    client.delete(WAY)
    assert statuses(client, A, 1) == [200]


def test_a_reset_takes_away_what_was_put(client: httpx2.Client) -> None:
    for key in (A, B):
        client.put(WAY, json={"rules": FLAKY, "key": key})
    client.post("/__mock__/reset", json={"key": A})
    assert (statuses(client, A), statuses(client, B)) == ([200, 200], [429, 200])
    client.post("/__mock__/reset")
    assert statuses(client, B) == [200, 200]


@pytest.mark.parametrize(
    ("body", "param", "reason"),
    [
        ({}, "rules", "rules: is required"),
        ({"rules": [], "ruls": 1}, "ruls", "ruls: is not one of keep, key, rules"),
        ({"rules": {}}, "rules", "not of type array"),
        ({"rules": [], "key": ""}, "key", "key: is not a text"),
        ({"rules": [], "key": 5}, "key", "key: is not a text"),
        ("hello", "rules", "not of type array"),
        ({"rules": [{}]}, "rules[0]", "an answer, an error"),
        ({"rules": [{"error": {"status": 99}}]}, "rules[0].error.status", "minimum of 400"),
        (
            {"rules": [{"when": {"operation": "x"}, "pass": True}]},
            "rules[0].when.operation",
            "no operation is called 'x'",
        ),
        ({"rules": [{"error": {"status": 418}}]}, "rules[0].error.status", "not documented"),
        ({"rules": [picture("a" * 300 + ".png")]}, "rules[0].answer.image.file", "too long"),
        ({"rules": [picture("a\0.png")]}, "rules[0].answer.image.file", "below the folder"),
        ({"rules": [picture("../a.png")]}, "rules[0].answer.image.file", "below the folder"),
        ({"rules": [picture("/dev/zero.png")]}, "rules[0].answer.image.file", "below the folder"),
    ],
)
def test_wrong_rules_are_a_400_that_names_the_place(
    client: httpx2.Client, body: Json, param: str, reason: str
) -> None:
    client.put(WAY, json={"rules": FLAKY})
    refused = client.put(WAY, json=body)
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == param
    assert reason in refused.json()["error"]["message"]
    assert statuses(client, A) == [429, 200]


def test_rules_name_files_of_the_folder_of_scenarios_and_no_others(tmp_path: Path) -> None:
    folder = tmp_path / "scripts"
    folder.mkdir()
    (folder / "rules.yaml").write_text("[]", "utf-8")
    for place in (tmp_path, folder):
        (place / f"of_{place.name}.png").write_bytes(b"a picture")
    for path in (folder, folder / "rules.yaml"):
        with TestClient(create_app(Settings(scenarios=path))) as client:
            for name, status in [("of_scripts.png", 200), (f"of_{tmp_path.name}.png", 400)]:
                rules = [{"answer": {"image": {"file": name}}}]
                assert client.put(WAY, json=rules).status_code == status


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"- pass: true\n- error: {status: 99}", "scenarios:2:19: rules[1].error.status: 99 is"),
        (b"rules:\n- {pass: false}\n", "scenarios:2:10: rules[0].pass: false is not true"),
        (b"- [", "is not YAML"),
        (b"key: a\nanswer: {}", "scenarios:2:9: answer: is not one of keep, key, rules"),
        (b"- pass: true\n- {pass: true,\n   pass: true}", "stands twice (line 3, column 4)"),
        (b"- \xff", "The request body is not valid UTF-8 (byte 2)."),
        (b"&a [*a]", "scenarios holds what JSON cannot"),
        (b"a: &a [x]\nrules: *a", "is not one of keep, key, rules"),
        (b"<<: {rules: [{}]}", "rules[0]: an answer"),
        pytest.param(b"[" * 100_000, "scenarios is nested too deeply.", id="bottomless"),
        pytest.param(b"- " * 100_000, "scenarios is nested too deeply.", id="indented"),
        (b'"\\ud800"', "scenarios"),
        (b"5", "rules: 5 is not of type array"),
        (b"- {pass: true, times: 1e400}", "scenarios holds what JSON cannot say"),
    ],
)
def test_a_wrong_yaml_body_is_a_400_that_names_the_line(
    client: httpx2.Client, body: bytes, reason: str
) -> None:
    refused = client.put(WAY, content=body, headers={"content-type": "text/yaml"})
    assert refused.status_code == 400
    assert reason in refused.json()["error"]["message"]


def test_a_key_is_named_once(client: httpx2.Client) -> None:
    refused = client.put(WAY, params={"key": A}, json={"rules": [], "key": B})
    assert refused.json()["error"] == {
        "message": "key: is another one in the query",
        "param": "key",
    }


def test_no_pattern_holds_a_server_up(client: httpx2.Client) -> None:
    rule = {"name": "mine", "when": {"text": "^(a|a)*$"}, "answer": {"text": "x"}}
    client.put(WAY, json={"rules": [rule], "key": A})
    headers = {"Authorization": f"Bearer {A}"}
    refused = client.post(CHAT, json=ask("a" * 40 + "!"), headers=headers)
    assert refused.status_code == 500
    assert "The scenario mine is wrong" in refused.json()["error"]["message"]
    assert statuses(client, B, 1) == [200]


@pytest.mark.parametrize("call", ["put", "delete"])
def test_several_workers_have_scenarios_each(call: str) -> None:
    client = TestClient(create_app(Settings(workers=2)))
    refused = client.request(call, WAY, json=[])
    assert refused.status_code == 400
    assert "several workers have scenarios each" in refused.json()["error"]["message"]


def test_rules_that_were_there_count_on_where_that_is_asked_for(client: httpx2.Client) -> None:
    wish = {"rules": FLAKY, "key": A}
    client.put(WAY, json=wish)
    assert statuses(client, A) == [429, 200]
    more = [*FLAKY, {"when": {"text": "never"}, "pass": True}]
    assert client.put(WAY, json={**wish, "rules": more, "keep": True}).status_code == 200
    assert statuses(client, A) == [200, 200]
    client.put(WAY, json={**wish, "keep": False})
    assert statuses(client, A) == [429, 200]


@pytest.mark.parametrize("keep", [1, "yes", None])
def test_to_keep_is_true_or_false(client: httpx2.Client, keep: Json) -> None:
    refused = client.put(WAY, json={"rules": FLAKY, "keep": keep})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "keep")
