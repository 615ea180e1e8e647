"""What comes of a task, before anybody knows how it travels."""

import msgspec

from mock_server.wire import Json, Post


class Done(msgspec.Struct, frozen=True):
    """The result of a task that succeeded or was accepted, there `after` so many seconds.

    `posts` go to the webhook that the task names.
    """

    result: Json
    after: float = 0.0
    posts: tuple[Post, ...] = ()


class Outcome(msgspec.Struct, frozen=True):
    """What is told of one task: a result or an error, `after` so many seconds.

    `status` is the HTTP status that it would have alone, `flaw` the kind of lie that was told.
    """

    status: int
    result: Json = None
    error: Json = None
    after: float = 0.0
    retry_after: str | None = None
    flaw: str | None = None
    posts: tuple[Post, ...] = ()
