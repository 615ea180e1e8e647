import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mock_server.store import Store, Window

GAPS = st.lists(
    st.sampled_from([0.0, 0.001, 0.5, 1.0, 29.999, 30.0, 59.0, 60.0, 61.0]), max_size=20
)
STARTS = st.floats(0, 4e9)


@pytest.fixture(params=["memory", "file"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made = Store() if request.param == "memory" else Store(str(tmp_path / "state.db"))
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


def test_two_stores_in_memory_do_not_know_each_other() -> None:
    one, other = Store(), Store()
    one.take("a", 0, 60)
    assert other.take("a", 1, 60) == Window(1, 1, None)
    one.close()
    other.close()


def test_a_file_outlives_its_store(tmp_path: Path) -> None:
    first = Store(str(tmp_path / "state.db"))
    first.set_limit("a", 5)
    first.take("a", 0, 60)
    first.close()
    second = Store(str(tmp_path / "state.db"))
    assert second.take("a", 1, 60) == Window(0, 2, 5)
    second.close()


def test_two_stores_on_one_file_count_together(tmp_path: Path) -> None:
    one, other = Store(str(tmp_path / "state.db")), Store(str(tmp_path / "state.db"))
    one.take("a", 0, 60)
    assert other.take("a", 1, 60).used == 2
    assert one.take("a", 2, 60).used == 3
    one.close()
    other.close()


def test_no_two_of_many_threads_take_the_same_place(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        used = list(pool.map(lambda _: store.take("a", 1, 60).used, range(400)))
    assert sorted(used) == [*range(1, 401)]


@settings(deadline=None)
@given(STARTS, GAPS)
def test_places_in_a_window_are_numbered_without_a_gap(start: float, gaps: list[float]) -> None:
    store = Store()
    now, last = start, None
    for gap in gaps:
        now += gap
        window = store.take("a", now, 60)
        same = last is not None and window.start == last.start
        assert window.used == (last.used + 1 if same and last else 1)
        assert window.start <= now
        assert now - window.start < 60
        last = window
    store.close()


def test_a_closed_store_says_so() -> None:
    store = Store()
    store.close()
    with pytest.raises(sqlite3.ProgrammingError):
        store.take("a", 0, 60)
