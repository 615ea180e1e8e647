"""How much a key may ask: windows of a minute, told in headers, ended by the clock."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx2
import pytest

from contract_tests.asking import answer_of
from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.lawbook.limits import LIMIT, REMAINING, RESET
from contract_tests.target import Target

CHAT = {"model": "deepseek-ai/DeepSeek-V3", "messages": [{"role": "user", "content": "hi"}]}
PATH = "/v1/chat/completions"
Limited = Callable[..., dict[str, str]]
TOLD = ("limit-is-told", "limit-remaining-is-told", "limit-reset-is-told")
TOLD_ON_429 = (
    "limit-429-tells-the-limit",
    "limit-429-tells-what-remains",
    "limit-429-tells-the-reset",
    "limit-429-leaves-nothing",
)


@pytest.fixture
def limited(client: httpx2.Client, key: FreshKey, target: Target) -> Limited:
    """Gives the credentials of a key, which on a mock has a limit of so many requests."""

    def of(provider: str = "runcrate", limit: int = 60) -> dict[str, str]:
        mine = key(provider)
        if target.is_mock:
            client.put(f"/__mock__/keys/{mine}", json={"rate_limit": limit})
        return {"Authorization": f"Bearer {mine}"}

    return of


def _told(answer: httpx2.Response, *names: str) -> dict[str, int]:
    """What headers tell of the limit; where one is not there, another clause says so."""
    found = {name: answer.headers.get(name, "") for name in names}
    for name, value in found.items():
        if not value.isdecimal():
            # The documents can be read as headers on a 429 alone (RC-235).
            pytest.skip(f"no limit is told: {name} is {value or 'not there'}")
    return {name: int(value) for name, value in found.items()}


def _two(client: httpx2.Client, limited: Limited) -> list[dict[str, int]]:
    """What two requests in a row, which cost nothing, are told of the limit."""
    headers = limited()
    answers = [client.get("/v1/models", headers=headers) for _ in range(2)]
    return [_told(answer, LIMIT, REMAINING, RESET) for answer in answers]


def _used_up(client: httpx2.Client, limited: Limited, provider: str = "runcrate") -> dict[str, str]:
    """The credentials of a key with a limit of one request, which was made."""
    headers = limited(provider, 1)
    client.post(PATH, json=CHAT, headers=headers)
    return headers


def _now(client: httpx2.Client, target: Target) -> float:
    if target.is_mock:
        return float(client.get("/__mock__/clock").json()["now"])
    return datetime.now(UTC).timestamp()


@pytest.mark.clauses("limit-one-too-many-is-a-429")
@pytest.mark.mock_only
@pytest.mark.parametrize("is_set", [True, False], ids=["set", "as documented"])
def test_the_61st_request_of_a_minute_is_a_429(
    is_set: bool, client: httpx2.Client, key: FreshKey, limited: Limited, target: Target
) -> None:
    if target.url is not None and not is_set:
        pytest.skip("who has started the mock may have set another limit")
    headers = limited() if is_set else {"Authorization": f"Bearer {key('runcrate')}"}
    statuses = [client.post(PATH, json=CHAT, headers=headers).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429], f"the statuses are {statuses}"


@pytest.mark.clauses("limit-goes-by-key")
@pytest.mark.mock_only
def test_another_key_has_all_of_its_requests(client: httpx2.Client, limited: Limited) -> None:
    _used_up(client, limited)
    told = _told(client.get("/v1/models", headers=limited()), LIMIT, REMAINING)
    assert told[REMAINING] == told[LIMIT] - 1, f"{told[REMAINING]} remain of {told[LIMIT]}"


@pytest.mark.clauses("limit-ends-with-the-window")
@pytest.mark.mock_only
def test_the_window_ends(client: httpx2.Client, key: FreshKey, limited: Limited) -> None:
    headers = _used_up(client, limited)
    refused = client.post(PATH, json=CHAT, headers=headers)
    wait = _told(refused, "retry-after")["retry-after"]
    mine = headers["Authorization"].removeprefix("Bearer ")
    client.post("/__mock__/clock", json={"advance": wait, "key": mine})
    again = client.post(PATH, json=CHAT, headers=headers)
    expect_status(again, 200)
    remaining = _told(again, REMAINING)[REMAINING]
    assert remaining == 0, f"{remaining} remain of one, after one request"


@pytest.mark.clauses(*TOLD_ON_429)
@pytest.mark.mock_only
def test_a_429_tells_the_limit(client: httpx2.Client, limited: Limited) -> None:
    refused = client.post(PATH, json=CHAT, headers=_used_up(client, limited))
    expect_status(refused, 429)


@pytest.mark.clauses("limit-429-says-when-to-retry")
@pytest.mark.mock_only
@pytest.mark.parametrize("provider", ["runcrate", "ruapi"])
def test_a_429_says_when_to_retry(provider: str, client: httpx2.Client, limited: Limited) -> None:
    refused = client.post(PATH, json=CHAT, headers=_used_up(client, limited, provider))
    expect_status(refused, 429)


@pytest.mark.clauses("limit-429-agrees-with-the-reset")
@pytest.mark.mock_only
def test_the_wait_ends_with_the_window(
    client: httpx2.Client, target: Target, limited: Limited
) -> None:
    refused = client.post(PATH, json=CHAT, headers=_used_up(client, limited))
    told = _told(refused, "retry-after", RESET)
    end = _now(client, target) + told["retry-after"]
    assert abs(end - told[RESET]) <= 2, "the two headers disagree"


@pytest.mark.clauses("limit-429-says-so")
@pytest.mark.mock_only
def test_a_429_is_in_the_documented_words(client: httpx2.Client, limited: Limited) -> None:
    refused = client.post(PATH, json=CHAT, headers=_used_up(client, limited, "ruapi"))
    expect_status(refused, 429)


@pytest.mark.clauses(*TOLD)
@pytest.mark.mock_only
def test_every_counted_answer_tells_the_limit(client: httpx2.Client, limited: Limited) -> None:
    headers = limited()
    for body in (CHAT, {**CHAT, "stream": True}, {}):
        told = client.post(PATH, json=body, headers=headers).headers
        assert LIMIT in told, f"{LIMIT} is not there"


@pytest.mark.clauses("limit-remaining-falls-by-one")
def test_one_less_remains_with_each_request(
    client: httpx2.Client, key: FreshKey, target: Target, limited: Limited
) -> None:
    first, second = _two(client, limited)
    if first[RESET] != second[RESET] and not target.is_mock:
        pytest.skip("another window had begun")
    said = f"{first[REMAINING]} remain, then {second[REMAINING]}"
    if target.is_mock:
        assert second[REMAINING] == first[REMAINING] - 1, said
    else:  # others may use the key too
        assert second[REMAINING] < first[REMAINING], said


@pytest.mark.clauses("limit-remaining-is-within-it")
def test_no_more_remains_than_the_limit(client: httpx2.Client, limited: Limited) -> None:
    first, _ = _two(client, limited)
    assert first[REMAINING] < first[LIMIT], f"{first[REMAINING]} remain of {first[LIMIT]}"


@pytest.mark.clauses("limit-stays-the-same")
def test_the_limit_stays_the_same(client: httpx2.Client, limited: Limited) -> None:
    first, second = _two(client, limited)
    assert first[LIMIT] == second[LIMIT], f"it is {first[LIMIT]}, then {second[LIMIT]}"


@pytest.mark.clauses("limit-reset-stays-the-same")
@pytest.mark.mock_only
def test_the_reset_stays_within_a_window(client: httpx2.Client, limited: Limited) -> None:
    first, second = _two(client, limited)
    assert first[RESET] == second[RESET], f"it is {first[RESET]}, then {second[RESET]}"


@pytest.mark.clauses("limit-reset-is-in-the-window")
def test_the_reset_is_in_the_window(
    client: httpx2.Client, target: Target, limited: Limited
) -> None:
    told = _two(client, limited)[0]
    away, slack = told[RESET] - _now(client, target), 30 if target.paid else 1
    assert -slack <= away <= 60 + slack, f"the reset is {away:.0f} seconds away"


@pytest.mark.clauses("limit-comes-before-the-body")
@pytest.mark.mock_only
def test_a_request_over_the_limit_is_a_429_even_with_a_bad_body(
    client: httpx2.Client, limited: Limited
) -> None:
    headers = _used_up(client, limited)
    expect_status(client.post(PATH, content=b"{", headers=headers), 429)


@pytest.mark.clauses("limit-refusals-count")
@pytest.mark.mock_only
def test_refusals_are_counted(client: httpx2.Client, limited: Limited) -> None:
    headers, bodies = limited(), [CHAT, {}, {"model": 1}]
    answers = [client.post(PATH, json=body, headers=headers) for body in bodies]
    remaining = [_told(answer, REMAINING)[REMAINING] for answer in answers]
    assert remaining == [59, 58, 57], f"there remain {remaining}"


@pytest.mark.clauses("limit-polls-count")
@pytest.mark.mock_only
def test_polls_are_counted(client: httpx2.Client, limited: Limited) -> None:
    headers = limited()
    body = {"model": "wan-ai/Wan2.1-T2V-14B", "prompt": "Waves at dusk"}
    job = answer_of(client.post("/v1/videos", json=body, headers=headers))["id"]
    polls = [client.get(f"/v1/videos/{job}", headers=headers) for _ in range(2)]
    remaining = [_told(poll, REMAINING)[REMAINING] for poll in polls]
    assert remaining == [58, 57], f"there remain {remaining}"


@pytest.mark.clauses("limit-strangers-are-not-counted")
@pytest.mark.mock_only
def test_a_401_tells_no_limit(client: httpx2.Client) -> None:
    for path in ("/v1/chat/completions", "/v1/embeddings"):
        headers = {"Authorization": "Bearer rc_live_invalid_1"}
        expect_status(client.post(path, json=CHAT, headers=headers), 401)


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
    done, refused = statuses.count(200), statuses.count(429)
    assert (done, refused) == (20, 40), f"{done} of 60 were served, with a limit of 20"


@pytest.mark.clauses("limit-is-told-where-documented-alone")
@pytest.mark.mock_only
def test_where_no_limit_is_documented_none_is_told(
    client: httpx2.Client, key: FreshKey, target: Target, limited: Limited
) -> None:
    # Who has started another mock may have set a limit for all keys.
    is_ours = target.url is None
    headers = {"Authorization": f"Bearer {key('ruapi')}"} if is_ours else limited("ruapi", 0)
    for _ in range(65):
        response = client.post(PATH, json=CHAT, headers=headers)
        expect_status(response, 200)
    assert "retry-after" not in response.headers, "Retry-After comes without a limit"
