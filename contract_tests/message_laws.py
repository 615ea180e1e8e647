"""What every server does with messages in Anthropic's format: each function is one law."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from contract_tests.stream import Received

Json = Any
# The grammar of a stream (AN-031): the event and the state that it is met in, and the state after.
# A ping may come in any state; an error ends the stream wherever it comes (AN-039).
_GRAMMAR: Mapping[tuple[str, str], str] = {
    ("nothing", "message_start"): "between",
    ("between", "content_block_start"): "inside",
    ("inside", "content_block_delta"): "inside",
    ("inside", "content_block_stop"): "between",
    ("between", "message_delta"): "ending",
    ("ending", "message_delta"): "ending",
    ("ending", "message_stop"): "over",
}
# The delta that adds to a member of a block, by the type of the block (AN-035).
_DELTAS: Mapping[str, Mapping[str, str]] = {
    "text": {"text_delta": "text", "citations_delta": "citation"},
    "thinking": {"thinking_delta": "thinking", "signature_delta": "signature"},
    "tool_use": {"input_json_delta": "partial_json"},
    "redacted_thinking": {},
}


def message_of(events: Sequence[Received]) -> Json:
    """The message that a stream adds up to; raises AssertionError where it breaks the grammar.

    Every event comes where the grammar has it, blocks count from 0, and token counts never fall.
    """
    state = "nothing"
    message: dict[str, Json] = {}
    for event in events:
        data = _data(event)
        assert state != "over", f"{event.name} comes after the end"
        if event.name == "error":
            state = "over"
        elif event.name != "ping":
            follows = _GRAMMAR.get((state, str(event.name)))
            assert follows, f"{event.name} comes where the stream is {state}"
            _take(message, data)
            state = follows
    assert state == "over", f"the stream ends where it is {state}"
    return message


def _data(event: Received) -> Json:
    """The JSON of an event, whose type is the event's name (AN-030); no [DONE] is one (AN-032)."""
    assert event.data != "[DONE]", "[DONE] came, which this format does not have"
    data = json.loads(event.data)
    assert data["type"] == event.name, f"an event {event.name} has data of type {data['type']}"
    return data


def _take(message: dict[str, Json], data: Json) -> None:
    """Let a message grow by what an event says."""
    kind = data["type"]
    if kind == "message_start":
        message.update(data["message"])
        assert message["content"] == [], "a message opens with content"
        assert message["stop_reason"] is None, "a message opens with its end"
    elif kind == "content_block_start":
        count = len(message["content"])
        assert data["index"] == count, f"block {data['index']} follows {count} others"
        message["content"].append({**data["content_block"], "fragments": []})
    elif kind in ("content_block_delta", "content_block_stop"):
        last = len(message["content"]) - 1
        assert data["index"] == last, f"{kind} of block {data['index']} inside of block {last}"
        _grow(message["content"][-1], data.get("delta"))
    elif kind == "message_delta":
        message.update({name: data["delta"][name] for name in ("stop_reason", "stop_sequence")})
        before, now = message["usage"]["output_tokens"], data["usage"]["output_tokens"]
        assert now >= before, f"{before} tokens were written, and now {now}"
        message["usage"].update(data["usage"])


def _grow(block: dict[str, Json], delta: Json) -> None:
    """A delta adds to its block, and fits the block's type; without one the block is done."""
    if delta is None:
        fragments = "".join(block.pop("fragments"))
        if block["type"] == "tool_use" and fragments:
            block["partial"] = fragments
        return
    members = _DELTAS[block["type"]]
    assert delta["type"] in members, f"a {delta['type']} came in a block {block['type']}"
    member = members[delta["type"]]
    if member == "partial_json":
        block["fragments"].append(delta[member])
    elif member != "citation":
        block[member] = block.get(member, "") + delta[member]


