"""A mock server in a process of its own, as its users start it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

Process = subprocess.Popen[str]


@contextmanager
def server(*options: str) -> Iterator[tuple[Process, str]]:
    """The process and its URL; it is killed at the end, if it still lives."""
    command = [sys.executable, "-m", "mock_server", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        assert line, "the server ended before it served"
        yield process, line.rpartition(" at ")[2].strip()
    finally:
        process.kill()
        process.communicate()
