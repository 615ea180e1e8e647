from urllib.parse import urlencode

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.errors import Invalid
from mock_server.forms import Part, parse_multipart, parse_urlencoded

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
# What RFC 7578 leaves of a name when it is quoted by the rules of browsers is another matter.
NAMES = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), min_size=1
)
FIELD = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx\r\n--b--\r\n'
TYPE = "multipart/form-data; boundary=b"


def parts(disposition: bytes, data: bytes = b"x") -> list[Part]:
    body = b"--b\r\nContent-Disposition: " + disposition + b"\r\n\r\n" + data + b"\r\n--b--\r\n"
    return parse_multipart(TYPE, body)


def refusal(body: bytes, content_type: str = TYPE) -> str:
    with pytest.raises(Invalid) as caught:
        parse_multipart(content_type, body)
    assert caught.value.kind == "invalid_body"
    assert len(caught.value.message) < 200
    return caught.value.message


@given(
    st.dictionaries(NAMES, TEXTS, max_size=3),
    st.lists(st.tuples(NAMES, NAMES, st.binary(max_size=40)), max_size=3),
)
def test_what_a_client_sends_as_multipart_is_what_is_read(
    fields: dict[str, str], files: list[tuple[str, str, bytes]]
) -> None:
    sent = [(name, (filename, data, "image/png")) for name, filename, data in files]
    request = httpx2.Request("POST", "http://mock", data=fields, files=[*sent, END])
    read = parse_multipart(request.headers["content-type"], request.read())
    assert read[:-1] == [
        *(Part(name, None, "", value.encode()) for name, value in fields.items()),
        *(Part(name, filename, "image/png", data) for name, filename, data in files),
    ]


# A request without a file is no multipart at all.
END = ("end", ("end", b"", "text/plain"))


@given(st.lists(st.tuples(TEXTS, TEXTS)))
def test_what_a_client_sends_urlencoded_is_what_is_read(fields: list[tuple[str, str]]) -> None:
    read = [*parse_urlencoded(urlencode(fields).encode())]
    assert read == [Part(name=name, data=value.encode()) for name, value in fields]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (b"", []),
        (b"a", [("a", "")]),
        (b"a=", [("a", "")]),
        (b"=1", [("", "1")]),
        (b"a=1&&b=2&", [("a", "1"), ("b", "2")]),
        (b"a=1;b=2", [("a", "1;b=2")]),
        (b"a=b=c", [("a", "b=c")]),
        (b"a=%zz%", [("a", "%zz%")]),
        (b"a=%c3%a9&b=\xc3\xa9", [("a", "é"), ("b", "é")]),
        (b"a=x+y%2B", [("a", "x y+")]),
    ],
    ids=repr,
)
def test_urlencoded_fields_are_read_as_browsers_write_them(
    body: bytes, fields: list[tuple[str, str]]
) -> None:
    assert [(part.name, bytes(part.data).decode()) for part in parse_urlencoded(body)] == fields


@pytest.mark.parametrize(
    "content_type",
    [
        'multipart/form-data; boundary="b"',
        "Multipart/Form-Data; BOUNDARY=b",
        "multipart/form-data;boundary=b",
        "multipart/form-data; charset=utf-8; boundary=b",
        'multipart/form-data; x="; boundary=c"; boundary=b',
    ],
)
def test_the_boundary_is_found_however_the_header_is_written(content_type: str) -> None:
    assert [part.name for part in parse_multipart(content_type, FIELD)] == ["a"]


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        'x/y; boundary=""',
        "x; boundary",
    ],
)
def test_a_header_without_a_boundary_is_refused(content_type: str) -> None:
    assert refusal(FIELD, content_type) == "The multipart Content-Type names no boundary."


@pytest.mark.parametrize("boundary", ["b" * 5_000, "c", "é", "\r\n", "--b"], ids=ascii)
def test_a_boundary_that_cannot_be_is_refused(boundary: str) -> None:
    refusal(FIELD, f"multipart/form-data; boundary={boundary}")


@pytest.mark.parametrize("length", range(len(FIELD) - 2))
def test_a_body_cut_off_anywhere_is_refused(length: int) -> None:
    assert "cut off" in refusal(FIELD[:length])


@pytest.mark.parametrize(
    "body",
    [
        b"hello",
        b"--c\r\n\r\nx\r\n--c--",
        b"--b\r\nno colon\r\n\r\nx\r\n--b--",
        b"--b\r\n: x\r\n\r\nx\r\n--b--",
        b"--b\r\nA\0: x\r\n\r\nx\r\n--b--",
        b'--b\r\nContent-Disposition: form-data; name="' + b"a" * 1_000_000 + b'"\r\n\r\n\r\n--b--',
        b"--b\r\n" + b"X: y\r\n" * 1_000 + b"\r\nx\r\n--b--",
        b"\x00" * 1000,
        b"{}",
    ],
    ids=[
        "text",
        "another boundary",
        "no colon",
        "no header name",
        "control character",
        "long header",
        "many headers",
        "zeros",
        "json",
    ],
)
def test_a_malformed_body_is_refused(body: bytes) -> None:
    refusal(body)


