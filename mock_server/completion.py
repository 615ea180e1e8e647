"""A prompt and its completion, in no protocol yet."""

from typing import Literal

import msgspec

from mock_server import tokens
from mock_server.text import Conversation

Finish = Literal["stop", "length", "tool_calls"]


Turn = tuple[str, str]


class Prompt(msgspec.Struct, frozen=True):
    """What a client asks, in no protocol: `turns` are (role, text) of the whole history.

    `pictures` are the URLs of the images in the last user turn.
    """

    model: str
    turns: tuple[Turn, ...]
    pictures: tuple[str, ...] = ()
    seed: int | None = None
    max_tokens: int | None = None
    stops: tuple[str, ...] = ()

    @property
    def question(self) -> str:
        """The text of the last user turn."""
        return next((said for role, said in reversed(self.turns) if role == "user"), "")

    @property
    def conversation(self) -> Conversation:
        """What an answer has to go by: the question, what stands around it, what tools said."""
        asked = [index for index, (role, _) in enumerate(self.turns) if role == "user"]
        after = self.turns[asked[-1] + 1 :] if asked else self.turns
        return Conversation(
            prompt=self.question,
            system="\n".join(said for role, said in self.turns if role in ("system", "developer")),
            earlier=max(0, len(asked) - 1),
            images=("",) * len(self.pictures),
            tool_results=tuple(said for role, said in after if role in ("tool", "function")),
        )


class ToolCall(msgspec.Struct, frozen=True):
    """A call that the model wants made; `arguments` is JSON text."""

    id: str
    name: str
    arguments: str


class Completion(msgspec.Struct, frozen=True):
    """One answer, in pieces of a token each."""

    reasoning: list[str]
    pieces: list[str]
    tool_calls: tuple[ToolCall, ...]
    finish: Finish

    @property
    def tokens(self) -> int:
        """How many tokens were written, reasoning and calls included."""
        written = len(self.reasoning) + len(self.pieces)
        for call in self.tool_calls:
            written += tokens.count(call.name) + tokens.count(call.arguments)
        return written


class Said(msgspec.Struct, frozen=True):
    """All that was said to one request, under one id; `prompt_tokens` is what asking cost."""

    id: str
    prompt_tokens: int
    completions: tuple[Completion, ...]
