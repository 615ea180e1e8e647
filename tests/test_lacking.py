"""What an answer lacks is told in words."""

import json
from typing import Any

import httpx2
import pytest

from contract_tests.exchange import make
from contract_tests.lacking import expect_status, what_is_lacking

Json = Any
USAGE: Json = {"usage": {"total_tokens": 1}}


def lacking(asked: Json, told: Json, status: int = 200) -> str:
    sent: list[tuple[str, str]] = []
    question = ("POST", "http://a/v1/chat/completions", sent, json.dumps(asked).encode())
    headers = {"content-type": "application/json"}
    answer = (status, headers, json.dumps(told).encode())
    return what_is_lacking(make(question, answer, ["runcrate"]))


@pytest.mark.parametrize(
    ("asked", "told", "says"),
    [
        ({"tool_choice": "required"}, USAGE, "no tool was called"),
        ({"tool_choice": "required"}, {**USAGE, "tool_calls": []}, "no tool was called"),
        ({"logprobs": True}, {**USAGE, "logprobs": None}, "no likelihoods were told"),
        ({"stream": True}, USAGE, "no stream came, but application/json"),
        ({}, {"usage": None}, "nothing is counted: there is no `usage`"),
        ({"tool_choice": "none", "logprobs": False}, USAGE, "the answer has nothing of it"),
        ({"tool_choice": "auto"}, {**USAGE, "tool_calls": [{}]}, "the answer has nothing of it"),
    ],
)
def test_what_did_not_come_is_named(asked: Json, told: Json, says: str) -> None:
    assert lacking(asked, told) == f"POST /v1/chat/completions: {says}"


def test_reasoning_is_missed_where_it_is_what_a_clause_is_about() -> None:
    exchange = make(("POST", "http://a/v1", [], b"{}"), (200, {}, b"{}"), ["runware"])
    says = what_is_lacking(exchange, ["chat-reasoning-is-told"])
    assert says == "POST /v1: no reasoning was told"


def test_a_refusal_is_named_before_all_else() -> None:
    says = lacking({"stream": True, "tool_choice": "required"}, {"error": "no"}, 400)
    assert says == 'POST /v1/chat/completions: the answer is a 400: {"error": "no"}'


def answered(status: int) -> httpx2.Response:
    request = httpx2.Request("GET", "http://a/v1/models?a=b")
    return httpx2.Response(status, text="Who are you?", request=request)


def test_another_status_is_told_with_the_request() -> None:
    expect_status(answered(404), 400, 404)
    with pytest.raises(AssertionError) as raised:
        expect_status(answered(200), 400, 404)
    assert str(raised.value) == "GET /v1/models is answered with a 200, not a 400 or a 404"
    with pytest.raises(AssertionError) as raised:
        expect_status(answered(401), 200, of="a key in x")
    assert str(raised.value) == "a key in x is answered with a 401, not a 200: Who are you?"
