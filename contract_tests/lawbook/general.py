"""What every answer of every operation keeps to."""

import json
from typing import Final

from contract_tests.exchange import Exchange
from contract_tests.law import Law


def a_status_is_documented(exchange: Exchange) -> bool | None:
    """The contract has an answer with that status for the operation."""
    operation = exchange.operation
    if operation is None:
        return False
    known = ", ".join(map(str, operation.answers))
    assert operation.answer(exchange.status), f"a {exchange.status}; documented are {known}"
    return None


def a_type_is_documented(exchange: Exchange) -> bool | None:
    """The answer comes as one of the media types that the contract has for it."""
    answer = exchange.operation.answer(exchange.status) if exchange.operation else None
    if answer is None or not answer.media:
        return False
    known = [media.type for media in answer.media]
    assert exchange.media_type in known, f"{exchange.media_type!r}, not {', '.join(known)}"
    return None


def nothing_fails_inside(exchange: Exchange) -> bool | None:
    """No 5xx that was not asked for."""
    if any(name == "prefer" for name, _ in exchange.sent):
        return False
    assert exchange.status < 500, f"a {exchange.status}"
    return None


def the_type_is_the_one_asked_for(exchange: Exchange) -> bool | None:
    """`x-selected-by`: a field of the request decides on the media type of the answer."""
    answer = exchange.operation.answer(exchange.status) if exchange.operation else None
    # Of what no page of a provider names, the types are not documented either.
    media_types = [each for each in answer.media if "x-evidence" not in each.node] if answer else []
    chosen = [media for media in media_types if media.selected_by]
    if not chosen or not isinstance(exchange.asked, dict):
        return False
    for media in chosen:
        assert media.selected_by is not None
        field, value = media.selected_by
        wanted = json.dumps(exchange.asked.get(field)) == json.dumps(value)
        came = exchange.media_type == media.type
        assert came == wanted, f"{field} is {exchange.asked.get(field)!r}: {exchange.media_type}"
    return None


LAWS: Final = (
    Law("statuses-are-documented", a_status_is_documented, status=0),
    Law("types-are-documented", a_type_is_documented, status=0),
    Law("the-type-is-the-one-asked-for", the_type_is_the_one_asked_for),
    Law("nothing-fails-inside", nothing_fails_inside, status=0),
)
