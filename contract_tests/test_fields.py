"""Members of requests: what the ledger says is taken is taken, and refused what it says is not."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from contract_tests.asking import ABSENT, ask, named_field, sample_of
from contract_tests.clauses import Clause, Field, ledger
from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.target import Target

Json = Any


def _cases(kind: str) -> list[Any]:
    return list(_each_case(kind))


def _each_case(kind: str) -> Iterator[Any]:
    for clause in ledger().clauses.values():
        if clause.field is None:
            continue
        values = list(clause.field.takes if kind == "takes" else clause.field.refuses)
        if kind == "refuses" and clause.field.required:
            values.append(ABSENT)
        for provider in clause.providers:
            for value in values:
                shown = "nothing" if value is ABSENT else str(value)[:30]
                name = f"{clause.id}-{provider}-{shown}"
                marks = pytest.mark.clauses(clause.id)
                yield pytest.param(clause, provider, value, marks=marks, id=name)


@pytest.mark.parametrize(("clause", "provider", "value"), _cases("takes"))
def test_what_is_promised_is_taken(
    clause: Clause,
    provider: str,
    value: Json,
    client: httpx2.Client,
    key: FreshKey,
    target: Target,
) -> None:
    if target.paid and clause.costs == "video":
        pytest.skip("every value would be a video of its own")
    response = _sent(clause, provider, value, client, key, target)
    expect_status(response, 200, of=repr(value))


@pytest.mark.parametrize(("clause", "provider", "value"), _cases("refuses"))
def test_what_is_not_allowed_is_refused(
    clause: Clause,
    provider: str,
    value: Json,
    client: httpx2.Client,
    key: FreshKey,
    target: Target,
) -> None:
    if target.paid and value is not ABSENT:
        pytest.skip("what a live server would take might have to be paid for")
    response = _sent(clause, provider, value, client, key, target)
    shown = "its absence" if value is ABSENT else repr(value)
    expect_status(response, 400, 404, 422, of=shown)
    if target.is_mock:
        assert clause.field is not None
        expect_status(response, 400)
        wanted = _spelt(clause.field, provider)
        assert named_field(response.json()) == wanted, response.text[:300]


def _sent(
    clause: Clause,
    provider: str,
    value: Json,
    client: httpx2.Client,
    key: FreshKey,
    target: Target,
) -> httpx2.Response:
    if provider not in target.keys:
        pytest.skip(f"{provider} is not asked for")
    field = clause.field
    assert field is not None
    sample = sample_of(provider, field.behaviour)
    assert sample is not None, f"{provider} has no operation that does {field.behaviour}"
    return ask(client, sample, key(provider), {**(field.beside or {}), field.at: value})


def _spelt(field: Field, provider: str) -> str:
    """The pointer as errors spell it: `messages[0].role`, with dots alone in Anthropic's format."""
    steps = field.at.split("/")[1:]
    if field.behaviour == "tasks":
        return ".".join(steps[1:])
    if field.behaviour == "messages":
        return ".".join(steps)
    return "".join(f"[{s}]" if s.isdigit() else f".{s}" for s in steps).removeprefix(".")
