"""The list of models and each of them, for the provider whose key came."""

from typing import Any

import pytest

from mock_server.mock import Mock
from tests.world import NOW, Answered, new_mock, post

Json = Any


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock(rate_limit=0)


def get(mock: Mock, path: str, **more: Any) -> Answered:
    return post(mock, path, b"", method="GET", **more)


@pytest.mark.parametrize(
    ("key", "own", "other"),
    [
        ("rc_live_test", "deepseek-ai/DeepSeek-V3", "gpt-5"),
        ("sk-test", "gpt-5", "deepseek-ai/DeepSeek-V3"),
    ],
)
def test_the_key_decides_whose_models_there_are(mock: Mock, key: str, own: str, other: str) -> None:
    answer = get(mock, "/v1/models", key=key)
    assert answer.status == 200
    assert answer.json["object"] == "list"
    models = {model["id"]: model for model in answer.json["data"]}
    assert own in models
    assert other not in models
    for id_, model in models.items():
        one = get(mock, f"/v1/models/{id_}", key=key)
        assert one.status == 200
        assert one.json == model
        assert model["object"] == "model"
    assert get(mock, f"/v1/models/{other}", key=key).status == 404


def test_time_changes_nothing(mock: Mock) -> None:
    now, later = get(mock, "/v1/models"), get(mock, "/v1/models", now=NOW + 1_000_000)
    assert now.body == later.body


@pytest.mark.parametrize(
    "id_",
    ["nobody/knows", "deepseek-ai", "deepseek-ai/DeepSeek-V3/", "/", "deepseek-ai/deepseek-v3"],
)
def test_a_model_that_is_not_listed_is_not_found(mock: Mock, id_: str) -> None:
    answer = get(mock, f"/v1/models/{id_}")
    assert answer.status == 404
    assert answer.json["error"] == {
        "message": f"model not found: '{id_}'",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    }


def test_a_long_id_is_not_repeated_whole(mock: Mock) -> None:
    answer = get(mock, f"/v1/models/{'x' * 5000}")
    assert answer.status == 404
    assert len(answer.json["error"]["message"]) < 150


def test_only_reading_is_allowed(mock: Mock) -> None:
    answer = post(mock, "/v1/models/gpt-5", b"", method="DELETE")
    assert answer.status == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_key_of_another_provider_is_refused(mock: Mock) -> None:
    assert get(mock, "/v1/models", key="runware_test").status == 401
    assert get(mock, "/v1/models", key=None).status == 401
