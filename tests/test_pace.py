"""Paces: how they are written, which one holds, and the waits that come of one."""

from itertools import islice
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.pace import (
    INSTANT,
    TYPICAL,
    Pace,
    Wish,
    after_opening,
    pace_of,
    pauses,
    read_pace,
    whole,
)

SECONDS = st.floats(0, 3600)
PACES = st.builds(Pace, SECONDS, SECONDS, st.floats(0, 1))


@pytest.mark.parametrize(
    ("text", "pace"),
    [
        ("instant", INSTANT),
        ("typical", "typical"),
        ("ttft=0.4,itl=0.02,jitter=0.3", Pace(0.4, 0.02, 0.3)),
        (" itl = 0.02 , ttft = 1 ", Pace(1.0, 0.02)),
        ("itl=2e-2", Pace(0.0, 0.02)),
        ("ttft=0,itl=0", INSTANT),
        ("jitter=0.5", INSTANT),
    ],
)
def test_a_pace_is_read(text: str, pace: Wish) -> None:
    assert read_pace(text) == pace


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "such as ttft=0.4"),
        ("fast", "such as ttft=0.4"),
        ("Typical", "such as ttft=0.4"),
        ("ttft", "such as ttft=0.4"),
        ("speed=1", "such as ttft=0.4"),
        ("ttft=1,", "such as ttft=0.4"),
        ("ttft=1,ttft=2", "ttft only once"),
        ("ttft=soon", "ttft to be a number from 0 to 3600 seconds"),
        ("ttft=", "ttft to be a number"),
        ("itl=-0.1", "itl to be a number from 0 to 3600 seconds"),
        ("itl=3601", "itl to be a number from 0 to 3600 seconds"),
        ("itl=nan", "itl to be a number"),
        ("ttft=inf", "ttft to be a number"),
        ("itl=1,jitter=1.1", "jitter to be a number from 0 to 1"),
    ],
)
def test_what_is_no_pace_is_told_why(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=f"^expected .*{reason}"):
        read_pace(text)


@given(st.one_of(st.just("typical"), PACES))
def test_a_pace_is_written_as_it_is_read(pace: Wish) -> None:
    read = read_pace(str(pace))
    assert read == pace or (isinstance(pace, Pace) and pace.is_instant and read == INSTANT)


OWN, SLOW, ITS = Pace(1.0), Pace(2.0), Pace(3.0)


@pytest.mark.parametrize(
    ("own", "general", "model", "pace"),
    [
        (None, INSTANT, ITS, INSTANT),
        (None, SLOW, ITS, SLOW),
        (None, "typical", ITS, ITS),
        (None, "typical", None, TYPICAL),
        (OWN, SLOW, ITS, OWN),
        (INSTANT, SLOW, ITS, INSTANT),
        ("typical", SLOW, ITS, ITS),
        ("typical", INSTANT, None, TYPICAL),
    ],
)
def test_the_keys_own_pace_goes_first(
    own: Wish | None, general: Wish, model: Pace | None, pace: Pace
) -> None:
    assert pace_of(own, general, model) == pace


def test_without_jitter_each_pause_is_as_told() -> None:
    waits = pauses(Pace(0.4, 0.02), Random(0))
    assert list(islice(waits, 4)) == [0.4, 0.02, 0.02, 0.02]


@given(PACES, st.integers())
def test_pauses_stay_within_the_jitter_and_follow_from_the_seed(pace: Pace, seed: int) -> None:
    waits = list(islice(pauses(pace, Random(seed)), 20))
    assert waits == list(islice(pauses(pace, Random(seed)), 20))
    for wait, wanted in zip(waits, [pace.ttft] + [pace.itl] * 19, strict=True):
        assert abs(wait - wanted) <= wanted * pace.jitter * (1 + 1e-9)
        assert wait >= 0


def test_jitter_scatters_around_the_figure() -> None:
    waits = list(islice(pauses(Pace(itl=1.0, jitter=0.5), Random(1)), 1, 2001))
    assert min(waits) < 0.55
    assert max(waits) > 1.45
    assert sum(waits) / len(waits) == pytest.approx(1.0, abs=0.03)


def test_a_whole_answer_takes_as_long_as_its_stream() -> None:
    pace = Pace(0.4, 0.02, 0.3)
    assert whole(pauses(Pace(0.4, 0.02), Random(0)), 5) == pytest.approx(0.48)
    assert whole(pauses(pace, Random(7)), 5) == sum(islice(pauses(pace, Random(7)), 5))
    assert whole(pauses(pace, Random(7)), 0) == next(pauses(pace, Random(7)))


def test_the_first_token_comes_with_the_opening_of_its_stream() -> None:
    waits = after_opening(pauses(Pace(0.4, 0.02), Random(0)))
    assert list(islice(waits, 5)) == [0.4, 0.0, 0.02, 0.02, 0.02]
