"""What a chat promises and no schema can say: each function is one law, named by it.

Laws of a choice take one as it stands in a whole answer, streamed ones joined by `completion_of`,
and the request; they give False where it says nothing of the law. Laws of a stream take its chunks.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

import jsonschema_rs

Json = Any
_IDENTITY: Final = ("id", "object", "created", "model")


# --- Streams -------------------------------------------------------------------------------------


def completion_of(chunks: Sequence[Json]) -> Json:
    """The whole answer that chunks add up to, as far as they can be understood."""
    choices: dict[int, Json] = {}
    for part in _parts(chunks):
        empty = {"index": part["index"], "message": {"content": ""}, "finish_reason": None}
        _grow(choices.setdefault(part["index"], empty), part)
    usage = next((chunk["usage"] for chunk in chunks if chunk.get("usage")), None)
    return {"choices": [choices[index] for index in sorted(choices)], "usage": usage}


def _parts(chunks: Iterable[Json]) -> Iterator[Json]:
    return (part for chunk in chunks for part in chunk["choices"])


def _grow(choice: dict[str, Json], part: Json) -> None:
    """Let a choice of a whole answer grow by one of a chunk."""
    message, delta = choice["message"], part["delta"]
    choice["finish_reason"] = part["finish_reason"] or choice["finish_reason"]
    for name in ("content", "reasoning_content"):
        if delta.get(name):
            message[name] = message.get(name, "") + delta[name]
    for fragment in delta.get("tool_calls") or ():
        calls = message.setdefault("tool_calls", [])
        while len(calls) <= fragment["index"]:
            calls.append({"id": None, "function": {"name": None, "arguments": ""}})
        call, function = calls[fragment["index"]], fragment.get("function") or {}
        call["id"] = call["id"] or fragment.get("id")
        call["function"]["name"] = call["function"]["name"] or function.get("name")
        call["function"]["arguments"] += function.get("arguments") or ""
    if part.get("logprobs"):
        told = choice.setdefault("logprobs", {"content": []})
        told["content"] += part["logprobs"].get("content") or []


def chunks_keep_their_identity(chunks: Sequence[Json]) -> None:
    """Id, object, created and model stay the same in a stream (OA-040)."""
    for field in _IDENTITY:
        seen = {json.dumps(chunk.get(field)) for chunk in chunks}
        assert len(seen) == 1, f"{field} changes within the stream: {sorted(seen)[:3]}"


def by_choice(chunks: Sequence[Json]) -> Mapping[int, Sequence[Json]]:
    """What a stream says of each choice, by its index."""
    found: dict[int, list[Json]] = {}
    for part in _parts(chunks):
        found.setdefault(part["index"], []).append(part)
    return found


def a_choice_opens_with_the_role(parts: Sequence[Json]) -> None:
    """Who speaks is said before anything else (OA-042)."""
    assert parts[0]["delta"].get("role") == "assistant", "a choice opens without a role"


def the_role_is_said_once(parts: Sequence[Json]) -> None:
    """Clients that add texts up would say it twice (OA-042)."""
    count = sum("role" in part["delta"] for part in parts)
    assert count < 2, f"the role is said {count} times"


def a_choice_finishes_once(parts: Sequence[Json]) -> None:
    """`finish_reason` is null until a choice ends (OA-041)."""
    ends = [part["finish_reason"] for part in parts if part["finish_reason"] is not None]
    assert len(ends) == 1, f"a choice finishes {len(ends)} times"


def a_choice_ends_with_its_finish(parts: Sequence[Json]) -> bool | None:
    """Nothing is said of a choice after its end (OA-042)."""
    ends = [number for number, part in enumerate(parts) if part["finish_reason"] is not None]
    if not ends:
        return False
    late = [part["delta"] for part in parts[ends[0] + 1 :] if part["finish_reason"] is None]
    assert not late, f"a choice goes on after its end: {json.dumps(late[0])[:60]}"
    return None


def reasoning_comes_before_the_answer(parts: Sequence[Json]) -> bool | None:
    """No `reasoning_content` comes after the first word of the answer (RC-100)."""
    is_answering, thinks = False, False
    for part in parts:
        thinks = thinks or bool(part["delta"].get("reasoning_content"))
        is_answering = is_answering or bool(part["delta"].get("content"))
        late = is_answering and part["delta"].get("reasoning_content")
        assert not late, "reasoning_content comes after content"
    return None if thinks else False


def a_call_is_named_in_its_first_fragment(parts: Sequence[Json]) -> bool | None:
    """Its id and name come first and once, as clients add the texts up (OA-045)."""
    calls: dict[int, list[Json]] = {}
    for part in parts:
        for fragment in part["delta"].get("tool_calls") or ():
            calls.setdefault(fragment["index"], []).append(fragment)
    for index, (first, *more) in calls.items():
        assert first.get("id"), f"call {index} opens without an id"
        assert first["function"].get("name"), f"call {index} opens without a name"
        assert not any(each.get("id") for each in more), f"call {index} has two ids"
        named = [each for each in more if (each.get("function") or {}).get("name")]
        assert not named, f"call {index} is named again"
    return None if calls else False


def usage_comes_last_where_asked(chunks: Sequence[Json]) -> None:
    """With `include_usage` one last chunk without choices counts (OA-043)."""
    counting = [chunk for chunk in chunks if chunk.get("usage")]
    assert len(counting) == 1, f"usage came {len(counting)} times"
    assert counting[0] is chunks[-1], "the chunk with usage is not the last"
    assert counting[0]["choices"] == [], "the chunk with usage has choices"


def usage_is_null_until_the_end(chunks: Sequence[Json]) -> None:
    """With `include_usage` every other chunk says that it does not count (OA-043)."""
    silent = [chunk for chunk in chunks if chunk["choices"] and "usage" not in chunk]
    assert not silent, f"{len(silent)} chunks before the last lack usage: null"


def no_usage_comes_unasked(chunks: Sequence[Json]) -> None:
    """Clients look at the first choice of every chunk (RU-065, OA-044)."""
    assert not any("usage" in chunk for chunk in chunks), "usage came unasked"
    assert all(chunk["choices"] for chunk in chunks), "a chunk without choices came unasked"


# --- Counts --------------------------------------------------------------------------------------


def usage_adds_up(usage: Mapping[str, Json]) -> None:
    """The total is the sum of its parts (OA-025)."""
    parts = usage["prompt_tokens"] + usage["completion_tokens"]
    total = usage["total_tokens"]
    assert total == parts, f"{total} tokens in all, {parts} in parts"


def reasoning_counts_as_written(usage: Mapping[str, Json]) -> bool | None:
    """The tokens of reasoning are among those of the answer (OA-025)."""
    reasoned = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens")
    if reasoned is None:
        return False
    written = usage["completion_tokens"]
    assert reasoned <= written, f"{reasoned} tokens of reasoning, {written} written in all"
    return None


def no_more_is_written_than_asked_for(usage: Mapping[str, Json], asked: Json) -> bool | None:
    """The limit holds for each choice (RC-042, OA-004)."""
    limits = [asked[name] for name in ("max_tokens", "max_completion_tokens") if asked.get(name)]
    if not limits:
        return False
    most, written = min(limits) * (asked.get("n") or 1), usage["completion_tokens"]
    assert written <= most, f"{written} tokens, {most} were asked for at most"
    return None


def choices_are_numbered(choices: Sequence[Json]) -> None:
    """From 0, in their order (RC-082, OA-021)."""
    numbers = [choice["index"] for choice in choices]
    assert numbers == list(range(len(numbers))), f"the choices are numbered {numbers[:9]}"


# --- Choices -------------------------------------------------------------------------------------


def an_answer_says_something(choice: Json, asked: Json) -> bool | None:
    """Who ends by itself has said something (RU-060, RC-090)."""
    if choice["finish_reason"] != "stop" or asked.get("stop"):
        return False
    message = choice["message"]
    said = message.get("content") or message.get("tool_calls") or message.get("refusal")
    assert said, "the answer is empty"
    return None


def no_stop_text_is_said(choice: Json, asked: Json) -> bool | None:
    """The answer ends before one (OA-003)."""
    stops = asked.get("stop") or ()
    stops = [each for each in ([stops] if isinstance(stops, str) else stops) if each]
    content = choice["message"].get("content") or ""
    said = [stop for stop in stops if stop in content]
    assert not said, f"the answer has its own stop text {said[0]!r}"
    return None if stops else False


def an_answer_is_an_object(choice: Json, asked: Json) -> bool | None:
    """In JSON mode the text is that of an object (RC-055)."""
    if _wish(asked).get("type") != "json_object" or not _is_whole(choice, asked):
        return False
    _read(choice["message"]["content"])
    return None


def an_answer_keeps_its_schema(choice: Json, asked: Json) -> bool | None:
    """The text is JSON that the schema of the request allows (RC-055)."""
    schema = (_wish(asked).get("json_schema") or {}).get("schema")
    if schema is None or not _is_whole(choice, asked):
        return False
    _check(schema, _read(choice["message"]["content"]))
    return None


def _wish(asked: Json) -> Json:
    return asked.get("response_format") or {}


def _is_whole(choice: Json, asked: Json) -> bool:
    """Whether it is a text that nothing cut short."""
    ended = choice["finish_reason"] == "stop" and not asked.get("stop")
    return ended and not choice["message"].get("tool_calls")


def _read(text: str) -> Json:
    try:
        value = json.loads(text)
    except (ValueError, TypeError):
        raise AssertionError(f"{str(text)[:80]!r} is no JSON") from None
    assert isinstance(value, dict), f"{text[:80]!r} is no object"
    return value


def _check(schema: Json, value: Json) -> None:
    error = next(iter(jsonschema_rs.iter_errors(schema, value)), None)
    assert error is None, f"{json.dumps(value)[:80]} breaks the schema that was sent: {error}"[:400]


# --- Calls ---------------------------------------------------------------------------------------


def calls_have_ids_of_their_own(choice: Json, asked: Json) -> bool | None:
    """A result says by the id which call it answers (OA-006, OA-024)."""
    ids = [call["id"] for call in _calls(choice)]
    assert len(set(ids)) == len(ids), "two calls have one id"
    return None if ids else False


def only_tools_that_were_sent_are_called(choice: Json, asked: Json) -> bool | None:
    """Each call names one of the request's tools (OA-005)."""
    sent = {tool["function"]["name"] for tool in asked.get("tools") or ()}
    named = [call["function"]["name"] for call in _calls(choice) if call["function"]["name"]]
    strange = [name for name in named if name not in sent]
    assert not strange, f"no tool is called {strange[0]!r}"
    return None if named else False


