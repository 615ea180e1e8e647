"""Embeddings: near where words are shared, the same whatever stands beside; the rest are laws."""

import math
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.lawbook.embeddings import vectors_of
from contract_tests.target import Target

PATH = "/v1/embeddings"
MODEL = "BAAI/bge-large-en-v1.5"
TEXTS = ["A harbour at low tide", "The harbour when the tide is low", "A field of wheat"]
ODD = [" ", "\n", "a", "🙂", "1", "?!", "\u0301", "潮", "x" * 20_000]
Json = Any


@pytest.fixture
def headers(target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of the provider of embeddings."""
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    return {"Authorization": f"Bearer {key('runcrate')}"}


def _embed(client: httpx2.Client, headers: dict[str, str], text: Json, **more: Json) -> Json:
    body = {"model": MODEL, "input": text, **more}
    response = client.post(PATH, json=body, headers=headers)
    expect_status(response, 200)
    return list(vectors_of(response.json()))


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    inner = math.fsum(a * b for a, b in zip(one, other, strict=True))
    return inner / math.hypot(*one) / math.hypot(*other)


@pytest.mark.clauses("embeddings-answer-each-input", "embeddings-come-as-asked")
@pytest.mark.parametrize("form", [pytest.param("float", marks=pytest.mark.smoke), "base64"])
def test_texts_become_vectors_in_the_form_asked_for(
    form: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    assert len(_embed(client, headers, TEXTS, encoding_format=form)) == len(TEXTS)


@pytest.mark.clauses("embeddings-are-of-one-size", "embeddings-write-no-tokens")
@pytest.mark.parametrize("form", ["float", "base64"])
def test_vectors_can_be_compared(form: str, client: httpx2.Client, headers: dict[str, str]) -> None:
    assert len({len(v) for v in _embed(client, headers, TEXTS, encoding_format=form)}) == 1


@pytest.mark.clauses("embeddings-are-near-where-texts-are")
@pytest.mark.mock_only
@pytest.mark.parametrize("form", ["float", "base64"])
def test_texts_that_say_alike_are_near(
    form: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    tide, low, wheat = _embed(client, headers, TEXTS, encoding_format=form)
    assert _cosine(tide, low) > _cosine(tide, wheat) + 0.1


@pytest.mark.clauses("embeddings-tell-texts-apart")
@pytest.mark.mock_only
def test_every_text_has_a_direction_of_its_own(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    vectors = _embed(client, headers, ODD)
    assert len({tuple(vector) for vector in vectors}) == len(ODD)


@pytest.mark.clauses("embeddings-of-a-text-stay-the-same")
@pytest.mark.mock_only
def test_a_text_has_one_vector_whatever_is_asked_beside_it_and_in_either_form(
    client: httpx2.Client, headers: dict[str, str], key: FreshKey
) -> None:
    (alone,) = _embed(client, headers, TEXTS[0])
    other = {"Authorization": f"Bearer {key('runcrate')}"}
    _, among = _embed(client, other, [TEXTS[2], TEXTS[0]], encoding_format="base64")
    assert alone == pytest.approx(among, abs=0)


@pytest.mark.clauses("embeddings-have-length-one", "embeddings-are-no-larger-than-asked")
@pytest.mark.mock_only
@pytest.mark.parametrize("form", ["float", "base64"])
def test_fewer_numbers_are_of_length_one_again(
    form: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    vectors = _embed(client, headers, TEXTS, dimensions=128, encoding_format=form)
    assert {len(vector) for vector in vectors} == {128}


@pytest.mark.clauses("embeddings-need-a-model-of-theirs")
@pytest.mark.mock_only
def test_a_chat_model_makes_none(client: httpx2.Client, headers: dict[str, str]) -> None:
    body = {"model": "deepseek-ai/DeepSeek-V3", "input": "wheat"}
    response = client.post(PATH, json=body, headers=headers)
    expect_status(response, 404)
    assert response.json()["error"]["code"] == "model_not_found"
