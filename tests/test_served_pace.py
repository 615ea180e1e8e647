"""Paced chats over real sockets: time moved by hand, clients that leave, servers that stop."""

import json
import signal
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest

from tests.conftest import FreshKey
from tests.serving import server
from tests.world import CHAT, ask

HOUR = 3600


@contextmanager
def _asked(served: str, key: str, **more: Any) -> Iterator[socket.socket]:
    """A connection on which a chat was asked for."""
    host, _, port = served.removeprefix("http://").rpartition(":")
    body = json.dumps(ask("Explain tides.", **more)).encode()
    head = (
        f"POST {CHAT} HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(head.encode() + body)
        yield connection


def _pace(served: str, key: str, pace: str) -> None:
    httpx2.put(f"{served}/__mock__/keys/{key}", json={"pace": pace}).raise_for_status()


def _exchange(served: str, key: str, **wanted: bool) -> None:
    """Wait until the key's first exchange is as wanted."""
    for _ in range(500):
        answer = httpx2.get(f"{served}/__mock__/journal", params={"key": key}).json()["exchanges"]
        if answer and all(answer[0][name] is value for name, value in wanted.items()):
            return
    raise AssertionError(f"{answer} never became {wanted}")


def _all_of(connection: socket.socket, end: bytes) -> bytes:
    data = b""
    while not data.endswith(end):
        part = connection.recv(65536)
        assert part, data
        data += part
    return data


@pytest.mark.parametrize("stream", [False, True])
def test_an_advance_brings_an_answer_that_waits_for_an_hour(
    served: str, key: FreshKey, stream: bool
) -> None:
    mine = key("runcrate")
    _pace(served, mine, f"ttft={HOUR}")
    with _asked(served, mine, stream=stream) as connection:
        _exchange(served, mine, finished=False)
        clock = {"advance": HOUR, "key": mine}
        httpx2.post(f"{served}/__mock__/clock", json=clock).raise_for_status()
        end = b"data: [DONE]\n\n\r\n0\r\n\r\n" if stream else b"}"
        assert _all_of(connection, end).startswith(b"HTTP/1.1 200")
    _exchange(served, mine, finished=True, left=False)


@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_leaves_while_it_waits_is_noticed(
    served: str, key: FreshKey, stream: bool
) -> None:
    mine = key("runcrate")
    _pace(served, mine, f"ttft={HOUR}")
    with _asked(served, mine, stream=stream):
        _exchange(served, mine, finished=False)
    _exchange(served, mine, finished=False, left=True)


def test_chunks_come_at_their_pace(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    _pace(served, mine, "ttft=0.1,itl=0.01")
    begun = time.perf_counter()
    with _asked(served, mine, stream=True) as connection:
        data = _all_of(connection, b"data: [DONE]\n\n\r\n0\r\n\r\n")
    pieces = data.count(b'"content":"') - 1
    assert pieces > 10
    assert time.perf_counter() - begun >= 0.1 + 0.01 * (pieces - 1) - 0.002


def test_a_changed_pace_holds_for_the_same_question(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    for pace, least in (("instant", 0.0), ("ttft=0.2", 0.2), ("ttft=0.1", 0.1)):
        _pace(served, mine, pace)
        begun = time.perf_counter()
        with _asked(served, mine) as connection:
            _all_of(connection, b"}")
        assert time.perf_counter() - begun >= least - 0.002


def test_a_server_that_is_told_to_stop_does_not_wait_for_streams() -> None:
    with server("--pace", f"ttft={HOUR}") as (process, served):
        with _asked(served, "rc_live_a", stream=True) as connection:
            connection.recv(1024)
            process.send_signal(signal.SIGTERM)
            _, errors = process.communicate(timeout=10)
        assert "Traceback" not in errors


def test_a_server_that_stops_says_so_to_those_who_wait_for_a_whole_answer() -> None:
    with server("--pace", f"ttft={HOUR}") as (process, served):
        with _asked(served, "sk-a") as connection:
            for _ in range(1000):
                if httpx2.get(f"{served}/__mock__/journal").json()["exchanges"]:
                    break
            process.send_signal(signal.SIGTERM)
            answer = _all_of(connection, b"}")
        _, errors = process.communicate(timeout=10)
    assert answer.startswith(b"HTTP/1.1 503")
    assert b'"code":"overloaded"' in answer
    assert "Traceback" not in errors


def test_the_pace_of_a_key_holds_in_every_worker() -> None:
    with server("--workers", "2") as (process, served):
        _pace(served, "rc_live_a", "ttft=0.05")
        taken = []
        for _ in range(8):
            begun = time.perf_counter()
            with _asked(served, "rc_live_a") as connection:
                _all_of(connection, b"}")
            taken.append(time.perf_counter() - begun)
        assert min(taken) >= 0.048
        process.terminate()
        process.communicate(timeout=10)
