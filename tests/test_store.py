import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server import file_store
from mock_server import store as stores
from mock_server.errors import ApiError
from mock_server.file_store import FileStore
from mock_server.store import Job, MemoryStore, Recipe, Store, Window

GAPS = st.lists(
    st.sampled_from([0.0, 0.001, 0.5, 1.0, 29.999, 30.0, 59.0, 60.0, 61.0]), max_size=20
)
STARTS = st.floats(0, 4e9)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = MemoryStore() if request.param == "memory" else FileStore(str(tmp_path / "state.db"))
    yield made
    made.close()


def test_a_window_counts_from_its_first_request(store: Store) -> None:
    assert store.take("a", 100.5, 60) == Window(100.5, 1, None)
    assert store.take("a", 100.5, 60) == Window(100.5, 2, None)
    assert store.take("a", 160.4, 60) == Window(100.5, 3, None)


@pytest.mark.parametrize("now", [160.5, 161.0, 10_000.0])
def test_a_new_window_begins_as_soon_as_the_old_one_is_over(store: Store, now: float) -> None:
    store.take("a", 100.5, 60)
    assert store.take("a", now, 60) == Window(now, 1, None)


def test_a_window_begins_anew_when_time_was_set_back_before_it(store: Store) -> None:
    store.take("a", 10_000, 60)
    assert store.take("a", 500, 60) == Window(500, 1, None)


def test_requests_a_moment_out_of_order_count_in_one_window(store: Store) -> None:
    # Each of several processes reads the clock before it reaches the store.
    store.take("a", 1_800_000_000.0002, 60)
    assert store.take("a", 1_800_000_000.0001, 60).used == 2


def test_keys_have_windows_and_limits_of_their_own(store: Store) -> None:
    store.take("a", 0, 60)
    store.set_limit("a", 5)
    assert store.take("b", 1, 60) == Window(1, 1, None)
    assert store.take("a", 2, 60) == Window(0, 2, 5)


def test_a_limit_can_be_changed_and_may_come_before_any_request(store: Store) -> None:
    store.set_limit("a", 5)
    store.set_limit("a", 0)
    assert store.take("a", 0, 60) == Window(0, 1, 0)


@pytest.mark.parametrize("key", ["", "'; DROP TABLE windows; --", "é", "a\x00b"], ids=ascii)
def test_any_text_is_a_key(store: Store, key: str) -> None:
    store.set_limit(key, 3)
    store.take(key, 0, 60)
    assert store.take(key, 0, 60) == Window(0, 2, 3)


def test_a_reset_forgets_windows_and_limits_of_one_key_or_all(store: Store) -> None:
    for key in ("a", "b"):
        store.set_limit(key, 5)
        store.take(key, 0, 60)
    store.reset("a")
    assert store.take("a", 1, 60) == Window(1, 1, None)
    assert store.take("b", 1, 60) == Window(0, 2, 5)
    store.reset()
    assert store.take("b", 2, 60) == Window(2, 1, None)


def test_a_key_has_a_seed_of_its_own_until_it_is_reset(store: Store) -> None:
    assert store.seed("a") is None
    store.set_seed("a", -7)
    store.set_seed("a", 2**63 - 1)
    store.set_seed("b", 0)
    assert (store.seed("a"), store.seed("b"), store.seed("c")) == (2**63 - 1, 0, None)
    store.reset("a")
    assert (store.seed("a"), store.seed("b")) == (None, 0)
    store.reset()
    assert store.seed("b") is None


def test_two_stores_in_memory_do_not_know_each_other() -> None:
    one, other = MemoryStore(), MemoryStore()
    one.take("a", 0, 60)
    assert other.take("a", 1, 60) == Window(1, 1, None)
    one.close()
    other.close()


def test_a_file_outlives_its_store(tmp_path: Path) -> None:
    first = FileStore(str(tmp_path / "state.db"))
    first.set_limit("a", 5)
    first.take("a", 0, 60)
    first.close()
    second = FileStore(str(tmp_path / "state.db"))
    assert second.take("a", 1, 60) == Window(0, 2, 5)
    second.close()


