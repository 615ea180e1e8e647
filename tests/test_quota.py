import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.auth import Identity, identity
from mock_server.errors import PLAIN
from mock_server.operation import Protocol, Provider
from mock_server.quota import UNLIMITED, Quota, spend
from mock_server.store import MemoryStore

GAPS = st.lists(
    st.sampled_from([0.0, 0.001, 1.0, 9.999, 10.0, 30.0]) | st.floats(0, 130), max_size=20
)
# From 2023 to 2036: what a clock shows.
STARTS = st.floats(1.7e9, 2.1e9)


def caller(rate_limit: tuple[int, float] | None = None, key: str = "k") -> Identity:
    provider = Provider("p", "P", Protocol("plain", PLAIN), (), rate_limit, None)
    return identity(key, provider)


@given(STARTS, GAPS, st.integers(1, 4), st.sampled_from([1.0, 10.0, 60.0]))
def test_never_more_than_the_limit_pass_in_one_window(
    start: float, gaps: list[float], limit: int, seconds: float
) -> None:
    store, who = MemoryStore(), caller((limit, seconds))
    now, began, passed = start, -math.inf, 0
    for gap in gaps:
        now += gap
        if now > began + seconds - 1e-6:
            began, passed = now, 0
        passed += not spend(store, who, now, None).exceeded
        assert passed <= limit
    store.close()


@given(STARTS, GAPS, st.integers(1, 4))
def test_a_request_is_refused_only_when_the_window_is_used_up(
    start: float, gaps: list[float], limit: int
) -> None:
    store, who = MemoryStore(), caller((limit, 60))
    now, last = start, None
    for gap in gaps:
        now += gap
        quota = spend(store, who, now, None)
        assert quota.exceeded == (quota.used > limit)
        if quota.exceeded:
            assert last is not None
            assert last.remaining == 0
        last = quota
    store.close()


@given(STARTS, GAPS, st.integers(1, 4), st.sampled_from([1.0, 10.0, 60.0]))
def test_who_waits_as_long_as_told_passes(
    start: float, gaps: list[float], limit: int, seconds: float
) -> None:
    store, who, now = MemoryStore(), caller((limit, seconds)), start
    for gap in gaps:
        now += gap
        quota = spend(store, who, now, None)
        assert 1 <= quota.retry_after <= math.ceil(seconds)
        if quota.exceeded:
            now += quota.retry_after
            assert not spend(store, who, now, None).exceeded
    store.close()


@given(STARTS, GAPS, st.integers(1, 4))
def test_who_waits_until_the_reset_passes(start: float, gaps: list[float], limit: int) -> None:
    store, who, now = MemoryStore(), caller((limit, 60)), start
    for gap in gaps:
        now += gap
        quota = spend(store, who, now, None)
        assert quota.reset >= now
        if quota.exceeded:
            now = float(quota.reset)
            assert not spend(store, who, now, None).exceeded
    store.close()


def test_remaining_falls_by_one_down_to_nothing() -> None:
    store, who = MemoryStore(), caller((3, 60))
    left = [spend(store, who, 5.0, None).remaining for _ in range(5)]
    assert left == [2, 1, 0, 0, 0]
    store.close()


@pytest.mark.parametrize(
    ("documented", "for_all", "own", "limit"),
    [
        (None, None, None, UNLIMITED),
        ((60, 60.0), None, None, 60),
        ((60, 60.0), 5, None, 5),
        ((60, 60.0), 0, None, UNLIMITED),
        (None, 5, None, 5),
        ((60, 60.0), None, 7, 7),
        ((60, 60.0), 5, 7, 7),
        ((60, 60.0), 5, 0, UNLIMITED),
        ((60, 60.0), 0, 7, 7),
        (None, None, 7, 7),
    ],
    ids=[
        "nothing said",
        "documented",
        "set for all",
        "off for all",
        "set where none is documented",
        "own",
        "own over all",
        "off for one",
        "own though off for all",
        "own where none is documented",
    ],
)
def test_a_limit_of_its_own_goes_before_that_for_all_and_that_before_the_documented(
    documented: tuple[int, float] | None, for_all: int | None, own: int | None, limit: int
) -> None:
    store, who = MemoryStore(), caller(documented)
    if own is not None:
        store.set_limit(who.id, own)
    quota = spend(store, who, 5.0, for_all)
    assert (quota.limit, quota.remaining, quota.exceeded) == (limit, limit - 1, False)
    store.close()


def test_callers_of_no_provider_have_a_window_of_a_minute() -> None:
    store, who = MemoryStore(), identity("k", None)
    first = spend(store, who, 100.5, 1)
    assert (first.reset, first.retry_after) == (161, 60)
    assert spend(store, who, 160.0, 1).exceeded
    assert not spend(store, who, 160.5, 1).exceeded
    store.close()


def test_keys_are_counted_apart() -> None:
    store, limit = MemoryStore(), (1, 60.0)
    spend(store, caller(limit, "a"), 0.0, None)
    assert not spend(store, caller(limit, "b"), 0.0, None).exceeded
    assert spend(store, caller(limit, "a"), 0.0, None).exceeded
    store.close()


@pytest.mark.parametrize(
    ("used", "remaining", "exceeded"), [(1, 1, False), (2, 0, False), (3, 0, True)]
)
def test_the_last_place_is_still_a_place(used: int, remaining: int, exceeded: bool) -> None:
    quota = Quota(limit=2, used=used, reset=60, retry_after=1)
    assert (quota.remaining, quota.exceeded) == (remaining, exceeded)
