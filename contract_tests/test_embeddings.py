"""Embeddings: in order, in the form asked for, near where words are shared, refused by field."""

import math
from collections.abc import Sequence
from typing import Any

import httpx2
import pytest

from contract_tests import laws
from contract_tests.conftest import FreshKey
from contract_tests.target import Target

PATH = "/v1/embeddings"
MODEL = "BAAI/bge-large-en-v1.5"
TEXTS = ["A harbour at low tide", "The harbour when the tide is low", "A field of wheat"]
ODD = [" ", "\n", "a", "🙂", "1", "?!", "\u0301", "潮", "x" * 20_000]
Json = Any

# A change to a good request, and the field and words that its refusal has to have.
WRONG: dict[str, tuple[dict[str, Json], str, str]] = {
    "no input": ({"input": ...}, "input", "is required"),
    "no model": ({"model": ...}, "model", "is required"),
    "an empty text": ({"input": ""}, "input", "shorter than 1 character"),
    "no texts": ({"input": []}, "input", "fewer than 1 item"),
    "an empty text among others": ({"input": ["a", ""]}, "input[1]", "shorter than 1 character"),
    "a number among texts": ({"input": ["a", 7]}, "input[1]", "7 is not of type string"),
    "token ids": ({"input": [[15339]]}, "input[0]", "is not of type string"),
    "an object": ({"input": {}}, "input", "not of type array or string"),
    "a strange form": ({"encoding_format": "hex"}, "encoding_format", "'hex' is not one of"),
    "no numbers": ({"dimensions": 0}, "dimensions", "0 is less than the minimum of 1"),
    "too many texts": ({"input": ["a"] * 2049}, "input", "more than 2048 items"),
}


@pytest.fixture
def headers(target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of the provider of embeddings."""
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    return {"Authorization": f"Bearer {key('runcrate')}"}


def _embed(client: httpx2.Client, headers: dict[str, str], text: Json, **more: Json) -> Json:
    body = {"model": MODEL, "input": text, **more}
    response = client.post(PATH, json=body, headers=headers)
    assert response.status_code == 200, response.text
    answer = response.json()
    laws.embeddings_answer_each_input(answer, text)
    return answer


def _vectors(answer: Json) -> list[Sequence[float]]:
    return [laws.vector_of(entry["embedding"]) for entry in answer["data"]]


def _cosine(one: Sequence[float], other: Sequence[float]) -> float:
    inner = math.fsum(a * b for a, b in zip(one, other, strict=True))
    return inner / math.hypot(*one) / math.hypot(*other)


@pytest.mark.parametrize("form", ["float", "base64"])
def test_texts_become_vectors_in_their_order(
    form: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    answer = _embed(client, headers, TEXTS, encoding_format=form)
    laws.embeddings_come_in_the_form_asked_for(answer, form)
    tide, low, wheat = _vectors(answer)
    assert _cosine(tide, low) > _cosine(tide, wheat) + 0.1


@pytest.mark.mock_only
def test_every_text_has_a_direction_of_its_own(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    vectors = _vectors(_embed(client, headers, ODD))
    laws.vectors_have_length_one(vectors)
    assert len({tuple(vector) for vector in vectors}) == len(ODD)


@pytest.mark.mock_only
def test_a_text_has_one_vector_whatever_is_asked_beside_it_and_in_either_form(
    client: httpx2.Client, headers: dict[str, str], key: FreshKey
) -> None:
    alone = _embed(client, headers, TEXTS[0])
    other = {"Authorization": f"Bearer {key('runcrate')}"}
    among = _embed(client, other, [TEXTS[2], TEXTS[0]], encoding_format="base64")
    assert _vectors(alone)[0] == pytest.approx(_vectors(among)[1], abs=0)


@pytest.mark.mock_only
def test_fewer_numbers_are_of_length_one_again(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    vectors = _vectors(_embed(client, headers, TEXTS, dimensions=128))
    assert {len(vector) for vector in vectors} == {128}
    laws.vectors_have_length_one(vectors)


@pytest.mark.parametrize(("change", "param", "rule"), WRONG.values(), ids=WRONG)
def test_the_error_names_field_and_rule(
    change: dict[str, Json],
    param: str,
    rule: str,
    client: httpx2.Client,
    headers: dict[str, str],
    target: Target,
) -> None:
    body = {"model": MODEL, "input": "wheat", **change}
    sent = {name: value for name, value in body.items() if value is not ...}
    if target.paid and param not in ("input", "model"):
        pytest.skip("what it says of other fields is not documented")
    if target.paid and rule.startswith(("more than", "is not of type string")):
        pytest.skip("this project's own bounds are not held against a live server")
    response = client.post(PATH, json=sent, headers=headers)
    assert response.status_code in ((400, 422) if target.paid else (400,))
    error = response.json()["error"]
    assert error["message"]
    if not target.paid:
        laws.a_refusal_names_field_and_rule(error, param, rule)


@pytest.mark.mock_only
def test_a_chat_model_makes_none(client: httpx2.Client, headers: dict[str, str]) -> None:
    body = {"model": "deepseek-ai/DeepSeek-V3", "input": "wheat"}
    response = client.post(PATH, json=body, headers=headers)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "model_not_found"