def test_two_stores_on_one_file_count_together(tmp_path: Path) -> None:
    one, other = FileStore(str(tmp_path / "state.db")), FileStore(str(tmp_path / "state.db"))
    one.take("a", 0, 60)
    assert other.take("a", 1, 60).used == 2
    assert one.take("a", 2, 60).used == 3
    one.close()
    other.close()


def test_no_two_of_many_threads_take_the_same_place(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        used = list(pool.map(lambda _: store.take("a", 1, 60).used, range(400)))
    assert sorted(used) == [*range(1, 401)]


@given(STARTS, GAPS)
def test_places_in_a_window_are_numbered_without_a_gap(start: float, gaps: list[float]) -> None:
    for store in (MemoryStore(), FileStore(":memory:")):
        now, began, used = start, -60.0, 0
        for gap in gaps:
            now += gap
            window = store.take("a", now, 60)
            used = used + 1 if window.start == began else 1
            began = window.start
            assert window.used == used
            assert 0 <= now - began < 60
        store.close()


STEPS = st.one_of(
    st.tuples(st.just("take"), st.sampled_from([-90.0, -0.5, 0.0, 0.5, 30.0, 60.0])),
    st.tuples(st.just("limit"), st.sampled_from([0.0, 5.0])),
    st.tuples(st.sampled_from(["reset", "reset all"]), st.just(0.0)),
)


def outcome(store: Store, key: str, now: float, step: tuple[str, float]) -> object:
    name, number = step
    if name == "take":
        window = store.take(key, now + number, 60)
        return window.start, window.used, window.limit
    if name == "limit":
        store.set_limit(key, int(number))
    else:
        store.reset(None if name == "reset all" else key)
    return None


@given(STARTS, st.lists(st.tuples(st.sampled_from("ab"), STEPS), max_size=20))
def test_both_stores_count_alike(start: float, steps: list[tuple[str, tuple[str, float]]]) -> None:
    memory, file, now = MemoryStore(), FileStore(":memory:"), start
    for key, step in steps:
        assert outcome(memory, key, now, step) == outcome(file, key, now, step)
        now += step[1]
    file.close()


def test_a_closed_file_is_not_written_to() -> None:
    store = FileStore(":memory:")
    store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        store.take("a", 0, 60)


def test_a_key_has_a_pace_of_its_own_until_it_is_reset(store: Store) -> None:
    assert store.pace("a") is None
    store.set_pace("a", "typical")
    store.set_pace("a", "itl=1")
    store.set_pace("b", "instant")
    assert (store.pace("a"), store.pace("b"), store.pace("c")) == ("itl=1", "instant", None)
    store.reset("a")
    assert (store.pace("a"), store.pace("b")) == (None, "instant")
    store.reset()
    assert store.pace("b") is None


def test_a_pace_that_one_process_is_told_holds_in_the_others(tmp_path: Path) -> None:
    path = str(tmp_path / "state.db")
    one, other = FileStore(path), FileStore(path)
    one.set_pace("a", "typical")
    assert other.pace("a") == "typical"
    one.close()
    other.close()


def test_a_recipe_is_kept_until_another_takes_its_name(store: Store) -> None:
    assert store.recipe("a.png") is None
    store.keep("a.png", Recipe("me", 1.5, b"one"))
    store.keep("a.png", Recipe("you", 2.5, b"two"))
    assert store.recipe("a.png") == Recipe("you", 2.5, b"two")


def test_the_oldest_recipes_are_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "MOST_RECIPES", 3)
    for name in ("a", "b", "c", "c", "c"):
        store.keep(name, Recipe("me", 0, b""))
    assert [name for name in "abcd" if store.recipe(name)] == ["a", "b", "c"]
    for name in ("a", "d"):
        store.keep(name, Recipe("me", 0, b""))
    assert [name for name in "abcd" if store.recipe(name)] == ["a", "c", "d"]


