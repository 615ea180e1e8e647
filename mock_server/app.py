"""The ASGI shell: bytes in, bytes out. The real clock and the sockets are here and nowhere else."""

import asyncio
from contextlib import closing
from typing import Any

from mock_server.answer import answer, connect, refused
from mock_server.couriers import Couriers
from mock_server.errands import Errands
from mock_server.errors import ApiError
from mock_server.journal import Exchange
from mock_server.mock import Mock
from mock_server.sending import Ends, Message, Receive, Scope, Send, Sender
from mock_server.spool import Spool
from mock_server.waiting import Waiting
from mock_server.wire import Buffer, Call, Errand, Headers, Reply

_CONTROL = "/__mock__"
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
        self._sender = Sender(mock.clock, self.waiting, mock.tallies)
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

    def stop(self) -> None:
        """Let those go who watch, before the server waits until all is answered."""
        self.mock.journal.end()

    async def _talk(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a WebSocket; where the contract has none, it is not opened."""
        from mock_server.lines import Line  # few clients talk so

        await receive()
        scheme = {"ws": "http", "wss": "https"}.get(scope.get("scheme", "ws"), "http")
        facts = (scope["path"], scope["query_string"], scope["headers"])
        now, peer = self.mock.clock.now(), scope.get("client")
        call = Call("GET", *facts, b"", now, scheme, self.mock.clock.real(), peer)
        connection = connect(call, self.mock)
        if connection is None:
            await send({"type": "websocket.close", "code": 1000})
        else:
            line = Line(connection, self.mock.clock, receive, send)
            self.mock.tallies.sockets += 1
            try:
                await line.serve(self.waiting, self.couriers)
            except asyncio.CancelledError:
                pass  # the server is told to stop
            finally:
                self.mock.tallies.sockets -= 1

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await _body(scope["headers"], receive, self.mock.settings.max_body)
        except ClientLeft:
            return
        except (OSError, asyncio.CancelledError) as error:
            reason = _STOPPING if isinstance(error, asyncio.CancelledError) else _full(error)
            exchange = await self._refuse(reason, self._call(scope, None), None, (scope, send))
            self._close(exchange)
            return
        call = self._call(scope, body)
        reply, exchange = answer(call, self.mock)
        try:
            await self._respond(reply, exchange, scope, (receive, send))
        finally:
            self._close(exchange)

    async def _respond(
        self, reply: Reply | Errand, exchange: Exchange, scope: Scope, ends: Ends
    ) -> None:
        receive, send = ends
        made = reply
        try:
            if isinstance(made, Errand):
                brought = await self._errands.run(made, receive)
                if brought is None:
                    exchange.left = True
                    return
                made = brought
            if made.posts:
                self.couriers.send(made.posts, exchange.caller_id)
            await self._sender.send(made, exchange, scope, ends)
        except asyncio.CancelledError:
            # The server is told to stop. It would log a traceback for each answer that waits.
            if isinstance(made, Errand) or (isinstance(made.body, bytes) and not exchange.sent):
                await self._refuse(_STOPPING, exchange.call, exchange, (scope, send))
            else:
                exchange.cut = True

    def _call(self, scope: Scope, body: Buffer | None) -> Call:
        return Call(
            scope["method"],
            scope["path"],
            scope["query_string"],
            scope["headers"],
            body,
            self.mock.clock.now(),
            scope.get("scheme", "http"),
            self.mock.clock.real(),
            scope.get("client"),
        )

    async def _refuse(
        self, error: ApiError, call: Call, exchange: Exchange | None, to: tuple[Scope, Send]
    ) -> Exchange:
        reply, exchange = refused(error, call, exchange, self.mock)
        assert isinstance(reply.body, bytes)
        await self._sender.send_whole(reply, reply.body, exchange, *to)
        return exchange

    def _close(self, exchange: Exchange) -> None:
        clock = self.mock.clock
        took = clock.real() - exchange.call.arrived
        self.mock.journal.close(exchange, took, clock.now(exchange.caller_id))

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
