"""The contract as the dashboard reads it."""

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from mock_server.control.api import control_app
from tests.world import Json, new_mock

BODIES = """
openapi: 3.1.0
info: {title: Bodies, version: "1"}
paths:
  /things:
    post:
      operationId: makeThing
      requestBody:
        content:
          application/xml: {schema: {type: object, required: [n], properties: {n: {const: 7}}}}
          application/json: {schema: {type: object, required: [n], properties: {n: {const: 7}}}}
          multipart/form-data: {schema: {type: object, required: [n], properties: {n: {const: 7}}}}
          text/json: {schema: {allOf: [{type: string}, {type: number}]}}
      responses: {200: {description: Made}}
"""
STRANGE = """
openapi: 3.1.0
info: {title: Strange, version: 2020-01-01}
paths:
  /things/{id}:
    get:
      parameters: [{name: id, in: path, required: true, schema: {type: string}}]
      responses:
        200: {description: A thing, content: {application/json: {
          schema: {type: number}, example: .inf}}}
"""


def told(**settings: Json) -> Json:
    return TestClient(control_app(new_mock(**settings))).get("/__mock__/contract").json()


def test_it_tells_whom_to_ask_how_and_with_which_key() -> None:
    contract = told()
    keys = {each["name"]: each["key"] for each in contract["providers"]}
    assert keys == {"runcrate": "rc_live_test", "ruapi": "sk-test", "runware": "runware_test"}
    [messages] = [each for each in contract["operations"] if each["path"] == "/v1/messages"]
    assert messages["providers"] == ["ruapi"]
    way = {"place": "header", "field": "x-api-key", "prefix": None, "provider": "ruapi"}
    [shown] = [each for each in messages["ways"] if each.items() >= way.items()]
    assert re.match(shown["pattern"], "sk-test")
    assert not re.match(shown["pattern"], "rc_live_test")


def test_each_operation_stands_in_the_document_that_comes_with_it() -> None:
    contract = told()
    for operation in contract["operations"]:
        node = contract["document"]["paths"][operation["path"]][operation["method"].lower()]
        assert node["operationId"] == operation["id"]


def test_a_document_with_values_that_json_does_not_have_is_told_too(tmp_path: Path) -> None:
    path = tmp_path / "strange.yaml"
    path.write_text(STRANGE)
    contract = told(spec=path)
    assert contract["document"]["info"]["title"] == "Strange"
    assert contract["operations"][0]["path"] == "/things/{id}"


@pytest.fixture
def bodies(tmp_path: Path) -> TestClient:
    path = tmp_path / "bodies.yaml"
    path.write_text(BODIES)
    return TestClient(control_app(new_mock(spec=path)))


def asked(client: TestClient, **query: str) -> Json:
    return client.get("/__mock__/contract/body", params=query)


def test_a_body_is_made_up_that_the_schema_takes(bodies: TestClient) -> None:
    for media_type in ("application/json", "multipart/form-data"):
        told = asked(bodies, operation="makeThing", type=media_type).json()
        assert told["value"]["n"] == 7
    xml = asked(bodies, operation="makeThing", type="application/xml").json()["value"]
    assert "<n>7</n>" in xml


@pytest.mark.parametrize(
    ("query", "param", "words"),
    [
        ({"operation": "makeNothing", "type": "text/json"}, "operation", "'makeNothing' is no"),
        ({}, "operation", "is no operation"),
        ({"operation": "makeThing", "type": "x/y"}, "type", "it takes application/xml, "),
        ({"operation": "makeThing", "type": "text/json"}, "type", "No body can be made up"),
    ],
    ids=str,
)
def test_a_body_that_cannot_be_is_told_in_words(
    bodies: TestClient, query: dict[str, str], param: str, words: str
) -> None:
    answer = asked(bodies, **query)
    assert answer.status_code == 400
    assert answer.json()["error"]["param"] == param
    assert words in answer.json()["error"]["message"]
