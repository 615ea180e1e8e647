"""The control API by HTTP: what it tells, and how its refusals and its absence are told."""

import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from mock_server.remote import ControlError, Remote


class _Page(BaseHTTPRequestHandler):
    """A web server that is no mock: a page, or a plain JSON failure, at any path."""

    def do_GET(self) -> None:
        self.send_response(404 if "json" in self.path else 200)
        self.end_headers()
        self.wfile.write(b"[]" if "json" in self.path else b"<p>Welcome</p>")

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def stranger() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Page) as server:
        thread = Thread(target=server.serve_forever, args=(0.001,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def test_it_tells(served: str) -> None:
    assert Remote(f"{served}/v1").get("health")["status"] == "ok"


def test_a_refusal_says_what_the_server_says(served: str) -> None:
    with pytest.raises(ControlError, match=r"advance: .*sideways"):
        Remote(served).post("clock", {"advance": "sideways"})


def test_nobody_there_is_told_with_the_place() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        with pytest.raises(ControlError, match=f"no mock server answers at {url}: Conn"):
            Remote(url).get("health")


def test_another_server_is_told_from_a_mock(stranger: str) -> None:
    with pytest.raises(ControlError, match="health answers 200 with what is no JSON"):
        Remote(stranger).get("health")
    with pytest.raises(ControlError, match=r"json answers 404$"):
        Remote(stranger).get("json")


@pytest.mark.parametrize("url", ["", "127.0.0.1:8000", "ftp://127.0.0.1", "http://"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(ControlError, match="is no http or https URL"):
        Remote(url)
