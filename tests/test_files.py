"""Whole files, parts of them and what is known already, at the address of a picture."""

from urllib.parse import urlsplit

import pytest

from mock_server.mock import Mock
from tests.world import Answered, new_mock, post

PAINTED = {"model": "m", "prompt": "a boat", "size": "256x256"}


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock(rate_limit=0)


@pytest.fixture(scope="module")
def path(mock: Mock) -> str:
    [entry] = post(mock, "/v1/images/generations", PAINTED).json["data"]
    return str(urlsplit(entry["url"]).path)


@pytest.fixture(scope="module")
def whole(mock: Mock, path: str) -> Answered:
    return fetch(mock, path)


def fetch(mock: Mock, path: str, *, method: str = "GET", **headers: str) -> Answered:
    """The file, asked for with these headers; `if_range` is If-Range."""
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return post(mock, path, b"", key=None, method=method, headers=sent)


def test_a_whole_file_says_that_parts_can_be_had(whole: Answered) -> None:
    assert whole.status == 200
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-type"] == "image/png"
    assert "content-range" not in whole.headers


@pytest.mark.parametrize(
    ("asked", "part"),
    [
        ("bytes=0-0", slice(0, 1)),
        ("bytes=0-99", slice(0, 100)),
        ("bytes=100-", slice(100, None)),
        ("bytes=-100", slice(-100, None)),
        ("bytes=-99999999999", slice(None)),
        ("bytes=10-99999999999", slice(10, None)),
        ("BYTES=5-6", slice(5, 7)),
        (" bytes=5-6 ", slice(5, 7)),
    ],
)
def test_a_part_is_what_was_asked_for(
    asked: str, part: slice, mock: Mock, path: str, whole: Answered
) -> None:
    answer, length = fetch(mock, path, range=asked), len(whole.body)
    assert answer.status == 206
    assert answer.body == whole.body[part]
    first, end, _ = part.indices(length)
    assert answer.headers["content-range"] == f"bytes {first}-{end - 1}/{length}"
    assert answer.headers["etag"] == whole.headers["etag"]


@pytest.mark.parametrize("asked", ["bytes=0-1,5-6", "bytes=5-4", "bytes=", "bytes=-", "lines=1-2"])
def test_what_is_no_range_or_several_gets_the_whole(
    asked: str, mock: Mock, path: str, whole: Answered
) -> None:
    answer = fetch(mock, path, range=asked)
    assert (answer.status, answer.body) == (200, whole.body)


@pytest.mark.parametrize("asked", ["bytes=999999999-", "bytes=-0", "bytes=999999-9999999"])
def test_a_part_behind_the_end_is_refused_with_the_length(
    asked: str, mock: Mock, path: str, whole: Answered
) -> None:
    answer = fetch(mock, path, range=asked)
    assert answer.status == 416
    assert answer.headers["content-range"] == f"bytes */{len(whole.body)}"
    assert answer.json["error"]["code"] == "range_not_satisfiable"
    assert answer.json["error"]["param"] == "Range"


def test_head_tells_of_the_whole_whatever_range_it_names(
    mock: Mock, path: str, whole: Answered
) -> None:
    answer = fetch(mock, path, method="HEAD", range="bytes=0-9")
    assert (answer.status, len(answer.body)) == (200, len(whole.body))


def test_a_part_is_of_the_file_that_the_client_has_begun_with(
    mock: Mock, path: str, whole: Answered
) -> None:
    tag = whole.headers["etag"]
    assert fetch(mock, path, range="bytes=0-9", if_range=tag).status == 206
    for other in ('"other"', f"W/{tag}", "Wed, 21 Oct 2026 07:28:00 GMT"):
        assert fetch(mock, path, range="bytes=0-9", if_range=other).status == 200


@pytest.mark.parametrize("shape", ["{0}", "W/{0}", '"x", {0}', "*"])
def test_what_is_known_is_not_sent_again(
    shape: str, mock: Mock, path: str, whole: Answered
) -> None:
    answer = fetch(mock, path, if_none_match=shape.format(whole.headers["etag"]), range="bytes=0-9")
    assert (answer.status, answer.body) == (304, b"")
    assert answer.headers["etag"] == whole.headers["etag"]
