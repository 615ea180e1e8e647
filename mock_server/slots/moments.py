"""Dates and times as people write them."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, NamedTuple

from mock_server.slots.vocabulary import MONTHS, NUMBERS, WEEKDAYS

_MONTH: Final = "|".join(f"{month}|{month[:3]}" for month in MONTHS) + "|sept"
_DATE: Final = re.compile(
    r"\b(?P<y>\d{4})-(?P<m>\d\d?)-(?P<d>\d\d?)(?!\d)"
    r"|\b(?P<d2>\d{1,2})\.(?P<m2>\d{1,2})\.(?P<y2>\d{4})\b"
    r"|\b(?P<m3>\d{1,2})/(?P<d3>\d{1,2})/(?P<y3>\d{4})\b"
    rf"|\b(?P<name>{_MONTH})\.? (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?\b(?!:)(?:,? (?P<y4>\d{{4}})\b)?"
    rf"|\b(?P<d5>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<name2>{_MONTH})\b\.?"
    r"(?:,? (?P<y5>\d{4})\b)?"
    r"|\bday after tomorrow\b|\b(?:today|tonight|tomorrow|yesterday)\b"
    rf"|\b(?P<next>next |this |last )?(?P<weekday>{'|'.join(WEEKDAYS)})\b"
    r"|\bin (?P<n>\d{1,3}|[a-z]{2,9}) (?P<unit>day|week|month)s?\b|\bnext (?P<unit2>week|month)\b",
    re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"(?<=\dT)(?P<h0>\d\d):(?P<m0>\d\d)(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?"
    r"|\b(?P<h>\d{1,2})(?::(?P<m>\d\d))?\s?(?P<half>[ap])\.?m\b\.?"
    r"|\b(?P<h2>[01]?\d|2[0-3]):(?P<m2>[0-5]\d)(?::(?P<s2>[0-5]\d))?(?!\d)|\b(?:noon|midnight)\b",
    re.IGNORECASE,
)
SOME_YEAR: Final = 2026  # of days for which neither the text nor a clock tells a year
SOME_DAY: Final = date(SOME_YEAR, 6, 15)
_UNITS: Final = {"day": 1, "week": 7, "month": 30}
_WEEK: Final = 7


MaybeDate = date | None


class Day(NamedTuple):
    """A day that a text names: as written, where, and its date if that can be told.

    `guess` is a date for a day of a month without a year, where no clock tells which is meant.
    """

    text: str
    start: int
    end: int
    date: MaybeDate
    guess: MaybeDate = None


class Hour(NamedTuple):
    """A time of day that a text names: as written, where, and what it is."""

    text: str
    start: int
    end: int
    time: time


def days(text: str, now: float | None) -> Iterator[Day]:
    """The days that a text names, in order; `now` (unix seconds) tells what tomorrow is.

    A day without a year has the year of a date that stands near it, in an order that makes sense.
    """
    today = None if now is None else datetime.fromtimestamp(now, UTC).date()
    found = list(_found(text, today))
    found = _forward(found)
    said = [place for place, (day, has_year) in enumerate(found) if has_year and day.date]
    for place, (day, has_year) in enumerate(found):
        near = min(said, key=lambda other: abs(other - place), default=place)
        other = found[near][0].date
        if has_year is False and near != place and other is not None:
            day = _beside(day, other, is_before=place < near)
        yield day


def _found(text: str, today: date | None) -> Iterator[tuple[Day, bool | None]]:
    """The days, each with whether it has a year; None for those that need none."""
    for found in _DATE.finditer(text):
        try:
            day = _date(found, today)
        except (ValueError, OverflowError):
            continue
        has_year = any(found["y" + one] for one in ("", "2", "3", "4", "5"))
        is_monthly = found["name"] or found["name2"]
        guess = _guess(found) if is_monthly and day is None else None
        whole = Day(found[0], found.start(), found.end(), day, guess)
        yield whole, has_year if has_year or is_monthly else None


def _forward(found: list[tuple[Day, bool | None]]) -> list[tuple[Day, bool | None]]:
    """The days, where a guessed one that would stand before the guess ahead of it is a year on."""
    earlier: date | None = None
    made = []
    for day, has_year in found:
        if day.guess is not None and earlier is not None and day.guess < earlier:
            day = day._replace(guess=day.guess.replace(year=SOME_YEAR + 1))
        earlier = day.guess or earlier
        made.append((day, has_year))
    return made


def _guess(found: re.Match[str]) -> date | None:
    name, number = found["name"] or found["name2"], int(found["d4"] or found["d5"])
    try:
        return date(SOME_YEAR, _month_of(name), number)
    except ValueError:
        return None  # the 29th of February


def _beside(day: Day, other: date, *, is_before: bool) -> Day:
    """A day in the year of another one, or in the next to it where it would stand wrongly."""
    known = day.date or day.guess
    if known is None:
        return day
    try:
        same = known.replace(year=other.year)
        if is_before and same > other:
            same = same.replace(year=other.year - 1)
        elif not is_before and same < other:
            same = same.replace(year=other.year + 1)
    except ValueError:
        return day
    return day._replace(date=same)


def _date(found: re.Match[str], today: date | None) -> date | None:
    facts = {name: value for name, value in found.groupdict().items() if value}
    for one in ("", "2", "3"):
        if "y" + one in facts:
            return date(*(int(facts[name + one]) for name in ("y", "m", "d")))
    if month := facts.get("name", facts.get("name2")):
        return _of_month(month, int(facts.get("d4", facts.get("d5", 1))), facts, today)
    return None if today is None else _relative(found[0].lower(), facts, today)


def _of_month(name: str, day: int, facts: dict[str, str], today: date | None) -> date | None:
    month = _month_of(name)
    if year := facts.get("y4", facts.get("y5")):
        return date(int(year), month, day)
    if today is None:
        date(2024, month, day)  # raises ValueError where no year has such a day
        return None
    this = date(today.year, month, day)
    return this if this >= today else this.replace(year=today.year + 1)


def _month_of(name: str) -> int:
    return 1 + next(n for n, each in enumerate(MONTHS) if each.startswith(name[:3].lower()))


def _relative(text: str, facts: dict[str, str], today: date) -> date:
    if "weekday" in facts:
        ahead = (WEEKDAYS.index(facts["weekday"].lower()) - today.weekday()) % _WEEK
        return today + timedelta(ahead - _WEEK if "last" in text else ahead or _WEEK)
    if "n" in facts:
        count = int(facts["n"]) if facts["n"].isdecimal() else NUMBERS.get(facts["n"].lower(), 1)
        return today + timedelta(count * _UNITS[facts["unit"].lower()])
    if "unit2" in facts:
        return today + timedelta(_UNITS[facts["unit2"].lower()])
    ahead = {"tomorrow": 1, "yesterday": -1, "day after tomorrow": 2}.get(text, 0)
    return today + timedelta(ahead)


def hours(text: str) -> Iterator[Hour]:
    """The times of day that a text names, in order."""
    for found in _TIME.finditer(text):
        try:
            yield Hour(found[0], found.start(), found.end(), _time(found))
        except ValueError:
            continue


def _time(found: re.Match[str]) -> time:
    if found["half"]:
        hour = int(found["h"])
        if not 1 <= hour <= 12:
            raise ValueError("no such hour")
        return time(hour % 12 + 12 * (found["half"].lower() == "p"), int(found["m"] or 0))
    if found["h0"]:
        return time(int(found["h0"]), int(found["m0"]))
    if found["h2"]:
        return time(int(found["h2"]), int(found["m2"]), int(found["s2"] or 0))
    return time(12) if found[0].lower() == "noon" else time(0)
