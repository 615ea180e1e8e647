"""What came and what was answered, in memory and bounded; keys are not in it, only their labels."""

import hashlib
from collections import deque
from collections.abc import Iterator

import msgspec
import msgspec.structs

from mock_server.wire import Json

# A full-period generator (Hull and Dobell, 1962): no id comes twice, and none looks like the last.
_RANGE = 2**96
_FACTOR = 0x5851F42D4C957F2D14057B7D


class Exchange(msgspec.Struct):
    """One call and its answer; `at` in unix seconds, `sent` in bytes of body.

    `finished` turns true when the last byte was handed to the network, `left` when the client
    had closed the connection before that. `faults` are those that met the answer.
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
    faults: list[str] = []

    def public(self) -> Json:
        """The exchange as the control API shows it."""
        shown = msgspec.structs.asdict(self)
        del shown["caller_id"]
        return shown


class Journal:
    """The last exchanges, oldest first."""

    def __init__(self, seed: str, size: int) -> None:
        self._id = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=12).digest())
        self._exchanges: deque[Exchange] = deque(maxlen=size)

    def open(self, at: float, method: str, path: str) -> Exchange:
        """Begin a new entry; its id follows from the seed and the number of calls before it."""
        self._id = (self._id * _FACTOR + 1) % _RANGE
        exchange = Exchange(f"req_{self._id:024x}", at, method, path)
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
