import pytest

from mock_server.wire import Call, Event, Reply

CALL = Call(
    method="POST",
    path="/v1",
    query=b"",
    headers=[(b"x-one", b"1"), (b"x-two", b"a"), (b"x-two", b"\xe9"), (b"x-none", b"")],
    body=b"{}",
    now=0.0,
)


@pytest.mark.parametrize(
    ("name", "first", "every"),
    [
        (b"x-one", "1", ["1"]),
        (b"x-two", "a", ["a", "é"]),
        (b"x-none", "", [""]),
        (b"x-other", None, []),
        (b"X-One", None, []),
    ],
    ids=["once", "twice", "empty", "absent", "not lower case"],
)
def test_headers_are_found_by_their_lower_case_name(
    name: bytes, first: str | None, every: list[str]
) -> None:
    assert CALL.header(name) == first
    assert CALL.header_values(name) == every


@pytest.mark.parametrize(
    ("content_type", "media_type"),
    [
        (b"application/json", "application/json"),
        (b" Application/JSON ; charset=UTF-8", "application/json"),
        (b"multipart/form-data;boundary=AbC", "multipart/form-data"),
        (b"", ""),
        (b";", ""),
        (b"caf\xe9", "café"),
    ],
    ids=repr,
)
def test_the_media_type_is_without_parameters_in_lower_case(
    content_type: bytes, media_type: str
) -> None:
    call = Call("POST", "/", b"", [(b"content-type", content_type)], b"", 0.0)
    assert call.media_type == media_type


def test_a_call_without_content_type_has_an_empty_media_type() -> None:
    assert CALL.media_type == ""


@pytest.mark.parametrize(
    ("value", "field"),
    [(CALL, "path"), (Event(b""), "data"), (Reply(200, [], b""), "status")],
    ids=["call", "event", "reply"],
)
def test_what_crosses_boundaries_is_frozen(value: object, field: str) -> None:
    with pytest.raises(AttributeError):
        setattr(value, field, None)


def test_an_event_has_no_name_unless_it_is_given_one() -> None:
    assert Event(b"1").name is None
    assert Event(b"1") == Event(b"1", None) != Event(b"1", "ping")
