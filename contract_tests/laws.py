"""What the contract promises and no schema can say: each function is one law, named by it.

They take what was received and raise AssertionError; the same laws judge generated exchanges
(through `contract_tests.checks`) and those of the written tests.
"""

import json
import math
import struct
from base64 import b64decode
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from contract_tests.stream import Received

Json = Any


def chunks_of(events: Sequence[Received]) -> list[Json]:
    """The chunks of a chat stream, without its end mark."""
    return [json.loads(event.data) for event in events if event.data != "[DONE]"]


def stream_ends_with_done_once(events: Sequence[Received]) -> None:
    """`[DONE]` comes once, and nothing comes after it (RU-063, RC-092)."""
    marks = [event.data for event in events].count("[DONE]")
    assert marks == 1, f"[DONE] came {marks} times"
    assert events[-1].data == "[DONE]", "something follows [DONE]"


def chunks_keep_their_identity(chunks: Sequence[Json]) -> None:
    """Id, object, created and model stay the same in a stream (OA-040)."""
    for field in ("id", "object", "created", "model"):
        seen = {json.dumps(chunk.get(field)) for chunk in chunks}
        assert len(seen) == 1, f"{field} changes within the stream: {sorted(seen)[:3]}"


def choices_open_with_the_role_and_finish_once(chunks: Sequence[Json]) -> None:
    """The role comes first, the finish reason once and last, for every choice (OA-042)."""
    by_choice: dict[int, list[Json]] = {}
    for chunk in chunks:
        for choice in chunk["choices"]:
            by_choice.setdefault(choice["index"], []).append(choice)
    assert by_choice, "the stream has no choices"
    for index, parts in by_choice.items():
        assert parts[0]["delta"].get("role") == "assistant", f"choice {index} opens without a role"
        assert not any("role" in part["delta"] for part in parts[1:]), f"choice {index}: two roles"
        ends = [part["finish_reason"] for part in parts if part["finish_reason"] is not None]
        assert len(ends) == 1, f"choice {index} finishes {len(ends)} times"
        assert parts[-1]["finish_reason"], f"choice {index} goes on after its end"


def reasoning_comes_before_the_answer(chunks: Sequence[Json]) -> None:
    """No `reasoning_content` comes after the first word of the answer (RC-100)."""
    answering: set[int] = set()
    for chunk in chunks:
        for choice in chunk["choices"]:
            if choice["delta"].get("content"):
                answering.add(choice["index"])
            late = choice["delta"].get("reasoning_content") and choice["index"] in answering
            assert not late, "reasoning_content comes after content"


def calls_are_named_once_and_join(chunks: Sequence[Json]) -> None:
    """The first fragment of a call names it, the others only add to its arguments (OA-045)."""
    calls: dict[tuple[int, int], list[Json]] = {}
    cut = set()
    for chunk in chunks:
        for choice in chunk["choices"]:
            if choice["finish_reason"] == "length":
                cut.add(choice["index"])
            for fragment in choice["delta"].get("tool_calls") or ():
                calls.setdefault((choice["index"], fragment["index"]), []).append(fragment)
    for (choice_index, call_index), (first, *more) in calls.items():
        where = f"call {call_index} of choice {choice_index}"
        assert first.get("id"), f"{where} opens without an id"
        assert first["function"].get("name"), f"{where} opens without a name"
        assert not any(each.get("id") for each in more), f"{where} has two ids"
        named = [each for each in more if each["function"].get("name")]
        assert not named, f"{where} is named again"
        text = "".join(each["function"].get("arguments", "") for each in (first, *more))
        if choice_index not in cut:
            arguments_are_an_object(text)


def arguments_are_an_object(text: str) -> None:
    """The arguments of a call are the JSON text of an object (OA-024)."""
    try:
        arguments = json.loads(text)
    except ValueError:
        raise AssertionError(f"the arguments {text[:80]!r} are not JSON") from None
    assert isinstance(arguments, dict), f"the arguments {text[:80]!r} are not an object"


def likelihoods_join_to_the_content(content: str, told: Sequence[Json], tops: int) -> None:
    """Each token of the content has its likelihood, and as many others as were asked for."""
    assert "".join(each["token"] for each in told) == content, "the tokens are not the content"
    for each in told:
        assert len(each["top_logprobs"]) == tops, f"{len(each['top_logprobs'])} tops, not {tops}"
        if each.get("bytes") is not None:
            same = bytes(each["bytes"]).decode("utf-8", "replace") == each["token"]
            assert same, f"the bytes of {each['token']!r} are another token's"


