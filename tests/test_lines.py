"""WebSockets as clients have them: messages when they are due, idleness, leaving, coming back."""

import asyncio
import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Thread
from typing import Any

import pytest
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from mock_server import Settings, create_app
from mock_server.app import Shell
from mock_server.pace import Pace
from tests.runware import KEY, Json, caption

LOGIN = [{"taskType": "authentication", "apiKey": KEY}]
PING = [{"taskType": "ping", "ping": True}]
SESSION = "e3a3bcc0-b731-4f8e-8093-1bf0f7476d14"


@pytest.fixture
def app() -> Shell:
    return create_app(Settings(strict=True, clock="virtual", pace=Pace(ttft=2.0)))


@pytest.fixture
def client(app: Shell) -> Iterator[TestClient]:
    with TestClient(app) as client:
        yield client


def welcomed(socket: WebSocketTestSession, **more: Json) -> Json:
    socket.send_json([{**LOGIN[0], **more}])
    return socket.receive_json()["data"][0]


def advance(client: TestClient, seconds: float, **more: str) -> None:
    assert client.post("/__mock__/clock", json={"advance": seconds, **more}).status_code == 200


def test_messages_are_answered_as_text_or_bytes(client: TestClient) -> None:
    with client.websocket_connect("/v1?sdk=js&version=1.3.2") as socket:
        welcomed(socket)
        socket.send_json(PING)
        assert socket.receive_json()["data"][0]["pong"] is True
        socket.send_bytes(b'[{"taskType": "ping"}]')
        assert socket.receive_json()["data"][0]["pong"] is True
        socket.send_bytes(b"\xff\xfe")
        assert socket.receive_json()["errors"]


@pytest.mark.parametrize("path", ["/", "/v2", "/v1/chat/completions", "/v1/models"])
def test_elsewhere_none_is_opened(client: TestClient, path: str) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(path):
        pass


def test_answers_overtake_one_another(client: TestClient) -> None:
    task = caption()
    with client.websocket_connect("/v1") as socket:
        welcomed(socket)
        socket.send_json([task, *PING])
        assert "pong" in socket.receive_json()["data"][0]
        socket.send_json(PING)
        assert "pong" in socket.receive_json()["data"][0]
        advance(client, 1.0, key=KEY)
        advance(client, 1.0, key=KEY)
        assert socket.receive_json()["data"][0]["taskUUID"] == task["taskUUID"]


def test_a_bad_key_is_told_before_the_end(client: TestClient) -> None:
    with client.websocket_connect("/v1") as socket:
        socket.send_json([{**LOGIN[0], "apiKey": "runware_invalid"}, *PING])
        assert socket.receive_json()["errors"][0]["code"] == "invalidApiKey"
        with pytest.raises(WebSocketDisconnect) as end:
            socket.receive_json()
        assert end.value.code == 1008


@pytest.mark.parametrize("is_known", [False, True])
def test_who_says_nothing_for_two_minutes_is_let_go(client: TestClient, is_known: bool) -> None:
    with client.websocket_connect("/v1") as socket:
        if is_known:
            welcomed(socket)
        advance(client, 119)
        socket.send_json(PING)
        assert socket.receive_json()
        advance(client, 119)
        socket.send_json(PING)
        assert socket.receive_json()
        advance(client, 120)
        with pytest.raises(WebSocketDisconnect) as end:
            socket.receive_json()
        assert end.value.code == 1000


def test_a_fault_lets_a_connection_be_idle_for_longer(client: TestClient) -> None:
    faults = {"faults": ["socket-never-closes"], "key": KEY}
    assert client.put("/__mock__/faults", json=faults).status_code == 200
    with client.websocket_connect("/v1") as socket:
        welcomed(socket)
        advance(client, 3000)
        socket.send_json(PING)
        assert socket.receive_json()


def test_a_fault_closes_a_connection_in_place_of_a_message(client: TestClient) -> None:
    faults = {"faults": ["socket-lost-before-the-result"], "key": KEY}
    assert client.put("/__mock__/faults", json=faults).status_code == 200
    with client.websocket_connect("/v1") as socket:
        welcomed(socket)
        socket.send_json([caption()])
        advance(client, 2)
        with pytest.raises(WebSocketDisconnect) as end:
            socket.receive_json()
        assert end.value.code == 1011


