"""What pytest is told of clauses: which tests may run, and what each of them found out."""

import os
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from contract_tests.blame import blamed, is_blamed
from contract_tests.clauses import Clause, ledger
from contract_tests.exchange import Exchange
from contract_tests.notes import Broken, Note, NotReached, notebook
from contract_tests.proofs import FAULT, PROOF, is_proving, proofs, proven, uncaught
from contract_tests.target import the_target
from mock_server.faults import Catalogue

Json = Any
FINDINGS: Final = "clauses"
"""The property of a test's report that holds what it found out."""
_GENERATORS: Final = ("test_generated.py", "test_jobs.py")
_SHOWN: Final = 20_000  # bytes of a body


def pytest_configure(config: pytest.Config) -> None:
    """Name the markers."""
    for line in (
        "clauses(*ids): the clauses of the contract that a test checks",
        "smoke: among the few that are asked first, and cost next to nothing",
        "mock_only: provokes what a live API must not be asked for",
    ):
        config.addinivalue_line("markers", line)
    notebook().binds = the_target().binds


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave alone what generates requests by the hundred, where nobody would run them."""
    is_needed = the_target().generates and not is_proving(os.environ)
    return True if collection_path.name in _GENERATORS and not is_needed else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what the target is not bound by, or must not be asked for, and say so."""
    mine = [item for item in items if "contract_tests" in item.path.parts]
    target = the_target()
    for item in mine:
        clauses = clauses_of(item)
        if not target.is_mock and item.get_closest_marker("mock_only"):
            _leave_out(item, "asks for what only a mock may be asked for")
        elif not all(map(notebook().is_bound, clauses)):
            _leave_out(item, "decided by this project, and asserted on the mock alone")
    if target.tier == "smoke":
        items[:] = [each for each in items if each not in mine or _is_smoke(each)]
    if is_proving(os.environ):
        items[:] = proofs(items, clauses_of)


def clauses_of(item: pytest.Item) -> list[Clause]:
    """The clauses that a test declares."""
    marks = item.iter_markers("clauses")
    return [ledger().clauses[id] for mark in marks for id in mark.args]


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Open a new page."""
    notebook().open()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Send along what the test found out, for whoever writes the report."""
    report = yield
    if report.when == "call" or (report.when == "setup" and not report.passed):
        notes = list(_notes(item, call, report))
        if FAULT in item.stash:
            return proven(item, report, notes)
        found = {
            "declared": [clause.id for clause in clauses_of(item)],
            "kept": _kept(item, report, notes),
            "notes": [_plain(note) for note in notes],
            "reason": _reason(report),
        }
        report.user_properties.append((FINDINGS, found))
    return report


def _notes(
    item: pytest.Item, call: pytest.CallInfo[None], report: pytest.TestReport
) -> Iterator[Note]:
    """What was found broken: by laws, or by the test itself."""
    yield from notebook().notes
    error = call.excinfo.value if call.excinfo and report.failed else None
    if error is None or isinstance(error, Broken | NotReached | httpx2.TransportError):
        return
    known = {note.clause for note in notebook().notes}
    if isinstance(error, BaseExceptionGroup) and (known or is_blamed(error)):
        for clause_id, says in blamed(error):
            if clause_id not in known:
                yield Note(clause_id, "broken", says, notebook().last)
        return
    for clause in clauses_of(item):
        if clause.id not in known:
            says = (str(error) or type(error).__name__).partition("\nassert ")[0]
            yield Note(clause.id, "broken", says, notebook().last)


def _kept(item: pytest.Item, report: pytest.TestReport, notes: Iterable[Note]) -> dict[str, int]:
    kept = notebook().kept.copy()
    if report.passed:
        kept.update(clause.id for clause in clauses_of(item))
    for note in notes:
        kept.pop(note.clause, None)
    return dict(kept)


def _reason(report: pytest.TestReport) -> str | None:
    """Why a test was not run, if it was not."""
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return None


def _plain(note: Note) -> Json:
    """A note as it can be sent from one process to another."""
    return {
        "clause": note.clause,
        "verdict": note.verdict,
        "says": note.says,
        "exchange": _exchange(note.exchange) if note.exchange else None,
    }


def _exchange(exchange: Exchange) -> Json:
    variable = f"{exchange.provider.upper()}_API_KEY"
    return {
        "provider": exchange.provider,
        "operation": exchange.operation.id if exchange.operation else None,
        "method": exchange.method,
        "url": exchange.url,
        "sent": [list(pair) for pair in exchange.sent],
        "question": exchange.question[:_SHOWN].decode("utf-8", "replace"),
        "status": exchange.status,
        "headers": dict(exchange.headers),
        "body": exchange.body[:_SHOWN].decode("utf-8", "replace"),
        "curl": exchange.curl(variable),
    }


def _leave_out(item: pytest.Item, reason: str) -> None:
    item.add_marker(pytest.mark.skip(reason=reason))


def _is_smoke(item: pytest.Item) -> bool:
    return item.get_closest_marker("smoke") is not None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell what became of the faults, or of the clauses."""
    reports = [each for many in terminalreporter.stats.values() for each in many]
    properties = [p for each in reports for p in getattr(each, "user_properties", ())]
    found = [told for name, told in properties if name == PROOF]
    if is_proving(os.environ):
        missing = list(uncaught(found))
        count = len(Catalogue().faults)
        terminalreporter.write_line(f"{count - len(missing)} of {count} faults caught")
        for name in missing:
            terminalreporter.write_line(f"not caught: {name}")
