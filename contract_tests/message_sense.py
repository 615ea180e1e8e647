"""What a schema cannot ask of a request for a message, so that generated ones often lack it."""

from collections.abc import Iterator
from typing import Any

from contract_tests.sense import can_be_seen, is_plain_schema

Json = Any


def message_makes_sense(body: Json) -> bool:
    """Whether the parts of a request fit together; true where they cannot even be told."""
    try:
        return (
            body.get("thread") is None
            and _results_answer_uses(body["messages"])
            and _choice_is_among_the_tools(body)
            and _budget_is_below_the_limit(body)
            and all(map(is_plain_schema, _schemas(body)))
            and all(can_be_seen(url, body["model"]) for url in _pictures(body["messages"]))
        )
    except (KeyError, TypeError, AttributeError):
        return True


def _results_answer_uses(messages: Json) -> bool:
    """Each use of a tool has one result in the next turn of the user (AN-005)."""
    waiting: set[str] = set()
    for role, blocks in _turns(messages):
        for block in blocks:
            if block["type"] == "tool_result":
                if block["tool_use_id"] not in waiting:
                    return False
                waiting.remove(block["tool_use_id"])
        if waiting:
            return False
        uses = [each["id"] for each in blocks if role == "assistant" and each["type"] == "tool_use"]
        waiting = set(uses)
        if len(waiting) != len(uses):
            return False
    return not waiting


def _turns(messages: Json) -> Iterator[tuple[str, list[Json]]]:
    """Neighbours of one role as one turn, without what the system says (AN-003)."""
    last: tuple[str, list[Json]] | None = None
    for message in messages:
        content = message["content"] if isinstance(message["content"], list) else []
        if last is not None and last[0] == message["role"]:
            last[1].extend(content)
            continue
        if last is not None and last[0] != "system":
            yield last
        last = (message["role"], list(content))
    if last is not None and last[0] != "system":
        yield last


def _choice_is_among_the_tools(body: Json) -> bool:
    choice = body.get("tool_choice") or {}
    if choice.get("type") != "tool":
        return True
    return choice["name"] in [tool["name"] for tool in body["tools"]]


def _budget_is_below_the_limit(body: Json) -> bool:
    thinking = body.get("thinking") or {}
    return bool(thinking.get("type") != "enabled" or thinking["budget_tokens"] < body["max_tokens"])


def _schemas(body: Json) -> Iterator[Json]:
    for tool in body.get("tools") or ():
        yield tool["input_schema"]
    yield ((body.get("output_config") or {}).get("format") or {}).get("schema", {})


def _pictures(messages: Json) -> Iterator[str]:
    for message in messages:
        for block in message["content"] if isinstance(message["content"], list) else ():
            inside = block.get("content") if block["type"] == "tool_result" else None
            for each in [block, *(inside if isinstance(inside, list) else ())]:
                if each["type"] == "image":
                    yield _url(each["source"])


def _url(source: Json) -> str:
    if source["type"] == "base64":
        return f"data:{source['media_type']};base64,{source['data']}"
    return str(source.get("url", "file"))
