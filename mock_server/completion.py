"""A prompt and its completion, in no protocol yet."""

from itertools import chain
from typing import Literal

import msgspec

from mock_server.picture import Picture
from mock_server.text import Conversation
from mock_server.wire import Json

Finish = Literal["stop", "length", "tool_calls"]
Turn = tuple[str, str]


class Tool(msgspec.Struct, frozen=True):
    """A function that may be called; `schema` is that of its arguments.

    `place` is where in the request the schema stands.
    """

    name: str
    description: str
    schema: Json
    place: str


class ToolUse(msgspec.Struct, frozen=True):
    """The tools of a request, and what must be done with them; `named` is the one to be called.

    `called` are the names of those that were called since the user spoke.
    """

    tools: tuple[Tool, ...]
    choice: Literal["auto", "none", "required"] = "auto"
    named: str | None = None
    parallel: bool = True
    called: frozenset[str] = frozenset()


class Form(msgspec.Struct, frozen=True):
    """That an answer must be JSON: under a schema that stands at `place`, or any object."""

    schema: Json = None
    place: str = ""


class Prompt(msgspec.Struct, frozen=True):
    """What a client asks, in no protocol: `turns` are (role, text) of the whole history.

    `pictures` are those of the last user turn; `effort` is how long to think, and `thinks` whether
    to think aloud at all, where the model is not left to its own way; a prompt that `is_steady` has
    one answer, whatever the seed and the number of the choice; one that `is_final` gets an answer
    that offers nothing more.
    """

    model: str
    turns: tuple[Turn, ...]
    pictures: tuple[Picture, ...] = ()
    seed: int | None = None
    max_tokens: int | None = None
    stops: tuple[str, ...] = ()
    tool_use: ToolUse | None = None
    form: Form | None = None
    effort: str | None = None
    thinks: bool | None = None
    is_steady: bool = False
    is_final: bool = False

    @property
    def question(self) -> str:
        """The text of the last user turn."""
        return next((said for role, said in reversed(self.turns) if role == "user"), "")

    @property
    def earlier_question(self) -> str:
        """The text of the user turn before the last one."""
        asked = [said for role, said in self.turns if role == "user"]
        return asked[-2] if len(asked) > 1 else ""

    @property
    def orders(self) -> str:
        """The text of the system's turns."""
        return "\n".join([said for role, said in self.turns if role in ("system", "developer")])

    @property
    def is_asked(self) -> bool:
        """Whether the user had the last word, so that no tool has answered yet."""
        return self.turns[-1][0] == "user"

    @property
    def conversation(self) -> Conversation:
        """What an answer has to go by: the question, what stands around it, what tools said."""
        asked = [index for index, (role, _) in enumerate(self.turns) if role == "user"]
        after = self.turns[asked[-1] + 1 :] if asked else self.turns
        return Conversation(
            prompt=self.question,
            system=self.orders,
            earlier=max(0, len(asked) - 1),
            images=self.pictures,
            tool_results=tuple(said for role, said in after if role in ("tool", "function")),
            is_final=self.is_final,
        )


class ToolCall(msgspec.Struct, frozen=True):
    """A call that the model wants made; `arguments` is JSON text in pieces of a token each."""

    id: str
    name: str
    arguments: list[str]


class Completion(msgspec.Struct, frozen=True):
    """One answer, in pieces of a token each; `stop` is the stop text that ended it, if one did."""

    reasoning: list[str]
    pieces: list[str]
    tool_calls: tuple[ToolCall, ...]
    finish: Finish
    stop: str | None = None

    @property
    def tokens(self) -> int:
        """How many tokens were written: reasoning, text, and calls, whose names are one each."""
        written = len(self.reasoning) + len(self.pieces)
        for call in self.tool_calls:
            written += 1 + len(call.arguments)
        return written

    @property
    def is_ascii(self) -> bool:
        """Whether nothing but ASCII was written."""
        called = chain.from_iterable(call.arguments for call in self.tool_calls)
        return "".join(chain(self.reasoning, self.pieces, called)).isascii()


class Said(msgspec.Struct, frozen=True):
    """All that was said to one request; `prompt_tokens` is what asking cost.

    The `mark` is the same for the same request of the same caller, and another for any other.
    """

    mark: str
    prompt_tokens: int
    completions: tuple[Completion, ...]

    @property
    def tokens(self) -> int:
        """How many tokens were written in all."""
        return sum([each.tokens for each in self.completions])
