from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.document import Document
from mock_server.errors import ApiError, Invalid
from mock_server.reader import read
from mock_server.validation import Content, check_body, is_json, read_body
from mock_server.wire import Call

JSON = "application/json"
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
SPEECH = {
    "type": "object",
    "required": ["model"],
    "additionalProperties": False,
    "properties": {
        "model": {"type": "string"},
        "speed": {"type": "number", "maximum": 4},
        "n": {"$ref": "#/components/schemas/Count"},
        "top_k": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        "stream": {"type": "boolean"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "seeds": {"type": "array", "items": {"type": "integer"}},
        "file": {"type": "string", "format": "binary"},
        "images": {"type": "array", "items": {"type": "string", "format": "binary"}},
    },
}
COUNT = {"type": "integer", "minimum": 1}


class Endpoint:
    """An operation that takes bodies of these media types."""

    def __init__(self, *media_types: str, required: bool = True, schema: Any = SPEECH) -> None:
        body: dict[str, Any] = {
            "required": required,
            "content": {name: {"schema": schema} for name in media_types},
        }
        node: dict[str, Any] = {"responses": {}} | ({"requestBody": body} if media_types else {})
        data = {
            "openapi": "3.1.0",
            "paths": {"/x": {"post": node}},
            "components": {"schemas": {"Count": COUNT}},
        }
        self.spec = read(Document(data))
        self.operation = self.spec.paths["/x"]["POST"]

    def read(self, body: bytes | None, *headers: tuple[str, str]) -> Content:
        sent = [(name.encode(), value.encode("latin-1")) for name, value in headers]
        call = Call("POST", "/x", b"", sent, body, 0.0)
        content, media = read_body(self.spec, call, self.operation)
        check_body(self.spec, content, media)
        return content

    def refusal(self, body: bytes | None, *headers: tuple[str, str]) -> ApiError:
        with pytest.raises(ApiError) as caught:
            self.read(body, *headers)
        assert len(caught.value.message) < 500
        return caught.value


def typed(media_type: str) -> tuple[str, str]:
    return "content-type", media_type


@pytest.mark.parametrize(
    "media_type",
    [
        JSON,
        "Application/JSON",
        "application/json; charset=utf-8",
        "application/json;charset=UTF-8",
        'application/json; charset="utf-8"',
        "application/json; charset=us-ascii",
        "application/json; profile=x",
        'application/json; charset=utf-8; profile="x"',
        "application/json; profile=x; charset=utf-8",
    ],
)
def test_json_is_taken_under_every_name_it_has(media_type: str) -> None:
    assert Endpoint(JSON).read(b'{"model":"m"}', typed(media_type)).value == {"model": "m"}


@pytest.mark.parametrize(
    "headers",
    [
        [],
        [typed("")],
        [typed("text/plain")],
        [typed("application/jsonp")],
        [typed("application/json, application/json")],
        [typed("application/json; charset=latin-1")],
        [typed("application/json; charset=utf-16")],
        [typed(JSON), typed(JSON)],
        [typed(JSON), ("content-encoding", "gzip")],
        [typed(JSON), ("content-encoding", "identity, br")],
        [typed(URLENCODED)],
        [typed("*/*")],
    ],
    ids=repr,
)
def test_a_body_of_another_kind_is_refused_and_told_which_is_wanted(
    headers: list[tuple[str, str]],
) -> None:
    error = Endpoint(JSON).refusal(b'{"model":"m"}', *headers)
    assert error.kind == "unsupported_media_type"
    assert JSON in error.message


@pytest.mark.parametrize("coding", ["identity", "Identity", "IDENTITY"])
def test_an_identity_coding_is_no_coding(coding: str) -> None:
    content = Endpoint(JSON).read(b'{"model":"m"}', typed(JSON), ("content-encoding", coding))
    assert content.value == {"model": "m"}


@pytest.mark.parametrize(
    ("documented", "sent"),
    [
        ("*/*", "audio/mpeg"),
        ("audio/*", "audio/mpeg"),
        ("audio/*", "Audio/MPEG; rate=1"),
        ("audio/mpeg", "audio/mpeg"),
        ("Audio/MPEG", "audio/mpeg"),
        ("audio/mpeg; rate=1", "audio/mpeg"),
    ],
)
def test_a_range_of_media_types_takes_all_in_it(documented: str, sent: str) -> None:
    content = Endpoint(documented, schema={"type": "string"}).read(b"\x00\xff", typed(sent))
    assert content.value == "\x00\xff"


@pytest.mark.parametrize(
    ("documented", "sent"),
    [("audio/*", "audiox/mpeg"), ("audio/*", "video/mp4"), ("audio/*", "audio")],
)
def test_a_range_of_media_types_takes_no_others(documented: str, sent: str) -> None:
    assert Endpoint(documented).refusal(b"x", typed(sent)).kind == "unsupported_media_type"


@pytest.mark.parametrize(
    ("media_type", "answer"),
    [
        (JSON, True),
        ("application/json; charset=utf-8", True),
        ("application/problem+json", True),
        ("application/vnd.api+json;v=1", True),
        ("application/jsonl", False),
        ("application/json-seq", False),
        ("text/json", False),
        ("", False),
    ],
)
def test_it_is_known_which_media_types_are_json(media_type: str, answer: bool) -> None:
    assert is_json(media_type) is answer


def test_a_suffix_of_json_makes_a_body_json() -> None:
    endpoint = Endpoint("application/vnd.api+json", schema={"type": "array"})
    assert endpoint.read(b"[1]", typed("application/vnd.api+json")).value == [1]


def test_text_is_read_as_utf8() -> None:
    endpoint = Endpoint("text/plain", schema={"type": "string", "maxLength": 1})
    assert endpoint.read("é".encode(), typed("text/plain")).value == "é"


def test_a_body_that_was_too_large_to_be_read_is_refused() -> None:
    assert Endpoint(JSON).refusal(None, typed(JSON)).kind == "body_too_large"
    assert Endpoint().refusal(None).kind == "body_too_large"


def test_a_body_that_nobody_asked_for_is_left_unread() -> None:
    assert Endpoint().read(b"\xff", typed("text/plain")) == Content()


def test_an_optional_body_may_be_left_out() -> None:
    assert Endpoint(JSON, required=False).read(b"") == Content()
    assert Endpoint(JSON, required=False).read(b"", typed(JSON)) == Content()


def test_an_optional_body_that_came_is_checked() -> None:
    assert Endpoint(JSON, required=False).refusal(b"{}", typed(JSON)).param == "model"


def test_a_required_body_that_is_empty_is_refused() -> None:
    assert Endpoint(JSON).refusal(b"", typed(JSON)).kind == "invalid_body"


def test_a_body_that_breaks_its_schema_is_refused_at_the_field() -> None:
    error = Endpoint(JSON).refusal(b'{"model":"m","n":0}', typed(JSON))
    assert isinstance(error, Invalid)
    assert (error.kind, error.param) == ("invalid_value", "n")


def test_without_a_schema_anything_goes() -> None:
    assert Endpoint(JSON, schema=True).read(b"[[]]", typed(JSON)).value == [[]]


@pytest.mark.parametrize("depth", [300, 900])
def test_a_deep_body_is_refused_like_any_other(depth: int) -> None:
    body = b'{"model":' + b"[" * depth + b"]" * depth + b"}"
    assert Endpoint(JSON).refusal(body, typed(JSON)).kind in ("invalid_type", "invalid_body")


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (b"model=m", {"model": "m"}),
        (b"model=5", {"model": "5"}),
        (b"model=m&n=2&speed=0.5", {"model": "m", "n": 2, "speed": 0.5}),
        (b"model=m&speed=2", {"model": "m", "speed": 2}),
        (b"model=m&stream=true", {"model": "m", "stream": True}),
        (b"model=m&tags=1&tags=2", {"model": "m", "tags": ["1", "2"]}),
        (b"model=m&tags[]=a&tags[]=b", {"model": "m", "tags": ["a", "b"]}),
        (b"model=m&tags=a", {"model": "m", "tags": ["a"]}),
        (b"model=m&seeds=1&seeds=2", {"model": "m", "seeds": [1, 2]}),
        (b"model=m&seeds[]=1", {"model": "m", "seeds": [1]}),
        (b"model=m&top_k=3", {"model": "m", "top_k": 3}),
    ],
    ids=repr,
)
def test_the_fields_of_a_form_are_read_as_their_schemas_want_them(
    body: bytes, value: dict[str, Any]
) -> None:
    assert Endpoint(URLENCODED).read(body, typed(URLENCODED)).value == value


