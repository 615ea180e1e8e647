"""What a run finds out: which clause was kept or broken, by which exchange, in which test."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, Literal

from contract_tests.clauses import Clause
from contract_tests.exchange import Exchange
from contract_tests.judge import Finding
from contract_tests.observations import Observations

Json = Any
Verdict = Literal["broken", "accepted", "observed"]
_RANKS: Final = ("live", "any", "mock")


class Broken(AssertionError):
    """An exchange that breaks a clause which binds the target."""


class NotReached(AssertionError):
    """What a test is about did not come up: it has failed, and found nothing broken."""


@dataclass(frozen=True)
class Note:
    """A clause that an exchange did not keep: `observed` where it does not bind the target.

    `accepted` where the target is known not to keep it.
    """

    clause: str
    verdict: Verdict
    says: str
    exchange: Exchange | None = None


@dataclass
class Notebook:
    """What the test of the `declared` clauses has found out so far; `last` is its latest exchange.

    `kept_by` counts by clause and provider. `accepts` are the clauses that a target is known not to
    keep, with the provider. Where it `observes`, it also gathers what was `seen` of the target.
    """

    binds: Literal["live", "any", "mock"] = "mock"
    observes: bool = False
    accepts: Callable[[str, str], bool] = lambda clause, provider: False
    kept_by: Counter[tuple[str, str]] = field(default_factory=Counter)
    declared: frozenset[str] = frozenset()
    notes: list[Note] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    last: Exchange | None = None
    seen: Observations = field(default_factory=Observations)

    @property
    def kept(self) -> Counter[str]:
        """How many times each clause was kept, by whomever."""
        counts = Counter[str]()
        for (clause, _), times in self.kept_by.items():
            counts[clause] += times
        return counts

    @property
    def broken(self) -> list[Note]:
        """What binds the target and is broken."""
        return [note for note in self.notes if note.verdict == "broken"]

    def open(self, declared: Iterable[str] = ()) -> None:
        """Begin a new test, of these clauses."""
        self.declared = frozenset(declared)
        self.kept_by, self.notes, self.asked, self.last = Counter(), [], set(), None
        self.seen = Observations()

    def take(self, exchange: Exchange, findings: Iterable[Finding]) -> list[Note]:
        """Write down what was found; gives what binds the target and is broken."""
        self.last = exchange
        self.asked.add(exchange.provider)
        if self.observes:
            self.seen.take(exchange)
        broken = []
        for finding in findings:
            if finding.broken is None:
                self.kept_by[finding.clause.id, exchange.provider] += 1
                continue
            verdict = self.verdict(finding.clause, exchange.provider)
            note = Note(finding.clause.id, verdict, finding.broken, exchange)
            self.notes.append(note)
            broken += [note] if verdict == "broken" else []
        return broken

    def verdict(self, clause: Clause, provider: str) -> Verdict:
        """What it means for the target that a clause was not kept."""
        if not self.is_bound(clause):
            return "observed"
        return "accepted" if self.accepts(clause.id, provider) else "broken"

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
        note = Note(clause, "broken", said(error), notebook().last)
        notebook().notes.append(note)
        raise Broken(told([note])) from error


def said(error: BaseException | None) -> str:
    """What a failure tells of the answer, without the words of Python."""
    if isinstance(error, KeyError) and error.args:
        return f"the answer has no `{error.args[0]}`"
    if isinstance(error, (LookupError, TypeError, AttributeError)):
        return f"the answer is not in the form that it should be in ({error})"
    words = str(error).partition("\nassert ")[0]
    if words.startswith("assert "):
        words = f"not so: {words.partition(chr(10))[0].removeprefix('assert ')}"
    return words or "it does not hold"


def told(broken: Sequence[Note]) -> str:
    """What a failing test says."""
    return "\n".join(f"{note.clause} is broken: {note.says}" for note in broken)


@cache
def notebook() -> Notebook:
    """The one of this process: tests run one after the other."""
    return Notebook()
