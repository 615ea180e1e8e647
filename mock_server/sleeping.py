"""Sleep that takes no time: while it is skipped, clients that sleep move the clock instead.

`time.sleep`, `asyncio.sleep`, trio's, and with them what others made of them (anyio, tenacity, the
SDKs), are replaced wherever a loaded module has them, under whatever name. `time.time` and
`time.monotonic` are ahead by what was slept, for all who are neither the standard library nor serve
or test. Nobody sees that a default argument was bound before, nor is `datetime.now` ahead.
"""

import asyncio
import math
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from threading import Lock, current_thread
from typing import Any, Final

SERVER_THREAD: Final = "mock-server"
"""The name of threads whose sleep is their own business."""
# Sleepers still rest for a thousandth, so that others can begin to sleep at the same time.
_THOUSANDTH, _LONGEST_REST = 0.001, 0.01  # seconds
_MOST_RESTS = 10  # whoever is to wake before may wait for this one, on the same thread
# Who measures real time: events, threads and sockets, servers, and those who run tests.
_REAL: Final = sys.stdlib_module_names | {
    "_pytest",
    "anyio",
    "coverage",
    "execnet",
    "h11",
    "httptools",
    "hypothesis",
    "mock_server",
    "pluggy",
    "pytest",
    "starlette",
    "trio",
    "uvicorn",
    "uvloop",
    "websockets",
    "wsproto",
    "xdist",
}


class Endless(BaseException):
    """A client has slept for longer than any should; no handler that tries again may catch it."""


class Skipping:
    """Time that passes while nobody waits: `advance` moves the clocks by so many seconds.

    Sleeps at the same time pass at the same time, and end in the order of their ends. Raises
    Endless in a sleep that would make more than `most` seconds of them all.
    """

    def __init__(self, advance: Callable[[float], None], most: float) -> None:
        self._advance, self._most = advance, most
        self.passed = 0.0
        self._ends: Counter[float] = Counter()
        self._changes = 0
        self._lock, self._moving = Lock(), Lock()
        self._is_on = True

    def end(self) -> None:
        """From now on let sleep be sleep, even where it cannot be given back."""
        self._is_on, self.passed = False, 0.0

    def takes(self, seconds: Any) -> bool:
        """Whether this is a sleep to skip; one that only gives way, or that never ends, is none."""
        is_time = isinstance(seconds, int | float) and 0 < seconds < math.inf
        return is_time and self._is_on and current_thread().name != SERVER_THREAD

    @contextmanager
    def sleep(self, seconds: float) -> Iterator[Iterator[float]]:
        """How long to rest really, again and again; then the clocks are at the end of that sleep.

        They are not where it is broken off.
        """
        if self.passed + seconds > self._most:
            raise Endless(
                f"the client wants to sleep {seconds:g} s after {self.passed:g} s of sleep, and"
                f" {self._most:g} s are the most: it might go on for ever"
            )
        end = self.passed + seconds
        self._count(end, 1)
        try:
            yield self._rests(seconds, end)
            self._move_to(end)
        finally:
            self._count(end, -1)

    def _rests(self, seconds: float, end: float) -> Iterator[float]:
        """Rests until no other is to wake before, and nobody has begun or woken meanwhile."""
        for _ in range(_MOST_RESTS):
            before = self._changes
            yield min(seconds * _THOUSANDTH, _LONGEST_REST)
            if self.passed >= end or (self._changes == before and self._first() >= end):
                return

    def _first(self) -> float:
        with self._lock:
            return min(self._ends)

    def _count(self, end: float, more: int) -> None:
        with self._lock:
            self._changes += 1
            self._ends[end] += more
            if not self._ends[end]:
                del self._ends[end]

    def _move_to(self, end: float) -> None:
        with self._moving:
            ahead = end - self.passed
            if ahead > 0 and self._is_on:
                self._advance(ahead)
                self.passed = end


@contextmanager
def skipped(advance: Callable[[float], None], most: float) -> Iterator[None]:
    """Skip the sleeps of this process but those of mock servers, for as long as the block lasts."""
    skipping = Skipping(advance, most)
    fakes = _fakes(skipping)
    _replace(fakes)
    try:
        yield
    finally:
        skipping.end()
        _replace([(fake, real) for real, fake in fakes])


def _fakes(skipping: Skipping) -> list[tuple[Any, Any]]:
    """The sleeps and clocks of this process, each with what takes its place."""
    fakes: list[tuple[Any, Any]] = [(time.sleep, _blocking(time.sleep, skipping))]
    # It is not asked what time it is.
    fakes += [(each, _ahead(each, skipping)) for each in (time.monotonic, vars(time)["time"])]
    found = [asyncio.sleep, getattr(sys.modules.get("trio"), "sleep", None)]
    return fakes + [(each, _awaited(each, skipping)) for each in found if each is not None]


def _blocking(real: Callable[[float], None], skipping: Skipping) -> Callable[[float], None]:
    def sleep(seconds: float, /) -> None:
        if not skipping.takes(seconds):
            real(seconds)
            return
        with skipping.sleep(seconds) as rests:
            for rest in rests:
                real(rest)

    return sleep


def _awaited(
    real: Callable[..., Awaitable[Any]], skipping: Skipping
) -> Callable[..., Awaitable[Any]]:
    async def sleep(delay: float, *result: Any, **named: Any) -> Any:
        if not skipping.takes(delay):
            return await real(delay, *result, **named)
        given = None
        with skipping.sleep(delay) as rests:
            for rest in rests:
                given = await real(rest, *result, **named)
        return given

    return sleep


def _ahead(real: Callable[[], float], skipping: Skipping) -> Callable[[], float]:
    def now() -> float:
        asks = str(sys._getframe(1).f_globals.get("__name__")).partition(".")[0]
        is_real = asks in _REAL or asks.startswith("pytest_")
        return real() if is_real else real() + skipping.passed

    return now


def _replace(pairs: list[tuple[Any, Any]]) -> None:
    others = {id(old): new for old, new in pairs}
    for module in list(sys.modules.values()):
        names = getattr(module, "__dict__", {})  # not by getattr, which makes lazy modules load
        if not others.keys().isdisjoint(map(id, list(names.values()))):
            for name, value in list(names.items()):
                if id(value) in others:
                    setattr(module, name, others[id(value)])
