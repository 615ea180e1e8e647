"""Whether the turns of a conversation fit together: each use of a tool has its one result."""

from collections.abc import Iterable

from mock_server.errors import Invalid
from mock_server.protocols.anthropic.turns import Block, Turn

_SHOWN = 60


def check_history(turns: Iterable[Turn]) -> None:
    """Raises Invalid at a result of no tool's use, and at a use without a result (AN-005)."""
    waiting: dict[str, Block] = {}
    for turn in turns:
        if turn.role == "system":
            continue
        for result in turn.of_type("tool_result"):
            _answer(result, waiting)
        _refuse_unanswered(waiting)
        waiting = _uses(turn)
    _refuse_unanswered(waiting)


def _uses(turn: Turn) -> dict[str, Block]:
    uses: dict[str, Block] = {}
    for use in turn.of_type("tool_use"):
        id = use.content["id"]
        if id in uses:
            place = f"{use.place}.id"
            message = f"{place}: '{_short(id)}' is the id of another `tool_use` too"
            raise Invalid("invalid_value", message, param=place)
        uses[id] = use
    return uses


def _answer(result: Block, waiting: dict[str, Block]) -> None:
    """Take the answered use off the list."""
    id = result.content["tool_use_id"]
    if waiting.pop(id, None) is None:
        place = f"{result.place}.tool_use_id"
        message = f"{place}: '{_short(id)}' is no unanswered `tool_use` of the turn before"
        raise Invalid("invalid_value", message, param=place)


def _refuse_unanswered(waiting: dict[str, Block]) -> None:
    for id, use in waiting.items():
        message = (
            f"{use.place}: `tool_use` '{_short(id)}' has no result; a `tool_result` block with "
            "this tool_use_id must stand in the next turn of the user"
        )
        raise Invalid("missing_field", message, param=use.place)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
