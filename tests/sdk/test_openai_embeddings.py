"""Embeddings and models by the official `openai` package, and each refusal as plain HTTP has it."""

import asyncio
import math
from collections.abc import Iterator
from typing import Any

import httpx
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from tests.conftest import FreshKey

pytestmark = [
    # openai 3.52 leaves the closing of its default HTTP client to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
MODEL = "BAAI/bge-large-en-v1.5"
TEXTS = ["A harbour at low tide", "The harbour when the tide is low", "A field of wheat"]
NAMES = {"runcrate": "deepseek-ai/DeepSeek-V3", "ruapi": "gpt-5"}


@pytest.fixture
def sdk(served: str, key: FreshKey) -> Iterator[OpenAI]:
    with OpenAI(base_url=f"{served}/v1", api_key=key("runcrate")) as client:
        yield client


@pytest.fixture(params=["runcrate", "ruapi"])
def provider(request: pytest.FixtureRequest) -> str:
    """A provider whose models can be listed."""
    return str(request.param)


def cosine(one: list[float], other: list[float]) -> float:
    return math.fsum(a * b for a, b in zip(one, other, strict=True))


def test_vectors_by_the_package_s_own_choice_of_form(sdk: OpenAI) -> None:
    answer = sdk.embeddings.create(model=MODEL, input=TEXTS)
    assert [entry.index for entry in answer.data] == [0, 1, 2]
    tide, low, wheat = (entry.embedding for entry in answer.data)
    assert len(tide) == 1024
    assert math.isclose(math.hypot(*tide), 1, rel_tol=1e-6)
    assert cosine(tide, low) > 0.6
    assert cosine(tide, wheat) < 0.3
    assert answer.usage.prompt_tokens == answer.usage.total_tokens > 10
    assert answer.model == MODEL


def test_both_forms_hold_the_same_numbers(sdk: OpenAI) -> None:
    packed = sdk.embeddings.create(model=MODEL, input=TEXTS[0])
    plain = sdk.embeddings.create(model=MODEL, input=TEXTS[0], encoding_format="float")
    assert packed.data[0].embedding == plain.data[0].embedding
    text: Any = sdk.embeddings.create(model=MODEL, input=TEXTS[0], encoding_format="base64")
    assert isinstance(text.data[0].embedding, str)


def test_fewer_numbers(sdk: OpenAI) -> None:
    answer = sdk.embeddings.create(model=MODEL, input=TEXTS[0], dimensions=256)
    assert len(answer.data[0].embedding) == 256
    assert math.isclose(math.hypot(*answer.data[0].embedding), 1, rel_tol=1e-6)


def test_the_list_of_models_and_each_of_them(served: str, provider: str, key: FreshKey) -> None:
    with OpenAI(base_url=f"{served}/v1", api_key=key(provider)) as sdk:
        models = list(sdk.models.list())
        assert NAMES[provider] in [model.id for model in models]
        for model in models:
            assert sdk.models.retrieve(model.id) == model
        with pytest.raises(openai.NotFoundError) as caught:
            sdk.models.retrieve("nobody/knows")
    assert caught.value.code == "model_not_found"
    assert caught.value.param == "model"


def test_all_of_it_async(served: str, key: FreshKey) -> None:
    async def run() -> None:
        async with AsyncOpenAI(base_url=f"{served}/v1", api_key=key("runcrate")) as sdk:
            answers = await asyncio.gather(
                *(sdk.embeddings.create(model=MODEL, input=text) for text in TEXTS)
            )
            together = await sdk.embeddings.create(model=MODEL, input=TEXTS)
            alone = [answer.data[0].embedding for answer in answers]
            assert [entry.embedding for entry in together.data] == alone
            models = [model async for model in sdk.models.list()]
            assert await sdk.models.retrieve(models[0].id) == models[0]
            with pytest.raises(openai.NotFoundError):
                await sdk.models.retrieve("nobody/knows")

    asyncio.run(run())


def test_a_chat_model_makes_no_embeddings(sdk: OpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="of the kind chat") as caught:
        sdk.embeddings.create(model="deepseek-ai/DeepSeek-V3", input="wheat")
    assert caught.value.code == "model_not_found"


@pytest.mark.parametrize("path", ["deepseek-ai/DeepSeek-V3", "deepseek-ai%2FDeepSeek-V3"])
def test_the_slash_of_an_id_may_be_escaped_or_not(served: str, path: str, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    answer = httpx.get(f"{served}/v1/models/{path}", headers=headers)
    assert answer.status_code == 200
    assert answer.json()["id"] == "deepseek-ai/DeepSeek-V3"
    strange = httpx.get(f"{served}/v1/models/{path.replace('%', '%25')}x%252F", headers=headers)
    assert strange.status_code == 404
    assert "%2F'" in strange.json()["error"]["message"]


@pytest.mark.parametrize(
    ("body", "param", "code"),
    [
        ({"model": MODEL}, "input", "missing_required_parameter"),
        ({"input": "wheat"}, "model", "missing_required_parameter"),
        ({"model": MODEL, "input": ""}, "input", "invalid_value"),
        ({"model": MODEL, "input": []}, "input", "invalid_value"),
        ({"model": MODEL, "input": ["wheat", 7]}, "input[1]", "invalid_type"),
        ({"model": MODEL, "input": ["wheat", ""]}, "input[1]", "invalid_value"),
        ({"model": MODEL, "input": [15339, 1917]}, "input[0]", "invalid_type"),
        ({"model": MODEL, "input": {"text": "wheat"}}, "input", "invalid_type"),
        ({"model": 7, "input": "wheat"}, "model", "invalid_type"),
        ({"model": MODEL, "input": "wheat", "encoding_format": "int8"}, "encoding_format", None),
        ({"model": MODEL, "input": "wheat", "dimensions": 0}, "dimensions", "invalid_value"),
        ({"model": MODEL, "input": ["wheat"] * 2049}, "input", "invalid_value"),
        ({"model": MODEL, "input": "wheat " * 400_000}, "input", "invalid_value"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_refusals_name_the_field(
    served: str, body: dict[str, Any], param: str, code: str | None, key: FreshKey
) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    answer = httpx.post(f"{served}/v1/embeddings", json=body, headers=headers, timeout=30)
    assert answer.status_code == 400
    error = answer.json()["error"]
    assert error["param"] == param
    assert error["message"].startswith(f"{param}: ")
    assert error["code"] == (code or "invalid_value")
    assert error["type"] == "invalid_request_error"
