"""The socket on which a server is found, and how it is served there."""

import socket
from collections.abc import Mapping
from typing import Any

from mock_server.settings import Settings, SettingsError

_BACKLOG = 2048
SERVER_OPTIONS: Mapping[str, Any] = {
    "access_log": False,  # a key in a URL would stand in it
    "proxy_headers": False,
    "server_header": False,
    # Streams that never end would hold the server for ever when it is told to stop.
    "timeout_graceful_shutdown": 1,
    "ws": "wsproto",
    "ws_per_message_deflate": False,  # a dictionary for each connection, most of them idle
}


def listen(settings: Settings) -> socket.socket:
    """The bound, listening socket: from here on clients are kept waiting, not refused."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((settings.host, settings.port))
        listener.listen(_BACKLOG)
        listener.set_inheritable(True)
    except OSError as error:
        listener.close()
        place = f"{settings.host}:{settings.port}"
        raise SettingsError(f"cannot listen on {place}: {error.strerror or error}") from None
    return listener


def origin(listener: socket.socket) -> str:
    """The URL at which a listening socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def options_for(settings: Settings) -> dict[str, Any]:
    """What uvicorn is to be told."""
    return {
        **SERVER_OPTIONS,
        "log_level": settings.log_level,
        # Twice, so that who sends a little too much is told so by a message.
        "ws_max_size": settings.max_body * 2,
    }
