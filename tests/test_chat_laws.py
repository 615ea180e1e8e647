"""The laws of chat find what breaks them, and leave alone what is none of their business."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from contract_tests import chat_laws as laws

Json = Any
Law = Callable[[Json, Json], bool | None]
NAME = "get_weather"


def call(name: str = NAME, arguments: str = '{"city": "Lisbon"}', id: str = "call_1") -> Json:
    return {"id": id, "type": "function", "function": {"name": name, "arguments": arguments}}


def choice(content: str | None = "Hi", *calls: Json, end: str = "stop", **more: Json) -> Json:
    message = {"role": "assistant", "content": content, **({"tool_calls": calls} if calls else {})}
    return {"index": 0, "message": message, "finish_reason": end, **more}


def part(end: str | None = None, index: int = 0, **delta: Json) -> Json:
    return {"index": index, "delta": delta, "finish_reason": end}


def chunk(*parts: Json, **more: Json) -> Json:
    return {"id": "chatcmpl-1", "choices": list(parts), **more}


def fragment(arguments: str, **more: Json) -> Json:
    return {"index": 0, "function": {"arguments": arguments}, **more}


CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}
TOOLS = {"tools": [{"type": "function", "function": {"name": NAME, "parameters": CITY}}]}
NAMED = {"tool_choice": {"type": "function", "function": {"name": NAME}}}
TOKEN = {"token": "Hi", "logprob": -0.1, "bytes": [72, 105], "top_logprobs": []}
LIKELY: dict[str, Json] = {"logprobs": {"content": [TOKEN]}}
FORM = {"response_format": {"type": "json_schema", "json_schema": {"name": "city", "schema": CITY}}}
OBJECT = {"response_format": {"type": "json_object"}}
OPENING, TEXT, END = part(role="assistant", content=""), part(content="Hi"), part("stop")


@pytest.mark.parametrize(
    ("law", "made", "asked", "why"),
    [
        (laws.an_answer_says_something, choice(""), {}, "is empty"),
        (laws.no_stop_text_is_said, choice("1, 2, 3"), {"stop": "2"}, "stop text '2'"),
        (laws.no_stop_text_is_said, choice("1, 2, 3"), {"stop": ["9", "3"]}, "stop text '3'"),
        (laws.an_answer_is_an_object, choice("Sure! {}"), OBJECT, "is no JSON"),
        (laws.an_answer_is_an_object, choice("[]"), OBJECT, "is no object"),
        (laws.an_answer_keeps_its_schema, choice('{"city": 5}'), FORM, "breaks the schema"),
        (laws.calls_have_ids_of_their_own, choice(None, call(), call()), {}, "one id"),
        (laws.only_tools_that_were_sent_are_called, choice(None, call("f")), TOOLS, "'f'"),
        (laws.arguments_are_objects, choice(None, call(arguments="{")), {}, "is no JSON"),
        (laws.arguments_keep_their_schema, choice(None, call(arguments="{}")), TOOLS, "breaks"),
        (
            laws.no_tool_is_called_where_none_may_be,
            choice(None, call()),
            {"tool_choice": "none"},
            "none may be",
        ),
        (
            laws.a_tool_is_called_where_one_must_be,
            choice(),
            TOOLS | {"tool_choice": "required"},
            "one must be",
        ),
        (laws.a_tool_is_called_where_one_must_be, choice(), TOOLS | NAMED, "one must be"),
        (laws.only_the_named_tool_is_called, choice(None, call("f")), NAMED, "f is called"),
        (
            laws.one_tool_at_a_time_is_called,
            choice(None, call(), call(id="call_2")),
            {"parallel_tool_calls": False},
            "2 calls at once",
        ),
        (laws.the_end_tells_of_calls, choice(None, call()), TOOLS, "the end is stop"),
        (laws.the_end_tells_of_calls, choice(end="tool_calls"), TOOLS, "calls none"),
        (laws.likelihoods_come_only_where_asked, choice(**LIKELY), {}, "unasked"),
        (laws.likelihoods_join_to_the_content, choice("Ho", **LIKELY), {"logprobs": True}, "'Ho'"),
        (
            laws.as_many_others_are_told_as_asked,
            choice(**LIKELY),
            {"logprobs": True, "top_logprobs": 2},
            "0 likely tokens, not 2",
        ),
        (
            laws.the_bytes_are_those_of_the_token,
            choice(logprobs={"content": [TOKEN | {"bytes": [72]}]}),
            {"logprobs": True},
            "another token's",
        ),
    ],
)
def test_what_a_choice_breaks_is_found(law: Law, made: Json, asked: Json, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        law(made, asked)


@pytest.mark.parametrize(
    ("law", "made", "asked"),
    [
        (laws.an_answer_says_something, choice("", end="length"), {}),
        (laws.an_answer_says_something, choice(""), {"stop": "2"}),
        (laws.no_stop_text_is_said, choice(), {}),
        (laws.an_answer_is_an_object, choice("{", end="length"), OBJECT),
        (laws.an_answer_keeps_its_schema, choice(None, call()), FORM),
        (laws.arguments_are_objects, choice(None, call(arguments="{"), end="length"), {}),
        (laws.arguments_keep_their_schema, choice(None, call("f")), TOOLS),
        (laws.a_tool_is_called_where_one_must_be, choice(), {"tool_choice": "required"}),
        (laws.a_tool_is_called_where_one_must_be, choice(), TOOLS | {"tool_choice": "auto"}),
        (laws.one_tool_at_a_time_is_called, choice(None, call(), call()), {}),
        (laws.the_end_tells_of_calls, choice(None, call()), NAMED),
        (laws.likelihoods_join_to_the_content, choice("Ho"), {"logprobs": True}),
    ],
)
def test_a_law_says_nothing_of_what_it_is_not_about(law: Law, made: Json, asked: Json) -> None:
    assert law(made, asked) is False


@pytest.mark.parametrize(
    ("law", "parts", "why"),
    [
        (laws.a_choice_opens_with_the_role, [TEXT, END], "without a role"),
        (laws.the_role_is_said_once, [OPENING, OPENING], "2 times"),
        (laws.a_choice_finishes_once, [OPENING, TEXT], "0 times"),
        (laws.a_choice_finishes_once, [OPENING, END, END], "2 times"),
        (laws.a_choice_ends_with_its_finish, [OPENING, END, TEXT], "goes on"),
        (
            laws.reasoning_comes_before_the_answer,
            [TEXT, part(reasoning_content="Hm")],
            "after content",
        ),
        (
            laws.a_call_is_named_in_its_first_fragment,
            [part(tool_calls=[fragment("{}")])],
            "without an id",
        ),
        (
            laws.a_call_is_named_in_its_first_fragment,
            [
                part(tool_calls=[{"index": 0, **call(arguments="")}]),
                part(tool_calls=[fragment("{}", id="call_1")]),
            ],
            "two ids",
        ),
    ],
)
def test_what_a_streamed_choice_breaks_is_found(
    law: Callable[[Sequence[Json]], bool | None], parts: list[Json], why: str
) -> None:
    with pytest.raises(AssertionError, match=why):
        law(parts)


USAGE = {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}
COUNTED = chunk(usage=USAGE)


@pytest.mark.parametrize(
    ("law", "chunks", "why"),
    [
        (laws.chunks_keep_their_identity, [chunk(TEXT), chunk(TEXT, id="other")], "id changes"),
        (laws.usage_comes_last_where_asked, [chunk(TEXT)], "0 times"),
        (laws.usage_comes_last_where_asked, [COUNTED, chunk(TEXT)], "not the last"),
        (laws.usage_comes_last_where_asked, [chunk(TEXT, usage=USAGE)], "has choices"),
        (laws.usage_is_null_until_the_end, [chunk(TEXT), COUNTED], "lack usage"),
        (laws.no_usage_comes_unasked, [chunk(TEXT, usage=None)], "unasked"),
        (laws.no_usage_comes_unasked, [chunk()], "without choices"),
        (laws.choices_are_numbered, [choice() | {"index": 1}], "numbered"),
    ],
)
def test_what_chunks_break_is_found(
    law: Callable[[Sequence[Json]], None], chunks: list[Json], why: str
) -> None:
    with pytest.raises(AssertionError, match=why):
        law(chunks)


def test_counts_are_looked_at() -> None:
    with pytest.raises(AssertionError, match="4 tokens in all, 3 in parts"):
        laws.usage_adds_up(USAGE | {"total_tokens": 4})
    with pytest.raises(AssertionError, match="9 tokens of reasoning"):
        laws.reasoning_counts_as_written(
            USAGE | {"completion_tokens_details": {"reasoning_tokens": 9}}
        )
    assert laws.no_more_is_written_than_asked_for(USAGE, {"max_tokens": 1, "n": 2}) is None
    with pytest.raises(AssertionError, match="2 tokens, 1 were asked for"):
        laws.no_more_is_written_than_asked_for(USAGE, {"max_tokens": 5, "max_completion_tokens": 1})


def test_chunks_add_up() -> None:
    named = part(tool_calls=[{"index": 0, **call(arguments="")}])
    more = part(tool_calls=[fragment('{"city":')]), part(tool_calls=[fragment(' "Lisbon"}')])
    told = [OPENING, part(reasoning_content="Hm"), TEXT, part(content="!"), named, *more, END]
    joined = laws.completion_of([*map(chunk, told), chunk(part("length", 1)), COUNTED])
    first, second = joined["choices"]
    assert first["message"]["content"] == "Hi!"
    assert first["message"]["reasoning_content"] == "Hm"
    assert first["message"]["tool_calls"] == [
        {"id": "call_1", "function": {"name": NAME, "arguments": '{"city": "Lisbon"}'}}
    ]
    assert (first["finish_reason"], second["finish_reason"]) == ("stop", "length")
    assert joined["usage"] == USAGE
