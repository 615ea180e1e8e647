"""The laws of messages find what breaks them."""

import json
from typing import Any

import pytest

from contract_tests import message_laws
from contract_tests.message_sense import message_makes_sense
from contract_tests.stream import Received

Json = Any
START = {
    "type": "message_start",
    "message": {
        "content": [],
        "stop_reason": None,
        "stop_sequence": None,
        "usage": {"input_tokens": 1, "output_tokens": 1},
    },
}
PING = {"type": "ping"}
STOP = {"type": "message_stop"}


def begin(index: int, **block: Json) -> Json:
    return {"type": "content_block_start", "index": index, "content_block": block}


def grow(index: int, **delta: Json) -> Json:
    return {"type": "content_block_delta", "index": index, "delta": delta}


def done(index: int) -> Json:
    return {"type": "content_block_stop", "index": index}


def end(reason: str = "end_turn", tokens: int = 9) -> Json:
    delta = {"stop_reason": reason, "stop_sequence": None}
    return {"type": "message_delta", "delta": delta, "usage": {"output_tokens": tokens}}


TEXT = [begin(0, type="text", text=""), grow(0, type="text_delta", text="Hi"), done(0)]
USE = [
    begin(0, type="tool_use", id="toolu_1", name="f", input={}),
    grow(0, type="input_json_delta", partial_json='{"a"'),
    grow(0, type="input_json_delta", partial_json=":1}"),
    done(0),
]
ERROR = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}


def read(*events: Json) -> Json:
    return message_laws.message_of([Received(json.dumps(e), e["type"]) for e in events])


def test_a_good_stream_adds_up() -> None:
    message = read(PING, START, *TEXT, PING, end(), STOP)
    assert message["content"] == [{"type": "text", "text": "Hi"}]
    assert message["usage"] == {"input_tokens": 1, "output_tokens": 9}
    used = read(START, *USE, end("tool_use"), STOP)
    message_laws.inputs_are_objects(used)
    assert used["content"][0]["input"] == {"a": 1}
    assert read(START, TEXT[0], ERROR)["stop_reason"] is None


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([START, *TEXT, end()], "ends where it is ending"),
        ([START, *TEXT, end(), STOP, PING], "after the end"),
        ([*TEXT, end(), STOP], "where the stream is nothing"),
        ([START, START, end(), STOP], "message_start comes where"),
        ([START, TEXT[0], TEXT[0], end(), STOP], "where the stream is inside"),
        ([START, TEXT[0], end(), STOP], "where the stream is inside"),
        ([START, TEXT[1], end(), STOP], "where the stream is between"),
        ([START, *TEXT, STOP], "where the stream is between"),
        ([START, begin(1, type="text", text=""), done(1), end(), STOP], "follows 0 others"),
        ([START, TEXT[0], done(1), end(), STOP], "inside of block 0"),
        ([START, TEXT[0], USE[1], done(0), end(), STOP], "in a block text"),
        ([START, *TEXT, end(tokens=0), STOP], "were written, and now 0"),
        ([START, ERROR, STOP], "after the end"),
    ],
)
def test_what_breaks_the_grammar_is_found(events: list[Json], why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        read(*events)


def test_names_types_and_end_marks_are_looked_at() -> None:
    with pytest.raises(AssertionError, match="has data of type ping"):
        message_laws.message_of([Received(json.dumps(PING), "message_start")])
    with pytest.raises(AssertionError, match="DONE"):
        message_laws.message_of([Received("[DONE]")])


def message(*content: Json, reason: str = "end_turn", stop: str | None = None) -> Json:
    usage = {"input_tokens": 1, "output_tokens": 5}
    return {
        "content": list(content),
        "stop_reason": reason,
        "stop_sequence": stop,
        "usage": usage,
    }


SAID = {"type": "text", "text": "Hi"}
RESULT = {"type": "tool_result", "tool_use_id": "toolu_1"}
USED = {"type": "tool_use", "id": "toolu_1", "name": "f", "input": {}}
THOUGHT = {"type": "thinking", "thinking": "Hm", "signature": "x"}
ASKED = {"max_tokens": 9, "tools": [{"name": "f"}], "stop_sequences": ["."]}


@pytest.mark.parametrize(
    ("made", "asked", "why"),
    [
        (message(SAID, reason="tool_use"), {}, "uses none"),
        (message(USED), {}, "as if none was"),
        (message(SAID, reason="stop_sequence", stop="!"), {}, "was not sent"),
        (message(SAID | {"text": "."}, reason="stop_sequence", stop="."), {}, "its own stop"),
        (message(SAID, stop="."), {}, "end_turn, and a stop"),
        (message(SAID), {"max_tokens": 4}, "5 tokens"),
        (message(USED, reason="tool_use"), {"tools": []}, "no tool is called"),
        (message(USED, USED, reason="tool_use"), {}, "two uses"),
        (message(USED, reason="tool_use"), {"tool_choice": {"type": "none"}}, "none may be"),
        (
            message(USED, USED | {"id": "toolu_2"}, reason="tool_use"),
            {"tool_choice": {"type": "any", "disable_parallel_tool_use": True}},
            "2 tools at once",
        ),
        (message(THOUGHT, SAID), {}, "unasked"),
        (message(SAID, THOUGHT), {"thinking": {"type": "adaptive"}}, "after the answer"),
        (message(THOUGHT | {"signature": ""}), {"thinking": {"type": "adaptive"}}, "no signature"),
        (message(USED | {"input": []}, reason="tool_use"), {}, "is no object"),
        (message(USED | {"partial": "{"}, reason="tool_use"), {}, "join to no JSON"),
    ],
)
def test_what_was_not_asked_for_is_found(made: Json, asked: Json, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        message_laws.a_message_is_what_was_asked_for(made, ASKED | asked)


def test_what_was_asked_for_passes() -> None:
    message_laws.a_message_is_what_was_asked_for(message(SAID), ASKED)
    cut = message(USED | {"partial": "{"}, reason="max_tokens")
    message_laws.a_message_is_what_was_asked_for(cut, ASKED)


@pytest.mark.parametrize(
    ("change", "sense"),
    [
        ({}, True),
        ({"messages": 7}, True),
        ({"messages": [{"role": "assistant", "content": [USED]}]}, False),
        (
            {
                "messages": [
                    {"role": "assistant", "content": [USED]},
                    {"role": "user", "content": [RESULT]},
                ]
            },
            True,
        ),
        ({"tools": [], "tool_choice": {"type": "tool", "name": "f"}}, False),
        ({"thinking": {"type": "enabled", "budget_tokens": 9}}, False),
        ({"tools": [{"name": "f", "input_schema": {"type": "object", "required": []}}]}, False),
        (
            {
                "messages": [
                    {
                        "role": "user",
                        "content": [
                            {
                                "type": "image",
                                "source": {
                                    "type": "base64",
                                    "media_type": "image/png",
                                    "data": "AAAA",
                                },
                            }
                        ],
                    }
                ]
            },
            False,
        ),
    ],
)
def test_what_no_schema_can_ask_is_told_apart(change: Json, sense: bool) -> None:
    body = {"model": "m", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}
    assert message_makes_sense(body | change) is sense
