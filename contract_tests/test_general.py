"""What holds for every operation: statuses, types, schemas, paths, methods, request ids."""

import json
from typing import Any, Final

import httpx2
import pytest

from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.samples import Sample, samples
from contract_tests.target import PROVIDERS, Target
from contract_tests.view import provider_view

TURNS: Final = [{"role": "user", "content": "hi"}]
CHAT: Final = {"model": "deepseek-ai/DeepSeek-V3", "messages": TURNS}
SPEECH: Final = {"model": "hexgrad/Kokoro-82M", "input": "Hello."}
ALL: Final = [sample for provider in PROVIDERS for sample in samples(provider)]
POSTS: Final = [sample for sample in ALL if sample.method == "POST"]
SHOWN: Final = [
    pytest.param(provider, path, example["value"], id=f"{provider}-{path}-{name}")
    for provider in PROVIDERS
    for path, item in provider_view(provider, own_host=True)["paths"].items()
    for name, example in item.get("post", {})
    .get("requestBody", {})
    .get("content", {})
    .get("application/json", {})
    .get("examples", {})
    .items()
]
ODD: Final[dict[str, Any]] = {
    "a strange path": ("GET", "/v1/%00/\u00e9"),
    "a strange method": ("PROPFIND", "/v1/models"),
    "no model": ("GET", "/v1/models/%2F%2F"),
    "half a chat": ("POST", "/v1/chat/completions"),
    "half a message": ("POST", "/v1/messages"),
}
Bearer = dict[str, str]


@pytest.fixture(params=["runcrate", "ruapi", "runware"])
def provider(request: pytest.FixtureRequest, target: Target) -> str:
    """Each of the providers that are asked for."""
    if request.param not in target.keys:
        pytest.skip(f"{request.param} is not asked for")
    return str(request.param)


@pytest.fixture
def bearer(provider: str, key: FreshKey) -> Bearer:
    """Its credentials."""
    return {"Authorization": f"Bearer {key(provider)}"}


def _of(sample: Sample, target: Target, key: FreshKey) -> Bearer:
    if sample.provider not in target.keys:
        pytest.skip(f"{sample.provider} is not asked for")
    return {"Authorization": f"Bearer {key(sample.provider)}"}


