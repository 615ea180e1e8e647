"""What clients send: fields that nobody knows or that are going, and what is not what it says."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Final

from mock_server.validation import is_json
from mock_server.verdict.fields import Field
from mock_server.verdict.finding import Fault
from mock_server.verdict.record import Record

_NEAR: Final = 0.85  # how alike names are of which one is the other misspelt
_FORM: Final = "application/x-www-form-urlencoded"  # which is what curl says unless it is told


def unknown_fields(record: Record) -> Iterator[Fault]:
    """Fields that the contract does not have: whatever they were to do, they do not do it.

    One that is all but a known name is a mistake; another may be for somebody else's server.
    """
    for exchange, field in record.odd_fields:
        if field.is_known:
            continue
        near = _near(field)
        hint = f"; did you mean {near[0]}?" if near else "."
        says = f"Sent {field.place} to {exchange.operation}, which the contract does not have{hint}"
        yield Fault(says, [exchange], "wrong" if near else "risky", f"{field.place}")


def deprecated_fields(record: Record) -> Iterator[Fault]:
    """Fields that the contract calls deprecated: they work today."""
    for exchange, field in record.odd_fields:
        if field.is_known:
            says = f"Sent {field.place} to {exchange.operation}, which is deprecated."
            yield Fault(says, [exchange], about=f"{field.place}")


def picture_type_lies(record: Record) -> Iterator[Fault]:
    """A picture was sent as something that it is not."""
    for exchange in record.every:
        if exchange.flaw == "mislabelled-picture":
            yield Fault(f"Sent a picture as what it is not: {exchange.error}", [exchange])


def body_type_lies(record: Record) -> Iterator[Fault]:
    """A body was sent without its media type, or JSON as if it were a form."""
    for exchange in record.exchanges:
        operation, call = record.operation(exchange), exchange.call
        if operation is None or exchange.status < 400 or not call.body:
            continue
        wanted = next((media.type for media in operation.bodies if is_json(media.type)), None)
        if wanted is None:
            continue
        if not call.media_type:
            says = f"Sent a body to {exchange.operation} without a Content-Type."
            yield Fault(says, [exchange])
        elif call.media_type == _FORM and bytes(call.body[:1]) in (b"{", b"["):
            says = f"Sent JSON to {exchange.operation} as Content-Type: {_FORM}."
            yield Fault(says, [exchange])


def _near(field: Field) -> list[str]:
    """The known name of which this one is a slip: of the hand, or of the case."""
    same = [each for each in field.others if _bare(each) == _bare(field.name)]
    return same or get_close_matches(field.name, field.others, 1, _NEAR)


def _bare(name: str) -> str:
    return name.replace("_", "").replace("-", "").lower()
