"""What a fault asks of the request before it meets the answer."""

import pytest

from mock_server.faults import Fault
from mock_server.occasions import Occasion
from mock_server.switchboard import Faults
from mock_server.wire import Call, Json, Reply


def meets(asked: Json, question: Json) -> bool:
    """Whether a fault with that condition meets the answer to that request."""
    fault = Fault("named", "a-clause", "It is empty.", {"asked": asked}, [{"bytes": {"set": ""}}])
    faults = Faults()
    faults.catalogue.__dict__["faults"] = {fault.name: fault}
    call = Call("POST", "/", b"", [], b"", 0.0)
    reply = Reply(200, [], b"{}")
    occasion = Occasion(call, None, None, question, lambda status: reply)
    return faults.spoilt(reply, occasion, None, faults.wished([("named", {})]))[1] == ["named"]


@pytest.mark.parametrize(
    ("asked", "question", "met"),
    [
        ({"/n": 2}, {"n": 2}, True),
        ({"/n": 2}, {"n": 3}, False),
        ({"/n": 2}, {}, False),
        ({"/n": True}, {"n": 3}, True),
        ({"/n": True}, {"n": None}, False),
        ({"/n": False}, {}, True),
        ({"/n": False}, {"n": 3}, False),
        ({"/n": None}, {"n": None}, True),
        ({"/a/*/b": 2}, {"a": [{"b": 1}, {"b": 2}]}, True),
        ({"/url": {"begins": "data:"}}, {"url": "data:image/png;base64,"}, True),
        ({"/url": {"begins": "data:"}}, {"url": "https://example.com/"}, False),
        ({"/url": {"begins": "data:"}}, {}, False),
    ],
)
def test_a_condition_on_the_request(asked: Json, question: Json, met: bool) -> None:
    assert meets(asked, question) is met
