"""What every server does with messages in Anthropic's format: each function is one law.

Laws of a stream take its events. Laws of a message take a whole one, streamed ones joined by
`message_of`, and the request; they give False where it says nothing of the law.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import jsonschema_rs

from contract_tests.stream import Received

Json = Any
# The grammar of a stream (AN-031): the event and the state that it is met in, and the state after.
# A ping may come in any state; an error ends the stream wherever it comes (AN-039).
_GRAMMAR: Final[Mapping[tuple[str, str], str]] = {
    ("nothing", "message_start"): "between",
    ("between", "content_block_start"): "inside",
    ("inside", "content_block_delta"): "inside",
    ("inside", "content_block_stop"): "between",
    ("between", "message_delta"): "ending",
    ("ending", "message_delta"): "ending",
    ("ending", "message_stop"): "over",
}
# The delta that adds to a member of a block, by the type of the block (AN-035).
_DELTAS: Final[Mapping[str, Mapping[str, str]]] = {
    "text": {"text_delta": "text", "citations_delta": "citation"},
    "thinking": {"thinking_delta": "thinking", "signature_delta": "signature"},
    "tool_use": {"input_json_delta": "partial_json"},
    "redacted_thinking": {},
}
_DONE: Final = "[DONE]"


# --- Streams -------------------------------------------------------------------------------------


def message_of(events: Sequence[Received]) -> Json:
    """The message that a stream adds up to, as far as it can be understood.

    What a tool's input came as is left in `partial` where it is no JSON.
    """
    message: dict[str, Json] = {"content": [], "stop_reason": None, "stop_sequence": None}
    for data in _told(events):
        kind = data.get("type")
        if kind == "message_start":
            message.update(data["message"], content=list(data["message"]["content"]))
        elif kind == "content_block_start":
            message["content"].append({**data["content_block"]})
        elif kind == "content_block_delta" and message["content"]:
            _grow(message["content"][-1], data["delta"])
        elif kind == "message_delta":
            message.update(data["delta"])
            message.setdefault("usage", {}).update(data["usage"])
    for block in message["content"]:
        _close(block)
    return message


def _told(events: Sequence[Received]) -> Iterator[Json]:
    """The objects that events bring."""
    for event in events:
        try:
            data = json.loads(event.data)
        except ValueError:
            continue
        if isinstance(data, dict):
            yield data


def _grow(block: dict[str, Json], delta: Json) -> None:
    """Let a block grow by a delta that fits it."""
    member = _DELTAS[block["type"]].get(delta["type"])
    if member == "partial_json":
        block["partial"] = block.get("partial", "") + delta[member]
    elif member not in (None, "citation"):
        block[member] = block.get(member, "") + delta[member]


def _close(block: dict[str, Json]) -> None:
    text = block.pop("partial", "")
    if text:
        try:
            block["input"] = json.loads(text)
        except ValueError:
            block["partial"] = text


def events_come_in_order(events: Sequence[Received]) -> None:
    """Every event comes where the grammar has it, from the first to the last (AN-031)."""
    state = "nothing"
    for data in _told(events):
        kind = str(data.get("type"))
        assert state != "over" or kind == "ping", f"{kind} comes after the end"
        if kind == "error":
            state = "over"
        elif kind != "ping":
            follows = _GRAMMAR.get((state, kind))
            assert follows, f"{kind} comes where the stream is {state}"
            state = follows
    assert state == "over", f"the stream ends where it is {state}"


def events_are_named_by_their_type(events: Sequence[Received]) -> None:
    """Clients skip an event that has no name (AN-030)."""
    for event in events:
        for data in _told([event]):
            said = f"the event {event.name} has data of type {data.get('type')}"
            assert data.get("type") == event.name, said


def no_end_mark_comes(events: Sequence[Received]) -> None:
    """This format has no `[DONE]` (AN-032)."""
    assert all(event.data != _DONE for event in events), "[DONE] came, which is of another format"


def blocks_are_numbered(events: Sequence[Received]) -> None:
    """From 0 in their order, and what belongs to a block bears its number (AN-031, AN-037)."""
    count = 0
    for data in _told(events):
        kind = str(data.get("type"))
        if kind == "content_block_start":
            assert data["index"] == count, f"block {data['index']} follows {count} others"
            count += 1
        elif kind.startswith("content_block"):
            assert data["index"] == count - 1, f"{kind} of {data['index']} in block {count - 1}"


def deltas_fit_their_block(events: Sequence[Received]) -> bool | None:
    """Text grows by text, thoughts by thoughts, input by pieces of JSON (AN-035)."""
    block, judged = None, False
    for data in _told(events):
        if data.get("type") == "content_block_start":
            block = data["content_block"]["type"]
        elif data.get("type") == "content_block_delta" and block is not None:
            kind, judged = data["delta"]["type"], True
            assert kind in _DELTAS[block], f"a {kind} came in a block {block}"
    return None if judged else False


def a_signature_closes_its_thoughts(events: Sequence[Received]) -> bool | None:
    """It comes once they are complete, just before the block stops (AN-035)."""
    signed, judged = False, False
    for data in _told(events):
        kind = (data.get("delta") or {}).get("type")
        assert not (signed and kind == "thinking_delta"), "thoughts go on after their signature"
        signed = kind == "signature_delta"
        judged = judged or signed
    return None if judged else False


def counts_never_fall(events: Sequence[Received]) -> None:
    """Each count of tokens holds for all that was written so far (AN-036)."""
    before = 0
    for data in _told(events):
        usage = data.get("usage") or (data.get("message") or {}).get("usage") or {}
        now = usage.get("output_tokens", before)
        assert now >= before, f"{before} tokens were written, and now {now}"
        before = now


def the_end_gives_a_reason(events: Sequence[Received]) -> bool | None:
    """The last `message_delta` says why the message ended (AN-021, AN-036)."""
    ends = [data["delta"] for data in _told(events) if data.get("type") == "message_delta"]
    if not ends:
        return False
    assert ends[-1].get("stop_reason"), "the message ends for no reason"
    return None


# --- Messages ------------------------------------------------------------------------------------


def a_message_says_something(message: Json, asked: Json) -> bool | None:
    """Who ends by itself has said something (AN-022)."""
    if message["stop_reason"] != "end_turn" or not asked.get("max_tokens"):
        return False
    said = [block for block in message["content"] if block["type"] != "text" or block["text"]]
    assert said, "the message is empty"
    return None


def inputs_are_objects(message: Json, asked: Json) -> bool | None:
    """The input of a tool is an object; in a stream its fragments join to one (AN-022, AN-035).

    Only the last block of an answer that was cut off may be incomplete.
    """
    used = _whole_uses(message)
    for block in used:
        partial = block.get("partial")
        assert partial is None, f"the fragments {str(partial)[:80]!r} join to no JSON"
        assert isinstance(block["input"], dict), f"the input {block['input']!r} is no object"
    return None if used else False


def inputs_keep_their_schema(message: Json, asked: Json) -> bool | None:
    """They are what the tool's own schema allows (AN-005)."""
    schemas = {tool["name"]: tool["input_schema"] for tool in asked.get("tools") or ()}
    judged = False
    for block in _whole_uses(message):
        if block["name"] in schemas and isinstance(block["input"], dict) and "partial" not in block:
            error = next(iter(jsonschema_rs.iter_errors(schemas[block["name"]], block["input"])), 0)
            assert not error, f"the input breaks the schema of {block['name']}: {error}"[:400]
            judged = True
    return None if judged else False


