"""Turns and blocks of Anthropic's messages: neighbours of one role are one turn."""

from typing import Any

import pytest

from mock_server.protocols.anthropic.turns import (
    Block,
    pictures_in,
    result_text,
    turns_of,
    url_of,
    written_in,
)

Json = Any
TEXT = {"type": "text", "text": "Hello."}
SHOWN = {"type": "image", "source": {"type": "url", "url": "https://a.b/c.png"}}
RESULT = {"type": "tool_result", "tool_use_id": "a", "content": [TEXT, SHOWN]}


def test_neighbours_of_one_role_are_one_turn_whose_blocks_know_their_places() -> None:
    turns = turns_of(
        [
            {"role": "user", "content": "One."},
            {"role": "user", "content": [TEXT, SHOWN]},
            {"role": "assistant", "content": "Two."},
            {"role": "user", "content": []},
        ]
    )
    assert [turn.role for turn in turns] == ["user", "assistant", "user"]
    assert [block.place for block in turns[0].blocks] == [
        "messages[0].content",
        "messages[1].content[0]",
        "messages[1].content[1]",
    ]
    assert turns[0].text == "One.\nHello."


@pytest.mark.parametrize(
    ("blocks", "speaks"), [([RESULT], False), ([RESULT, TEXT], True), ([SHOWN], True), ([], True)]
)
def test_results_alone_are_no_words(blocks: list[Json], speaks: bool) -> None:
    [turn] = turns_of([{"role": "user", "content": blocks}])
    assert turn.has_words is speaks


def test_pictures_are_found_in_results_too() -> None:
    [turn] = turns_of([{"role": "user", "content": [TEXT, SHOWN, RESULT]}])
    assert [each.place for each in pictures_in(turn)] == [
        "messages[0].content[1]",
        "messages[0].content[2].content[1]",
    ]


@pytest.mark.parametrize(
    ("source", "url"),
    [
        (
            {"type": "base64", "media_type": "image/png", "data": "AAAA"},
            "data:image/png;base64,AAAA",
        ),
        ({"type": "url", "url": "https://a.b/c.png"}, "https://a.b/c.png"),
        ({"type": "file", "file_id": "file_1"}, "file_1"),
    ],
)
def test_every_source_has_a_url(source: Json, url: str) -> None:
    assert url_of(Block({"type": "image", "source": source}, "")) == url


@pytest.mark.parametrize(
    ("content", "said"), [("19", "19"), ([TEXT, SHOWN, TEXT], "Hello.\nHello."), (None, "")]
)
def test_what_a_tool_says(content: Json, said: str) -> None:
    result = RESULT | {"content": content} if content is not None else {"type": "tool_result"}
    assert result_text(Block(result, "")) == said


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (TEXT, "Hello."),
        (RESULT, "Hello.\n"),
        ({"type": "tool_use", "id": "a", "name": "f", "input": {"a": 1}}, '["f",{"a":1}]'),
        ({"type": "thinking", "thinking": "Hm.", "signature": "x"}, ""),
        (
            {"type": "document", "title": "A", "source": {"type": "text", "data": "b"}},
            "A\nb",
        ),
        ({"type": "document", "source": {"type": "content", "content": "c"}}, "c"),
        ({"type": "document", "source": {"type": "content", "content": [TEXT]}}, None),
        ({"type": "document", "source": {"type": "url", "url": "https://a.b/c.pdf"}}, ""),
    ],
)
def test_what_has_to_be_read_in_a_block(block: Json, written: str | None) -> None:
    found = written_in(Block(block, ""))
    assert "Hello." in found if written is None else found == written
