"""How much a key may ask: windows of a minute, told in headers, ended by the clock."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from contract_tests.conftest import FreshKey
from contract_tests.lawbook.limits import LIMIT, REMAINING, RESET
from contract_tests.target import Target

CHAT = {"model": "deepseek-ai/DeepSeek-V3", "messages": [{"role": "user", "content": "hi"}]}
PATH = "/v1/chat/completions"
TOLD = ("limit-is-told", "limit-remaining-is-told", "limit-reset-is-told")
TOLD_ON_429 = (
    "limit-429-tells-the-limit",
    "limit-429-tells-what-remains",
    "limit-429-tells-the-reset",
    "limit-429-leaves-nothing",
)


def _two(client: httpx2.Client, key: FreshKey, target: Target) -> list[dict[str, int]]:
    """What two requests in a row, which cost nothing, are told of the limit."""
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    answers = [client.get("/v1/models", headers=headers) for _ in range(2)]
    if target.paid and not all(LIMIT in answer.headers for answer in answers):
        pytest.skip("the documents can be read as headers on a 429 alone (RC-235)")
    return [{n: int(answer.headers[n]) for n in (LIMIT, REMAINING, RESET)} for answer in answers]


def _used_up(client: httpx2.Client, key: FreshKey, provider: str = "runcrate") -> dict[str, str]:
    """The credentials of a key with a limit of one request, which was made."""
    mine = key(provider)
    client.put(f"/__mock__/keys/{mine}", json={"rate_limit": 1})
    headers = {"Authorization": f"Bearer {mine}"}
    client.post(PATH, json=CHAT, headers=headers)
    return headers


def _now(client: httpx2.Client, target: Target) -> float:
    if target.is_mock:
        return float(client.get("/__mock__/clock").json()["now"])
    return datetime.now(UTC).timestamp()


@pytest.mark.clauses("limit-one-too-many-is-a-429")
@pytest.mark.mock_only
def test_the_61st_request_of_a_minute_is_a_429(client: httpx2.Client, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    statuses = [client.post(PATH, json=CHAT, headers=headers).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]


@pytest.mark.clauses("limit-goes-by-key")
@pytest.mark.mock_only
def test_another_key_has_all_of_its_requests(client: httpx2.Client, key: FreshKey) -> None:
    _used_up(client, key)
    other = {"Authorization": f"Bearer {key('runcrate')}"}
    told = client.get("/v1/models", headers=other).headers
    assert int(told[REMAINING]) == int(told[LIMIT]) - 1


@pytest.mark.clauses("limit-ends-with-the-window")
@pytest.mark.mock_only
def test_the_window_ends(client: httpx2.Client, key: FreshKey) -> None:
    headers = _used_up(client, key)
    refused = client.post(PATH, json=CHAT, headers=headers)
    wait = int(refused.headers["retry-after"])
    mine = headers["Authorization"].removeprefix("Bearer ")
    client.post("/__mock__/clock", json={"advance": wait, "key": mine})
    again = client.post(PATH, json=CHAT, headers=headers)
    assert again.status_code == 200
    assert again.headers[REMAINING] == "0"


@pytest.mark.clauses(*TOLD_ON_429)
@pytest.mark.mock_only
def test_a_429_tells_the_limit(client: httpx2.Client, key: FreshKey) -> None:
    refused = client.post(PATH, json=CHAT, headers=_used_up(client, key))
    assert refused.status_code == 429


@pytest.mark.clauses("limit-429-says-when-to-retry")
@pytest.mark.mock_only
@pytest.mark.parametrize("provider", ["runcrate", "ruapi"])
def test_a_429_says_when_to_retry(provider: str, client: httpx2.Client, key: FreshKey) -> None:
    refused = client.post(PATH, json=CHAT, headers=_used_up(client, key, provider))
    assert refused.status_code == 429


@pytest.mark.clauses("limit-429-agrees-with-the-reset")
@pytest.mark.mock_only
def test_the_wait_ends_with_the_window(
    client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    refused = client.post(PATH, json=CHAT, headers=_used_up(client, key))
    end = _now(client, target) + int(refused.headers["retry-after"])
    assert abs(end - int(refused.headers[RESET])) <= 2, "the two headers disagree"


@pytest.mark.clauses("limit-429-says-so")
@pytest.mark.mock_only
def test_a_429_is_in_the_documented_words(client: httpx2.Client, key: FreshKey) -> None:
    refused = client.post(PATH, json=CHAT, headers=_used_up(client, key, "ruapi"))
    assert refused.status_code == 429


@pytest.mark.clauses(*TOLD)
@pytest.mark.mock_only
def test_every_counted_answer_tells_the_limit(client: httpx2.Client, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    for body in (CHAT, {**CHAT, "stream": True}, {}):
        assert LIMIT in client.post(PATH, json=body, headers=headers).headers


@pytest.mark.clauses("limit-remaining-falls-by-one")
def test_one_less_remains_with_each_request(
    client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    first, second = _two(client, key, target)
    if first[RESET] != second[RESET] and not target.is_mock:
        pytest.skip("another window had begun")
    said = f"{first[REMAINING]} remain, then {second[REMAINING]}"
    if target.is_mock:
        assert second[REMAINING] == first[REMAINING] - 1, said
    else:  # others may use the key too
        assert second[REMAINING] < first[REMAINING], said


@pytest.mark.clauses("limit-remaining-is-within-it")
def test_no_more_remains_than_the_limit(
    client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    first, _ = _two(client, key, target)
    assert first[REMAINING] < first[LIMIT]


@pytest.mark.clauses("limit-stays-the-same")
def test_the_limit_stays_the_same(client: httpx2.Client, key: FreshKey, target: Target) -> None:
    first, second = _two(client, key, target)
    assert first[LIMIT] == second[LIMIT]


@pytest.mark.clauses("limit-reset-stays-the-same")
@pytest.mark.mock_only
def test_the_reset_stays_within_a_window(
    client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    first, second = _two(client, key, target)
    assert first[RESET] == second[RESET]


@pytest.mark.clauses("limit-reset-is-in-the-window")
def test_the_reset_is_in_the_window(client: httpx2.Client, key: FreshKey, target: Target) -> None:
    told = _two(client, key, target)[0]
    away, slack = told[RESET] - _now(client, target), 30 if target.paid else 1
    assert -slack <= away <= 60 + slack, f"the reset is {away:.0f} seconds away"


@pytest.mark.clauses("limit-comes-before-the-body")
@pytest.mark.mock_only
def test_a_request_over_the_limit_is_a_429_even_with_a_bad_body(
    client: httpx2.Client, key: FreshKey
) -> None:
    headers = _used_up(client, key)
    assert client.post(PATH, content=b"{", headers=headers).status_code == 429


@pytest.mark.clauses("limit-refusals-count")
@pytest.mark.mock_only
def test_refusals_are_counted(client: httpx2.Client, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    bodies: list[Any] = [CHAT, {}, {"model": 1}]
    answers = [client.post(PATH, json=body, headers=headers) for body in bodies]
    assert [int(answer.headers[REMAINING]) for answer in answers] == [59, 58, 57]


@pytest.mark.clauses("limit-polls-count")
@pytest.mark.mock_only
def test_polls_are_counted(client: httpx2.Client, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('runcrate')}"}
    body = {"model": "wan-ai/Wan2.1-T2V-14B", "prompt": "Waves at dusk"}
    job = client.post("/v1/videos", json=body, headers=headers).json()["id"]
    polls = [client.get(f"/v1/videos/{job}", headers=headers) for _ in range(2)]
    assert [int(poll.headers[REMAINING]) for poll in polls] == [58, 57]


@pytest.mark.clauses("limit-strangers-are-not-counted")
@pytest.mark.mock_only
def test_a_401_tells_no_limit(client: httpx2.Client) -> None:
    for path in ("/v1/chat/completions", "/v1/embeddings"):
        headers = {"Authorization": "Bearer rc_live_invalid_1"}
        assert client.post(path, json=CHAT, headers=headers).status_code == 401


@pytest.mark.clauses("limit-holds-for-many-at-once")
@pytest.mark.mock_only
def test_concurrent_requests_never_pass_the_limit(served: str, key: FreshKey) -> None:
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


@pytest.mark.clauses("limit-is-told-where-documented-alone")
@pytest.mark.mock_only
def test_where_no_limit_is_documented_none_is_told(client: httpx2.Client, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('ruapi')}"}
    for _ in range(65):
        response = client.post(PATH, json=CHAT, headers=headers)
        assert response.status_code == 200
    assert "retry-after" not in response.headers
