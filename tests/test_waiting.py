"""Waiting in the time that a key sees: nothing here sleeps, the clock and the wall are moved."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from mock_server.clock import Clock
from mock_server.waiting import Waiter, Waiting

START = 1_800_000_000.0


class Wall:
    """Real time, moved by hand."""

    def __init__(self) -> None:
        self.seconds = START

    def __call__(self) -> float:
        return self.seconds


class Timer:
    """A loop's timer that is set off by hand."""

    def __init__(self, delay: float, callback: Callable[[], None]) -> None:
        self.delay = delay
        self.go_off = callback
        self.is_cancelled = False

    def cancel(self) -> None:
        self.is_cancelled = True


class Scene:
    """A clock, who waits by it, and the timers that were set; runs inside one event loop."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, virtual: bool) -> None:
        self.wall = Wall()
        self.clock = Clock("virtual" if virtual else "real", self.wall)
        self.waiting = Waiting(self.clock)
        self.timers: list[Timer] = []
        self.leaving: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        monkeypatch.setattr(asyncio.get_running_loop(), "call_later", self._call_later)

    def _call_later(self, delay: float, callback: Callable[[], None]) -> Timer:
        self.timers.append(Timer(delay, callback))
        return self.timers[-1]

    def enter(self, key: str | None = "a") -> Waiter:
        return self.waiting.enter(key, self.leaving)

    def passes(self, seconds: float) -> None:
        """Real time passes, and the timer goes off that was set last."""
        self.wall.seconds += seconds
        self.timers[-1].go_off()


async def settled() -> None:
    """Whatever was left to the event loop is done."""
    for _ in range(3):
        await asyncio.sleep(0)


Play = Callable[[Scene], Awaitable[None]]
Stage = Callable[[Play], None]


@pytest.fixture
def virtual(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return _stage(monkeypatch, virtual=True)


@pytest.fixture
def real(monkeypatch: pytest.MonkeyPatch) -> Stage:
    return _stage(monkeypatch, virtual=False)


def _stage(monkeypatch: pytest.MonkeyPatch, *, virtual: bool) -> Stage:
    async def play(scene: Play) -> None:
        await scene(Scene(monkeypatch, virtual=virtual))

    return lambda scene: asyncio.run(play(scene))


def waits(pause: "asyncio.Future[None] | None") -> bool:
    return pause is not None and not pause.done()


def test_an_advance_ends_a_wait_as_soon_as_its_time_has_come(virtual: Stage) -> None:
    async def play(scene: Scene) -> None:
        pause = scene.enter().pause(0.5)
        scene.clock.advance(0.498)
        await settled()
        assert waits(pause)
        scene.clock.advance(0.002)
        await settled()
        assert not waits(pause)
        assert not scene.timers

    virtual(play)


def test_an_advance_ends_many_waits_at_once(virtual: Stage) -> None:
    async def play(scene: Scene) -> None:
        waiter = scene.enter()
        pause = waiter.pause(1.0)
        scene.clock.advance(60)
        await settled()
        assert not waits(pause)
        assert [waiter.pause(1.0) for _ in range(59)] == [None] * 59
        assert waits(waiter.pause(1.0))

    virtual(play)


def test_waits_do_not_add_up_rounding(virtual: Stage) -> None:
    async def play(scene: Scene) -> None:
        waiter = scene.enter()
        for _ in range(3000):
            pause = waiter.pause(0.02)
            assert waits(pause)
            scene.clock.advance(0.02)
            await settled()
            assert not waits(pause)

    virtual(play)


def test_one_keys_advance_moves_only_those_of_that_key(virtual: Stage) -> None:
    async def play(scene: Scene) -> None:
        mine, other = scene.enter("a").pause(5.0), scene.enter("b").pause(5.0)
        nobodys = scene.enter(None).pause(5.0)
        scene.clock.advance(5, "a")
        await settled()
        assert [waits(each) for each in (mine, other, nobodys)] == [False, True, True]
        late = scene.enter("a").pause(5.0)
        scene.clock.advance(5)
        await settled()
        assert not any(waits(each) for each in (mine, other, nobodys, late))

    virtual(play)


def test_a_wait_begins_in_the_time_of_its_key(virtual: Stage) -> None:
    async def play(scene: Scene) -> None:
        scene.clock.advance(100, "a")
        pause = scene.enter("a").pause(1.0)
        assert waits(pause)
        scene.clock.advance(1)
        await settled()
        assert not waits(pause)

    virtual(play)


def test_a_key_that_is_ahead_waits_no_longer_for_it(real: Stage) -> None:
    async def play(scene: Scene) -> None:
        scene.clock.advance(100, "a")
        pause = scene.enter("a").pause(1.0)
        assert scene.timers[-1].delay == pytest.approx(1.0, abs=0.001)
        scene.passes(1.0)
        assert not waits(pause)

    real(play)


def test_a_reset_of_all_ends_every_wait_and_those_to_come(virtual: Stage) -> None:
    async def play(scene: Scene) -> None:
        waiters = [scene.enter(key) for key in ("a", "b", None)]
        pauses = [each.pause(3600.0) for each in waiters]
        scene.clock.advance(60)
        scene.clock.reset()
        await settled()
        assert not any(waits(each) for each in pauses)
        assert [each.pause(3600.0) for each in waiters] == [None, None, None]
        assert waits(scene.enter().pause(1.0))

    virtual(play)


def test_a_reset_of_one_key_ends_its_waits_and_no_others(virtual: Stage) -> None:
    async def play(scene: Scene) -> None:
        mine, other = scene.enter("a"), scene.enter("b")
        pauses = mine.pause(3600.0), other.pause(3600.0)
        scene.clock.reset("a")
        await settled()
        assert [waits(each) for each in pauses] == [False, True]
        assert mine.pause(1.0) is None

    virtual(play)


def test_real_time_needs_one_timer_for_all(real: Stage) -> None:
    async def play(scene: Scene) -> None:
        late, early = scene.enter().pause(2.0), scene.enter().pause(1.0)
        assert [each.delay for each in scene.timers] == pytest.approx([2.0, 1.0], abs=0.001)
        assert scene.timers[0].is_cancelled
        scene.passes(1.0)
        assert (waits(early), waits(late)) == (False, True)
        assert scene.timers[-1].delay == pytest.approx(1.0, abs=0.001)
        scene.passes(1.0)
        assert not waits(late)

    real(play)


def test_a_timer_that_goes_off_early_is_set_again(real: Stage) -> None:
    async def play(scene: Scene) -> None:
        pause = scene.enter().pause(1.0)
        scene.passes(0.9)
        assert waits(pause)
        assert scene.timers[-1].delay == pytest.approx(0.1, abs=0.001)
        scene.passes(0.1)
        assert not waits(pause)

    real(play)


def test_being_late_once_makes_the_next_wait_shorter(real: Stage) -> None:
    async def play(scene: Scene) -> None:
        waiter = scene.enter()
        waiter.pause(1.0)
        scene.passes(1.4)
        assert waits(waiter.pause(1.0))
        assert scene.timers[-1].delay == pytest.approx(0.6, abs=0.001)

    real(play)


def test_an_advance_during_a_real_wait_ends_it(real: Stage) -> None:
    async def play(scene: Scene) -> None:
        mine, other = scene.enter("a").pause(60.0), scene.enter("b").pause(60.0)
        scene.clock.advance(60, "a")
        await settled()
        assert (waits(mine), waits(other)) == (False, True)
        assert scene.timers[-1].delay == pytest.approx(60.0, abs=0.001)

    real(play)


def test_time_that_is_stopped_holds_waits_and_time_that_runs_on_ends_them(real: Stage) -> None:
    async def play(scene: Scene) -> None:
        pause = scene.enter().pause(1.0)
        scene.clock.switch("virtual")
        await settled()
        assert scene.timers[-1].is_cancelled
        scene.wall.seconds += 100
        scene.clock.switch("real")
        await settled()
        assert waits(pause)
        scene.passes(1.0)
        assert not waits(pause)

    real(play)


def test_whoever_leaves_is_woken_at_once_and_leaves_nothing_behind(real: Stage) -> None:
    async def play(scene: Scene) -> None:
        waiter = scene.enter()
        pause = waiter.pause(3600.0)
        scene.leaving.set_result(None)
        await settled()
        assert not waits(pause)
        scene.waiting.leave(waiter)
        assert scene.timers[-1].is_cancelled
        assert not waiter.room.lines
        assert scene.waiting.number == 0
        scene.clock.advance(1)  # reaches nobody

    real(play)


def test_many_who_left_are_forgotten_while_one_stays(real: Stage) -> None:
    async def play(scene: Scene) -> None:
        staying = scene.enter()
        pause = staying.pause(3600.0)
        for _ in range(1000):
            waiter = scene.enter()
            waiter.pause(1800.0)
            scene.waiting.leave(waiter)
        assert sum(map(len, staying.room.lines.values())) < 100
        scene.clock.advance(3600)
        await settled()
        assert not waits(pause)

    real(play)


def test_a_loop_that_was_closed_on_those_who_wait_is_forgotten() -> None:
    clock = Clock("virtual", Wall())
    waiting = Waiting(clock)

    async def enter() -> None:
        waiting.enter("a", asyncio.get_running_loop().create_future()).pause(1.0)

    asyncio.run(enter())
    clock.advance(60)
    clock.reset()


def test_where_waits_are_skipped_the_time_of_the_key_moves_to_the_next_in_order() -> None:
    async def play() -> None:
        clock = Clock("virtual", Wall())
        waiting = Waiting(clock)
        ended: list[tuple[str, float]] = []

        async def stream(name: str, pauses: list[float]) -> None:
            waiter = waiting.enter("a", asyncio.Future(), answers=True)
            for seconds in pauses:
                pause = waiter.pause(seconds)
                if pause is not None:
                    await pause
                ended.append((name, round(clock.now("a") - begun, 3)))
            waiting.leave(waiter)

        begun = clock.now("a")
        early = asyncio.create_task(stream("early", [30]))
        await settled()
        clock.skip("a", is_on=True)
        await asyncio.gather(early, stream("slow", [12, 12]), stream("quick", [5, 5, 5]))
        assert ended == [
            ("quick", 5),
            ("quick", 10),
            ("slow", 12),
            ("quick", 15),
            ("slow", 24),
            ("early", 30),
        ]
        assert clock.now() == begun

    asyncio.run(play())


@pytest.mark.parametrize("ends", ["reset", "keep"])
def test_waits_are_skipped_for_no_other_and_not_for_ever(virtual: Stage, ends: str) -> None:
    async def play(scene: Scene) -> None:
        scene.clock.skip("a", is_on=True)
        idle = scene.enter("a").pause(60)
        other = scene.waiting.enter("b", scene.leaving, answers=True).pause(60)
        await settled()
        assert not scene.timers
        if ends == "reset":
            scene.clock.reset("a")
        else:
            scene.clock.skip("a", is_on=False)
        await settled()
        late = scene.waiting.enter("a", scene.leaving, answers=True).pause(60)
        await settled()
        assert not scene.timers
        assert waits(late)
        assert waits(other)
        assert waits(idle) == (ends == "keep")

    virtual(play)
