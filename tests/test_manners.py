"""Manners: when a guest waits, and what it sends again. No clock runs here."""

from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from contract_tests.manners import Manners, TooLong

NOW = 1_800_000_000.0


def test_nothing_is_waited_for_of_its_own_accord() -> None:
    manners = Manners()
    for _ in range(100):
        assert manners.before(NOW) == 0
        manners.sent(NOW)


def test_a_pace_is_kept_by_a_window_that_slides() -> None:
    manners = Manners(a_minute=2)
    for at in (0, 10):
        assert manners.before(NOW + at) == 0
        manners.sent(NOW + at)
    assert manners.before(NOW + 20) == 40
    assert manners.before(NOW + 61) == 0
    manners.sent(NOW + 61)
    assert manners.before(NOW + 62) == 8


@pytest.mark.parametrize("reset", [str(int(NOW) + 7), "7"])
def test_where_nothing_remains_the_end_of_the_window_is_waited_for(reset: str) -> None:
    manners = Manners()
    manners.after({"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}, NOW)
    assert manners.before(NOW) == 7
    assert manners.before(NOW + 7) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"x-ratelimit-remaining": "1", "x-ratelimit-reset": "50"},
        {"x-ratelimit-remaining": "0"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "soon"},
        {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "-3"},
    ],
)
def test_headers_that_tell_no_end_are_not_waited_for(headers: dict[str, str]) -> None:
    manners = Manners()
    manners.after(headers, NOW)
    assert manners.before(NOW) == 0


def test_a_429_is_sent_again_after_what_it_says() -> None:
    manners = Manners()
    assert manners.again(429, {"retry-after": "12"}, 1, NOW)
    assert manners.before(NOW) == 12


def test_a_429_may_name_a_date() -> None:
    manners = Manners()
    date = format_datetime(datetime.fromtimestamp(NOW + 30, UTC), usegmt=True)
    assert manners.again(429, {"retry-after": date}, 1, NOW)
    assert manners.before(NOW) == 30


def test_a_429_that_says_nothing_is_waited_for_longer_each_time() -> None:
    manners = Manners()
    assert manners.again(429, {}, 1, NOW)
    assert manners.before(NOW) == 2
    assert manners.again(429, {"retry-after": "whenever"}, 2, NOW)
    assert manners.before(NOW) == 4


@pytest.mark.parametrize("status", [200, 400, 408, 500, 502, 503, 529])
def test_what_may_have_been_charged_for_is_never_sent_again(status: int) -> None:
    assert not Manners().again(status, {"retry-after": "1"}, 1, NOW)


def test_it_gives_up_in_the_end() -> None:
    manners = Manners(most_attempts=3, longest_wait=60)
    assert not manners.again(429, {"retry-after": "0"}, 3, NOW)
    assert not manners.again(429, {"retry-after": "61"}, 1, NOW)
    manners.after({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "61"}, NOW)
    with pytest.raises(TooLong, match="61 seconds"):
        manners.before(NOW)
