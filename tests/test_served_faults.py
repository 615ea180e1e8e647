"""Faults over real sockets: what stands on the wire, how it ends, what is left of the server."""

import json
import re
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx2
import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from tests.conftest import FreshKey
from tests.serving import server
from tests.world import CHAT, ask

Json = Any
HOUR = 3600
SPEECH = "/v1/audio/speech"
SPOKEN = {"model": "m", "input": "tides", "voice": "alloy"}
CHUNK = re.compile(rb"([0-9a-f]+)\r\n")


def request(key: str, body: Json, *prefer: str, path: str = CHAT, method: str = "POST") -> bytes:
    raw = json.dumps(body).encode()
    wishes = "".join(f"Prefer: {each}\r\n" for each in prefer)
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: mock\r\nAuthorization: Bearer {key}\r\n{wishes}"
        f"Content-Type: application/json\r\nContent-Length: {len(raw)}\r\n\r\n"
    )
    return head.encode() + raw


@contextmanager
def connected(served: str) -> Iterator[socket.socket]:
    host, _, port = served.removeprefix("http://").rpartition(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        yield connection


def until_closed(connection: socket.socket) -> tuple[bytes, str]:
    """What came, and whether the connection was then closed or reset."""
    data = b""
    try:
        while part := connection.recv(65536):
            data += part
    except ConnectionResetError:
        return data, "reset"
    return data, "closed"


def until(connection: socket.socket, end: bytes, answers: int = 0) -> bytes:
    """What comes until so many answers have begun and the last one ends so."""
    data = b""
    while data.count(b"HTTP/1.1 ") < answers or not data.endswith(end):
        part = connection.recv(65536)
        assert part, data
        data += part
    return data


def broken(served: str, key: str, body: Json, fault: str, **more: str) -> tuple[bytes, bytes, str]:
    """Headers, body and end of an answer that does not end well."""
    with connected(served) as connection:
        connection.sendall(request(key, body, f"fault={fault}", **more))
        data, end = until_closed(connection)
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest, end


def chunks(body: bytes) -> list[bytes]:
    """The chunks of a chunked body, the last one as far as it came."""
    found = []
    while match := CHUNK.match(body):
        size = int(match[1], 16)
        found.append(body[match.end() : match.end() + size])
        body = body[match.end() + size + 2 :]
    return found


def journal(served: str, key: str, **wanted: Json) -> Json:
    """The key's last exchange, once it is as wanted."""
    for _ in range(500):
        answer = httpx2.get(f"{served}/__mock__/journal", params={"key": key}).json()["exchanges"]
        if answer and all(answer[-1][name] == value for name, value in wanted.items()):
            return answer[-1]
    raise AssertionError(f"{answer} never became {wanted}")


def advance(served: str, key: str, seconds: float) -> None:
    clock = {"advance": seconds, "key": key}
    httpx2.post(f"{served}/__mock__/clock", json=clock).raise_for_status()


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("fault", "end"), [("disconnect-before-headers", "closed"), ("connection-reset", "reset")]
)
def test_nothing_is_answered_at_all(
    served: str, key: FreshKey, fault: str, end: str, stream: bool
) -> None:
    mine = key("runcrate")
    assert broken(served, mine, ask("hi", stream=stream), fault) == (b"", b"", end)
    journal(served, mine, status=0, cut=True, faults=[fault], finished=False, left=False, sent=0)


@pytest.mark.parametrize(
    ("fault", "end"), [("disconnect-mid-stream", "closed"), ("connection-reset", "reset")]
)
def test_a_stream_breaks_off_after_so_many_events(
    served: str, key: FreshKey, fault: str, end: str
) -> None:
    mine, body = key("runcrate"), ask("hi", stream=True)
    _, rest, found = broken(served, mine, body, f"{fault}; after=2")
    assert found == end
    assert len(chunks(rest)) == 2 and not rest.endswith(b"0\r\n\r\n")
    told = journal(served, mine, status=200, cut=True, faults=[fault], finished=False, left=False)
    assert told["prompt_tokens"] > 0 and told["completion_tokens"] is None


