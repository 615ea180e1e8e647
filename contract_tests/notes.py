"""What a run finds out: which clause was kept or broken, by which exchange, in which test."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal

from contract_tests.clauses import Clause
from contract_tests.exchange import Exchange
from contract_tests.judge import Finding

Json = Any
Verdict = Literal["broken", "observed"]
_RANKS: Final = ("live", "any", "mock")


class Broken(AssertionError):
    """An exchange that breaks a clause which binds the target."""


class NotReached(AssertionError):
    """What a test is about did not come up: it has failed, and found nothing broken."""


@dataclass(frozen=True)
class Note:
    """A clause that an exchange did not keep; `observed` where it does not bind the target."""

    clause: str
    verdict: Verdict
    says: str
    exchange: Exchange | None = None


@dataclass
class Notebook:
    """What the test that runs now has found out; `last` is its latest exchange."""

    binds: Literal["live", "any", "mock"] = "mock"
    kept: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    last: Exchange | None = None

    def open(self) -> None:
        """Begin a new test."""
        self.kept, self.notes, self.last = Counter(), [], None

    def take(self, exchange: Exchange, findings: Iterable[Finding]) -> list[Note]:
        """Write down what was found; gives what binds the target and is broken."""
        self.last = exchange
        broken = []
        for finding in findings:
            if finding.broken is None:
                self.kept[finding.clause.id] += 1
                continue
            verdict: Verdict = "broken" if self.is_bound(finding.clause) else "observed"
            note = Note(finding.clause.id, verdict, finding.broken, exchange)
            self.notes.append(note)
            broken += [note] if verdict == "broken" else []
        return broken

    def is_bound(self, clause: Clause) -> bool:
        """Whether a clause binds the target of this run."""
        return _RANKS.index(clause.asserted) <= _RANKS.index(self.binds)


@contextmanager
def holding_to(clause: str) -> Iterator[None]:
    """Lay what fails within to the account of one clause, in a test that declares several."""
    try:
        yield
    except Broken:
        raise
    except AssertionError as error:
        says = str(error).partition("\nassert ")[0] or "it does not hold"
        note = Note(clause, "broken", says, notebook().last)
        notebook().notes.append(note)
        raise Broken(told([note])) from error


def told(broken: Sequence[Note]) -> str:
    """What a failing test says."""
    return "\n".join(f"{note.clause} is broken: {note.says}" for note in broken)


@cache
def notebook() -> Notebook:
    """The one of this process: tests run one after the other."""
    return Notebook()
