"""A camera begins and ends at home, and never looks beyond the picture."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from mock_server.media.camera import Way, field_at, way_of
from mock_server.media.h264 import VECTOR_BITS
from mock_server.media.macroblocks import SIDE, Field

COLUMNS, ROWS = 80, 45
seconds = st.floats(0, 100)
ways = st.builds(lambda seed, length: way_of(Random(seed), length), st.integers(), seconds)
shares = st.floats(0, 1)


def field(way: Way, share: float) -> Field:
    return field_at(way, share, (COLUMNS, ROWS))


@given(ways, st.sampled_from([0.0, 1.0]))
def test_a_camera_begins_and_ends_at_home(way: Way, share: float) -> None:
    assert field(way, share) == Field([0] * COLUMNS, [0] * ROWS)


@given(ways, shares, st.sampled_from([(80, 45), (1, 128), (128, 1), (128, 128)]))
def test_what_is_seen_is_on_the_picture(way: Way, share: float, size: tuple[int, int]) -> None:
    for shifts in field_at(way, share, size):
        # The half of a macroblock that is nearest to an edge may miss it by less than a pixel.
        assert shifts[0] > (-4 if len(shifts) > 10 else -8)
        assert shifts[-1] < (4 if len(shifts) > 10 else 8)
        assert max(map(abs, shifts)) < 1 << VECTOR_BITS


@given(ways, shares)
def test_a_camera_only_comes_nearer_and_tears_nothing_apart(way: Way, share: float) -> None:
    for shifts in field(way, share):
        assert all(0 <= before - after <= 2 for before, after in pairwise(shifts))


@given(st.integers(), st.floats(3, 100), st.floats(0.3, 0.7))
def test_the_camera_is_away_in_between(seed: int, length: float, part: float) -> None:
    way = way_of(Random(seed), length)
    found = field(way, part / way.turns)
    assert found.columns[0] - found.columns[-1] > 0.015 * COLUMNS * SIDE * 4


@given(st.integers(), seconds)
def test_briefer_films_go_less_far(seed: int, length: float) -> None:
    way, longer = way_of(Random(seed), length), way_of(Random(seed), length + 1)
    assert way.nearness <= longer.nearness
    assert (way.nearness < longer.nearness) == (length < 3)
    assert way.starts == longer.starts


def test_ways_differ() -> None:
    assert len({way_of(Random(seed), 8) for seed in range(50)}) == 50


@given(st.integers(), st.integers(1, 4), st.integers(1, 4))
def test_on_the_smallest_picture_it_still_moves(seed: int, columns: int, rows: int) -> None:
    way = way_of(Random(seed), 8)
    fields = [field_at(way, number / 192, (columns, rows)) for number in range(192)]
    assert len({(*across, *down) for across, down in fields}) > 4
    assert all(abs(shift) <= 4 * 3 for field in fields for shifts in field for shift in shifts)
