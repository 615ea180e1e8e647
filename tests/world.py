"""A mock in the test's own process, and calls to it without any socket."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mock_server import Settings, create_app
from mock_server.answer import answer
from mock_server.journal import Exchange
from mock_server.mock import Mock
from mock_server.wire import Call, Errand, Event

NOW = 1_767_225_600.0
CHAT = "/v1/chat/completions"
Json = Any


@dataclass(frozen=True)
class Answered:
    """A reply, read."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    events: list[Event]
    exchange: Exchange

    @property
    def json(self) -> Json:
        """The body as JSON."""
        return json.loads(self.body)

    @property
    def chunks(self) -> list[Json]:
        """The events of a stream as JSON, without the end mark."""
        return [json.loads(event.data) for event in self.events if event.data != b"[DONE]"]


def new_mock(**settings: Any) -> Mock:
    """A fresh, strict world."""
    return create_app(Settings(**{"strict": True, "clock": "virtual", **settings})).mock


def post(mock: Mock, path: str, body: Json, **more: Any) -> Answered:
    """Send a JSON body with a key of Runcrate, or what `more` says: key, headers, method, now."""
    headers = [(b"content-type", b"application/json"), *more.get("headers", ())]
    key = more.get("key", "rc_live_test")
    if key:
        headers.append((b"authorization", f"Bearer {key}".encode()))
    raw = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    method = more.get("method", "POST")
    call = Call(method, path, more.get("query", b""), headers, raw, more.get("now", NOW))
    reply, exchange = answer(call, mock)
    if isinstance(reply, Errand):
        reply = reply.make()
    whole = reply.body if isinstance(reply.body, bytes) else b""
    events = [] if isinstance(reply.body, bytes) else list(reply.body)
    named = {name.decode(): value.decode() for name, value in reply.headers}
    return Answered(reply.status, named, whole, events, exchange)


def ask(content: Json, **more: Json) -> Json:
    """A chat request with one question."""
    return {
        "model": "deepseek-ai/DeepSeek-V3",
        "messages": [{"role": "user", "content": content}],
        **more,
    }
