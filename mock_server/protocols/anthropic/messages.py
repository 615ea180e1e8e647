"""Messages: Anthropic's `message` objects, or a stream of their events (AN-020 to AN-041)."""

from collections.abc import Iterator
from typing import Final

from mock_server import codec, pace
from mock_server.billing import charge
from mock_server.completion import Completion
from mock_server.errors import Invalid
from mock_server.mock import Mock, Request
from mock_server.paintings import recognise_all
from mock_server.protocols.anthropic.blocks import blocks
from mock_server.protocols.anthropic.events import End, stream
from mock_server.protocols.anthropic.history import check_history
from mock_server.protocols.anthropic.prompts import prompt_tokens, read_prompt
from mock_server.protocols.anthropic.turns import Turn, pictures_in, turns_of, url_of
from mock_server.remembered import said_to
from mock_server.synthesis import complete
from mock_server.timing import pauses_for
from mock_server.wire import Json, Reply

_JSON: Final = (b"content-type", b"application/json")
_STREAM: Final = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
]
# What SDKs of 2026 take for the wish to send them the whole history, which they then do
# (anthropic 2.12, lib/threads/_thread_state.py).
_NO_THREADS: Final = {"error_code": "thread_unsupported_request", "unsupported": ["thread"]}
_REASONS: Final = {"stop": "end_turn", "length": "max_tokens", "tool_calls": "tool_use"}


def messages(request: Request, mock: Mock) -> Reply:
    """Answer a conversation, whole or as a stream."""
    body, said = request.body, said_to(request, mock, lambda: _say(request, mock))
    charge(said, request, mock)
    [completion] = said.completions
    pauses = pauses_for(request, mock, body["model"], completion.pieces)
    head = {
        "id": f"msg_{said.mark}",
        "type": "message",
        "role": "assistant",
        "model": body["model"],
    }
    end, used = _end(said.prompt_tokens, completion), (said.prompt_tokens, completion.tokens)
    # AN-006; what is omitted is signed all the same, so that it can be handed back.
    is_told = (body.get("thinking") or {}).get("display") != "omitted"
    if body.get("stream"):
        events = stream(head, completion, end, pauses, is_told=is_told)
        return Reply(200, [*_STREAM], events, tokens=used)
    message = {
        **head,
        "content": blocks(completion, is_told=is_told),
        "stop_reason": end.reason,
        "stop_sequence": end.sequence,
        "usage": end.usage,
    }
    return Reply(200, [_JSON], codec.encode(message), _duration(completion, pauses), tokens=used)


def _say(request: Request, mock: Mock) -> tuple[int, list[Completion]]:
    body, gallery = request.body, mock.spec.judges.gallery
    turns = turns_of(body["messages"])
    _check(turns, request, mock)
    recognise_all((url_of(each) for turn in turns for each in pictures_in(turn)), request, mock)
    prompt = read_prompt(body, turns, gallery)
    return prompt_tokens(body, turns, gallery), [complete(prompt, request, mock)]


def _check(turns: list[Turn], request: Request, mock: Mock) -> None:
    """Raises ApiError where turns do not fit together, or are not for this model."""
    provider, model = request.caller.provider, request.body["model"]
    if request.body.get("thread") is not None:
        reason = "thread: no conversation is kept here; send all of its messages"
        facts = {"details": _NO_THREADS}
        raise Invalid("invalid_value", reason, param="thread", facts=facts)
    check_history(turns)
    mock.catalogue.check_kind(provider, model, request.operation.behaviour)
    if mock.catalogue.traits(provider, model).text_only:
        picture = next((each for turn in turns for each in pictures_in(turn)), None)
        if picture is not None:
            message = f"{picture.place}: {model} takes no images"
            raise Invalid("invalid_value", message, param=picture.place)


def _duration(completion: Completion, pauses: Iterator[float] | None) -> float:
    return pace.whole(pauses, completion.tokens) if pauses else 0.0


def _end(prompt_tokens: int, completion: Completion) -> End:
    usage: dict[str, Json] = {
        "input_tokens": prompt_tokens,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens": completion.tokens,
        "service_tier": "standard",
    }
    if completion.reasoning:
        usage["output_tokens_details"] = {"thinking_tokens": len(completion.reasoning)}
    reason = "stop_sequence" if completion.stop else _REASONS[completion.finish]
    return End(reason, completion.stop, usage)
