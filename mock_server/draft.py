"""An answer laid out, so that it can be changed on its way out."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from mock_server.wire import Cut, Event, Post, Reply

Example = Callable[[int], Reply]
"""The documented answer of an operation with some status."""
Failing = Callable[[int, str, float | None], Reply]
"""A failure in the provider's words: its status, its message, after how long to try again."""


@dataclass
class Draft:
    """An answer that is being changed: a whole `body`, or the pieces of a `stream`.

    The pieces are those of a stream of events where it `is_events`, and are not written down as
    such yet where it is `framed`. Nothing more is changed of it where it `is_over`.
    """

    origin: Reply
    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes
    stream: Iterable[Event] | None
    framed: bool
    example: Example
    path: str
    failing: Failing
    posts: tuple[Post, ...] = ()
    is_events: bool = False
    after: float = 0.0
    apart: bool = False
    cut: Cut | None = None
    is_over: bool = False

    @classmethod
    def of(
        cls, reply: Reply, example: Example, path: str = "", failing: Failing | None = None
    ) -> "Draft":
        """A reply to a call of that path, laid out."""
        whole = isinstance(reply.body, bytes)
        return cls(
            origin=reply,
            status=reply.status,
            headers=list(reply.headers),
            body=reply.body if isinstance(reply.body, bytes) else b"",
            stream=None if isinstance(reply.body, bytes) else reply.body,
            framed=reply.framed,
            example=example,
            path=path,
            failing=failing or _no_words,
            posts=reply.posts,
            is_events=not whole and reply.framed,
            after=reply.after,
        )

    @property
    def events(self) -> list[Event] | None:
        """The pieces of a stream, all of them: who asks for them waits until each was made."""
        if self.stream is not None and not isinstance(self.stream, list):
            self.stream = list(self.stream)
        return self.stream

    def header(self, name: bytes) -> bytes:
        """The value of a header, empty where it is not there."""
        return next((value for key, value in self.headers if key == name), b"")

    def set_header(self, name: bytes, value: bytes | None) -> None:
        """Have one header of that name with that value, or none."""
        self.headers = [pair for pair in self.headers if pair[0] != name]
        if value is not None:
            self.headers.append((name, value))

    def become(self, body: bytes) -> None:
        """Have that whole body and no other, whatever its length was said to be."""
        self.body, self.stream, self.framed, self.is_events = body, None, True, False
        self.set_header(b"content-length", None)

    def take(self, reply: Reply) -> None:
        """Have the status and the body of another reply."""
        self.status = reply.status
        if isinstance(reply.body, bytes):
            self.become(reply.body)
        else:
            self.stream, self.framed, self.is_events = reply.body, reply.framed, reply.framed

    def reply(self) -> Reply:
        """The reply as it has become."""
        return replace(
            self.origin,
            status=self.status,
            headers=self.headers,
            body=self.body if self.stream is None else self.stream,
            framed=self.framed,
            posts=self.posts,
            after=self.after,
            apart=self.apart,
            cut=self.cut,
        )


def _no_words(status: int, message: str, retry_after: float | None) -> Reply:
    raise LookupError("nobody fails there")
