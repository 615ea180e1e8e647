"""Talking to Runware's WebSocket, in this process or at a URL; all that comes is judged."""

import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from contract_tests.clauses import contract
from contract_tests.court import socket_judge
from contract_tests.exchange import Exchange
from contract_tests.guest import count
from contract_tests.notes import Broken, notebook, told
from contract_tests.target import Target
from mock_server.operation import Operation

Json = Any
_PATH: Final = "/v1"
_PROVIDER: Final = "runware"


class Closed(Exception):
    """The other end has closed the connection, with a code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class Wire(Protocol):
    """An open WebSocket that carries texts."""

    def send(self, text: str) -> None:
        """Send a message."""

    def receive(self, seconds: float) -> str:
        """The next message; raises Closed, and TimeoutError where none comes."""

    def close(self) -> None:
        """Leave."""


class Talk:
    """One connection: what is said, and what is heard in return."""

    def __init__(self, wire: Wire, url: str, patience: float) -> None:
        self._wire, self._url, self._patience = wire, url, patience

    def say(self, *tasks: Json) -> None:
        """Send a message of these tasks."""
        self.write(json.dumps(tasks))

    def write(self, text: str) -> None:
        """Send a message, whatever it is; raises OverBudget."""
        count("tasks", text.encode())
        self._wire.send(text)

    def hear(self) -> Json:
        """The next message; raises AssertionError where none comes, and Broken."""
        try:
            text = self._wire.receive(self._patience)
        except TimeoutError:
            raise AssertionError(f"nothing came in {self._patience} seconds") from None
        except Closed as closed:
            raise AssertionError(f"the connection was {closed}") from None
        self._judge(
            Exchange("MESSAGE", self._url, (), b"", 200, {}, text.encode(), _PROVIDER, None)
        )
        return json.loads(text)

    def ask(self, *tasks: Json) -> Json:
        """What tasks are answered with, put together as HTTP would; raises as `hear` does."""
        self.say(*tasks)
        return self.answers(*tasks)

    def answers(self, *tasks: Json) -> Json:
        """The answers to tasks that were sent before, of which there is one for each."""
        answer: dict[str, list[Json]] = {}
        for _ in tasks:
            for name, items in self.hear().items():
                answer.setdefault(name, []).extend(items)
        headers = {"content-type": "application/json"}
        question, body = json.dumps(tasks).encode(), json.dumps(answer).encode()
        status = 200 if "data" in answer else 400
        whole = (question, status, headers, body, _PROVIDER, _operation())
        self._judge(Exchange("WEBSOCKET", self._url, (), *whole))
        return answer

    def end(self) -> int:
        """The code with which the other end closes; raises AssertionError where it does not."""
        try:
            text = self._wire.receive(self._patience)
        except TimeoutError:
            raise AssertionError("the connection is still open") from None
        except Closed as closed:
            return closed.code
        raise AssertionError(f"the connection is still open, and says {text[:200]}")

    def leave(self) -> None:
        """Close the connection."""
        self._wire.close()

    def _judge(self, exchange: Exchange) -> None:
        broken = notebook().take(exchange, socket_judge().findings(exchange))
        if broken:
            raise Broken(told(broken))


def dial(client: Any, target: Target) -> Talk:
    """A new connection to the target, which does not know yet whose it is."""
    if target.url is None:
        return Talk(_InProcess(client), f"ws://testserver{_PATH}", 3.0)
    url = address(target.url)
    return Talk(_Remote(url), url, 60.0 if target.paid else 10.0)


def address(origin: str) -> str:
    """Where a server has the WebSocket: the provider's own is on a host of its own (RW-140)."""
    node = contract().document.data["paths"][_PATH]["post"]
    own = {urlsplit(server["url"]).netloc for server in node["servers"]}
    parts = urlsplit(origin)
    if parts.netloc in own:
        return str(node["x-socket"]["url"])
    return f"{'wss' if parts.scheme == 'https' else 'ws'}://{parts.netloc}{parts.path}{_PATH}"


def _operation() -> Operation:
    route = contract().route(_PATH)
    assert route is not None
    return route.operations["POST"]


class _InProcess:
    """A WebSocket of the app in this process."""

    def __init__(self, client: TestClient) -> None:
        self._stack = ExitStack()
        self._readers = ThreadPoolExecutor(1)  # who reads cannot be told to stop, only left alone
        self._stack.callback(self._readers.shutdown)
        self._session = self._stack.enter_context(client.websocket_connect(_PATH))

    def send(self, text: str) -> None:
        self._session.send_text(text)

    def receive(self, seconds: float) -> str:
        try:
            return self._readers.submit(self._session.receive_text).result(seconds)
        except WebSocketDisconnect as end:
            raise Closed(end.code) from None

    def close(self) -> None:
        self._stack.close()


class _Remote:
    """A WebSocket at a URL."""

    def __init__(self, url: str) -> None:
        from websockets.sync.client import connect  # of use for targets at a URL alone

        self._stack = ExitStack()
        self._socket = self._stack.enter_context(connect(url, max_size=None))

    def send(self, text: str) -> None:
        self._socket.send(text)

    def receive(self, seconds: float) -> str:
        from websockets.exceptions import ConnectionClosed

        try:
            return str(self._socket.recv(seconds, decode=True))
        except ConnectionClosed as end:
            raise Closed(end.rcvd.code if end.rcvd else 1006) from None

    def close(self) -> None:
        self._stack.close()
