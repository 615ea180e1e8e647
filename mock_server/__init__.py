"""understudy's mock server: stands in for AI inference APIs, driven by their OpenAPI contract."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mock_server.app import Shell
    from mock_server.mock_api import MockApi
    from mock_server.server import MockServer
    from mock_server.settings import Settings
    from mock_server.studio import Studio

__all__ = ["MockApi", "MockServer", "Settings", "__version__", "create_app"]
__version__ = "0.1.0"


def create_app(settings: "Settings | None" = None, studio: "Studio | None" = None) -> "Shell":
    """A fresh ASGI app with a world of its own; raises ValueError where the settings cannot be.

    Media are made in the studio, by default one of its own that makes them in this process.
    """
    import time

    from mock_server.app import Shell
    from mock_server.settings import Settings
    from mock_server.world import build

    return Shell(build(settings or Settings(), time.time, studio))


# Where they are, to be imported when they are first asked for: pytest imports this package always.
_HOMES = {"MockApi": "mock_api", "MockServer": "server", "Settings": "settings"}


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(name)
    from importlib import import_module

    return getattr(import_module(f"mock_server.{_HOMES[name]}"), name)
