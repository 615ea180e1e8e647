"""Results that could not be delivered, kept by session until the client comes back (RW-147)."""

from collections.abc import Iterator, Sequence

import msgspec
from msgspec.structs import replace

from mock_server.auth import Identity
from mock_server.mock import Mock
from mock_server.store import Recipe
from mock_server.wire import Message

_MOST_BYTES = 1_000_000  # of one session


def keep(caller: Identity, session: str, left: Sequence[Message], now: float, mock: Mock) -> None:
    """Keep messages that would have been due `after` so many seconds from now."""
    size, kept = 0, []
    for message in left:
        size += len(message.data)
        if size <= _MOST_BYTES:
            kept.append(message)
    recipe = Recipe(caller.id, now, msgspec.msgpack.encode(kept))
    mock.store.keep(_name(caller, session), recipe)


def collect(
    caller: Identity, session: str, now: float, keeps: float, mock: Mock
) -> Iterator[Message]:
    """What was kept for a session no longer than so many seconds ago; it is handed out once."""
    recipe = mock.store.recipe(_name(caller, session))
    if recipe is None:
        return
    mock.store.keep(_name(caller, session), Recipe(caller.id, now, msgspec.msgpack.encode([])))
    age = max(0.0, now - recipe.at)
    if age <= keeps:
        for message in msgspec.msgpack.decode(recipe.text, type=list[Message]):
            yield replace(message, after=max(0.0, message.after - age))


def _name(caller: Identity, session: str) -> str:
    return f"session_{caller.id}_{session.lower()}"