def arguments_are_objects(choice: Json, asked: Json) -> bool | None:
    """The arguments of a call are the JSON text of an object (OA-024)."""
    calls = _whole_calls(choice)
    for call in calls:
        _read(call["function"]["arguments"])
    return None if calls else False


def arguments_keep_their_schema(choice: Json, asked: Json) -> bool | None:
    """They are what the tool's own schema allows (RU-054)."""
    calls = _whole_calls(choice)
    schemas = {
        tool["function"]["name"]: tool["function"].get("parameters", {})
        for tool in asked.get("tools") or ()
    }
    judged = False
    for call in calls:
        value = _json(call["function"]["arguments"])
        if call["function"]["name"] in schemas and isinstance(value, dict):
            _check(schemas[call["function"]["name"]], value)
            judged = True
    return None if judged else False


def no_tool_is_called_where_none_may_be(choice: Json, asked: Json) -> bool | None:
    """`none` forbids all of them (OA-005)."""
    if asked.get("tool_choice") != "none":
        return False
    assert not _calls(choice), "a tool is called where none may be"
    return None


def a_tool_is_called_where_one_must_be(choice: Json, asked: Json) -> bool | None:
    """`required` and a named function leave no choice (OA-005)."""
    wish = asked.get("tool_choice")
    sent = {tool["function"]["name"] for tool in asked.get("tools") or ()}
    can_be = (sent and wish == "required") or (
        isinstance(wish, dict) and wish["function"]["name"] in sent
    )
    if choice["finish_reason"] == "length" or not can_be:
        return False
    assert _calls(choice), "no tool is called where one must be"
    return None


