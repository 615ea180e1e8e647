"""What a run says of the contract: one verdict for each clause and each provider that promises it.

Tests send along what they found out, as plain data (`hooks.py`); here it is added up. Nothing in
this module knows of pytest.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

from contract_tests.clauses import Clause, Ledger

Json = Any
Outcome = Literal["kept", "broken", "accepted", "observed", "not asserted", "not run"]
OUTCOMES: Final[Sequence[Outcome]] = (
    *("kept", "broken", "accepted", "observed"),
    *("not asserted", "not run"),
)
MOST_SIGHTINGS: Final = 5
"""So much of what broke a clause is shown."""


@dataclass(frozen=True)
class Deviation:
    """A clause that a target is known not to keep, which its owners accept until a day."""

    clause: str
    reason: str
    until: date
    provider: str | None = None

    def covers(self, clause: str, provider: str) -> bool:
        """Whether it speaks of a clause of a provider."""
        return self.clause == clause and self.provider in (None, provider)

    def holds(self, today: date) -> bool:
        """Whether it is still accepted."""
        return today <= self.until


@dataclass(frozen=True)
class Scope:
    """What a run was about: whom it asked, how much, of what kind of target, on which day."""

    target: str
    binds: Literal["live", "any", "mock"]
    providers: Sequence[str]
    tier: str
    paid: bool = False
    deviations: Sequence[Deviation] = ()
    today: date = date.max

    def deviation(self, clause: str, provider: str) -> Deviation | None:
        """What is accepted of a clause, or was."""
        return next((each for each in self.deviations if each.covers(clause, provider)), None)


@dataclass(frozen=True)
class Sighting:
    """That a clause was not kept: what was seen, by which test, in which exchange."""

    says: str
    test: str
    exchange: Json | None = None


@dataclass(frozen=True)
class Verdict:
    """What became of one clause of one provider: kept so many times, or why not."""

    clause: Clause
    provider: str
    outcome: Outcome
    times: int = 0
    reason: str | None = None
    sightings: Sequence[Sighting] = ()


@dataclass(frozen=True)
class Trouble:
    """A test that failed, or could not be finished, without a clause that was broken."""

    test: str
    says: str
    is_silence: bool = False
    """The server did not answer at all."""


@dataclass(frozen=True)
class Proven:
    """What became of a fault: whether its clause was found broken, and which others were `also`."""

    fault: str
    breaks: str
    caught: bool
    also: Sequence[str] = ()
    tried: bool = True


@dataclass(frozen=True)
class Proof:
    """What became of all faults; of a `is_selection` of tests some need not be tried."""

    faults: Sequence[Proven]
    is_selection: bool = False

    @property
    def caught(self) -> Sequence[Proven]:
        """Those whose clause was found broken."""
        return [each for each in self.faults if each.caught]

    @property
    def alone(self) -> Sequence[Proven]:
        """Those whose clause was found broken, and no other."""
        return [each for each in self.caught if not each.also]

    @property
    def missed(self) -> Sequence[Proven]:
        """Those that tests met, none of which found their clause broken."""
        return [each for each in self.faults if each.tried and not each.caught]

    @property
    def untried(self) -> Sequence[Proven]:
        """Those that no test met."""
        return [each for each in self.faults if not each.tried]

    @property
    def is_whole(self) -> bool:
        """Whether every fault was caught, or of a selection every one that was tried."""
        left = (
            self.missed if self.is_selection else [each for each in self.faults if not each.caught]
        )
        return not left and bool(self.caught)


@dataclass(frozen=True)
class Run:
    """A whole run, as reports tell of it; `spending` is there where a target is paid."""

    scope: Scope
    verdicts: Sequence[Verdict]
    troubles: Sequence[Trouble] = ()
    tests: Mapping[str, int] = field(default_factory=dict)
    started: str = ""
    seconds: float = 0.0
    proof: Proof | None = None
    spending: Json | None = None

    def of(self, *outcomes: Outcome) -> Iterator[Verdict]:
        """The verdicts with one of these outcomes."""
        return (each for each in self.verdicts if each.outcome in outcomes)

    def scores(self) -> Mapping[str, Counter[Outcome]]:
        """How many clauses of each provider that was asked came out how."""
        found: dict[str, Counter[Outcome]] = {name: Counter() for name in self.scope.providers}
        for each in self.verdicts:
            if each.provider in found:
                found[each.provider][each.outcome] += 1
        return found

    @property
    def exit_code(self) -> int:
        """0: all kept; 1: something was broken; 2: the tests could not run."""
        if self.proof is not None:
            return 0 if self.proof.is_whole else 1
        if any(self.of("broken")) or any(not each.is_silence for each in self.troubles):
            return 1
        return 2 if self.troubles or not any(self.of("kept", "observed", "accepted")) else 0


def verdicts(ledger: Ledger, found: Iterable[Json], scope: Scope) -> list[Verdict]:
    """One verdict for each clause and provider, from what all tests found out."""
    seen = _Seen()
    for each in found:
        seen.take(each)
    return [
        _verdict(clause, provider, seen, scope)
        for clause in ledger.clauses.values()
        for provider in clause.providers
    ]


def troubles(found: Iterable[Json]) -> list[Trouble]:
    """What went wrong without a clause being broken."""
    return [Trouble(each["test"], **each["trouble"]) for each in found if each.get("trouble")]


class _Seen:
    """Everything that was found out, by clause and provider."""

    def __init__(self) -> None:
        self.kept: Counter[tuple[str, str]] = Counter()
        self.notes: dict[tuple[str, str], dict[str, list[Sighting]]] = {}
        self.reasons: dict[tuple[str, str], str] = {}
        self.tested: set[tuple[str, str]] = set()

    def take(self, found: Json) -> None:
        for provider, counts in found["kept"].items():
            for clause, times in counts.items():
                self.kept[clause, provider] += times
        for note in found["notes"]:
            of_kind = self.notes.setdefault((note["clause"], note["provider"]), {})
            sighting = Sighting(note["says"], found["test"], note["exchange"])
            of_kind.setdefault(note["verdict"], []).append(sighting)
        for clause in found["declared"]:
            for provider in found["providers"]:
                self.tested.add((clause, provider))
                if found["reason"]:
                    self.reasons.setdefault((clause, provider), found["reason"])


def _verdict(clause: Clause, provider: str, seen: _Seen, scope: Scope) -> Verdict:
    what = (clause.id, provider)
    notes, times = seen.notes.get(what, {}), seen.kept[what]
    for outcome in ("broken", "accepted", "observed"):
        if outcome in notes:
            reason = _why(clause, provider, outcome, scope)
            sightings = tuple(_different(notes[outcome]))
            return Verdict(clause, provider, outcome, times, reason, sightings)
    if times:
        return Verdict(clause, provider, "kept", times)
    if what in seen.tested and what not in seen.reasons:
        return Verdict(clause, provider, "not asserted", 0, "no answer had anything to say of it")
    why = _why_not(provider, seen.reasons.get(what), scope)
    return Verdict(clause, provider, "not run", 0, why)


def _why(clause: Clause, provider: str, outcome: str, scope: Scope) -> str | None:
    deviation = scope.deviation(clause.id, provider)
    if outcome == "observed":
        return f"asserted of {_BOUND[clause.asserted]} alone"
    if deviation is None:
        return None
    if outcome == "accepted":
        return f"accepted until {deviation.until}: {deviation.reason}"
    return f"was accepted until {deviation.until}, which has passed: {deviation.reason}"


_BOUND: Final = {
    "mock": "this project's mock",
    "any": "servers that claim to keep the contract",
    "live": "everybody",
}


def _why_not(provider: str, reason: str | None, scope: Scope) -> str:
    if provider not in scope.providers:
        return f"{provider} is not asked for"
    if reason:
        return reason
    if scope.tier == "smoke":
        return "no test of it belongs to the tier smoke"
    return "no test of it was chosen"


def _different(sightings: Iterable[Sighting]) -> Iterator[Sighting]:
    """The first few that say something of their own."""
    told: set[str] = set()
    for each in sightings:
        if each.says not in told and len(told) < MOST_SIGHTINGS:
            told.add(each.says)
            yield each
