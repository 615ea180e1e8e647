"""Moments: days and times of day, however people write them."""

from datetime import date, time

import pytest

from mock_server.slots.moments import days, hours

NOW = 1750150800.0  # 2025-06-17, a Tuesday


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-05", date(2025, 3, 5)),
        ("5.3.2025", date(2025, 3, 5)),
        ("3/5/2025", date(2025, 3, 5)),
        ("March 5th, 2025", date(2025, 3, 5)),
        ("5 Mar 2025", date(2025, 3, 5)),
        ("5th of March", date(2026, 3, 5)),
        ("July 4", date(2025, 7, 4)),
        ("today", date(2025, 6, 17)),
        ("tonight", date(2025, 6, 17)),
        ("tomorrow", date(2025, 6, 18)),
        ("the day after tomorrow", date(2025, 6, 19)),
        ("yesterday", date(2025, 6, 16)),
        ("Friday", date(2025, 6, 20)),
        ("next Tuesday", date(2025, 6, 24)),
        ("last Tuesday", date(2025, 6, 10)),
        ("in three weeks", date(2025, 7, 8)),
        ("next month", date(2025, 7, 17)),
    ],
)
def test_days(text: str, expected: date) -> None:
    assert [day.date for day in days(f"on {text}, please", NOW)] == [expected]


@pytest.mark.parametrize(
    "text", ["2025-13-01", "February 30", "2025-02-29", "99.99.2025", "no day"]
)
def test_what_is_no_day(text: str) -> None:
    assert list(days(text, NOW)) == []


def test_without_a_clock_such_days_stay_words() -> None:
    assert [(day.text, day.date) for day in days("tomorrow or March 5", None)] == [
        ("tomorrow", None),
        ("March 5", None),
    ]


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("March 3 to March 7, 2030", [date(2030, 3, 3), date(2030, 3, 7)]),
        ("March 3, 2030 to March 7", [date(2030, 3, 3), date(2030, 3, 7)]),
        ("December 30 to January 2, 2030", [date(2029, 12, 30), date(2030, 1, 2)]),
        ("December 30, 2030 to January 2", [date(2030, 12, 30), date(2031, 1, 2)]),
    ],
)
@pytest.mark.parametrize("now", [None, NOW])
def test_a_year_holds_for_the_days_beside_it(
    text: str, dates: list[date], now: float | None
) -> None:
    assert [day.date for day in days(text, now)] == dates


def test_a_guess_runs_forward() -> None:
    guesses = [day.guess for day in days("December 30 to January 2", None)]
    assert guesses == [date(2026, 12, 30), date(2027, 1, 2)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3pm", [time(15)]),
        ("12 am", [time(0)]),
        ("12:30 p.m.", [time(12, 30)]),
        ("15:05", [time(15, 5)]),
        ("noon and midnight", [time(12), time(0)]),
        ("2025-01-01T08:15:00Z", [time(8, 15)]),
        ("13pm", []),
        ("ratio 99:99", []),
    ],
)
def test_hours(text: str, expected: list[time]) -> None:
    assert [hour.time for hour in hours(text)] == expected
