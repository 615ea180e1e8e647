"""The proof that the suite can be trusted: each fault is switched on, and its clause must fail.

Every test that declares the clause which a fault breaks is run once more with the fault; the fault
is caught where one of them finds that clause broken.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import pytest

from contract_tests.clauses import Clause
from contract_tests.notes import Note
from contract_tests.target import PROVE
from contract_tests.verdicts import Proof, Proven
from mock_server.faults import Catalogue, Fault

Json = Any
PROOF: Final = "proof"
"""The property of a report that says what became of a fault."""
FAULT: Final = pytest.StashKey[Fault]()
_OF: Final = pytest.StashKey[int]()
_Declared = Callable[[pytest.Item], Sequence[Clause]]


def is_proving(environ: Mapping[str, str]) -> bool:
    """Whether faults are switched on."""
    return bool(environ.get(PROVE))


def proofs(items: Iterable[pytest.Item], declared: _Declared) -> list[pytest.Item]:
    """Each test again for every fault that breaks a clause of it; no others."""
    by_clause: dict[str, list[Fault]] = {}
    for fault in Catalogue().breaches.values():
        by_clause.setdefault(str(fault.breaks), []).append(fault)
    made = [
        _again(item, fault)
        for item in items
        if isinstance(item, pytest.Function)
        for clause in declared(item)
        for fault in by_clause.get(clause.id, ())
    ]
    counts = Counter(item.stash[FAULT].name for item in made)
    for item in made:
        item.stash[_OF] = counts[item.stash[FAULT].name]
    return sorted(made, key=lambda item: item.stash[FAULT].name)


def _again(item: pytest.Function, fault: Fault) -> pytest.Item:
    copy = pytest.Function.from_parent(
        item.parent,
        name=f"{item.name}<{fault.name}>",
        callspec=getattr(item, "callspec", None),
        callobj=item.obj,
        fixtureinfo=item._fixtureinfo,
        originalname=item.originalname,
    )
    copy.stash[FAULT] = fault
    copy.add_marker(pytest.mark.xdist_group(fault.name))
    return copy


def proven(
    item: pytest.Item, report: pytest.TestReport, notes: Iterable[Note]
) -> pytest.TestReport:
    """The report of a test that met a fault: to fail, it had to find the clause broken."""
    fault = item.stash[FAULT]
    broken = {note.clause for note in notes if note.verdict == "broken"}
    told = {
        "fault": fault.name,
        "breaks": fault.breaks,
        "caught": fault.breaks in broken,
        "of": item.stash[_OF],
        "also": sorted(broken - {fault.breaks}),
    }
    report.user_properties.append((PROOF, told))
    if not report.skipped:
        report.outcome, report.longrepr = "passed", None
    return report


def proof(found: Iterable[Json], *, is_selection: bool = False) -> Proof:
    """What became of every fault of the catalogue, from what all tests found out.

    Of a selection of tests, a fault is missed only where all of its tests were chosen.
    """
    met: dict[str, list[Json]] = {}
    for each in found:
        met.setdefault(each["fault"], []).append(each)
    return Proof(
        tuple(_proven(fault, met.get(name, [])) for name, fault in _faults()), is_selection
    )


def _proven(fault: Fault, met: Sequence[Json]) -> Proven:
    also = {clause for each in met for clause in each["also"]}
    caught = any(each["caught"] for each in met)
    return Proven(
        fault.name, str(fault.breaks), caught, tuple(sorted(also)), caught or _is_tried(met)
    )


def _is_tried(met: Sequence[Json]) -> bool:
    return bool(met) and len(met) >= met[0].get("of", 1)


def _faults() -> Iterable[tuple[str, Fault]]:
    return Catalogue().breaches.items()
