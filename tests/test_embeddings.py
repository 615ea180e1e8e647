"""Embeddings as OpenAI's clients know them: lists of vectors, counted, packed, refused."""

import math
import struct
from base64 import b64decode
from pathlib import Path
from typing import Any

import pytest

from mock_server import tokens
from mock_server.mock import Mock
from tests.world import Answered, new_mock, post

MODEL = "BAAI/bge-large-en-v1.5"
Json = Any


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock(rate_limit=0)


def embed(mock: Mock, text: Json, **more: Json) -> Answered:
    return post(mock, "/v1/embeddings", {"model": MODEL, "input": text, **more})


def test_one_text_gives_one_vector(mock: Mock) -> None:
    answer = embed(mock, "A harbour at low tide").json
    assert answer["object"] == "list"
    assert answer["model"] == MODEL
    [entry] = answer["data"]
    assert (entry["object"], entry["index"], len(entry["embedding"])) == ("embedding", 0, 1024)
    assert math.isclose(math.hypot(*entry["embedding"]), 1, rel_tol=1e-6)
    used = tokens.count("A harbour at low tide")
    assert answer["usage"] == {"prompt_tokens": used, "total_tokens": used}


def test_several_texts_come_in_their_order_and_as_each_alone(mock: Mock) -> None:
    texts = ["A harbour at low tide", "A field of wheat", "A harbour at low tide", "🙂"]
    answer = embed(mock, texts).json
    assert [entry["index"] for entry in answer["data"]] == [0, 1, 2, 3]
    alone = [embed(mock, text).json["data"][0]["embedding"] for text in texts]
    assert [entry["embedding"] for entry in answer["data"]] == alone
    assert answer["usage"]["prompt_tokens"] == sum(map(tokens.count, texts))


def test_packed_vectors_are_the_same_numbers_to_the_bit(mock: Mock) -> None:
    plain = embed(mock, "wheat", encoding_format="float").json["data"][0]["embedding"]
    packed = embed(mock, "wheat", encoding_format="base64").json["data"][0]["embedding"]
    assert list(struct.unpack("<1024f", b64decode(packed, validate=True))) == plain
    assert embed(mock, "wheat").json["data"][0]["embedding"] == plain


@pytest.mark.parametrize(
    ("model", "size"),
    [
        (MODEL, 1024),
        ("BAAI/bge-base-en-v1.5", 768),
        ("sentence-transformers/all-MiniLM-L6-v2", 384),
        ("text-embedding-3-small", 1536),
        ("Qwen/Qwen3-Embedding-8B", 4096),
        ("someone/model-of-tomorrow", 1024),
    ],
)
def test_each_model_has_its_size(mock: Mock, model: str, size: int) -> None:
    vector = embed(mock, "wheat", model=model).json["data"][0]["embedding"]
    assert len(vector) == size


@pytest.mark.parametrize(
    ("model", "asked", "size"),
    [
        (MODEL, 256, 256),
        (MODEL, 1, 1),
        (MODEL, 8.0, 8),
        (MODEL, 2000, 1024),
        ("someone/model-of-tomorrow", 2000, 2000),
        ("someone/model-of-tomorrow", 100, 100),
    ],
)
def test_fewer_numbers_can_be_asked_for(mock: Mock, model: str, asked: float, size: int) -> None:
    vector = embed(mock, "wheat", model=model, dimensions=asked).json["data"][0]["embedding"]
    assert len(vector) == size
    assert math.isclose(math.hypot(*vector), 1, rel_tol=1e-6)


def test_whoever_asks_gets_the_same(mock: Mock) -> None:
    body = {"model": MODEL, "input": "wheat"}
    mine = post(mock, "/v1/embeddings", body, key="rc_live_mine").body
    assert post(new_mock(seed=7), "/v1/embeddings", body, key="rc_live_yours").body == mine


@pytest.mark.parametrize(
    ("change", "param", "rule"),
    [
        ({"model": ...}, "model", "is required"),
        ({"model": ""}, "model", "shorter than 1 character"),
        ({"model": 5}, "model", "5 is not of type string"),
        ({"input": ...}, "input", "is required"),
        ({"input": ""}, "input", "shorter than 1 character"),
        ({"input": []}, "input", "fewer than 1 item"),
        ({"input": None}, "input", "not of type array or string"),
        ({"input": 7}, "input", "7 is not of type array or string"),
        ({"input": {"text": "a"}}, "input", "not of type array or string"),
        ({"input": ["a", ""]}, "input[1]", "shorter than 1 character"),
        ({"input": ["a", 7]}, "input[1]", "7 is not of type string"),
        ({"input": ["a", None]}, "input[1]", "null is not of type string"),
        ({"input": [15339, 1917]}, "input[0]", "15339 is not of type string"),
        ({"input": [["a"]]}, "input[0]", "is not of type string"),
        ({"input": ["a"] * 2049}, "input", "has more than 2048 items"),
        ({"encoding_format": "int8"}, "encoding_format", "'int8' is not one of float, base64"),
        ({"encoding_format": None}, "encoding_format", "null is not one of float, base64"),
        ({"dimensions": 0}, "dimensions", "0 is less than the minimum of 1"),
        ({"dimensions": 4097}, "dimensions", "4097 is greater than the maximum of 4096"),
        ({"dimensions": 1.5}, "dimensions", "1.5 is not of type integer"),
        ({"dimensions": "256"}, "dimensions", "'256' is not of type integer"),
    ],
)
def test_what_breaks_the_contract_is_refused_with_field_and_rule(
    mock: Mock, change: dict[str, Json], param: str, rule: str
) -> None:
    body = {"model": MODEL, "input": "wheat", **change}
    sent = {name: value for name, value in body.items() if value is not ...}
    answer = post(mock, "/v1/embeddings", sent)
    assert answer.status == 400
    error = answer.json["error"]
    assert error["param"] == param
    assert error["message"].startswith(f"{param}: ")
    assert rule in error["message"]


def test_too_many_tokens_are_refused_by_the_contract_s_own_bound(mock: Mock) -> None:
    answer = embed(mock, ["tide wheat harbour " * 5_000] * 30)
    assert answer.status == 400
    assert answer.json["error"]["param"] == "input"
    assert "maximum of 300000 tokens" in answer.json["error"]["message"]


def test_a_model_of_another_kind_makes_no_embeddings(mock: Mock) -> None:
    answer = embed(mock, "wheat", model="deepseek-ai/DeepSeek-V3")
    assert answer.status == 404
    assert answer.json["error"] == {
        "message": "The model 'deepseek-ai/DeepSeek-V3' is of the kind chat; "
        "this takes a model of the kind embedding.",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    }


def test_failures_can_be_scripted_by_text_and_model(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(
        "- {when: {operation: createEmbeddings, text: wheat}, error: {status: 500}}\n"
        "- {when: {model: 'someone/*'}, error: {status: 402}}\n"
        "- {when: {operation: retrieveModel, model: 'google/*'}, error: {status: 429}}\n"
    )
    mock = new_mock(scenarios=path)
    assert embed(mock, ["a field of", "wheat"]).status == 500
    assert embed(mock, "barley", model="someone/else").status == 402
    assert embed(mock, "barley").status == 200
    busy = post(mock, "/v1/models/google/veo-3.0", b"", method="GET")
    assert busy.status == 429
    assert post(mock, "/v1/models/openai/sora-2", b"", method="GET").status == 200
