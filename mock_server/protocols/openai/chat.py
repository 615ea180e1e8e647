"""Chat completions: `chat.completion` objects and chunks of them (OA-020 to OA-045)."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

from mock_server import codec, tokens
from mock_server.completion import Completion, Prompt, Said, ToolCall
from mock_server.mock import Asked, Mock, Request, is_short
from mock_server.synthesis import complete
from mock_server.wire import Event, Json, Reply

_DONE = Event(b"[DONE]")
_JSON = (b"content-type", b"application/json")
_STREAM = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-cache"),
]
# What a turn costs besides its text, and what opening the answer costs; a picture by URL is flat.
_TURN_TOKENS, _OPENING_TOKENS, _IMAGE_TOKENS = 3, 3, 85
_FRAGMENT = 12


def chat(request: Request, mock: Mock) -> Reply:
    """Answer a conversation, whole or as a stream."""
    body, said = request.body, _said(request, mock)
    head = {
        "id": said.id,
        "object": "chat.completion",
        "created": int(request.call.now),
        "model": body["model"],
    }
    usage = _usage(said)
    if body.get("stream"):
        events = _stream(head, said.completions, _usage_asked(body, usage))
        return Reply(200, [*_STREAM], events)
    silence = _silence(request)
    choices = [_choice(index, each, silence) for index, each in enumerate(said.completions)]
    return Reply(200, [_JSON], codec.encode({**head, "choices": choices, "usage": usage}))


def read_prompt(body: Json) -> Prompt:
    """The prompt in a chat request that keeps the contract."""
    messages, stop = body["messages"], body.get("stop") or ()
    asked: Json = next((each for each in reversed(messages) if each["role"] == "user"), {})
    return Prompt(
        model=body["model"],
        turns=tuple([(each["role"], text_of(each.get("content"))) for each in messages]),
        pictures=tuple(_images(asked.get("content"))),
        seed=_whole(body.get("seed")),
        max_tokens=_whole(body.get("max_completion_tokens") or body.get("max_tokens")),
        stops=(stop,) if isinstance(stop, str) else tuple(stop),
    )


def prompt_tokens(body: Json) -> int:
    """What a request costs before a word is answered: roles, texts, names, pictures, tools."""
    total = _OPENING_TOKENS
    for message in body["messages"]:
        content = message.get("content")
        total += (
            _TURN_TOKENS + tokens.count(text_of(content)) + _IMAGE_TOKENS * len(_images(content))
        )
        if message.get("name"):
            total += tokens.count(message["name"])
        if message.get("tool_calls"):
            total += tokens.count(codec.encode(message["tool_calls"]).decode())
    if body.get("tools"):
        total += tokens.count(codec.encode(body["tools"]).decode())
    return total


def text_of(content: Json) -> str:
    """The text of a message: itself, or its text parts joined by line ends."""
    if isinstance(content, list):
        return "\n".join([part["text"] for part in content if part["type"] == "text"])
    return content or ""


def _images(content: Json) -> list[str]:
    if not isinstance(content, list):
        return []
    return [part["image_url"]["url"] for part in content if part["type"] == "image_url"]


def _whole(number: float | None) -> int | None:
    """An integer as Python has it: to JSON Schema 2.0 is one too."""
    return None if number is None else int(number)


def _said(request: Request, mock: Mock) -> Said:
    """What is said to a request; the same body of the same caller gets the same, so it is kept."""
    asked = (request.caller.id, request.call.body or b"")
    said = mock.said.get(asked)
    if said is None:
        prompt, number = read_prompt(request.body), _whole(request.body.get("n")) or 1
        completions = (complete(prompt, request, mock, index=index) for index in range(number))
        said = Said(_id(asked, mock), prompt_tokens(request.body), tuple(completions))
        if is_short(request.call):
            mock.said.put(asked, said)
    return said


def _id(asked: Asked, mock: Mock) -> str:
    facts = f"{mock.settings.seed}/{asked[0]}/".encode() + asked[1]
    return f"chatcmpl-{hashlib.blake2b(facts, digest_size=12).hexdigest()}"


def _usage(said: Said) -> dict[str, Json]:
    written = sum([each.tokens for each in said.completions])
    reasoned = sum([len(each.reasoning) for each in said.completions])
    return {
        "prompt_tokens": said.prompt_tokens,
        "completion_tokens": written,
        "total_tokens": said.prompt_tokens + written,
        "prompt_tokens_details": {"cached_tokens": 0},
        "completion_tokens_details": {"reasoning_tokens": reasoned},
    }


def _usage_asked(body: Json, usage: dict[str, Json]) -> dict[str, Json] | None:
    return usage if (body.get("stream_options") or {}).get("include_usage") else None


def _silence(request: Request) -> str | None:
    """The content of a message that only calls tools: null, or a text for SDKs (RC-088)."""
    provider = request.caller.provider
    return provider.silence if provider else None


def _choice(index: int, completion: Completion, silence: str | None) -> dict[str, Json]:
    said = "".join(completion.pieces)
    message: dict[str, Json] = {
        "role": "assistant",
        "content": silence if completion.tool_calls and not said else said,
        "refusal": None,
    }
    if completion.reasoning:
        message["reasoning_content"] = "".join(completion.reasoning)
    if completion.tool_calls:
        message["tool_calls"] = [_tool_call(call) for call in completion.tool_calls]
    return {
        "index": index,
        "message": message,
        "logprobs": None,
        "finish_reason": completion.finish,
    }


def _tool_call(call: ToolCall) -> dict[str, Json]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


def _stream(
    head: Mapping[str, Json], completions: Sequence[Completion], usage: dict[str, Json] | None
) -> Iterator[Event]:
    # Of a chunk only the choice changes: what stands around it is encoded once.
    frame = codec.encode({**head, "object": "chat.completion.chunk", "choices": []})
    before = frame[: -len(b"]}")]
    after = b"]}" if usage is None else b'],"usage":null}'
    streams = [_deltas(index, each) for index, each in enumerate(completions)]
    for choice in streams[0] if len(streams) == 1 else _in_turn(streams):
        yield Event(before + choice + after)
    if usage is not None:
        yield Event(frame[:-1] + b',"usage":' + codec.encode(usage) + b"}")
    yield _DONE


def _in_turn(streams: list[Iterator[bytes]]) -> Iterator[bytes]:
    """One from each in turn, until all have ended."""
    while streams:
        going = []
        for stream in streams:
            delta = next(stream, None)
            if delta is not None:
                going.append(stream)
                yield delta
        streams = going


def _deltas(index: int, completion: Completion) -> Iterator[bytes]:
    """The choices of one answer's chunks: the role, the reasoning, the text, the calls, the end."""
    before, after = b'{"index":%d,"delta":' % index, b',"logprobs":null,"finish_reason":null}'
    yield before + b'{"role":"assistant","content":""}' + after
    for name, pieces in (
        (b"reasoning_content", completion.reasoning),
        (b"content", completion.pieces),
    ):
        opening = before + b'{"' + name + b'":'
        closing = b"}" + after
        for piece in pieces:
            yield opening + codec.encode(piece) + closing
    for number, call in enumerate(completion.tool_calls):
        for fragment in _fragments(number, call):
            yield before + codec.encode({"tool_calls": [fragment]}) + after
    finish = codec.encode(completion.finish)
    yield before + b'{},"logprobs":null,"finish_reason":' + finish + b"}"


def _fragments(number: int, call: ToolCall) -> Iterator[Json]:
    """A call in deltas: named once, then nothing but more of its arguments (OA-045)."""
    function = {"name": call.name, "arguments": ""}
    yield {"index": number, "id": call.id, "type": "function", "function": function}
    for start in range(0, len(call.arguments), _FRAGMENT):
        yield {
            "index": number,
            "function": {"arguments": call.arguments[start : start + _FRAGMENT]},
        }
