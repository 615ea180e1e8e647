import json

from hypothesis import given
from hypothesis import strategies as st

from mock_server.journal import Exchange, Journal


def opened(journal: Journal, caller_id: str | None = None) -> Exchange:
    exchange = journal.open(1.5, "POST", "/v1")
    exchange.caller_id = caller_id
    return exchange


def test_an_entry_begins_unfinished_and_without_an_answer() -> None:
    shown = Journal("0", 10).open(1.5, "POST", "/v1/x").public()
    assert shown.pop("id").startswith("req_")
    came = {name: shown.pop(name) for name in ("at", "method", "path")}
    assert came == {"at": 1.5, "method": "POST", "path": "/v1/x"}
    assert not any(shown.values())


def test_what_is_shown_is_json_and_does_not_tell_whose_key_it_was() -> None:
    shown = json.dumps(opened(Journal("0", 1), "0123456789abcdef").public())
    assert "0123456789abcdef" not in shown


def test_entries_come_oldest_first_and_show_later_changes() -> None:
    journal = Journal("0", 10)
    first, second = opened(journal), opened(journal)
    second.status = 200
    assert [*journal.entries()] == [first, second]
    assert [each.public()["status"] for each in journal.entries()] == [0, 200]


@given(st.integers(1, 20), st.integers(0, 60))
def test_only_the_last_exchanges_are_kept(size: int, count: int) -> None:
    journal = Journal("0", size)
    made = [opened(journal) for _ in range(count)]
    assert [*journal.entries()] == made[-size:]


def test_ids_follow_from_the_seed_and_are_never_given_twice() -> None:
    one, same, other = Journal("1", 3), Journal("1", 500), Journal("2", 500)
    ids = [opened(one).id for _ in range(500)]
    assert ids == [opened(same).id for _ in range(500)]
    assert len(set(ids)) == 500
    assert set(ids).isdisjoint(opened(other).id for _ in range(500))


def test_a_negative_seed_is_a_seed_like_any_other() -> None:
    assert opened(Journal("-1", 1)).id != opened(Journal("1", 1)).id


def test_ids_go_on_after_a_reset() -> None:
    journal = Journal("0", 10)
    before = opened(journal).id
    journal.reset()
    assert opened(journal).id != before


def test_a_caller_sees_its_own_exchanges_alone() -> None:
    journal = Journal("0", 10)
    mine, _, _ = opened(journal, "a"), opened(journal, "b"), opened(journal)
    assert [*journal.entries("a")] == [mine]
    assert [*journal.entries("c")] == []


def test_a_reset_forgets_one_caller_or_all() -> None:
    journal = Journal("0", 10)
    _, other, nobody = opened(journal, "a"), opened(journal, "b"), opened(journal)
    journal.reset("a")
    assert [*journal.entries()] == [other, nobody]
    journal.reset()
    assert [*journal.entries()] == []


def test_the_bound_still_holds_after_a_reset() -> None:
    journal = Journal("0", 2)
    opened(journal, "a")
    journal.reset("b")
    made = [opened(journal) for _ in range(3)]
    assert [*journal.entries()] == made[1:]
