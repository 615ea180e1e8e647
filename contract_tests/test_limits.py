"""How much a key may ask: windows of a minute, told in headers, ended by the clock."""

from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest

from contract_tests import laws
from contract_tests.conftest import FreshKey
from contract_tests.target import Target
from mock_server.app import Shell

CHAT = {"model": "deepseek-ai/DeepSeek-V3", "messages": [{"role": "user", "content": "hi"}]}
PATH = "/v1/chat/completions"


def _now(client: httpx2.Client) -> float:
    return float(client.get("/__mock__/clock").json()["now"])


@pytest.mark.mock_only
def test_the_61st_request_of_a_minute_is_a_429_and_the_window_ends(
    client: httpx2.Client, key: FreshKey
) -> None:
    mine = key("runcrate")
    headers = {"Authorization": f"Bearer {mine}"}
    for number in range(60):
        response = client.post(PATH, json=CHAT, headers=headers)
        assert response.status_code == 200
        assert response.headers["x-ratelimit-remaining"] == str(59 - number)
        laws.rate_limit_headers_make_sense(response.headers, _now(client))
    refused = client.post(PATH, json=CHAT, headers=headers)
    assert refused.status_code == 429
    assert refused.json()["error"]["type"] == "rate_limit_error"
    laws.too_many_requests_tell_when_to_retry(refused.headers, _now(client))
    wait = int(refused.headers["retry-after"])
    client.post("/__mock__/clock", json={"advance": wait, "key": mine})
    again = client.post(PATH, json=CHAT, headers=headers)
    assert again.status_code == 200
    assert again.headers["x-ratelimit-remaining"] == "59"


@pytest.mark.mock_only
def test_a_request_over_the_limit_is_a_429_even_with_a_bad_body(
    client: httpx2.Client, key: FreshKey
) -> None:
    mine = key("runcrate")
    client.put(f"/__mock__/keys/{mine}", json={"rate_limit": 1})
    headers = {"Authorization": f"Bearer {mine}"}
    statuses = [client.post(PATH, content=b"{", headers=headers).status_code for _ in range(2)]
    assert statuses == [415, 429]


@pytest.mark.mock_only
def test_refusals_are_counted_and_say_what_remains(client: httpx2.Client, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    remaining = [
        int(client.post(PATH, json=body, headers=headers).headers["x-ratelimit-remaining"])
        for body in (CHAT, {}, {"model": 1})
    ]
    assert remaining == [59, 58, 57]


@pytest.mark.mock_only
def test_concurrent_requests_never_pass_the_limit(app: Shell, served: str, key: FreshKey) -> None:
    mine = key("runcrate")
    with httpx2.Client(base_url=served) as client:
        client.put(f"/__mock__/keys/{mine}", json={"rate_limit": 20})
        headers = {"Authorization": f"Bearer {mine}"}

        def ask(number: int) -> int:
            return client.post(PATH, json=CHAT, headers=headers).status_code

        with ThreadPoolExecutor(16) as pool:
            statuses = list(pool.map(ask, range(60)))
    assert statuses.count(200) == 20
    assert statuses.count(429) == 40


@pytest.mark.mock_only
@pytest.mark.parametrize("provider", ["ruapi", "runware"])
def test_where_no_limit_is_documented_none_is_told(
    provider: str, client: httpx2.Client, key: FreshKey
) -> None:
    path = PATH if provider == "ruapi" else "/v1"
    body = CHAT if provider == "ruapi" else [{"taskType": "ping", "ping": True}]
    headers = {"Authorization": f"Bearer {key(provider)}"}
    for _ in range(65):
        response = client.post(path, json=body, headers=headers)
        assert response.status_code == 200
    assert not [name for name in response.headers if "ratelimit" in name or name == "retry-after"]


def test_counted_answers_tell_the_limit(
    client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    response = client.post(PATH, json=CHAT, headers={"Authorization": f"Bearer {key('runcrate')}"})
    if target.paid and "x-ratelimit-limit" not in response.headers:
        pytest.skip("the documents can be read as headers on a 429 alone (RC-235)")
    assert int(response.headers["x-ratelimit-limit"]) >= 1
