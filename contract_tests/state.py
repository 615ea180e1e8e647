"""The state of a run that may be interrupted: what was decided, and what it has cost so far."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from contract_tests.budget import Budget

Json = Any
_FORMAT: Final = 1
_COUNTS: Final = ("calls", "spent", "videos")


class StateError(ValueError):
    """A state file that no run can be resumed from; the sentence says why."""


@dataclass
class State:
    """What each test found out, by its name: a line each, added as soon as it is known.

    `hide` leaves the keys out of what is written.
    """

    path: Path
    target: str
    tests: dict[str, Json] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)
    hide: Callable[[str], str] = str
    _is_open: bool = False

    def write(self, found: Json, budget: Budget) -> None:
        """Add what a test found out. A run that ends at any moment loses that line at most."""
        if not self._is_open:
            self._open()
        counts = {name: getattr(budget, name) for name in _COUNTS}
        with self.path.open("a", encoding="utf-8") as file:
            file.write(self.hide(json.dumps({"spending": counts, "found": found})) + "\n")

    def read(self) -> None:
        """Take up what an earlier run has left; nothing where there was none; raises StateError."""
        if not self.path.exists():
            return
        try:
            head, *lines = self.path.read_text("utf-8").split("\n")[:-1]
            form, target = (json.loads(head)[name] for name in ("format", "target"))
        except (OSError, ValueError, LookupError, TypeError):
            raise StateError(f"{self.path} is no state of a run") from None
        if (form, target) != (_FORMAT, self.target):
            raise StateError(f"{self.path} is of a run against {target}")
        for entry in map(json.loads, lines):
            self.counts = entry["spending"]
            if is_decided(entry["found"]):
                self.tests[entry["found"]["test"]] = entry["found"]

    def _open(self) -> None:
        """Begin the file anew, with what was taken up from an earlier run."""
        self._is_open = True
        self.path.parent.mkdir(parents=True, exist_ok=True)
        lines = [{"format": _FORMAT, "target": self.target}]
        lines += [{"spending": self.counts, "found": found} for found in self.tests.values()]
        beside = self.path.with_suffix(".new")
        beside.write_text("".join(self.hide(json.dumps(line)) + "\n" for line in lines), "utf-8")
        beside.replace(self.path)

    def restore(self, budget: Budget) -> None:
        """Count what the earlier run has sent and spent."""
        for name, count in self.counts.items():
            setattr(budget, name, count)


def is_decided(found: Json) -> bool:
    """Whether a test need not be run again: it was run to its end."""
    return not found["reason"] and not found["trouble"]
