"""Documents in several files become one, whose references all lead to the right node."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from mock_server.document import Document, DocumentError, load

Json = Any
INFO = {"title": "t", "version": "1"}
OK = {"description": "ok"}


def write(folder: Path, files: dict[str, Json]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else yaml.safe_dump(content), "utf-8")
    return folder / next(iter(files))


def loaded(folder: Path, data: Json, **files: Json) -> Document:
    named = {name.replace("__", "/") + ".yaml": content for name, content in files.items()}
    return load(
        write(folder, {"api/openapi.yaml": {"openapi": "3.1.0", "info": INFO} | data} | named)
    )


def schema(document: Document, name: str) -> Json:
    return document.resolve(document.data["components"]["schemas"][name])


def test_a_part_of_another_file_is_brought_in_with_all_it_refers_to(tmp_path: Path) -> None:
    document = loaded(
        tmp_path,
        {"components": {"schemas": {"A": {"$ref": "../shared/all.yaml#/defs/A"}}}},
        shared__all={
            "defs": {
                "A": {"properties": {"b": {"$ref": "#/defs/B"}, "c": {"$ref": "c.yaml"}}},
                "B": {"type": "string"},
            }
        },
        shared__c={"properties": {"a": {"$ref": "all.yaml#/defs/A"}}},
    )
    a = schema(document, "A")
    assert document.resolve(a["properties"]["b"]) == {"type": "string"}
    c = document.resolve(a["properties"]["c"])
    assert document.resolve(c["properties"]["a"]) is a


def test_a_reference_back_to_the_document_stays_in_it(tmp_path: Path) -> None:
    document = loaded(
        tmp_path,
        {"components": {"schemas": {"A": {"$ref": "b.yaml"}, "C": {"type": "null"}}}},
        api__b={"items": {"$ref": "openapi.yaml#/components/schemas/C"}},
    )
    assert schema(document, "A") == {"items": {"$ref": "#/components/schemas/C"}}


def test_two_parts_one_inside_the_other_are_kept_apart(tmp_path: Path) -> None:
    names = {"A": {"$ref": "b.yaml#/x"}, "B": {"$ref": "b.yaml#/x/properties/y"}}
    document = loaded(
        tmp_path,
        {"components": {"schemas": names}},
        api__b={"x": {"properties": {"y": {"items": {"$ref": "#/z"}}}}, "z": {"type": "string"}},
    )
    inner = schema(document, "A")["properties"]["y"]
    assert document.resolve(inner["items"]) == {"type": "string"}
    assert schema(document, "B") == inner


def test_equal_names_from_different_files_do_not_meet(tmp_path: Path) -> None:
    names = {"A": {"$ref": "x.yaml#/T"}, "B": {"$ref": "y.yaml#/T"}, "C": {"$ref": "z.yaml#/a%20b"}}
    document = loaded(
        tmp_path,
        {"components": {"schemas": names}},
        api__x={"T": {"type": "string"}},
        api__y={"T": {"type": "integer"}},
        api__z={"a b": {"type": "null"}},
    )
    assert [schema(document, name)["type"] for name in "ABC"] == ["string", "integer", "null"]
    assert list(document.data["x-bundled"]["schemas"]) == ["T", "T-2", "a-b"]


def test_every_kind_of_node_can_be_in_another_file(tmp_path: Path) -> None:
    operation = {
        "parameters": [{"$ref": "parts.yaml#/parameter"}],
        "requestBody": {"$ref": "parts.yaml#/body"},
        "responses": {"200": {"$ref": "parts.yaml#/response"}},
    }
    document = loaded(
        tmp_path,
        {"paths": {"/a": {"$ref": "paths/a.yaml"}, "/b": {"post": operation}}},
        api__paths__a={"get": {"responses": {"200": {"$ref": "../parts.yaml#/response"}}}},
        api__parts={
            "parameter": {"name": "p", "in": "query", "schema": {"$ref": "#/schema"}},
            "body": {"content": {"application/json": {"schema": {"$ref": "#/schema"}}}},
            "response": OK | {"headers": {"x-h": {"schema": {"$ref": "#/schema"}}}},
            "schema": {"type": "string"},
        },
    )
    a = document.resolve(document.data["paths"]["/a"])
    header = document.resolve(a["get"]["responses"]["200"])["headers"]["x-h"]
    assert document.resolve(header["schema"]) == {"type": "string"}


def test_operations_media_types_and_whole_maps_may_be_elsewhere_too(tmp_path: Path) -> None:
    document = loaded(
        tmp_path,
        {
            "paths": {"$ref": "paths.yaml"},
            "components": {"schemas": {"$ref": "schemas.yaml#/all", "Z": True}},
        },
        api__paths={"/a": {"get": {"$ref": "operations/get.yaml"}}},
        api__operations__get={
            "responses": {"200": OK | {"content": {"text/plain": {"$ref": "media.yaml"}}}}
        },
        api__operations__media={"schema": {"$ref": "../schemas.yaml#/all/A"}},
        api__schemas={"all": {"A": {"type": "string"}, "B": {"type": "null"}}},
    )
    path = document.resolve(document.data["paths"]["/a"])
    media = path["get"]["responses"]["200"]["content"]["text/plain"]
    assert document.resolve(media["schema"]) == {"type": "string"}
    assert schema(document, "B") == {"type": "null"}


def test_a_discriminator_may_name_a_file(tmp_path: Path) -> None:
    keys = {"propertyName": "k", "mapping": {"c": "cat.yaml", "d": "Dog"}}
    pet = {"oneOf": [{"$ref": "cat.yaml"}], "discriminator": keys}
    document = loaded(
        tmp_path, {"components": {"schemas": {"P": pet}}}, api__cat={"type": "object"}
    )
    found = schema(document, "P")
    assert found["discriminator"]["mapping"] == {"c": found["oneOf"][0]["$ref"], "d": "Dog"}


def test_anchors_become_pointers(tmp_path: Path) -> None:
    names = {
        "A": {"$ref": "#here"},
        "B": {"$anchor": "here", "type": "string"},
        "C": {"$dynamicRef": "other.yaml#there"},
    }
    document = loaded(
        tmp_path,
        {"components": {"schemas": names}},
        api__other={"$defs": {"t": {"$dynamicAnchor": "there", "type": "null"}}},
    )
    assert document.data["components"]["schemas"]["A"] == {"$ref": "#/components/schemas/B"}
    assert schema(document, "C")["type"] == "null"


def test_a_3_0_document_is_upgraded_in_all_its_files(tmp_path: Path) -> None:
    document = loaded(
        tmp_path,
        {"openapi": "3.0.3", "components": {"schemas": {"A": {"$ref": "a.yaml"}}}},
        api__a={"type": "string", "nullable": True},
    )
    assert schema(document, "A") == {"type": ["string", "null"]}


@pytest.mark.parametrize(
    ("ref", "complaint"),
    [
        ("https://example.com/a.yaml", "'https://example.com/a.yaml' is not fetched"),
        ("//example.com/a.yaml", "is not fetched"),
        ("file:///a.yaml", "is not fetched"),
        ("/a.yaml", "is not fetched"),
        ("none.yaml", r"no file .*none\.yaml"),
        ("openapi.yaml#/components/schemas/B", "points to nothing: no 'B' there"),
        ("#/components/schemas/B", "at #/components/schemas/A: The reference .* points to nothing"),
        ("#nowhere", "points to nothing: no 'nowhere' there"),
        ("#/components/schemas/A", "never end"),
        ("broken.yaml#/x", r"broken\.yaml: The reference '#/x' points to nothing"),
    ],
)
def test_a_reference_that_cannot_be_followed_is_named(
    ref: str, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(DocumentError, match=complaint):
        loaded(tmp_path, {"components": {"schemas": {"A": {"$ref": ref}}}}, api__broken={"y": 1})


def test_a_reference_in_place_of_an_operation_must_lead_to_one(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="leads to no mapping"):
        loaded(tmp_path, {"paths": {"/a": {"get": {"$ref": "a.yaml"}}}}, api__a=[1])
