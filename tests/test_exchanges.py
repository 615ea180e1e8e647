"""Exchanges as they are shown whole: what was asked, what was answered, and when."""

from typing import Any

import pytest

from mock_server.codec import encode
from mock_server.control.exchanges import whole
from mock_server.control.masks import Masks
from mock_server.journal import KEPT, Exchange
from mock_server.mock import Mock
from mock_server.wire import Call
from tests.test_runware_connection import PING, opened
from tests.world import CHAT, NOW, Json, ask, new_mock

MULTIPART = b"multipart/form-data; boundary=x"
FORM = (
    b'--x\r\nContent-Disposition: form-data; name="model"\r\n\r\nwhisper\r\n'
    b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.mp3"\r\n'
    b"Content-Type: audio/mpeg\r\n\r\nID3-secret-sound\r\n--x--\r\n"
)


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock()


def made(mock: Mock, body: bytes | None, sent: bytes = b"", **more: Any) -> Exchange:
    """An exchange with that body, answered by those bytes."""
    headers = [(b"content-type", more.get("asks", b"application/json"))]
    call = Call("POST", CHAT, b"a=1&b", headers, body, NOW, arrived=5.0)
    exchange = mock.journal.open(call)
    mock.journal.enter(exchange, None)
    exchange.status = 200
    exchange.headers = [(b"content-type", more.get("answers", b"application/json"))]
    exchange.keep(sent)
    exchange.sent = more.get("length", len(sent))
    exchange.began, exchange.asked = 0.25, more.get("asked")
    mock.journal.close(exchange, 0.5, NOW + 1)
    return exchange


def told(mock: Mock, exchange: Exchange) -> Json:
    return whole(exchange, Masks(mock))


def test_an_exchange_is_told_with_its_request_answer_and_times(mock: Mock) -> None:
    shown = told(mock, made(mock, encode(ask("hi")), b'{"ok":true}', asked=ask("hi")))
    assert shown["status"] == 200 and shown["id"].startswith("req_")
    assert shown["request"] == {
        "method": "POST",
        "path": CHAT,
        "query": "a=1&b",
        "headers": {"content-type": "application/json"},
        "body": ask("hi"),
    }
    assert shown["answer"] == {
        "status": 200,
        "headers": {"content-type": "application/json"},
        "body": {"ok": True},
    }
    assert shown["timings"] == {
        "at": NOW,
        "arrived": 5.0,
        "first_byte": 0.25,
        "took": 0.5,
        "ended_at": NOW + 1,
        "held": 0.0,
    }


def test_of_a_form_files_are_told_by_name_and_size(mock: Mock) -> None:
    shown = told(mock, made(mock, FORM, asks=MULTIPART, asked={"model": "whisper"}))
    assert shown["request"]["body"] == [
        {"name": "model", "value": "whisper"},
        {"name": "file", "filename": "a.mp3", "value": "(16 bytes of audio/mpeg)"},
    ]


def test_a_broken_form_is_told_by_its_size(mock: Mock) -> None:
    shown = told(mock, made(mock, FORM[:-8], asks=MULTIPART))
    assert shown["request"]["body"] == f"({len(FORM) - 8} bytes of multipart/form-data)"


@pytest.mark.parametrize(
    ("body", "media_type", "expected"),
    [
        (b"", b"application/json", None),
        (b'{"a": [', b"application/json", '{"a": ['),
        (b'{"a": 1}', b"application/json", {"a": 1}),
        (b"a=1", b"application/x-www-form-urlencoded", "a=1"),
        ("é\x00".encode(), b"text/plain", "é\x00"),
        (b"\xff\xd8", b"image/jpeg", "(2 bytes of image/jpeg)"),
        (b"\xff", b"", "(1 bytes of no media type)"),
        (None, b"application/json", "(not kept)"),
        (b"x" * (KEPT + 1), b"text/plain", "(not kept)"),
    ],
)
def test_a_body_that_was_not_read_is_told_as_it_came(
    mock: Mock, body: bytes | None, media_type: bytes, expected: Json
) -> None:
    assert told(mock, made(mock, body, asks=media_type))["request"]["body"] == expected


@pytest.mark.parametrize(
    ("sent", "expected"),
    [
        (b'data: {"a":1}\n\ndata: [DONE]\n\n', [{"data": {"a": 1}}, {"data": "[DONE]"}]),
        (
            b'event: ping\r\ndata: {"a":1}\r\n\r\n: hi\r\n\r\n',
            [{"event": "ping", "data": {"a": 1}}, {"comment": "hi"}],
        ),
        (b'data: {"a":\ndata: 1}\n\n', [{"data": {"a": 1}}]),
        (b'data: {"a":', [{"data": '{"a":'}]),
        (b"id: 1\nretry: 5\nodd\n\n", [{"id": "1", "retry": "5", "unknown": "odd"}]),
        (b"\n\n\n", []),
    ],
)
def test_a_stream_is_told_by_its_events(mock: Mock, sent: bytes, expected: Json) -> None:
    exchange = made(mock, b"{}", sent, answers=b"text/event-stream; charset=utf-8")
    assert told(mock, exchange)["answer"]["events"] == expected


@pytest.mark.parametrize(
    ("sent", "length", "media_type", "expected"),
    [
        (b"", 0, b"application/json", None),
        (b"", 9, b"application/json", "(9 bytes, no longer kept)"),
        (b"\x89PNG", 4, b"image/png", "(4 bytes of image/png)"),
        (b"WEBVTT", 70_000, b"text/vtt", "WEBVTT… (70,000 bytes)"),
        (b'{"a":', 70_000, b"application/json", '{"a":… (70,000 bytes)'),
    ],
)
def test_an_answer_that_cannot_be_shown_whole_is_told_in_brief(
    mock: Mock, sent: bytes, length: int, media_type: bytes, expected: Json
) -> None:
    exchange = made(mock, b"{}", sent, answers=media_type, length=length)
    assert told(mock, exchange)["answer"]["body"] == expected


def test_a_message_is_told_with_the_messages_that_answer_it(mock: Mock) -> None:
    connection = opened(mock)
    login = {"taskType": "authentication", "apiKey": "runware_told"}
    for message in connection.receive(encode([login, PING]), NOW):
        connection.delivered(message)
    (exchange,) = mock.journal.entries(connection.key)
    shown = told(mock, exchange)
    assert shown["request"]["body"] == [{**login, "apiKey": "[hidden]"}, PING]
    session, pong = shown["answer"]["messages"]
    assert session["data"][0]["taskType"] == "authentication"
    assert pong == {"data": [{"taskType": "ping", "pong": True}]}


def test_a_message_that_breaks_the_contract_is_told_as_it_came(mock: Mock) -> None:
    connection = opened(mock)
    connection.receive(b'[{"taskType": 5}]', NOW)
    connection.receive(b"[{", NOW)
    *_, wrong, broken = mock.journal.entries()
    assert told(mock, wrong)["request"]["body"] == [{"taskType": 5}]
    assert told(mock, broken)["request"]["body"] == "[{"
