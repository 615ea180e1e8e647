"""A request for a message as a prompt, in the turns that chat would have."""

from typing import Any

import pytest

from mock_server.completion import Prompt
from mock_server.errors import Invalid
from mock_server.pictures import Gallery
from mock_server.protocols.anthropic.prompts import prompt_tokens, read_prompt
from mock_server.protocols.anthropic.turns import turns_of

Json = Any
HELLO = {"role": "user", "content": "Hello."}
USE = {"type": "tool_use", "id": "a", "name": "f", "input": {"b": 1}}
RESULT = {"type": "tool_result", "tool_use_id": "a", "content": "19"}
SHOWN = {"type": "image", "source": {"type": "url", "url": "https://a.b/red-barn.png"}}
TOOL = {"name": "f", "input_schema": {"type": "object"}}


def prompt(*messages: Json, **more: Json) -> Prompt:
    body = {"model": "m", "max_tokens": 9, "messages": list(messages), **more}
    return read_prompt(body, turns_of(messages), Gallery())


def cost(*messages: Json, **more: Json) -> int:
    body = {"model": "m", "max_tokens": 9, "messages": list(messages), **more}
    return prompt_tokens(body, turns_of(messages), Gallery())


def test_the_system_speaks_first_as_a_text_or_as_blocks() -> None:
    blocks = [{"type": "text", "text": "Be"}, {"type": "text", "text": "kind."}]
    assert prompt(HELLO, system="Be kind.").turns[0] == ("system", "Be kind.")
    assert prompt(HELLO, system=blocks).turns[0] == ("system", "Be\nkind.")
    assert prompt(HELLO).turns == (("user", "Hello."),)
    assert prompt(HELLO, system="").turns == prompt(HELLO, system=[]).turns == prompt(HELLO).turns


def test_results_are_turns_of_the_tool() -> None:
    called = {"role": "assistant", "content": [USE]}
    alone = prompt(HELLO, called, {"role": "user", "content": [RESULT]})
    assert alone.turns[1:] == (("assistant", ""), ("tool", "19"))
    assert not alone.is_asked
    said = {"role": "user", "content": [RESULT, {"type": "text", "text": "And?"}]}
    assert prompt(HELLO, called, said).turns[2:] == (("tool", "19"), ("user", "And?"))


def test_pictures_are_those_of_the_last_turn_of_the_user() -> None:
    shown = {"role": "user", "content": [SHOWN]}
    answer = {"role": "assistant", "content": "A barn."}
    assert [each.words for each in prompt(shown).pictures] == ["a red barn"]
    assert len(prompt(shown, answer).pictures) == 1
    assert prompt(shown, answer, HELLO).pictures == ()


def test_a_prompt_without_anybody_who_asks_has_no_pictures() -> None:
    assert prompt({"role": "assistant", "content": "Hello."}).pictures == ()


@pytest.mark.parametrize(
    ("choice", "read"),
    [
        (None, ("auto", None, True)),
        ({"type": "auto"}, ("auto", None, True)),
        ({"type": "auto", "disable_parallel_tool_use": True}, ("auto", None, False)),
        ({"type": "any"}, ("required", None, True)),
        ({"type": "tool", "name": "f"}, ("auto", "f", True)),
        ({"type": "none"}, ("none", None, True)),
    ],
)
def test_every_choice_is_read(choice: Json, read: tuple[str, str | None, bool]) -> None:
    more = {"tool_choice": choice} if choice else {}
    use = prompt(HELLO, tools=[TOOL], **more).tool_use
    assert use is not None
    assert (use.choice, use.named, use.parallel) == read
    assert use.tools[0].place == "tools[0].input_schema"


def test_what_was_called_since_the_user_spoke_is_known() -> None:
    turns = [{"role": "assistant", "content": [USE]}, {"role": "user", "content": [RESULT]}]
    more = {"tools": [TOOL], "tool_choice": {"type": "any"}}
    after = prompt(HELLO, *turns, **more).tool_use
    later = prompt(HELLO, *turns, HELLO, **more).tool_use
    assert after and after.called == {"f"}
    assert later and later.called == frozenset()


@pytest.mark.parametrize(
    ("thinking", "thinks"),
    [
        (None, False),
        ({"type": "disabled"}, False),
        ({"type": "adaptive"}, True),
        ({"type": "between_tools"}, False),
        ({"type": "enabled", "budget_tokens": 8}, True),
    ],
)
def test_thoughts_are_asked_for_or_not(thinking: Json, thinks: bool) -> None:
    more = {"thinking": thinking} if thinking else {}
    assert prompt(HELLO, **more).thinks is thinks


def test_the_budget_of_thoughts_is_below_the_limit_of_the_answer() -> None:
    with pytest.raises(Invalid, match=r"9 is not less than `max_tokens`, which is 9"):
        prompt(HELLO, thinking={"type": "enabled", "budget_tokens": 9.0})


@pytest.mark.parametrize("more", [{"temperature": 0}, {"top_p": 0}, {"temperature": 0.0}])
def test_a_cold_prompt_is_steady(more: Json) -> None:
    assert prompt(HELLO, **more).is_steady
    assert not prompt(HELLO, temperature=0.1).is_steady


def test_all_that_is_read_costs_tokens() -> None:
    least = cost(HELLO)
    assert cost(HELLO, system="Be kind.") == least + 3 + 3
    assert cost({"role": "user", "content": [SHOWN]}) > least + 80
    assert cost(HELLO, tools=[TOOL]) > least
    form = {"type": "json_schema", "schema": {"type": "object"}}
    assert cost(HELLO, output_config={"format": form}) > least
    assert cost(HELLO, HELLO) == least + 2