def test_a_body_breaks_off_under_its_whole_length(served: str, key: FreshKey) -> None:
    head, rest, end = broken(served, key("runcrate"), ask("hi"), "disconnect-mid-stream; after=9")
    assert (rest, end) == (b'{"id":"ch', "closed")
    length = re.search(rb"content-length: (\d+)", head)
    assert length and int(length[1]) > 100


def test_a_file_breaks_off_too(served: str, key: FreshKey) -> None:
    wish = "disconnect-mid-stream; after=9"
    _, rest, end = broken(served, key("runcrate"), SPOKEN, wish, path=SPEECH)
    assert ([len(each) for each in chunks(rest)], end) == ([9], "closed")


def test_a_stream_breaks_off_before_its_last_event(served: str, key: FreshKey) -> None:
    body = ask("hi", stream=True)
    _, rest, end = broken(served, key("runcrate"), body, "disconnect-before-done")
    assert end == "closed"
    assert b'"finish_reason":"stop"' in chunks(rest)[-1]


def test_a_chunk_is_shorter_than_it_says(served: str, key: FreshKey) -> None:
    body = ask("hi", stream=True)
    _, rest, end = broken(served, key("runcrate"), body, "truncated-chunk; after=1")
    start = rest.index(b"\n\n\r\n") + 4
    told = CHUNK.match(rest[start:])
    assert told and end == "closed"
    assert len(rest[start + told.end() :]) == int(told[1], 16) // 2


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("fault", "off"), [("too-long", 7), ("too-short", -7)])
def test_a_length_is_wrong(served: str, key: FreshKey, fault: str, off: int, stream: bool) -> None:
    wish = f"content-length-{fault}; bytes=7"
    head, rest, end = broken(served, key("runcrate"), ask("hi", stream=stream), wish)
    told = re.search(rb"content-length: (\d+)", head)
    assert told and int(told[1]) == len(rest) + off
    assert b"transfer-encoding" not in head and end == "closed"
    assert rest.endswith(b"data: [DONE]\n\n" if stream else b"}}")


def test_letters_come_in_two_chunks(served: str, key: FreshKey) -> None:
    with connected(served) as connection:
        connection.sendall(request(key("runcrate"), ask("hi", stream=True), "fault=split-utf8"))
        data = until(connection, b"0\r\n\r\n")
    first, second, *_ = chunks(data.partition(b"\r\n\r\n")[2])
    with pytest.raises(UnicodeDecodeError):
        first.decode()
    assert (first + second).decode() == ": \N{HOT BEVERAGE}\n\n"


@pytest.mark.parametrize(
    "fault",
    ["crlf", "comments", "malformed-chunk", "status-503", "error-after-200", "oversized-chunk"],
)
def test_requests_sent_ahead_are_answered_after_a_fault(
    served: str, key: FreshKey, fault: str
) -> None:
    mine = key("runcrate")
    with connected(served) as connection:
        both = request(mine, ask("hi", stream=True), f"fault={fault}") + request(mine, ask("hi"))
        connection.sendall(both)
        until(connection, b"}}", answers=2)
        connection.sendall(request(mine, ask("hi")))
        assert until(connection, b"}}").startswith(b"HTTP/1.1 200")


def test_a_clean_end_leaves_the_connection_open(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    with connected(served) as connection:
        for stream in (True, False):
            wish = "fault=disconnect-mid-stream; clean=1"
            connection.sendall(request(mine, ask("hi", stream=stream), wish))
            assert b"[DONE]" not in until(connection, b"0\r\n\r\n")
            journal(served, mine, cut=True, finished=False)


def test_requests_sent_ahead_die_with_the_connection(key: FreshKey) -> None:
    mine = key("runcrate")
    with server() as (process, url):
        with connected(url) as connection:
            both = request(mine, ask("hi"), "fault=disconnect-mid-stream") + request(mine, ask("a"))
            connection.sendall(both)
            data, end = until_closed(connection)
            assert (data.count(b"HTTP/1.1 "), end) == (1, "closed")
        assert httpx2.get(f"{url}/__mock__/health").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=20)[1] == ""


