"""What a strict server finds wrong with an answer of its own."""

import json
from typing import Any

import pytest

from mock_server.conformance import breach, checked
from mock_server.wire import Event, Reply
from tests.world import ask, new_mock, post

MOCK = new_mock()
OPERATION = next(each for each in MOCK.spec.operations if each.behaviour)
GOOD = post(MOCK, OPERATION.path, ask("hi")).json
CHUNKS = post(MOCK, OPERATION.path, ask("hi", stream=True)).chunks


def _reply(body: Any, status: int = 200) -> Reply:
    return Reply(status, [(b"content-type", b"application/json")], json.dumps(body).encode())


def _stream(*events: Event) -> Reply:
    return Reply(200, [(b"content-type", b"text/event-stream; charset=utf-8")], list(events))


def test_a_good_answer_has_no_breach() -> None:
    assert breach(_reply(GOOD), OPERATION, MOCK) is None


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (_reply({**GOOD, "object": "chat"}), "object"),
        (_reply({key: GOOD[key] for key in GOOD if key != "usage"}), "usage: is required"),
        (_reply(GOOD, 418), "not a documented status"),
        (Reply(200, [(b"content-type", b"text/html")], b""), "text/html"),
        (_stream(Event(json.dumps({**CHUNKS[0], "object": "chunk"}).encode())), "object"),
        (_stream(Event(b"{}")), "required"),
    ],
)
def test_a_breach_is_named(reply: Reply, words: str) -> None:
    assert words in str(breach(reply, OPERATION, MOCK))


def test_a_good_stream_has_no_breach() -> None:
    events = [Event(json.dumps(chunk).encode()) for chunk in CHUNKS]
    assert breach(_stream(*events, Event(b"[DONE]")), OPERATION, MOCK) is None


def test_only_a_strict_server_looks() -> None:
    wrong = _reply({})
    assert checked(wrong, OPERATION, new_mock(strict=False)) is wrong
    assert checked(wrong, OPERATION, MOCK).status == 500
