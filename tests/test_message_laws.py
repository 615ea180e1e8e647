"""The laws of messages find what breaks them."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from contract_tests import message_laws as laws
from contract_tests.message_sense import message_makes_sense
from contract_tests.stream import Received

Json = Any
Law = Callable[[Json, Json], bool | None]
StreamLaw = Callable[[Sequence[Received]], bool | None]
STOPS = laws.a_stop_sequence_is_named_where_one_ended_it
LIMIT = laws.no_more_tokens_are_written_than_asked_for
SENT = laws.only_tools_that_were_sent_are_used
STREAM_LAWS: Sequence[StreamLaw] = (
    laws.events_come_in_order,
    laws.events_are_named_by_their_type,
    laws.no_end_mark_comes,
    laws.blocks_are_numbered,
    laws.deltas_fit_their_block,
    laws.counts_never_fall,
    laws.the_end_gives_a_reason,
)
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
SIGNED = grow(0, type="signature_delta", signature="x")
THOUGHTS = grow(0, type="thinking_delta", thinking="Hm")


def received(*events: Json) -> list[Received]:
    return [Received(json.dumps(event), event["type"]) for event in events]


def test_a_good_stream_adds_up_and_keeps_every_law() -> None:
    for events in ((PING, START, *TEXT, PING, end(), STOP), (START, *USE, end("tool_use"), STOP)):
        for law in STREAM_LAWS:
            law(received(*events))
    message = laws.message_of(received(PING, START, *TEXT, PING, end(), STOP))
    assert message["content"] == [{"type": "text", "text": "Hi"}]
    assert message["usage"] == {"input_tokens": 1, "output_tokens": 9}
    used = laws.message_of(received(START, *USE, end("tool_use"), STOP))
    assert used["content"][0]["input"] == {"a": 1}
    assert laws.inputs_are_objects(used, ASKED) is None


def test_a_stream_may_be_broken_off_by_an_error() -> None:
    laws.events_come_in_order(received(START, TEXT[0], ERROR))
    assert laws.message_of(received(START, TEXT[0], ERROR))["stop_reason"] is None


@pytest.mark.parametrize(
    ("events", "why"),
    [
        ([START, *TEXT, end()], "ends where it is ending"),
        ([START, *TEXT, end(), STOP, STOP], "after the end"),
        ([*TEXT, end(), STOP], "where the stream is nothing"),
        ([START, START, end(), STOP], "message_start comes where"),
        ([START, TEXT[0], TEXT[0], end(), STOP], "where the stream is inside"),
        ([START, TEXT[0], end(), STOP], "where the stream is inside"),
        ([START, TEXT[1], end(), STOP], "where the stream is between"),
        ([START, *TEXT, STOP], "where the stream is between"),
        ([START, ERROR, STOP], "after the end"),
    ],
)
def test_what_breaks_the_grammar_is_found(events: list[Json], why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        laws.events_come_in_order(received(*events))


@pytest.mark.parametrize(
    ("law", "events", "why"),
    [
        (laws.blocks_are_numbered, [begin(1, type="text")], "follows 0 others"),
        (laws.blocks_are_numbered, [TEXT[0], done(1)], "in block 0"),
        (laws.deltas_fit_their_block, [TEXT[0], USE[1]], "in a block text"),
        (laws.counts_never_fall, [START, end(tokens=0)], "were written, and now 0"),
        (laws.the_end_gives_a_reason, [end("")], "for no reason"),
        (laws.a_signature_closes_its_thoughts, [SIGNED, THOUGHTS], "go on after"),
    ],
)
def test_what_is_wrong_with_single_events_is_found(
    law: StreamLaw, events: list[Json], why: str
) -> None:
    with pytest.raises(AssertionError, match=why):
        law(received(*events))


def test_names_types_and_end_marks_are_looked_at() -> None:
    with pytest.raises(AssertionError, match="has data of type ping"):
        laws.events_are_named_by_their_type([Received(json.dumps(PING), "message_start")])
    with pytest.raises(AssertionError, match="DONE"):
        laws.no_end_mark_comes([Received("[DONE]")])


def test_what_is_no_json_is_passed_over() -> None:
    events = [Received("tick"), Received("7"), *received(START, *TEXT, end(), STOP)]
    assert laws.message_of(events)["content"] == [{"type": "text", "text": "Hi"}]


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
ASKED = {
    "max_tokens": 9,
    "tools": [{"name": "f", "input_schema": {"required": ["a"]}}],
    "stop_sequences": ["."],
}
ANY, NONE, NAMED = ({"tool_choice": {"type": "any"}}, {"tool_choice": {"type": "none"}}, "g")


@pytest.mark.parametrize(
    ("law", "made", "asked", "why"),
    [
        (laws.the_end_tells_of_tools, message(SAID, reason="tool_use"), {}, "uses none"),
        (laws.the_end_tells_of_tools, message(USED), {}, "as if none was"),
        (STOPS, message(SAID, reason="stop_sequence", stop="!"), {}, "was not sent"),
        (STOPS, message(SAID, stop="."), {}, "ends with end_turn, and names"),
        (laws.no_stop_sequence_is_said, message(SAID | {"text": "."}), {}, "its own stop"),
        (LIMIT, message(SAID), {"max_tokens": 4}, "5 tokens"),
        (laws.usage_has_no_total, {"usage": {"total_tokens": 6}}, {}, "another format"),
        (laws.a_message_says_something, message(SAID | {"text": ""}), {}, "is empty"),
        (SENT, message(USED, reason="tool_use"), {"tools": []}, "no tool is called"),
        (laws.uses_have_ids_of_their_own, message(USED, USED), {}, "two uses"),
        (laws.no_tool_is_used_where_none_may_be, message(USED), NONE, "none may be"),
        (laws.a_tool_is_used_where_one_must_be, message(SAID), ANY, "one must be"),
        (
            laws.only_the_named_tool_is_used,
            message(USED),
            {"tool_choice": {"type": "tool", "name": NAMED}},
            "f is used, g was asked for",
        ),
        (
            laws.one_tool_at_a_time_is_used,
            message(USED, USED),
            {"tool_choice": {"type": "any", "disable_parallel_tool_use": True}},
            "2 tools at once",
        ),
        (laws.thoughts_come_only_where_asked, message(THOUGHT, SAID), {}, "unasked"),
        (laws.thoughts_come_first, message(SAID, THOUGHT), {}, "after the answer"),
        (laws.thoughts_are_signed, message(THOUGHT | {"signature": ""}), {}, "no signature"),
        (laws.inputs_are_objects, message(USED | {"input": []}), {}, "is no object"),
        (laws.inputs_are_objects, message(USED | {"partial": "{"}), {}, "join to no JSON"),
        (laws.inputs_keep_their_schema, message(USED), {}, "breaks the schema of f"),
    ],
)
def test_what_was_not_asked_for_is_found(law: Law, made: Json, asked: Json, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        law(made, ASKED | asked)


@pytest.mark.parametrize(
    ("law", "made"),
    [
        (laws.the_end_tells_of_tools, message(USED, reason="tool_use")),
        (STOPS, message(SAID, reason="stop_sequence", stop=".")),
        (laws.no_stop_sequence_is_said, message(SAID)),
        (LIMIT, message(SAID)),
        (laws.a_message_says_something, message(SAID)),
        (SENT, message(USED)),
        (laws.thoughts_come_first, message(THOUGHT, SAID)),
        (laws.thoughts_are_signed, message(THOUGHT)),
        (laws.inputs_are_objects, message(USED)),
        (laws.inputs_keep_their_schema, message(USED | {"input": {"a": 1}})),
    ],
)
def test_what_was_asked_for_passes(law: Law, made: Json) -> None:
    assert law(made, ASKED) is None


@pytest.mark.parametrize(
    ("law", "made"),
    [
        (laws.inputs_are_objects, message(USED | {"partial": "{"}, reason="max_tokens")),
        (laws.thoughts_are_signed, message(THOUGHT | {"signature": ""}, reason="max_tokens")),
        (laws.a_tool_is_used_where_one_must_be, message(SAID)),
        (laws.one_tool_at_a_time_is_used, message(USED, USED)),
    ],
)
def test_a_law_says_nothing_of_what_it_is_not_about(law: Law, made: Json) -> None:
    assert law(made, ASKED) is False


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
