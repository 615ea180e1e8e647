"""Answers that wait: each in the time that its key sees, all of a loop's with one timer.

A wait ends where the one before it was to end plus its own length, so delays do not add up.
"""

import asyncio
from heapq import heapify, heappop, heappush
from math import inf
from typing import Any

from mock_server.clock import Clock

# Seconds. Loops' timers are no finer, so who is due within this is due.
_GRAIN = 0.0005
_FEW = 64


class Waiting:
    """Everybody who waits, on whichever event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rooms: dict[asyncio.AbstractEventLoop, _Room] = {}
        clock.watch(self)

    def enter(self, key: str | None, leaving: "asyncio.Future[Any]") -> "Waiter":
        """Somebody who is to wait in that key's time, and no longer than until `leaving` is done.

        Whoever enters has to `leave`.
        """
        loop = asyncio.get_running_loop()
        room = self._rooms.get(loop)
        if room is None:
            room = self._rooms[loop] = _Room(self._clock, loop)
        waiter = Waiter(room, key, self._clock.now(key))
        room.waiters.add(waiter)
        leaving.add_done_callback(waiter.wake)
        return waiter

    def leave(self, waiter: "Waiter") -> None:
        """Forget somebody who will not wait again."""
        room = waiter.room
        room.forget(waiter)
        if not room.waiters:
            self._rooms.pop(room.loop, None)

    def moved(self) -> None:
        """Let those go on whose time has come: it was moved, stopped or let run."""
        for room in list(self._rooms.values()):
            room.loop.call_soon_threadsafe(room.look)

    def begun_anew(self, key: str | None) -> None:
        """Let those of that key, or all, go on without waiting again: their time is no more."""
        for room in list(self._rooms.values()):
            room.loop.call_soon_threadsafe(room.release, key)


class Waiter:
    """One answer that waits again and again; `begun` and `due` are in the time of its key."""

    __slots__ = ("_begun", "_elapsed", "_future", "key", "room")

    def __init__(self, room: "_Room", key: str | None, begun: float) -> None:
        self.room = room
        self.key = key
        self._begun = begun
        self._elapsed = 0.0
        self._future: asyncio.Future[None] | None = None

    @property
    def due(self) -> float:
        """When the present wait ends, in unix seconds."""
        return self._begun + self._elapsed

    @property
    def is_waiting(self) -> bool:
        """Whether the time of the present wait has not come."""
        return self._future is not None

    def pause(self, seconds: float) -> "asyncio.Future[None] | None":
        """What to await until so many seconds after the last pause; None where they have passed."""
        self._elapsed += seconds
        if self.room.is_due(self):
            return None
        self._future = future = self.room.loop.create_future()
        self.room.put(self)
        return future

    def wake(self, _: object = None) -> None:
        """End the present wait."""
        future, self._future = self._future, None
        if future is not None and not future.done():
            future.set_result(None)

    def hurry(self) -> None:
        """End the present wait and make no other."""
        self._begun = -inf
        self.wake()


class _Room:
    """Those who wait on one event loop, ordered by the time at which they are due.

    That order is kept in the clock's common time: a key's own time, less what it is ahead.
    """

    def __init__(self, clock: Clock, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.waiters: set[Waiter] = set()
        self._clock = clock
        self._order: list[tuple[float, int, Waiter]] = []
        self._timer: asyncio.TimerHandle | None = None
        self._next = inf  # when the timer goes off

    def is_due(self, waiter: Waiter) -> bool:
        return waiter.due - self._clock.now(waiter.key) <= _GRAIN

    def put(self, waiter: Waiter) -> None:
        entry = self._entry(waiter)
        heappush(self._order, entry)
        if entry[0] < self._next:
            self._set_timer()

    def look(self) -> None:
        """Put all in order anew after the clock was touched, and wake who is due."""
        self._sort()
        self._tick()

    def release(self, key: str | None) -> None:
        for waiter in self.waiters:
            if key is None or waiter.key == key:
                waiter.hurry()
        self.look()

    def forget(self, waiter: Waiter) -> None:
        waiter.wake()
        self.waiters.discard(waiter)
        # Who left while waiting still stands in the order, where it costs nothing but room.
        if len(self._order) > 2 * len(self.waiters) + _FEW:
            self._sort()
        if not self.waiters:
            self._order.clear()
            self._set_timer()

    def _entry(self, waiter: Waiter) -> tuple[float, int, Waiter]:
        return waiter.due - self._clock.ahead(waiter.key), id(waiter), waiter

    def _sort(self) -> None:
        self._order = [self._entry(each) for each in self.waiters if each.is_waiting]
        heapify(self._order)

    def _tick(self) -> None:
        order, horizon = self._order, self._clock.now() + _GRAIN
        while order and order[0][0] <= horizon:
            heappop(order)[2].wake()
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer, self._next = None, inf
        if self._order and self._clock.mode == "real":
            self._next = self._order[0][0]
            delay = max(0.0, self._next - self._clock.now())
            self._timer = self.loop.call_later(delay, self._tick)
