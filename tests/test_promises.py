"""The ledger is whole: facts have clauses, clauses have tests and faults, tests have clauses."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from contract_tests.clauses import Clause, facts, ledger
from contract_tests.court import judge
from mock_server.faults import Catalogue

CLAUSES = list(ledger().clauses.values())
ROOT = Path(__file__).parent.parent
PROGRAM = """
import json, pytest, sys
class Collector:
    def pytest_collection_finish(self, session):
        found = {
            item.nodeid: [id for mark in item.iter_markers("clauses") for id in mark.args]
            for item in session.items
        }
        print("\\n" + json.dumps(found))
sys.exit(pytest.main(["--collect-only", "-qq", "contract_tests"], plugins=[Collector()]))
"""


@cache
def declared() -> dict[str, list[str]]:
    """The clauses that each contract test declares."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM], cwd=ROOT, env=environ, capture_output=True, text=True
    )
    found = [line for line in run.stdout.splitlines() if line.startswith("{")]
    assert found, run.stdout + run.stderr
    return dict(json.loads(found[0]))


def test_every_clause_has_a_test() -> None:
    tested = {id for ids in declared().values() for id in ids}
    assert sorted(set(ledger().clauses) - tested) == []


def test_every_test_has_a_clause() -> None:
    assert [name for name, ids in declared().items() if not ids] == []


def test_every_test_declares_clauses_that_there_are() -> None:
    tested = {id for ids in declared().values() for id in ids}
    assert sorted(tested - set(ledger().clauses)) == []


def test_every_clause_can_be_broken_on_purpose() -> None:
    broken = {str(fault.breaks) for fault in Catalogue().breaches.values()}
    assert sorted(set(ledger().clauses) - broken) == []
    assert sorted(broken - set(ledger().clauses)) == []


def test_every_fact_that_binds_is_a_clause_or_stands_aside() -> None:
    cited = {fact for clause in CLAUSES for fact in clause.facts}
    aside = set(ledger().aside)
    assert sorted(cited & aside) == []
    assert sorted((cited | aside) - set(facts())) == []
    binding = {fact.id for fact in facts().values() if fact.binds}
    assert sorted(binding - cited - aside) == []


def test_every_law_has_a_clause() -> None:
    assert {law.clause for law in judge().laws} <= set(ledger().clauses)


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_a_clause_binds_live_servers_only_where_a_document_says_so(clause: Clause) -> None:
    if clause.asserted == "live":
        binding = [facts()[id] for id in clause.facts if facts()[id].binds]
        told = {name for name in clause.providers if any(f.speaks_of(name) for f in binding)}
        assert set(clause.providers) == told


@pytest.mark.parametrize("clause", CLAUSES, ids=lambda clause: clause.id)
def test_a_promise_is_one_sentence(clause: Clause) -> None:
    assert clause.promise.endswith(".")
    assert len(clause.promise) <= 160
