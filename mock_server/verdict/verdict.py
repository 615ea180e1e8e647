"""The verdict as programs and people read it."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from mock_server.printable import printable
from mock_server.verdict.finding import Finding
from mock_server.verdict.telling import by_severity, heading, text
from mock_server.wire import Json


@dataclass(frozen=True, repr=False)
class Verdict:
    """What was found in so many `exchanges`, and what of the contract they have met."""

    findings: tuple[Finding, ...]
    exchanges: int
    coverage: Json = field(default_factory=dict)

    @classmethod
    def from_json(cls, told: Json) -> "Verdict":
        """The verdict that `GET /__mock__/verdict` told."""
        findings = msgspec.convert(told["findings"], tuple[Finding, ...])
        return cls(findings, told["exchanges"], told["coverage"])

    @property
    def clean(self) -> bool:
        """Whether nothing is certainly wrong; what is only risky does not count."""
        return not any(finding.severity == "wrong" for finding in self.findings)

    @property
    def spotless(self) -> bool:
        """Whether there is nothing to find, not even what is only risky."""
        return not self.findings

    @property
    def rules(self) -> frozenset[str]:
        """The rules that were broken, or may have been."""
        return frozenset(finding.rule for finding in self.findings)

    def json(self) -> dict[str, Any]:
        """The verdict as the control API tells it."""
        found = [msgspec.to_builtins(finding) for finding in self.findings]
        return {
            "clean": self.clean,
            "spotless": self.spotless,
            "exchanges": self.exchanges,
            "findings": found,
            "coverage": self.coverage,
        }

    def check(self, *, strict: bool = False) -> None:
        """Raises AssertionError with the whole text where the client is not clean.

        With `strict`, where it is not spotless.
        """
        if not (self.spotless if strict else self.clean):
            raise AssertionError(str(self))

    def __str__(self) -> str:
        return text(self.findings, self.exchanges, self.coverage)

    def __repr__(self) -> str:
        """What pytest shows of `assert verdict.clean`: no more than it shows in full."""
        found = [f"{each.rule}: {each.says}" for each in by_severity(self.findings)]
        told = f"<{'; '.join([heading(self.findings, self.exchanges), *found])}>"
        told = printable(told)
        return told if len(told) <= 220 else told[:218] + "…>"
