"""Streams at a pace: a thousand at once on one core, and how evenly their chunks come."""

import asyncio
import gc
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import cast

_EVENT = b"data: "
_PATIENCE = 60  # seconds until all streams have to be over
_LAST = b"0\r\n\r\n"


@dataclass
class Spacing:
    """How far the gaps between chunks were off, in milliseconds, while all streams ran at once."""

    errors: list[float]
    chunks: int
    seconds: float

    @property
    def rate(self) -> float:
        """Chunks a second."""
        return self.chunks / self.seconds

    def percentile(self, share: float) -> float:
        """The error that this share of all gaps kept."""
        return self.errors[min(len(self.errors) - 1, int(share * len(self.errors)))]


class Listener(asyncio.Protocol):
    """Sends one request and notes when each event came."""

    def __init__(self, request: bytes, done: "asyncio.Future[None]") -> None:
        self.stamps: list[float] = []
        self._request = request
        self._done = done
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask at once."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's say nothing of it
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Note the time, once for each event that came."""
        now = time.perf_counter()
        events = data.count(_EVENT)
        if events == 1:
            self.stamps.append(now)
        else:
            self.stamps += [now] * events
        if data.endswith(_LAST):
            assert self._transport is not None
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """The stream is over."""
        if not self._done.done():
            self._done.set_result(None)


def run_paced(port: int, request: bytes, streams: int, itl: float, chunks: int) -> Spacing:
    """Open that many streams, spread over a second; each has `chunks` with `itl` seconds between.

    With the first of them comes one that opens the answer, behind them what ends it.
    """
    import uvloop

    with _undisturbed(), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        listeners = runner.run(_listen(port, request, streams))
    timelines = [each.stamps[1 : 1 + chunks] for each in listeners]
    if any(len(each) < chunks for each in timelines):
        raise RuntimeError("a stream ended before its time")
    first, last = max(each[0] for each in timelines), min(each[-1] for each in timelines)
    if first >= last:  # never were all under way at once: the server was far behind
        first, last = min(each[0] for each in timelines), max(each[-1] for each in timelines)
    together = [
        (now - before)
        for each in timelines
        for before, now in pairwise(each)
        if first <= before and now <= last
    ]
    errors = sorted(1000 * abs(gap - itl) for gap in together)
    return Spacing(errors, len(errors), last - first)


async def _listen(port: int, request: bytes, streams: int) -> list[Listener]:
    loop = asyncio.get_running_loop()
    begun, listeners = loop.time(), []
    ends: list[asyncio.Future[None]] = []
    _stay_awake(loop, ends)
    for number in range(streams):
        await asyncio.sleep(max(0.0, begun + number / streams - loop.time()))
        done = loop.create_future()
        listener = Listener(request, done)
        await loop.create_connection(partial(_same, listener), "127.0.0.1", port)
        listeners.append(listener)
        ends.append(done)
    async with asyncio.timeout(_PATIENCE):
        await asyncio.gather(*ends)
    return listeners


def _stay_awake(loop: asyncio.AbstractEventLoop, ends: "list[asyncio.Future[None]]") -> None:
    """Keep the client's core from going to sleep until the last stream has ended.

    To wake it for each chunk would be work for the server, work that no network asks of it.
    """
    if not ends or not ends[-1].done():
        loop.call_soon(_stay_awake, loop, ends)


def _same(listener: Listener) -> Listener:
    return listener


@contextmanager
def apart(server: int) -> Iterator[bool]:
    """The server on one core and this process on the others, where cores can be chosen."""
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if len(cores) < 2:
        yield False
        return
    os.sched_setaffinity(server, cores[:1])
    os.sched_setaffinity(0, cores[1:])
    try:
        yield True
    finally:
        os.sched_setaffinity(0, cores)
        os.sched_setaffinity(server, cores)


@contextmanager
def _undisturbed() -> Iterator[None]:
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
