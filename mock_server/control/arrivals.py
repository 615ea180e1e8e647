"""Waiting for exchanges: who asks for some that have not come yet hears as soon as one is over."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from mock_server.control.queries import Query
from mock_server.journal import Exchange, Journal


class Arrivals:
    """Everybody who waits for an exchange, on whichever event loop; exchanges end on any thread."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiters: dict[str | None, list[_Waiter]] = {}
        journal.watchers.append(self._heard)
        journal.endings.append(self._ended)

    @property
    def number(self) -> int:
        """How many wait."""
        return sum(map(len, self._waiters.values()))

    async def wait(self, query: Query, leaving: "asyncio.Future[Any]") -> list[Exchange]:
        """Those that fit as soon as there is one; none where time runs out or nobody waits."""
        with self._entered(query) as waiter, suppress(TimeoutError, asyncio.CancelledError):
            leaving.add_done_callback(waiter.wake)
            async with asyncio.timeout(query.timeout):
                while not (leaving.done() or self._journal.is_ended):
                    waiter.event.clear()
                    found = query.found(self._journal)
                    if found:
                        return found
                    await waiter.event.wait()
        return []

    @contextmanager
    def _entered(self, query: Query) -> "Iterator[_Waiter]":
        waiter = _Waiter(query)
        lines: Collection[str | None] = query.caller_ids or [None]
        for caller_id in lines:
            self._waiters.setdefault(caller_id, []).append(waiter)
        try:
            yield waiter
        finally:
            for caller_id in lines:
                self._waiters[caller_id].remove(waiter)
                if not self._waiters[caller_id]:
                    del self._waiters[caller_id]

    def _ended(self) -> None:
        for waiter in [one for waiters in self._waiters.values() for one in waiters]:
            waiter.call()

    def _heard(self, exchange: Exchange) -> None:
        if self._waiters:
            for caller_id in {None, exchange.caller_id}:
                for waiter in tuple(self._waiters.get(caller_id, ())):
                    if waiter.query.fits(exchange):
                        waiter.call()


class _Waiter:
    """Somebody who waits on one event loop."""

    def __init__(self, query: Query) -> None:
        self.query = query
        self.event = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    def wake(self, _: object = None) -> None:
        self.event.set()

    def call(self) -> None:
        """Wake it from any thread."""
        with suppress(RuntimeError):  # its loop was closed before it had left
            self._loop.call_soon_threadsafe(self.event.set)