@pytest.mark.parametrize("body", [b"--b--", b"--b--\r\n"])
def test_a_form_may_be_empty(body: bytes) -> None:
    assert parse_multipart(TYPE, body) == []


def test_what_follows_the_closing_boundary_is_ignored() -> None:
    assert len(parse_multipart(TYPE, FIELD + b"\r\nbye\r\n" + FIELD)) == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"\r\n", b"\r\n--", b"\r\n--c", b"--b", b"\r\n\r\n-b--\r", b"\x00\xff" * 50, b"\r" * 50],
    ids=repr,
)
def test_data_that_looks_like_a_boundary_is_data(data: bytes) -> None:
    assert [part.data for part in parts(b'form-data; name="a"', data)] == [data]


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        (b'form-data; name="a"', "a"),
        (b"form-data; name=a", "a"),
        (b'FORM-DATA; NAME="a"', "a"),
        (b'form-data; name="a;b=c"', "a;b=c"),
        (b'form-data; name="a\\"b"', 'a"b'),
        (b'form-data; name="\xc3\xa9"', "é"),
        (b'form-data; name="a%0D%0AX: 1"', "a%0D%0AX: 1"),
        (b'form-data; name="../../etc/passwd"', "../../etc/passwd"),
        (b"form-data; name=\"a\"; name*=UTF-8''evil", "a"),
        (b'form-data; name=""', ""),
    ],
    ids=repr,
)
def test_a_field_has_the_name_it_was_given(disposition: bytes, name: str) -> None:
    assert [(part.name, part.filename) for part in parts(disposition)] == [(name, None)]


@pytest.mark.parametrize(
    ("filename", "read"),
    [
        (b"../../etc/passwd", "../../etc/passwd"),
        (b"C:\\fakepath\\a.png", "a.png"),
        (b"", ""),
        (b"\xff.png", "\N{REPLACEMENT CHARACTER}.png"),
        (b"a.png; name=evil", "a.png; name=evil"),
    ],
    ids=repr,
)
def test_a_file_keeps_its_name_and_is_known_by_it(filename: bytes, read: str) -> None:
    found = parts(b'form-data; name="f"; filename="' + filename + b'"')
    assert [(part.name, part.filename) for part in found] == [("f", read)]


def test_a_line_end_in_a_name_gives_no_field_of_that_name() -> None:
    names = [part.name for part in parts(b'form-data; name="a\r\nContent-Type: image/png"')]
    assert "a" not in names


def test_one_part_does_not_lend_its_headers_to_the_next() -> None:
    first = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n'
    body = first + b"Content-Type:  image/PNG \r\n\r\n1\r\n" + FIELD
    read = [(part.name, part.filename, part.media_type) for part in parse_multipart(TYPE, body)]
    assert read == [("f", "x", "image/PNG"), ("a", None, "")]


@pytest.mark.parametrize("disposition", [b"form-data", b"attachment; filename=x"], ids=repr)
def test_a_part_without_a_name_is_refused(disposition: bytes) -> None:
    # RFC 7578, section 4.2: each part must have a name.
    with pytest.raises(Invalid):
        parts(disposition)


def test_a_part_without_a_content_disposition_is_refused() -> None:
    refusal(b"--b\r\n\r\nx\r\n--b--\r\n")


@pytest.mark.parametrize(
    "data",
    [b"x" * 25_000_000, b"\r\n--" * 6_000_000, b"\r" * 25_000_000, b"--b" * 8_000_000],
    ids=["letters", "dashes", "returns", "boundaries without a line of their own"],
)
def test_a_large_file_is_read(data: bytes) -> None:
    assert parts(b'form-data; name="a"; filename="x"', data)[0].data == data


def test_thousands_of_parts_are_read_or_refused_but_not_broken() -> None:
    body = FIELD.removesuffix(b"--b--\r\n") * 20_000 + b"--b--"
    try:
        assert len(parse_multipart(TYPE, body)) == 20_000
    except Invalid as error:
        assert error.kind == "invalid_body"


@pytest.mark.parametrize(
    "content_type",
    [
        'multipart/form-data; x="' + ";" * 20_000 + '"; boundary=b',
        'multipart/form-data; x="' + '\\"' * 20_000 + '"; boundary=b',
        "multipart/form-data" + "; x=y" * 20_000 + "; boundary=b",
    ],
    ids=["semicolons", "quotes", "parameters"],
)
def test_a_long_content_type_is_read(content_type: str) -> None:
    assert len(parse_multipart(content_type, FIELD)) == 1


@given(st.binary(max_size=80), st.text(st.characters(max_codepoint=255), max_size=20))
def test_no_bytes_can_break_the_reading(body: bytes, boundary: str) -> None:
    for sent in (body, FIELD[:20] + body, b"--b\r\n" + body + b"\r\n--b--"):
        try:
            parse_multipart(f"multipart/form-data; boundary={boundary or 'b'}", sent)
            parse_multipart(TYPE, sent)
        except Invalid as error:
            assert error.kind == "invalid_body"
    try:
        assert all(isinstance(part.name, str) for part in parse_urlencoded(body))
    except Invalid as error:
        assert error.kind == "invalid_body"