def test_a_job_is_kept_as_it_was_last_seen(store: Store) -> None:
    assert store.job("a") is None
    store.submit("a", Job("me", 1.5, b"one"))
    store.submit("b", Job("you", 2.5, b"two"))
    store.see("a", 1.0, 12.5)
    assert store.job("a") == Job("me", 1.0, b"one", 12.5)
    assert store.job("b") == Job("you", 2.5, b"two", 0.0)


def test_the_oldest_jobs_are_forgotten(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stores, "MOST_JOBS", 3)
    for number, name in enumerate("abcde"):
        store.submit(name, Job("me", float(number), b""))
        store.see(name, float(number), 1.0)
    assert [name for name in "abcde" if store.job(name)] == ["c", "d", "e"]


def test_every_key_counts_for_itself(store: Store) -> None:
    assert [store.count(key) for key in "aabab"] == [1, 2, 1, 3, 2]
    store.reset("a")
    assert [store.count(key) for key in "ab"] == [4, 3], "a name might come again"


def test_a_name_is_given_once(store: Store) -> None:
    assert store.submit("a", Job("me", 1.0, b"one"))
    assert not store.submit("a", Job("you", 2.0, b"two"))
    assert store.job("a") == Job("me", 1.0, b"one")


def test_a_store_that_somebody_else_holds_is_an_error_and_no_crash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_store, "_PATIENCE", 0.0)
    path = str(tmp_path / "state.db")
    store, other = FileStore(path), sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(ApiError, match="locked") as failure:
        store.submit("a", Job("me", 1.0, b"one"))
    assert failure.value.kind == "overloaded"
    other.execute("ROLLBACK")
    assert store.submit("a", Job("me", 1.0, b"one"))
    other.close()
    store.close()


def test_a_reset_forgets_the_jobs_of_a_key_or_all(store: Store) -> None:
    for key in "abc":
        store.submit(f"of {key}", Job(key, 0.0, b""))
    store.reset("a")
    assert [key for key in "abc" if store.job(f"of {key}")] == ["b", "c"]
    store.reset()
    assert not [key for key in "abc" if store.job(f"of {key}")]


def test_jobs_are_there_for_whoever_opens_the_file_while_it_is_still_in_use(
    tmp_path: Path,
) -> None:
    path = str(tmp_path / "state.db")
    one = FileStore(path)
    one.submit("a", Job("me", 1.5, b"one"))
    other = FileStore(path)
    assert other.job("a") == Job("me", 1.5, b"one")
    assert [one.count("me"), other.count("me")] == [1, 2]
    one.close()
    other.close()


def test_a_reset_forgets_the_recipes_of_a_key_or_all(store: Store) -> None:
    for key in ("a", "b", "c"):
        store.keep(f"of {key}", Recipe(key, 0, b""))
    store.reset("a")
    assert [key for key in "abc" if store.recipe(f"of {key}")] == ["b", "c"]
    store.reset()
    assert not [key for key in "abc" if store.recipe(f"of {key}")]


def test_windows_are_told_the_last_begun_first_with_their_limits(store: Store) -> None:
    for number, key in enumerate("abcab"):
        store.take(key, 100.0 * number, 60)
    store.set_limit("b", 5)
    told = store.windows(None, 2)
    assert list(told.items()) == [("b", Window(400, 1, 5)), ("a", Window(300, 1, None))]
    assert dict(store.windows("c", 2)) == {"c": Window(200, 1, None)}
    assert not store.windows("d", 2)


def test_jobs_are_told_the_last_submitted_first_of_all_or_of_one_key(store: Store) -> None:
    jobs = {name: Job(name[0], 1.0, b"{}") for name in ("a1", "b1", "a2")}
    for name, job in jobs.items():
        store.submit(name, job)
    assert list(store.jobs(None, 2)) == ["a2", "b1"]
    assert dict(store.jobs("a", 9)) == {"a2": jobs["a2"], "a1": jobs["a1"]}
