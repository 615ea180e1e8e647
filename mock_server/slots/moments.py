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
_UNITS: Final = {"day": 1, "week": 7, "month": 30}
_WEEK: Final = 7


class Day(NamedTuple):
    """A day that a text names: as written, where, and its date if that can be told."""

    text: str
    start: int
    end: int
    date: date | None


class Hour(NamedTuple):
    """A time of day that a text names: as written, where, and what it is."""

    text: str
    start: int
    end: int
    time: time


def days(text: str, now: float | None) -> Iterator[Day]:
    """The days that a text names, in order; `now` (unix seconds) tells what tomorrow is."""
    today = None if now is None else datetime.fromtimestamp(now, UTC).date()
    for found in _DATE.finditer(text):
        try:
            day = _date(found, today)
        except (ValueError, OverflowError):
            continue
        yield Day(found[0], found.start(), found.end(), day)


def _date(found: re.Match[str], today: date | None) -> date | None:
    facts = {name: value for name, value in found.groupdict().items() if value}
    for one in ("", "2", "3"):
        if "y" + one in facts:
            return date(*(int(facts[name + one]) for name in ("y", "m", "d")))
    if month := facts.get("name", facts.get("name2")):
        return _of_month(month, int(facts.get("d4", facts.get("d5", 1))), facts, today)
    return None if today is None else _relative(found[0].lower(), facts, today)


def _of_month(name: str, day: int, facts: dict[str, str], today: date | None) -> date | None:
    month = 1 + next(n for n, each in enumerate(MONTHS) if each.startswith(name[:3].lower()))
    if year := facts.get("y4", facts.get("y5")):
        return date(int(year), month, day)
    if today is None:
        date(2024, month, day)  # raises ValueError where no year has such a day
        return None
    this = date(today.year, month, day)
    return this if this >= today else this.replace(year=today.year + 1)


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
