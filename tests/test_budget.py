"""The budget: every call is estimated and counted before it is sent; and the door that asks it."""

import json
from collections.abc import Mapping
from typing import Any

import httpx2
import pytest
import requests

from contract_tests.budget import Budget, OverBudget, Prices, estimate, typical, usd
from contract_tests.door import CarefulAdapter, CarefulTransport, Door
from contract_tests.manners import Manners

Json = Any
PRICES = Prices(
    input=3, output=12, embedding=1, picture=0.04, video_second=0.5, speech=0.02, minute=0.006
)
CHAT: Json = {"model": "m", "messages": [{"role": "user", "content": "hi"}], "max_tokens": 100}


@pytest.mark.parametrize(
    ("behaviour", "body", "size", "usd"),
    [
        ("chat-completions", {"max_tokens": 1_000_000}, 3_000_000, 3 + 12),
        ("chat-completions", {"max_tokens": 1_000_000, "n": 2}, 0, 24),
        ("chat-completions", {"max_completion_tokens": 1_000_000}, 0, 12),
        ("chat-completions", {}, 0, 0.012),
        ("chat-completions", {"max_tokens": "many"}, 0, 0.012),
        ("messages", {"max_tokens": 500_000}, 0, 6),
        ("embeddings", {"input": "a"}, 3_000_000, 1),
        ("images", {"n": 3}, 9, 0.12),
        ("images", {}, 9, 0.04),
        ("video", {"duration": 6}, 9, 3),
        ("video", {}, 9, 4),
        ("speech", {"input": "a" * 500}, 9, 0.01),
        ("transcriptions", None, 1_000_000, 0.048),
        ("tasks", [{"taskType": "caption"}, {"taskType": "ping"}], 9, 0.005),
        ("video-job", None, 0, 0),
        (None, {"max_tokens": 9}, 9, 0),
        ("images", "not an object", 9, 0.04),
    ],
)
def test_an_estimate_is_the_most_that_a_call_may_cost(
    behaviour: str | None, body: Json, size: int, usd: float
) -> None:
    assert estimate(behaviour, "POST", body, size, PRICES) == pytest.approx(usd)


def test_to_look_costs_nothing() -> None:
    assert estimate("video", "GET", None, 0, PRICES) == 0


def test_a_picture_in_a_chat_does_not_count_by_its_bytes() -> None:
    url = "data:image/png;base64," + "A" * 3_000_000
    content = [{"type": "image_url", "image_url": {"url": url}}]
    body = {"messages": [{"role": "user", "content": content}], "max_tokens": 1}
    assert estimate("chat-completions", "POST", body, len(json.dumps(body)), PRICES) < 0.01


@pytest.mark.parametrize(("kind", "least"), [("nothing", 0), ("chat", 0.001), ("video", 1)])
def test_a_check_has_a_typical_price(kind: str, least: float) -> None:
    assert typical(kind, PRICES) >= least


def test_calls_end_before_the_limit_is_passed() -> None:
    budget = Budget(most_calls=2)
    for _ in range(2):
        budget.take(None, "GET", None, 0)
    with pytest.raises(OverBudget, match="2 calls"):
        budget.take(None, "GET", None, 0)
    assert budget.calls == 2


def test_spending_ends_before_the_limit_is_passed() -> None:
    budget = Budget(most_spent=0.1, prices=PRICES)
    for _ in range(2):
        budget.take("images", "POST", {}, 9)
    with pytest.raises(OverBudget, match=r"0\.10 USD"):
        budget.take("images", "POST", {}, 9)
    assert (budget.calls, round(budget.spent, 6)) == (2, 0.08)
    budget.take("models", "GET", None, 0)  # what costs nothing may still be asked


def test_no_second_video_is_submitted() -> None:
    budget = Budget(prices=PRICES)
    budget.take("video", "POST", {"duration": 4}, 9)
    with pytest.raises(OverBudget, match="one video"):
        budget.take("video", "POST", {"duration": 4}, 9)
    assert (budget.calls, budget.videos, budget.spent) == (1, 1, 2)


