"""Sleep that is skipped: it moves the clocks, in order, and gives itself back."""

import asyncio
import sys
import time
from collections.abc import Callable, Coroutine
from contextlib import ExitStack
from threading import Thread
from types import ModuleType
from typing import Any

import anyio
import pytest

from mock_server.sleeping import SERVER_THREAD, Endless, Skipping, skipped

BLOCKING, AWAITED, MONOTONIC = time.sleep, asyncio.sleep, time.monotonic
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
    with skipping.sleep(20), skipping.sleep(600), skipping.sleep(600):
        pass
    assert clock.moves == [600]


def test_one_who_is_to_wake_first_does_so_however_late_it_rests() -> None:
    clock = Clock()
    skipping = Skipping(clock.moves.append, LONG)
    with skipping.sleep(600) as rests:
        with skipping.sleep(20) as earlier:
            next(rests), next(rests)
            assert len(list(earlier)) == 1
        assert clock.moves == [20]
        assert len(list(rests)) == 1
    assert clock.moves == [20, 580]


def test_those_who_begin_while_another_rests_wake_together_with_it() -> None:
    clock = Clock()
    skipping = Skipping(clock.moves.append, LONG)
    with ExitStack() as others, skipping.sleep(5) as rests:
        for _ in range(3):
            next(rests)
            others.enter_context(skipping.sleep(5))
        assert len(list(rests)) == 1
    assert clock.moves == [5]


def test_nobody_waits_for_ever_for_one_who_cannot_wake() -> None:
    clock = Clock()

    async def stuck() -> None:
        earlier = asyncio.create_task(asyncio.sleep(3))
        await asyncio.sleep(0)
        time.sleep(8)  # noqa: ASYNC251 - it is skipped
        await earlier

    with skipped(clock.moves.append, LONG):
        asyncio.run(stuck())
    assert clock.passed == 8


def test_a_sleep_that_is_broken_off_moves_nothing() -> None:
    clock = Clock()

    async def give_up() -> None:
        sleeper = asyncio.create_task(asyncio.sleep(600))
        await asyncio.sleep(0)
        sleeper.cancel()
        await asyncio.sleep(20)

    with skipped(clock.moves.append, LONG):
        asyncio.run(give_up())
    assert clock.moves == [20]


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
    module.nap = time.sleep  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "a_client", module)
    clock = Clock()
    with skipped(clock.moves.append, LONG):
        module.nap(20)
    assert clock.moves == [20]
    assert module.nap is BLOCKING
    assert (time.sleep, asyncio.sleep) == (BLOCKING, AWAITED)


CLIENT = """
import time
from time import monotonic as now

def wait_for(seconds):
    deadline, begun, polls = now() + seconds, time.time(), 0
    while time.monotonic() < deadline:
        time.sleep(5)
        polls += 1
    return polls, time.time() - begun
"""


def test_a_client_that_looks_at_the_clock_sees_that_it_has_slept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = ModuleType("a_client")
    exec(CLIENT, vars(client))
    monkeypatch.setitem(sys.modules, "a_client", client)
    clock = Clock()
    with skipped(clock.moves.append, LONG):
        polls, seconds = client.wait_for(300)
        assert polls <= 60  # real time passes, too
        assert seconds >= 5 * polls
    assert vars(client)["now"] is time.monotonic is MONOTONIC


def test_event_loops_do_not_see_it() -> None:
    async def asks() -> tuple[float, float]:
        loop = asyncio.get_running_loop()
        before = loop.time()
        await asyncio.sleep(5000)
        return before, loop.time()

    with skipped(Clock().moves.append, LONG):
        before, after = asyncio.run(asks())
    assert after - before < 5000


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
