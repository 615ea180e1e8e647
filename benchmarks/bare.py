"""The yardstick: an ASGI app that does nothing but send the bytes that it was given."""

import os
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

Message = MutableMapping[str, Any]


class Bare:
    """Reads the request, sends the file of that name: whole, or event by event for `.events`."""

    def __init__(self, folder: Path) -> None:
        self.bodies = {f"/{each.name}": each.read_bytes() for each in folder.glob("*.json")}
        self.streams = {
            f"/{each.name}": each.read_bytes().split(b"\0") for each in folder.glob("*.events")
        }

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        """Serve one request."""
        while (await receive()).get("more_body", False):
            pass
        body = self.bodies.get(scope["path"])
        if body is not None:
            headers = [
                (b"content-type", b"application/json"),
                (b"content-length", b"%d" % len(body)),
            ]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        headers = [(b"content-type", b"text/event-stream")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        for event in self.streams[scope["path"]]:
            await send({"type": "http.response.body", "body": event, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def app() -> Bare:
    """The app, with what it sends read from the folder in BARE_FOLDER."""
    return Bare(Path(os.environ["BARE_FOLDER"]))
