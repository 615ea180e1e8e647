"""Bad input: an error in the provider's own envelope that names field and rule, never a 500."""

from typing import Any

import httpx2
import pytest

from contract_tests import laws
from contract_tests.conftest import FreshKey
from contract_tests.samples import Sample, samples
from contract_tests.target import PROVIDERS, Target

PATH = "/v1/chat/completions"
TURN = {"role": "user", "content": "hi"}
CHAT: dict[str, Any] = {"model": "deepseek-ai/DeepSeek-V3", "messages": [TURN]}
POSTS = [each for name in PROVIDERS for each in samples(name) if each.method == "POST"]

# A change to a good request, and the field and words that its refusal has to have.
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "no model": ({"model": ...}, "model", "is required"),
    "no messages": ({"messages": ...}, "messages", "is required"),
    "no turns": ({"messages": []}, "messages", "fewer than 1 item"),
    "a strange role": (
        {"messages": [{**TURN, "role": "robot"}]},
        "messages[0].role",
        "'robot' is not one of system, user, assistant, tool",
    ),
    "no content": ({"messages": [{"role": "user"}]}, "messages[0].content", "is required"),
    "a number as content": (
        {"messages": [TURN, {"role": "user", "content": 7}]},
        "messages[1].content",
        "7 is not of type array",
    ),
    "a part without text": (
        {"messages": [{"role": "user", "content": [{"type": "text"}]}]},
        "messages[0].content[0].text",
        "is required",
    ),
    "a strange part": (
        {"messages": [{"role": "user", "content": [{"type": "smell"}]}]},
        "messages[0].content[0].type",
        "'smell' is not one of",
    ),
    "too warm": ({"temperature": 2.5}, "temperature", "2.5 is greater than the maximum of 2"),
    "a text as temperature": ({"temperature": "hot"}, "temperature", "'hot' is not of type number"),
    "no tokens": ({"max_tokens": 0}, "max_tokens", "less than the minimum of 1"),
    "half a token": ({"max_tokens": 1.5}, "max_tokens", "1.5 is not of type integer"),
    "five stops": ({"stop": ["a", "b", "c", "d", "e"]}, "stop", "more than 4 items"),
    "a word as stream": ({"stream": "yes"}, "stream", "'yes' is not of type boolean"),
    "options without stream": ({"stream_options": {}}, "stream_options", "only beside `stream"),
    "a bad tool name": (
        {"tools": [{"type": "function", "function": {"name": "two words"}}]},
        "tools[0].function.name",
        "does not match",
    ),
}
UNREADABLE = {
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


@pytest.fixture(params=["runcrate", "ruapi"])
def headers(request: pytest.FixtureRequest, target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of a provider of chat."""
    if request.param not in target.keys:
        pytest.skip(f"{request.param} is not asked for")
    return {"Authorization": f"Bearer {key(request.param)}"}


@pytest.mark.parametrize(("change", "param", "rule"), WRONG.values(), ids=WRONG)
def test_the_error_names_field_and_rule(
    change: dict[str, Any],
    param: str,
    rule: str,
    client: httpx2.Client,
    headers: dict[str, str],
    target: Target,
) -> None:
    body = {name: value for name, value in (CHAT | change).items() if value is not ...}
    response = client.post(PATH, json=body, headers=headers)
    assert response.status_code in ((400, 404, 422) if target.paid else (400,))
    error = response.json()["error"]
    assert error["message"]
    if not target.paid:
        laws.a_refusal_names_field_and_rule(error, param, rule)


@pytest.mark.mock_only
@pytest.mark.parametrize("body", UNREADABLE.values(), ids=UNREADABLE)
@pytest.mark.parametrize("sample", POSTS, ids=lambda sample: sample.name)
def test_unreadable_bodies_are_a_400(
    sample: Sample, body: bytes, client: httpx2.Client, key: FreshKey
) -> None:
    kind = "multipart/form-data; boundary=b" if sample.form else "application/json"
    sent = {"Authorization": f"Bearer {key(sample.provider)}", "Content-Type": kind}
    response = client.post(sample.path, content=body, headers=sent)
    assert response.status_code == 400
    answer = response.json()
    assert answer.get("errors") or answer["error"]["message"]


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
    assert response.status_code == (415 if "415" in sample.operation["responses"] else 400)


@pytest.mark.mock_only
def test_an_unknown_path_is_a_404_in_the_words_of_the_keys_provider(
    client: httpx2.Client, key: FreshKey
) -> None:
    bearer = {"Authorization": f"Bearer {key('runcrate')}"}
    assert client.get("/v1/nothing", headers=bearer).json()["error"]["code"] == "not_found"
    doubled = client.post("/v1/v1/messages", headers={"x-api-key": key("ruapi")})
    assert doubled.status_code == 404
    assert doubled.json()["type"] == "error"
    assert client.get("/").status_code == 404


@pytest.mark.mock_only
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_a_wrong_method_is_a_405_that_names_the_right_one(
    method: str, client: httpx2.Client
) -> None:
    response = client.request(method, PATH)
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"
    assert response.json()["error"]["message"]


@pytest.mark.mock_only
def test_a_body_over_the_limit_is_a_413(client: httpx2.Client, headers: dict[str, str]) -> None:
    turn = {"role": "user", "content": "x" * 25_000_001}
    response = client.post(PATH, json={**CHAT, "messages": [turn]}, headers=headers)
    assert response.status_code == 413
    assert response.json()["error"]["message"]


@pytest.mark.mock_only
@pytest.mark.parametrize("sample", POSTS, ids=lambda sample: sample.name)
def test_every_documented_status_can_be_asked_for(
    sample: Sample, client: httpx2.Client, key: FreshKey
) -> None:
    for status in sample.operation["responses"]:
        sent = {"Authorization": f"Bearer {key(sample.provider)}", "Prefer": f"code={status}"}
        assert sample.send(client, sent).status_code == int(status)


def test_every_answer_has_a_request_id(client: httpx2.Client, headers: dict[str, str]) -> None:
    good = client.post(PATH, json=CHAT, headers=headers).headers["x-request-id"]
    bad = client.post(PATH, json={}, headers=headers).headers["x-request-id"]
    assert good and bad and good != bad
