"""A first look: each operation is asked once, for as little as can be, and the judge does the rest.

Nothing here submits a video. What stands at an id is asked for under one that there is not.
"""

from typing import Any

import httpx2
import pytest

from contract_tests.asking import ask
from contract_tests.conftest import FreshKey
from contract_tests.samples import Sample, samples
from contract_tests.target import PROVIDERS, Target

Json = Any
TEXTS = ("chat-completions", "messages")
GENERAL = ("statuses-are-documented", "types-are-documented", "nothing-fails-inside")
pytestmark = pytest.mark.smoke


def _first(streams: bool) -> list[Any]:
    of_all = [sample for provider in PROVIDERS for sample in samples(provider)]
    kinds = [(sample, sample.operation["x-behaviour"]) for sample in of_all]
    return [
        pytest.param(sample, id=sample.name)
        for sample, kind in kinds
        if kind != "video" and (kind in TEXTS or not streams)
    ]


@pytest.mark.clauses(*GENERAL, "answers-keep-their-schema")
@pytest.mark.parametrize("sample", _first(streams=False))
def test_each_operation_answers(
    sample: Sample, client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    mine = key(sample.provider)
    if target.paid and sample.provider == "ruapi" and sample.method == "GET":
        pytest.skip("no page of RuAPI documents its list of models (RU-029)")
    short = {"/max_tokens": 32} if sample.operation["x-behaviour"] in TEXTS else {}
    response = ask(client, sample, mine, short)
    assert response.status_code == (404 if "{id}" in sample.template else 200), response.text[:300]


@pytest.mark.clauses(*GENERAL, "events-keep-their-schema")
@pytest.mark.parametrize("sample", _first(streams=True))
def test_each_text_can_be_streamed(sample: Sample, client: httpx2.Client, key: FreshKey) -> None:
    response = ask(client, sample, key(sample.provider), {"/max_tokens": 32, "/stream": True})
    assert response.status_code == 200, response.text[:300]
    assert response.headers["content-type"].startswith("text/event-stream")


@pytest.mark.clauses(*GENERAL)
@pytest.mark.parametrize("provider", PROVIDERS)
def test_nobody_is_let_in_without_a_key(
    provider: str, client: httpx2.Client, key: FreshKey
) -> None:
    key(provider)  # or it is not asked for
    sample = next(each for each in samples(provider) if each.method == "POST")
    assert sample.send(client, {}).status_code == 401
