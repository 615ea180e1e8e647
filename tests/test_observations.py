"""Observations: names, types and short words of what was answered, and nothing else."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract_tests.observations import MOST_ASKED, Answers, Observations, of_plain, to_plain
from tests.observing import KEY, exchange_of, seen_of, seen_of_mock

CHAT = ("runcrate", "createChatCompletion")
WHOLE, STREAM = "200 application/json", "200 text/event-stream"
SECRET = "the secret of the lake"


def _answers(seen: Observations, kind: str = WHOLE) -> Answers:
    return seen.operations[CHAT].answers[kind]


def test_members_are_seen_with_their_types_and_how_often_they_are_there() -> None:
    seen = seen_of(
        exchange_of({"choices": [{"index": 0}, {"index": 1.5}]}),
        exchange_of({"choices": [{"index": None}], "id": "a"}),
    )
    answers = _answers(seen)
    assert answers.count == 2
    assert answers.members["/choices/*/index"].types == {"integer": 1, "number": 1, "null": 1}
    assert answers.members["/choices/*"].types == {"object": 3}
    assert answers.members["/choices"].answers == 2
    assert answers.members["/id"].answers == 1


def test_short_words_are_seen_where_they_are_of_a_bounded_set() -> None:
    choice = {"finish_reason": "stop", "message": {"role": "assistant", "content": "yes"}}
    members = _answers(seen_of(exchange_of({"choices": [choice]}))).members
    assert members["/choices/*/finish_reason"].values == {"stop"}
    assert members["/choices/*/message/role"].values == {"assistant"}
    assert members["/choices/*/message/content"].values == set()


def test_events_are_seen_by_name_and_the_end_mark_is_one() -> None:
    body = b'event: start\ndata: {"type":"start"}\n\ndata: {"id":"a"}\n\ndata: [DONE]\n\n'
    answers = _answers(seen_of(exchange_of(body)), STREAM)
    assert answers.events == {"start": 1, "[DONE]": 1}
    assert answers.members["start:/type"].values == {"start"}
    assert answers.members["/id"].types == {"string": 1}


def test_a_stream_that_cannot_be_read_has_no_events() -> None:
    answers = _answers(seen_of(exchange_of(b"no event at all")), STREAM)
    assert (answers.count, answers.events, answers.members) == (1, {}, {})


def test_headers_are_seen_by_name_without_those_that_only_carry() -> None:
    headers = {"X-Request-Id": "1", "date": "today", "x-request-id": "2"}
    assert _answers(seen_of(exchange_of({}, headers=headers))).headers.keys() == {
        *("content-type", "X-Request-Id", "x-request-id")
    }


def test_models_are_those_that_answered_and_those_of_the_list() -> None:
    listed = exchange_of({"data": [{"id": "b"}, 3]}, url="http://server/v1/models", method="GET")
    seen = seen_of(exchange_of({"model": "a"}), exchange_of({"model": 5}), listed)
    assert seen.models == {"runcrate": {"a", "b"}}


def test_what_the_contract_has_no_operation_for_is_not_seen() -> None:
    assert seen_of(exchange_of({}, url="http://server/elsewhere")) == Observations()


@pytest.mark.parametrize(
    "told",
    [
        {"choices": [{"message": {"content": SECRET}, "finish_reason": SECRET}]},
        {SECRET: SECRET, "status": SECRET},
        {"model": KEY, "code": KEY, KEY: 1},
        {"error": {"message": f"the key {KEY} is wrong", "code": "sk-abcdef"}},
    ],
)
def test_neither_texts_nor_keys_are_kept(told: dict[str, object]) -> None:
    text = json.dumps(to_plain(seen_of(exchange_of(told))))
    assert not any(each in text for each in (SECRET, KEY, "sk-abcdef"))


def test_members_that_the_caller_named_are_not_kept() -> None:
    content = [{"type": "tool_use", "id": "a", "name": "find", "input": {"where": "a lake"}}]
    exchange = exchange_of({"type": "message", "content": content}, url="http://server/v1/messages")
    answers = seen_of(exchange).operations[exchange.provider, "createMessage"].answers[WHOLE]
    assert "/content/*/input" in answers.members
    assert "/content/*/input/where" not in answers.members


def test_ids_that_are_made_up_do_not_make_another_request() -> None:
    ids = ("0b5c2d4e-1111-4222-8333-123456789abc", "ffffffff-1111-4222-8333-123456789abc")
    seen = seen_of(*(exchange_of({}, asked={"id": each}) for each in ids))
    assert len(seen.operations[CHAT].marks) == 1
    other = seen_of(exchange_of({}, asked={"id": "another"}))
    assert not seen.operations[CHAT].marks.keys() & other.operations[CHAT].marks.keys()


def test_what_is_kept_is_bounded() -> None:
    wide = exchange_of({f"m{number}": 1 for number in range(5000)})
    deep = exchange_of(json.loads('{"a":' * 60 + "1" + "}" * 60), status=400)
    many = (exchange_of({}, asked={"n": number}) for number in range(MOST_ASKED + 20))
    words = (exchange_of({"status": f"s{number}"}, status=401) for number in range(100))
    seen = seen_of(wide, deep, *many, *words)
    asked = seen.operations[CHAT]
    assert len(asked.marks) == MOST_ASKED
    assert len(asked.answers[WHOLE].members) == 500
    assert len(asked.answers["400 application/json"].members) < 20
    assert len(asked.answers["401 application/json"].members["/status"].values) == 30


@given(st.permutations(range(6)), st.integers(0, 6))
def test_the_order_and_the_process_in_which_exchanges_come_do_not_matter(
    order: list[int], cut: int
) -> None:
    all_of_them = [
        exchange_of({"id": "a", "status": f"s{number}"}, status=200 + number % 2, asked=number)
        for number in range(6)
    ]
    mixed = [all_of_them[number] for number in order]
    together = seen_of(*mixed[:cut])
    together.add(of_plain(json.loads(json.dumps(to_plain(seen_of(*mixed[cut:]))))))
    assert to_plain(together) == to_plain(seen_of(*all_of_them))


def test_a_mock_shows_what_it_has() -> None:
    answers = _answers(seen_of_mock())
    assert answers.members["/usage/total_tokens"].types == {"integer": 1}
    assert answers.members["/object"].values == {"chat.completion"}
    streamed = _answers(seen_of_mock(stream=True), STREAM)
    assert streamed.events == {"[DONE]": 1}
    assert streamed.members["/choices/*/delta/content"].types.keys() == {"string"}
