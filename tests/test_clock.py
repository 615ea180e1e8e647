import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.clock import VIRTUAL_EPOCH, Clock, Mode
from mock_server.wire import Call

MODES: list[Mode] = ["real", "virtual"]
SECONDS = st.integers(0, 10**6).map(float)
STEPS = st.one_of(
    st.tuples(st.just("pass"), SECONDS),
    st.tuples(st.just("advance"), SECONDS),
    st.tuples(st.just("advance a"), SECONDS),
    st.tuples(st.sampled_from(["real", "virtual"]), st.just(0.0)),
)


class Wall:
    """Real time, moved by hand."""

    def __init__(self) -> None:
        self.seconds = 1_800_000_000.0

    def __call__(self) -> float:
        return self.seconds


def take(step: tuple[str, float], clock: Clock, wall: Wall) -> None:
    name, seconds = step
    if name == "pass":
        wall.seconds += seconds
    elif name == "advance":
        clock.advance(seconds)
    elif name == "advance a":
        clock.advance(seconds, "a")
    else:
        clock.switch("real" if name == "real" else "virtual")


def test_a_real_clock_shows_real_time() -> None:
    wall = Wall()
    clock = Clock("real", wall)
    assert (clock.mode, clock.now(), clock.now("a")) == ("real", wall.seconds, wall.seconds)
    wall.seconds += 5
    assert clock.now() == wall.seconds


def test_a_virtual_clock_starts_with_2026_and_stands_still() -> None:
    wall = Wall()
    clock = Clock("virtual", wall)
    wall.seconds += 5
    assert (clock.mode, clock.now()) == ("virtual", VIRTUAL_EPOCH)


@pytest.mark.parametrize("mode", MODES)
def test_an_advance_for_all_moves_everybody(mode: Mode) -> None:
    clock = Clock(mode, Wall())
    before = clock.now()
    clock.advance(7)
    assert clock.now() == clock.now("a") == clock.now("b") == before + 7


@pytest.mark.parametrize("mode", MODES)
def test_an_advance_for_one_key_moves_nobody_else(mode: Mode) -> None:
    clock = Clock(mode, Wall())
    before = clock.now()
    clock.advance(7, "a")
    clock.advance(2, "a")
    assert (clock.now("a"), clock.now("b"), clock.now()) == (before + 9, before, before)


@given(st.sampled_from(MODES), st.lists(STEPS, max_size=12))
def test_time_never_runs_backwards_and_a_switch_never_jumps(
    mode: Mode, steps: list[tuple[str, float]]
) -> None:
    wall = Wall()
    clock = Clock(mode, wall)
    for step in steps:
        seen = clock.now(), clock.now("a")
        take(step, clock, wall)
        assert clock.now() >= seen[0]
        assert clock.now("a") >= seen[1]
        if step[0] in ("real", "virtual"):
            assert (clock.now(), clock.now("a")) == seen
            assert clock.mode == step[0]


@given(st.sampled_from(MODES), st.lists(STEPS, max_size=12))
def test_a_call_is_seen_at_the_time_of_its_key(mode: Mode, steps: list[tuple[str, float]]) -> None:
    wall = Wall()
    clock = Clock(mode, wall)
    for step in steps:
        take(step, clock, wall)
    call = Call("GET", "/", b"", [], b"", clock.now())
    assert clock.seen_by("a", call).now == clock.now("a")
    assert clock.seen_by("b", call) is call


@given(st.lists(STEPS.filter(lambda step: step[0].startswith("advance")), max_size=12))
def test_a_reset_takes_back_every_advance(steps: list[tuple[str, float]]) -> None:
    for mode in MODES:
        clock = Clock(mode, Wall())
        fresh = clock.now()
        for step in steps:
            take(step, clock, Wall())
        clock.reset()
        assert clock.now() == clock.now("a") == fresh


def test_a_reset_of_one_key_leaves_the_others_where_they_are() -> None:
    clock = Clock("virtual", Wall())
    clock.advance(1)
    clock.advance(10, "a")
    clock.advance(100, "b")
    clock.reset("a")
    clock.reset("nobody")
    times = (clock.now(), clock.now("a"), clock.now("b"))
    assert times == (VIRTUAL_EPOCH + 1, VIRTUAL_EPOCH + 1, VIRTUAL_EPOCH + 101)


def test_time_runs_on_after_a_return_to_the_real_clock() -> None:
    wall = Wall()
    clock = Clock("virtual", wall)
    clock.switch("real")
    wall.seconds += 3
    assert clock.now() == VIRTUAL_EPOCH + 3


class Diary:
    """Somebody who writes down what the clock tells."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def moved(self) -> None:
        self.told.append("moved")

    def begun_anew(self, key: str | None) -> None:
        self.told.append(f"anew {key}")


@pytest.mark.parametrize("mode", MODES)
def test_whoever_watches_is_told_of_every_change_by_hand(mode: Mode) -> None:
    clock, diary = Clock(mode, Wall()), Diary()
    clock.watch(diary)
    clock.now()
    clock.advance(1)
    clock.advance(1, "a")
    clock.switch(mode)
    assert diary.told == ["moved", "moved"]
    clock.switch("real" if mode == "virtual" else "virtual")
    clock.reset("a")
    clock.reset()
    assert diary.told[2:] == ["moved", "anew a", "anew None"]


def test_how_far_a_key_is_ahead() -> None:
    clock = Clock("real", Wall())
    clock.advance(7)
    clock.advance(2, "a")
    assert (clock.ahead("a"), clock.ahead("b"), clock.ahead(None)) == (2, 0, 0)
