"""A response is answered from its examples, else from its schema, else with media."""

import json
from pathlib import Path
from random import Random
from typing import Any
from xml.etree import ElementTree

import pytest

from mock_server.document import Document
from mock_server.examples import Examples, concrete, example_names, media_types
from mock_server.instances import Unsatisfiable
from mock_server.values.words import Words

Json = Any
WORDS = Words()
JSON = "application/json"
PET = {
    "type": "object",
    "required": ["name", "kind"],
    "properties": {"name": {"type": "string"}, "kind": {"enum": ["cat"]}},
}


@pytest.fixture
def examples(tmp_path: Path) -> Examples:
    data = {
        "components": {
            "schemas": {"Pet": PET},
            "examples": {"shared": {"value": {"name": "Shared"}}},
            "headers": {"Count": {"required": True, "schema": {"const": 7}}},
        }
    }
    media = tmp_path / "media"
    media.mkdir()
    (media / "b.png").write_bytes(b"png")
    (media / "a.wav").write_bytes(b"wav")
    (media / "c.mp3").write_bytes(b"mp3")
    (media / "d.pdf").write_bytes(b"pdf")
    folder = tmp_path / "api"
    folder.mkdir()
    (folder / "pet.json").write_text('{"name": "File"}', "utf-8")
    (folder / "note.txt").write_text("a note", "utf-8")
    (folder / "bad.json").write_text("{", "utf-8")
    (tmp_path / "secret.txt").write_text("secret", "utf-8")
    return Examples(Document(data, folder), media, WORDS)


def body(
    examples: Examples, content: Json, media_type: str = JSON, name: str | None = None
) -> Json:
    return examples.body(content, media_type, Random(1), name)


NAMED = {"examples": {"one": {"value": 1}, "two": {"value": 2}}}


def test_the_named_example_comes_first_then_the_first(examples: Examples) -> None:
    assert body(examples, NAMED) == 1
    assert body(examples, NAMED, name="two") == 2
    assert body(examples, NAMED, name="three") == 1
    assert body(examples, {"example": {"a": None}, "schema": PET}) == {"a": None}
    assert body(examples, {"examples": {}, "example": False}) is False


def test_shared_examples_are_found(examples: Examples) -> None:
    content = {"examples": {"one": {"$ref": "#/components/examples/shared"}}}
    assert body(examples, content) == {"name": "Shared"}


def test_without_examples_the_schema_speaks(examples: Examples) -> None:
    made = body(examples, {"schema": {"$ref": "#/components/schemas/Pet"}})
    assert made.keys() == {"name", "kind"}
    assert made == body(examples, {"schema": {"$ref": "#/components/schemas/Pet"}})
    assert body(
        examples, {"schema": {"allOf": [PET], "examples": [1, {"name": "S", "kind": "cat"}]}}
    ) == {"name": "S", "kind": "cat"}
    assert body(examples, {}) == {}


def test_a_schema_without_a_value_is_said(examples: Examples) -> None:
    with pytest.raises(Unsatisfiable):
        body(examples, {"schema": False})


def external(path: str) -> Json:
    return {"examples": {"out": {"externalValue": path}, "in": {"value": "inside"}}}


@pytest.mark.parametrize(
    ("path", "media_type", "value"),
    [
        ("pet.json", JSON, {"name": "File"}),
        ("./note.txt", "text/plain", b"a note"),
        ("https://example.com/pet.json", JSON, "inside"),
        ("../secret.txt", "text/plain", b"inside"),
        ("/etc/hostname", "text/plain", b"inside"),
        ("bad.json", JSON, "inside"),
        ("none.txt", "text/plain", b"inside"),
        (".", "text/plain", b"inside"),
    ],
)
def test_outside_examples_are_files_of_the_documents_folder(
    path: str, media_type: str, value: Json, examples: Examples
) -> None:
    assert body(examples, external(path), media_type) == value


def test_a_link_out_of_the_folder_is_not_followed(examples: Examples, tmp_path: Path) -> None:
    (tmp_path / "api" / "link.txt").symlink_to(tmp_path / "secret.txt")
    assert body(examples, external("link.txt"), "text/plain") == b"inside"


TEXTS: list[tuple[str, Json, Json]] = [
    ("text/plain", "Zoë", "Zoë".encode()),
    ("text/plain; charset=utf-8", 1.5, b"1.5"),
    ("text/csv", "a,b", b"a,b"),
    ("text/html", {"a": 1}, b'{"a":1}'),
    ("text/event-stream", "data: 1\n\n", b"data: 1\n\n"),
    ("text/event-stream", [{"data": "1"}], [{"data": "1"}]),
    ("text/event-stream", {"data": "1"}, {"data": "1"}),
    ("application/yaml", "a: 1", b"a: 1"),
    ("application/xml", "<a/>", b"<a/>"),
    ("application/x-ndjson", [{"a": 1}, 2], b'{"a":1}\n2\n'),
    ("application/jsonl", {"a": 1}, b'{"a":1}\n'),
    ("application/x-www-form-urlencoded", {"a": ["1", "&"]}, b"a=1&a=%26"),
    ("application/octet-stream", "raw", b"raw"),
    ("application/vnd.api+json", {"a": 1}, {"a": 1}),
    ("application/json; charset=utf-8", "text", "text"),
    ("application/vnd.custom", [1], [1]),
]


@pytest.mark.parametrize(("media_type", "value", "sent"), TEXTS)
def test_the_media_type_decides_how_a_value_is_sent(
    media_type: str, value: Json, sent: Json, examples: Examples
) -> None:
    assert body(examples, {"example": value}, media_type) == sent


