"""The judge: what is wrong with an answer is laid to the clause that says most of the place."""

import json
from typing import Any

import pytest

from contract_tests.court import judge
from contract_tests.exchange import Exchange, make
from contract_tests.nonsense import is_sound

PATH = "http://mock/v1/models"
GOOD = {"x-ratelimit-limit": "60", "x-ratelimit-remaining": "59", "x-ratelimit-reset": "1900000000"}
HEADERS = GOOD | {"content-type": "application/json", "x-request-id": "req_1"}
REFUSED = HEADERS | {"x-ratelimit-remaining": "0", "retry-after": "9"}
MODEL = {"id": "m", "object": "model", "created": 1795000000, "owned_by": "me"}
LIST: dict[str, Any] = {"object": "list", "data": [MODEL]}
LIMITED = {"type": "rate_limit_error", "code": "rate_limit_exceeded", "message": "Rate limit."}


def answered(status: int, headers: dict[str, str], body: Any) -> Exchange:
    asked = ("GET", PATH, [("authorization", "Bearer rc_live_test")], b"")
    return make(asked, (status, headers, json.dumps(body).encode()), ["runcrate"])


def broken(exchange: Exchange) -> set[str]:
    return {each.clause.id for each in judge().findings(exchange) if each.broken}


def kept(exchange: Exchange) -> set[str]:
    return {each.clause.id for each in judge().findings(exchange) if not each.broken}


def without(headers: dict[str, str], *names: str) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name not in names}


def test_a_good_answer_breaks_nothing() -> None:
    exchange = answered(200, HEADERS, LIST)
    assert broken(exchange) == set()
    assert {"limit-is-told", "model-list-has-ids", "headers-keep-their-schema"} <= kept(exchange)
    assert "limit-429-tells-the-limit" not in kept(exchange)


@pytest.mark.parametrize(
    ("status", "headers", "body", "clause"),
    [
        (200, without(HEADERS, "x-ratelimit-limit"), LIST, "limit-is-told"),
        (
            429,
            without(REFUSED, "x-ratelimit-limit"),
            {"error": LIMITED},
            "limit-429-tells-the-limit",
        ),
        (200, HEADERS | {"x-ratelimit-reset": "42"}, LIST, "limit-reset-is-told"),
        (200, HEADERS | {"x-ratelimit-reset": "soon"}, LIST, "limit-reset-is-told"),
        (200, HEADERS | {"x-request-id": ""}, LIST, "headers-keep-their-schema"),
        (200, HEADERS, {**LIST, "data": [{**MODEL, "id": ""}]}, "model-list-has-ids"),
        (200, HEADERS, {**LIST, "data": {}}, "answers-keep-their-schema"),
        (429, REFUSED, {"error": without(LIMITED, "code")}, "errors-come-in-their-envelope"),
        (429, REFUSED, {"error": "no"}, "errors-come-in-their-envelope"),
        (418, HEADERS, LIST, "statuses-are-documented"),
    ],
)
def test_a_flaw_breaks_the_clause_of_its_place_and_no_other(
    status: int, headers: dict[str, str], body: Any, clause: str
) -> None:
    assert broken(answered(status, headers, body)) == {clause}


@pytest.mark.parametrize("model", ["", None, "m"])
def test_an_answer_to_nonsense_need_not_make_sense(model: str | None) -> None:
    """That it was answered is found by whoever sent it; what it says is of no clause."""
    asked = {"model": model, "input": "tide"}
    sent = [("authorization", "Bearer rc_live_test"), ("content-type", "application/json")]
    path = "http://mock/v1/embeddings"
    question = ("POST", path, sent, json.dumps(asked).encode())
    answer: dict[str, Any] = {"object": "list", "data": [], "model": model, "usage": {}}
    exchange = make(question, (200, HEADERS, json.dumps(answer).encode()), ["runcrate"])
    found = {"answers-keep-their-schema"} & broken(exchange)
    assert bool(found) == is_sound(exchange) == (model == "m")
    assert "statuses-are-documented" in kept(exchange)
    lost = make(question, (404, HEADERS, b'{"error": {"message": "lost"}}'), ["runcrate"])
    assert ("operations-are-where-documented" in broken(lost)) == is_sound(lost)


def chatted(asked: Any, said: Any = None) -> Exchange:
    headers = [("authorization", "Bearer rc_live_test"), ("content-type", "application/json")]
    question = ("POST", "http://mock/v1/chat/completions", headers, json.dumps(asked).encode())
    choice = {"index": 0, "message": {"role": "assistant", "content": "Hi"}}
    usage = {"prompt_tokens": 5, "completion_tokens": 2, "total_tokens": 7}
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1795000000, "model": "m"}
    told = head | {"choices": [choice | {"finish_reason": "stop"}], "usage": usage} | (said or {})
    return make(question, (200, HEADERS, json.dumps(told).encode()), ["runcrate"])


@pytest.mark.parametrize("wrong", [{"model": ""}, {"n": "two"}, {"stop": list("abcde")}])
def test_who_has_taken_nonsense_need_not_answer_it_with_sense(wrong: Any) -> None:
    asked = {"model": "m", "messages": [{"role": "user", "content": "Say Hi, a"}]}
    assert broken(chatted({**asked, "n": 2})) == {"chat-choices-are-as-many-as-asked"}
    assert "chat-usage-adds-up" in kept(chatted(asked))
    nonsense = chatted(asked | wrong, {"model": wrong.get("model", "m")})
    assert broken(nonsense) == set()
    assert not {"chat-choices-are-as-many-as-asked", "chat-model"} & kept(nonsense)
    assert "statuses-are-documented" in kept(nonsense)


def test_what_is_told_of_limits_alone_is_missed_there() -> None:
    silent = answered(200, without(HEADERS, *GOOD), LIST)
    assert broken(silent) == {"limit-is-told", "limit-remaining-is-told", "limit-reset-is-told"}
