"""What stands at a path, and what the reader finds in the contract."""

import pytest

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


def test_providers_are_read_with_their_limits_and_words() -> None:
    assert SPEC.providers["runcrate"].rate_limit == (60, 60.0)
    assert SPEC.providers["ruapi"].rate_limit is None
    assert SPEC.providers["runcrate"].silence == ""
    assert SPEC.providers["ruapi"].silence is None


def test_every_operation_has_an_id_of_its_own() -> None:
    ids = [operation.id for operation in SPEC.operations]
    assert len(ids) == len(set(ids)) == 12
