"""The vocabulary of faults: each verb on whole answers, on streams and on files in pieces."""

import json
from typing import Any

import pytest

from mock_server import sse
from mock_server.draft import Draft
from mock_server.edits import apply
from mock_server.wire import Event, Post, Reply

Json = Any
HEADERS = [(b"content-type", b"application/json"), (b"x-left", b"7")]


def _example(status: int) -> Reply:
    return Reply(status, [(b"content-type", b"text/plain")], b"documented")


def _edited(reply: Reply, *edits: Json) -> Reply:
    draft = Draft.of(reply, _example)
    apply(edits, draft)
    return draft.reply()


def _whole(body: Json = None) -> Reply:
    return Reply(200, list(HEADERS), json.dumps(body or {"a": 1}).encode(), after=2.0)


def _stream() -> Reply:
    parts = [Event(b'{"n":%d}' % number, None, 0.5) for number in range(3)]
    return Reply(200, list(HEADERS), [*parts, Event(b"[DONE]")])


def _data(reply: Reply) -> list[bytes]:
    assert not isinstance(reply.body, bytes)
    return [event.data for event in reply.body]


def test_a_status_is_changed_and_nothing_else() -> None:
    assert _edited(_whole(), {"status": 503}) == Reply(503, HEADERS, b'{"a": 1}', after=2.0)


def test_another_documented_answer_takes_the_place_of_this_one() -> None:
    made = _edited(_stream(), {"answer": 400})
    assert (made.status, made.body) == (400, b"documented")
    assert dict(made.headers) == {b"content-type": b"text/plain", b"x-left": b"7"}


@pytest.mark.parametrize(
    ("wish", "value"),
    [({"X-Left": 9}, b"9"), ({"x-left": {"add": -2}}, b"5"), ({"x-left": None}, None)],
)
def test_headers_are_set_dropped_and_counted(wish: Json, value: bytes | None) -> None:
    assert dict(_edited(_whole(), {"headers": wish}).headers).get(b"x-left") == value


def test_a_header_can_be_made_of_the_path() -> None:
    draft = Draft.of(_whole(), _example, "/files/f_1/content")
    apply([{"headers": {"x-left": {"path": "{2}.mp4"}}}], draft)
    assert dict(draft.headers)[b"x-left"] == b"f_1.mp4"


def test_a_header_that_is_not_there_cannot_be_added_to() -> None:
    assert _edited(_whole(), {"headers": {"x-new": {"add": 1}}}).headers == HEADERS


def test_json_is_changed_in_whole_answers_alone() -> None:
    assert json.loads(bytes(_edited(_whole(), {"set": {"/a": 2}}).body)) == {"a": 2}  # type: ignore[arg-type]
    assert _data(_edited(_stream(), {"set": {"/n": 9}})) == _data(_stream())


@pytest.mark.parametrize(
    ("change", "body"),
    [
        ({"keep": 3}, b"abc"),
        ({"keep": 0.5}, b"abc"),
        ({"keep": -1}, b"abcde"),
        ({"set": "new"}, b"new"),
        ({"replace": ["cd", "\xff"]}, b"ab\xffef"),
        ({"append": "!"}, b"abcdef!"),
        ({"append": "!", "keep": 1, "times": 2}, b"a!a!"),
    ],
)
def test_bytes_are_cut_set_replaced_and_added_to(change: Json, body: bytes) -> None:
    assert _edited(Reply(200, [], b"abcdef"), {"bytes": change}).body == body
    pieces = Reply(200, [], [Event(b"abc"), Event(b"def")], framed=False)
    assert _edited(pieces, {"bytes": change}).body == body