def only_the_named_tool_is_called(choice: Json, asked: Json) -> bool | None:
    """A named function is the only one that may be called (OA-005)."""
    wish = asked.get("tool_choice")
    names = {call["function"]["name"] for call in _calls(choice)} - {None}
    if not isinstance(wish, dict) or not names:
        return False
    wanted = wish["function"]["name"]
    assert names == {wanted}, f"{', '.join(sorted(names))} is called, {wanted} was asked for"
    return None


def one_tool_at_a_time_is_called(choice: Json, asked: Json) -> bool | None:
    """`parallel_tool_calls: false` allows one call at most."""
    if asked.get("parallel_tool_calls") is not False or not _calls(choice):
        return False
    assert len(_calls(choice)) == 1, f"{len(_calls(choice))} calls at once"
    return None


def the_end_tells_of_calls(choice: Json, asked: Json) -> bool | None:
    """`tool_calls` is how an answer ends that calls tools, and no other (OA-024)."""
    calls, reason = _calls(choice), choice["finish_reason"]
    if isinstance(asked.get("tool_choice"), dict):  # OpenAI ends these with `stop`
        return False
    assert calls or reason != "tool_calls", "the answer ends for tools, and calls none"
    assert not calls or reason in ("tool_calls", "length"), f"tools are called, the end is {reason}"
    return None if calls else False


