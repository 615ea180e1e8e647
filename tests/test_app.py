"""The shell over real sockets: bodies large and cut off, streams, clients that leave."""

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from mock_server import create_app
from mock_server.app import Shell
from tests.conftest import FreshKey
from tests.world import CHAT, ask


def _address(served: str) -> tuple[str, int]:
    host, _, port = served.removeprefix("http://").rpartition(":")
    return host, int(port)


@contextmanager
def _connection(served: str) -> Iterator[socket.socket]:
    with socket.create_connection(_address(served), timeout=20) as connection:
        yield connection


def _request(key: str, body: bytes, *, length: int | None = None, more: str = "") -> bytes:
    head = (
        f"POST {CHAT} HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer {key}\r\n{more}"
        f"Content-Type: application/json\r\nContent-Length: {length or len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _read_answer(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    return data


def _journal(served: str, key: str) -> list[dict[str, Any]]:
    answer = httpx2.get(f"{served}/__mock__/journal", params={"key": key})
    exchanges: list[dict[str, Any]] = answer.json()["exchanges"]
    return exchanges


def _until(served: str, key: str, number: int) -> dict[str, Any]:
    """The exchange of that number once the server has let go of it."""
    for _ in range(500):
        exchanges = _journal(served, key)
        if len(exchanges) >= number:
            return exchanges[number - 1]
    raise AssertionError("the exchange never came into the journal")


def test_the_body_of_a_stream_ends_right_after_done(served: str, key: FreshKey) -> None:
    body = json.dumps(ask("hello", stream=True)).encode()
    with _connection(served) as connection:
        connection.sendall(_request(key("runcrate"), body))
        data = b""
        while not data.endswith(b"0\r\n\r\n"):
            data += connection.recv(65536)
        assert data.endswith(b"data: [DONE]\n\n\r\n0\r\n\r\n")
        # The connection is still good: the next request is answered on it.
        connection.sendall(_request(key("runcrate"), body))
        assert _read_answer(connection).startswith(b"HTTP/1.1 200")


def test_events_arrive_one_by_one(served: str, key: FreshKey) -> None:
    body = json.dumps(ask("Explain tides.", stream=True)).encode()
    with _connection(served) as connection:
        connection.sendall(_request(key("runcrate"), body))
        data = b""
        while not data.endswith(b"0\r\n\r\n"):
            data += connection.recv(65536)
    chunks = data.partition(b"\r\n\r\n")[2].split(b"\r\n")[1::2]
    assert all(chunk.startswith(b"data: ") and chunk.endswith(b"\n\n") for chunk in chunks if chunk)
    assert len(chunks) > 10


def test_a_client_that_leaves_mid_stream_leaves_nothing_behind(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    body = json.dumps(ask("Explain tides.", stream=True, n=128)).encode()
    with _connection(served) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.sendall(_request(mine, body))
        connection.recv(1024)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    # What the next request finds: a server that answers, and a journal that knows.
    assert httpx2.get(f"{served}/__mock__/health").json()["status"] == "ok"
    for _ in range(2000):
        exchange = _until(served, mine, 1)
        if exchange["finished"] is False and exchange["left"]:
            return
    raise AssertionError(f"the stream goes on: {exchange}")


def test_a_body_that_is_cut_off_leaves_the_server_well(served: str, key: FreshKey) -> None:
    with _connection(served) as connection:
        connection.sendall(_request(key("runcrate"), b'{"model"', length=500))
    assert httpx2.get(f"{served}/__mock__/health").json()["status"] == "ok"


@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_is_told_so_and_not_reset(
    served: str, key: FreshKey, chunked: bool
) -> None:
    content = b"x" * 30_000_000
    headers = {"Authorization": f"Bearer {key('runcrate')}", "Content-Type": "application/json"}
    sent: Any = (content[at : at + 2**20] for at in range(0, len(content), 2**20))
    answer = httpx2.post(
        f"{served}{CHAT}", content=sent if chunked else content, headers=headers, timeout=60
    )
    assert answer.status_code == 413
    assert answer.json()["error"]["code"] == "request_too_large"


def test_a_declared_giant_is_refused_without_reading_it(served: str, key: FreshKey) -> None:
    with _connection(served) as connection:
        connection.sendall(_request(key("runcrate"), b"{", length=10**12))
        assert _read_answer(connection).startswith(b"HTTP/1.1 413")


def test_a_client_that_waits_for_100_continue_is_answered(served: str, key: FreshKey) -> None:
    body = json.dumps(ask("hello")).encode()
    whole = _request(key("runcrate"), body, more="Expect: 100-continue\r\n")
    head, body = whole[: -len(body)], whole[-len(body) :]
    with _connection(served) as connection:
        connection.sendall(head)
        assert connection.recv(65536).startswith(b"HTTP/1.1 100")
        connection.sendall(body)
        assert _read_answer(connection).startswith(b"HTTP/1.1 200")


def test_head_is_get_without_a_body(served: str, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    head = httpx2.head(f"{served}/v1/models", headers=headers)
    get = httpx2.get(f"{served}/v1/models", headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == get.headers["content-length"]


def test_pipelined_requests_are_answered_in_order(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    bodies = [json.dumps(ask(f"Say {word}")).encode() for word in ("alpha", "beta")]
    with _connection(served) as connection:
        connection.sendall(b"".join(_request(mine, body) for body in bodies))
        data = b""
        while data.count(b"HTTP/1.1 200") < 2 or not data.endswith(b"}"):
            data += connection.recv(65536)
    assert data.index(b"alpha") < data.index(b"beta")


def test_keys_are_nowhere_in_the_journal(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    httpx2.post(f"{served}{CHAT}?api_key={mine}", json=ask("hi"), headers={"Authorization": mine})
    httpx2.post(f"{served}{CHAT}", json=ask("hi"), headers={"Authorization": f"Bearer {mine}"})
    bearer = {"Authorization": f"Bearer {mine}"}
    httpx2.post(f"{served}{CHAT}", json=ask("hi", stream=mine), headers=bearer)
    httpx2.get(f"{served}/v1/videos/{mine}", headers=bearer)
    httpx2.get(f"{served}/v1/{mine}", headers=bearer)
    httpx2.get(f"{served}/v1/{mine}", headers={"x-api-key": mine})
    text = httpx2.get(f"{served}/__mock__/journal").text
    assert mine not in text


def test_two_apps_in_one_process_do_not_know_each_other() -> None:
    first, second = create_app(), create_app()
    assert isinstance(first, Shell)
    assert first.mock.store is not second.mock.store
    assert first.mock.journal is not second.mock.journal


@pytest.mark.parametrize(("path", "status"), [("/v1?sdk=js", "101"), ("/v1/models", "403")])
def test_websockets_are_opened_where_the_contract_has_one(
    served: str, path: str, status: str
) -> None:
    with _connection(served) as connection:
        connection.sendall(
            b"GET %s HTTP/1.1\r\nHost: mock\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
            % path.encode()
        )
        assert _read_answer(connection).startswith(f"HTTP/1.1 {status}".encode())


def test_the_cold_start_needs_neither_faker_nor_starlette() -> None:
    code = (
        "import sys, mock_server; mock_server.create_app();"
        "print([name for name in ('faker', 'starlette', 'PIL', 'pytest') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