@pytest.mark.parametrize(
    ("body", "kind", "param"),
    [
        (b"", "missing_field", "model"),
        (b"n=2", "missing_field", "model"),
        (b"model=m&n=two", "invalid_type", "n"),
        (b"model=m&n=0", "invalid_value", "n"),
        (b"model=m&n=", "invalid_type", "n"),
        (b"model=m&speed=5", "invalid_value", "speed"),
        (b"model=m&stream=yes", "invalid_type", "stream"),
        (b"model=m&model=n", "invalid_type", "model"),
        (b"model=m&model[]=n", "invalid_type", "model"),
        (b"model=m&odd=1", "invalid_value", None),
    ],
    ids=repr,
)
def test_a_form_that_breaks_its_schema_is_refused_at_the_field(
    body: bytes, kind: str, param: str | None
) -> None:
    error = Endpoint(URLENCODED).refusal(body, typed(URLENCODED))
    assert (error.kind, error.param) == (kind, param)


def multipart(*files: tuple[str, Any], **fields: str) -> tuple[bytes, tuple[str, str]]:
    request = httpx2.Request("POST", "http://mock", data=fields, files=[*files])
    return request.read(), typed(request.headers["content-type"])


def test_a_multipart_form_gives_fields_and_files() -> None:
    body, header = multipart(("file", ("a.png", b"\x89PNG", "image/png")), model="m", n="2")
    content = Endpoint(MULTIPART).read(body, header)
    assert content.value == {"model": "m", "n": 2, "file": "file"}
    assert content.files is not None
    (file,) = content.files["file"]
    assert (file.filename, file.data, file.media_type) == ("a.png", b"\x89PNG", "image/png")


