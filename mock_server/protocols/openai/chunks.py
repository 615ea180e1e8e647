"""Chat completions as a stream of `chat.completion.chunk` objects (OA-040 to OA-045)."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, repeat

from mock_server import codec
from mock_server.completion import Completion, ToolCall
from mock_server.pace import after_opening
from mock_server.protocols.openai.logprobs import Likelihoods
from mock_server.wire import Event, Json

_DONE = Event(b"[DONE]")

Answer = tuple[Iterator[bytes], bytes]
"""The choices of one answer's chunks: those with a token each after the first, and the last."""
_Paused = tuple[bytes, float]


def stream(
    head: Mapping[str, Json],
    answers: Sequence[Answer],
    usage: Mapping[str, Json] | None,
    pauses: Iterator[float] | None,
) -> Iterator[Event]:
    """The events of an answer: the choices in turn, the usage where it was asked for, the end.

    `pauses` are the seconds before the first token, before the second, and so on.
    """
    waits = repeat(0.0) if pauses is None else after_opening(pauses)
    # Of a chunk only the choice changes: what stands around it is encoded once.
    frame = codec.encode_unbroken({**head, "object": "chat.completion.chunk", "choices": []})
    before = frame[: -len(b"]}")]
    after = b"]}" if usage is None else b'],"usage":null}'
    if len(answers) == 1:
        tokens, end = answers[0]
        choices: Iterator[_Paused] = chain(zip(tokens, waits, strict=False), [(end, 0.0)])
    else:
        choices = _in_turn(answers, waits)
    for choice, pause in choices:
        yield Event(before + choice + after, None, pause)
    if usage is not None:
        yield Event(frame[:-1] + b',"usage":' + codec.encode(usage) + b"}")
    yield _DONE


def answer(index: int, completion: Completion, likelihoods: Likelihoods | None) -> Answer:
    """A completion as the choices of chunks: the role, reasoning, text and calls; the end."""
    finish = codec.encode(completion.finish)
    end = b'{"index":%d,"delta":{},"logprobs":null,"finish_reason":%b}' % (index, finish)
    return _deltas(index, completion, likelihoods), end


def _deltas(index: int, completion: Completion, likelihoods: Likelihoods | None) -> Iterator[bytes]:
    before, after = b'{"index":%d,"delta":' % index, b',"logprobs":null,"finish_reason":null}'
    closing = b"}" + after
    # Nearly all answers are without such characters, and a look at each piece would cost.
    encode = codec.encode if completion.is_ascii else codec.encode_unbroken
    yield before + b'{"role":"assistant","content":""' + closing
    opening = before + b'{"reasoning_content":'
    for piece in completion.reasoning:
        yield opening + encode(piece) + closing
    opening = before + b'{"content":'
    if likelihoods is None:
        for piece in completion.pieces:
            yield opening + encode(piece) + closing
    else:
        for piece in completion.pieces:
            told = encode({"content": [likelihoods.of(piece)], "refusal": None})
            yield b"".join(
                (opening, encode(piece), b'},"logprobs":', told, b',"finish_reason":null}')
            )
    for number, call in enumerate(completion.tool_calls):
        for fragment in _fragments(number, call):
            yield before + encode({"tool_calls": [fragment]}) + after


def _in_turn(answers: Sequence[Answer], pauses: Iterator[float]) -> Iterator[_Paused]:
    """One from each in turn, until all have ended; all of one turn come after one pause."""
    while answers:
        going: list[Answer] = []
        for each in answers:
            delta = next(each[0], None)
            if delta is None:
                yield each[1], 0.0
            else:
                yield delta, 0.0 if going else next(pauses)
                going.append(each)
        answers = going


def _fragments(number: int, call: ToolCall) -> Iterator[Json]:
    """A call in deltas: named once, then nothing but more of its arguments (OA-045)."""
    function = {"name": call.name, "arguments": ""}
    yield {"index": number, "id": call.id, "type": "function", "function": function}
    for piece in call.arguments:
        yield {"index": number, "function": {"arguments": piece}}
