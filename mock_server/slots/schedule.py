"""Readers of days and times of day: for dates, clocks, and both together."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from mock_server.slots.candidate import Candidate
from mock_server.slots.kinds import Slot
from mock_server.slots.mentions import Mentions
from mock_server.slots.moments import SOME_DAY
from mock_server.slots.spans import Span


def dates(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Days: by their date where that is known, else as they are written."""
    for day in mentions.days:
        sure = day.date or (day.guess if slot.formats else None)
        if sure is not None:
            yield Candidate(sure.isoformat(), 4.0, (day,))
        yield Candidate(day.text, 3.9, (day,))
    told = _told(mentions)
    if slot.is_target and told is not None and len(mentions.days) == 1:
        yield from _later(told, mentions)


def _later(first: date, mentions: Mentions) -> Iterator[Candidate]:
    """The day on which a stay ends that begins on this one."""
    for _, seconds in mentions.sizes:
        if seconds % _DAY == 0 and seconds <= _LONGEST_STAY:
            last = first + timedelta(seconds=seconds)
            yield Candidate(last.isoformat(), 3.8)


def times(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Times of day on a clock of 24 hours, or as they are written."""
    for hour in mentions.hours:
        yield Candidate(hour.time.strftime("%H:%M"), 4.0, (hour,))
        yield Candidate(hour.time.strftime("%H:%M:%SZ"), 3.9, (hour,))
        yield Candidate(hour.text, 3.8, (hour,))


def moments(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """A day and a time of day together (RFC 3339), or as they are written.

    Where there are more times of day than days, the last day holds for those that are left over.
    """
    for hour in mentions.hours[len(mentions.days) :]:
        last = _told(mentions) or SOME_DAY
        zone = "Z" if slot.formats else ""
        if slot.formats or mentions.days:
            yield Candidate(f"{last.isoformat()}T{hour.time.isoformat()}{zone}", 4.0, (hour,))
    for place, day in enumerate(mentions.days):
        hours = mentions.hours[place : place + 1] or mentions.hours[-1:]
        clock = hours[0].time.isoformat() if hours else "00:00:00"
        spans: tuple[Span, ...] = (day, *hours)
        told = day.date or (day.guess if slot.formats else None)
        if told is None and slot.formats and hours:
            told = SOME_DAY  # as when only times of day are told
        if told is not None:
            zone = "Z" if slot.formats else ""
            yield Candidate(f"{told.isoformat()}T{clock}{zone}", 4.0, spans)
        yield Candidate(
            " ".join(dict.fromkeys(mentions.cut(each).text for each in spans)), 3.9, spans
        )
    if not mentions.days:
        yield from times(slot, mentions)


def _told(mentions: Mentions) -> date | None:
    last = mentions.days[-1] if mentions.days else None
    return last and (last.date or last.guess)


_DAY: Final = 86_400  # seconds
_LONGEST_STAY: Final = 400 * _DAY
