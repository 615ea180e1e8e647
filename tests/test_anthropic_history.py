"""Every use of a tool has its one result, in the next turn of the user."""

from typing import Any

import pytest

from mock_server.errors import Invalid
from mock_server.protocols.anthropic.history import check_history
from mock_server.protocols.anthropic.turns import turns_of

Json = Any
HELLO = {"role": "user", "content": "Hello."}


def uses(*ids: str) -> Json:
    blocks = [{"type": "tool_use", "id": id, "name": "f", "input": {}} for id in ids]
    return {"role": "assistant", "content": blocks}


def results(*ids: str) -> Json:
    blocks = [{"type": "tool_result", "tool_use_id": id, "content": "1"} for id in ids]
    return {"role": "user", "content": blocks}


@pytest.mark.parametrize(
    "messages",
    [
        [HELLO],
        [HELLO, uses("a"), results("a")],
        [HELLO, uses("a", "b"), results("b", "a"), HELLO],
        [HELLO, uses("a"), uses("b"), results("a"), results("b")],
        [HELLO, uses("a"), {"role": "system", "content": "Hm."}, results("a")],
        [HELLO, uses("a"), results("a"), uses("a"), results("a")],
        [HELLO, uses("a"), HELLO, results("a")],
    ],
)
def test_what_fits_together_passes(messages: list[Json]) -> None:
    check_history(turns_of(messages))


@pytest.mark.parametrize(
    ("messages", "param", "why"),
    [
        ([results("a")], "messages[0].content[0].tool_use_id", "no unanswered"),
        ([HELLO, uses("a")], "messages[1].content[0]", "has no result"),
        ([HELLO, uses("a"), HELLO], "messages[1].content[0]", "has no result"),
        ([HELLO, uses("a", "b"), results("a")], "messages[1].content[1]", "has no result"),
        ([HELLO, uses("a"), results("b")], "messages[2].content[0].tool_use_id", "no unanswered"),
        ([HELLO, uses("a"), results("a", "a")], "messages[2].content[1].tool_use_id", "'a'"),
        ([HELLO, uses("a", "a"), results("a")], "messages[1].content[1].id", "another"),
        ([HELLO, uses("x" * 100)], "messages[1].content[0]", "x" * 60 + "…"),
    ],
)
def test_what_does_not_is_named(messages: list[Json], param: str, why: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_history(turns_of(messages))
    assert caught.value.param == param
    assert caught.value.message.startswith(f"{param}: ")
    assert why in caught.value.message
