"""A mock server in a thread of this process: for tests, notebooks and the pytest plugin."""

import logging
from collections.abc import Mapping
from contextlib import ExitStack
from threading import Thread
from typing import TYPE_CHECKING

from mock_server.listener import listen, options_for, origin
from mock_server.mock_api import MockApi
from mock_server.settings import Settings, SettingsError, read_settings
from mock_server.sleeping import SERVER_THREAD

if TYPE_CHECKING:
    import uvicorn

    from mock_server.app import Shell

_ROUND = 0.02  # seconds, after which those are looked for who have begun to wait meanwhile


class MockServer:
    """A mock server of its own on a free port of this machine, as long as the `with` block lasts.

    It is set as the command is, with the names of its flags: `MockServer(seed=7, clock="virtual")`;
    raises SettingsError where that cannot be. `start` and `stop` do without the block.
    """

    def __init__(self, **settings: object) -> None:
        self.settings = _read(settings)
        self._held = ExitStack()
        self._api: MockApi | None = None

    def __enter__(self) -> MockApi:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> MockApi:
        """Serve, and give the server as tests see it: its addresses, its keys, its controls.

        One that runs already goes on. Raises ValueError where the settings do not fit together.
        """
        if self._api is None:
            with ExitStack() as held:
                self._api = MockApi(self._serve(held), token=self.settings.control_token)
                held.callback(self._api.close)
                self._held = held.pop_all()
        return self._api

    def stop(self) -> None:
        """End what still waits, and serve no more; its state is forgotten."""
        self._api = None
        self._held.close()

    def _serve(self, held: ExitStack) -> str:
        from mock_server import create_app
        from mock_server.studio import Studio
        from mock_server.workshop import Workshop, hands

        listener = held.enter_context(listen(self.settings))
        workshop = Workshop(hands())
        held.callback(workshop.close)
        app = create_app(self.settings, Studio(workshop.made))
        held.callback(app.mock.store.close)
        url = origin(listener)
        server = _server(app, self.settings)
        thread = Thread(target=server.run, args=([listener],), name=SERVER_THREAD, daemon=True)
        held.callback(_stop, server, app, thread)
        thread.start()
        while not server.started and thread.is_alive():
            thread.join(0.001)
        return url


def _server(app: "Shell", settings: Settings) -> "uvicorn.Server":
    from mock_server.ending import EndingServer

    # Logging is set up by whose process it is.
    server = EndingServer(app, {**options_for(settings), "log_config": None})
    server.config.load()  # its imports belong to this thread, not to one that nobody looks after
    # It logs each malformed form, which is the client's fault and told to the client.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    return server


def _stop(server: "uvicorn.Server", app: "Shell", thread: Thread) -> None:
    server.should_exit = True
    while thread.is_alive():
        app.mock.clock.reset()  # whoever waits is answered at once
        thread.join(_ROUND)


def _read(given: Mapping[str, object]) -> Settings:
    set_ = {name: value for name, value in given.items() if value is not None}
    flags = [f"--{name.replace('_', '-')}={value}" for name, value in {"port": 0, **set_}.items()]
    settings = read_settings(flags, {})
    if settings.workers > 1:
        raise SettingsError("a server in this process serves alone; leave workers at 1")
    return settings
