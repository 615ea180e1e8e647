import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mock_server.auth import Identity
from mock_server.journal import KEPT, Exchange, Journal
from mock_server.wire import Call


def call(body: bytes = b"{}", **more: Any) -> Call:
    return Call("POST", "/v1", b"", [(b"x-api-key", b"secret")], body, 1.5, **more)


def caller(name: str | None) -> Identity | None:
    return None if name is None else Identity(name, f"label-{name}", None, f"sk-{name}")


def opened(journal: Journal, key: str | None = None, body: bytes = b"{}") -> Exchange:
    exchange = journal.open(call(body))
    journal.enter(exchange, caller(key))
    return exchange


def closed(journal: Journal, key: str | None = None, body: bytes = b"{}") -> Exchange:
    exchange = opened(journal, key, body)
    journal.close(exchange, 0.25, 2.5)
    return exchange


def test_an_entry_begins_unfinished_and_without_an_answer() -> None:
    journal = Journal("0", 10)
    shown = opened(journal).public()
    assert shown.pop("id").startswith("req_")
    came = {name: shown.pop(name) for name in ("at", "method", "path")}
    assert came == {"at": 1.5, "method": "POST", "path": "/v1"}
    assert not any(shown.values())


def test_nobody_sees_an_entry_before_it_is_known_whose_it_is() -> None:
    journal = Journal("0", 10)
    exchange = journal.open(call())
    assert [*journal.entries()] == []
    journal.enter(exchange, caller("a"))
    assert [*journal.entries("a")] == [exchange]


def test_what_is_shown_is_json_and_does_not_tell_whose_key_it_was() -> None:
    shown = json.dumps(opened(Journal("0", 1), "0123456789abcdef").public())
    assert "label-0123456789abcdef" in shown
    assert "sk-" not in shown and "secret" not in shown


def test_entries_come_oldest_first_and_show_later_changes() -> None:
    journal = Journal("0", 10)
    first, second, third = opened(journal, "a"), opened(journal, "b"), opened(journal, "a")
    second.status = 200
    assert [*journal.entries()] == [first, second, third]
    assert [each.public()["status"] for each in journal.entries()] == [0, 200, 0]


@given(st.integers(1, 20), st.integers(0, 60))
def test_only_the_last_exchanges_of_a_key_are_kept(size: int, count: int) -> None:
    journal = Journal("0", size)
    other = opened(journal, "b")
    made = [opened(journal, "a") for _ in range(count)]
    assert [*journal.entries("a")] == made[-size:]
    assert [*journal.entries("b")] == [other]


def test_of_too_many_keys_those_are_forgotten_that_were_heard_of_longest_ago() -> None:
    journal = Journal("0", 3)
    for number in range(30):
        opened(journal, str(number))
    opened(journal, "0")
    opened(journal, "new")
    kept = [each.caller_id for each in journal.entries()]
    assert len(kept) == 30
    assert {"0", "new", "29", "3"} <= {*kept} and "1" not in kept


def test_ids_follow_from_seed_and_key_and_are_never_given_twice() -> None:
    one, same, other = Journal("1", 3), Journal("1", 500), Journal("2", 500)
    ids = [opened(one, "a").id for _ in range(500)]
    assert ids == [opened(same, "a").id for _ in range(500)]
    assert len(set(ids)) == 500
    assert set(ids).isdisjoint(opened(other, "a").id for _ in range(500))
    assert set(ids).isdisjoint(opened(same, "b").id for _ in range(500))
    assert set(ids).isdisjoint(opened(same).id for _ in range(500))


def test_the_ids_of_a_key_do_not_depend_on_what_others_do() -> None:
    alone, together = Journal("0", 50), Journal("0", 50)
    mine = [opened(alone, "a").id for _ in range(20)]
    seen = []
    for number in range(20):
        opened(together, str(number))
        seen.append(opened(together, "a").id)
        opened(together)
    assert seen == mine


def test_a_negative_seed_is_a_seed_like_any_other() -> None:
    assert opened(Journal("-1", 1)).id != opened(Journal("1", 1)).id


def test_ids_go_on_after_a_reset() -> None:
    journal = Journal("0", 10)
    before = opened(journal).id
    journal.reset()
    assert opened(journal).id != before


def test_the_entries_of_one_key_are_its_own() -> None:
    journal = Journal("0", 10)
    mine, _, _ = opened(journal, "a"), opened(journal, "b"), opened(journal)
    assert [*journal.entries("a")] == [mine]
    assert [*journal.entries("c")] == []


