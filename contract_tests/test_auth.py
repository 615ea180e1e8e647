"""Who is let in: every operation is guarded, and says so in its provider's own words."""

from collections.abc import Mapping

import httpx2
import pytest

from contract_tests.conftest import FreshKey
from contract_tests.samples import Sample, samples
from contract_tests.target import PROVIDERS, Target

ALL = [sample for provider in PROVIDERS for sample in samples(provider)]
OF_RUNCRATE = [sample for sample in ALL if sample.provider == "runcrate"]
STRANGE: dict[str, Mapping[str, str]] = {
    "no key": {},
    "another scheme": {"Authorization": "Token {key}"},
    "no scheme": {"Authorization": "{key}"},
    "scheme alone": {"Authorization": "Bearer"},
    "blank inside": {"Authorization": "Bearer {key} {key}"},
    "prefix alone": {"Authorization": "Bearer rc_live_"},
    "refused key": {"Authorization": "Bearer {refused}"},
}
REFUSED = {"runcrate": "rc_live_invalid_1", "ruapi": "sk-invalid-1", "runware": "runware_invalid_1"}


@pytest.fixture(autouse=True)
def _asked_for(request: pytest.FixtureRequest, target: Target) -> None:
    params = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    sample = params.get("sample")
    if sample and sample.provider not in target.keys:
        pytest.skip(f"{sample.provider} is not asked for")


@pytest.mark.parametrize("headers", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_strange_credentials_are_a_401(
    sample: Sample, headers: Mapping[str, str], client: httpx2.Client, key: FreshKey
) -> None:
    words = {"key": key(sample.provider), "refused": REFUSED[sample.provider]}
    response = sample.send(client, {name: value.format(**words) for name, value in headers.items()})
    assert response.status_code == 401
    assert "rate" not in " ".join(response.headers)
    _assert_envelope(response, sample)


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(
    sample: Sample, scheme: str, client: httpx2.Client, key: FreshKey
) -> None:
    response = sample.send(client, {"Authorization": f"{scheme} {key(sample.provider)}"})
    # Whoever is let in may still ask for a video that is not there.
    assert response.status_code == (404 if "{id}" in sample.template else 200)


@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_the_key_of_another_provider_is_a_401(
    sample: Sample, client: httpx2.Client, target: Target
) -> None:
    shared = [server["x-provider"] for server in sample.operation["servers"]]
    for other in PROVIDERS:
        if other in shared or not target.keys.get(other):
            continue
        response = sample.send(client, {"Authorization": f"Bearer {target.keys[other]}"})
        # Runware's keys have no documented shape: only those of the other two are strange to it.
        assert response.status_code == 401, other


@pytest.mark.mock_only
def test_a_bad_key_is_a_401_even_with_a_bad_body(client: httpx2.Client) -> None:
    response = client.post(
        "/v1/chat/completions", content=b"{", headers={"Authorization": "Bearer nonsense"}
    )
    assert response.status_code == 401


@pytest.mark.mock_only  # HTTP clients refuse to send it
def test_an_empty_token_is_a_401(client: httpx2.Client) -> None:
    assert client.get("/v1/models", headers={"Authorization": "Bearer "}).status_code == 401


@pytest.mark.mock_only
def test_a_key_sent_twice_is_a_401(client: httpx2.Client, key: FreshKey) -> None:
    value = f"Bearer {key('runcrate')}"
    headers = [("Authorization", value), ("Authorization", value)]
    response = client.get("/v1/models", headers=headers)
    assert response.status_code == 401
    assert "more than once" in response.json()["error"]["message"]


def test_messages_take_the_key_in_either_header(
    client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    if "ruapi" not in target.keys:
        pytest.skip("ruapi is not asked for")
    body = {
        "model": "claude-opus-4-8",
        "max_tokens": 8,
        "messages": [{"role": "user", "content": "hi"}],
    }
    for headers in ({"x-api-key": key("ruapi")}, {"Authorization": f"Bearer {key('ruapi')}"}):
        assert client.post("/v1/messages", json=body, headers=headers).status_code == 200


def _assert_envelope(response: httpx2.Response, sample: Sample) -> None:
    body = response.json()
    protocol = sample.operation.get(
        "x-protocol", "runware" if sample.provider == "runware" else "openai"
    )
    if protocol == "anthropic":
        assert body["type"] == "error"
        assert body["error"]["type"] == "authentication_error"
    elif protocol == "runware":
        assert body["errors"][0]["code"] in ("missingApiKey", "invalidApiKey")
    else:
        assert body["error"]["type"] == "invalid_request_error"
        assert body["error"]["code"] == "invalid_api_key"
        assert body["error"]["message"]
