"""The walk meets every node of a document once, and nothing that is data."""

from typing import Any

from mock_server.grammar import Place, named_maps, walk

DATA = {
    "openapi": "3.1.0",
    "paths": {
        "/a": {
            "parameters": [{"schema": {"type": "string"}}],
            "get": {
                "responses": {
                    "200": {
                        "headers": {"x-one": {"schema": {"type": "integer"}}},
                        "content": {
                            "application/json": {
                                "schema": {"properties": {"items": {"not": {}}}, "default": {}},
                                "examples": {"one": {"value": {"schema": {"no": "schema"}}}},
                            }
                        },
                    },
                    "x-note": {"content": {}},
                },
                "callbacks": {"done": {"{$request.body#/url}": {"post": {}}}},
            },
        },
        "x-internal": {"get": {}},
    },
    "components": {"schemas": {"x-odd": {"allOf": [{}, True]}}},
}


def found(kind: str) -> list[tuple[str, ...]]:
    return [place.names for place in walk(DATA) if place.kind == kind]


def test_schemas_are_found_wherever_they_stand() -> None:
    media = ("paths", "/a", "get", "responses", "200", "content", "application/json", "schema")
    assert found("schema") == [
        ("paths", "/a", "parameters", "0", "schema"),
        ("paths", "/a", "get", "responses", "200", "headers", "x-one", "schema"),
        media,
        (*media, "properties", "items"),
        (*media, "properties", "items", "not"),
        ("components", "schemas", "x-odd"),
        ("components", "schemas", "x-odd", "allOf", "0"),
    ]


def test_extensions_are_no_paths_and_no_responses() -> None:
    assert found("operation") == [
        ("paths", "/a", "get"),
        ("paths", "/a", "get", "callbacks", "done", "{$request.body#/url}", "post"),
    ]
    assert len(found("response")) == 1


def test_examples_are_nodes_but_their_values_are_not() -> None:
    assert [names[-1] for names in found("example")] == ["one"]


def test_a_node_that_is_reached_twice_is_visited_once() -> None:
    shared: dict[str, Any] = {"type": "string"}
    shared["items"] = shared
    schema = {"allOf": [shared, shared]}
    assert len(list(walk(schema, "schema"))) == 2


def test_what_is_changed_on_the_way_is_walked_as_it_is_then() -> None:
    schema: dict[str, Any] = {"properties": {"a": {}}}
    seen = []
    for place in walk(schema, "schema"):
        seen.append(place.names)
        if not place.names:
            place.node["items"] = place.node.pop("properties")["a"]
    assert seen == [(), ("items",)]


def test_named_maps_are_those_whose_nodes_can_be_referred_to() -> None:
    response: dict[str, Any] = {"headers": {"a": {}}, "content": {"b": {}}, "links": None}
    assert list(named_maps(Place("response", response))) == [{"a": {}}]
