"""The blocks of an answer, and the input of a use that was cut off at any place."""

import json
from base64 import b64decode
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server import codec
from mock_server.completion import Completion, ToolCall
from mock_server.protocols.anthropic.blocks import blocks, opened, signature

Json = Any
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**6), 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


def use(text: str) -> Json:
    call = ToolCall("call_1f", "f", [text])
    [block] = blocks(Completion([], [], (call,), "length"), is_told=True)
    return block["input"]


def test_blocks_come_as_they_were_written() -> None:
    calls = (ToolCall("call_1f", "f", ['{"a"', ":1}"]), ToolCall("call_2f", "g", ["{}"]))
    made = blocks(Completion(["Hm", "."], ["Yes", "."], calls, "tool_calls"), is_told=True)
    assert [block["type"] for block in made] == ["thinking", "text", "tool_use", "tool_use"]
    assert (made[0]["thinking"], made[1]["text"]) == ("Hm.", "Yes.")
    assert made[2] == {"type": "tool_use", "id": "toolu_1f", "name": "f", "input": {"a": 1}}
    assert opened(calls[0]) == made[2] | {"input": {}}


def test_a_signature_follows_from_the_thought() -> None:
    assert signature("a") == signature("a") != signature("b")
    assert len(b64decode(signature("a"), validate=True)) == 64


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", {}),
        ("{", {}),
        ('{"a', {}),
        ('{"a":[1,2', {}),
        ('{"a":1,', {"a": 1}),
        ('{"a":1,"b":{"c":2,"d', {"a": 1}),
        ('{"a":"x,\\"y","b":"z,', {"a": 'x,"y'}),
        ('{"a":"\\', {}),
    ],
)
def test_a_use_that_was_cut_off_keeps_the_members_that_were_complete(
    text: str, value: Json
) -> None:
    assert use(text) == value


@given(st.dictionaries(st.text(max_size=4), VALUES, max_size=4), st.data())
def test_wherever_it_was_cut_it_is_an_object_of_true_members(
    value: dict[str, Json], data: st.DataObject
) -> None:
    text = codec.encode(value).decode()
    found = use(text[: data.draw(st.integers(0, len(text)))])
    assert found.items() <= json.loads(text).items()
