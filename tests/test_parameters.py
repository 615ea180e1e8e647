import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.document import Document
from mock_server.errors import Invalid
from mock_server.parameters import read_parameters, typed, types_of
from mock_server.reader import read
from mock_server.wire import Call


def parameters(*nodes: dict[str, Any], call: Call, path: dict[str, str] | None = None) -> Any:
    operation = {"parameters": [*nodes], "responses": {}}
    data = {"openapi": "3.1.0", "paths": {"/x": {"get": operation}}, "components": COMPONENTS}
    spec = read(Document(data))
    return read_parameters(spec, call, spec.paths["/x"]["GET"].parameters, path or {})


def query(text: str = "", headers: list[tuple[bytes, bytes]] | None = None) -> Call:
    return Call("GET", "/x", text.encode("latin-1"), headers or [], b"", 0.0)


def node(schema: Any, place: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": "p", "in": place, "schema": schema, **more}


def refusal(*nodes: dict[str, Any], call: Call) -> Invalid:
    with pytest.raises(Invalid) as caught:
        parameters(*nodes, call=call)
    assert len(caught.value.message) < 500
    return caught.value


COMPONENTS = {"schemas": {"Count": {"type": "integer", "minimum": 1}}}
INTEGER = {"type": "integer"}
NUMBER = {"type": "number"}
TEXT = {"type": "string"}
NOTHING = Document({}, Path())


@pytest.mark.parametrize(
    ("text", "schema", "value"),
    [
        ("5", INTEGER, 5),
        ("-5", INTEGER, -5),
        ("0", INTEGER, 0),
        ("5", NUMBER, 5),
        ("5.25", NUMBER, 5.25),
        ("-1e-3", NUMBER, -0.001),
        ("true", {"type": "boolean"}, True),
        ("false", {"type": "boolean"}, False),
        ("5", {"type": ["integer", "null"]}, 5),
        ("5", TEXT, "5"),
        ("5", {}, "5"),
        ("9" * 301, INTEGER, int("9" * 301)),
        ("true", INTEGER, "true"),
        ("True", {"type": "boolean"}, "True"),
        ("1", {"type": "boolean"}, "1"),
        ("", INTEGER, ""),
        ("05", INTEGER, "05"),
        ("+5", INTEGER, "+5"),
        ("1_000", INTEGER, "1_000"),
        (" 5", INTEGER, " 5"),
        ("5\n", INTEGER, "5\n"),
        ("5.0", INTEGER, "5.0"),
        ("0x10", INTEGER, "0x10"),
        ("nan", NUMBER, "nan"),
        ("inf", NUMBER, "inf"),
        ("1e", NUMBER, "1e"),
        (".5", NUMBER, ".5"),
        ("5.", NUMBER, "5."),
        ("null", {"type": ["integer", "null"]}, "null"),
    ],
    ids=lambda each: repr(each[:9]) if isinstance(each, str) else "",
)
def test_a_text_is_read_as_its_schema_wants_it_or_left_as_it_is(
    text: str, schema: dict[str, Any], value: Any
) -> None:
    read_as = typed(text, types_of(NOTHING, schema))
    assert (read_as, type(read_as)) == (value, type(value))


@pytest.mark.parametrize("text", ["1٢", "१२", "-1２", "1.٢", "1e٢"], ids=ascii)
def test_only_the_digits_of_json_make_a_number(text: str) -> None:
    assert typed(text, {"number"}) == text


@pytest.mark.parametrize("text", ["9" * 301 + "e99", "-" + "9" * 301 + ".5e99"], ids=["+", "-"])
def test_no_text_is_read_as_a_number_without_end(text: str) -> None:
    assert typed(text, {"number"}) == text


@given(st.integers(-(10**90), 10**90) | st.floats(-1e90, 1e90).filter(lambda x: abs(x) > 1e-90))
def test_every_number_that_json_writes_is_read(number: float) -> None:
    text = json.dumps(number)
    assert json.dumps(typed(text, {"number"})) == text


@pytest.mark.parametrize(
    ("schema", "types"),
    [({}, set()), (TEXT, {"string"}), ({"type": ["integer", "null"]}, {"integer", "null"})],
)
def test_a_schema_names_its_types(schema: dict[str, Any], types: set[str]) -> None:
    assert types_of(NOTHING, schema) == types


@pytest.mark.parametrize(
    ("text", "parameter", "value"),
    [
        ("p=5", node(INTEGER), 5),
        ("p=5", node({"$ref": "#/components/schemas/Count"}), 5),
        ("p=", node(TEXT), ""),
        ("p=a%20b+c", node(TEXT), "a b c"),
        ("p=%F0%9F%98%80", node(TEXT), "😀"),
        ("p=a%26p%3Db", node(TEXT), "a&p=b"),
        ("q=1&p=2", node(INTEGER), 2),
        ("p=1&p=2", node({"type": "array", "items": INTEGER}), [1, 2]),
        ("p[]=1&p[]=2", node({"type": "array", "items": INTEGER}), [1, 2]),
        ("p%5B%5D=1", node({"type": "array", "items": INTEGER}), [1]),
        ("p=1,2", node({"type": "array", "items": INTEGER}, explode=False), [1, 2]),
        ("p=a", node({"type": "array"}), ["a"]),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_query_parameter_is_read(text: str, parameter: dict[str, Any], value: Any) -> None:
    assert parameters(parameter, call=query(text)) == {"p": value}


def test_a_parameter_documented_with_brackets_is_found() -> None:
    expand = {"name": "p[]", "in": "query", "required": True, "schema": {"type": "array"}}
    assert parameters(expand, call=query("p[]=a&p[]=b")) == {"p[]": ["a", "b"]}


@pytest.mark.parametrize(
    "schema",
    [
        {"anyOf": [{"type": "integer"}, {"type": "null"}]},
        {"oneOf": [{"type": "integer"}, {"type": "boolean"}]},
        {"allOf": [{"$ref": "#/components/schemas/Count"}]},
    ],
    ids=["anyOf", "oneOf", "allOf"],
)
def test_a_type_that_is_named_further_down_counts_as_well(schema: dict[str, Any]) -> None:
    assert parameters(node(schema), call=query("p=5")) == {"p": 5}


@pytest.mark.parametrize(
    ("headers", "schema", "value"),
    [
        ([(b"p", b"5")], INTEGER, 5),
        ([(b"p", b"a")], TEXT, "a"),
        ([(b"p", b"1,2")], {"type": "array", "items": INTEGER}, [1, 2]),
        ([(b"p", b"1, 2")], {"type": "array", "items": INTEGER}, [1, 2]),
        ([(b"p", b"1"), (b"p", b"2")], {"type": "array", "items": INTEGER}, [1, 2]),
    ],
    ids=["number", "text", "list", "list with blanks", "list in two lines"],
)
def test_a_header_parameter_is_read(
    headers: list[tuple[bytes, bytes]], schema: dict[str, Any], value: Any
) -> None:
    # RFC 9110, sections 5.3 and 5.6.1: blanks around commas and several lines mean the same list.
    assert parameters(node(schema, "header"), call=query(headers=headers)) == {"p": value}


@pytest.mark.parametrize("cookie", [b"p=5", b"a=1; p=5", b"p=5;b", b" p=5 ; a=1"], ids=repr)
def test_a_cookie_parameter_is_read(cookie: bytes) -> None:
    call = query(headers=[(b"cookie", cookie)])
    assert parameters(node(INTEGER, "cookie"), call=call) == {"p": 5}


def test_a_path_parameter_is_read() -> None:
    parameter = node(INTEGER, "path", required=True)
    assert parameters(parameter, call=query(), path={"p": "5"}) == {"p": 5}


def test_a_parameter_that_was_not_sent_is_not_there() -> None:
    assert parameters(node(INTEGER), call=query("q=1")) == {}


def test_a_parameter_without_a_schema_is_taken_as_it_is() -> None:
    bare = {"name": "p", "in": "query", "content": {"application/json": {}}}
    assert parameters(bare, call=query("p=5")) == {"p": "5"}


@pytest.mark.parametrize("place", ["query", "header", "cookie", "path"])
def test_a_required_parameter_that_is_missing_is_named(place: str) -> None:
    error = refusal(node(TEXT, place, required=True), call=query())
    assert (error.kind, error.param) == ("missing_field", "p")
    assert error.message == f"p: is required in the {place}"


@pytest.mark.parametrize(
    ("text", "schema", "kind", "message"),
    [
        ("p=x", INTEGER, "invalid_type", "p: 'x' is not of type integer"),
        ("p=", INTEGER, "invalid_type", "p: '' is not of type integer"),
        (
            "p=0",
            {"$ref": "#/components/schemas/Count"},
            "invalid_value",
            "p: 0 is less than the minimum of 1",
        ),
        ("p=c", {"enum": ["a", "b"]}, "invalid_value", "p: 'c' is not one of a, b"),
        (
            "p=1&p=x",
            {"type": "array", "items": INTEGER},
            "invalid_type",
            "p[1]: 'x' is not of type integer",
        ),
    ],
    ids=["letters", "empty", "too small", "not listed", "second item"],
)
def test_a_parameter_that_breaks_its_schema_is_named(
    text: str, schema: dict[str, Any], kind: str, message: str
) -> None:
    error = refusal(node(schema), call=query(text))
    assert (error.kind, error.message) == (kind, message)


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_arrives_as_it_was_sent(text: str) -> None:
    assert parameters(node(TEXT), call=query(f"p={quote(text)}")) == {"p": text}


@given(st.binary(max_size=60), st.sampled_from([TEXT, INTEGER, NUMBER, {"type": "array"}]))
def test_no_query_can_break_the_reading(raw: bytes, schema: dict[str, Any]) -> None:
    call = Call("GET", "/x", raw, [(b"p", raw), (b"cookie", raw)], b"", 0.0)
    for place in ("query", "header", "cookie"):
        try:
            parameters(node(schema, place), call=call)
        except Invalid as error:
            assert error.param is not None


@pytest.mark.parametrize(
    "text",
    ["p=" + "9" * 60_000, "p=" + "x" * 60_000, "p=1" + "&q" * 30_000, "p=" + "," * 10_000],
    ids=["digits", "letters", "names", "commas"],
)
def test_a_long_query_makes_no_long_message(text: str) -> None:
    schema = {"type": "array", "items": INTEGER, "maxItems": 0}
    refusal(node(schema, explode=False), call=query(text))
    refusal(node({**INTEGER, "maximum": 0}), call=query(text))
