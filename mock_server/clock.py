"""The one clock that limits, ids and timestamps read: real, or virtual and moved by hand."""

from collections.abc import Callable
from typing import Literal, Protocol

from msgspec.structs import replace

from mock_server.wire import Call

Mode = Literal["real", "virtual"]
VIRTUAL_EPOCH = 1_767_225_600.0
"""Where a virtual clock starts: 1 January 2026, 00:00 UTC, in unix seconds."""


class Watcher(Protocol):
    """Somebody who waits for a time and has to know when it is set by hand."""

    def moved(self) -> None:
        """Time was moved forward, stopped or let run."""

    def begun_anew(self, key: str | None) -> None:
        """The time of one key, or everybody's, was set back to what it was at the start."""


class Clock:
    """Unix seconds for each API key; `advance` moves one key's time, or everybody's."""

    def __init__(self, mode: Mode, real: Callable[[], float]) -> None:
        self._real = real
        self._begun_as = mode
        self._frozen = VIRTUAL_EPOCH if mode == "virtual" else None
        self._offset = 0.0
        self._offsets: dict[str, float] = {}
        self._watchers: list[Watcher] = []
        self.skipping: set[str | None] = set()
        """The keys that need not wait for answers: their time moves on instead."""

    def watch(self, watcher: Watcher) -> None:
        """Tell somebody from now on of every change that is made by hand."""
        self._watchers.append(watcher)

    @property
    def mode(self) -> Mode:
        """`virtual` while time stands still between two advances."""
        return "real" if self._frozen is None else "virtual"

    def real(self) -> float:
        """The time on the wall, in unix seconds, which nobody can move."""
        return self._real()

    def now(self, key: str | None = None) -> float:
        """The time that this key sees, in unix seconds."""
        base = self._real() if self._frozen is None else self._frozen
        return base + self._offset + self.ahead(key)

    def ahead(self, key: str | None) -> float:
        """Seconds by which that key's time is ahead of everybody's."""
        return self._offsets.get(key, 0.0) if key else 0.0

    def seen_by(self, key: str, call: Call) -> Call:
        """The call as it stands in that key's own time."""
        offset = self._offsets.get(key)
        return call if offset is None else replace(call, now=call.now + offset)

    def advance(self, seconds: float, key: str | None = None) -> None:
        """Move time forward by `seconds` >= 0, for one key or for all."""
        if key is None:
            self._offset += seconds
        else:
            self._offsets[key] = self._offsets.get(key, 0.0) + seconds
        self._tell_of_move()

    def skip(self, key: str, is_on: bool) -> None:
        """From now on let this key's time move on where an answer would wait, or no more."""
        (self.skipping.add if is_on else self.skipping.discard)(key)
        self._tell_of_move()

    def switch(self, mode: Mode) -> None:
        """Freeze time where it stands, or let it run on from there."""
        if mode != self.mode:
            now = self.now()
            self._frozen = now if mode == "virtual" else None
            self._offset = 0.0 if mode == "virtual" else now - self._real()
            self._tell_of_move()

    def reset(self, key: str | None = None) -> None:
        """Forget the advances and skips of one key, or begin anew as at the start."""
        if key is not None:
            self._offsets.pop(key, None)
            self.skipping.discard(key)
        else:
            self._frozen = VIRTUAL_EPOCH if self._begun_as == "virtual" else None
            self._offset = 0.0
            self._offsets.clear()
            self.skipping.clear()
        for watcher in self._watchers:
            watcher.begun_anew(key)

    def _tell_of_move(self) -> None:
        for watcher in self._watchers:
            watcher.moved()
