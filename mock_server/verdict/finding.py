"""What a client did wrong, in a sentence for its developer."""

from collections.abc import Iterable, Sequence
from typing import Final, Literal

import msgspec

from mock_server.journal import Exchange

# Wrong is what is certain and will hurt; risky what may have had a reason that nobody sees here.
Severity = Literal["wrong", "risky"]
_MOST: Final = 100  # ids of exchanges


class Finding(msgspec.Struct, frozen=True):
    """A rule that the client broke so many `times`: the worst case, and all that show it by id.

    `instead` is what to do, `about` the field or the job that it is about, if any.
    """

    rule: str
    severity: Severity
    says: str
    instead: str
    exchanges: tuple[str, ...]
    times: int = 1
    about: str | None = None


class Fault(msgspec.Struct, frozen=True):
    """One breach as a rule finds it; of several about the same, the `worst` is told."""

    says: str
    shown_by: Sequence[Exchange]
    severity: Severity = "wrong"
    about: str | None = None
    worst: float = 0.0


def gathered(
    rule: str, instead: str, faults: Iterable[Fault], worst: Severity = "wrong"
) -> list[Finding]:
    """The breaches of one rule, none worse than that, told once by severity and what about."""
    heaps: dict[tuple[Severity, str | None], list[Fault]] = {}
    for fault in faults:
        severity = "risky" if worst == "risky" else fault.severity
        heaps.setdefault((severity, fault.about), []).append(fault)
    found = []
    for (severity, about), heap in heaps.items():
        says = max(heap, key=lambda fault: fault.worst).says
        ids = dict.fromkeys(each.id for fault in heap for each in fault.shown_by)
        shown = tuple([*ids][:_MOST])
        found.append(Finding(rule, severity, says, instead, shown, len(heap), about))
    return found
