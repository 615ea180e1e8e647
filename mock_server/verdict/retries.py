"""Clients that ask again: too early, in vain, without a pause, without an end; or not at all."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from mock_server.journal import Exchange
from mock_server.verdict.answers import (
    apart,
    elapsed,
    is_final,
    may_pass,
)
from mock_server.verdict.finding import Fault, Severity
from mock_server.verdict.record import Record
from mock_server.verdict.tries import Link

_NO_PAUSE: Final = 0.05  # seconds; shorter ones are the machine's and no one's choice
_TINY: Final = 1.0
_ALIKE: Final = 1.2  # pauses that differ by no more than this factor are the same pause
_GROWS, _LEAST = 1.5, 0.01  # by how much pauses grow that do; seconds below which none is one
_MOST_TRIES, _STORM_SECONDS = 10, 60.0
# What says that nothing has been done yet, so that asking again can do no harm.
_NOT_ACTED_ON: Final = frozenset({429, 503, 529})


def retried_too_early(record: Record) -> Iterator[Fault]:
    """The next try came before the time that the answer had named."""
    for link in record.links:
        wait = record.wait(link.first)
        if wait is not None and wait.is_broken_by(link.again):
            pause, status = _seconds(elapsed(link.first, link.again)), link.first.status
            says = f"Asked again {pause} after a {status} that said {wait.says}."
            yield Fault(says, _both(link), _severity([link]), worst=-wait.spared(link.again))


def retried_in_vain(record: Record) -> Iterator[Fault]:
    """The same request again after an answer that no further try can change."""
    for link in record.links:
        first, again = link.first, link.again
        # Of a file that is not there yet another rule speaks.
        if is_final(first) and first.operation not in record.jobs.files:
            says = f"Sent the same request again {_seconds(elapsed(first, again))} after a "
            # What then went well was not in vain: the account was filled, the key let in.
            severity = _severity([link]) if is_final(again) else "risky"
            yield Fault(f"{says}{first.status}.", _both(link), severity)


def no_backoff(record: Record) -> Iterator[Fault]:
    """Tries at the same small distance, or at none, where nobody said how long to wait.

    Pauses at random may fall: blamed are only those that are no pauses, or three that are the same.
    """
    for chain in _chains(record):
        pauses = [elapsed(link.first, link.again) for link in chain]
        if len(pauses) < 2 or any(record.wait(link.first) for link in chain):
            continue
        if not all(may_pass(link.first) for link in chain):
            continue
        grow = all(b >= max(a * _GROWS, _LEAST) for a, b in pairwise(pauses))
        is_rushed = max(pauses) < _NO_PAUSE and not grow
        is_constant = max(pauses) < _TINY and max(pauses) <= min(pauses) * _ALIKE
        if is_rushed or is_constant:
            tries, status = len(chain) + 1, chain[0].first.status
            shown = ", ".join(_seconds(pause) for pause in pauses[:4])
            says = f"Tried {tries} times after a {status}, with pauses of {shown}, none longer."
            certain = is_rushed or len(pauses) > 2
            severity = _severity(chain) if certain else "risky"
            yield Fault(says, _tries(chain), severity, worst=tries)


def retry_storm(record: Record) -> Iterator[Fault]:
    """More tries of one request in a minute than can help anybody.

    Calls of their own are none, however many come while one is told to wait: programs make them,
    and tests of a limit, that know nothing of one another.
    """
    for chain in _chains(record):
        tries = _tries(chain)
        for first, last in zip(tries, tries[_MOST_TRIES:], strict=False):
            if apart(first, last) < _STORM_SECONDS:
                span = _seconds(apart(tries[0], tries[-1]))
                says = f"Made {len(tries)} tries of one request within {span}."
                yield Fault(says, tries, _severity(chain), worst=len(tries))
                break


def gave_up(record: Record) -> Iterator[Fault]:
    """A failure that passes, after which the same was never asked again.

    It is risky and not wrong: a person may have been told, who decides. The verdict is asked for
    when the run is over; only while a wait that was told still lasts, the client may yet come back.
    """
    for asked in record.asked:
        last = asked.exchanges[-1]
        if len(asked.exchanges) > 1 and any(link.again is last for link in asked.links):
            continue
        if not last.is_over or last.left or not _may_be_repeated(last, record):
            continue
        if _may_be_waiting(last, record) and not record.went_on(last):
            continue
        what = "an answer that never came" if last.cut else f"a {last.status}"
        says = f"Gave up on {last.operation or last.path} after {what}, without a second try."
        yield Fault(says, [last], "risky")


def _may_be_waiting(exchange: Exchange, record: Record) -> bool:
    wait = record.wait(exchange)
    return wait is not None and record.now < wait.until and record.real < wait.until_real


def _may_be_repeated(exchange: Exchange, record: Record) -> bool:
    """Whether asking again could have helped, and could have done no harm."""
    if exchange.cut:
        return not exchange.sent and exchange.operation not in record.jobs.begins
    begins = exchange.operation in record.jobs.begins
    return may_pass(exchange) and (exchange.status in _NOT_ACTED_ON or not begins)


def _chains(record: Record) -> Iterator[Sequence[Link]]:
    for asked in record.asked:
        yield from asked.chains()


def _tries(chain: Sequence[Link]) -> list[Exchange]:
    return [chain[0].first, *[link.again for link in chain]]


def _both(link: Link) -> list[Exchange]:
    return [link.first, link.again]


def _severity(links: Sequence[Link]) -> Severity:
    return "wrong" if all(link.is_sure for link in links) else "risky"


def _seconds(seconds: float) -> str:
    if seconds < 0.01:
        return "0 s"
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:,.1f} s"
