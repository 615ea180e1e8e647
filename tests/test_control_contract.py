"""The contract as the dashboard reads it."""

from pathlib import Path

from starlette.testclient import TestClient

from mock_server.control.api import control_app
from tests.world import Json, new_mock

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
    assert way in messages["ways"]


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
