"""Which pace a request takes, and that its pauses follow from what was asked."""

from itertools import islice
from typing import Any

import pytest

from mock_server.mock import Mock, Request
from mock_server.pace import TYPICAL, Pace, read_pace
from mock_server.timing import pauses_for
from mock_server.validation import Content
from mock_server.wire import Call
from tests.world import CHAT, NOW, new_mock

MODEL = "deepseek-ai/DeepSeek-V3"


def _request(mock: Mock, body: bytes = b"{}", key: str = "rc_live_a") -> Request:
    headers = [(b"authorization", f"Bearer {key}".encode())]
    call = Call("POST", CHAT, b"", headers, body, NOW)
    route = mock.spec.route(CHAT)
    assert route is not None
    operation = route.operations["POST"]
    content = Content({})
    return Request(
        call, operation, mock.door.admit(call, operation), {}, content, "id", mock.settings.seed
    )


def _pauses(
    mock: Mock, *, model: str = MODEL, said: str = "Hello.", **asked: Any
) -> list[float] | None:
    found = pauses_for(_request(mock, **asked), mock, model, said)
    return None if found is None else list(islice(found, 5))


def _set(mock: Mock, pace: str, key: str = "rc_live_a") -> None:
    mock.store.set_pace(_request(mock, key=key).caller.id, pace)


def test_nothing_is_waited_for_unless_somebody_asks_for_it() -> None:
    mock = new_mock()
    assert _pauses(mock) is None
    _set(mock, "itl=1", "rc_live_b")
    assert _pauses(mock) is None


@pytest.mark.parametrize("text", ["instant", "ttft=0", "jitter=1"])
def test_an_instant_pace_however_it_is_written_has_no_pauses(text: str) -> None:
    assert _pauses(new_mock(pace=read_pace(text))) is None
    mock = new_mock(pace=Pace(1.0))
    _set(mock, text)
    assert _pauses(mock) is None


def test_a_changed_pace_holds_for_the_same_question_at_once() -> None:
    mock = new_mock(pace=Pace(0.4, 0.02))
    assert _pauses(mock) == [0.4, 0.02, 0.02, 0.02, 0.02]
    _set(mock, "ttft=1,itl=2")
    assert _pauses(mock) == [1.0, 2.0, 2.0, 2.0, 2.0]
    mock.store.reset()
    assert _pauses(mock) == [0.4, 0.02, 0.02, 0.02, 0.02]


@pytest.mark.parametrize(
    ("model", "pace"), [(MODEL, Pace(0.5, 0.018, 0.3)), ("nobody/knows", TYPICAL)]
)
def test_typical_is_the_models_own_pace(model: str, pace: Pace) -> None:
    found = _pauses(new_mock(pace="typical"), model=model)
    assert found is not None
    first, *others = found
    assert abs(first - pace.ttft) <= pace.ttft * pace.jitter
    assert all(abs(each - pace.itl) <= pace.itl * pace.jitter for each in others)
    assert len(set(others)) == 4


def test_pauses_follow_from_seed_caller_and_what_is_said_not_from_the_form() -> None:
    pace = Pace(0.4, 0.02, 0.3)
    mock, again, other = (new_mock(pace=pace, seed=seed) for seed in (0, 0, 1))
    mine = _pauses(mock)
    assert mine == _pauses(mock) == _pauses(again) == _pauses(mock, body=b"[]")
    others = [
        _pauses(other),
        _pauses(mock, said="Good day."),
        _pauses(mock, key="rc_live_b"),
    ]
    assert mine not in others
    assert len({str(each) for each in others}) == 3
