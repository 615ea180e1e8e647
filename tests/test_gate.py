"""Who may reach the control API: this machine's programs, or whoever has the token."""

import os
import subprocess
import sys
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from mock_server import Settings, create_app
from mock_server.cli import block
from mock_server.control.gate import Visit, refusal
from tests.serving import server

TOKEN = "correct-horse"
HERE = {"host": "127.0.0.1:8000"}
SHOWN = {"authorization": f"Bearer {TOKEN}"}
ELSEWHERE = "0.0.0.0"


def status(headers: dict[str, str] | None = None, **more: Any) -> int | None:
    """With what a visit is refused, or None."""
    settings = Settings(host=more.pop("host", "127.0.0.1"), control_token=more.pop("token", None))
    visit = {"method": "GET", "path": "/__mock__/journal", "peer": "127.0.0.1", **more}
    barred = refusal(Visit(headers={**HERE, **(headers or {})}, **visit), settings)
    return barred.status if barred else None


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "::1", "127.8.8.8"])
@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", None, "testclient"])
def test_programs_on_this_machine_are_let_in(host: str, peer: str | None) -> None:
    assert status(host=host, peer=peer) is None


@pytest.mark.parametrize("host", [ELSEWHERE, "::", "192.168.1.5", "example.com"])
def test_bound_elsewhere_nobody_is_let_in_without_a_token(host: str) -> None:
    assert status(host=host) == 403
    assert status(host=host, path="/__mock__/") == 403
    assert status(SHOWN, host=host) == 403
    assert status(SHOWN, host=host, token=TOKEN) is None


def test_whoever_comes_from_elsewhere_needs_the_token() -> None:
    assert status(peer="192.168.1.9") == 403
    assert status(SHOWN, peer="192.168.1.9", token=TOKEN) is None


@pytest.mark.parametrize(
    "shown",
    ["", TOKEN, f"Basic {TOKEN}", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}"],
)
def test_a_wrong_token_is_a_401(shown: str) -> None:
    assert status({"authorization": shown}, token=TOKEN) == 401


@pytest.mark.parametrize("shown", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer  {TOKEN}"])
def test_the_token_lets_in(shown: str) -> None:
    assert status({"authorization": shown}, token=TOKEN) is None


@pytest.mark.parametrize("path", ["/__mock__", "/__mock__/", "/__mock__/assets/page.js"])
def test_the_page_itself_holds_nothing_that_needs_the_token(path: str) -> None:
    assert status(token=TOKEN, path=path) is None
    assert status(token=TOKEN, path=path, method="POST") == 401


@pytest.mark.parametrize("path", ["/__mock__/assetsx", "/__mock__/page", "/__mock__//"])
def test_what_only_looks_like_the_page_needs_the_token(path: str) -> None:
    assert status(token=TOKEN, path=path) == 401


def test_anybody_may_ask_whether_the_server_is_up() -> None:
    assert status(host=ELSEWHERE, path="/__mock__/health", peer="192.168.1.9") is None


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": "http://127.0.0.1:8000, http://evil.example"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"},
        {"sec-fetch-site": "same-site", "sec-fetch-mode": "cors"},
    ],
    ids=str,
)
def test_pages_of_other_origins_are_not_let_in(headers: dict[str, str]) -> None:
    assert status(headers) == 403
    assert status({**headers, **SHOWN}, token=TOKEN) == 403


def test_a_link_may_not_do_more_than_look() -> None:
    headers = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"}
    assert [status(headers, method=method) for method in ("HEAD", "POST")] == [None, 403]


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://127.0.0.1:8000"},
        {"sec-fetch-site": "same-origin", "sec-fetch-mode": "cors"},
        {"sec-fetch-site": "none", "sec-fetch-mode": "navigate"},
        {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate"},  # a link was followed
    ],
    ids=str,
)
def test_the_own_page_and_links_to_it_are_let_in(headers: dict[str, str]) -> None:
    assert status(headers) is None


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8000",
        "evil.example",
        "127.0.0.1.evil.example",
        "mock.dev",
        "a.b.",
        "evil.example/.test",
        "evil.example#.localhost",
        "evil.example?.internal",
        "a b",
    ],
)
def test_a_public_name_that_leads_here_is_not_let_in(host: str) -> None:
    assert status({"host": host}) == 403
    assert status({"host": host, **SHOWN}, token=TOKEN) is None


@pytest.mark.parametrize(
    "host",
    ["localhost:8000", "[::1]:8000", "[::1]", "mock", "mock:80", "", "host.docker.internal:8000"],
)
def test_names_that_no_public_server_can_give_away_are_let_in(host: str) -> None:
    assert status({"host": host}) is None


def test_nothing_lets_pages_of_others_read_an_answer() -> None:
    with TestClient(create_app(Settings())) as client:
        headers = {"Origin": "http://testserver", "Access-Control-Request-Method": "POST"}
        for method in ("GET", "OPTIONS", "POST"):
            answer = client.request(method, "/__mock__/clock", headers=headers)
            assert not [name for name in answer.headers if name.startswith("access-control")]


def test_a_served_mock_asks_for_its_token_and_shows_it_nowhere() -> None:
    with server("--host", ELSEWHERE, "--control-token", TOKEN) as (process, url):
        url = url.replace(ELSEWHERE, "127.0.0.1")
        refused = httpx2.get(f"{url}/__mock__/journal")
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
        assert "token" in refused.json()["error"]["message"]
        assert httpx2.get(f"{url}/__mock__/journal", headers=SHOWN).status_code == 200
        process.kill()
        out, errors = process.communicate()
    assert TOKEN not in out + errors


def test_a_served_mock_bound_elsewhere_has_its_control_api_shut() -> None:
    with server("--host", ELSEWHERE) as (_, url):
        url = url.replace(ELSEWHERE, "127.0.0.1")
        assert httpx2.get(f"{url}/__mock__/journal").status_code == 403
        assert httpx2.get(f"{url}/__mock__/health").status_code == 200
        headers = {"Authorization": "Bearer rc_live_a"}
        assert httpx2.get(f"{url}/v1/models", headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({}, "Control API: http://here/__mock__/"),
        ({"host": ELSEWHERE}, "shut on this address; open it with --control-token"),
        ({"host": ELSEWHERE, "control_token": TOKEN}, "Control API: http://here/__mock__/"),
    ],
    ids=str,
)
def test_a_starting_mock_says_whether_its_control_api_is_open(
    settings: dict[str, str], says: str
) -> None:
    told = block(create_app(Settings(**settings)).mock, "http://here")  # type: ignore[arg-type]
    assert says in told and TOKEN not in told


@pytest.mark.parametrize("token", ["short", "with a blank", "schlüssel-lang"])
def test_a_token_that_cannot_be_one_is_refused_and_not_shown(token: str) -> None:
    environ = {**os.environ, "MOCK_SERVER_CONTROL_TOKEN": token}
    command = [sys.executable, "-m", "mock_server", "--port", "0"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "MOCK_SERVER_CONTROL_TOKEN" in done.stderr and token not in done.stderr
