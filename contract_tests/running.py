"""A run from beginning to end: pytest runs the tests, and what they found out becomes reports."""

import sys
from argparse import Namespace
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from contract_tests.budget import usd
from contract_tests.clauses import ledger
from contract_tests.guest import is_careful, the_door
from contract_tests.proofs import proof
from contract_tests.recorder import Recorder
from contract_tests.redaction import Hiding
from contract_tests.reports.as_html import html_of
from contract_tests.reports.as_json import json_of
from contract_tests.reports.as_junit import junit_of
from contract_tests.reports.as_markdown import markdown_of
from contract_tests.reports.as_text import text_of
from contract_tests.snapshots import Watch, begin, read_snapshot, write_json, write_snapshot
from contract_tests.state import State
from contract_tests.target import Target, the_target
from contract_tests.telling import redactor
from contract_tests.verdicts import Run, Scope, troubles, verdicts
from mock_server.redaction import Redactor

# Nothing is left to run where an earlier run has decided all.
_FINISHED: Final = (
    pytest.ExitCode.OK,
    pytest.ExitCode.TESTS_FAILED,
    pytest.ExitCode.NO_TESTS_COLLECTED,
)
DRIFTED: Final = 3
FORMS: Final[Mapping[str, Callable[[Run], str]]] = {
    "report.json": json_of,
    "report.md": markdown_of,
    "report.html": html_of,
    "junit.xml": junit_of,
}
"""Every report by the name of its file."""


def run(target: Target, asked: Namespace, options: Sequence[str]) -> int:
    """Run the tests, tell what came out, and write the reports; raises StateError, SnapshotError.

    All was kept where it gives 3, and yet something has changed that breaks clients. Nothing that
    is written, by whomever, holds a key.
    """
    hidden = Redactor(target.secrets.values())
    out, err = Hiding(sys.stdout, hidden), Hiding(sys.stderr, hidden)
    with redirect_stdout(out), redirect_stderr(err):
        return _run_tests(target, asked, options)


def _run_tests(target: Target, asked: Namespace, options: Sequence[str]) -> int:
    state = _state(target, asked)
    watch = _watch(target, asked)
    careful = is_careful(target)
    if state and asked.resume:
        state.read()
        state.restore(the_door().budget)
    for line in plan(target):
        print(line, flush=True)
    recorder = Recorder(state, the_door().budget if careful else None)
    started = datetime.now(UTC)
    code = pytest.main(list(options), plugins=[recorder, watch])
    if code not in (*_FINISHED, pytest.ExitCode.INTERRUPTED):
        return 2
    if not (recorder.found or recorder.proofs):
        return 2
    done = _run(recorder, started, is_proof=asked.prove)
    print(text_of(done))
    if asked.report:
        write(done, asked.report)
    if code == pytest.ExitCode.INTERRUPTED:
        print(f"Interrupted. {'It goes on with --resume.' if state else ''}")
        return 2
    _tell_drift(watch, asked)
    return DRIFTED if done.exit_code == 0 and watch.is_broken else done.exit_code


def plan(target: Target) -> Iterator[str]:
    """What a run that may be charged for is going to do."""
    if not target.paid:
        return
    names = ", ".join(target.keys)
    yield f"Live: {target.url} will be asked with the keys of {names}, tier {target.tier}."
    most = f"{usd(target.most_spent)} USD" if target.most_spent is not None else "no limit"
    yield f"At most {target.most_calls} calls, {most}, and one video; only a 429 is sent again."
    pace = target.file.a_minute
    yield (
        f"Pace: {pace} requests a minute, and no faster than the server's own headers allow."
        if (pace)
        else "Pace: no faster than the server's own headers allow."
    )
    if target.file.assumed:
        yield f"Prices that are assumed, not known: {', '.join(target.file.assumed)}."


def write(done: Run, folder: Path) -> None:
    """Write every report into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, form in FORMS.items():
        (folder / name).write_text(redactor().values(form(done)), "utf-8")
    print(f"The report is in {folder}: {', '.join(FORMS)}")


def _watch(target: Target, asked: Namespace) -> Watch:
    """What looks at the target, and at what it was; raises SnapshotError."""
    baseline = read_snapshot(asked.baseline) if asked.baseline else None
    return Watch(begin(target.url, target.tier), baseline, target.file.drift)


def _tell_drift(watch: Watch, asked: Namespace) -> None:
    if asked.save:
        write_snapshot(watch.snapshot, asked.save, redactor().values)
    for line in watch.lines:
        print(line)
    paths = [asked.drift, asked.report / "drift.json" if asked.report else None]
    for path in paths if watch.baseline else ():
        if path:
            write_json(watch.data, path, redactor().values)


def _state(target: Target, asked: Namespace) -> State | None:
    """Where a run that may be interrupted is written down: one in this process is not."""
    if target.url is None:
        return None
    path = asked.state or (asked.report / "state.jsonl" if asked.report else None)
    hide = Redactor(target.secrets.values()).values
    return State(path, hide(target.url), hide=hide) if path else None


def _run(recorder: Recorder, started: datetime, *, is_proof: bool) -> Run:
    target = the_target()
    scope = Scope(
        target=target.url or "the mock, in this process",
        binds=target.binds,
        providers=tuple(target.keys),
        tier=target.tier,
        paid=target.paid,
        deviations=target.file.deviations,
        today=started.date(),
    )
    return Run(
        scope,
        [] if is_proof else verdicts(ledger(), recorder.found, scope),
        troubles(recorder.found),
        recorder.tests,
        started.isoformat(timespec="seconds"),
        (datetime.now(UTC) - started).total_seconds(),
        proof(recorder.proofs, is_selection=recorder.is_selection) if is_proof else None,
        the_door().spending() if is_careful(target) else None,
    )
