"""How clients reach the server: where they show their key, and how often they connect anew."""

from collections.abc import Iterator
from typing import Final

from mock_server.auth import in_address
from mock_server.journal import Exchange
from mock_server.verdict.answers import real_end
from mock_server.verdict.finding import Fault
from mock_server.verdict.record import Record

_MANY: Final = 10
# Servers keep a connection open for longer than this (seconds).
_KEPT_OPEN: Final = 2.0


def key_in_address(record: Record) -> Iterator[Fault]:
    """A key stands in the URL, where proxies and logs write it down."""
    for exchange in record.every:
        operation = record.operation(exchange)
        allowed = {way.field for way in operation.ways if way.place == "query"} if operation else ()
        for where, _ in in_address(exchange.call, record.contract.spec.schemes):
            # A model may be called like a key, but nothing of the contract stands behind a key.
            if where not in allowed and (where or operation is None):
                place = f"the query parameter {where}" if where else "the path"
                says = f"Sent the key in {place}, where every proxy and log writes it down."
                yield Fault(says, [exchange], about=where or "path")


def connection_not_reused(record: Record) -> Iterator[Fault]:
    """Many calls, one after the other and each on a connection of its own."""
    run: list[Exchange] = []
    for exchange in record.exchanges:
        if run and not _could_be_reused(run[-1], exchange):
            yield from _unused(run)
            run = []
        run.append(exchange)
    yield from _unused(run)


def _unused(run: list[Exchange]) -> Iterator[Fault]:
    peers = {each.call.peer for each in run}
    if len(run) >= _MANY and len(peers) == len(run):
        says = f"Opened {len(run)} connections for {len(run)} calls that came one after the other."
        yield Fault(says, run, worst=len(run))


def _could_be_reused(first: Exchange, again: Exchange) -> bool:
    """Whether the connection of the first call was open and free when the other came."""
    if first.call.peer is None or first.call.peer == again.call.peer or not first.is_over:
        return False
    if first.cut or first.left or not 0 < first.status < 400:
        return False
    return 0 <= again.call.arrived - real_end(first) < _KEPT_OPEN
