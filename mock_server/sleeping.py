"""Sleep that takes no time: while it is skipped, clients that sleep move the clock instead.

`time.sleep`, `asyncio.sleep` and what others made of them (anyio, tenacity, the SDKs) are replaced
wherever a loaded module has them by the name `sleep`.
"""

import asyncio
import math
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from threading import Lock, current_thread
from types import ModuleType
from typing import Any, Final

SERVER_THREAD: Final = "mock-server"
"""The name of threads whose sleep is their own business."""
# Sleepers still rest for a thousandth, so that of several the one with the shortest sleep is first.
_THOUSANDTH, _LONGEST_REST = 0.001, 0.01  # seconds
_NAME = "sleep"


class Endless(BaseException):
    """A client has slept for longer than any should; no handler that tries again may catch it."""


class Skipping:
    """Time that passes while nobody waits: `advance` moves the clocks by so many seconds.

    Sleeps at the same time pass at the same time. Raises Endless in a sleep that would make more
    than `most` seconds of them all.
    """

    def __init__(self, advance: Callable[[float], None], most: float) -> None:
        self._advance, self._most = advance, most
        self._passed = 0.0
        self._lock = Lock()
        self._is_on = True

    def end(self) -> None:
        """From now on let sleep be sleep, even where it cannot be given back."""
        self._is_on = False

    def takes(self, seconds: Any) -> bool:
        """Whether this is a sleep to skip; one that only gives way, or that never ends, is none."""
        is_time = isinstance(seconds, int | float) and 0 < seconds < math.inf
        return is_time and self._is_on and current_thread().name != SERVER_THREAD

    def begin(self, seconds: float) -> tuple[float, float]:
        """For how long to rest really, and when that sleep is over."""
        if self._passed + seconds > self._most:
            raise Endless(
                f"the client wants to sleep {seconds:g} s after {self._passed:g} s of sleep, and"
                f" {self._most:g} s are the most: it might go on for ever"
            )
        return min(seconds * _THOUSANDTH, _LONGEST_REST), self._passed + seconds

    def finish(self, due: float) -> None:
        """Move the clocks to the end of a sleep, unless others have done so."""
        with self._lock:
            ahead = due - self._passed
            if ahead > 0:
                self._advance(ahead)
                self._passed = due


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
    """The sleeps of this process, each with what takes its place."""
    fakes = [(time.sleep, _blocking(time.sleep, skipping))]
    found = [asyncio.sleep, getattr(sys.modules.get("trio"), _NAME, None)]
    return fakes + [(each, _awaited(each, skipping)) for each in found if each is not None]


def _blocking(real: Callable[[float], None], skipping: Skipping) -> Callable[[float], None]:
    def sleep(seconds: float, /) -> None:
        if skipping.takes(seconds):
            rest, due = skipping.begin(seconds)
            real(rest)
            skipping.finish(due)
        else:
            real(seconds)

    return sleep


def _awaited(
    real: Callable[..., Awaitable[Any]], skipping: Skipping
) -> Callable[..., Awaitable[Any]]:
    async def sleep(delay: float, *result: Any, **named: Any) -> Any:
        if not skipping.takes(delay):
            return await real(delay, *result, **named)
        rest, due = skipping.begin(delay)
        given = await real(rest, *result, **named)
        skipping.finish(due)
        return given

    return sleep


def _replace(pairs: list[tuple[Any, Any]]) -> None:
    for module in list(sys.modules.values()):
        found = _sleep_of(module)
        for old, new in pairs:
            if found is old and module.__name__ != __name__:
                setattr(module, _NAME, new)


def _sleep_of(module: ModuleType) -> Any:
    # Not by getattr: it would make lazy modules load.
    return getattr(module, "__dict__", {}).get(_NAME)