@pytest.mark.clauses(
    "statuses-are-documented",
    "types-are-documented",
    "answers-keep-their-schema",
    "headers-keep-their-schema",
    "answers-have-a-request-id",
)
@pytest.mark.mock_only  # of live servers, every other test sees it too
@pytest.mark.parametrize("sample", ALL, ids=lambda sample: sample.name)
def test_an_answer_is_as_documented(
    sample: Sample, client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    response = sample.send(client, _of(sample, target, key))
    expect_status(response, 404 if "{id}" in sample.template else 200)


@pytest.mark.clauses("events-keep-their-schema")
@pytest.mark.parametrize("provider", ["runcrate", "ruapi"], indirect=True)
def test_events_are_as_documented(client: httpx2.Client, bearer: Bearer) -> None:
    body = {**CHAT, "max_tokens": 8, "stream": True}
    expect_status(client.post("/v1/chat/completions", json=body, headers=bearer), 200)


@pytest.mark.clauses("the-type-is-the-one-asked-for")
@pytest.mark.parametrize(("form", "type_"), [("mp3", "audio/mpeg"), ("pcm", "audio/pcm")])
@pytest.mark.parametrize("provider", ["runcrate"], indirect=True)
def test_speech_comes_in_the_type_asked_for(
    form: str, type_: str, client: httpx2.Client, bearer: Bearer
) -> None:
    body = {**SPEECH, "response_format": form}
    response = client.post("/v1/audio/speech", json=body, headers=bearer)
    expect_status(response, 200)
    came = response.headers.get("content-type", "").partition(";")[0]
    assert came == type_, f"{form} comes as {came!r}, not as {type_}"


@pytest.mark.clauses("good-requests-are-taken")
@pytest.mark.mock_only  # a live server would have to be paid for each of them
@pytest.mark.parametrize(("name", "path", "body"), SHOWN)
def test_what_the_contract_shows_is_taken(
    name: str, path: str, body: Any, client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    if name not in target.keys:
        pytest.skip(f"{name} is not asked for")
    response = client.post(path, json=body, headers={"Authorization": f"Bearer {key(name)}"})
    if name == "runware" and response.status_code == 404:
        pytest.skip("it asks after a task that nobody has sent")
    expect_status(response, 200)


@pytest.mark.clauses("bad-requests-are-refused")
@pytest.mark.parametrize("sample", POSTS, ids=lambda sample: sample.name)
def test_a_body_that_says_nothing_is_refused(
    sample: Sample, client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    bearer = _of(sample, target, key)
    sent: dict[str, Any] = {"files": {"nothing": b""}} if sample.form else {"json": {}}
    expect_status(client.post(sample.path, headers=bearer, **sent), 400, 422)


@pytest.mark.clauses("bodies-come-as-json")
@pytest.mark.parametrize("type_", ["application/json", "application/json; charset=utf-8"])
@pytest.mark.parametrize("provider", PROVIDERS, indirect=True)
def test_json_is_read_as_json(
    type_: str, provider: str, client: httpx2.Client, bearer: Bearer, target: Target
) -> None:
    # The client looks for the target's model in place of this one where it writes the JSON itself.
    model = target.file.model("chat-completions", "gpt-5")
    chat = json.dumps({"model": model, "max_tokens": 8, "messages": TURNS})
    ping = '[{"taskType": "ping", "ping": true}]'
    path, text = ("/v1", ping) if provider == "runware" else ("/v1/chat/completions", chat)
    headers = {**bearer, "Content-Type": type_}
    expect_status(client.post(path, content=text, headers=headers), 200)


@pytest.mark.clauses("nothing-fails-inside")
@pytest.mark.mock_only
@pytest.mark.parametrize(("method", "path"), ODD.values(), ids=ODD)
def test_odd_requests_break_nothing(
    method: str, path: str, client: httpx2.Client, bearer: Bearer
) -> None:
    headers = {**bearer, "Content-Type": "application/json"}
    response = client.request(method, path, headers=headers, content=b'{"model":')
    expect_status(response, 400, 401, 404, 405)


@pytest.mark.clauses("other-methods-are-a-405", "a-405-names-the-methods")
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_a_wrong_method_is_a_405(method: str, client: httpx2.Client, bearer: Bearer) -> None:
    response = client.request(method, "/v1/chat/completions", headers=bearer)
    expect_status(response, 405)


@pytest.mark.clauses("a-405-names-the-methods")
@pytest.mark.mock_only
def test_options_are_a_405_too(client: httpx2.Client) -> None:
    response = client.request("OPTIONS", "/v1/chat/completions")
    expect_status(response, 405)
    assert response.headers["allow"] == "POST"


@pytest.mark.clauses("unknown-paths-are-a-404")
@pytest.mark.parametrize("path", ["/v1/nothing", "/v2/chat/completions"])
def test_an_unknown_path_is_a_404(path: str, client: httpx2.Client, bearer: Bearer) -> None:
    expect_status(client.get(path, headers=bearer), 404)


@pytest.mark.clauses("a-doubled-v1-is-a-404")
@pytest.mark.parametrize("provider", ["ruapi"], indirect=True)
def test_a_doubled_v1_is_a_404(provider: str, client: httpx2.Client, key: FreshKey) -> None:
    response = client.post("/v1/v1/messages", headers={"x-api-key": key(provider)})
    expect_status(response, 404)


@pytest.mark.clauses("lost-requests-get-an-envelope")
@pytest.mark.mock_only
def test_a_lost_request_is_refused_in_the_words_of_the_keys_provider(
    client: httpx2.Client, key: FreshKey
) -> None:
    bearer = {"Authorization": f"Bearer {key('runcrate')}"}
    assert client.get("/v1/nothing", headers=bearer).json()["error"]["code"] == "not_found"
    doubled = client.post("/v1/v1/messages", headers={"x-api-key": key("ruapi")})
    assert doubled.json()["type"] == "error"
    assert client.get("/").json()["error"]["message"]
    assert client.put("/v1/chat/completions").json()["error"]["message"]


@pytest.mark.clauses("request-ids-differ")
def test_no_two_answers_have_the_same_request_id(
    provider: str, client: httpx2.Client, bearer: Bearer
) -> None:
    path = "/v1" if provider == "runware" else "/v1/chat/completions"
    answers = [client.post(path, json=body, headers=bearer) for body in ({}, {"model": 7})]
    ids = [answer.headers.get("x-request-id") for answer in answers]
    if None in ids:
        pytest.skip("no answer has one")
    assert ids[0] != ids[1], f"two answers have the id {ids[0]}"


@pytest.mark.clauses("documented-statuses-can-be-asked-for")
@pytest.mark.mock_only
@pytest.mark.parametrize("sample", POSTS, ids=lambda sample: sample.name)
def test_every_documented_status_can_be_asked_for(
    sample: Sample, client: httpx2.Client, key: FreshKey, target: Target
) -> None:
    for status in sample.operation["responses"]:
        sent = {**_of(sample, target, key), "Prefer": f"code={status}"}
        expect_status(sample.send(client, sent), int(status))