def the_end_tells_of_tools(message: Json, asked: Json) -> bool | None:
    """`tool_use` is how a message ends that uses tools, and no other (AN-021)."""
    reason, used = message["stop_reason"], _of_type(message, "tool_use")
    assert reason != "tool_use" or used, "the message ends with the use of a tool, and uses none"
    assert reason != "end_turn" or not used, "a tool is used, and the message ends as if none was"
    return None if used or reason == "tool_use" else False


def a_stop_sequence_is_named_where_one_ended_it(message: Json, asked: Json) -> None:
    """`stop_sequence` is one of the request's, or null where something else ended it (AN-020)."""
    named, reason = message["stop_sequence"], message["stop_reason"]
    if reason == "stop_sequence":
        assert named in (asked.get("stop_sequences") or ()), f"{named!r} was not sent"
    else:
        assert named is None, f"the message ends with {reason}, and names {named!r}"


def no_stop_sequence_is_said(message: Json, asked: Json) -> bool | None:
    """A message ends before it (AN-002)."""
    text = "".join(block["text"] for block in _of_type(message, "text"))
    stops = [each for each in asked.get("stop_sequences") or () if each]
    said = [stop for stop in stops if stop in text]
    assert not said, f"the message has its own stop sequence {said[0]!r}"
    return None if stops else False


def no_more_tokens_are_written_than_asked_for(message: Json, asked: Json) -> bool | None:
    """`max_tokens` bounds all that is written (AN-001)."""
    written, most = message["usage"]["output_tokens"], asked.get("max_tokens")
    if most is None:
        return False
    assert written <= most, f"{written} tokens, max_tokens {most}"
    return None


