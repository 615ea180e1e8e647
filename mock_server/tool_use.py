"""Which tools a model calls, and with what."""

from collections.abc import Sequence
from random import Random

from mock_server import codec, tokens
from mock_server.completion import Prompt, Tool, ToolCall, ToolUse
from mock_server.errors import Invalid
from mock_server.filling import Filling
from mock_server.instances import Unsatisfiable
from mock_server.wire import Json

_MOST_CALLS = 8  # of one tool in one answer


def calls(prompt: Prompt, filling: Filling, random: Random, index: int) -> tuple[ToolCall, ...]:
    """The calls that choice number `index` makes, none where an answer in words is due.

    Raises Invalid where nothing can satisfy the schema of a tool that must be called.
    """
    use = prompt.tool_use
    if use is None:
        return ()
    made: list[ToolCall] = []
    most = _MOST_CALLS if use.parallel else 1
    for tool, text in _chosen(prompt, use, filling):
        try:
            filled = filling.fillings(tool.schema, text, random, most)
        except Unsatisfiable as reason:
            raise Invalid("invalid_value", f"{tool.place}: {reason}", param=tool.place) from None
        made += [call(tool.name, arguments, random, index) for arguments in filled]
    return tuple(made)


def call(name: str, arguments: Json, random: Random, index: int) -> ToolCall:
    """A call with an id that chance gives, another one for each choice."""
    text = codec.encode(arguments).decode()
    return ToolCall(f"call_{random.getrandbits(96) ^ index:024x}", name, tokens.pieces(text))


def _chosen(prompt: Prompt, use: ToolUse, filling: Filling) -> Sequence[tuple[Tool, str]]:
    """The tools to be called, each with the part of the question that is for it."""
    question = prompt.question
    if use.named is not None:
        return [(tool, question) for tool in use.tools if tool.name == use.named][:1]
    # Once a tool has answered, words are due, or a loop of calls would never end.
    if use.choice == "none" or (use.choice == "auto" and not prompt.is_asked):
        return ()
    asked = filling.asked(use.tools, question, prompt.earlier_question)
    fit: Sequence[tuple[Tool, str]] = [(use.tools[each.index], each.text) for each in asked]
    if use.choice == "required":
        fit = _required(fit, use, question)
    return fit if use.parallel else fit[:1]


def _required(
    fit: Sequence[tuple[Tool, str]], use: ToolUse, question: str
) -> Sequence[tuple[Tool, str]]:
    """What is called where something must be: first what fits, and once that was called the last.

    Frameworks end their loops with a tool that takes the answer, and list it last.
    """
    if not use.called:
        return fit or [(use.tools[0], question)]
    left = [each for each in fit if each[0].name not in use.called]
    return left or [(use.tools[-1], question)]
