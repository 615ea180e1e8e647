"""What came and what was answered, in memory and bounded, by the key that it came with.

Keys stand in what clients have sent and in `key`: who shows an exchange masks it (`control.masks`).
"""

import hashlib
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from itertools import islice, takewhile

import msgspec

from mock_server.auth import Identity
from mock_server.trimming import trimmed
from mock_server.wire import Buffer, Call, Headers, Json

# A full-period generator (Hull and Dobell, 1962): no id comes twice, and none looks like the last.
_RANGE = 2**96
_FACTOR = 0x5851F42D4C957F2D14057B7D
# Many keys together keep so many times what one of them may.
_SHELVES = 10
_MOST_KEYS = 100_000
# Bytes of bodies that are kept: of one question, of one answer, and of all of them together.
KEPT = 64_000
_ALL_KEPT = 32_000_000
# What JSON has more of than anything takes the most room once it is read: bytes a value, a piece.
_MARKS = (b"{", b"[", b",")
_VALUE, _PIECE, _BRIEF = 120, 50, 500


class Exchange(msgspec.Struct):
    """One call and its answer.

    `at` and `ended_at` are unix seconds in the time of the key, `began` (the first byte) and `took`
    (the last one) real seconds since the call came. `sent` are bytes of body, `tokens` those of the
    question and of the answer; of one that is not sent whole nobody knows. `finished` turns true
    when the last byte was handed to the network, `left` when the client had closed the connection
    before that, `cut` when the server broke off;
    `held` is the longest that the client was kept waiting, in seconds of its key. `faults` are
    those that met the answer, `scenario` what scripted it; `flaw` names what was sent as something
    that it is not. `asked` is the body as it was read,
    `headers` and `answered` are the answer's; long ones are kept in part, or forgotten. Of a long
    body there is a `digest`. `key` is that of who was let in, `provider` whose it is; `limited`
    says that it was one request too many.
    """

    call: Call
    at: float
    path: str
    id: str = ""
    number: int = 0
    operation: str | None = None
    caller: str | None = None
    caller_id: str | None = None
    key: str | None = None
    provider: str | None = None
    status: int = 0
    error: str | None = None
    flaw: str | None = None
    sent: int = 0
    finished: bool = False
    left: bool = False
    cut: bool = False
    held: float = 0.0
    limited: bool = False
    faults: list[str] = []
    scenario: str | None = None
    tokens: tuple[int, int | None] | None = None
    asked: Json = None
    headers: Headers = ()
    answered: list[bytes] = []
    began: float | None = None
    took: float | None = None
    ended_at: float | None = None
    digest: bytes | None = None

    @property
    def model(self) -> str | None:
        """The model that was asked for, where one was named."""
        return model_of(self.asked)

    @property
    def is_over(self) -> bool:
        """Whether nothing more will be sent."""
        return self.took is not None

    def public(self) -> Json:
        """The exchange as the control API lists it: no headers, no bodies, no key."""
        prompt, completion = self.tokens or (None, None)
        completion = completion if self.finished else None
        return {
            "id": self.id,
            "at": self.at,
            "method": self.call.method,
            "path": self.path,
            "operation": self.operation,
            "caller": self.caller,
            "model": self.model,
            "status": self.status,
            "error": self.error,
            "sent": self.sent,
            "finished": self.finished,
            "left": self.left,
            "cut": self.cut,
            "faults": self.faults,
            "scenario": self.scenario,
            "prompt_tokens": prompt,
            "completion_tokens": completion,
            "first_byte": self.began,
            "took": self.took,
        }

    def keep(self, piece: bytes) -> None:
        """Remember a piece of the answer, while there is not too much of it."""
        if self.sent < KEPT:
            self.answered.append(piece[:KEPT])

    def weigh(self) -> int:
        """How many bytes it keeps of bodies, and about how many of what was read from them."""
        body = bytes(self.call.body or b"")
        values = sum(map(body.count, _MARKS)) if len(body) > _BRIEF else 0
        pieces = sum(map(len, self.answered)) + _PIECE * len(self.answered)
        return len(body) + _VALUE * values + pieces

    def lighten(self) -> None:
        """Forget the bodies."""
        self.call = msgspec.structs.replace(self.call, body=None)
        self.asked, self.answered = None, []


def model_of(asked: Json) -> str | None:
    """The model that a body names; of several tasks, the first one's."""
    first = asked[0] if isinstance(asked, list) and asked else asked
    model = first.get("model") if isinstance(first, dict) else None
    return model if isinstance(model, str) else None


