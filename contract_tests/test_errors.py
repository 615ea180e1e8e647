"""How failures are told: each status provoked, in its provider's own envelope, never a 500."""

from typing import Any, Final

import httpx2
import pytest

from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.samples import Sample, samples
from contract_tests.target import PROVIDERS, Target

PATH: Final = "/v1/chat/completions"
TURN: Final = {"role": "user", "content": "hi"}
CHAT: Final[dict[str, Any]] = {"model": "deepseek-ai/DeepSeek-V3", "messages": [TURN]}
MESSAGE: Final = {"model": "claude-opus-4-8", "max_tokens": 8, "messages": [TURN]}
POSTS: Final = [each for name in PROVIDERS for each in samples(name) if each.method == "POST"]
EMBEDDING: Final = {"model": "BAAI/bge-large-en-v1.5", "input": "a"}
# What costs something, and to whom.
PAID: Final = [("runcrate", "/v1/embeddings"), ("ruapi", PATH), ("ruapi", "/v1/messages")]
LARGE: Final = 25_000_001
UNREADABLE: Final = {
    "nothing": b"",
    "half an object": b'{"model": "m", "messages": [',
    "not JSON": b"model=m",
    "trailing comma": b'{"model": "m",}',
    "NaN": b'{"model": "m", "temperature": NaN}',
    "beyond numbers": b'{"model": "m", "temperature": 1e999}',
    "a name twice": b'{"model": "a", "model": "b"}',
    "a lone surrogate": b'{"model": "\\ud800"}',
    "wrong UTF-8": b'{"model": "\xff"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"model": "m"}'.encode("utf-16"),
    "a deep hole": b"[" * 100_000,
    "a deep nest": b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    "a bare array": b"[]",
    "a bare number": b"9" * 5000,
}
# The statuses of messages, and the clause that names the type of each.
TYPES: Final = {
    400: "message-error-invalid-request",
    401: "message-error-authentication",
    402: "message-error-billing",
    403: "message-error-permission",
    404: "message-error-not-found",
    413: "message-error-too-large",
    429: "message-error-rate-limit",
    500: "message-error-api",
    504: "message-error-timeout",
    529: "message-error-overloaded",
}


