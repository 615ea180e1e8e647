"""Which requests are further tries of which: what the client says of itself, else what it shows.

Independent identical calls are no retries. So the tie between two requests is, in this order:

1. *told*: the SDKs of OpenAI and Anthropic count their tries in `x-stainless-retry-count`, and the
   tries of one call share an `Idempotency-Key`. Of several calls that could be meant, the one
   whose wait was over longest ago is taken: if there is an assignment without blame, it is found.
2. *shown*: the same request to the byte, by the same program, begun after the answer to the first
   had failed. It is no tie where the same request was under way twice at once, was made twice in a
   row with success, or bears different idempotency keys and was made again after a success.

A shown tie is sure where it is the next thing to come on the same connection, or where the client
stopped asking at the first success after two failures: a loop over independent calls does neither.
Any other shown tie is unsure, and only risky; so is every one where the same was asked for again
after a success, and without the same connection there is none then. Never sure are a new call after
an SDK had used up its own tries, of which there have to be three in a row, and one that bears
another idempotency key; both have to come next. Polls of one job are one poller's by their nature:
successes between them prove nothing.
"""

from collections.abc import Callable, Sequence
from math import inf
from typing import Final

import msgspec

from mock_server.journal import KEPT, Exchange
from mock_server.verdict.answers import Wait, is_success, real_end
from mock_server.verdict.links import GRAIN, Link, Order, count_of, idempotency_of
from mock_server.verdict.pollers import by_poller
from mock_server.verdict.rows import Row, efforts_of

# What two tries have in common, beside what they ask: the program, and what it wants.
_SAME: Final = (b"user-agent", b"accept", b"prefer", b"range")
Mark = tuple[object, ...]


class Asked(msgspec.Struct, frozen=True):
    """The same request, whenever it came, oldest first; `links` are the tries among them."""

    exchanges: list[Exchange]
    links: list[Link]

    def chains(self) -> list[list[Link]]:
        """The links, each with those that continue it."""
        following = {link.first.number: link for link in self.links}
        continued = {link.again.number for link in self.links}
        chains = []
        for link in self.links:
            chain, last = [link], link.again.number
            if link.first.number in continued:
                continue
            while last in following:
                chain.append(following[last])
                last = following[last].again.number
            chains.append(chain)
        return chains

    def was_asked_again(self, exchange: Exchange) -> bool:
        """Whether the same was asked later, by whatever call."""
        return exchange.number < self.exchanges[-1].number


def mark_of(exchange: Exchange) -> Mark | None:
    """What makes two requests the same; None where too little is known to say so."""
    call = exchange.call
    if call.body is None and exchange.digest is None:
        return None
    if call.body is not None and len(call.body) > KEPT:
        return None  # an upload that is under way
    body = exchange.digest if call.body is None else bytes(call.body)
    shown = tuple([call.header(name) for name in _SAME])
    form, _, parameters = (call.header(b"content-type") or "").partition(";")
    boundary = parameters.partition("boundary=")[2].strip('" ')
    if boundary and call.body is not None:  # a form has another one in each try
        body = (body or b"").replace(boundary.encode("latin-1"), b"")
    elif boundary:
        return None
    return (call.method, call.path, call.query, shown, form, body)


def tied(
    exchanges: Sequence[Exchange],
    order: Order,
    waits: Callable[[Exchange], Wait | None],
    is_poll: Callable[[Exchange], bool],
) -> list[Asked]:
    """The requests by what they ask, and the tries among them."""
    heaps: dict[Mark, list[Exchange]] = {}
    for exchange in exchanges:
        mark = mark_of(exchange)
        if mark is not None:
            heaps.setdefault(mark, []).append(exchange)
    found = []
    for heap in heaps.values():
        links = told = _told(heap, waits)
        is_polled = is_poll(heap[0])
        for part in by_poller(heap) if is_polled else [heap]:
            links = links + Row(efforts_of(part, told), order, is_polled).links()
        found.append(Asked(heap, sorted(links, key=lambda link: link.first.number)))
    return found


def _told(heap: Sequence[Exchange], waits: Callable[[Exchange], Wait | None]) -> list[Link]:
    """The tries that say of themselves that they are tries."""
    links: list[Link] = []
    open_ends: dict[tuple[int | None, str | None], list[_End]] = {}
    for again in heap:
        count, key = count_of(again), idempotency_of(again)
        fits = []
        if count or (count is None and key is not None):
            fits = open_ends.get((count - 1 if count else None, key), [])
        if fits:
            best = max(range(len(fits)), key=lambda number: fits[number].spared(again))
            links.append(Link(fits.pop(best).first, again, is_sure=True, is_told=True))
        open_ends.setdefault((count, key), []).append(_End.of(again, waits(again)))
    return links


class _End(msgspec.Struct, frozen=True):
    """A request that has no next try yet: when it may have one, by either clock."""

    first: Exchange
    has_failed: bool
    ended: float
    until: float
    until_real: float

    @classmethod
    def of(cls, first: Exchange, wait: Wait | None) -> "_End":
        ended = real_end(first)
        has_failed = first.is_over and not is_success(first)
        if wait is None:
            return cls(first, has_failed, ended, inf, ended)
        return cls(first, has_failed, ended, wait.until, wait.until_real)

    def spared(self, again: Exchange) -> tuple[bool, float]:
        """How well the other would do as the next try."""
        arrived = again.call.arrived
        is_after = self.has_failed and arrived > self.ended - GRAIN
        return is_after, max(again.at - self.until, arrived - self.until_real)
