"""The spine: the order of its checks, whose words a failure is in, what headers an answer has."""

from pathlib import Path

import pytest

from mock_server.behaviours import BEHAVIOURS
from mock_server.mock import Mock
from mock_server.scenarios.sheets import ScenarioError
from tests.world import CHAT, ask, new_mock, post


@pytest.fixture
def mock() -> Mock:
    return new_mock()


def test_the_checks_come_in_their_order(mock: Mock) -> None:
    mock.store.set_limit((mock.door.keys and post(mock, CHAT, {}).exchange.caller_id) or "", 2)
    bad = {"headers": [(b"content-type", b"text/plain")]}
    assert post(mock, "/v1/none", b"{", key=None).status == 404
    assert post(mock, CHAT, b"{", key=None, method="GET").status == 405
    assert post(mock, CHAT, b"{", key="nonsense", **bad).status == 401
    assert post(mock, CHAT, b"{", **bad).status == 415
    assert post(mock, CHAT, b"{").status == 429
    assert post(mock, CHAT, b"{", key="rc_live_else").status == 400


def test_no_body_is_read_before_the_limit(mock: Mock) -> None:
    assert post(mock, CHAT, None).status == 413
    assert post(mock, CHAT, None, key="nonsense").status == 401


@pytest.mark.parametrize(
    ("path", "key", "word"),
    [
        (CHAT, "rc_live_x", "error"),
        ("/v1/messages", "sk-x", "type"),
        ("/v1", "runware_x", "errors"),
    ],
)
def test_each_protocol_fails_in_its_own_words(mock: Mock, path: str, key: str, word: str) -> None:
    answer = post(mock, path, {"none": 1}, key=key)
    assert answer.status == 400
    assert next(iter(answer.json)) == word


def test_runware_names_the_task_at_fault(mock: Mock) -> None:
    uuid = "5a1e6e0c-53a2-4c8e-9d0a-1d2b3c4d5e6f"
    ping = {"taskType": "ping", "ping": True}
    caption = {
        "taskType": "caption",
        "taskUUID": uuid,
        "model": "runware:152@1",
        "inputs": {},
    }
    error = post(mock, "/v1", [ping, caption], key="runware_x").json["errors"][0]
    assert error["parameter"] == "inputs.image"
    assert (error["taskType"], error["taskUUID"]) == ("caption", uuid)


def test_runware_takes_a_key_in_the_first_task(mock: Mock) -> None:
    login = {"taskType": "authentication", "apiKey": "runware_mine"}
    tasks = [login, {"taskType": "ping", "ping": True}]
    assert post(mock, "/v1", tasks, key=None).status == 200
    assert post(mock, "/v1", tasks[::-1], key=None).status == 401
    refused = [{**login, "apiKey": "runware_invalid"}]
    assert post(mock, "/v1", refused, key=None).json["errors"][0]["code"] == "invalidApiKey"


def test_limits_are_told_to_runcrate_alone(mock: Mock) -> None:
    names = {"x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}
    for body, status in ((ask("hi"), 200), ({}, 400)):
        theirs, others = (post(mock, CHAT, body, key=key) for key in ("rc_live_x", "sk-x"))
        assert theirs.status == others.status == status
        assert names <= set(theirs.headers)
        assert not names & set(others.headers)


def test_every_answer_can_be_named(mock: Mock) -> None:
    seen = set()
    for path, body, key in (
        (CHAT, ask("hi"), "rc_live_x"),
        (CHAT, {}, "rc_live_x"),
        (CHAT, {}, None),
        ("/none", {}, None),
        ("/v1", [], "runware_x"),
    ):
        seen.add(post(mock, path, body, key=key).headers["x-request-id"])
    assert len(seen) == 5
    assert "request-id" in post(mock, "/v1/messages", {}, key="sk-x").headers


def test_a_failure_of_ours_is_a_500_in_the_envelope(
    mock: Mock, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:

    def broken(*_: object) -> None:
        raise RuntimeError("inside")

    monkeypatch.setitem(BEHAVIOURS, "chat-completions", broken)
    failed = post(mock, CHAT, ask("hi"))
    assert failed.status == 500
    assert failed.json["error"]["code"] == "internal_error"
    assert "inside" not in failed.body.decode()
    assert "inside" in caplog.text


def test_a_strict_server_does_not_send_what_breaks_the_contract(
    mock: Mock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from mock_server.wire import Reply

    wrong = Reply(200, [(b"content-type", b"application/json")], b'{"id": 1}')
    monkeypatch.setitem(BEHAVIOURS, "chat-completions", lambda *_: wrong)
    failed = post(mock, CHAT, ask("hi"))
    assert failed.status == 500
    assert "Against the contract" in failed.json["error"]["message"]


def test_a_preference_gives_any_documented_status(mock: Mock) -> None:
    prefer = [(b"prefer", b"code=404")]
    answer = post(mock, CHAT, ask("hi"), headers=prefer)
    assert answer.status == 404
    assert answer.json["error"]["code"] == "model_not_found"
    unknown = post(mock, CHAT, ask("hi"), headers=[(b"prefer", b"code=418")])
    assert unknown.status == 400
    assert "418" in unknown.json["error"]["message"]


def test_a_preference_gives_an_example_by_name(mock: Mock) -> None:
    answer = post(mock, CHAT, ask("hi"), headers=[(b"prefer", b"example=toolCall")])
    assert answer.json["choices"][0]["finish_reason"] == "tool_calls"
    unknown = post(mock, CHAT, ask("hi"), headers=[(b"prefer", b"example=none")])
    assert unknown.status == 400
    assert "toolCall" in unknown.json["error"]["message"]


def test_a_key_in_a_body_is_never_shown(mock: Mock) -> None:
    for body in (
        [{"taskType": "authentication", "apiKey": ["runware_SECRET_1234567890"]}],
        {"taskType": "authentication", "apiKey": "runware_SECRET_1234567890"},
    ):
        answer = post(mock, "/v1", body, key="runware_x")
        assert answer.status == 400
        assert "SECRET" not in answer.body.decode()
        assert "SECRET" not in str(answer.exchange.error)


def test_errors_can_be_scripted_for_every_operation(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text("- {when: {key: rc_live_late}, error: {status: 429}}")
    mock = new_mock(scenarios=path)
    asked = {"model": "m", "input": "a"}
    for way, body in (("/v1/embeddings", asked), (CHAT, ask("hi"))):
        late = post(mock, way, body, key="rc_live_late")
        assert late.status == 429
        assert late.json["error"]["code"] == "rate_limit_exceeded"
        assert post(mock, way, body, key="rc_live_early").status == 200


def test_a_script_for_an_operation_that_is_not_there_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text("- {when: {operation: nope}, error: {status: 429}}")
    with pytest.raises(ScenarioError, match="nope"):
        new_mock(scenarios=path)