def test_the_server_has_nothing_to_complain_of(key: FreshKey) -> None:
    mine = key("runcrate")
    with server("--rate-limit", "0") as (process, url):
        known = httpx2.get(f"{url}/__mock__/faults").json()["catalogue"]
        cuts = [each["fault"] for each in known if each["effect"] == "cut"]
        assert len(cuts) == 6
        for fault in [*cuts, "content-length-too-short"]:
            broken(url, mine, ask("hi", stream=True), fault)
        process.send_signal(signal.SIGTERM)
        assert process.communicate(timeout=20)[1] == ""


def test_a_head_has_the_headers_of_a_fault_and_no_body(served: str, key: FreshKey) -> None:
    mine, file = key("runcrate"), {"path": "/v1/models", "method": "HEAD"}
    for fault, status in (("disconnect-mid-stream", 200), ("status-503", 503), ("stall", 200)):
        with connected(served) as connection:
            connection.sendall(request(mine, {}, f"fault={fault}", **file))
            head = until(connection, b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 %d " % status)
            connection.sendall(request(mine, {}, **file))
            assert until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 200 ")
    assert broken(served, mine, {}, "connection-reset", **file)[2] == "reset"


@pytest.mark.parametrize("stream", [False, True])
def test_an_answer_that_is_late_comes_with_its_time(
    served: str, key: FreshKey, stream: bool
) -> None:
    mine = key("runcrate")
    with connected(served) as connection:
        wish = f"fault=latency; seconds={HOUR}"
        connection.sendall(request(mine, ask("hi", stream=stream), wish))
        journal(served, mine, status=200, finished=False, sent=0)
        advance(served, mine, HOUR)
        until(connection, b"0\r\n\r\n" if stream else b"}}")
    journal(served, mine, finished=True, faults=["latency"])


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("fault", ["slow-first-token", "stall"])
def test_an_answer_that_has_begun_goes_on_when_its_time_has_come(
    served: str, key: FreshKey, fault: str, stream: bool
) -> None:
    mine = key("runcrate")
    with connected(served) as connection:
        wish = f"fault={fault}; seconds={HOUR}"
        connection.sendall(request(mine, ask("hi", stream=stream), wish))
        assert connection.recv(20).startswith(b"HTTP/1.1 200")
        journal(served, mine, finished=False)
        advance(served, mine, HOUR)
        until(connection, b"0\r\n\r\n" if stream else b"}}")
    journal(served, mine, finished=True, faults=[fault])


def test_drops_come_one_by_one(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    with connected(served) as connection:
        connection.sendall(request(mine, ask("hi", stream=True), "fault=slow-drip; bytes=5"))
        until(connection, b"5\r\ndata:\r\n")
        advance(served, mine, HOUR)
        body = until(connection, b"0\r\n\r\n")
    *drops, last = map(len, chunks(body))
    assert max(drops) == 5 and len(drops) > 100 and last == 0


def test_a_client_that_leaves_a_stalled_stream_is_noticed(served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    with connected(served) as connection:
        connection.sendall(request(mine, ask("hi", stream=True), "fault=stall"))
        until(connection, b"\n\n\r\n")
        journal(served, mine, finished=False)
    journal(served, mine, finished=False, left=True, cut=False, faults=["stall"])


def test_faults_of_a_key_are_switched_and_told(served: str, key: FreshKey) -> None:
    mine, place = key("runcrate"), f"{served}/__mock__/faults"
    wish = {"fault": "status-503", "nth": 2, "retry_after": 7}
    told = httpx2.put(place, json={"faults": ["crlf", wish], "key": mine}).json()
    assert told["on"] == ["crlf", "status-503"]
    headers = {"Authorization": f"Bearer {mine}"}
    answers = [httpx2.post(served + CHAT, json=ask("hi"), headers=headers) for _ in range(3)]
    assert [each.status_code for each in answers] == [200, 503, 200]
    assert answers[1].headers["retry-after"] == "7"
    told = httpx2.get(place, params={"key": mine}).json()
    assert told["standing"][1] == {**wish, "nth": [2], "is_for_all": False, "fitted": 3, "met": 1}
    assert httpx2.request("DELETE", place, params={"key": mine}).json()["on"] == []


def test_single_faults_are_added_and_ended_by_name(served: str, key: FreshKey) -> None:
    mine, place = key("runcrate"), f"{served}/__mock__/faults"
    httpx2.put(place, json={"faults": ["crlf"], "key": mine})
    added = httpx2.post(place, json={"faults": ["status-503", "heartbeats"], "key": mine})
    assert added.json()["on"] == ["crlf", "status-503", "heartbeats"]
    query = {"fault": ["crlf", "heartbeats"], "key": mine}
    assert httpx2.delete(place, params=query).json()["on"] == ["status-503"]
    strange = httpx2.delete(place, params={"fault": "status-50", "key": mine})
    assert (strange.status_code, strange.json()["error"]["param"]) == (400, "fault")
    assert "status-503" in strange.json()["error"]["message"]


@pytest.mark.parametrize(
    ("faults", "param"),
    [
        ([7], "faults[0]"),
        ([{}], "faults[0].fault"),
        (["nothing-like-it"], None),
        ([{"fault": "crlf", "rate": 2}], "faults[0].rate"),
        ([{"fault": "crlf", "rate": "x"}], "faults[0].rate"),
        (["crlf", {"fault": "crlf", "nth": 0}], "faults[1].nth"),
        ([{"fault": "crlf", "nth": []}], "faults[0].nth"),
        ([{"fault": "crlf", "nth": [1, "x"]}], "faults[0].nth[1]"),
        ([{"fault": "crlf", "times": 0}], "faults[0].times"),
        ([{"fault": "crlf", "status": 42}], "faults[0].status"),
        ([{"fault": "crlf", "stream": 1}], "faults[0].stream"),
        ([{"fault": "crlf", "operation": "createNothing"}], "faults[0].operation"),
        ([{"fault": "stall", "seconds": 1e9}], "faults[0].seconds"),
        ([{"fault": "stall", "speed": 1}], "faults[0].speed"),
        ("crlf", "faults"),
    ],
    ids=str,
)
def test_a_wrong_wish_is_a_400_that_names_it(served: str, faults: Json, param: str) -> None:
    answer = httpx2.put(f"{served}/__mock__/faults", json={"faults": faults, "key": "sk-none"})
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param


def test_the_catalogue_tells_effects_and_options(served: str) -> None:
    known = httpx2.get(f"{served}/__mock__/faults").json()["catalogue"]
    found = {each["fault"]: each for each in known}
    stall = found["stall"]
    assert (stall["breaks"], stall["effect"]) == (None, "stalled")
    assert (
        stall["options"]["seconds"].items()
        >= {"default": 600, "minimum": 0, "maximum": HOUR}.items()
    )
    broken = found["chat-without-finish-reason"]
    assert broken["breaks"] and broken["effect"] is None and broken["options"] == {}


TASK = {"taskType": "ping", "ping": True}


@pytest.mark.parametrize("fault", ["connection-reset", "disconnect-mid-stream"])
def test_a_websocket_is_dropped_in_place_of_a_message(
    served: str, key: FreshKey, fault: str
) -> None:
    mine = key("runware")
    login = json.dumps([{"taskType": "authentication", "apiKey": mine}])
    with connect(f"{served.replace('http', 'ws')}/v1") as line:
        line.send(login)
        assert line.recv(timeout=20)
        httpx2.put(f"{served}/__mock__/faults", json={"faults": [fault], "key": mine})
        line.send(json.dumps([TASK]))
        with pytest.raises(ConnectionClosedError) as end:
            line.recv(timeout=20)
        assert end.value.rcvd is None  # which is what is told as code 1006
    journal(served, mine, cut=True, faults=[fault])


def test_a_message_of_a_websocket_may_be_late(served: str, key: FreshKey) -> None:
    mine = key("runware")
    login = json.dumps([{"taskType": "authentication", "apiKey": mine}])
    late = [{"fault": "latency", "seconds": 100}]
    with connect(f"{served.replace('http', 'ws')}/v1") as line:
        line.send(login)
        assert line.recv(timeout=20)
        httpx2.put(f"{served}/__mock__/faults", json={"faults": late, "key": mine})
        line.send(json.dumps([TASK]))
        journal(served, mine, faults=["latency"])
        advance(served, mine, 100)
        assert "pong" in str(line.recv(timeout=20))