def test_an_entry_is_found_by_its_id_until_it_is_forgotten() -> None:
    journal = Journal("0", 2)
    first, second, _ = opened(journal, "a"), opened(journal, "b"), opened(journal, "a")
    assert journal.find(first.id) is first and journal.find(second.id) is second
    opened(journal, "a")
    assert journal.find(first.id) is None and journal.find("req_") is None


def test_an_entry_knows_whose_it_is() -> None:
    exchange = opened(Journal("0", 1), "a")
    assert (exchange.key, exchange.caller_id, exchange.provider) == ("sk-a", "a", None)
    assert opened(Journal("0", 1)).key is None


def test_a_reset_forgets_the_entries_of_one_key_or_of_all() -> None:
    journal = Journal("0", 10)
    _, other, nobody = opened(journal, "a"), opened(journal, "b"), opened(journal)
    journal.reset("a")
    assert [*journal.entries()] == [other, nobody]
    journal.reset()
    assert [*journal.entries()] == []


def test_resets_leave_room_for_as_many_as_before() -> None:
    journal = Journal("0", 2)
    for _ in range(5):
        opened(journal, "a")
    journal.reset("a")
    made = [opened(journal, str(number)) for number in range(20)]
    assert [*journal.entries()] == made


def test_watchers_hear_of_what_is_over_and_how_long_it_took() -> None:
    journal, heard = Journal("0", 10), list[Exchange]()
    journal.watchers.append(heard.append)
    exchange = opened(journal, "a")
    assert heard == []
    journal.close(exchange, 0.25, 2.5)
    assert heard == [exchange]
    assert (exchange.took, exchange.ended_at) == (0.25, 2.5)


def test_of_a_long_body_only_what_it_says_in_brief_is_kept() -> None:
    journal = Journal("0", 10)
    body = b'{"model": "' + b"x" * KEPT + b'"}'
    exchange = opened(journal, "a", body)
    exchange.asked = {"model": "x" * KEPT, "n": 1}
    journal.close(exchange, 0, 0)
    assert exchange.call.body is None
    assert exchange.asked["n"] == 1 and len(exchange.asked["model"]) < 300
    assert exchange.digest == closed(journal, "a", body).digest
    assert exchange.digest != closed(journal, "a", body + b" ").digest


def test_of_all_bodies_together_the_oldest_are_forgotten() -> None:
    journal = Journal("0", 1000)
    body = b"x" * KEPT
    made = [closed(journal, "a", body) for _ in range(600)]
    kept = [exchange for exchange in made if exchange.call.body is not None]
    assert kept == made[-500:]
    assert all(len(exchange.call.headers) == 1 for exchange in made)


def test_bodies_of_many_values_are_forgotten_before_those_of_one() -> None:
    journal = Journal("0", 1000)
    many = [closed(journal, "a", b"[" + b"{}," * 10_000 + b"{}]") for _ in range(100)]
    kept = [exchange for exchange in many if exchange.call.body is not None]
    assert kept == many[-len(kept) :] and 5 < len(kept) < 30


def test_an_answer_is_kept_up_to_a_limit() -> None:
    exchange = opened(Journal("0", 1))
    for _ in range(10_000):
        exchange.keep(b"x" * 100)
        exchange.sent += 100
    assert sum(map(len, exchange.answered)) == KEPT
    whole = opened(Journal("0", 1))
    whole.keep(b"x" * 10_000_000)
    assert sum(map(len, whole.answered)) == KEPT


def test_what_is_newer_than_a_number_is_told_in_order_the_last_of_too_much() -> None:
    journal = Journal("0", 10)
    exchanges = [opened(journal, key) for key in "abacb"]
    assert journal.since(2, None, 10) == exchanges[2:]
    assert journal.since(0, None, 2) == exchanges[3:]
    assert journal.since(0, "a", 10) == [exchanges[0], exchanges[2]]
    assert journal.since(5, None, 10) == journal.since(0, "d", 10) == []


@given(st.lists(st.sampled_from("abcd"), max_size=30), st.integers(0, 30))
def test_whatever_came_since_is_what_entries_tell(keys: list[str], number: int) -> None:
    journal = Journal("0", 100)
    for key in keys:
        opened(journal, key)
    newer = [exchange for exchange in journal.entries() if exchange.number > number]
    assert journal.since(number, None, 100) == newer


def test_the_last_callers_are_told_by_label_but_not_those_without_a_key() -> None:
    journal = Journal("0", 10)
    for key in ("a", "b", None, "a"):
        opened(journal, key)
    assert list(journal.latest(2).items()) == [("a", "label-a")]
    assert list(journal.latest(9)) == ["a", "b"]
