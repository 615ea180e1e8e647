"""WebSockets: messages in, messages out, each when its time has come. What they say is not known.

A connection that is idle costs one waiter, and no timer of its own.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, MutableMapping
from heapq import heappop, heappush
from typing import Any

from mock_server.clock import Clock
from mock_server.couriers import Couriers
from mock_server.hanging_up import hang_up
from mock_server.protocols.runware.connection import Connection
from mock_server.waiting import Waiting
from mock_server.wire import Message

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
_FAILED = 1011  # RFC 6455, section 7.4.1; it is as near as ASGI comes to breaking off
_GRAIN = 0.001  # seconds; waits are no finer


class Line:
    """One open WebSocket and the connection that it carries."""

    def __init__(self, connection: Connection, clock: Clock, receive: Receive, send: Send) -> None:
        self._connection = connection
        self._clock = clock
        self._receive, self._send = receive, send
        self._outbox: list[tuple[float, int, Message]] = []
        self._number = 0
        self._seen = 0.0
        self._heard = 0.0
        self._idle = connection.socket.idle

    async def serve(self, waiting: Waiting, couriers: Couriers) -> None:
        """Move messages until one of the two ends closes."""
        await self._send({"type": "websocket.accept"})
        self._heard, self._couriers = self._now(), couriers
        inbox = asyncio.ensure_future(self._receive())
        try:
            while await self._step(inbox):
                if inbox.done():
                    inbox = asyncio.ensure_future(self._receive())
                else:
                    await self._rest(inbox, waiting)
        except OSError:  # the client has left while something was sent
            self._leave()
        finally:
            self._connection.end()
            inbox.cancel()

    async def _step(self, inbox: "asyncio.Future[MutableMapping[str, Any]]") -> bool:
        """Take what has come and send what is due; False where that was the end."""
        if inbox.done():
            event = inbox.result()
            if event["type"] == "websocket.disconnect":
                self._leave()
                return False
            self._take(event.get("bytes") or (event.get("text") or "").encode())
        for message in self._due():
            if not await self._deliver(message):
                return False
        socket = self._connection.socket
        if not inbox.done() and self._now() >= self._heard + self._idle - _GRAIN:
            self._leave()
            await self._close(socket.idle_code)
            return False
        return True

    async def _deliver(self, message: Message) -> bool:
        """Send a message; False where that was the last one."""
        if message.cut is not None:
            self._leave()
            if not await hang_up(self._send, message.cut):
                await self._close(_FAILED)
            return False
        if message.data:
            await self._send({"type": "websocket.send", "text": message.data.decode()})
        self._connection.delivered(message)
        if message.closes is not None:
            # In real time: it is the client's network and machine that take it.
            await asyncio.sleep(self._connection.socket.last_word)
            await self._close(message.closes)
        return message.closes is None

    async def _rest(
        self, inbox: "asyncio.Future[MutableMapping[str, Any]]", waiting: Waiting
    ) -> None:
        """Wait for a message, for the next that is due, or for the end of patience."""
        until = self._heard + self._idle
        if self._outbox:
            until = min(until, self._outbox[0][0])
        waiter = waiting.enter(self._connection.key, inbox, answers=bool(self._outbox))
        try:
            pause = waiter.pause(until - self._now())
            if pause is not None:
                await pause
        finally:
            waiting.leave(waiter)

    def _take(self, data: bytes) -> None:
        said = self._connection.receive(data, self._clock.now(), len(self._outbox))
        # Whose connection it is may only now be known, and with that the time that it goes by.
        self._heard = self._now()
        for message in said:
            self._number += 1
            if message.idle is not None:
                self._idle = message.idle
            if message.posts:
                self._couriers.send(message.posts, self._connection.key)
            heappush(self._outbox, (self._heard + message.after, self._number, message))

    def _due(self) -> Iterator[Message]:
        while self._outbox and self._outbox[0][0] <= self._now() + _GRAIN:
            # It counts as delivered only once the next one is asked for.
            yield self._outbox[0][2]
            heappop(self._outbox)

    def _now(self) -> float:
        """The time of the key; once it is set back, what waits is due, and idleness begins anew."""
        now = self._clock.now(self._connection.key)
        if now < self._seen - _GRAIN:
            self._heard = now
            self._outbox = [(now, number, each) for _, number, each in sorted(self._outbox)]
        self._seen = now
        return now

    def _leave(self) -> None:
        now = self._now()
        left = [(due - now, each) for due, _, each in sorted(self._outbox)]
        undelivered = [Message(each.data, max(0.0, after)) for after, each in left]
        self._connection.leave(undelivered, self._clock.now())

    async def _close(self, code: int) -> None:
        await self._send({"type": "websocket.close", "code": code})
