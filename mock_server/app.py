"""The ASGI shell: bytes in, bytes out. The real clock and the sockets are here and nowhere else."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from contextlib import closing, suppress
from operator import attrgetter
from typing import Any

from mock_server import sse
from mock_server.answer import answer, connect, refused
from mock_server.couriers import Couriers
from mock_server.errands import Errands
from mock_server.errors import ApiError
from mock_server.journal import Exchange
from mock_server.mock import Mock
from mock_server.spool import Spool
from mock_server.waiting import Waiting
from mock_server.wire import Buffer, Call, Errand, Event, Headers, Reply

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Ends = tuple[Receive, Send]
_CONTROL = "/__mock__"
# So many events may leave in one go before other connections get their turn.
_BURST = 32
# A client that is told "too large" while it still sends may lose the answer to a reset connection
# (RFC 9112, section 9.6): up to so many times the limit is read and dropped before answering.
_PATIENCE = 8


_STOPPING = ApiError("overloaded", "The mock server is stopping.")


class ClientLeft(Exception):
    """The client closed the connection before it had sent its request."""


class Shell:
    """An ASGI app around one Mock."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.waiting = Waiting(mock.clock)
        self._errands = Errands()
        self.couriers = Couriers(self.waiting)
        self._control: Any = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one HTTP request, one WebSocket or the server's life span."""
        if scope["type"] == "http":
            if scope["path"].startswith(_CONTROL):
                await self._controlled(scope, receive, send)
            else:
                await self._serve(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._talk(scope, receive, send)
        else:
            await self._live(receive, send)

    async def _talk(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket; where the contract has none, it is not opened."""
        from mock_server.lines import Line  # few clients talk so

        await receive()
        scheme = {"ws": "http", "wss": "https"}.get(scope.get("scheme", "ws"), "http")
        facts = (scope["path"], scope["query_string"], scope["headers"])
        connection = connect(Call("GET", *facts, b"", self.mock.clock.now(), scheme), self.mock)
        if connection is None:
            await send({"type": "websocket.close", "code": 1000})
        else:
            line = Line(connection, self.mock.clock, receive, send)
            with suppress(asyncio.CancelledError):  # the server is told to stop
                await line.serve(self.waiting, self.couriers)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _body(scope["headers"], receive, self.mock.settings.max_body)
        except ClientLeft:
            return
        except (OSError, asyncio.CancelledError) as error:
            reason = _STOPPING if isinstance(error, asyncio.CancelledError) else _full(error)
            await self._refuse(reason, self._call(scope, None), None, (scope, send))
            return
        call = self._call(scope, body)
        reply, exchange = answer(call, self.mock)
        try:
            made = reply
            if isinstance(made, Errand):
                brought = await self._errands.run(made, receive)
                if brought is None:
                    exchange.left = True
                    return
                made = brought
            await self._respond(made, exchange, scope, (receive, send))
        except asyncio.CancelledError:
            # The server is told to stop. It would log a traceback for each answer that waits.
            if isinstance(made, Errand) or (isinstance(made.body, bytes) and not exchange.sent):
                await self._refuse(_STOPPING, call, exchange, (scope, send))

    def _call(self, scope: Scope, body: Buffer | None) -> Call:
        return Call(
            scope["method"],
            scope["path"],
            scope["query_string"],
            scope["headers"],
            body,
            self.mock.clock.now(),
            scope.get("scheme", "http"),
        )

    async def _refuse(
        self, error: ApiError, call: Call, exchange: Exchange | None, to: tuple[Scope, Send]
    ) -> None:
        reply, exchange = refused(error, call, exchange, self.mock)
        assert isinstance(reply.body, bytes)
        await _send_whole(reply, reply.body, exchange, *to)

    async def _respond(self, reply: Reply, exchange: Exchange, scope: Scope, ends: Ends) -> None:
        receive, send = ends
        if reply.posts:
            self.couriers.send(reply.posts, exchange.caller_id)
        if reply.after and not await self._has_waited(reply.after, exchange, receive):
            exchange.left = True
        elif isinstance(reply.body, bytes):
            await _send_whole(reply, reply.body, exchange, scope, send)
        else:
            await send(
                {"type": "http.response.start", "status": reply.status, "headers": reply.headers}
            )
            events = () if scope["method"] == "HEAD" else reply.body
            encode = sse.encode if reply.framed else attrgetter("data")
            exchange.finished = await self._stream(events, encode, exchange, ends)
            exchange.left = not exchange.finished

    async def _has_waited(self, seconds: float, exchange: Exchange, receive: Receive) -> bool:
        """False where the client left before so many seconds had passed."""
        leaving = asyncio.ensure_future(receive())
        waiter = self.waiting.enter(exchange.caller_id, leaving)
        try:
            pause = waiter.pause(seconds)
            if pause is not None:
                await pause
            return not leaving.done()
        finally:
            leaving.cancel()
            self.waiting.leave(waiter)

    async def _stream(
        self,
        events: Iterable[Event],
        encode: Callable[[Event], bytes],
        exchange: Exchange,
        ends: Ends,
    ) -> bool:
        """Send each event when its time has come; False where the client left before the last."""
        receive, send = ends
        # Servers drop in silence what is sent to a client that has left: only `receive` tells.
        leaving = asyncio.ensure_future(receive())
        has_left, waiter = leaving.done, None
        try:
            for number, event in enumerate(events, start=1):
                if event.after:
                    waiter = waiter or self.waiting.enter(exchange.caller_id, leaving)
                    pause = waiter.pause(event.after)
                    if pause is not None:
                        await pause
                        if has_left():
                            return False
                chunk = encode(event)
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                exchange.sent += len(chunk)
                if number % _BURST == 0:
                    await asyncio.sleep(0)
                if has_left():
                    return False
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return True
        finally:
            leaving.cancel()
            if waiter is not None:
                self.waiting.leave(waiter)

    async def _controlled(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._control is None:
            from mock_server.control.api import control_app  # Starlette is slow to import

            self._control = control_app(self.mock)
        await self._control(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.shutdown":
                self.couriers.stop()
                self._errands.close()
                await send({"type": "lifespan.shutdown.complete"})
                return
            await send({"type": "lifespan.startup.complete"})


def _full(error: OSError) -> ApiError:
    return ApiError("internal_error", f"The upload cannot be kept: {error.strerror}.")


async def _body(headers: Headers, receive: Receive, limit: int) -> Buffer | None:
    """The whole body, or None where it is larger than `limit` bytes; raises ClientLeft."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body", False):
        body: bytes = message.get("body", b"")
        return body if len(body) <= limit else None
    declared = next((value for name, value in headers if name == b"content-length"), b"0")
    if declared.isdigit() and int(declared) > limit * _PATIENCE:
        return None
    with closing(Spool(headers)) as spool:
        return await _long_body(message, receive, limit, spool)


async def _long_body(message: Message, receive: Receive, limit: int, spool: Spool) -> Buffer | None:
    length = 0
    while True:
        if message["type"] == "http.disconnect":
            raise ClientLeft
        piece = message.get("body", b"")
        length += len(piece)
        if length <= limit:
            spool.add(piece)
        else:
            spool.close()
        if not message.get("more_body", False) or length > limit * _PATIENCE:
            return spool.whole() if length <= limit else None
        message = await receive()


async def _send_whole(
    reply: Reply, body: bytes, exchange: Exchange, scope: Scope, send: Send
) -> None:
    bodiless = scope["method"] == "HEAD"
    if reply.status != 304:  # it would have to be that of the 200 (RFC 9110, section 8.6)
        reply.headers.append((b"content-length", b"%d" % len(body)))
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": b"" if bodiless else body})
    exchange.sent = 0 if bodiless else len(body)
    exchange.finished = True
