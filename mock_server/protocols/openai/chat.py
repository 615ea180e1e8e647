"""Chat completions: `chat.completion` objects, or a stream of their chunks (OA-020 to OA-028)."""

from collections.abc import Iterator, Mapping

from mock_server import codec, pace
from mock_server.billing import charge
from mock_server.completion import Completion, Said, ToolCall
from mock_server.errors import Invalid
from mock_server.mock import Mock, Request
from mock_server.paintings import recognise_all
from mock_server.protocols.openai.chunks import answer, stream
from mock_server.protocols.openai.history import check_history
from mock_server.protocols.openai.logprobs import Likelihoods
from mock_server.protocols.openai.prompts import (
    first_image,
    images_in,
    prompt_tokens,
    read_prompt,
    whole,
)
from mock_server.remembered import said_to
from mock_server.synthesis import complete
from mock_server.timing import pauses_for
from mock_server.wire import Json, Reply

_JSON = (b"content-type", b"application/json")
_STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
]


def chat(request: Request, mock: Mock) -> Reply:
    """Answer a conversation, whole or as a stream."""
    body, said = request.body, _said(request, mock)
    charge(said, request, mock)
    pauses = pauses_for(request, mock, body["model"], said.completions[0].pieces)
    head = {
        "id": f"chatcmpl-{said.mark}",
        "object": "chat.completion",
        "created": int(request.call.now),
        "model": body["model"],
    }
    usage, used = _usage(said), (said.prompt_tokens, said.tokens)
    likely = [_likelihoods(body, said, index) for index in range(len(said.completions))]
    if body.get("stream"):
        answers = [
            answer(index, each, likely[index]) for index, each in enumerate(said.completions)
        ]
        events = stream(head, answers, _usage_asked(body, usage), pauses)
        return Reply(200, [*_STREAM], events, tokens=used)
    silence = _silence(request)
    choices = [
        _choice(index, each, silence, likely[index]) for index, each in enumerate(said.completions)
    ]
    encoded = codec.encode({**head, "choices": choices, "usage": usage})
    return Reply(200, [_JSON], encoded, _duration(said, pauses), tokens=used)


def _said(request: Request, mock: Mock) -> Said:
    return said_to(request, mock, lambda: _say(request, mock))


def _say(request: Request, mock: Mock) -> tuple[int, list[Completion]]:
    _check(request, mock)
    gallery, number = mock.spec.judges.gallery, whole(request.body.get("n")) or 1
    recognise_all((each["url"] for each in images_in(request.body["messages"])), request, mock)
    prompt = read_prompt(request.body, gallery)
    completions = [complete(prompt, request, mock, index=index) for index in range(number)]
    return prompt_tokens(request.body, gallery), completions


def _check(request: Request, mock: Mock) -> None:
    """Raises ApiError where turns do not fit together, or are not for this model."""
    provider, messages = request.caller.provider, request.body["messages"]
    check_history(messages, needs_ids=provider is None or provider.needs_call_ids)
    model = request.body["model"]
    mock.catalogue.check_kind(provider, model, request.operation.behaviour)
    if mock.catalogue.traits(provider, model).text_only:
        image = first_image(messages)
        if image is not None:
            raise Invalid("invalid_value", f"{image}: {model} takes no images", param=image)


def _duration(said: Said, pauses: Iterator[float] | None) -> float:
    """Seconds until an answer is complete: all its choices are written at the same time."""
    return pace.whole(pauses, max(each.tokens for each in said.completions)) if pauses else 0.0


def _usage(said: Said) -> dict[str, Json]:
    written = said.tokens
    reasoned = sum([len(each.reasoning) for each in said.completions])
    return {
        "prompt_tokens": said.prompt_tokens,
        "completion_tokens": written,
        "total_tokens": said.prompt_tokens + written,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": reasoned},
    }


def _usage_asked(body: Json, usage: dict[str, Json]) -> Mapping[str, Json] | None:
    return usage if (body.get("stream_options") or {}).get("include_usage") else None


def _silence(request: Request) -> str | None:
    """The content of a message that only calls tools: null, or a text for SDKs (RC-088)."""
    provider = request.caller.provider
    return provider.silence if provider else None


def _likelihoods(body: Json, said: Said, index: int) -> Likelihoods | None:
    if not body.get("logprobs"):
        return None
    tops = whole(body.get("top_logprobs")) or 0
    return Likelihoods(said.completions[index].pieces, tops)


def _choice(
    index: int, completion: Completion, silence: str | None, likelihoods: Likelihoods | None
) -> dict[str, Json]:
    said, told = "".join(completion.pieces), None
    message: dict[str, Json] = {
        "role": "assistant",
        "content": silence if completion.tool_calls and not said else said,
        "refusal": None,
    }
    if completion.reasoning:
        message["reasoning_content"] = "".join(completion.reasoning)
    if completion.tool_calls:
        message["tool_calls"] = [_tool_call(call) for call in completion.tool_calls]
    if likelihoods is not None:
        told = {"content": [likelihoods.of(each) for each in completion.pieces], "refusal": None}
    return {
        "index": index,
        "message": message,
        "logprobs": told,
        "finish_reason": completion.finish,
    }


def _tool_call(call: ToolCall) -> dict[str, Json]:
    function = {"name": call.name, "arguments": "".join(call.arguments)}
    return {"id": call.id, "type": "function", "function": function}