class Journal:
    """The last exchanges of each key, oldest first; `size` are kept of one."""

    def __init__(self, seed: str, size: int) -> None:
        self._seed, self._size = seed, size
        self._ids: OrderedDict[str | None, int] = OrderedDict()
        self._shelves: OrderedDict[str | None, deque[Exchange]] = OrderedDict()
        self._count = 0
        self._number = 0
        self._heavy: deque[tuple[Exchange, int]] = deque()
        self._weight = 0
        self.watchers: list[Callable[[Exchange], None]] = []
        self.endings: list[Callable[[], None]] = []
        self.resets = 0
        self.is_ended = False

    def open(self, call: Call) -> Exchange:
        """Begin an entry, of which it is not yet known whose it is."""
        return Exchange(call, call.now, call.path)

    def enter(self, exchange: Exchange, caller: Identity | None) -> None:
        """Write it down for a key, or for nobody's.

        Its id follows from the seed, the key and the number of its calls before.
        """
        key = None
        if caller is not None:
            key = exchange.caller_id = caller.id
            exchange.caller, exchange.key = caller.label, caller.key
            exchange.provider = caller.provider.name if caller.provider else None
        exchange.id = f"req_{self._next_id(key):024x}"
        self._number += 1
        exchange.number = self._number
        shelf = self._shelves.get(key)
        if shelf is None:
            shelf = self._shelves[key] = deque(maxlen=self._size)
        else:
            self._shelves.move_to_end(key)
        self._count += len(shelf) < self._size
        shelf.append(exchange)
        while self._count > self._size * _SHELVES:
            self._count -= len(self._shelves.popitem(last=False)[1])

    def close(self, exchange: Exchange, took: float, ended_at: float) -> None:
        """Note that no more is sent; of the bodies kept, the oldest are forgotten."""
        exchange.took, exchange.ended_at = took, ended_at
        if exchange.tokens is not None and not exchange.finished:
            exchange.tokens = exchange.tokens[0], None
        body = exchange.call.body or b""
        if len(body) > KEPT:
            exchange.digest = _digest(body)
            exchange.asked = trimmed(exchange.asked)
            exchange.call = msgspec.structs.replace(exchange.call, body=None)
        weight = exchange.weigh()
        self._heavy.append((exchange, weight))
        self._weight += weight
        while self._weight > _ALL_KEPT or len(self._heavy) > self._size * _SHELVES:
            oldest, weight = self._heavy.popleft()
            self._weight -= weight
            oldest.lighten()
        for watcher in self.watchers:
            watcher(exchange)

    def end(self) -> None:
        """Let those go who wait for what comes: the server stops."""
        self.is_ended = True
        for ending in self.endings:
            ending()

    def entries(self, caller_id: str | None = None) -> Iterator[Exchange]:
        """The exchanges of one caller, or of all."""
        if caller_id is not None:
            return iter([*self._shelves.get(caller_id, ())])
        every = [exchange for shelf in [*self._shelves.values()] for exchange in [*shelf]]
        return iter(sorted(every, key=lambda exchange: exchange.number))

    def find(self, id: str) -> Exchange | None:
        """The exchange of that id, if it is not forgotten."""
        return next((exchange for exchange in self.entries() if exchange.id == id), None)

    def since(self, number: int, caller_id: str | None, most: int) -> list[Exchange]:
        """The last exchanges after that number, of one caller or of all: no more than so many."""
        shelves = [self._shelves.get(caller_id, ())] if caller_id else self._shelves.values()
        found: list[Exchange] = []
        for shelf in reversed(shelves):  # who called last stands last
            newer = islice(takewhile(lambda each: each.number > number, reversed(shelf)), most)
            before = len(found)
            found += newer
            if len(found) == before:
                break
        return sorted(found, key=lambda exchange: exchange.number)[-most:]

    def latest(self, most: int) -> dict[str, str]:
        """The labels of the callers who called last, by their ids."""
        labels: dict[str, str] = {}
        for caller_id, shelf in islice(reversed(self._shelves.items()), most):
            if caller_id is not None:
                labels[caller_id] = shelf[-1].caller or ""
        return labels

    def reset(self, caller_id: str | None = None) -> None:
        """Forget one caller's exchanges, or all; ids go on where they were."""
        self.resets += 1
        if caller_id is None:
            self._shelves.clear()
            self._heavy.clear()
            self._count = self._weight = 0
        else:
            self._count -= len(self._shelves.pop(caller_id, ()))

    def _next_id(self, key: str | None) -> int:
        last = self._ids.get(key)
        if last is None:
            if len(self._ids) >= _MOST_KEYS:  # clients choose the keys
                self._ids.popitem(last=False)
            seed = self._seed if key is None else f"{self._seed}/{key}"
            last = int.from_bytes(hashlib.blake2b(seed.encode(), digest_size=12).digest())
        number = self._ids[key] = (last * _FACTOR + 1) % _RANGE
        return number


def _digest(body: Buffer) -> bytes:
    """By which a long body is known again: its length, its beginning and its end."""
    length = len(body)
    return hashlib.blake2b(b"%d/" % length + bytes(body[:KEPT]) + bytes(body[-KEPT:])).digest()