def test_a_form_of_fields_alone_has_no_files() -> None:
    assert Endpoint(URLENCODED).read(b"model=m", typed(URLENCODED)).files == {}


@pytest.mark.parametrize("name", ["images", "images[]"])
def test_several_files_of_one_name_are_all_there_under_that_name(name: str) -> None:
    first, second = (name, ("1.png", b"1", "")), (name, ("2.png", b"2", ""))
    content = Endpoint(MULTIPART).read(*multipart(first, second, model="m"))
    assert content.value == {"model": "m", "images": ["file", "file"]}
    assert content.files is not None
    assert [*content.files] == ["images"]
    assert "1.png" in str(content.files)
    assert "2.png" in str(content.files)


def test_a_file_in_place_of_a_number_is_refused() -> None:
    body, header = multipart(("n", ("a", b"5", "")), model="m")
    assert Endpoint(MULTIPART).refusal(body, header).param == "n"


def test_a_field_documented_with_brackets_is_found() -> None:
    schema = {
        "type": "object",
        "required": ["seeds[]"],
        "properties": {"seeds[]": {"type": "array", "items": {"type": "string"}}},
    }
    content = Endpoint(URLENCODED, schema=schema).read(b"seeds[]=a", typed(URLENCODED))
    assert content.value == {"seeds[]": ["a"]}


def test_a_form_composed_of_schemas_is_read_by_all_of_them() -> None:
    schema = {"allOf": [{"type": "object", "properties": {"n": COUNT}}]}
    assert Endpoint(URLENCODED, schema=schema).read(b"n=2", typed(URLENCODED)).value == {"n": 2}


def test_a_form_without_a_schema_is_taken_as_texts() -> None:
    content = Endpoint(URLENCODED, schema=True).read(b"n=2", typed(URLENCODED))
    assert content.value == {"n": "2"}


@pytest.mark.parametrize(
    "body", [b"", b"--b\r\n", b"model=m", b"--c--"], ids=["empty", "cut off", "urlencoded", "other"]
)
def test_a_broken_multipart_body_is_refused(body: bytes) -> None:
    error = Endpoint(MULTIPART).refusal(body, typed(f"{MULTIPART}; boundary=b"))
    assert error.kind == "invalid_body"


@given(
    st.binary(max_size=60),
    st.sampled_from([JSON, URLENCODED, MULTIPART, "text/plain"]),
    st.text(st.characters(max_codepoint=255), max_size=20),
)
def test_nothing_that_is_sent_can_break_the_reading(
    body: bytes, media_type: str, parameters: str
) -> None:
    try:
        ENDPOINT.read(body, typed(f"{media_type}; boundary=b;{parameters}"))
    except ApiError as error:
        assert error.kind != "internal_error"


ENDPOINT = Endpoint(JSON, URLENCODED, MULTIPART, "text/plain")
