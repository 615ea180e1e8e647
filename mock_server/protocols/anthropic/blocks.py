"""The blocks of an answer: what the model thought, said and called (AN-022)."""

import hashlib
import re
from base64 import b64encode
from typing import Final

from mock_server import codec
from mock_server.completion import Completion, ToolCall
from mock_server.errors import Invalid
from mock_server.wire import Json

# A string, perhaps without its end, or what structures a JSON text.
_MARK: Final = re.compile(r'"(?:[^"\\]+|\\.)*"?|[{}\[\],]')
_SIGNATURE_BYTES: Final = 64


def blocks(completion: Completion, *, is_told: bool) -> list[Json]:
    """The content of a whole message; thoughts that are not `is_told` are but signed."""
    made: list[Json] = []
    if completion.reasoning:
        thought = "".join(completion.reasoning)
        told = thought if is_told else ""
        made.append({"type": "thinking", "thinking": told, "signature": signature(thought)})
    if completion.pieces:
        made.append({"type": "text", "text": "".join(completion.pieces)})
    for call in completion.tool_calls:
        made.append(opened(call) | {"input": _input("".join(call.arguments))})
    return made


def opened(call: ToolCall) -> dict[str, Json]:
    """A call of a tool before anything of its input is known."""
    id = f"toolu_{call.id.removeprefix('call_')}"
    return {"type": "tool_use", "id": id, "name": call.name, "input": {}}


def signature(thought: str) -> str:
    """What clients have to hand back beside a thought, and must not read anything into."""
    digest = hashlib.blake2b(thought.encode(), digest_size=_SIGNATURE_BYTES, person=b"signature")
    return b64encode(digest.digest()).decode()


def _input(text: str) -> Json:
    """The input of a call; where it was cut off, the members that were complete by then."""
    try:
        return codec.decode(text.encode())
    except Invalid:
        return codec.decode((_complete(text) or "{").encode() + b"}")


def _complete(text: str) -> str:
    """The beginning of an object's text up to the last comma between its own members."""
    depth, end = 0, 0
    for mark in _MARK.finditer(text):
        if mark[0] in "[{":
            depth += 1
        elif mark[0] in "]}":
            depth -= 1
        elif mark[0] == "," and depth == 1:
            end = mark.start()
    return text[:end]
