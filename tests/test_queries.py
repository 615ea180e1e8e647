"""What can be asked of the journal, combined at will; what cannot is named."""

from itertools import chain, combinations
from urllib.parse import urlencode

import pytest
from starlette.datastructures import QueryParams

from mock_server.control.queries import SELECTING, WAITING, read_query
from mock_server.errors import Invalid
from mock_server.journal import Exchange
from mock_server.mock import Mock
from tests.world import CHAT, ask, new_mock, post


@pytest.fixture(scope="module")
def mock() -> Mock:
    mock = new_mock(rate_limit=3)
    for key in ("rc_live_a", "rc_live_b"):
        for content, more in (("hi", {}), ("hi", {"temperature": 9}), ("hi", {"stream": True})):
            post(mock, CHAT, ask(content, **more), key=key)
        post(mock, "/v1/models", None, key=key, method="GET")
    post(mock, "/nothing", {}, key=None)
    first = next(mock.journal.entries())
    first.faults, first.scenario, first.finished = ["chat-without-an-id"], "rainy day", True
    mock.journal.close(first, 0.1, 0.0)
    return mock


def asked(mock: Mock, **parameters: object) -> list[Exchange]:
    query = read_query(QueryParams(urlencode(parameters)), mock, (*SELECTING, *WAITING))
    return query.found(mock.journal)


FILTERS = {
    "key": "rc_live_a",
    "operation": "createChatCompletion",
    "model": "deepseek-ai/DeepSeek-V3",
    "status": "2xx",
    "scenario": "rainy day",
    "method": "post",
    "path": CHAT,
    "finished": "true",
}
FITTING = {
    "key": lambda each: each.caller_id and each.key == "rc_live_a",
    "operation": lambda each: each.operation == "createChatCompletion",
    "model": lambda each: each.model == "deepseek-ai/DeepSeek-V3",
    "status": lambda each: 200 <= each.status < 300,
    "scenario": lambda each: each.scenario == "rainy day",
    "method": lambda each: each.call.method == "POST",
    "path": lambda each: each.call.path == CHAT,
    "finished": lambda each: each.finished,
}


@pytest.mark.parametrize(
    "names", list(chain.from_iterable(combinations(FILTERS, number) for number in (0, 1, 2, 3)))
)
def test_filters_can_be_combined(mock: Mock, names: tuple[str, ...]) -> None:
    found = asked(mock, **{name: FILTERS[name] for name in names})
    everything = list(mock.journal.entries())
    assert found == [each for each in everything if all(FITTING[name](each) for name in names)]
    assert len(found) < len(everything) or not names


def test_a_status_is_one_or_a_class(mock: Mock) -> None:
    assert {each.status for each in asked(mock, status="429")} == {429}
    assert {each.status for each in asked(mock, status="4xx")} == {400, 404, 429}
    assert asked(mock, status="5xx") == []


def test_a_fault_is_one_of_the_catalogue(mock: Mock) -> None:
    name = next(iter(mock.faults.catalogue.faults))
    (exchange,) = asked(mock, scenario="rainy day")
    assert asked(mock, fault=name) == []
    exchange.faults = [name]
    assert asked(mock, fault=name) == [exchange]


def test_the_last_ones_are_told_or_the_first_after_one(mock: Mock) -> None:
    everything = asked(mock)
    assert asked(mock, limit=2) == everything[-2:]
    assert asked(mock, after=everything[2].id) == everything[3:]
    assert asked(mock, after=everything[2].id, limit=2) == everything[3:5]
    assert asked(mock, after=everything[-1].id) == []


def test_pages_are_the_whole_together(mock: Mock) -> None:
    everything, page = asked(mock), asked(mock, limit=1000)[:1]
    seen = list(page)
    while page := asked(mock, after=seen[-1].id, limit=2):
        seen += page
    assert seen == everything


def test_who_waits_waits_for_what_is_over(mock: Mock) -> None:
    assert [each.is_over for each in asked(mock, wait=1)] == [True]
    assert len(asked(mock, wait=0)) > 1


@pytest.mark.parametrize(
    ("query", "param", "reason"),
    [
        ("foo=1", "foo", "is not known here; these are: key, operation"),
        ("limit=1&limit=2", "limit", "given twice"),
        ("key=", "key", "is empty"),
        ("status=9", "status", "not a status such as 429 or 4xx"),
        ("status=4XX", "status", "not a status"),
        ("finished=maybe", "finished", "not 1 or 0"),
        ("wait=yes", "wait", "not 1 or 0"),
        ("limit=0", "limit", "not from 1 to"),
        ("limit=-1", "limit", "not a whole number"),
        ("limit=٣", "limit", "not a whole number"),
        ("timeout=61", "timeout", "not from 0 to 60"),
        ("timeout=nan", "timeout", "not a number of seconds"),
        ("timeout=1e1", "timeout", "not a number of seconds"),
        ("operation=createChat", "operation", "or createChatCompletion"),
        ("operation=%00", "operation", "there is no"),
        ("fault=chat", "fault", "did you mean"),
        ("x" * 500 + "=1", "x" * 60, "is not known"),
    ],
)
def test_what_cannot_be_asked_is_named(mock: Mock, query: str, param: str, reason: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_query(QueryParams(query), mock, (*SELECTING, *WAITING))
    assert refused.value.param == param
    assert reason in refused.value.message


def test_what_is_not_in_the_journal_can_have_nothing_after_it(mock: Mock) -> None:
    with pytest.raises(Invalid, match="not in the journal, or no longer"):
        asked(mock, after="req_0")


def test_one_key_may_be_asked_for_what_came_after_a_call_of_another(mock: Mock) -> None:
    *_, last = asked(mock, key="rc_live_a")
    assert asked(mock, key="rc_live_b", after=last.id) == asked(mock, key="rc_live_b")
    assert asked(mock, key="rc_live_a", after=last.id) == []


def test_whoever_has_several_keys_may_ask_for_all_of_them(mock: Mock) -> None:
    pairs = [("key", "rc_live_b"), ("key", "rc_live_a"), ("key", "rc_live_b"), ("status", "200")]
    query = read_query(QueryParams(pairs), mock, SELECTING)
    found = query.found(mock.journal)
    assert [each.number for each in found] == sorted({each.number for each in found})
    assert found == sorted(
        [*asked(mock, key="rc_live_a", status=200), *asked(mock, key="rc_live_b", status=200)],
        key=lambda each: each.number,
    )
