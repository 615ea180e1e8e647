"""Whether the results of tools belong to calls, and no call is left without one."""

from typing import Any

import pytest

from mock_server.errors import Invalid
from mock_server.protocols.openai.history import check_history

Json = Any
USER = {"role": "user", "content": "How warm is it?"}


def calls(*ids: str) -> Json:
    made = [{"id": each, "type": "function", "function": {"name": "f"}} for each in ids]
    return {"role": "assistant", "content": None, "tool_calls": made}


def result(call: str | None = None) -> Json:
    return {"role": "tool", "content": "19"} | ({"tool_call_id": call} if call else {})


@pytest.mark.parametrize(
    "messages",
    [
        [USER],
        [USER, {"role": "assistant", "content": "Warm.", "tool_calls": None}, USER],
        [USER, calls("a"), result("a")],
        [USER, calls("a", "b"), result("b"), result("a"), USER],
        [USER, calls("a"), result("a"), calls("a"), result("a")],
    ],
)
def test_turns_that_fit_together_are_taken(messages: Json) -> None:
    for needs_ids in (True, False):
        check_history(messages, needs_ids=needs_ids)


@pytest.mark.parametrize(
    ("messages", "param", "kind"),
    [
        ([USER, result("a")], "messages[1].tool_call_id", "invalid_value"),
        ([USER, calls("a"), result("b")], "messages[2].tool_call_id", "invalid_value"),
        ([USER, calls("a"), result("a"), result("a")], "messages[3].tool_call_id", "invalid_value"),
        ([USER, calls("a")], "messages[1].tool_calls[0]", "missing_field"),
        (
            [USER, calls("a", "b"), result("a"), USER],
            "messages[1].tool_calls[1]",
            "missing_field",
        ),
        ([USER, calls("a"), USER, result("a")], "messages[1].tool_calls[0]", "missing_field"),
        ([USER, calls("a", "a")], "messages[1].tool_calls[1].id", "invalid_value"),
    ],
)
def test_what_does_not_fit_is_named(messages: Json, param: str, kind: str) -> None:
    for needs_ids in (True, False):
        with pytest.raises(Invalid) as caught:
            check_history(messages, needs_ids=needs_ids)
        assert (caught.value.param, caught.value.kind) == (param, kind)
        assert param in caught.value.message


def test_an_id_may_be_missing_only_where_the_provider_does_without() -> None:
    for messages in ([USER, result()], [USER, calls("a", "b"), result(), result(), USER]):
        check_history(messages, needs_ids=False)
        with pytest.raises(Invalid, match="tool_call_id: is required"):
            check_history(messages, needs_ids=True)
    with pytest.raises(Invalid, match="'b' has no result"):
        check_history([USER, calls("a", "b"), result(), USER], needs_ids=False)


def test_a_long_id_is_not_repeated_whole() -> None:
    with pytest.raises(Invalid) as caught:
        check_history([USER, result("x" * 10_000)], needs_ids=True)
    assert len(caught.value.message) < 300
