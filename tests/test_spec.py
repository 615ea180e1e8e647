"""What stands at a path, and what the reader finds in the contract."""

from typing import Any

import pytest

from mock_server.document import Document
from mock_server.reader import read
from tests.world import new_mock

SPEC = new_mock().spec


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/v1", ["POST"]),
        ("/v1/chat/completions", ["POST"]),
        ("/v1/videos", ["POST"]),
        ("/v1/videos/vid_1", ["GET"]),
        ("/v1/videos/a.b-c~d", ["GET"]),
        ("/v1/videos/vid_1/download", ["GET"]),
        ("/v1/models", ["GET"]),
        ("/v1/models/gpt-5", ["GET"]),
        ("/v1/models/deepseek-ai/DeepSeek-V3", ["GET"]),
    ],
)
def test_paths_lead_to_their_operations(path: str, methods: list[str]) -> None:
    route = SPEC.route(path)
    assert route is not None
    assert list(route.operations) == methods


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/",
        "/v1/",
        "/v1//chat/completions",
        "/v1/videos/",
        "/v1/videos//download",
        "/v1/videos/a/b",
        "/v1/models/",
        "/v1/v1",
        "//v1",
    ],
)
def test_other_paths_lead_nowhere(path: str) -> None:
    assert SPEC.route(path) is None


def test_the_values_of_path_parameters_are_found() -> None:
    route = SPEC.route("/v1/videos/vid_1/download")
    assert route is not None
    assert route.parameters == {"id": "vid_1"}


@pytest.mark.parametrize("id", ["gpt-5", "deepseek-ai/DeepSeek-V3", "a/b/c", "/", "a b\n%2F?"])
def test_a_parameter_that_spans_segments_takes_its_slashes_with_it(id: str) -> None:
    route = SPEC.route(f"/v1/models/{id}")
    assert route is not None
    assert route.parameters == {"model": id}


@pytest.mark.parametrize(
    ("path", "found", "parameters"),
    [
        ("/files/a/b", "/files/{path}", {"path": "a/b"}),
        ("/files/a", "/files/{path}", {"path": "a"}),
        ("/files/a/meta", "/files/{path}/meta", {"path": "a"}),
        ("/files/a/b/meta", "/files/{path}/meta", {"path": "a/b"}),
        ("/files/new", "/files/new", {}),
        ("/files/a/parts/7", "/files/{name}/parts/{number}", {"name": "a", "number": "7"}),
    ],
)
def test_what_spans_segments_gives_way_to_what_is_plainer(
    path: str, found: str, parameters: dict[str, str]
) -> None:
    def item(*names: str) -> dict[str, Any]:
        spans = {"x-spans-segments": True}
        each = [
            {"name": name, "in": "path", "required": True, **(spans if name == "path" else {})}
            for name in names
        ]
        return {"parameters": each, "get": {"responses": {}}}

    spec = read(
        Document(
            {
                "openapi": "3.1.0",
                "paths": {
                    "/files/{path}": item("path"),
                    "/files/{path}/meta": item("path"),
                    "/files/{name}/parts/{number}": item("name", "number"),
                    "/files/new": item(),
                },
            }
        )
    )
    route = spec.route(path)
    assert route is not None
    assert route.operations["GET"].path == found
    assert route.parameters == parameters


def test_providers_are_read_with_their_limits_and_words() -> None:
    assert SPEC.providers["runcrate"].rate_limit == (60, 60.0)
    assert SPEC.providers["ruapi"].rate_limit is None
    assert SPEC.providers["runcrate"].silence == ""
    assert SPEC.providers["ruapi"].silence is None


def test_every_operation_has_an_id_of_its_own() -> None:
    ids = [operation.id for operation in SPEC.operations]
    assert len(ids) == len(set(ids)) == 13
