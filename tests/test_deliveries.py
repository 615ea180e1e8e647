"""What the verbs of delivery make of an answer: pieces, pauses, lengths, and where it is cut."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from mock_server.draft import Draft
from mock_server.edits import apply
from mock_server.wire import Cut, Event, Reply

Json = Any
BODY = b'{"a":"0123456789"}'
LAST = "[DONE]"


def _edited(reply: Reply, *edits: Json) -> Reply:
    def failing(status: int, message: str, retry_after: float | None) -> Reply:
        told = json.dumps({"type": "error", "told": message}).encode()
        return Reply(status, [(b"content-type", b"application/json")], told, error=message)

    draft = Draft.of(reply, lambda status: reply, failing=failing)
    apply(edits, draft)
    return draft.reply()


def _whole() -> Reply:
    return Reply(200, [(b"content-type", b"application/json")], BODY, after=2.0)


def _stream(*names: str | None) -> Reply:
    parts = [Event(b'{"n":%d}' % n, name, 0.5) for n, name in enumerate(names or [None] * 4)]
    return Reply(200, [], iter([*parts, Event(LAST.encode())]))


def _sent(reply: Reply) -> tuple[list[bytes], list[float], Cut | None]:
    """The pieces, the seconds before each, and what the answer is cut by."""
    pieces, seconds = [], []
    assert not isinstance(reply.body, bytes)
    try:
        for each in reply.body:
            pieces.append(each.data)
            seconds.append(each.after)
    except Cut as cut:
        return pieces, seconds, cut
    return pieces, seconds, None


def _length(reply: Reply) -> bytes | None:
    return dict(reply.headers).get(b"content-length")


def test_a_delay_adds_to_what_is_waited_for() -> None:
    assert _edited(_whole(), {"delay": {"seconds": 3}}).after == 5.0
    assert _edited(_stream(), {"delay": {"seconds": 3}}).after == 3.0


@pytest.mark.parametrize(
    ("after", "place"), [(0, 0), (2, 2), (None, 3), (99, 4)], ids=["first", "nth", "own", "last"]
)
def test_a_pause_comes_before_an_event(after: int | None, place: int) -> None:
    made = _edited(_stream(), {"pause": {"after": after, "seconds": 9}})
    usual = [0.5, 0.5, 0.5, 0.5, 0.0]
    usual[place] += 9
    assert _sent(made)[1] == usual
    assert made.framed


@pytest.mark.parametrize(("after", "first"), [(4, 4), (None, 9), (99, 17)])
def test_a_pause_comes_in_the_middle_of_a_body(after: int | None, first: int) -> None:
    made = _edited(_whole(), {"pause": {"after": after, "seconds": 9}})
    assert _sent(made) == ([BODY[:first], BODY[first:]], [0.0, 9.0], None)
    assert _length(made) == b"18"


def test_a_stream_under_a_fault_is_made_as_it_is_sent() -> None:
    made = 0

    def endless() -> Iterator[Event]:
        nonlocal made
        while True:
            made += 1
            yield Event(b"{}")

    reply = _edited(
        Reply(200, [], endless()),
        {"pause": {"after": 1, "seconds": 9}},
        {"comment": {"text": "c", "count": 1, "seconds": 0, "before": "each"}},
        {"frames": {"\n": "\r\n"}},
        {"drip": {"bytes": 4, "seconds": 1}},
        {"cut": {"after": 100}},
    )
    assert made == 0
    assert not isinstance(reply.body, bytes)
    assert next(iter(reply.body)).data == b": c\r"
    assert made < 5


def test_a_body_drips() -> None:
    made = _edited(_whole(), {"drip": {"bytes": 8, "seconds": 2}})
    assert _sent(made) == ([BODY[:8], BODY[8:16], BODY[16:]], [0.0, 2.0, 2.0], None)
    assert made.apart and _length(made) == b"18"
    events = _edited(_stream(), {"drip": {"bytes": 10, "seconds": 2}})
    assert b"".join(_sent(events)[0]).startswith(b'data: {"n":0}\n\ndata: {"n":1}\n\n')


def test_faults_one_after_another_keep_what_was_before() -> None:
    made = _edited(_whole(), {"pause": {"after": 4, "seconds": 9}}, {"cut": {"after": 10}})
    pieces, seconds, cut = _sent(made)
    assert (pieces, seconds) == ([BODY[:4], BODY[4:10]], [0.0, 9.0])
    assert cut is not None


@pytest.mark.parametrize("verb", ["cut", "tear"])
def test_what_stalls_and_then_breaks_off_is_cut_after_the_pause(verb: str) -> None:
    for reply in (_whole(), _stream()):
        made = _edited(reply, {"pause": {"after": None, "seconds": 9}}, {verb: {"after": None}})
        cut = _sent(made)[2]
        assert cut is not None and cut.after in (9.0, 9.5)


def test_a_body_that_replaces_one_in_pieces_has_no_length_of_theirs() -> None:
    failure = {"status": 529, "after": 1, "message": "Too much."}
    for edit in ({"halve": {"after": 1}}, {"break_down": failure}, {"answer": 200}):
        made = _edited(_whole(), {"pause": {"after": None, "seconds": 9}}, edit)
        assert isinstance(made.body, bytes) and _length(made) is None


@pytest.mark.parametrize(
    ("change", "count"),
    [({"after": 0}, 0), ({"after": 2}, 2), ({"after": None}, 3), ({"before": "end"}, 4)],
    ids=str,
)
def test_a_stream_is_cut(change: Json, count: int) -> None:
    pieces, _, cut = _sent(_edited(_stream(), {"cut": change}))
    assert len(pieces) == count
    assert cut is not None and not (cut.is_reset or cut.is_clean or cut.last)


def test_a_body_is_cut_under_its_whole_length_or_as_if_that_were_all() -> None:
    made = _edited(_whole(), {"cut": {"after": 5}})
    assert (_sent(made)[0], _length(made)) == ([BODY[:5]], b"18")
    clean = _edited(_whole(), {"cut": {"after": 5, "clean": 1}})
    pieces, _, cut = _sent(clean)
    assert (pieces, _length(clean)) == ([BODY[:5]], None)
    assert cut is not None and cut.is_clean


def test_nothing_comes_where_the_answer_is_cut_before_its_headers() -> None:
    made = _edited(_whole(), {"cut": {"before": "headers", "after": None, "reset": True}})
    assert made.status == 0
    assert made.cut is not None and made.cut.is_reset
    later = _edited(_whole(), {"cut": {"before": "headers", "after": 3, "reset": True}})
    assert later.cut is None
    assert _sent(later)[0] == [BODY[:3]]


def test_a_chunk_is_torn() -> None:
    pieces, _, cut = _sent(_edited(_stream(), {"tear": {"after": 1}}))
    event = b'data: {"n":1}\n\n'
    assert pieces == [b'data: {"n":0}\n\n']
    assert cut is not None and (cut.last, cut.whole) == (event[:7], len(event))
    whole = _edited(_whole(), {"tear": {"after": 8}})
    pieces, _, cut = _sent(whole)
    assert (pieces, _length(whole)) == ([BODY[:8]], None)
    assert cut is not None and (cut.last, cut.whole) == (BODY[8:13], 10)


@pytest.mark.parametrize(
    ("change", "told", "last"),
    [({"add": 5}, b"23", b""), ({"less": 5}, b"13", BODY[13:]), ({"less": 99}, b"0", BODY)],
    ids=str,
)
def test_a_length_is_off(change: Json, told: bytes, last: bytes) -> None:
    made = _edited(_whole(), {"declare": change})
    pieces, _, cut = _sent(made)
    assert _length(made) == told
    assert cut is not None and cut.last == last
    assert b"".join(pieces) + last == BODY


def test_an_answer_without_a_body_stays_one() -> None:
    bare = Reply(304, [], b"")
    for edit in (
        {"cut": {"after": None}},
        {"tear": {"after": None}},
        {"declare": {"add": 3}},
        {"pause": {"after": None, "seconds": 3}},
        {"drip": {"bytes": 3, "seconds": 3}},
        {"swell": {"bytes": 0}},
    ):
        made = _edited(bare, edit)
        assert _length(made) is None
        assert made.body == b"" or _sent(made)[0] in ([], [b""])


def test_comments_stand_before_events() -> None:
    each = _edited(
        _stream(), {"comment": {"text": "c", "count": 1, "seconds": 0, "before": "each"}}
    )
    assert _sent(each)[0][:4] == [
        b": c\n\n",
        b'data: {"n":0}\n\n',
        b": c\n\n",
        b'data: {"n":1}\n\n',
    ]
    waiting = _edited(_stream(), {"comment": {"text": "c", "count": 2, "seconds": 7, "after": 1}})
    pieces, seconds, _ = _sent(waiting)
    assert pieces[1:4] == [b": c\n\n", b": c\n\n", b'data: {"n":1}\n\n']
    assert seconds[:4] == [0.5, 7, 7, 0.5]
    assert _edited(_whole(), {"comment": {"text": "c", "count": 1, "seconds": 0}}).body == BODY


def test_letters_are_split_and_nothing_is_lost() -> None:
    text = "d\u00e9j\u00e0 vu"
    reply = Reply(200, [], [Event(json.dumps({"t": text}, ensure_ascii=False).encode())])
    made = _edited(reply, {"letters": {"apart": True}})
    pieces, _, _ = _sent(made)
    assert made.apart
    assert len(pieces) == 4
    for piece in (pieces[0], pieces[2]):
        with pytest.raises(UnicodeDecodeError):
            piece.decode()
    assert text in b"".join(pieces).decode()


def test_a_swollen_answer_is_one_piece_of_valid_json() -> None:
    pieces, seconds, _ = _sent(_edited(_stream(), {"swell": {"bytes": 50}}))
    assert len(pieces) == 1 and seconds == [2.0]
    first, second, *_ = pieces[0].split(b"\n\n")
    assert first == b'data: {"n":0}' + b" " * 50
    assert second == b'data: {"n":1}'
    whole = _edited(_whole(), {"swell": {"bytes": 50}})
    assert json.loads(_sent(whole)[0][0]) == json.loads(BODY)
    assert _length(whole) == b"68"


def test_half_of_an_event_or_of_a_body_is_left() -> None:
    pieces, _, cut = _sent(_edited(_stream(), {"halve": {"after": 1}}))
    assert pieces[:3] == [b'{"n":0}', b'{"n', b'{"n":2}']
    assert len(pieces) == 5 and cut is None
    assert _edited(_whole(), {"halve": {"after": 1}}).body == BODY[:9]


def test_a_stream_ends_with_an_error_named_as_its_events_are() -> None:
    change = {"break_down": {"status": 529, "after": 1, "message": "Too much."}}
    for name, wanted in ((None, None), ("delta", "error")):
        made = _edited(_stream(name, name), change)
        assert made.status == 200 and not isinstance(made.body, bytes)
        first, last = made.body
        assert (first.name, last.name) == (name, wanted)
        assert json.loads(last.data)["told"] == "Too much."


def test_a_body_becomes_an_error_under_its_good_status() -> None:
    change = {"break_down": {"status": 529, "after": 1, "message": "Too much."}}
    made = _edited(Reply(200, [(b"content-type", b"audio/mpeg")], b"\xff"), change)
    assert made.status == 200 and isinstance(made.body, bytes)
    assert dict(made.headers)[b"content-type"] == b"application/json"
    assert json.loads(made.body)["told"] == "Too much."


def test_a_failure_takes_the_place_of_an_answer() -> None:
    made = _edited(_stream(), {"fail": {"status": 502, "message": "Gone.", "retry_after": None}})
    assert (made.status, made.error, made.tokens) == (502, "Gone.", None)
    assert isinstance(made.body, bytes) and json.loads(made.body)["told"] == "Gone."