@pytest.mark.parametrize(
    ("change", "data"),
    [
        ({"which": {"is": "[DONE]"}, "do": "drop"}, ["0", "1", "2"]),
        ({"which": 0, "do": "repeat"}, ["0", "0", "1", "2", "D"]),
        ({"which": -1, "to": 0}, ["D", "0", "1", "2"]),
        ({"which": -1, "to": -2}, ["0", "1", "D", "2"]),
        ({"which": {"has": {"/n": 1}}, "do": {"set": {"/n": 7}}}, ["0", "7", "2", "D"]),
        ({"which": {"has": "/n", "nth": -1}, "do": "drop"}, ["0", "1", "D"]),
        ({"which": {"has": "/n", "nth": 5}, "do": "drop"}, ["0", "1", "2", "D"]),
        ({"which": 9, "do": "drop"}, ["0", "1", "2", "D"]),
        ({"which": 0, "insert": {"data": {"n": 8}}}, ["0", "8", "1", "2", "D"]),
        ({"which": 0, "insert": {"data": {"n": 8}, "before": True}}, ["8", "0", "1", "2", "D"]),
        ({"which": 1, "do": {"data": "[DONE]"}}, ["0", "D", "2", "D"]),
    ],
)
def test_events_are_dropped_doubled_moved_changed_and_added(change: Json, data: list[str]) -> None:
    made = _data(_edited(_stream(), {"events": change}))
    assert ["D" if each == b"[DONE]" else str(json.loads(each)["n"]) for each in made] == data


def test_an_event_can_be_cut_in_two_and_renamed() -> None:
    assert _data(_edited(_stream(), {"events": {"which": 0, "do": "cut"}}))[:2] == [b'{"n', b'":0}']
    made = _edited(_stream(), {"events": {"which": "each", "do": {"name": "ping"}}})
    assert {event.name for event in made.body} == {"ping"}  # type: ignore[union-attr]


def test_texts_can_be_piled_up() -> None:
    events = [Event(b'{"t":"a"}'), Event(b'{"n":1}'), Event(b'{"t":"b"}'), Event(b'{"t":"c"}')]
    made = _edited(Reply(200, [], events), {"events": {"which": {"has": "/t"}, "pile": "/t"}})
    assert _data(made) == [b'{"t":"a"}', b'{"n":1}', b'{"t":"ab"}', b'{"t":"abc"}']


def test_events_keep_their_time() -> None:
    made = _edited(_stream(), {"events": {"which": 0, "do": {"set": {"/n": 7}}}})
    assert [event.after for event in made.body] == [0.5, 0.5, 0.5, 0.0]  # type: ignore[union-attr]


def test_the_form_of_events_is_changed_in_their_bytes() -> None:
    made = _edited(_stream(), {"frames": {"data: ": "data:", "\n\n": "\r\n\r\n"}})
    assert not made.framed
    assert _data(made)[-1] == b"data:[DONE]\r\n\r\n"
    assert b"".join(map(sse.encode, _stream().body)) != b"".join(_data(made))  # type: ignore[arg-type]


@pytest.mark.parametrize("edit", [{"events": {"which": 0, "do": "drop"}}, {"frames": {"a": "b"}}])
def test_what_is_no_stream_has_no_events(edit: Json) -> None:
    assert _edited(_whole(), edit) == _whole()


@pytest.mark.parametrize(
    ("change", "posts"),
    [
        ({"attempts": 2}, [("http://h/a?token=b", b'{"a":1}', (0.0, 1.0))]),
        ({"attempts": 0}, []),
        ({"bare": True}, [("http://h/a", b'{"a":1}', (0.0, 1.0, 2.0))]),
        ({"set": {"/a": 2}}, [("http://h/a?token=b", b'{"a":2}', (0.0, 1.0, 2.0))]),
    ],
)
def test_what_goes_to_webhooks_is_dropped_bared_and_changed(change: Json, posts: Json) -> None:
    post = Post("http://h/a?token=b", b'{"a":1}', (0.0, 1.0, 2.0), 5.0)
    made = _edited(Reply(200, [], b"{}", posts=(post,)), {"posts": change})
    assert [(each.url, each.body, each.pauses) for each in made.posts] == posts
    assert _edited(Reply(200, [], b"{}"), {"posts": change}).posts == ()