class Clock:
    """A clock that runs while somebody sleeps, and else not at all."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept.append(seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def door_of(clock: Clock, budget: Budget | None = None) -> Door:
    return Door(budget or Budget(prices=PRICES), Manners(), lambda: clock.now, clock.sleep)


def client_of(door: Door, *answers: tuple[int, Mapping[str, str]]) -> httpx2.Client:
    """A client behind a door, for a server that gives these answers in turn."""
    left = list(answers)

    def answer(request: httpx2.Request) -> httpx2.Response:
        status, headers = left.pop(0)
        return httpx2.Response(status, headers=dict(headers), json={})

    transport = CarefulTransport(door, httpx2.MockTransport(answer))
    return httpx2.Client(transport=transport, base_url="https://example.com")


def test_the_door_sends_a_429_again_and_says_so(clock: Clock) -> None:
    door = door_of(clock)
    with client_of(door, (429, {"Retry-After": "9"}), (200, {})) as client:
        assert client.post("/v1/chat/completions", json=CHAT).status_code == 200
    assert clock.slept == [9]
    told = door.spending()
    assert told["said"] == ["sent again after a 429: POST /v1/chat/completions, attempt 2"]
    assert told["calls"] == 2
    assert told["waited"] == 9


def test_what_a_429_refused_is_not_counted_as_spent(clock: Clock) -> None:
    once, twice = door_of(clock), door_of(clock)
    with client_of(once, (200, {})) as client:
        client.post("/v1/chat/completions", json=CHAT)
    refusals = [(429, {"Retry-After": "0"})] * 2
    with client_of(twice, *refusals, (200, {})) as client:
        client.post("/v1/chat/completions", json=CHAT)
    assert twice.budget.spent == pytest.approx(once.budget.spent)
    assert once.budget.spent > 0
    with client_of(never := door_of(clock), *refusals, (429, {})) as client:
        assert client.post("/v1/chat/completions", json=CHAT).status_code == 429
    assert never.budget.spent == pytest.approx(0)


def test_what_is_refused_costs_nothing_and_what_fails_may(clock: Clock) -> None:
    door = door_of(clock)
    body = {"model": "m", "prompt": "a", "duration": 4}
    with client_of(door, (401, {}), (400, {}), (500, {})) as client:
        for _ in range(2):
            client.post("/v1/videos", json=body)
            assert (door.budget.spent, door.budget.videos) == (0, 0)
        client.post("/v1/videos", json=body)
        assert (door.budget.spent, door.budget.videos) == (2, 1)
        with pytest.raises(OverBudget, match="one video"):
            client.post("/v1/videos", json=body)
    assert door.spending()["said"][0].startswith("budget: one video")


@pytest.mark.parametrize("status", [500, 503])
def test_the_door_sends_nothing_else_again(status: int, clock: Clock) -> None:
    with client_of(door_of(clock), (status, {"Retry-After": "1"})) as client:
        assert client.post("/v1/chat/completions", json=CHAT).status_code == status
    assert clock.slept == []


def test_the_door_stays_shut_before_a_limit_is_passed(clock: Clock) -> None:
    door = door_of(clock, Budget(most_calls=1, prices=PRICES))
    with client_of(door, (429, {"Retry-After": "1"})) as client:
        assert client.get("/v1/models").status_code == 429
        with pytest.raises(OverBudget):
            client.get("/v1/models")


def test_the_door_waits_for_the_end_of_a_window(clock: Clock) -> None:
    told = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(clock.now) + 5)}
    with client_of(door_of(clock), (200, told), (200, {})) as client:
        client.get("/v1/models")
        assert clock.slept == []
        client.get("/v1/models")
    assert clock.slept == [5]


def test_a_message_that_goes_past_the_door_is_counted(clock: Clock) -> None:
    door = door_of(clock, Budget(most_calls=1, prices=PRICES))
    door.count("tasks", b'[{"taskType": "caption"}]')
    assert door.budget.spent == pytest.approx(PRICES.caption)
    with pytest.raises(OverBudget):
        door.count("tasks", b"[]")


def test_a_wait_beyond_the_bound_ends_the_test_instead(clock: Clock) -> None:
    told = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "5000"}
    with client_of(door_of(clock), (200, told)) as client:
        client.get("/v1/models")
        with pytest.raises(OverBudget, match="5000 seconds"):
            client.get("/v1/models")


def test_what_schemathesis_sends_goes_through_the_same_door(served: str, clock: Clock) -> None:
    door = door_of(clock, Budget(most_calls=1, prices=PRICES))
    with requests.Session() as session:
        session.mount("http://", CarefulAdapter(door))
        headers = {"Authorization": "Bearer sk-test"}
        url = f"{served}/v1/chat/completions"
        body = CHAT | {"model": "claude-opus-4-8"}
        assert session.post(url, json=body, headers=headers).status_code == 200
        with pytest.raises(OverBudget):
            session.post(url, json=body, headers=headers)
    assert door.budget.spent > 0


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (5, "5.00"),
        (0.5, "0.50"),
        (0.0001, "0.0001"),
        (1e-7, "0.0000001"),
        (0, "0.00"),
        (2500, "2500.00"),
    ],
)
def test_an_amount_is_told_in_all_of_its_digits(amount: float, words: str) -> None:
    assert usd(amount) == words
