"""Places in answers: each that the ledger names is there, and keeps its schema."""

from typing import Any

import httpx2
import pytest

from contract_tests.asking import ask, sample_of
from contract_tests.clauses import Clause, ledger
from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.notes import notebook
from contract_tests.target import Target

# What has to be asked about by an id, or fails, has tests of its own.
ASKED_ABOUT = ("model", "video-job", "video-file", "image-file")
CASES = [
    pytest.param(clause, name, marks=pytest.mark.clauses(clause.id), id=f"{clause.id}-{name}")
    for clause in ledger().clauses.values()
    for name in clause.providers
    if clause.place and clause.place.status == 200 and clause.place.behaviour not in ASKED_ABOUT
    if not clause.place.written
]


@pytest.mark.parametrize(("clause", "provider"), CASES)
def test_the_place_is_there_and_keeps_its_schema(
    clause: Clause, provider: str, client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    if provider not in target.keys:
        pytest.skip(f"{provider} is not asked for")
    if target.paid and clause.costs == "video":
        pytest.skip("every clause would be a video of its own")
    assert clause.place is not None
    sample = sample_of(provider, clause.place.behaviour)
    assert sample is not None, f"{provider} has no operation that does {clause.place.behaviour}"
    changes: dict[str, Any] = {**({"/stream": True} if clause.place.stream else {})}
    response = ask(client, sample, key(provider), changes | dict(clause.place.ask or {}))
    expect_status(response, clause.place.status)
    assert notebook().kept[clause.id], f"{clause.place.at or clause.place.header} is not there"
