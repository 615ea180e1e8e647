"""A mock server as a test sees it: all that it says and does is about the keys of that test."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import httpx2
import pytest

from mock_server import MockApi, MockServer
from mock_server.document import load
from mock_server.fixtures import CONTRACT
from mock_server.reader import read
from mock_server.remote import ControlError
from tests.world import CHAT, Json, ask

MESSAGES = "/v1/messages"


@pytest.fixture(scope="module")
def mock_server() -> Iterator[MockApi]:
    with MockServer(clock="virtual", strict=True) as api:
        yield api


@pytest.fixture
def mock(mock_server: MockApi, request: pytest.FixtureRequest) -> Iterator[MockApi]:
    api = mock_server.apart(request.node.name)
    yield api
    api.close()


def chat(mock: MockApi, key: str | None = None, text: str = "Hi") -> httpx2.Response:
    headers = {"Authorization": f"Bearer {key or mock.key}"}
    return httpx2.post(mock.url + CHAT, json=ask(text), headers=headers)


def tell(mock: MockApi) -> httpx2.Response:
    body = {"model": "claude-opus-4-8", "max_tokens": 9, **ask("Hi")} | {"model": "claude-opus-4-8"}
    return httpx2.post(mock.url + MESSAGES, json=body, headers={"x-api-key": mock.ruapi_key})


def statuses(mock: MockApi) -> list[int]:
    return [each["status"] for each in mock.journal()]


def test_its_addresses_are_those_of_the_contract() -> None:
    mock = MockApi("http://127.0.0.1:8000/v1/")
    providers = read(load(CONTRACT)).providers
    known = {
        client: scheme + mock.url.removeprefix("http") + path
        for provider in providers.values()
        for client, scheme, path in provider.base_urls
    }
    assert known == {
        "OpenAI SDK": mock.openai_base_url,
        "Anthropic SDK": mock.anthropic_base_url,
        "Runcrate SDK": mock.url,
        "REST": mock.runware_url,
        "WebSocket": mock.runware_ws_url,
    }


def test_without_a_name_its_keys_are_those_that_every_mock_takes() -> None:
    mock = MockApi("http://127.0.0.1:8000")
    assert (mock.key, mock.ruapi_key, mock.runware_key) == (
        "rc_live_test",
        "sk-test",
        "runware_test",
    )


def test_the_environment_leads_to_it_and_nowhere_else() -> None:
    mock = MockApi("http://127.0.0.1:8000", "mine")
    changes = mock.environment({"NO_PROXY": "example.com"})
    given = {name: value for name, value in changes.items() if value is not None}
    assert given == {
        "OPENAI_BASE_URL": "http://127.0.0.1:8000/v1",
        "OPENAI_API_KEY": "rc_live_mine",
        "ANTHROPIC_BASE_URL": "http://127.0.0.1:8000",
        "ANTHROPIC_API_KEY": "sk-mine",
        "RUNCRATE_API_KEY": "rc_live_mine",
        "RUAPI_API_KEY": "sk-mine",
        "RUNWARE_API_KEY": "runware_mine",
        "NO_PROXY": "example.com,127.0.0.1",
    }
    assert {"OPENAI_API_BASE", "OPENAI_ORG_ID", "ANTHROPIC_AUTH_TOKEN"} <= changes.keys()


def test_the_journal_is_that_of_its_keys_in_order(mock: MockApi) -> None:
    others = mock.fresh()
    chat(mock), chat(others), tell(mock), chat(mock)
    assert [each["path"] for each in mock.journal()] == [CHAT, MESSAGES, CHAT]
    assert [each["path"] for each in others.journal()] == [CHAT]


def test_it_waits_for_an_exchange_that_is_to_come(mock: MockApi) -> None:
    with ThreadPoolExecutor() as pool:
        waiting = pool.submit(mock.journal, wait=True, operation="createMessage")
        chat(mock), tell(mock)
        (exchange,) = waiting.result()
    assert exchange["path"] == MESSAGES


def test_the_verdict_is_on_the_client_with_all_its_keys(mock: MockApi) -> None:
    assert mock.verdict().clean
    tell(mock)
    mock.fault("rate-limited", retry_after=20)
    with httpx2.Client(headers={"Authorization": f"Bearer {mock.key}"}) as hasty:
        for _ in range(2):
            hasty.post(mock.url + CHAT, json=ask("Hi"))
    verdict = mock.verdict()
    assert (verdict.clean, verdict.exchanges) == (False, 3)
    assert "retried-too-early" in {each.rule for each in verdict.findings}


def test_rules_add_up_and_are_taken_back(mock: MockApi, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    file.write_text("- {when: {text: sun}, answer: {text: Not today.}}", "utf-8")

    def said(text: str) -> str:
        answer: str = chat(mock, text=text).json()["choices"][0]["message"]["content"]
        return answer

    with mock.scenario({"when": {"text": "rain"}, "answer": {"text": "All day."}}):
        mock.scenario("- {when: {text: wind}, answer: {text: A little.}}", file)
        assert [said("rain?"), said("wind?"), said("sun?")] == [
            "All day.",
            "A little.",
            "Not today.",
        ]
    assert said("rain?") != "All day."
    with pytest.raises(ControlError, match="wen"):
        mock.scenario({"wen": {}})
    assert said("wind?") == "A little."
    mock.reset()
    assert said("wind?") != "A little."


def test_time_moves_for_all_its_keys_and_for_nobody_else(mock: MockApi) -> None:
    others = mock.fresh()
    before = others.now()
    mock.advance(60)
    assert (mock.now(), others.now()) == (before + 60, before)
    chat(mock), tell(mock)
    assert [each["at"] for each in mock.journal()] == [before + 60] * 2


def test_sleep_is_time_that_passes_for_all_who_were_made_from_it(mock: MockApi) -> None:
    others, strangers = mock.fresh(), mock.apart("strangers")
    before = mock.now()
    with mock.skip_sleeps(), others.skip_sleeps(), mock.skip_sleeps():
        time.sleep(20)
    mock.skip_sleeps()
    time.sleep(5)
    mock.close()
    time.sleep(0.0001)
    assert [each.now() - before for each in (mock, others, strangers)] == [25, 25, 0]


def test_a_limit_is_that_of_its_keys(mock: MockApi) -> None:
    mock.set(rate_limit=1)
    chat(mock), chat(mock)
    assert statuses(mock) == [200, 429]
    mock.advance(60)
    assert chat(mock).status_code == 200


def test_faults_add_up_and_are_taken_back(mock: MockApi) -> None:
    known = httpx2.get(f"{mock.url}/__mock__/faults").json()["catalogue"]
    names = [each["fault"] for each in known if each["fault"].startswith("chat-")][:2]

    def on() -> list[str]:
        query = {"key": mock.key}
        told: Json = httpx2.get(f"{mock.url}/__mock__/faults", params=query).json()["on"]
        return [each if isinstance(each, str) else each["fault"] for each in told]

    mock.fault(names[0])
    with mock.fault(names[1]):
        assert on() == names
    assert on() == names[:1]
    mock.reset()
    assert on() == []


def test_a_fault_that_is_refused_changes_nothing(mock: MockApi) -> None:
    with pytest.raises(ControlError, match="no-such-fault"):
        mock.fault("no-such-fault")
    mock.fault("chat-stream-finishes-early")


def test_what_json_cannot_say_is_named_and_changes_nothing(mock: MockApi) -> None:
    with pytest.raises(ControlError, match=r"faults: JSON cannot say \{1\}, <class 'set'>"):
        mock.fault("stall", nth={1})
    with pytest.raises(ControlError, match="scenarios: JSON cannot say datetime"):
        mock.scenario({"when": {"text": date(2024, 1, 1)}, "answer": {"text": "x"}})
    with pytest.raises(ControlError, match="keys: JSON cannot say this"):
        mock.set(pace={(1, 2): 3})
    mock.fault("crlf", times=1)
    mock.scenario({"answer": {"text": "Still here."}})
    assert chat(mock).json()["choices"][0]["message"]["content"] == "Still here."


RULE = {"answer": {"text": "Yes."}}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- answer: {text: a, text: b}", r"'text' stands twice \(line 1, column 21\)"),
        ("- [", "scenario is not YAML"),
        ("answer: {text: a}", "scenario:1:1: rules: a list of them is required"),
        ("- answer: {text: a}\n- wen: 1", r"^scenario:2:3: rules\[1\]: .* unknown members wen$"),
        ("- error: {status: 299}", r"^scenario:1:19: rules\[0\].error.status: 299 is less"),
        (RULE | {"when": {"operation": "say"}}, r"^scenario: rules\[0\].when.operation: no oper"),
    ],
)
def test_a_rule_that_is_wrong_is_told_where_it_was_written(
    mock: MockApi, text: Json, says: str
) -> None:
    mock.scenario(RULE, RULE)
    with pytest.raises(ControlError, match=says):
        mock.scenario(text)


def test_a_file_that_is_wrong_is_named(mock: MockApi, tmp_path: Path) -> None:
    file = tmp_path / "rules.yaml"
    with pytest.raises(ControlError, match=r"There is no file .*rules.yaml"):
        mock.scenario(file)
    file.write_text("- answer:\n    image: {file: mine.png}\n", "utf-8")
    (tmp_path / "mine.png").write_bytes(b"secret")
    with pytest.raises(ControlError, match=r"rules.yaml:2:19: .* 'mine.png' in .* --scenarios"):
        mock.scenario(RULE, "- answer: {text: a}", file)


def test_yaml_means_what_it_means_to_the_server(mock: MockApi) -> None:
    mock.scenario("- when: {text: 2024-01-01}\n  answer: {text: yes}")
    assert chat(mock, text="On 2024-01-01?").json()["choices"][0]["message"]["content"] == "yes"


def test_a_fault_is_told_as_it_was_written(mock: MockApi) -> None:
    mock.fault("crlf")
    with pytest.raises(ControlError, match=r"^fault stall: faults\[0\].rate: 2 is greater"):
        mock.fault("stall", rate=2)


def test_who_is_fresh_begins_anew_unless_told_otherwise(mock: MockApi) -> None:
    chat(mock.fresh("known"))
    assert len(mock.fresh("known", anew=False).journal()) == 1
    assert mock.fresh("known").journal() == []


def test_waits_are_time_that_passes_for_the_keys(mock: MockApi) -> None:
    before = mock.now()
    mock.fault("latency", seconds=500)
    with mock.skip_waits():
        assert chat(mock).status_code == 200
    assert mock.now() - before == 500
    assert "Stayed 500 s" in str(mock.verdict())


def test_what_is_refused_says_why(mock: MockApi) -> None:
    with pytest.raises(ControlError, match="rate_limit"):
        mock.set(rate_limit=-1)
    with pytest.raises(ControlError, match=r"waits: .*skip, keep"):
        mock.set(waits="never")
    with pytest.raises(ControlError, match="advance"):
        mock.advance(-1)


def test_a_reset_forgets_what_its_keys_did(mock: MockApi) -> None:
    others = mock.fresh()
    mock.set(rate_limit=1)
    before = mock.now()
    chat(mock), chat(mock), chat(others)
    mock.advance(5)
    mock.reset()
    assert (mock.journal(), len(others.journal())) == ([], 1)
    assert (chat(mock).status_code, chat(mock).status_code) == (200, 200)
    assert mock.now() == before


def test_a_server_with_a_control_token_is_steered_with_it() -> None:
    with MockServer(control_token="a-secret-token") as mock:
        assert mock.fresh().journal() == []
        with pytest.raises(ControlError, match="needs the token"):
            MockApi(mock.url).journal()
        assert "a-secret" not in repr(mock)


def test_what_is_added_later_lets_what_was_there_count_on(mock: MockApi) -> None:
    def status() -> int:
        return int(chat(mock).status_code)

    first = mock.fault("status-503", nth=1, operation="createChatCompletion")
    assert (status(), status()) == (503, 200)
    with mock.fault("crlf"):
        assert status() == 200
    assert status() == 200
    first.close()
    mock.scenario({"error": {"status": 429}, "times": 1})
    assert (status(), status()) == (429, 200)
    with mock.scenario({"when": {"text": "never"}, "error": {"status": 500}}):
        assert status() == 200
    assert status() == 200


def test_a_rule_that_is_taken_back_leaves_the_others_where_they_are(mock: MockApi) -> None:
    with mock.scenario({"when": {"text": "never"}, "pass": True}):
        mock.scenario({"error": {"status": 429}, "times": 1})
        assert [chat(mock).status_code for _ in range(2)] == [429, 200]
    assert chat(mock).status_code == 200
