"""The journal as an archive: valid HAR 1.2, with all that browsers show."""

import json
from base64 import b64decode
from pathlib import Path

import jsonschema_rs
import pytest

from mock_server.codec import encode
from mock_server.control.har import har_of
from mock_server.control.masks import Masks
from mock_server.mock import Mock
from tests.test_exchanges import FORM, MULTIPART, made
from tests.test_runware_connection import PING, opened
from tests.world import NOW, Json, ask, new_mock

# That of the package har-schema, 2.0.0, in one file.
SCHEMA = json.loads((Path(__file__).parent / "data" / "har.json").read_text("utf-8"))
VALIDATOR = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)


@pytest.fixture
def mock() -> Mock:
    return new_mock()


def archived(mock: Mock) -> list[Json]:
    archive = json.loads(encode(har_of(mock.journal.entries(), Masks(mock))))
    VALIDATOR.validate(archive)
    assert archive["log"]["version"] == "1.2" and archive["log"]["creator"]["name"] == "understudy"
    entries: list[Json] = archive["log"]["entries"]
    return entries


def test_the_schema_finds_what_is_wrong() -> None:
    assert not VALIDATOR.is_valid({"log": {"version": "1.2", "creator": {}, "entries": []}})
    wrong = {"log": {"version": "1.2", "creator": {"name": "a", "version": "1"}, "entries": [{}]}}
    assert not VALIDATOR.is_valid(wrong)


def test_nothing_makes_a_valid_archive(mock: Mock) -> None:
    assert archived(mock) == []


def test_an_entry_has_the_request_the_answer_and_the_times(mock: Mock) -> None:
    exchange = made(mock, encode(ask("hi")), b'{"ok":true}', asked=ask("hi"))
    exchange.tokens, exchange.faults, exchange.finished = (3, 4), ["some-fault"], True
    (entry,) = archived(mock)
    assert entry["startedDateTime"] == "1970-01-01T00:00:05+00:00"
    assert (entry["time"], entry["timings"]["wait"], entry["timings"]["receive"]) == (500, 250, 250)
    request, response = entry["request"], entry["response"]
    assert request["url"] == "http://localhost/v1/chat/completions?a=1&b"
    assert request["queryString"] == [{"name": "a", "value": "1"}, {"name": "b", "value": ""}]
    assert json.loads(request["postData"]["text"]) == ask("hi")
    assert (response["status"], response["statusText"]) == (200, "OK")
    content = {"size": 11, "mimeType": "application/json", "text": '{"ok":true}'}
    assert response["content"] == content
    assert (entry["_prompt_tokens"], entry["_completion_tokens"]) == (3, 4)
    assert (entry["_faults"], entry["_id"]) == (["some-fault"], exchange.id)


def test_a_stream_is_archived_as_it_was_sent_and_by_its_events(mock: Mock) -> None:
    sent = b'event: a\ndata: {"b":1}\n\n: so\n\ndata: [DONE]\n\n'
    made(mock, b"{}", sent, answers=b"text/event-stream")
    (entry,) = archived(mock)
    assert entry["response"]["content"]["text"].encode() == sent
    assert [each.get("data") for each in entry["_events"]] == [{"b": 1}, None, "[DONE]"]


def test_a_form_is_archived_by_its_parts(mock: Mock) -> None:
    made(mock, FORM, asks=MULTIPART)
    (entry,) = archived(mock)
    assert entry["request"]["postData"]["params"] == [
        {"name": "model", "value": "whisper"},
        {"name": "file", "value": "(16 bytes of audio/mpeg)", "fileName": "a.mp3"},
    ]


def test_media_are_archived_in_base64_if_they_are_known_whole(mock: Mock) -> None:
    made(mock, b"{}", b"\x89PNG", answers=b"image/png")
    made(mock, b"{}", b"\x89PNG", answers=b"image/png", length=70_000)
    whole, part = (entry["response"]["content"] for entry in archived(mock))
    assert (b64decode(whole["text"]), whole["encoding"]) == (b"\x89PNG", "base64")
    assert "text" not in part and part["comment"] == "(70,000 bytes of image/png)"


def test_messages_of_a_websocket_are_archived_as_chromium_does(mock: Mock) -> None:
    connection = opened(mock)
    for message in connection.receive(encode([PING]), NOW):
        connection.delivered(message)
    (entry,) = archived(mock)
    assert entry["_resourceType"] == "websocket"
    assert entry["request"]["url"].startswith("ws://")
    said, heard = entry["_webSocketMessages"]
    assert (said["type"], json.loads(said["data"])) == ("send", [PING])
    assert heard["type"] == "receive" and "missingApiKey" in heard["data"]


@pytest.mark.parametrize("status", [0, 199, 529, 999])
def test_a_status_that_has_no_name_is_archived_all_the_same(mock: Mock, status: int) -> None:
    made(mock, None, b"").status = status
    (entry,) = archived(mock)
    assert (entry["response"]["status"], entry["response"]["statusText"]) == (status, "")
    assert entry["request"]["bodySize"] == -1


def test_an_exchange_that_goes_on_is_archived_as_far_as_it_came(mock: Mock) -> None:
    made(mock, b"{}", b"").took = None
    (entry,) = archived(mock)
    assert entry["time"] == 0
