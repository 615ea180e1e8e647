"""The catalogue: what is listed can be looked up, by the key's own provider."""

from base64 import b64encode
from typing import Final
from urllib.parse import quote

import httpx2
import pytest

from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.target import Target
from mock_server.fixtures import FIXTURES

PATH = "/v1/models"
HI: Final = [{"role": "user", "content": "hi"}]


@pytest.fixture(params=["runcrate", "ruapi"])
def headers(request: pytest.FixtureRequest, target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of a provider that lists its models."""
    if request.param not in target.keys:
        pytest.skip(f"{request.param} is not asked for")
    return {"Authorization": f"Bearer {key(request.param)}"}


@pytest.fixture
def bearer(target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of the provider of both formats."""
    if "ruapi" not in target.keys:
        pytest.skip("ruapi is not asked for")
    return {"Authorization": f"Bearer {key('ruapi')}"}


@pytest.mark.clauses("models-are-listed-once")
def test_no_model_is_listed_twice(client: httpx2.Client, headers: dict[str, str]) -> None:
    models = client.get(PATH, headers=headers).json()["data"]
    assert len({model["id"] for model in models}) == len(models) > 0, (
        "a model is there twice, or none is"
    )


@pytest.mark.clauses("lists-are-whole")
@pytest.mark.smoke
def test_the_list_is_whole(client: httpx2.Client, key: FreshKey, target: Target) -> None:
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    response = client.get(PATH, headers={"Authorization": f"Bearer {key('runcrate')}"})
    expect_status(response, 200)


@pytest.mark.clauses("models-can-be-looked-up")
def test_what_is_listed_can_be_looked_up(client: httpx2.Client, headers: dict[str, str]) -> None:
    models = client.get(PATH, headers=headers).json()["data"]
    assert models, "the list is empty"
    for model in models:
        one = client.get(f"{PATH}/{quote(model['id'], safe='')}", headers=headers)
        expect_status(one, 200)
        assert one.json() == model, f"{model['id']} is another than in the list"


@pytest.mark.clauses("models-slashes-may-be-escaped")
@pytest.mark.mock_only
@pytest.mark.parametrize("safe", ["/", ""], ids=["slashes as they are", "slashes escaped"])
def test_slashes_may_be_escaped(safe: str, client: httpx2.Client, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    way = quote("deepseek-ai/DeepSeek-V3", safe=safe)
    expect_status(client.get(f"{PATH}/{way}", headers=headers), 200)


@pytest.mark.clauses("models-unknown-ids-are-a-404")
@pytest.mark.mock_only
@pytest.mark.parametrize("id_", ["nobody/knows", "gpt-0", "a//b", "潮汐", "a?b#c"])
def test_an_unknown_model_is_a_404_that_says_so(
    id_: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    response = client.get(f"{PATH}/{quote(id_, safe='')}", headers=headers)
    expect_status(response, 404)
    error = response.json()["error"]
    assert error["code"] == "model_not_found"
    assert error["param"] == "model"
    assert id_ in error["message"]


@pytest.mark.clauses("models-belong-to-their-provider")
@pytest.mark.mock_only
@pytest.mark.parametrize(("owner", "other"), [("runcrate", "ruapi"), ("ruapi", "runcrate")])
def test_a_model_of_the_other_provider_is_unknown(
    owner: str, other: str, client: httpx2.Client, key: FreshKey
) -> None:
    bearers = {name: {"Authorization": f"Bearer {key(name)}"} for name in (owner, other)}
    foreign = client.get(PATH, headers=bearers[owner]).json()["data"][0]["id"]
    expect_status(client.get(f"{PATH}/{foreign}", headers=bearers[other]), 404)


@pytest.mark.clauses("models-answer-in-both-formats")
@pytest.mark.parametrize("model", ["claude-opus-4-8", "gpt-5"])
def test_a_model_answers_in_both_formats(
    model: str, client: httpx2.Client, bearer: dict[str, str]
) -> None:
    message = {"model": model, "max_tokens": 8, "messages": HI}
    expect_status(client.post("/v1/messages", json=message, headers=bearer), 200)
    chat = {"model": model, "max_completion_tokens": 8, "messages": HI}
    expect_status(client.post("/v1/chat/completions", json=chat, headers=bearer), 200)


@pytest.mark.clauses("models-see-pictures")
@pytest.mark.parametrize("model", ["claude-opus-4-8", "gpt-5", "gemini-3.5-flash"])
def test_models_take_pictures(model: str, client: httpx2.Client, bearer: dict[str, str]) -> None:
    picture = b64encode((FIXTURES / "media" / "picture.png").read_bytes()).decode()
    part = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}}
    question = {"type": "text", "text": "Which colour is this?"}
    turn = {"role": "user", "content": [question, part]}
    body = {"model": model, "max_completion_tokens": 8, "messages": [turn]}
    response = client.post("/v1/chat/completions", json=body, headers=bearer)
    expect_status(response, 200)
