"""A chat request as a prompt, and what it costs in tokens (OA-001 to OA-009)."""

from collections.abc import Iterator

from mock_server import codec, tokens
from mock_server.completion import Form, Prompt, Tool, ToolUse
from mock_server.errors import Invalid
from mock_server.pictures import Gallery
from mock_server.wire import Json

# What a turn costs besides its text, and what opening the answer costs.
_TURN_TOKENS, _OPENING_TOKENS = 3, 3
_NO_ARGUMENTS: Json = {"type": "object", "properties": {}, "additionalProperties": False}


def read_prompt(body: Json, gallery: Gallery) -> Prompt:
    """The prompt in a chat request that keeps the contract; raises Invalid."""
    messages, stop = body["messages"], body.get("stop") or ()
    asked: Json = next((each for each in reversed(messages) if each["role"] == "user"), {})
    return Prompt(
        model=body["model"],
        turns=tuple([(each["role"], text_of(each.get("content"))) for each in messages]),
        pictures=tuple([gallery.look(each["url"]) for each in _images(asked.get("content"))]),
        seed=whole(body.get("seed")),
        max_tokens=whole(body.get("max_completion_tokens") or body.get("max_tokens")),
        stops=(stop,) if isinstance(stop, str) else tuple(stop),
        tool_use=_tool_use(body),
        form=_form(body.get("response_format")),
        effort=body.get("reasoning_effort"),
        is_steady=0 in (body.get("temperature"), body.get("top_p")),
    )


def question(body: Json) -> str:
    """The text of the last user turn of a chat request."""
    for message in reversed(body["messages"]):
        if message["role"] == "user":
            return text_of(message.get("content"))
    return ""


def prompt_tokens(body: Json, gallery: Gallery) -> int:
    """What a request costs before a word is answered: roles, texts, names, pictures, tools."""
    total = _OPENING_TOKENS
    for message in body["messages"]:
        content = message.get("content")
        total += _TURN_TOKENS + tokens.count(text_of(content))
        for image in _images(content):
            total += gallery.tokens(image["url"], image.get("detail") or "auto")
        for name in ("name", "tool_call_id"):
            if message.get(name):
                total += tokens.count(message[name])
        for name in ("tool_calls", "function_call"):
            if message.get(name):
                total += _encoded(message[name])
    if body.get("tools"):
        total += _encoded(body["tools"])
    form = body.get("response_format")
    return total + (_encoded(form["json_schema"]) if form and "json_schema" in form else 0)


def text_of(content: Json) -> str:
    """The text of a message: itself, or its text parts joined by line ends."""
    if isinstance(content, list):
        return "\n".join([part["text"] for part in content if part["type"] == "text"])
    return content or ""


def first_image(messages: Json) -> str | None:
    """Where the first picture of a conversation stands."""
    for number, message in enumerate(messages):
        content = message.get("content")
        for place, part in enumerate(content if isinstance(content, list) else ()):
            if part["type"] == "image_url":
                return f"messages[{number}].content[{place}]"
    return None


def images_in(messages: Json) -> Iterator[Json]:
    """The pictures of a conversation, each an `image_url` object."""
    for message in messages:
        yield from _images(message.get("content"))


def whole(number: float | None) -> int | None:
    """An integer as Python has it: to JSON Schema 2.0 is one too."""
    return None if number is None else int(number)


def _images(content: Json) -> Iterator[Json]:
    if isinstance(content, list):
        yield from (part["image_url"] for part in content if part["type"] == "image_url")


def _encoded(value: Json) -> int:
    return tokens.count(codec.encode(value).decode())


def _tool_use(body: Json) -> ToolUse | None:
    """The tools and the choice among them; raises Invalid where none has the name chosen."""
    tools = tuple(
        _tool(each["function"], f"tools[{index}].function.parameters")
        for index, each in enumerate(body.get("tools") or ())
    )
    choice: Json = body.get("tool_choice") or "auto"
    named: str | None = choice["function"]["name"] if isinstance(choice, dict) else None
    if not tools and choice in ("auto", "none"):
        return None
    if named is not None and named not in [tool.name for tool in tools]:
        place = "tool_choice.function.name"
        raise Invalid("invalid_value", f"{place}: no tool is called '{named}'", param=place)
    parallel = body.get("parallel_tool_calls") is not False
    called = _called(body["messages"]) if choice == "required" else frozenset[str]()
    return ToolUse(tools, "auto" if named else choice, named, parallel, called)


def _called(messages: Json) -> frozenset[str]:
    """The names of the tools that were called after the last word of the user."""
    names: list[str] = []
    for message in reversed(messages):
        if message["role"] == "user":
            break
        names += [call["function"]["name"] for call in message.get("tool_calls") or ()]
    return frozenset(names)


def _tool(function: Json, place: str) -> Tool:
    schema = function.get("parameters", _NO_ARGUMENTS)
    return Tool(
        name=function["name"],
        description=function.get("description") or "",
        schema=schema if "type" in schema else {**schema, "type": "object"},
        place=place,
    )


def _form(response_format: Json) -> Form | None:
    kind = response_format["type"] if response_format else "text"
    if kind == "text":
        return None
    schema = response_format["json_schema"].get("schema") if kind == "json_schema" else None
    return Form(schema, "response_format.json_schema.schema")
