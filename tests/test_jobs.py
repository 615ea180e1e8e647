"""Jobs of any kind of work: rows that are looked at when somebody asks."""

import msgspec
import pytest

from mock_server.auth import identity
from mock_server.jobs import Order, begin, look, submit
from mock_server.mock import Mock, Request
from mock_server.validation import Content
from mock_server.wire import Call
from tests.world import NOW, new_mock


class Loaf(msgspec.Struct, frozen=True):
    grams: int


@pytest.fixture
def mock() -> Mock:
    return new_mock()


def at(mock: Mock, seconds: float, key: str = "a") -> Request:
    operation = next(mock.spec.operations)
    call = Call("GET", "/", b"", [], b"", NOW + seconds)
    return Request(call, operation, identity(key, None), {}, Content(), "id", 0)


def test_a_job_is_as_far_as_its_time(mock: Mock) -> None:
    begin("j", Order(Loaf(500), 10.0), at(mock, 0), mock)
    seen = [look("j", Loaf, at(mock, seconds), mock) for seconds in (0, 5, 10, 20)]
    found = [(each.status, each.share) for each in seen if each]
    assert found == [("queued", 0.0), ("processing", 0.5), ("completed", 1.0), ("completed", 1.0)]
    assert seen[0] is not None
    assert seen[0].order.work == Loaf(500)


def test_a_job_never_goes_back(mock: Mock) -> None:
    begin("j", Order(Loaf(1), 10.0), at(mock, 0), mock)
    assert look("j", Loaf, at(mock, 10), mock)
    back = look("j", Loaf, at(mock, 0), mock)
    assert back is not None
    assert back.status == "completed"


def test_work_that_takes_no_time_is_done(mock: Mock) -> None:
    begin("j", Order(Loaf(1), 0.0, {"message": "burnt"}), at(mock, 0), mock)
    found = look("j", Loaf, at(mock, 0), mock)
    assert found is not None
    assert (found.status, found.share) == ("failed", 1.0)


def test_a_job_is_its_owner_s(mock: Mock) -> None:
    begin("j", Order(Loaf(1), 0.0), at(mock, 0), mock)
    assert look("j", Loaf, at(mock, 0, "b"), mock) is None
    assert look("k", Loaf, at(mock, 0), mock) is None


def test_a_name_is_given_once(mock: Mock) -> None:
    assert begin("j", Order(Loaf(1), 0.0), at(mock, 0), mock)
    assert not begin("j", Order(Loaf(2), 0.0), at(mock, 0), mock)
    first, second = (submit(Order(Loaf(1), 0.0), at(mock, 0), mock) for _ in range(2))
    assert first != second
    assert look(second, Loaf, at(mock, 0), mock)
