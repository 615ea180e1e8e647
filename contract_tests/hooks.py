"""What pytest is told of clauses: which tests may run, and what each of them found out."""

import os
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
import requests

from contract_tests.blame import blamed, is_blamed, is_wholly_blamed
from contract_tests.budget import OverBudget
from contract_tests.clauses import Clause, ledger
from contract_tests.lacking import Unseen
from contract_tests.notes import Broken, Note, NotReached, notebook, said, told
from contract_tests.observations import to_plain
from contract_tests.proofs import FAULT, PROOF, is_proving, proof, proofs, proven
from contract_tests.reports.as_text import proof_lines
from contract_tests.sense import CODED
from contract_tests.snapshots import OBSERVED
from contract_tests.target import OBSERVES, PROVIDERS, TargetError, the_target
from contract_tests.telling import MOST_WORDS, plain, redactor

Json = Any
FINDINGS: Final = "clauses"
"""The property of a test's report that holds what it found out."""
RECORDER: Final = "contract-tests-recorder"
"""The name of the plug-in that collects what tests found out."""
_TOLD: Final = (Broken, NotReached)
_SILENCE: Final = (
    httpx2.TransportError,
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)
_GENERATORS: Final = ("test_generated.py", "test_jobs.py")


def pytest_configure(config: pytest.Config) -> None:
    """Name the markers."""
    for line in (
        "clauses(*ids): the clauses of the contract that a test checks",
        "smoke: among the few that are asked first, and cost next to nothing",
        "mock_only: provokes what a live API must not be asked for",
    ):
        config.addinivalue_line("markers", line)
    try:
        target = the_target()
    except TargetError as error:
        raise pytest.UsageError(str(error)) from None
    notebook().binds = target.binds
    today = datetime.now(UTC).date()
    accepted = [each for each in target.file.deviations if each.holds(today)]
    notebook().accepts = lambda clause, provider: any(
        each.covers(clause, provider) for each in accepted
    )
    notebook().observes = bool(os.environ.get(OBSERVES))


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
        elif target.lacks_codecs and _needs_codecs(item):
            _leave_out(item, "the mock needs the extra `codecs` for it")
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
    notebook().open(clause.id for clause in clauses_of(item))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Fail a test that went well, but for what its exchanges break beside."""
    yield
    if broken := notebook().broken:
        raise Broken(told(broken))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Send along what the test found out, for whoever writes the report; keys stay here."""
    report = yield
    error = call.excinfo.value if call.excinfo else None
    if isinstance(error, OverBudget):
        report.outcome, report.longrepr = "skipped", (item.location[0], 0, f"Skipped: {error}")
    if report.when == "call" or not report.passed:
        providers = _providers(item)
        found_by = list(_notes(item, error, report, providers))
        notes = [note for _, note in found_by]
        if FAULT in item.stash:
            return proven(item, report, notes)
        is_excused = _is_excused(report, error, notes)
        found = {
            "test": item.nodeid,
            "declared": [clause.id for clause in clauses_of(item)],
            "providers": providers,
            "kept": _kept(item, report, found_by, providers),
            "notes": [plain(*pair) for pair in found_by],
            "reason": _reason(report),
            "trouble": None if is_excused else _trouble(report, error, notes),
        }
        report.user_properties.append((FINDINGS, found))
        if notebook().observes:
            report.user_properties.append((OBSERVED, to_plain(notebook().seen)))
        if is_excused:
            report.outcome, report.wasxfail = "skipped", "accepted"
    _keep_secrets(report)
    return report


def _providers(item: pytest.Item) -> list[str]:
    """Whom a test is about: those that its parameters name, else those that it asked, else all."""
    values = item.callspec.params.values() if hasattr(item, "callspec") else ()
    named = {getattr(value, "provider", value) for value in values if _can_be_provider(value)}
    mine = list(the_target().keys)
    return sorted(named & set(PROVIDERS)) or sorted(notebook().asked) or mine


def _can_be_provider(value: Json) -> bool:
    return isinstance(getattr(value, "provider", value), str)


def _notes(
    item: pytest.Item,
    error: BaseException | None,
    report: pytest.TestReport,
    providers: Sequence[str],
) -> Iterator[tuple[str, Note]]:
    """What was found broken, and of whom: by laws, or by the test itself."""
    for note in _raw_notes(item, error, report):
        clause = ledger().clauses[note.clause]
        meant = [each for each in providers if each in clause.providers]
        seen = note.exchange.provider if note.exchange else None
        provider = seen if seen in clause.providers else meant[0] if meant else None
        if provider is not None and note.verdict == "broken":
            yield provider, replace(note, verdict=notebook().verdict(clause, provider))
        elif provider is not None:
            yield provider, note


