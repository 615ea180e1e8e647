"""The catalogue: what is listed can be looked up, by the key's own provider."""

from urllib.parse import quote

import httpx2
import pytest

from contract_tests import laws
from contract_tests.conftest import FreshKey
from contract_tests.target import Target

PATH = "/v1/models"


@pytest.fixture(params=["runcrate", "ruapi"])
def headers(request: pytest.FixtureRequest, target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of a provider that lists its models."""
    if request.param not in target.keys:
        pytest.skip(f"{request.param} is not asked for")
    if target.paid and request.param == "ruapi":
        pytest.skip("no page of RuAPI documents its list of models (RU-029)")
    return {"Authorization": f"Bearer {key(request.param)}"}


@pytest.mark.parametrize("safe", ["/", ""], ids=["slashes as they are", "slashes escaped"])
def test_what_is_listed_can_be_looked_up(
    safe: str, client: httpx2.Client, headers: dict[str, str], target: Target
) -> None:
    response = client.get(PATH, headers=headers)
    assert response.status_code == 200
    models = response.json()["data"]
    laws.models_are_listed_once(models)
    if target.paid:
        pytest.skip("that one model can be looked up follows from OpenAI's API alone")
    assert models
    for model in models:
        one = client.get(f"{PATH}/{quote(model['id'], safe=safe)}", headers=headers)
        assert one.status_code == 200
        assert one.json() == model


@pytest.mark.mock_only
@pytest.mark.parametrize("id_", ["nobody/knows", "gpt-0", "a//b", "潮汐", "a?b#c"])
def test_an_unknown_model_is_a_404_that_says_so(
    id_: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    response = client.get(f"{PATH}/{quote(id_, safe='')}", headers=headers)
    assert response.status_code == 404
    error = response.json()["error"]
    assert error["code"] == "model_not_found"
    assert error["param"] == "model"
    assert id_ in error["message"]


@pytest.mark.mock_only
def test_a_model_of_the_other_provider_is_unknown(client: httpx2.Client, key: FreshKey) -> None:
    lists = {}
    for provider in ("runcrate", "ruapi"):
        bearer = {"Authorization": f"Bearer {key(provider)}"}
        lists[provider] = client.get(PATH, headers=bearer).json()["data"]
        assert lists[provider]
    strange = {"Authorization": f"Bearer {key('ruapi')}"}
    foreign = lists["runcrate"][0]["id"]
    assert client.get(f"{PATH}/{foreign}", headers=strange).status_code == 404
