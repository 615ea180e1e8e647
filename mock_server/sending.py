"""Answers on their way out: bytes to the network, each when its time has come."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from operator import attrgetter
from typing import Any

from mock_server import sse
from mock_server.clock import Clock
from mock_server.hanging_up import hang_up
from mock_server.journal import Exchange
from mock_server.tallies import Tallies
from mock_server.waiting import Waiter, Waiting
from mock_server.wire import Cut, Event, Reply

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Ends = tuple[Receive, Send]
# So many events may leave in one go before other connections get their turn.
_BURST = 32


class Sender:
    """Sends replies, and notes in their exchanges how far it came."""

    def __init__(self, clock: Clock, waiting: Waiting, tallies: Tallies) -> None:
        self._clock = clock
        self._waiting = waiting
        self._tallies = tallies

    async def send(self, reply: Reply, exchange: Exchange, scope: Scope, ends: Ends) -> None:
        """Send a reply whole or event by event, unless the client leaves before."""
        receive, send = ends
        try:
            if reply.after and not await self._has_waited(reply.after, exchange, receive):
                exchange.left = True
            elif reply.cut is not None:
                await self._break_off(reply.cut, exchange, ends)
            elif isinstance(reply.body, bytes):
                await self.send_whole(reply, reply.body, exchange, scope, send)
            else:
                await send(
                    {
                        "type": "http.response.start",
                        "status": reply.status,
                        "headers": reply.headers,
                    }
                )
                events = () if scope["method"] == "HEAD" else reply.body
                exchange.finished = await self._stream(reply, events, exchange, ends)
                exchange.left = not exchange.finished
        except Cut as cut:
            await self._break_off(cut, exchange, ends)

    async def send_whole(
        self, reply: Reply, body: bytes, exchange: Exchange, scope: Scope, send: Send
    ) -> None:
        """Send status, headers and the whole body at once."""
        bodiless = scope["method"] == "HEAD"
        if reply.status != 304:  # it would have to be that of the 200 (RFC 9110, section 8.6)
            reply.headers.append((b"content-length", b"%d" % len(body)))
        await send(
            {"type": "http.response.start", "status": reply.status, "headers": reply.headers}
        )
        await send({"type": "http.response.body", "body": b"" if bodiless else body})
        self._note(b"" if bodiless else body, exchange)
        exchange.finished = True

    def _note(self, piece: bytes, exchange: Exchange) -> None:
        if exchange.began is None:
            exchange.began = self._clock.real() - exchange.call.arrived
        exchange.keep(piece)
        exchange.sent += len(piece)

    async def _break_off(self, cut: Cut, exchange: Exchange, ends: Ends) -> None:
        """End the answer where it stands; raises the cut where the server has no way to."""
        receive, send = ends
        if cut.after and not await self._has_waited(cut.after, exchange, receive):
            exchange.left = True
            return
        exchange.cut = True
        if cut.is_clean:
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        if cut.last:
            self._note(cut.last, exchange)
        if not await hang_up(send, cut):
            raise cut

    async def _has_waited(self, seconds: float, exchange: Exchange, receive: Receive) -> bool:
        """False where the client left before so many seconds had passed."""
        leaving = asyncio.ensure_future(receive())
        waiter = self._enter(exchange, leaving)
        try:
            pause = waiter.pause(seconds)
            if pause is not None:
                await pause
            self._note_wait(seconds, waiter, exchange)
            return not leaving.done()
        finally:
            leaving.cancel()
            self._waiting.leave(waiter)

    def _enter(self, exchange: Exchange, leaving: "asyncio.Future[Message]") -> Waiter:
        return self._waiting.enter(exchange.caller_id, leaving, answers=True)

    def _note_wait(self, seconds: float, waiter: Waiter, exchange: Exchange) -> None:
        """The client has waited so long, or has left before."""
        waited = seconds - max(0.0, waiter.until - self._clock.now())
        exchange.held = max(exchange.held, round(waited, 3))

    async def _stream(
        self, reply: Reply, events: Iterable[Event], exchange: Exchange, ends: Ends
    ) -> bool:
        """Send each event when its time has come; False where the client left before the last."""
        receive, send = ends
        encode = sse.encode if reply.framed else attrgetter("data")
        burst = 1 if reply.apart else _BURST
        # Servers drop in silence what is sent to a client that has left: only `receive` tells.
        leaving = asyncio.ensure_future(receive())
        has_left, waiter = leaving.done, None
        self._tallies.streams += 1
        try:
            for number, event in enumerate(events, start=1):
                if event.after:
                    waiter = waiter or self._enter(exchange, leaving)
                    pause = waiter.pause(event.after)
                    if pause is not None:
                        await pause
                    self._note_wait(event.after, waiter, exchange)
                    if has_left():
                        return False
                chunk = encode(event)
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
                self._note(chunk, exchange)
                if number % burst == 0:
                    await asyncio.sleep(0)
                if has_left():
                    return False
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return True
        finally:
            self._tallies.streams -= 1
            leaving.cancel()
            if waiter is not None:
                self._waiting.leave(waiter)
