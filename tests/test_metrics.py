"""Metrics over HTTP, read back by the parsers of the library that Prometheus users have."""

from collections.abc import Iterator

import httpx2
import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_families
from prometheus_client.parser import text_string_to_metric_families as plain_families
from starlette.testclient import TestClient

from mock_server import Settings, create_app
from tests.test_lines import LOGIN, PING
from tests.world import CHAT, Json, ask

KEY = "rc_live_metrics"
PLACE = "/__mock__/metrics"
OPEN = {"accept": "application/openmetrics-text; version=1.0.0"}
CHATS = {"operation": "createChatCompletion", "provider": "runcrate"}


@pytest.fixture
def client() -> Iterator[TestClient]:
    with TestClient(create_app(Settings(clock="virtual", rate_limit=4))) as client:
        yield client


def say(client: httpx2.Client, **more: Json) -> httpx2.Response:
    headers = {"Authorization": f"Bearer {KEY}", **more.pop("headers", {})}
    return client.post(CHAT, json=ask("hi", **more), headers=headers)


def figure(client: httpx2.Client, name: str, **labels: str) -> float | None:
    """The value of one sample."""
    for family in plain_families(client.get(PLACE).text):
        for sample in family.samples:
            if (sample.name, sample.labels) == (f"mock_server_{name}", labels):
                return sample.value
    return None


def test_requests_tokens_bytes_and_latencies_are_counted(client: TestClient) -> None:
    answers = [say(client), say(client, stream=True), say(client, temperature=9)]
    assert figure(client, "requests_total", **CHATS, status="200") == 2
    assert figure(client, "requests_total", **CHATS, status="400") == 1
    sent = len(answers[2].content)
    assert figure(client, "sent_bytes_total", **CHATS, status="400") == sent
    usage = answers[0].json()["usage"]
    model = ask("")["model"]
    asked = figure(client, "tokens_total", kind="prompt", model=model)
    assert asked == 2 * usage["prompt_tokens"]
    operation = CHATS["operation"]
    for what in ("first_byte", "duration"):
        assert figure(client, f"{what}_seconds_count", operation=operation) == 3
        assert figure(client, f"{what}_seconds_bucket", operation=operation, le="+Inf") == 3


def test_what_was_one_too_many_is_counted(client: TestClient) -> None:
    assert [say(client).status_code for _ in range(6)] == [200] * 4 + [429] * 2
    assert figure(client, "rate_limited_total", **CHATS) == 2


def test_models_that_no_provider_lists_are_counted_together(client: TestClient) -> None:
    for number in range(3):
        say(client, model=f"mine/model-{number}")
    assert (figure(client, "tokens_total", kind="completion", model="other") or 0) > 0
    assert "mine/" not in client.get(PLACE).text


def test_faults_are_counted_by_name(client: TestClient) -> None:
    say(client, stream=True, headers={"Prefer": "fault=chat-stream-never-finishes"})
    assert figure(client, "faults_total", fault="chat-stream-never-finishes") == 1


def test_strangers_and_strange_paths_are_counted_without_their_words(client: TestClient) -> None:
    client.get("/nothing/SECRET", headers={"cookie": "SECRET"})
    text = client.get(PLACE).text
    assert "SECRET" not in text
    strange = {"operation": "none", "provider": "none", "status": "404"}
    assert figure(client, "requests_total", **strange) == 1


def test_open_connections_and_streams_are_told(client: TestClient) -> None:
    assert figure(client, "open_websockets") == figure(client, "open_streams") == 0
    with client.websocket_connect("/v1") as socket:
        socket.send_json([*LOGIN, *PING])
        socket.receive_json()
        assert figure(client, "open_websockets") == 1
        assert figure(client, "open_streams") == 0
    assert figure(client, "open_websockets") == 0


def test_both_formats_are_offered_and_tell_the_same(client: TestClient) -> None:
    say(client)
    plain, opened = client.get(PLACE), client.get(PLACE, headers=OPEN)
    assert plain.headers["content-type"].startswith("text/plain; version=0.0.4")
    assert opened.headers["content-type"].startswith("application/openmetrics-text")
    assert opened.text.endswith("# EOF\n")
    told = [
        {(sample.name, *sorted(sample.labels.items())): sample.value for sample in family.samples}
        for text, read in ((plain.text, plain_families), (opened.text, open_families))
        for family in read(text)
    ]
    half = len(told) // 2
    assert told[:half] == told[half:] and half > 8


@pytest.mark.parametrize(
    "accept", ["application/openmetrics-text; version=x", "text/plain;version=a"]
)
def test_a_version_that_is_none_is_refused(client: TestClient, accept: str) -> None:
    answer = client.get(PLACE, headers={"accept": accept})
    assert answer.status_code == 400 and answer.json()["error"]["param"] == "accept"


def test_no_reset_makes_a_figure_smaller(client: TestClient) -> None:
    say(client)
    client.post("/__mock__/reset")
    assert figure(client, "requests_total", **CHATS, status="200") == 1


def test_two_servers_in_one_process_have_figures_of_their_own(client: TestClient) -> None:
    say(client)
    with TestClient(create_app(Settings())) as other:
        assert figure(other, "requests_total", **CHATS, status="200") is None
        assert "process_" not in other.get(PLACE).text
