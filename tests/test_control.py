"""The control API: time, limits, journal, reset; for one key or for all; never counted."""

from collections.abc import Iterator

import httpx2
import pytest
from starlette.testclient import TestClient

from mock_server import Settings, create_app
from mock_server.auth import identity
from mock_server.clock import VIRTUAL_EPOCH
from tests.world import CHAT, ask

A, B = "rc_live_a", "rc_live_b"


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with TestClient(create_app(Settings(clock="virtual", strict=True))) as client:
        yield client


def _ask(client: httpx2.Client, key: str) -> httpx2.Response:
    return client.post(CHAT, json=ask("hi"), headers={"Authorization": f"Bearer {key}"})


def test_health_tells_version_and_time(client: httpx2.Client) -> None:
    health = client.get("/__mock__/health").json()
    assert health["status"] == "ok"
    assert health["mode"] == "virtual"
    assert health["now"] == VIRTUAL_EPOCH
    assert health["codecs"]


def test_advancing_moves_everybody_or_one_key(client: httpx2.Client) -> None:
    client.post("/__mock__/clock", json={"advance": 60})
    client.post("/__mock__/clock", json={"advance": 5, "key": A})
    created = [_ask(client, key).json()["created"] - VIRTUAL_EPOCH for key in (A, B)]
    assert created == [65, 60]
    assert client.get("/__mock__/clock", params={"key": A}).json()["now"] == VIRTUAL_EPOCH + 65


@pytest.mark.parametrize("mode", ["real", "virtual"])
def test_one_key_alone_cannot_stop_the_time_of_all(client: httpx2.Client, mode: str) -> None:
    refused = client.post("/__mock__/clock", json={"mode": mode, "key": A})
    assert refused.status_code == 400
    assert refused.json()["error"]["param"] == "mode"
    assert client.get("/__mock__/clock").json()["mode"] == "virtual"


def test_a_key_has_its_own_window_and_limit(client: httpx2.Client) -> None:
    client.put(f"/__mock__/keys/{A}", json={"rate_limit": 1})
    assert [_ask(client, A).status_code for _ in range(2)] == [200, 429]
    assert _ask(client, B).headers["x-ratelimit-limit"] == "60"
    client.post("/__mock__/clock", json={"advance": 60, "key": A})
    assert _ask(client, A).status_code == 200


def test_a_limit_of_nought_is_off_but_told(client: httpx2.Client) -> None:
    client.put(f"/__mock__/keys/{A}", json={"rate_limit": 0})
    answers = [_ask(client, A) for _ in range(70)]
    assert {answer.status_code for answer in answers} == {200}
    assert int(answers[0].headers["x-ratelimit-remaining"]) > 10**6


def _said(client: httpx2.Client, key: str) -> str:
    return str(_ask(client, key).json()["choices"][0]["message"]["content"])


def test_a_key_has_a_seed_of_its_own(client: httpx2.Client) -> None:
    usual, other = _said(client, A), _said(client, B)
    client.put(f"/__mock__/keys/{A}", json={"seed": 7})
    own = _said(client, A)
    assert own != usual
    assert _said(client, B) == other
    client.post("/__mock__/reset", json={"key": A})
    assert _said(client, A) == usual


@pytest.mark.parametrize("seed", [1.5, "1", None, 2**63, -(2**63) - 1])
def test_a_seed_is_a_whole_number_that_any_store_can_keep(
    client: httpx2.Client, seed: object
) -> None:
    refused = client.put(f"/__mock__/keys/{A}", json={"seed": seed})
    assert (refused.status_code, refused.json()["error"]["param"]) == (400, "seed")


def test_reset_forgets_one_key_or_all(client: httpx2.Client) -> None:
    for key in (A, B):
        _ask(client, key)
    client.post("/__mock__/reset", json={"key": A})
    assert _ask(client, A).headers["x-ratelimit-remaining"] == "59"
    assert _ask(client, B).headers["x-ratelimit-remaining"] == "58"
    client.post("/__mock__/reset")
    assert _ask(client, B).headers["x-ratelimit-remaining"] == "59"


def test_the_journal_knows_each_exchange_but_no_key(client: httpx2.Client) -> None:
    _ask(client, A)
    client.post(CHAT, json={}, headers={"Authorization": f"Bearer {A}"})
    client.get("/nothing")
    exchanges = client.get("/__mock__/journal").json()["exchanges"]
    assert [each["status"] for each in exchanges] == [200, 400, 404]
    assert exchanges[1]["error"] == "model: is required"
    assert exchanges[0]["operation"] == "createChatCompletion"
    assert A not in str(exchanges)
    mine = client.get("/__mock__/journal", params={"key": A}).json()["exchanges"]
    assert len(mine) == 2


