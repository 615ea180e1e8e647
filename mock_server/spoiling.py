"""Faults met on the way out: what leaves the server is spoilt as was asked for."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec.structs import replace

from mock_server import documented
from mock_server.auth import ANYBODY, guess, identity, shown
from mock_server.faults import Occasion
from mock_server.mock import Mock, Request
from mock_server.passage import Passage
from mock_server.preferences import Preferences
from mock_server.validation import Content
from mock_server.wire import Message, Reply

_GO_ON: Final = 100
_LAST_STATUS: Final = 599


def spoilt(reply: Reply, wish: str | None, passage: Passage, mock: Mock) -> Reply:
    """The reply with the faults that were asked for; one that nobody knows was refused before."""
    wish = wish if wish in mock.faults.catalogue.faults else None
    caller, operation = passage.caller, passage.operation
    schemes = mock.spec.schemes
    # Whoever is not let in is known by the key that was shown.
    known = caller or shown(passage.call, schemes)
    key = known.id if known else None
    provider = caller.provider if caller else guess(passage.call, schemes)[0]

    def example(status: int) -> Reply:
        if operation is None:
            raise LookupError("nothing is documented there")
        asker = caller or identity(ANYBODY, provider)
        content = Content(passage.body)
        seed = mock.seed_of(asker.id)
        request = Request(passage.call, operation, asker, {}, content, passage.exchange.id, seed)
        return documented.reply(request, mock, Preferences(status))

    occasion = Occasion(
        passage.call, operation, provider.name if provider else None, passage.body, example
    )
    reply, passage.exchange.faults = mock.faults.spoilt(reply, occasion, key, wish)
    return reply


def spoilt_messages(messages: Sequence[Message], passage: Passage, mock: Mock) -> Iterator[Message]:
    """The messages of a WebSocket with the faults that are on; what is left empty is not sent.

    `status` is the code that the connection is closed with, if it is none of HTTP's; with 100 it is
    not closed. The header `idle` is for how long nothing need be said from then on.
    """
    key, provider = None, None
    if passage.caller is not None:
        key, provider = passage.caller.id, passage.caller.provider
    name = provider.name if provider else None

    def example(status: int) -> Reply:
        raise LookupError("a message has no status")

    occasion = Occasion(passage.call, passage.operation, name, passage.body, example, socket=True)
    for message in messages:
        reply, met = mock.faults.spoilt(Reply(200, [], message.data), occasion, key)
        passage.exchange.faults += met
        assert isinstance(reply.body, bytes)
        closes = reply.status if reply.status > _LAST_STATUS else message.closes
        closes = None if reply.status == _GO_ON else closes
        idle = next(
            (float(value) for name, value in reply.headers if name == b"idle"), message.idle
        )
        if reply.body or closes is not None:
            yield replace(message, data=reply.body, closes=closes, idle=idle)