def usage_has_no_total(message: Json, asked: Json) -> None:
    """Counts stand apart: what was read, what was written (AN-023)."""
    totals = [name for name in message["usage"] if "total" in name]
    assert not totals, f"{totals[0]} is of another format"


def thoughts_come_only_where_asked(message: Json, asked: Json) -> bool | None:
    """No block `thinking` comes where `thinking` is off (AN-006)."""
    if (asked.get("thinking") or {}).get("type", "disabled") != "disabled":
        return False
    assert not _of_type(message, "thinking"), "thoughts came unasked"
    return None


def thoughts_come_first(message: Json, asked: Json) -> bool | None:
    """They are told before the answer (AN-022)."""
    if not _of_type(message, "thinking"):
        return False
    assert message["content"][0]["type"] == "thinking", "thoughts come after the answer"
    return None


def thoughts_are_signed(message: Json, asked: Json) -> bool | None:
    """Each has a signature, by which it can be handed back (AN-022)."""
    thoughts = _of_type(message, "thinking")
    if message["stop_reason"] == "max_tokens" and message["content"][-1:] == thoughts[-1:]:
        thoughts = thoughts[:-1]  # cut off before its signature
    assert all(thought.get("signature") for thought in thoughts), "a thought has no signature"
    return None if thoughts else False


def only_tools_that_were_sent_are_used(message: Json, asked: Json) -> bool | None:
    """Each use names one of the request's tools (AN-005)."""
    names = {tool["name"] for tool in asked.get("tools") or ()}
    used = _of_type(message, "tool_use")
    strange = [block["name"] for block in used if block["name"] not in names]
    assert not strange, f"no tool is called {strange[0]!r}"
    return None if used else False


def uses_have_ids_of_their_own(message: Json, asked: Json) -> bool | None:
    """A result says by the id which use it answers (AN-005)."""
    ids = [block["id"] for block in _of_type(message, "tool_use")]
    assert len(set(ids)) == len(ids), "two uses have one id"
    return None if ids else False


def no_tool_is_used_where_none_may_be(message: Json, asked: Json) -> bool | None:
    """`none` forbids all of them (AN-004)."""
    if _choice(asked).get("type") != "none":
        return False
    assert not _of_type(message, "tool_use"), "a tool is used where none may be"
    return None


def a_tool_is_used_where_one_must_be(message: Json, asked: Json) -> bool | None:
    """`any` and a named tool leave no choice (AN-004)."""
    sent, choice = [tool["name"] for tool in asked.get("tools") or ()], _choice(asked)
    must = (bool(sent) and choice.get("type") == "any") or choice.get("name") in sent
    if not must or message["stop_reason"] == "max_tokens":
        return False
    assert _of_type(message, "tool_use"), "no tool is used where one must be"
    return None


def only_the_named_tool_is_used(message: Json, asked: Json) -> bool | None:
    """A named tool is the only one that may be used (AN-004)."""
    names = {block["name"] for block in _of_type(message, "tool_use")}
    if _choice(asked).get("type") != "tool" or not names:
        return False
    wanted = _choice(asked)["name"]
    assert names == {wanted}, f"{', '.join(sorted(names))} is used, {wanted} was asked for"
    return None


def one_tool_at_a_time_is_used(message: Json, asked: Json) -> bool | None:
    """`disable_parallel_tool_use` allows one use at most (AN-004)."""
    used = _of_type(message, "tool_use")
    if not _choice(asked).get("disable_parallel_tool_use") or not used:
        return False
    assert len(used) == 1, f"{len(used)} tools at once"
    return None


def _choice(asked: Json) -> Json:
    return asked.get("tool_choice") or {}


def _of_type(message: Json, type: str) -> list[Json]:
    return [block for block in message["content"] if block["type"] == type]


def _whole_uses(message: Json) -> list[Json]:
    """The uses of tools, without one that was cut off."""
    cut = message["stop_reason"] == "max_tokens"
    blocks = message["content"][:-1] if cut else message["content"]
    return [block for block in blocks if block["type"] == "tool_use"]


def a_refusal_is_in_anthropics_envelope(answer: Json, type: str, request_id: str | None) -> None:
    """`type`, `error.type` and a sentence; the id is the header's (AN-050)."""
    assert answer["type"] == "error", f"the type is {answer['type']!r}"
    assert answer["error"]["type"] == type, f"the error's type is {answer['error']['type']!r}"
    assert answer["error"]["message"], "no word of what is wrong"
    assert answer.get("request_id") in (None, request_id), "body and header name two requests"
