"""What of the contract a client's exchanges have met, and what not."""

from collections import Counter
from collections.abc import Sequence
from typing import Final

from mock_server.journal import Exchange
from mock_server.operation import Operation
from mock_server.verdict.answers import header
from mock_server.verdict.contract import Contract
from mock_server.verdict.record import Record
from mock_server.wire import Json

_STREAM: Final = "text/event-stream"


def coverage(records: Sequence[Record], contract: Contract) -> Json:
    """Operations, statuses and faults met; of the providers whose keys were used."""
    exchanges = [exchange for record in records for exchange in record.every]
    operations, effects = _operations(contract, exchanges), contract.effects
    met = Counter(name for exchange in exchanges for name in exchange.faults)
    kinds = {effects.get(name) for name in met}
    missing = sorted({each for each in effects.values() if each is not None} - kinds)
    return {
        "operations": {each.id: _told(each, exchanges) for each in operations},
        "faults": {
            "met": {name: effects.get(name) for name in met},
            "times": dict(met),
            "missing_effects": missing,
        },
    }


def _operations(contract: Contract, exchanges: Sequence[Exchange]) -> list[Operation]:
    every = list(contract.operations.values())
    labels = {(each.caller or "").partition(":")[0] for each in exchanges}
    names = labels & set(contract.spec.providers)
    if not names:
        return every
    return [
        each for each in every if not each.providers or names & {its.name for its in each.providers}
    ]


def _told(operation: Operation, exchanges: Sequence[Exchange]) -> Json:
    own = [each for each in exchanges if each.operation == operation.id]
    met = Counter(each.status for each in own if each.status)
    known = [str(each) if each > 9 else f"{each}XX" for each in operation.answers]
    known += ["default"] if operation.default is not None else []
    named = {status: _name(status, known) for status in sorted(met)}
    return {
        "exchanges": len(own),
        "statuses": {
            "met": {
                name: sum(met[status] for status in named if named[status] == name)
                for name in dict.fromkeys(each for each in named.values() if each)
            },
            "missing": [name for name in known if name not in named.values()],
            "undocumented": [status for status, name in named.items() if name is None],
        },
        "streams": _forms(operation, own),
    }


def _name(status: int, known: Sequence[str]) -> str | None:
    """Under which name that status is documented."""
    names = (str(status), f"{status // 100}XX", "default")
    return next((name for name in names if name in known), None)


def _forms(operation: Operation, own: Sequence[Exchange]) -> dict[str, int] | None:
    """How often the answer was streamed, and how often whole; None where there is no choice."""
    types = {media.type for answer in operation.answers.values() for media in answer.media}
    if _STREAM not in types:
        return None
    streamed = [(header(each, b"content-type") or "").startswith(_STREAM) for each in own]
    good = [is_stream for is_stream, each in zip(streamed, own, strict=True) if each.status < 400]
    return {"streamed": sum(good), "whole": len(good) - sum(good)}
