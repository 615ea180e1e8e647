"""Whether the turns of a conversation fit together: each call of a tool has its one result."""

from mock_server.errors import Invalid
from mock_server.wire import Json

_Open = dict[str, str]
"""Calls without a result yet: from the id of each to the place where it stands."""


def check_history(messages: Json, *, needs_ids: bool) -> None:
    """Raises Invalid at a result that belongs to no call, and at a call without a result.

    Without `needs_ids` a result may leave out which call it answers: it answers the first one.
    """
    waiting: _Open = {}
    for index, message in enumerate(messages):
        place = f"messages[{index}]"
        if message["role"] == "tool":
            _answer(message.get("tool_call_id"), place, waiting, needs_ids=needs_ids)
            continue
        _refuse_unanswered(waiting)
        if message["role"] == "assistant" and message.get("tool_calls"):
            waiting = _calls(message["tool_calls"], f"{place}.tool_calls")
    _refuse_unanswered(waiting)


def _calls(calls: Json, place: str) -> _Open:
    places: _Open = {}
    for number, call in enumerate(calls):
        here = f"{place}[{number}]"
        if call["id"] in places:
            message = f"{here}.id: '{_short(call['id'])}' is the id of another call too"
            raise Invalid("invalid_value", message, param=f"{here}.id")
        places[call["id"]] = here
    return places


def _answer(call: str | None, place: str, waiting: _Open, *, needs_ids: bool) -> None:
    """Take the answered call off the list."""
    field = f"{place}.tool_call_id"
    if call is None and needs_ids:
        raise Invalid("missing_field", f"{field}: is required in a tool's message", param=field)
    if call is None:
        waiting.pop(next(iter(waiting), ""), None)
    elif waiting.pop(call, None) is None:
        message = f"{field}: '{_short(call)}' is no unanswered call of the assistant's turn before"
        raise Invalid("invalid_value", message, param=field)


def _refuse_unanswered(waiting: _Open) -> None:
    for call, place in waiting.items():
        message = (
            f"{place}: the call '{_short(call)}' has no result; a message of role 'tool' with this "
            "tool_call_id must follow before anybody else speaks"
        )
        raise Invalid("missing_field", message, param=place)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60] + "…"