def _raw_notes(
    item: pytest.Item, error: BaseException | None, report: pytest.TestReport
) -> Iterator[Note]:
    yield from notebook().notes
    is_told = isinstance(error, _TOLD) or (error is not None and _is_silence(error))
    if report.when != "call" or not report.failed or is_told:
        return
    known = {note.clause for note in notebook().notes}
    if isinstance(error, BaseExceptionGroup) and (known or is_blamed(error)):
        for clause_id, says in blamed(error):
            if clause_id not in known:
                yield Note(clause_id, "broken", says, notebook().last)
        return
    if _is_cut_short():
        return
    # What fails after a law was broken may follow from that: what laws found kept is not blamed.
    is_broken = any(note.verdict != "observed" for note in notebook().notes)
    known |= set(notebook().kept) if is_broken else set()
    meant = error.clauses if isinstance(error, Unseen) else [c.id for c in clauses_of(item)]
    for clause_id in meant:
        if clause_id not in known:
            yield Note(clause_id, "broken", said(error), notebook().last)


def _is_cut_short() -> bool:
    """Whether what does not bind the target, or is accepted, may have ended a test of it."""
    excused = {note.clause for note in notebook().notes if note.verdict != "broken"}
    return not notebook().broken and bool(excused & notebook().declared)


def _is_silence(error: BaseException) -> bool:
    """Whether the server did not answer, however deep that stands in an error."""
    if isinstance(error, BaseExceptionGroup):
        return all(map(_is_silence, error.exceptions))
    return isinstance(error, _SILENCE)


def _kept(
    item: pytest.Item,
    report: pytest.TestReport,
    notes: Iterable[tuple[str, Note]],
    providers: Iterable[str],
) -> dict[str, dict[str, int]]:
    """How often each clause was kept, by provider."""
    counts = notebook().kept_by.copy()
    if report.passed:
        for provider in providers:
            of_provider = (each for each in clauses_of(item) if provider in each.providers)
            counts.update((clause.id, provider) for clause in of_provider)
    for provider, note in notes:
        counts.pop((note.clause, provider), None)
    kept: dict[str, dict[str, int]] = {}
    for (clause, provider), times in counts.items():
        kept.setdefault(provider, {})[clause] = times
    return kept


def _reason(report: pytest.TestReport) -> str | None:
    """Why a test was not run, if it was not."""
    if report.skipped and isinstance(report.longrepr, tuple):
        return str(report.longrepr[2]).removeprefix("Skipped: ")
    return None


def _trouble(
    report: pytest.TestReport, error: BaseException | None, notes: Sequence[Note]
) -> Json | None:
    """What went wrong, where a test failed and no clause is to blame."""
    if not report.failed or any(note.verdict != "observed" for note in notes):
        return None
    causes = error.exceptions if isinstance(error, BaseExceptionGroup) else [error]
    says = "\n".join(f"{type(each).__name__}: {each}" if each else "failed" for each in causes)
    is_silence = error is not None and _is_silence(error)
    return {"says": redactor().text(says)[:MOST_WORDS], "is_silence": is_silence}


def _is_excused(
    report: pytest.TestReport, error: BaseException | None, notes: Sequence[Note]
) -> bool:
    """Whether a test fails by what is accepted alone, or by what does not bind the target."""
    if not report.failed or not notes or any(note.verdict == "broken" for note in notes):
        return False
    if error is not None and _is_silence(error):
        return False
    if _is_cut_short() or is_wholly_blamed(error):
        return True
    return all(note.verdict == "accepted" for note in notes)


def _keep_secrets(report: pytest.TestReport) -> None:
    """Write no key down where a test fails, or prints."""
    told = report.longreprtext if report.failed else ""
    if (safe := redactor().text(told)) != told:
        report.longrepr = safe
    report.sections = [(name, redactor().text(text)) for name, text in report.sections]


def _needs_codecs(item: pytest.Item) -> bool:
    params = item.callspec.params.values() if hasattr(item, "callspec") else ()
    return any(each in CODED for each in params if isinstance(each, str))


def _leave_out(item: pytest.Item, reason: str) -> None:
    item.add_marker(pytest.mark.skip(reason=reason))


def _is_smoke(item: pytest.Item) -> bool:
    return item.get_closest_marker("smoke") is not None


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Tell what became of the faults, where pytest was started by itself."""
    if not is_proving(os.environ) or terminalreporter.config.pluginmanager.hasplugin(RECORDER):
        return
    reports = [each for many in terminalreporter.stats.values() for each in many]
    properties = [p for each in reports for p in getattr(each, "user_properties", ())]
    for line in proof_lines(proof(each for name, each in properties if name == PROOF)):
        terminalreporter.write_line(line)
