import json

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.codec import encode as json_bytes
from mock_server.sse import encode
from mock_server.wire import Event

REQUEST = httpx2.Request("GET", "http://mock")
SSE = {"content-type": "text/event-stream"}
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.mark.parametrize(
    ("event", "sent"),
    [
        (Event(b"{}"), b"data: {}\n\n"),
        (Event(b"[DONE]"), b"data: [DONE]\n\n"),
        (Event(b""), b"data: \n\n"),
        (Event(b" x"), b"data:  x\n\n"),
        (Event(b'{"a":1}', "message_start"), b'event: message_start\ndata: {"a":1}\n\n'),
        (Event("é".encode(), "ping"), b"event: ping\ndata: \xc3\xa9\n\n"),
    ],
    ids=["json", "done", "empty", "leading blank", "named", "utf-8"],
)
def test_an_event_is_one_data_line_and_a_blank_one(event: Event, sent: bytes) -> None:
    assert encode(event) == sent


@given(st.lists(st.tuples(TEXTS, st.sampled_from([None, "ping", "content_block_delta"]))))
def test_a_client_reads_the_events_that_were_meant(events: list[tuple[str, str | None]]) -> None:
    # Line ends of every kind are in the texts; as JSON they are escaped.
    stream = b"".join(encode(Event(json_bytes(text), name)) for text, name in events)
    answer = httpx2.Response(200, headers=SSE, content=stream, request=REQUEST)
    read = [(json.loads(each.data), each.event) for each in httpx2.EventSource(answer)]
    assert read == [(text, name or "message") for text, name in events]
