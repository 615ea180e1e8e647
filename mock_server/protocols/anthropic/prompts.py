"""A request for a message as a prompt, and what it costs in tokens (AN-001 to AN-006)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

from mock_server import codec, tokens
from mock_server.completion import Form, Prompt, Tool, ToolUse
from mock_server.completion import Turn as Line
from mock_server.errors import Invalid
from mock_server.pictures import Gallery
from mock_server.protocols.anthropic.turns import (
    Turn,
    blocks_of,
    pictures_in,
    result_text,
    turns_of,
    url_of,
    written_in,
)
from mock_server.wire import Json

# What a turn costs besides its text, and what opening the answer costs: the same as in chat.
_TURN_TOKENS, _OPENING_TOKENS = 3, 3
_CHOICES: Final[Mapping[str, Literal["auto", "none", "required"]]] = {
    "auto": "auto",
    "any": "required",
    "tool": "auto",
    "none": "none",
}


def read_prompt(body: Json, turns: Sequence[Turn], gallery: Gallery) -> Prompt:
    """The prompt in a request that keeps the contract; raises Invalid."""
    asked = next((turn for turn in reversed(turns) if turn.role == "user"), None)
    pictures = pictures_in(asked) if asked else ()
    config = body.get("output_config") or {}
    return Prompt(
        model=body["model"],
        turns=(*_orders(body), *(said for turn in turns for said in _said(turn))),
        pictures=tuple([gallery.look(url_of(each)) for each in pictures]),
        max_tokens=int(body["max_tokens"]),
        stops=tuple(body.get("stop_sequences") or ()),
        tool_use=_tool_use(body, turns),
        form=_form(body),
        effort=config.get("effort"),
        thinks=_thinks(body, turns),
        is_steady=0 in (body.get("temperature"), body.get("top_p")),
    )


def question(body: Json) -> str:
    """The text of the last turn of a request in which the user speaks."""
    asked = (turn for turn in reversed(turns_of(body["messages"])) if turn.role == "user")
    return next((turn.text for turn in asked if turn.has_words), "")


def prompt_tokens(body: Json, turns: Sequence[Turn], gallery: Gallery) -> int:
    """What a request costs before a word is answered: roles, texts, pictures, tools."""
    total = _OPENING_TOKENS
    for _, orders in _orders(body):
        total += _TURN_TOKENS + tokens.count(orders)
    for turn in turns:
        total += _TURN_TOKENS + sum([tokens.count(written_in(each)) for each in turn.blocks])
        total += sum([gallery.tokens(url_of(each)) for each in pictures_in(turn)])
    for told in (body.get("tools"), _format(body)[0]):
        total += tokens.count(codec.encode(told).decode()) if told else 0
    return total


def _orders(body: Json) -> Iterator[Line]:
    if body.get("system"):
        said = [block.content["text"] for block in blocks_of(body["system"], "system")]
        yield "system", "\n".join(said)


def _said(turn: Turn) -> Iterator[Line]:
    """A turn as chat has it, where the result of each tool is a turn of its own."""
    for result in turn.of_type("tool_result"):
        yield "tool", result_text(result)
    if turn.has_words:
        yield turn.role, turn.text


def _tool_use(body: Json, turns: Sequence[Turn]) -> ToolUse | None:
    """The tools and the choice among them; raises Invalid where none has the name chosen."""
    tools = tuple([_tool(each, index) for index, each in enumerate(body.get("tools") or ())])
    choice = body.get("tool_choice") or {"type": "auto"}
    if not tools:
        return None
    named = choice["name"] if choice["type"] == "tool" else None
    if named is not None and named not in [tool.name for tool in tools]:
        place = "tool_choice.name"
        raise Invalid("invalid_value", f"{place}: no tool is called '{named[:60]}'", param=place)
    wish, parallel = _CHOICES[choice["type"]], choice.get("disable_parallel_tool_use") is not True
    called = _called(turns) if wish == "required" else frozenset[str]()
    return ToolUse(tools, wish, named, parallel, called)


def _tool(tool: Json, index: int) -> Tool:
    schema = tool["input_schema"]
    return Tool(tool["name"], tool.get("description") or "", schema, f"tools[{index}].input_schema")


def _called(turns: Sequence[Turn]) -> frozenset[str]:
    """The names of the tools that were called after the last word of the user."""
    names: list[str] = []
    for turn in reversed(turns):
        if turn.role == "user" and turn.has_words:
            break
        names += [use.content["name"] for use in turn.of_type("tool_use")]
    return frozenset(names)


def _form(body: Json) -> Form | None:
    form, place = _format(body)
    return Form(form["schema"], f"{place}.schema") if form else None


def _format(body: Json) -> tuple[Json, str]:
    """The form that the answer has to have, by its name of today or its older one, and where."""
    config = body.get("output_config") or {}
    if config.get("format"):
        return config["format"], "output_config.format"
    return body.get("output_format"), "output_format"


def _thinks(body: Json, turns: Sequence[Turn]) -> bool:
    """Whether thoughts are asked for; raises Invalid where their budget is not below the limit."""
    thinking = body.get("thinking") or {"type": "disabled"}
    if thinking["type"] == "between_tools":
        return bool(turns[-1].of_type("tool_result"))
    most = int(body["max_tokens"])
    if thinking["type"] == "enabled" and thinking["budget_tokens"] >= most:
        place, budget = "thinking.budget_tokens", int(thinking["budget_tokens"])
        message = f"{place}: {budget} is not less than `max_tokens`, which is {most}"
        raise Invalid("invalid_value", message, param=place)
    return bool(thinking["type"] != "disabled")
