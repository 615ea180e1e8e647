"""Data URIs are read as strictly as providers read them, and a fault is named with its place."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.data_uris import is_data_uri, read_data_uri


@pytest.mark.parametrize(
    "url",
    [
        "data:image/png;base64,YWI=",
        "DATA:image/PNG;BASE64,YWI=",
        "data:image/png;charset=utf-8;base64,YWI=",
        "data:image/png;name=a.png;base64,YWI=",
    ],
)
def test_forms_that_are_taken(url: str) -> None:
    uri = read_data_uri(url)
    assert is_data_uri(url)
    assert (uri.media_type, uri.size, uri.bytes()) == ("image/png", 2, b"ab")


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("data:image/png;base64", "has no comma"),
        ("data:" + "x" * 300 + ",YWI=", "has no comma"),
        ("data:,YWI=", "names no media type"),
        ("data:;base64,YWI=", "names no media type"),
        ("data:image/png,YWI=", "is not marked as base64"),
        ("data:image/png;base64;charset=utf-8,YWI=", "is not marked as base64"),
        ("data:image/png;base64,", "is empty"),
        ("data:image/png;base64,YWI", "no multiple of 4"),
        ("data:image/png;base64,YWJj=", "no multiple of 4"),
        ("data:image/png;base64,YWJjY===", "padding"),
        ("data:image/png;base64,YW==YWJj", r"padding \(=\) in the middle, at character 3"),
        ("data:image/png;base64,====", "padding"),
        ("data:image/png;base64,ab-_", "'-' at character 3; use the standard alphabet"),
        ("data:image/png;base64,abc%3D", "'%' at character 4; do not percent-encode"),
        ("data:image/png;base64,YWJj\nYWJj", r"'\\n' at character 5; leave out the line ends"),
        ("data:image/png;base64,YWJj YWJj", "' ' at character 5; leave out the blanks"),
        ("data:image/png;base64,яяяя", "'я' at character 1"),
    ],
)
def test_forms_that_are_refused(url: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        read_data_uri(url).bytes()


@given(st.binary(min_size=1, max_size=99))
def test_what_is_encoded_comes_back(data: bytes) -> None:
    uri = read_data_uri(f"data:a/b;base64,{base64.b64encode(data).decode()}")
    assert (uri.bytes(), uri.size) == (data, len(data))


def test_the_data_are_never_repeated() -> None:
    for url in ("data:" + "A" * 150 + ",x", "data:image/png;base64," + "A" * 999_999 + "-"):
        with pytest.raises(ValueError, match=r"^.{1,150}$"):
            read_data_uri(url).bytes()
