"""The state of a run that may be interrupted: what was decided, and what it has cost so far."""

import json
from collections.abc import Mapping
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
    """What each test found out, by its name; written down after every one."""

    path: Path
    target: str
    tests: dict[str, Json] = field(default_factory=dict)
    counts: Mapping[str, float] = field(default_factory=dict)

    def write(self, found: Json, budget: Budget) -> None:
        """Add what a test found out. A run that ends at any moment leaves a whole file behind."""
        self.tests[found["test"]] = found
        self.counts = {name: getattr(budget, name) for name in _COUNTS}
        content = {
            "format": _FORMAT,
            "target": self.target,
            "spending": self.counts,
            "tests": self.tests,
        }
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_suffix(".new")
        beside.write_text(json.dumps(content, indent=1), "utf-8")
        beside.replace(self.path)

    def read(self) -> None:
        """Take up what an earlier run has left; nothing where there was none; raises StateError."""
        if not self.path.exists():
            return
        try:
            content = json.loads(self.path.read_text("utf-8"))
            form, target, tests = content["format"], content["target"], content["tests"]
            counts = {name: content["spending"][name] for name in _COUNTS}
        except (OSError, ValueError, LookupError, TypeError):
            raise StateError(f"{self.path} is no state of a run") from None
        if (form, target) != (_FORMAT, self.target):
            raise StateError(f"{self.path} is of a run against {target}")
        self.tests = {name: found for name, found in tests.items() if is_decided(found)}
        self.counts = counts

    def restore(self, budget: Budget) -> None:
        """Count what the earlier run has sent and spent."""
        for name, count in self.counts.items():
            setattr(budget, name, count)


def is_decided(found: Json) -> bool:
    """Whether a test need not be run again: it was run to its end."""
    return not found["reason"] and not found["trouble"]
