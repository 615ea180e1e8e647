"""Errands run beside the event loop, as long as somebody waits for what they bring."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Final

from mock_server.wire import Errand, Line, Reply

Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
# Threads by what they do. Who makes something holds one while a process does the work; who listens
# should not have to wait until a film is made.
_THREADS: Final[Mapping[Line, int]] = {"making": 4, "listening": 2}


class Errands:
    """Threads for errands; they begin with the first one, and anew after `close`."""

    def __init__(self) -> None:
        self._pools: dict[Line, ThreadPoolExecutor] = {}

    async def run(self, errand: Errand, receive: Receive) -> Reply | None:
        """What the errand brings; None where the client left before.

        What nobody waits for any more is not begun.
        """
        leaving, begun = asyncio.ensure_future(receive()), self._begin(errand)
        bringing = asyncio.wrap_future(begun)
        try:
            await asyncio.wait((bringing, leaving), return_when=asyncio.FIRST_COMPLETED)
            return await bringing if bringing.done() else None
        finally:
            begun.cancel()
            leaving.cancel()

    def close(self) -> None:
        """Begin nothing more of what was asked for."""
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        self._pools.clear()

    def _begin(self, errand: Errand) -> Future[Reply]:
        line = errand.line
        if line not in self._pools:
            self._pools[line] = ThreadPoolExecutor(_THREADS[line], line)
        return self._pools[line].submit(errand.make)
