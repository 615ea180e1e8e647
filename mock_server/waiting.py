"""Answers that wait: each in the time that its key sees, all of a loop's with one timer.

A wait ends where the one before it was to end plus its own length, so delays do not add up. Where a
key skips its waits, its time moves to the end of the first, and when all is quiet to the next.
"""

import asyncio
from heapq import heapify, heappop, heappush
from typing import Any

from mock_server.clock import Clock

# Loops' timers are no finer than a millisecond: those who are due in the same one go together.
_GRAINS = 1000  # a second
_LONG_AGO = -1e12  # seconds
_NEVER = 10**18  # grains
_FEW = 64
_BREATH = 0.001  # seconds in which who was woken can do what is next


class Waiting:
    """Everybody who waits, on whichever event loop."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._rooms: dict[asyncio.AbstractEventLoop, _Room] = {}
        clock.watch(self)

    @property
    def number(self) -> int:
        """How many have entered and not left."""
        return sum(len(room.waiters) for room in list(self._rooms.values()))

    def enter(
        self, key: str | None, leaving: "asyncio.Future[Any]", *, answers: bool = False
    ) -> "Waiter":
        """Somebody who is to wait in that key's time, and no longer than until `leaving` is done.

        Who `answers` need not wait where the key skips its waits. Whoever enters has to `leave`.
        """
        loop = asyncio.get_running_loop()
        room = self._rooms.get(loop)
        if room is None:
            room = self._rooms[loop] = _Room(self._clock, loop)
        waiter = Waiter(room, key, self._clock, answers)
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
        for room in self._open_rooms():
            room.loop.call_soon_threadsafe(room.look)

    def begun_anew(self, key: str | None) -> None:
        """Let those of that key, or all, go on without waiting again: their time is no more."""
        for room in self._open_rooms():
            room.loop.call_soon_threadsafe(room.release, key)

    def _open_rooms(self) -> "list[_Room]":
        """The rooms of all loops but those that were closed before everybody had left."""
        for loop in [each for each in list(self._rooms) if each.is_closed()]:
            self._rooms.pop(loop, None)
        return list(self._rooms.values())


class Waiter:
    """One answer that waits again and again, in the time of its key."""

    __slots__ = ("_begun", "_elapsed", "_future", "_origin", "answers", "key", "room")

    def __init__(self, room: "_Room", key: str | None, clock: Clock, answers: bool) -> None:
        self.room = room
        self.key = key
        self.answers = answers
        self._begun = clock.now(key)
        self._origin = self._begun - clock.ahead(key)
        self._elapsed = 0.0
        self._future: asyncio.Future[None] | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether the time of the present wait has not come."""
        return self._future is not None

    @property
    def until(self) -> float:
        """When the present wait ends, or the last one did, in everybody's time."""
        return self._origin + self._elapsed

    @property
    def due(self) -> int:
        """When the present wait ends, in grains of everybody's time."""
        return _grain(self.until)

    def pause(self, seconds: float) -> "asyncio.Future[None] | None":
        """What to await until so many seconds after the last pause; None where they have passed."""
        self._elapsed += seconds
        due, room = int((self._origin + self._elapsed) * _GRAINS + 0.5), self.room
        if due <= room.reached:
            return None
        self._future = future = room.loop.create_future()
        line = room.lines.get(due)
        if line is None:
            room.open(due, self)
        else:
            line.append(self)
        if room.skipping and self.answers:
            room.skip(self.key)
        return future

    def wake(self, _: object = None) -> None:
        """End the present wait."""
        future, self._future = self._future, None
        if future is not None and not future.done():
            future.set_result(None)

    def hurry(self) -> None:
        """End the present wait and make no other."""
        self._begun = _LONG_AGO
        self.wake()

    def follow(self, clock: Clock) -> None:
        """Take the key's time to be what the clock now says."""
        self._origin = self._begun - clock.ahead(self.key)


class _Room:
    """Those who wait on one event loop, in a line for each grain of time at which some are due.

    Grains are of everybody's time: a key's own time, less what it is ahead.
    """

    def __init__(self, clock: Clock, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.waiters: set[Waiter] = set()
        self.lines: dict[int, list[Waiter]] = {}
        self.reached = _grain(clock.now())
        self.skipping = clock.skipping
        self._clock = clock
        self._quiet: set[str | None] = set()
        self._order: list[int] = []
        self._timer: asyncio.TimerHandle | None = None
        self._next = _NEVER  # when the timer goes off
        self._gone = 0

    def open(self, due: int, waiter: Waiter) -> None:
        """Begin a line."""
        self.lines[due] = [waiter]
        heappush(self._order, due)
        if due < self._next:
            self._set_timer()

    def look(self) -> None:
        """Line all up anew after the clock was touched, and wake who is due."""
        for waiter in self.waiters:
            waiter.follow(self._clock)
        self._line_up()
        self._tick()
        for waiter in self.waiters if self.skipping else ():
            if waiter.answers and waiter.is_waiting:
                self.skip(waiter.key)

    def skip(self, key: str | None) -> None:
        """Move that key's time, if it skips waits, to the end of the next when all is quiet."""
        if key in self.skipping and key not in self._quiet:
            self._quiet.add(key)
            self.loop.call_later(_BREATH, self._move_on, key)

    def _move_on(self, key: str | None) -> None:
        self._quiet.discard(key)
        waits = [w.until for w in self.waiters if w.key == key and w.answers and w.is_waiting]
        if waits and key in self.skipping:
            # Rooms are told of it, and move on again if one is left.
            self._clock.advance(max(0.0, min(waits) - self._clock.now()), key)

    def release(self, key: str | None) -> None:
        """Let those of that key, or all, wait no more."""
        for waiter in self.waiters:
            if key is None or waiter.key == key:
                waiter.hurry()
        self.look()

    def forget(self, waiter: Waiter) -> None:
        """Let go of one who has left."""
        waiter.wake()
        self.waiters.discard(waiter)
        # Who left while waiting still stands in line, where it costs nothing but room.
        self._gone += 1
        if not self.waiters or self._gone > len(self.waiters) + _FEW:
            self._line_up()
            self._set_timer()

    def _line_up(self) -> None:
        self.lines, self._gone = {}, 0
        for waiter in self.waiters:
            if waiter.is_waiting:
                self.lines.setdefault(waiter.due, []).append(waiter)
        self._order = list(self.lines)
        heapify(self._order)

    def _tick(self) -> None:
        self.reached = _grain(self._clock.now())
        while self._order and self._order[0] <= self.reached:
            for waiter in self.lines.pop(heappop(self._order)):
                waiter.wake()
        self._set_timer()

    def _set_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer, self._next = None, _NEVER
        if self._order and self._clock.mode == "real":
            self._next = self._order[0]
            delay = max(0.0, self._next / _GRAINS - self._clock.now())
            self._timer = self.loop.call_later(delay, self._tick)


def _grain(time: float) -> int:
    return int(time * _GRAINS + 0.5)
