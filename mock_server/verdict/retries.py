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
from mock_server.verdict.links import Link
from mock_server.verdict.record import Record

_NO_PAUSE: Final = 0.05  # seconds; shorter ones are the machine's and no one's choice
_TINY: Final = 1.0
_ALIKE: Final = 1.2  # pauses that differ by no more than this factor are the same pause
_GROWS, _LEAST = 1.5, 0.01  # by how much pauses grow that do; seconds below which none is one
_SECOND_THOUGHT: Final = 10.0  # seconds, after which a person may have pressed again
_MOST_TRIES, _STORM_SECONDS = 10, 60.0
# What says that nothing has been done yet, so that asking again can do no harm.
_NOT_ACTED_ON: Final = frozenset({429, 503, 529})


def retried_too_early(record: Record) -> Iterator[Fault]:
    """The next try came before the time that the answer had named."""
    for link in record.links:
        wait = record.wait(link.first)
        if wait is not None and wait.is_broken_by(link.again):
            pause, status = _seconds(elapsed(link.first, link.again)), link.first.status
            says = f"Asked again {pause} after a {status} that said {wait.says}{_how([link])}."
            yield Fault(says, _both(link), _severity([link]), worst=-wait.spared(link.again))


def retried_in_vain(record: Record) -> Iterator[Fault]:
    """The same request again after an answer that no further try can change.

    Who calls anew, as a test that asserts it twice, may want to see it again.
    """
    for link in record.links:
        first, again = link.first, link.again
        pause = elapsed(first, again)
        # Of a file that is not there yet another rule speaks.
        if not is_final(first) or first.operation in record.jobs.files:
            continue
        if link.is_told or pause <= _SECOND_THOUGHT:
            says = f"Sent the same request again {_seconds(pause)} after a {first.status}"
            # What then went well was not in vain: the account was filled, the key let in.
            is_certain = is_final(again) and not link.is_called_new
            severity = _severity([link]) if is_certain else "risky"
            yield Fault(f"{says}{_how([link])}.", _both(link), severity)


def no_backoff(record: Record) -> Iterator[Fault]:
    """Tries at the same small distance, or at none, where nobody said how long to wait.

    Pauses at random may fall: blamed are only those that are no pauses, or three that are the same.
    """
    for chain in _chains(record):
        fault = _hurry(chain, record) or _hurry([each for each in chain if each.is_nested], record)
        if fault is not None:
            yield fault


def _hurry(chain: Sequence[Link], record: Record) -> Fault | None:
    """Tries without pauses worth the name, if that is what they are."""
    if any(record.wait(link.first) or not may_pass(link.first) for link in chain):
        return None
    pauses = [elapsed(link.first, link.again) for link in chain]
    # A connection that was kept may be found closed: who then asks again at once does it right.
    if pauses and chain[0].first.cut and pauses[0] < _NO_PAUSE:
        pauses = pauses[1:]
    if len(pauses) < 2:
        return None
    grow = all(b >= max(a * _GROWS, _LEAST) for a, b in pairwise(pauses))
    is_rushed = max(pauses) < _NO_PAUSE and not grow
    is_constant = max(pauses) < _TINY and max(pauses) <= min(pauses) * _ALIKE
    if not is_rushed and not is_constant:
        return None
    tries, failure = len(chain) + 1, _failure(chain[0].first)
    shown = ", ".join(_seconds(pause) for pause in pauses[:4])
    says = f"Tried {tries} times after {failure}, with pauses of {shown}, none longer{_how(chain)}."
    severity = _severity(chain) if is_rushed or len(pauses) > 2 else "risky"
    return Fault(says, _tries(chain), severity, worst=tries)


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
                says = f"Made {len(tries)} tries of one request within {span}{_how(chain)}."
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
        if record.was_all_but_repeated(last):
            continue
        if _may_be_waiting(last, record) and not record.went_on(last):
            continue
        what, failure = last.operation or last.path, _failure(last)
        yield Fault(f"Gave up on {what} after {failure}: the same was not asked again.", [last])


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


def _failure(exchange: Exchange) -> str:
    """What the client got for an answer."""
    if exchange.cut:
        return "an answer that broke off" if exchange.sent else "an answer that never came"
    return f"a {exchange.status}"


def _how(links: Sequence[Link]) -> str:
    """What makes the tries look like calls of their own, for the end of a sentence."""
    if any(link.has_new_key for link in links):
        return ", with another Idempotency-Key"
    is_nested = any(link.is_nested for link in links)
    return ", by calling anew once a call's own tries were used up" if is_nested else ""


def _severity(links: Sequence[Link]) -> Severity:
    return "wrong" if all(link.is_sure for link in links) else "risky"


def _seconds(seconds: float) -> str:
    if seconds < 0.01:
        return "0 s"
    return f"{seconds:.2f} s" if seconds < 1 else f"{seconds:,.1f} s"
