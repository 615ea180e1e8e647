"""A server that tells its app when it begins to stop: ASGI has a word only for when all is over."""

import socket
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import uvicorn

if TYPE_CHECKING:
    from mock_server.app import Shell


class EndingServer(uvicorn.Server):
    """uvicorn, which otherwise waits for those who watch until it has to break them off."""

    def __init__(self, app: "Shell", options: Mapping[str, Any]) -> None:
        super().__init__(uvicorn.Config(app, **options))
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, and say so first."""
        self._app.stop()
        await super().shutdown(sockets)
