"""Faults on the way out of a WebSocket: what is not sent, when it ends, how long it may be idle."""

import msgspec
import pytest

from mock_server.faults import Fault, read_fault
from mock_server.passage import Passage
from mock_server.spoiling import spoilt_messages
from mock_server.wire import Call, Message
from tests.runware import Json
from tests.world import NOW, new_mock

CALL = Call("GET", "/v1", b"", [], b"", NOW)


def _fault(*edits: Json, **where: Json) -> Fault:
    facts = {"fault": "f", "breaks": "clause", "says": "It is wrong."}
    return read_fault({**facts, "where": {"socket": True, **where}, "do": list(edits)})


def _sent(fault: Fault, *messages: Message) -> list[Message]:
    mock = new_mock()
    mock.faults.catalogue.__dict__["faults"] = {"f": fault}
    mock.faults.switch(["f"], None)
    exchange = mock.journal.open(CALL)
    return list(spoilt_messages(messages, Passage(CALL, exchange), mock))


def test_a_message_is_changed() -> None:
    (made,) = _sent(_fault({"set": {"/a": 2}}), Message(b'{"a":1}', 3.0))
    assert (msgspec.json.decode(made.data), made.after) == ({"a": 2}, 3.0)


def test_a_message_that_is_left_empty_is_not_sent() -> None:
    gone = _fault({"bytes": {"set": ""}}, told={"/a": 1})
    assert _sent(gone, Message(b'{"a":1}'), Message(b'{"a":2}')) == [Message(b'{"a":2}')]


def test_a_connection_can_be_closed_in_place_of_a_message() -> None:
    gone = _fault({"bytes": {"set": ""}}, {"status": 1011})
    assert _sent(gone, Message(b"{}")) == [Message(b"", closes=1011)]


@pytest.mark.parametrize(
    ("status", "before", "after"),
    [(1001, None, 1001), (100, 1008, None), (200, 1008, 1008), (500, None, None)],
)
def test_a_status_ends_the_connection_or_keeps_it(
    status: int, before: int | None, after: int | None
) -> None:
    (made,) = _sent(_fault({"status": status}), Message(b"{}", closes=before))
    assert made.closes == after


def test_a_connection_may_be_idle_for_longer() -> None:
    (made,) = _sent(_fault({"headers": {"idle": 600}}), Message(b"{}"))
    assert made.idle == 600
    assert _sent(_fault({"set": {"/a": 2}}), Message(b"{}"))[0].idle is None
