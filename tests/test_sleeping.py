"""Sleep that is skipped: it moves the clocks, in order, and gives itself back."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from threading import Thread
from types import ModuleType
from typing import Any

import anyio
import pytest

from mock_server.sleeping import SERVER_THREAD, Endless, Skipping, skipped

BLOCKING, AWAITED = time.sleep, asyncio.sleep
LONG = 50_000.0


class Clock:
    """Adds up by how much it was moved."""

    def __init__(self) -> None:
        self.moves: list[float] = []

    @property
    def passed(self) -> float:
        return sum(self.moves)


def test_a_sleep_moves_the_clock_instead() -> None:
    clock = Clock()
    with skipped(clock.moves.append, LONG):
        time.sleep(600)
        time.sleep(0.5)
    assert clock.moves == [600, 0.5]


@pytest.mark.parametrize("sleep", [lambda s: asyncio.sleep(s), lambda s: anyio.sleep(s)])
def test_so_does_one_that_is_awaited(sleep: Callable[[float], Coroutine[Any, Any, None]]) -> None:
    clock = Clock()
    with skipped(clock.moves.append, LONG):
        asyncio.run(sleep(600))
    assert clock.moves == [600]


def test_what_an_awaited_sleep_gives_is_given() -> None:
    with skipped(Clock().moves.append, LONG):
        assert asyncio.run(asyncio.sleep(5, "well rested")) == "well rested"


def test_sleeps_at_the_same_time_pass_at_the_same_time_and_the_shortest_ends_first() -> None:
    clock = Clock()
    ended: list[tuple[float, float]] = []

    async def nap(seconds: float) -> None:
        await asyncio.sleep(seconds)
        ended.append((seconds, clock.passed))

    async def nap_together() -> None:
        await asyncio.gather(nap(8), nap(3), nap(8), nap(3))

    with skipped(clock.moves.append, LONG):
        asyncio.run(nap_together())
    assert ended == [(3, 3), (3, 3), (8, 8), (8, 8)]


def test_a_sleep_that_others_have_slept_through_moves_nothing() -> None:
    clock = Clock()
    skipping = Skipping(clock.moves.append, LONG)
    (_, early), (_, late), (_, also_late) = map(skipping.begin, (20, 600, 600))
    for due in (late, early, also_late):
        skipping.finish(due)
    assert clock.moves == [600]


def test_giving_way_is_no_sleep() -> None:
    clock = Clock()
    with skipped(clock.moves.append, LONG):
        time.sleep(0)
        asyncio.run(asyncio.sleep(0))
        with pytest.raises(ValueError, match="non-negative"):
            time.sleep(-1)
        with pytest.raises(TypeError):
            time.sleep("a while")  # type: ignore[arg-type]
    assert clock.moves == []


def test_servers_sleep_as_they_like() -> None:
    clock = Clock()
    thread = Thread(target=lambda: time.sleep(0.0001), name=SERVER_THREAD)
    with skipped(clock.moves.append, LONG):
        thread.start()
        thread.join()
    assert clock.moves == []


def test_names_that_modules_have_taken_are_replaced_and_given_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = ModuleType("a_client")
    module.sleep = time.sleep  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "a_client", module)
    clock = Clock()
    with skipped(clock.moves.append, LONG):
        module.sleep(20)
    assert clock.moves == [20]
    assert module.sleep is BLOCKING
    assert (time.sleep, asyncio.sleep) == (BLOCKING, AWAITED)


def test_who_keeps_a_replacement_sleeps_after_it_is_over() -> None:
    clock = Clock()
    with skipped(clock.moves.append, LONG):
        kept, awaited = time.sleep, asyncio.sleep
    kept(0.0001)
    asyncio.run(awaited(0.0001))
    assert clock.moves == []


def test_a_client_that_sleeps_for_ever_is_stopped_though_it_catches_what_it_can() -> None:
    def poll_for_ever() -> None:
        while True:
            try:
                time.sleep(100)
            except Exception:  # what such clients do
                continue

    clock = Clock()
    with skipped(clock.moves.append, 350), pytest.raises(Endless, match="350 s are the most"):
        poll_for_ever()
    assert clock.passed == 300
