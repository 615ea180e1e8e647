"""What of the contract a client's exchanges have met."""

from pathlib import Path
from typing import Any

from mock_server.mock import Mock
from mock_server.verdict import judge
from mock_server.verdict.contract import Contract
from mock_server.verdict.coverage import coverage
from mock_server.verdict.record import Record
from tests.suspect import Suspect
from tests.world import ask, new_mock, post

STREAM = {"content-type": "text/event-stream; charset=utf-8"}


def chat(suspect: Suspect) -> Any:
    return suspect.verdict().coverage["operations"]["createChatCompletion"]


def test_operations_are_those_of_the_key(mock: Mock) -> None:
    mock.journal.reset()
    mine = Suspect(mock, "sk-mine")
    mine.sent(0)
    operations = mine.verdict().coverage["operations"]
    assert set(operations) == {
        "createChatCompletion",
        "createMessage",
        "listModels",
        "retrieveModel",
    }
    assert operations["listModels"]["exchanges"] == 0


def test_statuses_are_met_missing_or_not_documented(suspect: Suspect) -> None:
    for status in (200, 200, 429, 418):
        suspect.sent(0, status, body=ask(str(status)))
    suspect.sent(1, 0, took=None, body=ask("under way"))
    told = chat(suspect)
    assert told["exchanges"] == 5
    assert told["statuses"]["met"] == {"200": 2, "429": 1}
    assert told["statuses"]["undocumented"] == [418]
    assert "402" in told["statuses"]["missing"] and "200" not in told["statuses"]["missing"]


def test_streams_and_whole_answers_are_told_apart(suspect: Suspect) -> None:
    suspect.sent(0, told=STREAM)
    suspect.sent(1, told={"content-type": "application/json"}, body=ask("b"))
    suspect.sent(2, 400, told={"content-type": "application/json"}, body=ask("c"))
    assert chat(suspect)["streams"] == {"streamed": 1, "whole": 1}
    assert suspect.verdict().coverage["operations"]["createImage"]["streams"] is None


def test_faults_are_told_with_what_they_do(mock: Mock, suspect: Suspect) -> None:
    suspect.sent(0, faults=["stall", "crlf"])
    suspect.sent(1, faults=["stall"], body=ask("b"))
    effects = {"stall": "stalled", "crlf": "harmless", "other": "cut", "breach": None}
    contract = Contract(mock.spec, effects)
    record = Record([*mock.journal.entries()], contract, 0, 0)
    told = coverage([record], contract)["faults"]
    assert told["met"] == {"stall": "stalled", "crlf": "harmless"}
    assert told["times"] == {"stall": 2, "crlf": 1}
    assert told["missing_effects"] == ["cut"]


def test_somebody_elses_contract_has_coverage_too(tmp_path: Path) -> None:
    file = tmp_path / "openapi.yaml"
    file.write_text(
        "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"
        "paths: {/things: {get: {responses: {2XX: {description: ok}, default: {description: no}}}}}"
    )
    mock = new_mock(spec=file)
    post(mock, "/things", b"", method="GET", key=None)
    told = judge(mock).coverage["operations"]["GET /things"]
    assert told["exchanges"] == 1
    assert told["statuses"] == {"met": {"2XX": 1}, "missing": ["default"], "undocumented": []}
