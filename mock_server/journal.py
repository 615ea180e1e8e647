"""What came and what was answered, in memory and bounded; keys are not in it, only their labels."""

import hashlib
from collections import deque
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from mock_server.wire import Json


@dataclass(slots=True)
class Exchange:
    """One call and its answer; `at` in unix seconds, `sent` in bytes of body.

    `finished` turns true when the last byte was handed to the network, `left` when the client
    had closed the connection before that.
    """

    id: str
    at: float
    method: str
    path: str
    operation: str | None = None
    caller: str | None = None
    caller_id: str | None = None
    status: int = 0
    error: str | None = None
    sent: int = 0
    finished: bool = False
    left: bool = False

    def public(self) -> Json:
        """The exchange as the control API shows it."""
        shown = asdict(self)
        del shown["caller_id"]
        return shown


class Journal:
    """The last exchanges, oldest first."""

    def __init__(self, seed: int, size: int) -> None:
        self._seed = str(seed).encode()
        self._count = 0
        self._exchanges: deque[Exchange] = deque(maxlen=size)

    def open(self, at: float, method: str, path: str) -> Exchange:
        """Begin a new entry; its id follows from the seed and the number of calls before it."""
        self._count += 1
        digest = hashlib.blake2b(self._seed + b"/%d" % self._count, digest_size=12)
        exchange = Exchange(f"req_{digest.hexdigest()}", at, method, path)
        self._exchanges.append(exchange)
        return exchange

    def entries(self, caller_id: str | None = None) -> Iterator[Exchange]:
        """The exchanges of one caller, or of all."""
        return (
            exchange
            for exchange in self._exchanges
            if caller_id is None or exchange.caller_id == caller_id
        )

    def reset(self, caller_id: str | None = None) -> None:
        """Forget one caller's exchanges, or all; ids go on where they were."""
        kept = [] if caller_id is None else [e for e in self._exchanges if e.caller_id != caller_id]
        self._exchanges.clear()
        self._exchanges.extend(kept)
