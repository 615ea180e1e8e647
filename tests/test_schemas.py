"""Schemas are closed over their references, compiled once, and refused before they do harm."""

from typing import Any

import pytest

from mock_server.document import Document
from mock_server.values.schemas import Schemas, Unsatisfiable

Json = Any


def of(schema: dict[str, Json]) -> tuple[Schemas, Json]:
    schemas = Schemas(Document(schema))
    return schemas, schemas.closed(schema)


def test_annotations_go_but_those_that_tell_and_references_lead_to_definitions() -> None:
    schemas, copy = of(
        {
            "title": "t",
            "$comment": "c",
            "x-facts": [1],
            "properties": {"a": {"$ref": "#/$defs/a", "description": "d"}},
            "$defs": {"a": {"type": "string", "description": "d"}},
        }
    )
    assert copy.keys() == {"title", "properties"}
    assert copy["properties"]["a"].keys() == {"description", "$ref"}
    target = schemas.target(copy["properties"]["a"]["$ref"])
    assert target == {"type": "string", "description": "d"}


def test_a_schema_may_refer_to_itself_and_to_what_refers_back() -> None:
    schemas, copy = of({"properties": {"a": {"$ref": "#"}, "b": {"$ref": "#/properties/a"}}})
    assert schemas.fits([copy], {"a": {"b": {}}})
    assert not schemas.fits([{"type": "array"}, copy], {})


def test_parts_of_a_schema_are_compiled_by_themselves_and_once() -> None:
    schemas, copy = of({"items": {"$ref": "#/$defs/n"}, "$defs": {"n": {"minimum": 3}}})
    item = copy["items"]
    assert schemas.validator([item]) is schemas.validator([item])
    assert schemas.fits([item], 3)
    assert not schemas.fits([item], 2)


def test_validators_judge_formats_and_patterns() -> None:
    schemas, copy = of({"format": "date"})
    assert not schemas.fits([copy], "no date")
    assert schemas.keeps("format", "date", "2024-02-29")
    assert not schemas.keeps("pattern", r"^\d$", "x")
    assert schemas.pattern("a+") is schemas.pattern("a+")


def nested(levels: int) -> Json:
    schema: Json = {}
    for _ in range(levels):
        schema = {"items": schema}
    return schema


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ({"$ref": "#/none"}, "points to nothing"),
        ({"items": {"$ref": "https://example.com/a"}}, "leads out of the document"),
        ({"items": 3}, "an object or a boolean, not '3'"),
        (nested(150), "too deep or too large"),
        (
            {
                "$defs": {str(n): {"$ref": f"#/$defs/{n + 1}"} for n in range(12_000)},
                "$ref": "#/$defs/0",
            },
            "too many references",
        ),
    ],
)
def test_what_is_no_usable_schema_is_refused(schema: Json, complaint: str) -> None:
    with pytest.raises(Unsatisfiable, match=complaint):
        of(schema)


@pytest.mark.parametrize(
    "schema",
    [{"const": nested(300)}, {"type": "fruit"}, {"pattern": "("}, {"minLength": -1}, {"enum": 3}],
)
def test_what_does_not_compile_is_refused(schema: Json) -> None:
    schemas, copy = of({"$ref": "#/$defs/a", "$defs": {"a": schema}})
    with pytest.raises(Unsatisfiable, match="The schema cannot be used: "):
        schemas.validator([copy])


def test_a_refused_schema_spoils_nothing() -> None:
    bad = {"items": [{"$ref": "#/good"}, {"$ref": "#/none"}]}
    document = Document({"good": {"type": "string"}, "also": {"items": {"$ref": "#/good"}}})
    schemas = Schemas(document)
    for _ in range(2):
        with pytest.raises(Unsatisfiable):
            schemas.closed(bad)
    assert not schemas.fits([schemas.closed(document.data["also"])], [1])


def test_what_is_kept_is_bounded() -> None:
    schemas = Schemas(Document({}))
    for number in range(2_500):
        assert not schemas.fits([schemas.closed({"minimum": number})], -1)
    assert len(schemas._validators) <= 2_000
    assert len(schemas._copies) <= 2_000