def _calls(choice: Json) -> Sequence[Json]:
    found: Sequence[Json] = choice["message"].get("tool_calls") or ()
    return found


def _whole_calls(choice: Json) -> Sequence[Json]:
    return _calls(choice) if choice["finish_reason"] != "length" else ()


def _json(text: str) -> Json:
    try:
        return json.loads(text)
    except ValueError:
        return None


# --- Likelihoods ---------------------------------------------------------------------------------


def likelihoods_come_only_where_asked(choice: Json, asked: Json) -> bool | None:
    """`logprobs` is null without the request's `logprobs: true` (OA-021)."""
    if asked.get("logprobs"):
        return False
    assert not choice.get("logprobs"), "likelihoods came unasked"
    return None


def likelihoods_join_to_the_content(choice: Json, asked: Json) -> bool | None:
    """Each token of the content has its likelihood."""
    told = _told(choice, asked)
    if told is None:  # not every provider has them
        return False
    joined, content = "".join(each["token"] for each in told), choice["message"]["content"] or ""
    assert joined == content, f"the tokens say {joined[:60]!r}, the answer {content[:60]!r}"
    return None


def as_many_others_are_told_as_asked(choice: Json, asked: Json) -> bool | None:
    """`top_logprobs` likely tokens stand at each place (OA-003)."""
    told, tops = _told(choice, asked), int(asked.get("top_logprobs") or 0)
    for each in told or ():
        found = len(each["top_logprobs"])
        assert found == tops, f"{found} likely tokens, not {tops}"
    return None if told else False


def the_bytes_are_those_of_the_token(choice: Json, asked: Json) -> bool | None:
    """`bytes` is the token in UTF-8."""
    told = [each for each in _told(choice, asked) or () if each.get("bytes") is not None]
    for each in told:
        same = bytes(each["bytes"]).decode("utf-8", "replace") == each["token"]
        assert same, f"the bytes of {each['token']!r} are another token's"
    return None if told else False


def _told(choice: Json, asked: Json) -> Sequence[Json] | None:
    if not asked.get("logprobs") or not choice.get("logprobs"):
        return None
    told: Sequence[Json] = choice["logprobs"]["content"]
    return told
