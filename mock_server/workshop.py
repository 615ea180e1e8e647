"""Processes that make files, so that the interpreter which serves is not held up by it.

They are started when they are first needed, and end when the server closes their input, as it does
however it ends. They speak pickle with it, each message after its length.
"""

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from queue import LifoQueue
from threading import Lock, Timer
from typing import IO, Any, Final

from mock_server.errors import ApiError

Make = Callable[[], Any]
_Hand = subprocess.Popen[bytes]
_LENGTH: Final = 8  # bytes
_COMMAND: Final = (sys.executable, "-c", "from mock_server.workshop import serve; serve()")
_HOME: Final = Path(__file__).parent.parent  # where a new process finds this package
_TRIES: Final = 2
_PATIENCE: Final = 60.0  # seconds; the longest speech takes five
_STOPPING: Final = "The mock server is stopping."
_NICER: Final = 5  # streams that run are more urgent


class Broken(Exception):
    """A file could not be made; the sentence says why."""


def hands() -> int:
    """Processes that make media: half of the cores, but two, so that a long work holds up none."""
    return max(2, (os.cpu_count() or 1) // 2)


class Workshop:
    """So many hands at most, each a process that makes one file at a time. Threads may share it."""

    def __init__(self, hands: int) -> None:
        self._free: LifoQueue[_Hand | None] = LifoQueue()
        for _ in range(hands):
            self._free.put(None)
        self._hired: list[_Hand] = []
        self._closed = False
        self._door = Lock()

    def made(self, make: Make) -> Any:
        """What `make`, which can be pickled, gives elsewhere; raises what it raises.

        Raises Broken where the process ends, and another one too, or takes longer than anything
        should; and ApiError (`overloaded`) where the workshop closes.
        """
        hand = self._free.get()
        try:
            for _ in range(_TRIES):
                if hand is None or hand.poll() is not None:
                    hand = self._hire()
                with suppress(OSError, EOFError):
                    return _handed_over(make, hand)
                hand.kill()  # whatever is left of it
                hand = None
            raise Broken("the processes that make files have ended")
        finally:
            self._free.put(hand)

    def close(self) -> None:
        """Send everybody home; whoever still waits for a file is told so."""
        with self._door:
            self._closed = True
            while self._hired:
                _dismiss(self._hired.pop())

    def _hire(self) -> _Hand:
        with self._door:
            if self._closed:
                raise ApiError("overloaded", _STOPPING)
            for gone in [each for each in self._hired if each.poll() is not None]:
                self._hired.remove(gone)
                _dismiss(gone)
            pipe = subprocess.PIPE
            hand = subprocess.Popen(_COMMAND, stdin=pipe, stdout=pipe, cwd=_HOME)
            self._hired.append(hand)
            return hand


def _dismiss(hand: _Hand) -> None:
    hand.kill()
    hand.wait()
    for pipe in (hand.stdin, hand.stdout):
        assert pipe is not None
        with suppress(OSError):  # what could not be sent before
            pipe.close()


def serve() -> None:
    """Make what comes in on the standard input until it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is meant for the server
    with suppress(AttributeError, OSError):
        os.nice(_NICER)
    # Whatever a library prints must not get between the messages.
    messages, sys.stdout = sys.stdout.buffer, sys.stderr
    with suppress(EOFError, BrokenPipeError):
        while True:
            make = pickle.loads(_received(sys.stdin.buffer))
            _send(pickle.dumps(_outcome(make)), messages)


def _outcome(make: Make) -> Any:
    try:
        return make()
    except (ImportError, ValueError) as error:
        return error
    except Exception as error:  # it might not survive being pickled
        return Broken(f"{type(error).__name__}: {error}")


def _handed_over(make: Make, hand: _Hand) -> Any:
    assert hand.stdin is not None
    assert hand.stdout is not None
    message, watch = pickle.dumps(make), Timer(_PATIENCE, hand.kill)
    watch.start()
    try:
        _send(message, hand.stdin)
        outcome = pickle.loads(_received(hand.stdout))
    except ValueError as error:  # what was closed meanwhile
        raise EOFError(error) from None
    finally:
        watch.cancel()
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _send(message: bytes, pipe: IO[bytes]) -> None:
    pipe.write(len(message).to_bytes(_LENGTH) + message)
    pipe.flush()


def _received(pipe: IO[bytes]) -> bytes:
    head = pipe.read(_LENGTH)
    length = int.from_bytes(head)
    message = pipe.read(length)
    if len(head) < _LENGTH or len(message) < length:
        raise EOFError("it said nothing more")
    return message