def test_what_was_under_way_is_delivered_to_the_session(client: TestClient) -> None:
    task = caption()
    with client.websocket_connect("/v1") as socket:
        session = welcomed(socket)["connectionSessionUUID"]
        socket.send_json([task, *PING])
        socket.receive_json()
    with client.websocket_connect("/v1") as socket:
        again = welcomed(socket, connectionSessionUUID=session)
        assert again["connectionSessionUUID"] == session
        advance(client, 2)
        assert socket.receive_json()["data"][0]["taskUUID"] == task["taskUUID"]


def test_a_reset_lets_answers_come_at_once(client: TestClient) -> None:
    task = caption()
    advance(client, 500)
    with client.websocket_connect("/v1") as socket:
        welcomed(socket)
        socket.send_json([task, *PING])
        socket.receive_json()
        assert client.post("/__mock__/reset", json={}).status_code == 200
        assert socket.receive_json()["data"][0]["taskUUID"] == task["taskUUID"]
        advance(client, 119)
        socket.send_json(PING)
        assert socket.receive_json(), "idleness was counted anew"


def test_nobody_waits_once_all_have_left(client: TestClient, app: Shell) -> None:
    with client.websocket_connect("/v1") as socket:
        welcomed(socket)
        socket.send_json([caption(), *PING])
        socket.receive_json()
    assert app.waiting.number == 0


def test_who_leaves_while_something_is_sent_finds_it_later(app: Shell) -> None:
    login = [{**LOGIN[0], "connectionSessionUUID": SESSION}]

    async def talk(breaks_at: int) -> list[Json]:

        sent: list[Json] = []
        inbox: list[dict[str, Any]] = [{"type": "websocket.connect"}]
        inbox += [{"type": "websocket.receive", "text": json.dumps([*login, *PING])}]

        async def receive() -> dict[str, Any]:
            if inbox:
                return inbox.pop(0)
            return {"type": "websocket.disconnect", "code": 1006}

        async def send(message: Any) -> None:
            if message["type"] == "websocket.send":
                if len(sent) == breaks_at:
                    raise OSError
                sent.append(json.loads(message["text"]))

        scope = {"type": "websocket", "path": "/v1", "query_string": b"", "headers": []}
        await app(scope, receive, send)
        return sent

    assert len(asyncio.run(talk(1))) == 1
    session, pong, kept = asyncio.run(talk(9))
    assert "connectionSessionUUID" in session["data"][0]
    assert pong == kept == {"data": [{"taskType": "ping", "pong": True}]}


class _Receiver(BaseHTTPRequestHandler):
    """Takes webhooks, the second time that they come."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.put(body)  # type: ignore[attr-defined]
        self.send_response(503 if self.server.taken.qsize() < 2 else 200)  # type: ignore[attr-defined]
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("by_socket", [False, True])
def test_webhooks_are_delivered_and_tried_again(client: TestClient, by_socket: bool) -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Receiver) as receiver:
        receiver.taken = taken = Queue[bytes]()  # type: ignore[attr-defined]
        Thread(target=receiver.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{receiver.server_address[1]}/hook"
        task = caption(webhookURL=url, deliveryMethod="async")
        if by_socket:
            with client.websocket_connect("/v1") as socket:
                welcomed(socket)
                socket.send_json([task])
                socket.receive_json()
        else:
            headers = {"Authorization": f"Bearer {KEY}"}
            assert client.post("/v1", json=[task], headers=headers).status_code == 200
        while taken.qsize() < 2:
            advance(client, 1)
        first, second = taken.get(), taken.get()
        assert first == second
        assert json.loads(first)["taskUUID"] == task["taskUUID"]
        receiver.shutdown()


def test_where_waits_are_skipped_messages_come_at_once_and_idleness_takes_its_time(
    client: TestClient,
) -> None:
    client.put(f"/__mock__/keys/{KEY}", json={"waits": "skip"})
    with client.websocket_connect("/v1") as socket:
        before = client.get("/__mock__/clock", params={"key": KEY}).json()["now"]
        welcomed(socket)
        socket.send_json([caption()])
        assert socket.receive_json()["data"]
        after = client.get("/__mock__/clock", params={"key": KEY}).json()["now"]
        assert 2 <= after - before < 30  # and not as long as an idle connection lasts
        socket.send_json(PING)
        assert socket.receive_json()["data"][0]["pong"] is True
