"""Webhooks on their way: posted to this machine alone, again and again until they are taken."""

import asyncio
import logging
from asyncio import StreamReader, StreamWriter
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlsplit

from mock_server.loopback import is_loopback
from mock_server.waiting import Waiting
from mock_server.wire import Post

_MOST: Final = 1_000  # posts under way
_log = logging.getLogger("mock_server")


class Couriers:
    """Delivers posts in the time of the key that they belong to, until they are told to stop."""

    def __init__(self, waiting: Waiting) -> None:
        self.waiting = waiting
        self._errands: set[asyncio.Task[None]] = set()

    @property
    def number(self) -> int:
        """How many posts are under way."""
        return len(self._errands)

    def send(self, posts: Iterable[Post], key: str | None) -> None:
        """Set out with each post; of too many, those that come last are dropped."""
        for post in posts:
            if len(self._errands) >= _MOST:
                _log.warning("%d webhooks are under way; another is dropped", _MOST)
                return
            errand = asyncio.get_running_loop().create_task(self._deliver(post, key))
            self._errands.add(errand)
            errand.add_done_callback(self._errands.discard)

    def stop(self) -> None:
        """Give up whatever is under way."""
        for errand in list(self._errands):
            errand.cancel()

    async def _deliver(self, post: Post, key: str | None) -> None:
        for seconds in post.pauses:
            await self._wait(seconds, key)
            if await _is_taken(post):
                return
        # What follows the path of a URL may be a secret (RW-163).
        shown = post.url.partition("?")[0]
        _log.warning("nobody took the webhook %s in %d attempts", shown, len(post.pauses))

    async def _wait(self, seconds: float, key: str | None) -> None:
        never: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        waiter = self.waiting.enter(key, never)
        try:
            pause = waiter.pause(seconds)
            if pause is not None:
                await pause
        finally:
            self.waiting.leave(waiter)


async def _is_taken(post: Post) -> bool:
    """Whether the receiver answers with a status of success, and soon enough."""
    if not is_loopback(post.url):
        return False
    try:
        async with asyncio.timeout(post.patience):
            return await _post(post)
    except (OSError, ValueError, TimeoutError):
        return False


async def _post(post: Post) -> bool:
    parts = urlsplit(post.url)
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(parts.hostname, port, ssl=secure or None)
    try:
        return await _exchange(post, parts.netloc.rpartition("@")[2], reader, writer)
    finally:
        writer.close()


async def _exchange(post: Post, host: str, reader: StreamReader, writer: StreamWriter) -> bool:
    parts = urlsplit(post.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    head = (
        f"POST {target} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(post.body)}\r\nConnection: close\r\n\r\n"
    )
    writer.write(head.encode("ascii") + post.body)
    await writer.drain()
    words = (await reader.readline()).split()
    return len(words) > 1 and words[1][:1] == b"2"
