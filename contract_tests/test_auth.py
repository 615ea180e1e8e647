"""Who is let in: every operation is guarded, and says so in its provider's own words."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import httpx2
import pytest

from contract_tests.clauses import ledger
from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.samples import Sample, samples
from contract_tests.target import PROVIDERS, Target

ALL: Final = [sample for provider in PROVIDERS for sample in samples(provider)]
TURNS: Final = [{"role": "user", "content": "hi"}]
MESSAGE: Final = {"model": "claude-opus-4-8", "max_tokens": 8, "messages": TURNS}
CHAT: Final = {"model": "claude-opus-4-8", "max_completion_tokens": 8, "messages": TURNS}
REFUSED: Final = {
    "runcrate": "rc_live_invalid_1",
    "ruapi": "sk-invalid-1",
    "runware": "runware_invalid_1",
}
# What is no good key in `Authorization`, by the clause that says so.
STRANGE: Final[Mapping[str, Mapping[str, str | None]]] = {
    "auth-a-key-is-needed": {"no key": None},
    "auth-a-wrong-key-is-a-401": {"refused key": "Bearer {refused}", "scheme alone": "Bearer"},
    "auth-keys-are-bearers": {"another scheme": "Token {key}", "no scheme": "{key}"},
    "auth-a-stray-blank-is-a-401": {"blank inside": "Bearer {key} {key}"},
    "auth-other-stray-blanks-are-a-401": {"blank inside": "Bearer {key} {key}"},
    "auth-a-key-has-its-prefix": {"prefix alone": "Bearer {prefix}", "no prefix": "Bearer {bare}"},
}
# Of a key that was made up: no part of a true one goes where the whole would not.
BARE: Final = "4dY7vQm2Zs9Kx1Lp"
PREFIXES: Final = {"runcrate": "rc_live_", "ruapi": "sk-"}
SMOKE: Final = ("refused key-runcrate-createChatCompletion", "refused key-ruapi-createMessage")


def _strange() -> Iterator[Any]:
    for clause, ways in STRANGE.items():
        for sample in ALL:
            if sample.provider not in ledger().clauses[clause].providers:
                continue
            for name, way in ways.items():
                id = f"{name}-{sample.name}"
                marks = [pytest.mark.clauses(clause), *([pytest.mark.smoke] * (id in SMOKE))]
                yield pytest.param(sample, way, marks=marks, id=id)


@pytest.fixture(autouse=True)
def _asked_for(request: pytest.FixtureRequest, target: Target) -> None:
    params = request.node.callspec.params if hasattr(request.node, "callspec") else {}
    provider = params["sample"].provider if "sample" in params else params.get("provider", "ruapi")
    if provider not in target.keys:
        pytest.skip(f"{provider} is not asked for")


@pytest.mark.parametrize(("sample", "way"), list(_strange()))
def test_strange_credentials_are_a_401(
    sample: Sample, way: str | None, client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    prefix = PREFIXES.get(sample.provider, "")
    mine = key(sample.provider)
    bare = mine.removeprefix(prefix) if target.is_mock else BARE
    words = {"key": mine, "refused": REFUSED[sample.provider], "prefix": prefix, "bare": bare}
    headers = {"Authorization": way.format(**words)} if way else {}
    response = sample.send(client, headers)
    expect_status(response, 401)


@pytest.mark.clauses("auth-bearer-in-any-case")
@pytest.mark.mock_only  # a live server would have to be paid for each of them
@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
@pytest.mark.parametrize("scheme", ["bearer", "BEARER"])
def test_the_scheme_is_read_in_any_case(
    sample: Sample, scheme: str, client: httpx2.Client, key: FreshKey
) -> None:
    response = sample.send(client, {"Authorization": f"{scheme} {key(sample.provider)}"})
    # Whoever is let in may still ask for a video that is not there.
    expect_status(response, 404 if "{id}" in sample.template else 200)


@pytest.mark.clauses("operations-are-where-documented")
@pytest.mark.mock_only  # of live servers, every other test sees it too
@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_every_operation_is_there(sample: Sample, client: httpx2.Client, key: FreshKey) -> None:
    response = sample.send(client, {"Authorization": f"Bearer {key(sample.provider)}"})
    if "{id}" in sample.template:
        assert "video" in response.json()["error"]["message"]
    else:
        expect_status(response, 200)


@pytest.mark.clauses("auth-keys-of-others-are-refused")
@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_the_key_of_another_provider_is_a_401(
    sample: Sample, client: httpx2.Client, target: Target
) -> None:
    shared = [server["x-provider"] for server in sample.operation["servers"]]
    strangers = [each for each in PROVIDERS if each not in shared and target.keys.get(each)]
    if not strangers:
        pytest.skip("no key of another provider is known")
    for other in strangers:
        response = sample.send(client, {"Authorization": f"Bearer {target.keys[other]}"})
        # Runware's keys have no documented shape: only those of the other two are strange to it.
        expect_status(response, 401, of=f"a key of {other}")


@pytest.mark.clauses("auth-keys-of-vendors-are-refused")
@pytest.mark.parametrize("vendor", ["sk-ant-api03-understudy", "sk-proj-understudy"])
def test_keys_of_the_vendors_are_a_401(vendor: str, client: httpx2.Client) -> None:
    headers = {"Authorization": f"Bearer {vendor}"}
    response = client.post("/v1/messages", json=MESSAGE, headers=headers)
    expect_status(response, 401)


@pytest.mark.clauses("auth-comes-before-the-body")
@pytest.mark.mock_only
@pytest.mark.parametrize("provider", ["runcrate", "ruapi", "runware"])
def test_a_bad_key_is_a_401_even_with_a_bad_body(provider: str, client: httpx2.Client) -> None:
    path = {"ruapi": "/v1/messages", "runware": "/v1"}.get(provider, "/v1/chat/completions")
    headers = {"Authorization": f"Bearer {REFUSED[provider]}"}
    expect_status(client.post(path, content=b"{", headers=headers), 401)


@pytest.mark.clauses("auth-a-wrong-key-is-a-401")
@pytest.mark.mock_only
def test_an_empty_token_is_a_401(client: httpx2.Client, target: Target) -> None:
    if target.url is not None:
        pytest.skip("HTTP clients refuse to send it")
    expect_status(client.get("/v1/models", headers={"Authorization": "Bearer "}), 401)


@pytest.mark.clauses("auth-a-key-comes-once")
@pytest.mark.mock_only
@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_key_sent_twice_is_a_401(provider: str, client: httpx2.Client, key: FreshKey) -> None:
    value = f"Bearer {key(provider)}"
    headers = [("Authorization", value), ("Authorization", value)]
    path = "/v1" if provider == "runware" else "/v1/chat/completions"
    response = client.post(path, headers=headers, json=[])
    expect_status(response, 401)
    assert "more than once" in response.text


@pytest.mark.clauses("auth-messages-alone-read-x-api-key")
@pytest.mark.mock_only
@pytest.mark.parametrize("provider", ["runcrate", "ruapi"])
def test_a_key_in_x_api_key_is_none_to_chat(
    provider: str, client: httpx2.Client, key: FreshKey
) -> None:
    headers = {"x-api-key": key(provider)}
    response = client.post("/v1/chat/completions", json=CHAT, headers=headers)
    expect_status(response, 401)


@pytest.mark.clauses("auth-one-key-for-both-formats")
def test_one_key_is_good_for_both_formats(client: httpx2.Client, key: FreshKey) -> None:
    headers = {"Authorization": f"Bearer {key('ruapi')}"}
    for path, body in (("/v1/messages", MESSAGE), ("/v1/chat/completions", CHAT)):
        expect_status(client.post(path, json=body, headers=headers), 200)


@pytest.mark.clauses("auth-a-refusal-is-an-invalid-api-key")
@pytest.mark.parametrize("provider", ["runcrate"])
def test_a_refusal_has_the_documented_type_and_code(provider: str, client: httpx2.Client) -> None:
    headers = {"Authorization": f"Bearer {REFUSED[provider]}"}
    response = client.post("/v1/chat/completions", json=CHAT, headers=headers)
    expect_status(response, 401)
    code = response.json()["error"]["code"]
    assert code == "invalid_api_key", f"the code is {code!r}"


@pytest.mark.clauses("auth-a-refusal-says-so")
@pytest.mark.parametrize("path", ["/v1/messages", "/v1/chat/completions"])
def test_a_refusal_is_in_the_documented_words(path: str, client: httpx2.Client) -> None:
    body = MESSAGE if path == "/v1/messages" else CHAT
    response = client.post(path, json=body, headers={"Authorization": f"Bearer {REFUSED['ruapi']}"})
    expect_status(response, 401)
    message = response.json()["error"]["message"]
    assert "invalid api key" in message.lower(), f"the message is {message!r}"


@pytest.mark.clauses("auth-disabled-keys-are-refused")
@pytest.mark.mock_only
@pytest.mark.parametrize("path", ["/v1/messages", "/v1/chat/completions"])
def test_a_key_that_was_switched_off_is_a_401(
    path: str, client: httpx2.Client, key: FreshKey
) -> None:
    mine, body = key("ruapi"), MESSAGE if path == "/v1/messages" else CHAT
    headers = {"Authorization": f"Bearer {mine}"}
    statuses = []
    for is_off in (False, True):
        client.put(f"/__mock__/keys/{mine}", json={"disabled": is_off})
        statuses.append(client.post(path, json=body, headers=headers).status_code)
    assert statuses == [200, 401]


@pytest.mark.clauses("auth-spent-keys-stop")
@pytest.mark.mock_only
@pytest.mark.parametrize("path", ["/v1/messages", "/v1/chat/completions"])
def test_a_key_that_has_spent_its_limit_stops_and_others_go_on(
    path: str, client: httpx2.Client, key: FreshKey
) -> None:
    spent, other = key("ruapi"), key("ruapi")
    client.put(f"/__mock__/keys/{spent}", json={"spend_limit": 0})
    body = MESSAGE if path == "/v1/messages" else CHAT
    statuses = [
        client.post(path, json=body, headers={"Authorization": f"Bearer {each}"}).status_code
        for each in (spent, other)
    ]
    assert statuses == [402, 200]
