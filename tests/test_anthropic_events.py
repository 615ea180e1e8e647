"""The events of a stream, token by token, and what they wait for."""

import json
from collections.abc import Iterator
from itertools import chain, repeat
from typing import Any

from mock_server.completion import Completion, ToolCall
from mock_server.protocols.anthropic.events import End, stream
from mock_server.wire import Event

Json = Any
HEAD = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m"}
CALL = ToolCall("call_1f", "f", ["{", "}"])


def events(completion: Completion, pauses: Iterator[float] | None = None) -> list[Event]:
    usage = {"input_tokens": 3, "output_tokens": completion.tokens}
    return list(stream(HEAD, completion, End("end_turn", None, usage), pauses, is_told=True))


def read(completion: Completion) -> list[Json]:
    return [json.loads(event.data) for event in events(completion)]


def test_every_event_bears_the_name_of_its_type() -> None:
    for event in events(Completion(["Hm"], ["Yes"], (CALL,), "tool_calls")):
        assert json.loads(event.data)["type"] == event.name


def test_blocks_are_counted_and_their_fragments_are_the_tokens() -> None:
    made = read(Completion(["H", "m"], ["Y", "es"], (CALL, CALL), "tool_calls"))
    starts = [each for each in made if each["type"] == "content_block_start"]
    assert [each["index"] for each in starts] == [0, 1, 2, 3]
    deltas = [each["delta"] for each in made if each["type"] == "content_block_delta"]
    assert [each["type"] for each in deltas] == [
        *("thinking_delta", "thinking_delta", "signature_delta", "text_delta", "text_delta"),
        *("input_json_delta", "input_json_delta") * 2,
    ]
    assert [each.get("text") for each in deltas[3:5]] == ["Y", "es"]
    assert [each["index"] for each in made if each["type"] == "content_block_stop"] == [0, 1, 2, 3]


def test_counts_begin_with_one_token_and_end_with_all() -> None:
    made = read(Completion([], ["a", "b", "c"], (), "stop"))
    assert made[0]["message"]["usage"] == {"input_tokens": 3, "output_tokens": 1}
    assert made[-2]["usage"] == {"input_tokens": 3, "output_tokens": 3}


def test_a_silent_answer_counts_nothing() -> None:
    made = read(Completion([], [], (), "length"))
    assert [each["type"] for each in made] == [
        *("message_start", "ping", "message_delta", "message_stop")
    ]
    assert made[0]["message"]["usage"]["output_tokens"] == 0


def test_each_token_waits_its_turn() -> None:
    waits = chain([9.0], repeat(1.0))
    made = events(Completion(["H"], ["Y", "es"], (CALL,), "tool_calls"), waits)
    after = [(event.name, event.after) for event in made if event.after]
    assert after == [
        ("message_start", 9.0),
        ("content_block_delta", 1.0),
        ("content_block_delta", 1.0),
        ("content_block_start", 1.0),
        ("content_block_delta", 1.0),
        ("content_block_delta", 1.0),
    ]


def test_no_line_is_broken_that_is_none() -> None:
    for event in events(Completion(["\u2028"], ["\x85", "a\u2029"], (), "stop")):
        assert event.data.decode().splitlines() == [event.data.decode()]
