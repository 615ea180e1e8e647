"""A document is loaded or refused with a reason, and its references are followed to their end."""

import json
from pathlib import Path
from typing import Any

import pytest

from mock_server.document import Document, DocumentError, load

Json = Any
MINIMAL = {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}}


def written(folder: Path, content: Json, name: str = "openapi.yaml") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return path


@pytest.mark.parametrize("name", ["openapi.yaml", "openapi.json", "noname"])
def test_yaml_and_json_are_loaded(name: str, tmp_path: Path) -> None:
    document = load(written(tmp_path, MINIMAL, name))
    assert document.data == MINIMAL
    assert document.folder == tmp_path.resolve()


@pytest.mark.parametrize("version", ["3.1", "3.0", "3.0.4", "3.1.1", 3.1])
def test_3_0_and_3_1_are_served(version: Json, tmp_path: Path) -> None:
    assert load(written(tmp_path, MINIMAL | {"openapi": version})).data["paths"] == {}


REFUSED: list[tuple[Json, str]] = [
    ([], "no OpenAPI document"),
    ({"info": {}}, "no OpenAPI document: there is no `openapi` at its top"),
    ("just text", "no OpenAPI document"),
    ({"swagger": "2.0", "paths": {}}, "written in OpenAPI 2.0; 3.0 and 3.1 are served"),
    (MINIMAL | {"openapi": "3.2.0"}, "written in OpenAPI 3.2.0; 3.0 and 3.1 are served"),
    (MINIMAL | {"openapi": "3.10"}, r"written in OpenAPI 3\.10;"),
    (MINIMAL | {"paths": []}, "`paths` must be a mapping"),
    (MINIMAL | {"components": None}, "`components` must be a mapping"),
]


@pytest.mark.parametrize(("content", "complaint"), REFUSED)
def test_what_is_no_served_document_is_refused(
    content: Json, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(DocumentError, match=complaint):
        load(written(tmp_path, content))


def test_status_codes_are_text_however_they_are_written(tmp_path: Path) -> None:
    text = "openapi: 3.1.0\npaths:\n  /a:\n    get:\n      responses:\n        200: {}\n"
    document = load(written(tmp_path, text))
    assert list(document.data["paths"]["/a"]["get"]["responses"]) == ["200"]


def test_a_reference_in_an_example_is_data(tmp_path: Path) -> None:
    example = {"value": {"$ref": "#/nowhere"}}
    data = MINIMAL | {"components": {"examples": {"one": example}}}
    assert load(written(tmp_path, data)).data["components"]["examples"]["one"] == example


def test_chains_are_followed_to_their_end() -> None:
    document = Document({"a": {"$ref": "#/b~1c/0"}, "b/c": [{"$ref": "#/%C3%BC"}], "ü": {"end": 1}})
    assert document.resolve({"$ref": "#/a"}) == {"end": 1}
    assert document.resolve({"end": 2}) == {"end": 2}
    assert document.resolve({"properties": {"$ref": {}}}) == {"properties": {"$ref": {}}}
    assert document.resolve({"$ref": {"not": "a reference"}}) == {"$ref": {"not": "a reference"}}
    assert document.resolve([1]) == [1]


def test_circles_are_refused() -> None:
    document = Document({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}})
    with pytest.raises(DocumentError, match="#/a -> #/b -> #/a never end"):
        document.resolve({"$ref": "#/a"})


def test_endless_chains_are_refused() -> None:
    document = Document({str(n): {"$ref": f"#/{n + 1}"} for n in range(1000)})
    with pytest.raises(DocumentError, match="never end"):
        document.resolve({"$ref": "#/0"})


def test_one_schema_can_be_a_document() -> None:
    schema = {
        "$id": "https://example.com/s#",
        "$defs": {"a": {"$anchor": "here", "type": "null"}, "b": {"type": "string"}},
    }
    document = Document(schema)
    assert document.lookup("#here")["type"] == "null"
    assert document.lookup("https://example.com/s#/$defs/b") == {"type": "string"}
    assert document.lookup("#") is schema
    with pytest.raises(DocumentError, match="leads out of the document"):
        document.lookup("https://example.com/other#/$defs/b")
