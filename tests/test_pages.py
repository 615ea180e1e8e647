"""The dashboard as files: where they are, what they may do, and that they are told apart."""

import re
from pathlib import Path

import httpx2
import pytest
from starlette.testclient import TestClient

from mock_server import control
from mock_server.control.api import control_app
from tests.world import new_mock

FOLDER = Path(control.__file__).parent / "dashboard"
NAMES = sorted(path.name for path in FOLDER.iterdir())
PAGE = (FOLDER / "index.html").read_text("utf-8")


@pytest.fixture(scope="module")
def client() -> httpx2.Client:
    return TestClient(control_app(new_mock()))


def test_the_page_stands_at_the_root_of_the_control_api(client: httpx2.Client) -> None:
    answer = client.get("/__mock__", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (307, "/__mock__/")
    page = client.get("/__mock__/")
    assert page.text == PAGE
    assert page.headers["content-type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("name", NAMES)
def test_each_file_is_served_safely_and_only_once(client: httpx2.Client, name: str) -> None:
    answer = client.get(f"/__mock__/assets/{name}")
    assert answer.content == (FOLDER / name).read_bytes()
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    known = {"If-None-Match": answer.headers["etag"]}
    again = client.get(f"/__mock__/assets/{name}", headers=known)
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["nothing.js", "..%2Fapi.py", "%2e%2e/api.py", "__init__.py"])
def test_nothing_else_is_served(client: httpx2.Client, name: str) -> None:
    assert client.get(f"/__mock__/assets/{name}").status_code == 404


def test_nothing_is_inline_and_nothing_comes_from_elsewhere() -> None:
    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?! type=\"module\" src=)", PAGE)
    for name in NAMES:
        text = (FOLDER / name).read_text("utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//cdn" not in text
        assert not re.search(r"https?://\w", text), name


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".js")])
def test_no_text_is_ever_parsed_as_a_page_or_as_a_program(name: str) -> None:
    banned = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function"
    assert not re.search(banned, (FOLDER / name).read_text("utf-8"))
