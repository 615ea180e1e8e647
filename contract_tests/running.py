"""A run from beginning to end: pytest runs the tests, and what they found out becomes reports."""

from argparse import Namespace
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from contract_tests.clauses import ledger
from contract_tests.proofs import proof
from contract_tests.recorder import Recorder
from contract_tests.reports.as_json import json_of
from contract_tests.reports.as_text import text_of
from contract_tests.target import Target, the_target
from contract_tests.verdicts import Run, Scope, troubles, verdicts

_FORMS = {"report.json": json_of}


def run(target: Target, asked: Namespace, options: Sequence[str]) -> int:
    """Run the tests, tell what came out, and write the reports; gives the exit code."""
    recorder = Recorder()
    started = datetime.now(UTC)
    code = pytest.main(list(options), plugins=[recorder])
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        return 2
    done = _run(recorder, started, is_proof=asked.prove)
    print(text_of(done))
    if asked.report:
        write(done, asked.report)
    return done.exit_code


def write(done: Run, folder: Path) -> None:
    """Write every report into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, form in _FORMS.items():
        (folder / name).write_text(form(done), "utf-8")
    print(f"The report is in {folder}: {', '.join(_FORMS)}")


def _run(recorder: Recorder, started: datetime, *, is_proof: bool) -> Run:
    target = the_target()
    scope = Scope(
        target=target.url or "the mock, in this process",
        binds=target.binds,
        providers=tuple(target.keys),
        tier=target.tier,
        paid=target.paid,
        today=started.date(),
    )
    return Run(
        scope,
        verdicts(ledger(), recorder.found, scope),
        troubles(recorder.found),
        recorder.tests,
        started.isoformat(timespec="seconds"),
        (datetime.now(UTC) - started).total_seconds(),
        proof(recorder.proofs) if is_proof else None,
    )
