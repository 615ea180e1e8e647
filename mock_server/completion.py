"""A prompt and its completion, in no protocol yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from mock_server import tokens
from mock_server.text import Conversation

Finish = Literal["stop", "length", "tool_calls"]


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a client asks, read from its protocol: `turns` are (role, text) of the whole history."""

    model: str
    turns: Sequence[tuple[str, str]]
    conversation: Conversation
    seed: int | None = None
    max_tokens: int | None = None
    stops: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model wants made; `arguments` is JSON text."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Completion:
    """One answer, in pieces of a token each."""

    reasoning: list[str]
    pieces: list[str]
    tool_calls: tuple[ToolCall, ...]
    finish: Finish

    @property
    def tokens(self) -> int:
        """How many tokens were written, reasoning and calls included."""
        calls = sum(
            tokens.count(call.name) + tokens.count(call.arguments) for call in self.tool_calls
        )
        return len(self.reasoning) + len(self.pieces) + calls