@pytest.fixture(params=["runcrate", "ruapi"])
def headers(request: pytest.FixtureRequest, target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of a provider of chat."""
    if request.param not in target.keys:
        pytest.skip(f"{request.param} is not asked for")
    return {"Authorization": f"Bearer {key(request.param)}"}


@pytest.mark.clauses("errors-come-in-their-envelope")
@pytest.mark.parametrize(
    "headers", [pytest.param("runcrate", marks=pytest.mark.smoke), "ruapi"], indirect=True
)
def test_an_error_comes_in_its_envelope(client: httpx2.Client, headers: dict[str, str]) -> None:
    body = {"messages": [TURN], "max_tokens": 8}
    error = client.post(PATH, json=body, headers=headers).json()["error"]
    assert error["message"], "the error has no message"


@pytest.mark.clauses("errors-come-in-their-envelope")
@pytest.mark.mock_only
@pytest.mark.parametrize("path", ["/v1/messages", "/v1"])
def test_an_error_comes_in_the_envelope_of_its_format(
    path: str, client: httpx2.Client, key: FreshKey
) -> None:
    provider = "runware" if path == "/v1" else "ruapi"
    bearer = {"Authorization": f"Bearer {key(provider)}"}
    response = client.post(path, json={"model": 7}, headers=bearer)
    expect_status(response, 400)


@pytest.mark.clauses("errors-wrong-parameters-are-a-400")
@pytest.mark.parametrize("headers", ["runcrate"], indirect=True)
def test_a_wrong_parameter_is_a_400(client: httpx2.Client, headers: dict[str, str]) -> None:
    body = {"messages": [TURN], "max_tokens": 8}
    expect_status(client.post(PATH, json=body, headers=headers), 400, 422)


@pytest.mark.clauses("errors-are-coded-by-kind", "errors-name-the-field", "errors-say-the-rule")
@pytest.mark.mock_only
@pytest.mark.parametrize(
    ("change", "field"),
    [({"model": None}, "model"), ({"messages": [{**TURN, "role": 7}]}, "messages[0].role")],
)
def test_an_error_names_field_and_rule(
    change: dict[str, Any], field: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    error = client.post(PATH, json=CHAT | change, headers=headers).json()["error"]
    assert error["param"] == field


@pytest.mark.clauses("errors-unreadable-bodies-are-a-400")
@pytest.mark.mock_only
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("sample", POSTS, ids=lambda sample: sample.name)
def test_unreadable_bodies_are_a_400(
    sample: Sample, body: bytes, client: httpx2.Client, key: FreshKey
) -> None:
    kind = "multipart/form-data; boundary=b" if sample.form else "application/json"
    sent = {"Authorization": f"Bearer {key(sample.provider)}", "Content-Type": kind}
    expect_status(client.post(sample.path, content=body, headers=sent), 400)


@pytest.mark.clauses("errors-other-types-are-refused")
@pytest.mark.mock_only
@pytest.mark.parametrize("sample", POSTS, ids=lambda sample: sample.name)
@pytest.mark.parametrize("kind", ["text/plain", "application/xml", None])
def test_a_wrong_content_type_is_refused_as_the_provider_documents_it(
    sample: Sample, kind: str | None, client: httpx2.Client, key: FreshKey
) -> None:
    sent = {"Authorization": f"Bearer {key(sample.provider)}"}
    if kind:
        sent["Content-Type"] = kind
    response = client.post(sample.path, content=b"{}", headers=sent)
    expect_status(response, 415 if "415" in sample.operation["responses"] else 400)


@pytest.mark.clauses("errors-large-bodies-are-a-413")
@pytest.mark.mock_only
def test_a_body_over_the_limit_is_a_413(client: httpx2.Client, headers: dict[str, str]) -> None:
    turn = {"role": "user", "content": "x" * LARGE}
    response = client.post(PATH, json={**CHAT, "messages": [turn]}, headers=headers)
    expect_status(response, 413)


@pytest.mark.clauses("errors-no-balance-is-a-402")
@pytest.mark.mock_only
@pytest.mark.parametrize(("provider", "path"), PAID)
def test_who_has_no_balance_gets_a_402(
    provider: str, path: str, client: httpx2.Client, key: FreshKey
) -> None:
    expect_status(_without_balance(provider, path, client, key), 402)


@pytest.mark.clauses("errors-no-balance-says-so")
@pytest.mark.mock_only
@pytest.mark.parametrize(("provider", "path"), PAID[1:])
def test_who_has_no_balance_is_told_so(
    provider: str, path: str, client: httpx2.Client, key: FreshKey
) -> None:
    error = _without_balance(provider, path, client, key).json()["error"]
    assert "insufficient balance" in error["message"].lower()


def _without_balance(
    provider: str, path: str, client: httpx2.Client, key: FreshKey
) -> httpx2.Response:
    mine = key(provider)
    client.put(f"/__mock__/keys/{mine}", json={"balance": 0})
    bodies = {"/v1/embeddings": EMBEDDING, PATH: CHAT, "/v1/messages": MESSAGE}
    return client.post(path, json=bodies[path], headers={"Authorization": f"Bearer {mine}"})


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param("ruapi", marks=pytest.mark.clauses("errors-an-unknown-model-is-a-404")),
        pytest.param("runcrate", marks=pytest.mark.clauses("errors-an-unlisted-model-is-a-404")),
    ],
    indirect=True,
)
def test_an_unknown_model_is_a_404(
    client: httpx2.Client, headers: dict[str, str], target: Target
) -> None:
    expect_status(_of_no_model(client, headers, target), 404)


@pytest.mark.clauses("errors-an-unknown-model-says-so")
@pytest.mark.parametrize("headers", ["ruapi"], indirect=True)
def test_an_unknown_model_is_told_so(
    client: httpx2.Client, headers: dict[str, str], target: Target
) -> None:
    message = _of_no_model(client, headers, target).json()["error"]["message"]
    assert "model not found" in message.lower(), f"the message is {message!r}"


def _of_no_model(client: httpx2.Client, headers: dict[str, str], target: Target) -> httpx2.Response:
    if target.is_mock:
        mine = headers["Authorization"].removeprefix("Bearer ")
        client.put(f"/__mock__/keys/{mine}", json={"catalogue": "closed"})
    body = {**CHAT, "model": "nobody/knows-this-model", "max_tokens": 8}
    return client.post(PATH, json=body, headers=headers)


@pytest.mark.clauses("errors-a-closed-model-is-a-403")
@pytest.mark.mock_only
def test_a_model_that_the_key_may_not_use_is_a_403(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    mine = headers["Authorization"].removeprefix("Bearer ")
    client.put(f"/__mock__/keys/{mine}", json={"models": ["gpt-5"]})
    expect_status(client.post(PATH, json=CHAT, headers=headers), 403)


@pytest.mark.mock_only
@pytest.mark.parametrize(
    "status",
    [pytest.param(status, marks=pytest.mark.clauses(clause)) for status, clause in TYPES.items()],
)
def test_an_error_of_a_message_has_the_type_of_its_status(
    status: int, client: httpx2.Client, key: FreshKey
) -> None:
    sent = {"Authorization": f"Bearer {key('ruapi')}", "Prefer": f"code={status}"}
    response = client.post("/v1/messages", json=MESSAGE, headers=sent)
    assert response.json()["error"]["type"]