def usage_comes_once_and_only_when_asked(chunks: Sequence[Json], *, asked: bool) -> None:
    """With `include_usage` one last chunk without choices counts; without it none does (OA-043)."""
    counting = [chunk for chunk in chunks if chunk.get("usage")]
    if not asked:
        assert not any("usage" in chunk for chunk in chunks), "usage came unasked"
        assert all(chunk["choices"] for chunk in chunks), "a chunk without choices came unasked"
        return
    assert len(counting) == 1, f"usage came {len(counting)} times"
    assert counting[0] is chunks[-1], "the chunk with usage is not the last"
    assert counting[0]["choices"] == [], "the chunk with usage has choices"
    assert all("usage" in chunk for chunk in chunks), "chunks before the last lack usage: null"


def usage_adds_up(usage: Mapping[str, Json]) -> None:
    """The total is the sum of its parts, and reasoning is part of what was written (OA-025)."""
    parts = usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["total_tokens"] == parts, (
        f"{usage['total_tokens']} tokens in all, {parts} in parts"
    )
    reasoned = (usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0
    assert reasoned <= usage["completion_tokens"], "more reasoning tokens than tokens written"


def rate_limit_headers_make_sense(headers: Mapping[str, str], now: float) -> None:
    """Remaining within the limit, reset in unix seconds within the window (RC-231 to RC-233)."""
    limit, remaining, reset = (
        int(headers[f"x-ratelimit-{name}"]) for name in ("limit", "remaining", "reset")
    )
    assert 0 <= remaining <= limit, f"{remaining} remaining of {limit}"
    assert now - 1 <= reset <= now + 61, f"the reset is {reset - now:.0f} seconds away"


def too_many_requests_tell_when_to_retry(headers: Mapping[str, str], now: float) -> None:
    """A 429 has a Retry-After in whole seconds, at least 1, that ends with the window (RC-236)."""
    wait = int(headers["retry-after"])
    assert 1 <= wait <= 60, f"Retry-After is {wait}"
    if "x-ratelimit-reset" in headers:
        assert headers["x-ratelimit-remaining"] == "0", "requests remain on a 429"
        assert abs(now + wait - int(headers["x-ratelimit-reset"])) <= 2, "the two headers disagree"


def embeddings_answer_each_input(answer: Json, asked: Json) -> None:
    """One vector for each text, numbered in their order, all of one size (RC-202, RC-203)."""
    texts = [asked] if isinstance(asked, str) else asked
    numbers = [entry["index"] for entry in answer["data"]]
    assert numbers == list(range(len(texts))), f"{len(texts)} texts, and vectors {numbers[:5]}"
    sizes = {len(vector_of(entry["embedding"])) for entry in answer["data"]}
    assert len(sizes) == 1, f"vectors of {sorted(sizes)} numbers"
    usage = answer["usage"]
    assert usage["prompt_tokens"] == usage["total_tokens"], "embeddings write no tokens"


def embeddings_come_in_the_form_asked_for(answer: Json, form: str) -> None:
    """`base64` gives texts, `float` lists of numbers (RC-201)."""
    for entry in answer["data"]:
        assert isinstance(entry["embedding"], str) == (form == "base64"), f"{form} was asked for"


def vectors_have_length_one(vectors: Iterable[Sequence[float]]) -> None:
    """Each vector is a direction, neither zero nor anything but finite numbers."""
    for vector in vectors:
        length = math.hypot(*vector)
        assert math.isclose(length, 1, rel_tol=1e-4), f"a vector has the length {length}"


def vector_of(embedding: Json) -> Sequence[float]:
    """The numbers of an embedding, packed (32-bit floats, lowest byte first) or not."""
    if isinstance(embedding, str):
        data = b64decode(embedding, validate=True)
        return struct.unpack(f"<{len(data) // 4}f", data)
    numbers: list[float] = embedding
    return numbers


def models_are_listed_once(models: Sequence[Json]) -> None:
    """No id stands in the list twice (OA-029)."""
    ids = [model["id"] for model in models]
    assert len(set(ids)) == len(ids), "an id is listed twice"


def a_refusal_names_field_and_rule(error: Json, param: str, rule: str) -> None:
    """The envelope's `param` is the field, and its message says which rule was broken (RC-211)."""
    assert error["param"] == param, f"param is {error['param']!r}, not {param!r}"
    assert error["message"].startswith(param), f"the message does not open with {param!r}"
    assert rule in error["message"], f"{rule!r} is not in {error['message']!r}"
    assert error["type"] == "invalid_request_error", f"the type is {error['type']!r}"
