"""The command `mock-server`: reads the settings, takes the port, says where it stands, serves."""

import gc
import logging
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Mapping, MutableMapping, Sequence
from contextlib import suppress
from dataclasses import replace
from threading import Thread
from typing import TYPE_CHECKING, Any, TextIO

from mock_server import __version__
from mock_server.listener import listen, options_for, origin
from mock_server.loopback import is_loopback_host
from mock_server.printable import printable
from mock_server.settings import Settings, SettingsError, read_settings, to_environ
from mock_server.studio import Studio
from mock_server.workshop import Workshop, hands

if TYPE_CHECKING:
    from mock_server.app import Shell
    from mock_server.mock import Mock

# Objects, and rounds: requests leave few circles behind, and while all that a thousand streams keep
# is looked through none of them goes on.
_COLLECT_EVERY = (50_000, 20, 100)


def run() -> int:
    """The entry point of the installed command."""
    return main(sys.argv[1:], os.environ, sys.stdout)


def main(argv: Sequence[str], environ: MutableMapping[str, str], out: TextIO) -> int:
    """Serve until interrupted; 2 where that cannot begin."""
    try:
        settings = read_settings(argv, environ)
        if settings.workers > 1 and settings.clock == "virtual":
            raise SettingsError("--clock virtual stands still in one process; leave --workers at 1")
        listener = listen(settings)
    except (SettingsError, OSError) as error:
        print(f"mock-server: {printable(str(error))}", file=sys.stderr)
        return 2
    with listener:
        try:
            with suppress(KeyboardInterrupt):
                return _serve(settings, listener, environ, out)
            return 0
        except ValueError as error:
            print(f"mock-server: {printable(str(error))}", file=sys.stderr)
            return 2


def _serve(
    settings: Settings, listener: socket.socket, environ: MutableMapping[str, str], out: TextIO
) -> int:
    from mock_server.ending import EndingServer

    workshop = Workshop(hands())
    app = _frozen_app(settings, workshop)
    print(block(app.mock, origin(listener)), file=out, flush=True)
    known = options_for(settings)
    if settings.workers == 1:
        EndingServer(app, known).run(sockets=[listener])
    app.mock.store.close()
    workshop.close()
    if settings.workers == 1:
        return 0
    return _serve_together(settings, listener, environ, known)


def _serve_together(
    settings: Settings,
    listener: socket.socket,
    environ: MutableMapping[str, str],
    known: Mapping[str, Any],
) -> int:
    """Several processes on one socket, their windows shared through a file."""
    import uvicorn
    from uvicorn.supervisors import Multiprocess

    with tempfile.TemporaryDirectory(prefix="mock-server-") as folder:
        if settings.store == "memory":
            settings = replace(settings, store=f"sqlite:{folder}/state.db")
        environ.update(to_environ(settings))
        config = uvicorn.Config(
            "mock_server.cli:app_from_environ", factory=True, workers=settings.workers, **known
        )
        Multiprocess(config, sockets=[listener]).run()
    return 0


def app_from_environ() -> "Shell":
    """The app of one worker process, set as its parent was."""
    Thread(target=_end_with_parent, daemon=True).start()
    return _frozen_app(read_settings([], os.environ), Workshop(hands()))


def _end_with_parent() -> None:
    """End when the process that started this one is gone: it would serve on, and hold the port."""
    from multiprocessing import parent_process

    parent = parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)


def _frozen_app(settings: Settings, workshop: Workshop) -> "Shell":
    """An app whose contract the garbage collector need not walk through again and again."""
    from mock_server import create_app

    app = create_app(settings, Studio(workshop.made))
    # It logs each malformed form, which is the client's fault and told to the client.
    logging.getLogger("python_multipart").setLevel(logging.CRITICAL)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECT_EVERY)
    return app


def block(mock: "Mock", origin: str) -> str:
    """What a person needs to point clients here: address, base URLs, keys."""
    what = f" serves {printable(mock.spec.title)}" if mock.settings.spec else ""
    lines = [f"understudy {__version__}{what} at {origin}", ""]
    for name, provider in mock.spec.providers.items():
        title, key = printable(provider.title), f"key {mock.door.keys.ready.get(name, 'any')}"
        for client, scheme, path in provider.base_urls:
            url = scheme + origin.removeprefix("http") + path
            lines.append(f"  {title:<9} {client + ' base URL':<25} {url:<30} {key}".rstrip())
            title = key = ""
    return "\n".join([*lines, "", f"  {_control(mock.settings, origin)}   Stop: Ctrl+C"])


def _control(settings: Settings, origin: str) -> str:
    """Where the control API is, or why it is not."""
    if settings.control_token is None and not is_loopback_host(settings.host):
        return "Control API: shut on this address; open it with --control-token"
    return f"Control API: {origin}/__mock__/"
