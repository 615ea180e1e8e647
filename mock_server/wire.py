"""The plain, frozen types that cross every boundary: a call comes in, a reply goes out.

They are made for every request and every event, hence Structs: frozen dataclasses cost ten times
as much to make.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal

import msgspec

Json = Any
Headers = Sequence[tuple[bytes, bytes]]
Buffer = bytes | memoryview
"""What was received; of a large upload a read-only view of a file, which slices do not copy."""


class Call(msgspec.Struct, frozen=True, gc=False):
    """One HTTP request, read whole; `now` is unix seconds, header names are lower case.

    `body` is None where the client sent more than the server accepts. `scheme` is http or https.
    `arrived` is `now` as the real clock has it; `peer` is the client's end of the connection.
    """

    method: str
    path: str
    query: bytes
    headers: Headers
    body: Buffer | None
    now: float
    scheme: str = "http"
    arrived: float = 0.0
    peer: tuple[str, int] | None = None

    def header(self, name: bytes) -> str | None:
        """The value of the first header of that (lower-case) name."""
        for key, value in self.headers:
            if key == name:
                return value.decode("latin-1")
        return None

    def header_values(self, name: bytes) -> list[str]:
        """The values of all headers of that (lower-case) name, in the order sent."""
        return [value.decode("latin-1") for key, value in self.headers if key == name]

    @property
    def media_type(self) -> str:
        """The request's media type without parameters, in lower case; empty where none came."""
        return (self.header(b"content-type") or "").partition(";")[0].strip().lower()


class Event(msgspec.Struct, frozen=True, gc=False):
    """One server-sent event: the bytes of its data line, and its name where it has one.

    It is sent `after` so many seconds, counted from the event before it.
    """

    data: bytes
    name: str | None = None
    after: float = 0.0


class Post(msgspec.Struct, frozen=True):
    """Something to be sent to a URL, as JSON, beside any answer.

    There are as many attempts as `pauses`, each that many seconds after the one before it, and
    each waits `patience` seconds for a status of success.
    """

    url: str
    body: bytes
    pauses: tuple[float, ...]
    patience: float


class Cut(ConnectionError):
    """The server breaks off here: raised by the pieces of a body in place of the next one.

    It comes `after` so many seconds. `last` goes to the network as it is; where it is the beginning
    of a chunk, the chunk was to be `whole` bytes long. With `is_reset` the connection is not closed
    but reset, and with `is_clean` it is not even closed: the body ends as if that had been all.
    """

    def __init__(
        self,
        *,
        last: bytes = b"",
        whole: int | None = None,
        is_reset: bool = False,
        is_clean: bool = False,
    ) -> None:
        super().__init__("The server broke off.")
        self.after = 0.0
        self.last, self.whole = last, whole
        self.is_reset, self.is_clean = is_reset, is_clean


class Reply(msgspec.Struct, frozen=True):
    """What goes back: a status, headers, and either the whole body or the events of a stream.

    A whole body is sent `after` so many seconds; of a stream, each event has its own. A stream that
    is not `framed` is no event stream: the data are the pieces of the body themselves. `error` is
    what went wrong in a part of it, for the journal, `flaw` names what the client had sent as
    something that it is not, and `tokens` how many the question and the answer have; `posts` are
    sent beside it. Where the pieces go `apart`, each goes to the network by itself. A `cut` stands
    in place of the whole answer.
    """

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes | Iterable[Event]
    after: float = 0.0
    framed: bool = True
    error: str | None = None
    posts: tuple[Post, ...] = ()
    tokens: tuple[int, int] | None = None
    flaw: str | None = None
    apart: bool = False
    cut: Cut | None = None


Line = Literal["making", "listening"]
"""Where an errand waits for its turn: where media are made, or where recordings are listened to."""


class Message(msgspec.Struct, frozen=True):
    """One message of a WebSocket, sent `after` so many seconds; it may be the last one.

    `closes` is then the code that the connection is closed with; without data it is only closed.
    `posts` are sent beside it. With `idle` the connection may be silent for so many seconds from
    then on. A `cut` comes in its place: nothing more is sent, and it stays undelivered. `answers`
    is the number of the message that it is an answer to.
    """

    data: bytes
    after: float = 0.0
    closes: int | None = None
    posts: tuple[Post, ...] = ()
    idle: float | None = None
    answers: int = 0
    cut: Cut | None = None


class Errand(msgspec.Struct, frozen=True):
    """A reply that takes time to make, and is made beside all others; `make` may raise ApiError."""

    make: Callable[[], Reply]
    line: Line = "making"
