"""Failures of Schemathesis's own checks: each is the fault of a clause."""

import pytest
import schemathesis.openapi.checks
from schemathesis.core import failures

from contract_tests.blame import CLAUSES, blamed, is_blamed, is_wholly_blamed
from contract_tests.clauses import ledger

# What has to do with how a request failed, and not with what the answer says.
_OTHERS = {"Failure", "CustomFailure", "ResponseTimeExceeded"}
# Of deletions and of several users, which the contract does not have, and of walks (test_jobs).
_OTHERS |= {"UseAfterFree", "EnsureResourceAvailability", "ObjectLevelAuthorizationViolation"}


def test_every_failure_breaks_a_clause() -> None:
    places = {**vars(failures), **vars(schemathesis.openapi.checks)}
    kinds = {
        name
        for name, value in places.items()
        if isinstance(value, type) and issubclass(value, failures.Failure)
    }
    assert kinds - _OTHERS == set(CLAUSES)


def test_every_clause_is_there() -> None:
    assert set(CLAUSES.values()) <= set(ledger().clauses)


def test_failures_are_found_in_groups_of_groups() -> None:
    wrong = failures.ServerError(operation="GET /", status_code=500)
    group = BaseExceptionGroup("", [BaseExceptionGroup("", [wrong]), ValueError("no")])
    assert [clause for clause, _ in blamed(group)] == ["nothing-fails-inside"]
    assert is_blamed(group)


@pytest.mark.parametrize(
    ("header", "clause"),
    [("X-RateLimit-Limit", "limit-is-told"), ("X-Other", "headers-keep-their-schema")],
)
def test_a_header_that_is_missing_breaks_its_own_clause(header: str, clause: str) -> None:
    missing = schemathesis.openapi.checks.MissingHeaders(
        operation="GET /", missing_headers=[header], message="It is missing."
    )
    assert list(blamed(missing)) == [(clause, str(missing))]


def test_a_group_is_wholly_blamed_or_not() -> None:
    wrong = failures.ServerError(operation="GET /", status_code=500)
    assert is_wholly_blamed(BaseExceptionGroup("", [wrong, BaseExceptionGroup("", [wrong])]))
    assert not is_wholly_blamed(BaseExceptionGroup("", [wrong, ValueError("no")]))
    assert not is_wholly_blamed(None)


@pytest.mark.parametrize("error", [ValueError("no"), BaseExceptionGroup("", [KeyError("no")])])
def test_other_errors_blame_nobody(error: BaseException) -> None:
    assert not is_blamed(error)
