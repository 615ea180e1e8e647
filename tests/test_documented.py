"""Answers from a contract alone: any OpenAPI 3.0 or 3.1 file, its examples, else its schemas."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_server.answer import answer as spine
from mock_server.mock import Mock
from mock_server.source import DocumentError
from mock_server.wire import Call, Event, Reply
from tests.world import new_mock, post

PETS = Path(__file__).parent / "data" / "pets.yaml"


@pytest.fixture(scope="module")
def pets() -> Mock:
    return new_mock(spec=PETS)


def _get(mock: Mock, path: str, query: bytes = b"api_key=k", **more: Any) -> Any:
    return post(mock, path, b"", method="GET", key=None, query=query, **more)


def test_instances_fit_the_schema_and_look_like_something(pets: Mock) -> None:
    answer = _get(pets, "/pets")
    assert answer.status == 200
    pet = answer.json[0]
    assert pet["id"] > 0
    assert len(pet["name"]) >= 2
    assert int(answer.headers["x-total"]) >= 0


def test_the_same_request_gets_the_same_bytes_and_another_seed_others(pets: Mock) -> None:
    assert _get(pets, "/pets/5").body == _get(pets, "/pets/5").body
    others = {_get(new_mock(spec=PETS, seed=seed), "/pets/5").body for seed in range(4)}
    assert len(others) > 1


def test_paths_stand_with_and_without_the_servers_prefix(pets: Mock) -> None:
    assert _get(pets, "/api/v1/pets/5").body != b""
    assert _get(pets, "/api/v1/pets").status == _get(pets, "/pets").status == 200


def test_a_concrete_path_wins_over_a_template(pets: Mock) -> None:
    assert _get(pets, "/pets/mine").body == b"all mine"


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (b"api_key=k&limit=0", "limit: 0 is less than the minimum of 1"),
        (b"api_key=k&limit=many", "limit: 'many' is not of type integer"),
    ],
)
def test_bad_parameters_are_refused_in_the_documents_own_form(
    pets: Mock, query: bytes, words: str
) -> None:
    answer = _get(pets, "/pets", query)
    assert answer.status == 400
    assert answer.json["message"] == words
    assert isinstance(answer.json["code"], int)


def test_a_bad_path_parameter_is_refused_as_a_problem(pets: Mock) -> None:
    answer = _get(pets, "/pets/rex")
    assert answer.status == 400
    assert "id: 'rex' is not of type integer" in answer.body.decode()


def test_a_key_in_the_query_is_asked_for(pets: Mock) -> None:
    assert _get(pets, "/pets", b"").status == 401
    assert "query parameter 'api_key'" in _get(pets, "/pets", b"").json["message"]
    assert post(pets, "/pets/5", b"", method="DELETE", key=None).status == 204


def test_examples_come_by_name(pets: Mock) -> None:
    pet = {"id": 1, "name": "Bo"}
    sent = {"query": b"api_key=k", "key": None}
    assert post(pets, "/pets", pet, **sent).json == {"id": 7, "name": "Rex"}
    tom = post(pets, "/pets", pet, headers=[(b"prefer", b"example=tom")], **sent)
    assert tom.json == {"id": 8, "name": "Tom"}


def test_a_bad_body_is_answered_in_the_form_of_its_class(pets: Mock) -> None:
    answer = post(pets, "/pets", {"id": 0, "name": "x"}, query=b"api_key=k", key=None)
    assert answer.status == 400
    assert answer.json["message"]


def test_media_are_real_files(pets: Mock) -> None:
    answer = _get(pets, "/picture")
    assert answer.headers["content-type"] == "image/png"
    assert answer.body.startswith(b"\x89PNG")


def test_an_event_stream_is_made_of_events(pets: Mock) -> None:
    answer = _get(pets, "/news")
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert all(isinstance(event, Event) for event in answer.events)
    assert answer.events


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("swagger: '2.0'", "2.0"),
        ("openapi: 4.0.0", "4.0.0"),
        ("{", "not YAML"),
        ("just text", "OpenAPI"),
    ],
)
def test_what_cannot_be_served_is_said_in_a_sentence(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "api.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=words):
        new_mock(spec=path)


def test_a_document_in_json_is_served_as_well(tmp_path: Path) -> None:
    path = tmp_path / "pets.json"
    path.write_text(json.dumps(yaml.safe_load(PETS.read_text())))
    assert _get(new_mock(spec=path), "/pets/mine").body == b"all mine"


def test_a_documented_stream_is_sent_as_documented() -> None:
    body = {
        "model": "claude-opus-4-8",
        "max_tokens": 9,
        "stream": True,
        "messages": [{"role": "user", "content": "hi"}],
    }
    prefer = [(b"prefer", b"example=text")]
    answer = post(new_mock(), "/v1/messages", body, key="sk-x", headers=prefer)
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.body.startswith(b"event: message_start\ndata: ")
    assert answer.body.endswith(b'data: {"type":"message_stop"}\n\n')


@pytest.mark.parametrize(
    ("media_type", "at", "mark"),
    [("video/mp4", 4, b"ftyp"), ("audio/wav", 8, b"WAVE"), ("audio/mpeg", 0, b"\xff\xf3")],
)
def test_a_video_is_a_video_and_a_sound_a_sound(
    media_type: str, at: int, mark: bytes, tmp_path: Path
) -> None:
    operation = f"{{responses: {{'200': {{description: d, content: {{{media_type}: {{}}}}}}}}}}"
    answer = _get(_spec(tmp_path, operation), "/x", b"")
    assert answer.headers["content-type"] == media_type
    assert answer.body[at : at + len(mark)] == mark


def _spec(tmp_path: Path, operation: str) -> Mock:
    path = tmp_path / "api.yaml"
    head = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths:\n  /x:\n    get: "
    path.write_text(head + operation)
    return new_mock(spec=path)


@pytest.mark.parametrize(
    ("responses", "status"),
    [
        ("{'302': {description: elsewhere}, '404': {description: none}}", 302),
        ("{'4XX': {description: never}}", 400),
        ("{}", 200),
    ],
)
def test_without_a_documented_success_the_lowest_status_is_sent(
    tmp_path: Path, responses: str, status: int
) -> None:
    mock = _spec(tmp_path, f"{{responses: {responses}}}")
    assert _get(mock, "/x", b"").status == status


@pytest.mark.parametrize(
    "operation",
    [
        "{security: [{nope: []}], responses: {}}",
        "{responses: {abc: {description: a}}}",
        "{parameters: [{name: p, in: query, schema: {pattern: '('}}], responses: {}}",
    ],
)
def test_a_mistake_in_a_document_is_said_at_the_start(tmp_path: Path, operation: str) -> None:
    with pytest.raises(DocumentError):
        _spec(tmp_path, operation)


def test_problems_are_of_their_own_type_and_status(tmp_path: Path) -> None:
    schema = "{type: object, required: [status, detail], properties: {status: {type: integer}}}"
    problem = f"{{description: a, content: {{application/problem+json: {{schema: {schema}}}}}}}"
    parameter = "{name: p, in: query, required: true, schema: {type: integer}}"
    mock = _spec(tmp_path, f"{{parameters: [{parameter}], responses: {{'422': {problem}}}}}")
    answer = _get(mock, "/x", b"")
    assert answer.status == answer.json["status"] == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_subtitles_are_text_and_no_json() -> None:
    parts = [("model", b"m"), ("response_format", b"srt")]
    body = b"".join(
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (n.encode(), v)
        for n, v in parts
    )
    body += (
        b'--b\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nx\r\n--b--\r\n'
    )
    call = Call(
        "POST",
        "/v1/audio/transcriptions",
        b"",
        [
            (b"authorization", b"Bearer rc_live_x"),
            (b"content-type", b"multipart/form-data; boundary=b"),
            (b"prefer", b"example=words"),
        ],
        body,
        0.0,
    )
    reply, _ = spine(call, new_mock())
    assert isinstance(reply, Reply)
    assert reply.status == 200
    assert isinstance(reply.body, bytes)
    assert reply.body.startswith(b"1\n00:")
