"""Clients that wait for a job: asking too often, after the end, without an end, or too soon."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Final

import msgspec

from mock_server.journal import Exchange
from mock_server.protocols.runware.engine import TASKS
from mock_server.protocols.runware.polls import get_response
from mock_server.verdict.answers import apart, is_success
from mock_server.verdict.finding import Fault
from mock_server.verdict.pollers import by_poller
from mock_server.verdict.record import Record
from mock_server.wire import Json

_SHORTEST: Final = 0.95  # a second, but for what networks and timers do to it
_GOING_ON: Final = frozenset({"queued", "processing"})
_ASKING: Final = frozenset(name for name, run in TASKS.items() if run is get_response)
_TOO_MANY_AFTER_THE_END: Final = 3  # one or two may be a page that is shown again
_LONGEST: Final = 3600.0  # seconds


class Poll(msgspec.Struct, frozen=True):
    """One question after a job, and the status that it was told; None where it failed."""

    job: str
    exchange: Exchange
    status: str | None


def polled_too_fast(record: Record) -> Iterator[Fault]:
    """The same job, still under way, asked after by one poller more often than once a second."""
    for polls in _by_poller(record):
        fast = [
            (first, again)
            for first, again in pairwise(polls)
            if first.status in _GOING_ON and _pause(first, again) < _SHORTEST
        ]
        if fast:
            times, pause = len(fast), min(_pause(first, again) for first, again in fast)
            often = "once" if times == 1 else f"{times} times"
            says = (
                f"Asked after the job {polls[0].job} {pause:.2f} s after the time before, {often}."
            )
            shown = {each.exchange.number: each.exchange for pair in fast for each in pair}
            yield Fault(says, [*shown.values()], "wrong" if times > 1 else "risky", worst=-pause)


def polled_forever(record: Record) -> Iterator[Fault]:
    """A job that was over was asked after again and again, or one that is not for an hour."""
    for polls in _by_poller(record):
        over = [number for number, poll in enumerate(polls) if _is_over(poll)]
        after = [each.exchange for each in polls[over[0] + 1 :]] if over else []
        if len(after) >= _TOO_MANY_AFTER_THE_END:
            status = polls[over[0]].status
            says = (
                f"Asked after the job {polls[0].job} {len(after)} times more when it was {status}."
            )
            yield Fault(says, [polls[over[0]].exchange, *after], worst=len(after))
        span = apart(polls[0].exchange, polls[-1].exchange)
        if not over and span >= _LONGEST:
            says = f"Asked after the job {polls[0].job} for {span:,.0f} s, and has no end in sight."
            yield Fault(says, [polls[0].exchange, polls[-1].exchange], "risky", worst=span)


def downloaded_too_soon(record: Record) -> Iterator[Fault]:
    """A file was asked for in vain, though nobody had said that its job was completed."""
    polls, begun = _by_job(record), _begun(record)
    for exchange in record.exchanges:
        if exchange.operation not in record.jobs.files or exchange.status != 404:
            continue
        job = _job(exchange, record)
        before = [each for each in polls.get(job, ()) if each.exchange.number < exchange.number]
        last = before[-1].status if before else None
        if last == "completed" or (last is None and job not in begun):
            continue
        known = f"the last poll had said {last}" if last else "no poll had said how far it was"
        says = f"Asked for the file of the job {job} when {known}."
        shown = [*[each.exchange for each in before[-1:]], exchange]
        yield Fault(says, shown)


def _by_poller(record: Record) -> Iterator[list[Poll]]:
    """The polls of each job, by who made them."""
    for polls in _by_job(record).values():
        made = {poll.exchange.number: poll for poll in polls}
        for exchanges in by_poller([poll.exchange for poll in made.values()]):
            yield [made[exchange.number] for exchange in exchanges]


def _by_job(record: Record) -> Mapping[str, list[Poll]]:
    found: dict[str, list[Poll]] = {}
    for exchange in record.every:
        for poll in _polls(exchange, record):
            found.setdefault(poll.job, []).append(poll)
    return found


def _polls(exchange: Exchange, record: Record) -> Iterator[Poll]:
    if exchange.operation in record.jobs.polls:
        told = _answer(exchange) if is_success(exchange) else None
        status = told.get("status") if isinstance(told, dict) else None
        yield Poll(_job(exchange, record), exchange, status)
    elif isinstance(exchange.asked, list):
        yield from _polls_of_tasks(exchange)


def _polls_of_tasks(exchange: Exchange) -> Iterator[Poll]:
    """The tasks asked after in an array of them; over a WebSocket each is told by itself."""
    told = [_read(piece) for piece in exchange.answered] or [None]
    told = told if None not in told else [_answer(exchange)]
    items = [
        item
        for each in told
        if isinstance(each, dict)
        for item in (*each.get("data", ()), *each.get("errors", ()))
        if isinstance(item, dict)
    ]
    statuses = {item.get("taskUUID"): item.get("status") for item in items}
    for task in exchange.asked:
        if isinstance(task, dict) and task.get("taskType") in _ASKING:
            job = str(task.get("taskUUID"))
            yield Poll(job, exchange, statuses.get(job))


def _is_over(poll: Poll) -> bool:
    return poll.status is not None and poll.status not in _GOING_ON


def _pause(first: Poll, again: Poll) -> float:
    return apart(first.exchange, again.exchange)


def _job(exchange: Exchange, record: Record) -> str:
    """The job's name, which is what varies in the path."""
    route = record.contract.spec.route(exchange.path)
    return next(iter(route.parameters.values()), exchange.path) if route else exchange.path


def _begun(record: Record) -> set[str]:
    """The names of the jobs that were submitted."""
    told = [_answer(each) for each in record.exchanges if each.operation in record.jobs.begins]
    return {str(each["id"]) for each in told if isinstance(each, dict) and "id" in each}


def _answer(exchange: Exchange) -> Json:
    return _read(b"".join(exchange.answered))


def _read(text: bytes) -> Json:
    try:
        return msgspec.json.decode(text)
    except ValueError:
        return None
