"""Streams of events are read whatever their form, and what is wrong with their form is found."""

from collections.abc import Callable

import pytest

from contract_tests import stream_laws
from contract_tests.stream import Received, read_events

GOOD = b': hello\n\nevent: ping\ndata: {"a": 1}\n\ndata: [DONE]\n\n'
LAWS = (
    stream_laws.a_stream_is_utf8,
    stream_laws.every_event_is_ended_by_an_empty_line,
    stream_laws.a_blank_stands_before_the_data,
    stream_laws.every_event_has_one_line_of_data,
    stream_laws.nothing_stands_in_a_stream_but_events,
)


def test_a_good_stream_keeps_every_law() -> None:
    for law in LAWS:
        law(GOOD)
        law(GOOD.replace(b"\n", b"\r\n"))


@pytest.mark.parametrize(
    ("body", "events"),
    [
        (GOOD, [Received('{"a": 1}', "ping"), Received("[DONE]")]),
        (b"data: a\r\n\r\ndata:b\r\r", [Received("a"), Received("b")]),
        (b"data: a\ndata: b\n\n", [Received("a\nb")]),
        (b"data: a\n\ndata: b", [Received("a"), Received("b")]),
        (b"event: ping\n\ndata: a\n\n", [Received("a")]),
        (b"data: \xff\n\n", [Received("\ufffd")]),
        (b"", []),
    ],
)
def test_events_are_read_whatever_their_form(body: bytes, events: list[Received]) -> None:
    assert read_events(body) == events


@pytest.mark.parametrize(
    ("law", "body", "why"),
    [
        (stream_laws.a_stream_is_utf8, b"data: \xff\n\n", "not UTF-8"),
        (stream_laws.every_event_is_ended_by_an_empty_line, b"data: a\n", "not with an empty"),
        (stream_laws.a_blank_stands_before_the_data, b"data:a\n\n", "no blank"),
        (stream_laws.every_event_has_one_line_of_data, b"data: a\ndata: b\n\n", "second line"),
        (stream_laws.nothing_stands_in_a_stream_but_events, b"wait\n\n", "none of an event"),
    ],
)
def test_what_is_wrong_is_found(law: Callable[[bytes], None], body: bytes, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        law(body)
    for other in LAWS:
        if other is not law:
            other(body)
