"""A small gateway that somebody else might have written, with mistakes that can be chosen."""

import json
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

Json = Any
App = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass
class Gateway:
    """Answers chats; `says` is its answer, `ends` whether its streams do.

    One that `announces_usage` has a null in the chunks before it counts. The first `refusals`
    requests get a 429, which says to try again at once. With a `door`, only its own key is let in.
    One that `repeats` says the credentials in its answers, refusals and headers.
    """

    says: str = "Hello."
    ends: bool = True
    announces_usage: bool = True
    refusals: int = 0
    door: str | None = None
    repeats: bool = False
    asked: list[Json] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)

    @property
    def app(self) -> Starlette:
        """What is served."""
        return Starlette(
            routes=[Route("/v1/chat/completions", self._answer, methods=["POST"])],
        )

    async def _answer(self, request: Request) -> Response:
        shown = request.headers.get("authorization", "")
        headers = {"x-debug": shown} if self.repeats else {}
        if self.door and shown != f"Bearer {self.door}":
            told = {"message": f"{shown!r}, {escape(shown)}, {quote(shown)}", "type": shown}
            return JSONResponse({"error": told}, 403, headers=headers)
        body = await request.json()
        self.asked.append(body)
        self.keys.append(request.headers.get("authorization", ""))
        if len(self.asked) <= self.refusals:
            error = {"message": "Slow down.", "type": "rate_limit_error", "code": None}
            return JSONResponse(
                {"error": error | {"param": None}}, 429, headers={"Retry-After": "0"}
            )
        if body.get("stream"):
            return StreamingResponse(self._chunks(body), media_type="text/event-stream")
        says = f"{self.says} {shown}" if self.repeats else self.says
        choice = {"index": 0, "message": {"role": "assistant", "content": says}}
        usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
        answer = _head(body, "chat.completion") | {"usage": usage}
        choices = [choice | {"finish_reason": "stop", "shown": [shown] if self.repeats else []}]
        return JSONResponse(answer | {"choices": choices}, headers=headers)

    def _chunks(self, body: Json) -> Iterator[str]:
        head = _head(body, "chat.completion.chunk")
        counts = (body.get("stream_options") or {}).get("include_usage")
        deltas: Sequence[tuple[Json, str | None]] = (
            ({"role": "assistant", "content": ""}, None),
            ({"content": self.says}, None),
            ({}, "stop"),
        )
        for delta, reason in deltas:
            choice = {"index": 0, "delta": delta, "finish_reason": reason}
            none = {"usage": None} if counts and self.announces_usage else {}
            yield f"data: {json.dumps(head | {'choices': [choice]} | none)}\n\n"
        if counts:
            usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
            yield f"data: {json.dumps(head | {'choices': [], 'usage': usage})}\n\n"
        if self.ends:
            yield "data: [DONE]\n\n"


def _head(body: Json, kind: str) -> Json:
    return {"id": "chatcmpl-1", "object": kind, "created": 1_700_000_000, "model": body["model"]}


@contextmanager
def serving(gateway: Gateway | App) -> Iterator[str]:
    """The URL of a gateway, or of any other app, which is served in a thread."""
    app = gateway.app if isinstance(gateway, Gateway) else gateway
    config = uvicorn.Config(app, port=0, log_level="error")
    server = uvicorn.Server(config)
    ready = threading.Event()
    started = server.startup

    async def startup(sockets: Any = None) -> None:
        await started(sockets)
        ready.set()

    server.startup = startup  # type: ignore[method-assign]
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(10), "the gateway did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
