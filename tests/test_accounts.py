"""What a key may do and spend: by account, before any behaviour is asked."""

from typing import Any

import pytest

from mock_server.accounts import Account, check_key, check_request
from mock_server.auth import identity
from mock_server.errors import ApiError
from mock_server.mock import Mock
from tests.world import CHAT, Answered, ask, new_mock, post

Json = Any
MESSAGES, KEY = "/v1/messages", "sk-poor"
ID = identity(KEY, None).id
HELLO = {"role": "user", "content": "Hello."}
BODY = {"model": "claude-opus-4-8", "max_tokens": 50, "messages": [HELLO]}


@pytest.fixture(scope="module")
def world() -> Mock:
    return new_mock(rate_limit=0)


@pytest.fixture
def mock(world: Mock) -> Mock:
    world.store.reset()
    return world


def send(mock: Mock, path: str, body: Json = BODY, key: str = KEY, **more: Any) -> Answered:
    return post(mock, path, body, key=key, **more)


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
@pytest.mark.parametrize(
    ("account", "status", "word"),
    [
        (Account(balance=0), 402, "Insufficient balance"),
        (Account(balance=-1), 402, "Insufficient balance"),
        (Account(spend_limit=5, spent=5), 402, "spend limit"),
        (Account(models=("gpt-5",)), 403, "may not use the model 'claude-opus-4-8'"),
        (Account(models=()), 403, "may not use"),
        (Account(disabled=True), 401, "Invalid API key"),
        (Account(balance=1, spend_limit=6, spent=5, models=("claude-opus-4-8",)), 200, ""),
        (Account(catalogue="closed"), 200, ""),
    ],
)
def test_each_state_has_its_status_in_both_protocols(
    mock: Mock, path: str, account: Account, status: int, word: str
) -> None:
    mock.store.ledger.open(ID, account)
    answer = send(mock, path)
    assert answer.status == status
    assert status == 200 or word in answer.json["error"]["message"]
    assert send(mock, path, key="sk-rich").status == 200


TYPES = {
    "balance": ("billing_error", "insufficient_quota"),
    "models": ("permission_error", "permission_denied"),
    "disabled": ("authentication_error", "invalid_api_key"),
    "catalogue": ("not_found_error", "model_not_found"),
}


@pytest.mark.parametrize("name", TYPES)
def test_each_protocol_has_its_own_word_for_it(mock: Mock, name: str) -> None:
    states: Json = {"balance": 0, "models": (), "disabled": True, "catalogue": "closed"}
    mock.store.ledger.open(ID, Account(**{name: states[name]}))
    body = BODY | {"model": "unheard-of"}
    mine, theirs = send(mock, MESSAGES, body).json, send(mock, CHAT, body).json
    assert (mine["error"]["type"], theirs["error"]["code"]) == TYPES[name]


def test_a_closed_catalogue_knows_only_what_is_listed(mock: Mock) -> None:
    unheard = BODY | {"model": "claude-opus-0"}
    assert send(mock, MESSAGES, unheard).status == 200
    mock.store.ledger.open(ID, Account(catalogue="closed"))
    answer = send(mock, MESSAGES, unheard)
    assert answer.status == 404
    assert answer.json["error"]["message"] == "model not found: 'claude-opus-0'"


def test_whatever_costs_nothing_is_free(mock: Mock) -> None:
    mock.store.ledger.open(identity("rc_live_poor", None).id, Account(balance=0))
    assert post(mock, "/v1/models", b"", method="GET", key="rc_live_poor").status == 200
    assert post(mock, CHAT, ask("hi"), key="rc_live_poor").status == 402


def test_a_bad_body_is_named_before_the_balance(mock: Mock) -> None:
    mock.store.ledger.open(ID, Account(balance=0))
    assert send(mock, MESSAGES, {}).status == 400


def test_a_failure_that_is_asked_for_comes_whatever_the_balance(mock: Mock) -> None:
    mock.store.ledger.open(ID, Account(balance=0))
    assert send(mock, MESSAGES, headers=[(b"prefer", b"code=529")]).status == 529


def test_a_disabled_key_is_not_counted() -> None:
    mock = new_mock(rate_limit=1)
    mock.store.ledger.open(ID, Account(disabled=True))
    assert [send(mock, CHAT).status for _ in range(3)] == [401, 401, 401]
    mock.store.ledger.open(ID, Account())
    assert [send(mock, CHAT).status for _ in range(2)] == [200, 429]


@pytest.mark.parametrize("path", [CHAT, MESSAGES])
def test_every_answer_is_paid_for_until_nothing_is_left(mock: Mock, path: str) -> None:
    mock.store.ledger.open(ID, Account(balance=1, spend_limit=10**6))
    usage = send(mock, path).json["usage"]
    read = usage.get("input_tokens", usage.get("prompt_tokens"))
    written = usage.get("output_tokens", usage.get("completion_tokens"))
    account = mock.store.ledger.account(ID)
    assert account and account.spent == read + 5 * written
    assert account.balance == 1 - account.spent
    assert send(mock, path).status == 402


def test_an_answer_that_is_remembered_costs_as_much_again(mock: Mock) -> None:
    mock.store.ledger.open(ID, Account())
    spent = []
    for _ in range(2):
        send(mock, MESSAGES)
        account = mock.store.ledger.account(ID)
        spent.append(account.spent if account else 0)
    assert spent[1] == 2 * spent[0] > 0


def test_refusals_cost_nothing(mock: Mock) -> None:
    mock.store.ledger.open(ID, Account())
    send(mock, MESSAGES, {})
    assert mock.store.ledger.account(ID) == Account()


def test_only_documented_statuses_are_met(mock: Mock) -> None:
    operations = {each.id: each for each in mock.spec.operations}
    account = Account(balance=0, models=(), catalogue="closed")
    check_request(account, operations["listModels"], None, {"model": "m"}, mock.catalogue)
    with pytest.raises(ApiError, match="model not found"):
        check_request(account, operations["createImage"], None, {"model": "m"}, mock.catalogue)
    account = Account(balance=0, models=())
    with pytest.raises(ApiError, match="Insufficient"):  # there is no 403 for pictures
        check_request(account, operations["createImage"], None, {"model": "m"}, mock.catalogue)
    with pytest.raises(ApiError, match="Insufficient"):
        check_request(account, operations["createMessage"], None, {}, mock.catalogue)
    check_request(account, operations["runTasks"], None, [{}], mock.catalogue)


def test_a_key_in_use_passes() -> None:
    check_key(Account())
