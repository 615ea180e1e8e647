"""One request to an app on this event loop, from a client that may leave or break off."""

import asyncio
from collections.abc import Sequence
from typing import Any

from mock_server.app import Shell
from tests.world import CHAT


class Visit:
    """What came of a request so far; `whole` says whether its body has come to its end."""

    def __init__(
        self,
        shell: Shell,
        method: str = "POST",
        place: str = CHAT,
        *,
        body: bytes = b"",
        headers: Sequence[tuple[bytes, bytes]] = (),
        whole: bool = True,
    ) -> None:
        self.sent: list[dict[str, Any]] = []
        self._left = asyncio.Event()
        self._came = [{"type": "http.request", "body": body, "more_body": not whole}]
        path, _, query = place.partition("?")
        scope: Any = {"type": "http", "method": method, "path": path, "headers": [*headers]}
        scope["query_string"] = query.encode()
        self.task = asyncio.ensure_future(shell(scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        if self._came:
            return self._came.pop()
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.sent.append(dict(message))

    def leave(self) -> None:
        self._left.set()

    @property
    def body(self) -> bytes:
        """What has come of the answer's body."""
        return b"".join(message.get("body", b"") for message in self.sent)


async def settled() -> None:
    """Let everybody on the loop do what can be done now."""
    for _ in range(30):
        await asyncio.sleep(0)