def test_json_written_as_text_is_json_where_its_schema_says_so(examples: Examples) -> None:
    text = '{"name": "T", "kind": "cat"}'
    assert body(examples, {"example": text, "schema": PET}) == json.loads(text)
    assert body(examples, {"example": text, "schema": {"type": "string"}}) == text
    assert body(examples, {"example": "{", "schema": PET}) == "{"
    assert body(examples, {"example": text}) == text


def test_plain_text_is_made_of_words(examples: Examples) -> None:
    made = body(examples, {"schema": {"type": "string"}}, "text/plain")
    assert isinstance(made, bytes)
    assert made.decode().strip()


def test_xml_is_well_formed(examples: Examples) -> None:
    value = {"name": "<&>", "tags": ["a", None], "in side": {"n": 1, "b": True}}
    made = body(
        examples, {"example": value, "schema": {"$ref": "#/components/schemas/Pet"}}, "text/xml"
    )
    tree = ElementTree.fromstring(made)
    assert (tree.tag, tree.findtext("name")) == ("Pet", "<&>")
    assert [tag.text for tag in tree.findall("tags")] == ["a", None]
    assert tree.findtext("in_side/b") == "true"
    named = {"example": [1, 2], "schema": {"xml": {"name": "numbers"}}}
    assert (
        body(examples, named, "application/xml")
        == b"<numbers><item>1</item><item>2</item></numbers>"
    )
    assert (
        body(examples, {"example": 1, "schema": True}, "application/soap+xml")
        == b"<response>1</response>"
    )


@pytest.mark.parametrize(
    ("media_type", "content", "sent"),
    [
        ("image/png", {}, b"png"),
        ("image/*", {"schema": {"type": "string"}}, b"png"),
        ("audio/wav", {}, b"wav"),
        ("audio/x-wav", {}, b"wav"),
        ("audio/mp3", {"schema": {"type": "string", "format": "binary"}}, b"mp3"),
        ("AUDIO/MPEG; rate=1", {}, b"mp3"),
        ("application/pdf", {"schema": {"contentMediaType": "application/octet-stream"}}, b"pdf"),
        ("image/png", {"example": "mine"}, b"mine"),
        ("image/png", {"schema": {"examples": ["mine"]}}, b"mine"),
    ],
)
def test_media_are_files_of_their_type(
    media_type: str, content: Json, sent: bytes, examples: Examples
) -> None:
    assert body(examples, content, media_type) == sent


@pytest.mark.parametrize(
    ("media_type", "schema"),
    [
        ("video/mp4", {}),
        ("application/octet-stream", {}),
        ("application/x-thing", {"type": "string", "format": "binary"}),
        ("application/x-thing", {"contentMediaType": "image/png"}),
    ],
)
def test_media_without_a_file_are_bytes_from_the_seed(
    media_type: str, schema: Json, examples: Examples, tmp_path: Path
) -> None:
    made = body(examples, {"schema": schema}, media_type)
    assert len(made) == 64
    assert made == body(examples, {"schema": schema}, media_type)
    nowhere = Examples(Document({}), tmp_path / "nowhere")
    assert nowhere.body({}, "image/png", Random(1)) == made


def test_base64_is_text(examples: Examples) -> None:
    schema = {"type": "string", "contentMediaType": "image/png", "contentEncoding": "base64"}
    assert isinstance(body(examples, {"schema": schema}), str)


@pytest.mark.parametrize(
    ("media_type", "sent"),
    [
        ("*/*", JSON),
        ("text/*", "text/plain"),
        ("application/*", JSON),
        ("font/*", "application/octet-stream"),
        ("text/html; charset=utf-8", "text/html; charset=utf-8"),
    ],
)
def test_ranges_of_media_types_become_one(media_type: str, sent: str) -> None:
    assert concrete(media_type) == sent


def test_media_types_and_names_are_in_order() -> None:
    response: Json = {"content": {"text/plain": {}, JSON: {}}}
    assert media_types(response) == ["text/plain", JSON]
    assert media_types({"description": "none"}) == []
    assert example_names(NAMED) == ["one", "two"]
    assert example_names({}) == []


HEADERS: list[tuple[Json, str]] = [
    ({"example": "a  b\n"}, "a b"),
    ({"examples": {"one": {"value": 5}}}, "5"),
    ({"schema": {"const": True}}, "true"),
    ({"schema": {"const": None}}, ""),
    ({"schema": {"const": ["a", 1]}}, "a,1"),
    ({"schema": {"const": {"a": 1, "b": "c"}}}, "a,1,b,c"),
    ({"schema": {"type": "string"}, "example": "x"}, "x"),
    ({"content": {JSON: {"example": {"a": [1, 2]}}}}, '{"a":[1,2]}'),
    ({"content": {JSON: {"schema": {"const": "q"}}}}, '"q"'),
]


@pytest.mark.parametrize(("header", "value"), HEADERS)
def test_required_headers_are_sent(header: Json, value: str, examples: Examples) -> None:
    response = {"headers": {"x-one": header | {"required": True}}}
    assert examples.headers(response, Random(1)) == {"x-one": value}


def test_other_headers_are_left_to_others(examples: Examples) -> None:
    headers = {
        "x-optional": {"schema": {"const": 1}},
        "x-filled": {"required": True, "x-value": "request-id", "schema": {"const": 1}},
        "Content-Type": {"required": True, "schema": {"const": 1}},
        "x-shared": {"$ref": "#/components/headers/Count"},
    }
    assert examples.headers({"headers": headers}, Random(1)) == {"x-shared": "7"}
    assert examples.headers({}, Random(1)) == {}
