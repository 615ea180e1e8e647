"""A message as a stream of events: opening, blocks in fragments, end (AN-030 to AN-038).

message_start
for each block: content_block_start, content_block_delta ..., content_block_stop
message_delta
message_stop

A ping stands behind the first of them, where the live API has one too. There is no end mark.
"""

from collections.abc import Callable, Iterator, Mapping
from itertools import islice, repeat
from typing import Final

import msgspec

from mock_server import codec
from mock_server.completion import Completion, ToolCall
from mock_server.pace import after_opening
from mock_server.protocols.anthropic.blocks import opened, signature
from mock_server.wire import Event, Json

_PING: Final = Event(b'{"type":"ping"}', "ping")
_STOP: Final = Event(b'{"type":"message_stop"}', "message_stop")


class End(msgspec.Struct, frozen=True):
    """How a message ends: why, by which stop sequence if by one, and what it cost."""

    reason: str
    sequence: str | None
    usage: Mapping[str, Json]


def stream(
    head: Mapping[str, Json],
    completion: Completion,
    end: End,
    pauses: Iterator[float] | None,
    *,
    is_told: bool,
) -> Iterator[Event]:
    """The events of a message; of thoughts that are not `is_told` comes only the signature.

    `pauses` are the seconds before the first token, before the second, and so on.
    """
    waits = repeat(0.0) if pauses is None else after_opening(pauses)
    yield _opening(head, end.usage, next(waits))
    written = _Blocks(completion, waits).events(is_told=is_told)
    first = next(written, None)
    yield from [_PING] if first is None else [first, _PING]
    yield from written
    yield _closing(end)
    yield _STOP


def _opening(head: Mapping[str, Json], usage: Mapping[str, Json], after: float) -> Event:
    # The first token is on its way when a message begins (U-20); later counts replace this one.
    begun = {name: value for name, value in usage.items() if name != "output_tokens_details"}
    begun["output_tokens"] = min(1, usage["output_tokens"])
    silent: dict[str, Json] = {"content": [], "stop_reason": None, "stop_sequence": None}
    message = {**head, **silent, "usage": begun}
    start = {"type": "message_start", "message": message}
    return Event(codec.encode_unbroken(start), "message_start", after)


def _closing(end: End) -> Event:
    # All counts, as the API has them today: some clients look for what was read nowhere else.
    delta = {
        "type": "message_delta",
        "delta": {"stop_reason": end.reason, "stop_sequence": end.sequence},
        "usage": {name: count for name, count in end.usage.items() if name != "service_tier"},
    }
    return Event(codec.encode_unbroken(delta), "message_delta")


class _Blocks:
    """Writes the blocks of one message; each token of them waits its turn."""

    def __init__(self, completion: Completion, waits: Iterator[float]) -> None:
        self._completion = completion
        self._waits = waits
        # Nearly all answers are without such characters, and a look at each piece would cost.
        self._encode: Callable[[Json], bytes] = (
            codec.encode if completion.is_ascii else codec.encode_unbroken
        )

    def events(self, *, is_told: bool) -> Iterator[Event]:
        """The events of all blocks, in their order."""
        completion, index = self._completion, 0
        if completion.reasoning:
            yield from self._thoughts(completion.reasoning, is_told=is_told)
            index += 1
        if completion.pieces:
            yield _start(index, {"type": "text", "text": ""})
            yield from self._deltas(index, "text_delta", "text", completion.pieces)
            yield _stop(index)
            index += 1
        for number, call in enumerate(completion.tool_calls, index):
            yield from self._call(number, call)

    def _thoughts(self, thoughts: list[str], *, is_told: bool) -> Iterator[Event]:
        yield _start(0, {"type": "thinking", "thinking": "", "signature": ""})
        if is_told:
            yield from self._deltas(0, "thinking_delta", "thinking", thoughts)
            pause = 0.0
        else:
            pause = sum(islice(self._waits, len(thoughts)))
        sign = {"type": "signature_delta", "signature": signature("".join(thoughts))}
        signed = {"type": "content_block_delta", "index": 0, "delta": sign}
        yield Event(codec.encode(signed), "content_block_delta", pause)
        yield _stop(0)

    def _call(self, index: int, call: ToolCall) -> Iterator[Event]:
        yield _start(index, opened(call), next(self._waits))  # its name is a token
        yield from self._deltas(index, "input_json_delta", "partial_json", call.arguments)
        yield _stop(index)

    def _deltas(self, index: int, type: str, field: str, pieces: list[str]) -> Iterator[Event]:
        # Of a delta only the piece changes: what stands around it is written once.
        before = (
            f'{{"type":"content_block_delta","index":{index},"delta":{{"type":"{type}","{field}":'
        ).encode()
        encode = self._encode
        for piece, pause in zip(pieces, self._waits, strict=False):
            yield Event(before + encode(piece) + b"}}", "content_block_delta", pause)


def _start(index: int, block: Mapping[str, Json], after: float = 0.0) -> Event:
    start = {"type": "content_block_start", "index": index, "content_block": block}
    return Event(codec.encode_unbroken(start), "content_block_start", after)


def _stop(index: int) -> Event:
    return Event(b'{"type":"content_block_stop","index":%d}' % index, "content_block_stop")