def inputs_are_objects(message: Json) -> None:
    """The input of every tool that was called is an object, in a stream its fragments join to one.

    Only the last block of an answer that was cut off may be incomplete.
    """
    cut = message["stop_reason"] == "max_tokens"
    for number, block in enumerate(message["content"], 1):
        if block["type"] != "tool_use" or (cut and number == len(message["content"])):
            continue
        text = block.pop("partial", None)
        if text is not None:
            try:
                block["input"] = json.loads(text)
            except ValueError:
                raise AssertionError(f"the fragments {text[:80]!r} join to no JSON") from None
        assert isinstance(block["input"], dict), f"the input {block['input']!r} is no object"


def the_end_fits_the_content(message: Json, asked: Json) -> None:
    """`tool_use` ends what calls tools, `stop_sequence` names one that was sent (AN-021)."""
    reason, called = message["stop_reason"], _of_type(message, "tool_use")
    if reason == "tool_use":
        assert called, "the answer ends with the use of a tool, and uses none"
    if reason == "end_turn":
        assert not called, "a tool is used, and the answer ends as if none was"
    if reason == "stop_sequence":
        known = asked.get("stop_sequences") or ()
        assert message["stop_sequence"] in known, f"{message['stop_sequence']!r} was not sent"
        texts = "".join(block["text"] for block in _of_type(message, "text"))
        assert message["stop_sequence"] not in texts, "the text holds its own stop sequence"
    else:
        assert message["stop_sequence"] is None, f"{reason}, and a stop sequence"


def no_more_tokens_are_written_than_asked_for(message: Json, asked: Json) -> None:
    """`max_tokens` bounds all that is written (AN-001)."""
    written = message["usage"]["output_tokens"]
    assert written <= asked["max_tokens"], f"{written} tokens, max_tokens {asked['max_tokens']}"


def thoughts_come_first_and_signed(message: Json, *, asked: bool) -> None:
    """Thoughts come only when asked for, first of all, with a signature to hand back (AN-022)."""
    thoughts = _of_type(message, "thinking")
    assert asked or not thoughts, "thoughts came unasked"
    assert all(thought["signature"] for thought in thoughts), "a thought has no signature"
    if thoughts:
        assert message["content"][0]["type"] == "thinking", "thoughts come after the answer"


def only_tools_that_were_sent_are_called(message: Json, asked: Json) -> None:
    """Each use names one of the request's tools, under an id of its own (AN-004, AN-005)."""
    names = {tool["name"] for tool in asked.get("tools") or ()}
    used = _of_type(message, "tool_use")
    for block in used:
        assert block["name"] in names, f"no tool is called {block['name']!r}"
    assert len({block["id"] for block in used}) == len(used), "two uses have one id"
    choice = asked.get("tool_choice") or {}
    assert not used or choice.get("type") != "none", "a tool is used where none may be"
    if choice.get("disable_parallel_tool_use"):
        assert len(used) <= 1, f"{len(used)} tools at once"


def _of_type(message: Json, type: str) -> list[Json]:
    return [block for block in message["content"] if block["type"] == type]


def a_message_is_what_was_asked_for(message: Json, asked: Json) -> None:
    """Every law that holds for any message, whole or added up."""
    inputs_are_objects(message)
    the_end_fits_the_content(message, asked)
    no_more_tokens_are_written_than_asked_for(message, asked)
    only_tools_that_were_sent_are_called(message, asked)
    thinking = (asked.get("thinking") or {}).get("type", "disabled")
    thoughts_come_first_and_signed(message, asked=thinking != "disabled")


def a_refusal_is_in_anthropics_envelope(answer: Json, type: str, request_id: str | None) -> None:
    """`type`, `error.type` and a sentence; the id is the header's (AN-050)."""
    assert answer["type"] == "error", f"the type is {answer['type']!r}"
    assert answer["error"]["type"] == type, f"the error's type is {answer['error']['type']!r}"
    assert answer["error"]["message"], "no word of what is wrong"
    assert answer.get("request_id") in (None, request_id), "body and header name two requests"
