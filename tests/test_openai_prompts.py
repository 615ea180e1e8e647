"""A chat request, read: its turns, its tools, its form, and what it costs."""

from typing import Any

import pytest

from mock_server.completion import Form, Prompt
from mock_server.errors import Invalid
from mock_server.pictures import Gallery
from mock_server.protocols.openai.prompts import (
    first_image,
    prompt_tokens,
    read_prompt,
    text_of,
)
from tests.world import ask

Json = Any
URL = "https://example.com/a.png"
PICTURE = {"type": "image_url", "image_url": {"url": URL}}
TOOL = {"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}


def read(body: Json) -> Prompt:
    return read_prompt(body, Gallery())


def cost(body: Json) -> int:
    return prompt_tokens(body, Gallery())


def test_prompt_tokens_grow_with_whatever_is_sent() -> None:
    answered = {"role": "tool", "tool_call_id": "call_1", "content": "hi"}
    called = {
        "role": "assistant",
        "content": "",
        "tool_calls": [{"id": "call_1", "type": "function", "function": {"name": "f"}}],
    }
    schema = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "object"}}}
    plain = ask("hi there, how are you")
    for more in (
        ask("hi there, how are you doing"),
        ask("hi there, how are you", tools=[TOOL]),
        ask("hi there, how are you", response_format=schema),
        ask([{"type": "text", "text": "hi there, how are you"}, PICTURE]),
        {"messages": [plain["messages"][0] | {"name": "ann"}]},
        {"messages": [*plain["messages"], called, answered]},
    ):
        assert cost(more) > cost(plain)


def test_a_picture_costs_no_less_in_detail() -> None:
    low, high = (
        ask([{"type": "image_url", "image_url": {"url": URL, "detail": detail}}])
        for detail in ("low", "high")
    )
    assert cost(low) < cost(high)


def test_the_text_of_parts_is_joined() -> None:
    assert text_of([{"type": "text", "text": "a"}, {"type": "text", "text": "b"}]) == "a\nb"
    assert text_of(None) == ""


def test_pictures_are_those_of_the_last_question() -> None:
    body = ask([PICTURE])
    body["messages"] += [
        {"role": "assistant", "content": "A harbour."},
        {"role": "user", "content": [{"type": "text", "text": "And here?"}, PICTURE, PICTURE]},
    ]
    assert read(body).pictures == (Gallery().look(URL),) * 2
    assert first_image(body["messages"]) == "messages[0].content[0]"
    assert first_image(ask("none")["messages"]) is None


def test_tools_are_read_with_the_place_of_their_schemas() -> None:
    use = read(ask("hi", tools=[TOOL, {"function": {"name": "g"}}])).tool_use
    assert use is not None
    assert [(tool.name, tool.place) for tool in use.tools] == [
        ("f", "tools[0].function.parameters"),
        ("g", "tools[1].function.parameters"),
    ]
    assert (use.choice, use.named, use.parallel) == ("auto", None, True)
    assert use.tools[1].schema["additionalProperties"] is False


def test_a_choice_among_tools_is_read() -> None:
    named = {"type": "function", "function": {"name": "f"}}
    use = read(ask("hi", tools=[TOOL], tool_choice=named, parallel_tool_calls=False))
    assert use.tool_use is not None
    assert (use.tool_use.named, use.tool_use.parallel) == ("f", False)
    assert read(ask("hi", tools=[], tool_choice="none")).tool_use is None


def test_a_choice_of_a_tool_that_is_not_there_is_named() -> None:
    named = {"type": "function", "function": {"name": "g"}}
    with pytest.raises(Invalid, match="no tool is called 'g'") as caught:
        read(ask("hi", tools=[TOOL], tool_choice=named))
    assert caught.value.param == "tool_choice.function.name"


@pytest.mark.parametrize(
    ("response_format", "form"),
    [
        (None, None),
        ({"type": "text"}, None),
        ({"type": "json_object"}, Form(None, "response_format.json_schema.schema")),
        (
            {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "array"}}},
            Form({"type": "array"}, "response_format.json_schema.schema"),
        ),
    ],
)
def test_the_form_of_the_answer_is_read(response_format: Json, form: Form | None) -> None:
    assert read(ask("hi", response_format=response_format)).form == form
