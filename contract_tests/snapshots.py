"""What one run has seen of its target, kept in a file, and held against what another has seen."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final

from contract_tests.clauses import contract
from contract_tests.drift import Accepted, Drift, compare, table
from contract_tests.drift import to_plain as drift_to_plain
from contract_tests.observations import Observations, of_plain, to_plain

Json = Any
OBSERVED: Final = "observed"
"""The property of a test's report that holds what it has seen."""
_FORM: Final = 1


class SnapshotError(ValueError):
    """A file that no run has written; the sentence says why."""


@dataclass(frozen=True)
class Snapshot:
    """One run: against which target, on which day, how thoroughly, and what it saw."""

    target: str
    date: str
    tier: str
    contract: str
    seen: Observations = field(default_factory=Observations)

    @property
    def head(self) -> Json:
        """Which run it was."""
        told = (self.target, self.date, self.tier, self.contract)
        return dict(zip(("target", "date", "tier", "contract"), told, strict=True))


def begin(target: str | None, tier: str) -> Snapshot:
    """A run of today that has seen nothing yet."""
    version = str(contract().document.data["info"]["version"])
    return Snapshot(target or "the mock", today().isoformat(), tier, version)


def today() -> date:
    """The day on which a deviation may still be accepted."""
    return datetime.now(UTC).date()


def read_snapshot(path: Path) -> Snapshot:
    """A run that was saved; raises SnapshotError."""
    try:
        node = json.loads(path.read_text("utf-8"))
        if node["form"] != _FORM:
            raise SnapshotError(f"{path} is of form {node['form']}, and only {_FORM} can be read")
        head = [str(node[name]) for name in ("target", "date", "tier", "contract")]
        return Snapshot(head[0], head[1], head[2], head[3], of_plain(node["observed"]))
    except OSError as error:
        raise SnapshotError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        reason = error if isinstance(error, SnapshotError) else "it is not what --save writes"
        raise SnapshotError(f"{path} cannot be a baseline: {reason}") from None


def write_snapshot(run: Snapshot, path: Path, hide: Callable[[str], str] = str) -> None:
    """Save a run, the same text for the same observations."""
    write_json({"form": _FORM, **run.head, "observed": to_plain(run.seen)}, path, hide)


def write_json(node: Json, path: Path, hide: Callable[[str], str] = str) -> None:
    """Write JSON that can be read, and compared line by line; `hide` leaves keys out of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(hide(json.dumps(node, indent=1, ensure_ascii=False)) + "\n", "utf-8")


@dataclass
class Watch:
    """A plug-in of pytest that puts together what the tests have seen, and tells of the drift."""

    snapshot: Snapshot
    baseline: Snapshot | None = None
    accepted: Sequence[Accepted] = ()

    @property
    def drift(self) -> Drift:
        """What has changed since the baseline."""
        return compare(self.baseline.seen, self.snapshot.seen) if self.baseline else Drift((), ())

    @property
    def is_broken(self) -> bool:
        """Whether something has changed that breaks clients, and that nobody has accepted."""
        return bool(self.drift.breaking(self.accepted, today()))

    @property
    def lines(self) -> Iterator[str]:
        """What has changed, to be read."""
        if self.baseline:
            yield f"Since {self.baseline.date}, {self.baseline.target}:"
            yield from table(self.drift, self.accepted, today())

    @property
    def data(self) -> Json:
        """What has changed, as JSON."""
        assert self.baseline is not None
        heads = {"baseline": self.baseline.head, "run": self.snapshot.head}
        return {**heads, **drift_to_plain(self.drift, self.accepted, today())}

    def pytest_runtest_logreport(self, report: Any) -> None:
        """Take what a test has seen, in whatever process it ran."""
        for name, told in report.user_properties if report.when != "teardown" else ():
            if name == OBSERVED:
                self.snapshot.seen.add(of_plain(told))