def test_time_can_be_stopped_and_set_going(client: httpx2.Client) -> None:
    assert client.post("/__mock__/clock", json={"mode": "real"}).json()["mode"] == "real"
    first = client.post("/__mock__/clock", json={"mode": "virtual"}).json()
    assert client.get("/__mock__/clock").json() == first


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'{"advance": -1}', b'{"advance": "1"}', b'{"adv": 1}', b'{"mode": "x"}']
)
def test_a_wrong_wish_is_a_400_that_says_why(client: httpx2.Client, body: bytes) -> None:
    answer = client.post("/__mock__/clock", content=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_control_calls_are_not_counted(client: httpx2.Client) -> None:
    for _ in range(70):
        assert client.get("/__mock__/health").status_code == 200
    assert _ask(client, A).headers["x-ratelimit-remaining"] == "59"


def test_a_key_is_given_a_pace_and_a_limit_together_or_one_alone(client: httpx2.Client) -> None:
    place = f"/__mock__/keys/{A}"
    both = client.put(place, json={"pace": " itl=0.02", "rate_limit": 5})
    assert both.json() == {"pace": "ttft=0.0,itl=0.02,jitter=0.0", "rate_limit": 5}
    assert _ask(client, B).headers["x-ratelimit-limit"] == "60"
    assert client.put(place, json={"pace": "typical"}).json() == {"pace": "typical"}
    assert client.put(place, json={"pace": "ttft=0"}).json() == {"pace": "instant"}
    assert _asked_limit(client, A) == "5"


def _asked_limit(client: httpx2.Client, key: str) -> str:
    headers = {"Authorization": f"Bearer {key}"}
    limit: str = client.get("/v1/models", headers=headers).headers["x-ratelimit-limit"]
    return limit


@pytest.mark.parametrize(
    ("body", "param", "reason"),
    [
        ({}, None, "fewer than 1 member"),
        ({"speed": 1}, None, "unknown members"),
        ({"pace": 1}, "pace", "not of type string"),
        ({"pace": "fast"}, "pace", "expected instant, typical, or such as ttft=0.4"),
        ({"pace": "itl=-1"}, "pace", "expected itl to be a number from 0 to 3600 seconds"),
        ({"pace": "itl=-1", "rate_limit": 1}, "pace", "expected itl"),
        ({"rate_limit": -1, "pace": "typical"}, "rate_limit", "less than the minimum of 0"),
    ],
)
def test_a_wrong_setting_of_a_key_is_a_400_that_names_it(
    client: httpx2.Client, body: dict[str, object], param: str | None, reason: str
) -> None:
    answer = client.put(f"/__mock__/keys/{A}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param
    assert reason in answer.json()["error"]["message"]
    assert _asked_limit(client, A) == "60"


def test_a_reset_forgets_paces() -> None:
    shell = create_app(Settings(clock="virtual"))
    client = TestClient(shell)
    mine, other = identity(A, None).id, identity(B, None).id
    for key in (A, B):
        client.put(f"/__mock__/keys/{key}", json={"pace": "itl=1"})
    client.post("/__mock__/reset", json={"key": A})
    assert shell.mock.store.pace(mine) is None
    assert shell.mock.store.pace(other) == "ttft=0.0,itl=1.0,jitter=0.0"
    client.post("/__mock__/reset")
    assert shell.mock.store.pace(other) is None


def test_a_key_is_given_an_account_which_tells_what_is_left(client: httpx2.Client) -> None:
    place = f"/__mock__/keys/{A}"
    assert client.get(place).json() == {
        "spent": 0,
        "balance": None,
        "spend_limit": None,
        "models": None,
        "disabled": False,
        "catalogue": "open",
    }
    own = {"balance": 2.5, "spend_limit": 1, "models": ["deepseek-ai/DeepSeek-V3"]}
    assert client.put(place, json=own).json() == own
    usage = _ask(client, A).json()["usage"]
    cost = (usage["prompt_tokens"] + 5 * usage["completion_tokens"]) / 1_000_000
    told = client.get(place).json()
    assert told["spent"] == cost
    assert told["balance"] == pytest.approx(2.5 - cost)
    assert told["models"] == own["models"]


def test_what_is_not_named_of_an_account_stays(client: httpx2.Client) -> None:
    place = f"/__mock__/keys/{A}"
    client.put(place, json={"balance": 0, "disabled": True})
    assert _ask(client, A).status_code == 401
    client.put(place, json={"disabled": False, "rate_limit": 3})
    assert _ask(client, A).status_code == 402
    client.put(place, json={"balance": None})
    assert _ask(client, A).status_code == 200
    assert client.get(place).json()["balance"] is None


@pytest.mark.parametrize("wish", [{"balance": 0}, {"disabled": True}, {"models": []}])
def test_a_reset_forgets_accounts(client: httpx2.Client, wish: dict[str, object]) -> None:
    for key in (A, B):
        client.put(f"/__mock__/keys/{key}", json=wish)
    client.post("/__mock__/reset", json={"key": A})
    assert _ask(client, A).status_code == 200
    assert _ask(client, B).status_code in (401, 402, 403)
    client.post("/__mock__/reset")
    assert _ask(client, B).status_code == 200


@pytest.mark.parametrize(
    ("body", "param"),
    [
        ({"balance": "1"}, "balance"),
        ({"balance": 1e300}, "balance"),
        ({"spend_limit": -1}, "spend_limit"),
        ({"models": "gpt-5"}, "models"),
        ({"models": [5]}, "models[0]"),
        ({"disabled": 1}, "disabled"),
        ({"catalogue": "shut"}, "catalogue"),
        ({"spent": 0}, None),
    ],
)
def test_a_wrong_account_is_a_400_that_names_it(
    client: httpx2.Client, body: dict[str, object], param: str | None
) -> None:
    answer = client.put(f"/__mock__/keys/{A}", json=body)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param
