"""Faults met on the way out: what leaves the server is spoilt as was asked for."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from mock_server import documented
from mock_server.auth import ANYBODY, guess, identity, shown
from mock_server.errors import ApiError, Invalid, kind_of
from mock_server.mock import Mock, Request
from mock_server.occasions import Occasion
from mock_server.passage import Passage
from mock_server.preferences import Preferences
from mock_server.quota import Quota
from mock_server.switchboard import Standing
from mock_server.validation import Content
from mock_server.wire import Cut, Message, Reply
from mock_server.wording import add_headers, protocol_of, worded

_GO_ON: Final = 100
_LAST_STATUS: Final = 599
_Wishes = Sequence[tuple[str, Mapping[str, str]]]


def spoilt(reply: Reply, wishes: _Wishes, passage: Passage, mock: Mock) -> Reply:
    """The reply with the faults that were asked for; what nobody knows was refused before."""
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

    def failing(status: int, message: str, retry_after: float | None) -> Reply:
        return _failure(status, message, retry_after, passage, mock)

    occasion = Occasion(
        passage.call,
        operation,
        provider.name if provider else None,
        passage.body,
        example,
        failing,
        seed=mock.seed_of(key) if key else mock.settings.seed,
    )
    asked = _wished(wishes, mock)
    reply, passage.exchange.faults = mock.faults.spoilt(reply, occasion, key, asked)
    return reply


def _wished(wishes: _Wishes, mock: Mock) -> list[Standing]:
    try:
        return mock.faults.wished(wishes)
    except Invalid:
        return []


def _failure(
    status: int, message: str, retry_after: float | None, passage: Passage, mock: Mock
) -> Reply:
    """A failure with that status, in the words of the provider and with its documented headers."""
    kind = kind_of(status, protocol_of(passage, mock).errors)
    headers = {} if retry_after is None else {"Retry-After": f"{retry_after:g}"}
    reply = worded(
        ApiError(kind, message, headers=headers, facts={"status": status}), passage, mock
    )
    quota = passage.quota
    if quota is not None and kind == "rate_limited":
        wait = quota.retry_after if retry_after is None else retry_after
        end = int(passage.exchange.at + wait)
        quota = Quota(limit=quota.limit, used=quota.limit, reset=end, retry_after=int(wait))
    add_headers(reply, replace(passage, quota=quota), mock)
    return replace(reply, error=message)


def spoilt_messages(messages: Sequence[Message], passage: Passage, mock: Mock) -> Iterator[Message]:
    """The messages of a WebSocket with the faults that are on; what is left empty is not sent.

    `status` is the code that the connection is closed with, if it is none of HTTP's; with 100 it is
    not closed. The header `idle` is for how long nothing need be said from then on. What would come
    in pieces comes once the last of them has, and a connection that breaks off in one is dropped.
    """
    key, provider = None, None
    if passage.caller is not None:
        key, provider = passage.caller.id, passage.caller.provider
    name = provider.name if provider else None

    def example(status: int) -> Reply:
        raise LookupError("a message has no status")

    seed = mock.seed_of(key) if key else mock.settings.seed
    facts = (passage.call, passage.operation, name, passage.body, example)
    occasion = Occasion(*facts, socket=True, seed=seed)
    for message in messages:
        reply, met = mock.faults.spoilt(Reply(200, [], message.data), occasion, key)
        passage.exchange.faults += met
        data, seconds, cut = _gathered(reply)
        closes = reply.status if reply.status > _LAST_STATUS else message.closes
        closes = None if reply.status == _GO_ON else closes
        idle = next(
            (float(value) for name, value in reply.headers if name == b"idle"), message.idle
        )
        made = replace(
            message, data=data, after=message.after + seconds, closes=closes, idle=idle, cut=cut
        )
        if cut is not None:
            passage.exchange.cut = True
            yield replace(made, data=message.data)
        elif data or closes is not None:
            yield made


def _gathered(reply: Reply) -> tuple[bytes, float, Cut | None]:
    """What a message says, after how many seconds, and what it is cut by."""
    if isinstance(reply.body, bytes):
        return reply.body, reply.after, reply.cut
    data, seconds = b"", reply.after
    try:
        for each in reply.body:
            data, seconds = data + each.data, seconds + each.after
    except Cut as cut:
        return data, seconds + cut.after, cut
    return data, seconds, reply.cut
