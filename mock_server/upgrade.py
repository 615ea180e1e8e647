"""Schemas of OpenAPI 3.0 and of older drafts, in the words of JSON Schema 2020-12."""

from mock_server.grammar import walk
from mock_server.wire import Json

_COMBINATORS = ("allOf", "anyOf", "oneOf", "not", "$ref")
_ANNOTATIONS = ("title", "description", "default", "examples", "readOnly", "writeOnly")


def upgrade(data: dict[str, Json]) -> None:
    """Change a 3.0 document in place; examples, defaults and enums keep their data."""
    for place in walk(data):
        if place.kind == "schema":
            _upgrade_schema(place.node)
    data["openapi"] = "3.1.1"


def _upgrade_schema(schema: dict[str, Json]) -> None:
    if "$ref" in schema:
        _drop_siblings(schema)
    if "example" in schema:
        schema.setdefault("examples", [schema.pop("example")])
    _bound(schema, "minimum", "exclusiveMinimum")
    _bound(schema, "maximum", "exclusiveMaximum")
    _content(schema)
    if schema.pop("nullable", False) is True:
        _allow_null(schema)


def _drop_siblings(schema: dict[str, Json]) -> None:
    # 3.0 ignores what stands beside a `$ref`; `nullable` there is a common slip, and kept.
    for name in [name for name in schema if name not in {"$ref", "nullable"}]:
        del schema[name]


def _bound(schema: dict[str, Json], inclusive: str, exclusive: str) -> None:
    flag = schema.get(exclusive)
    if not isinstance(flag, bool):
        return
    del schema[exclusive]
    if flag and inclusive in schema:
        schema[exclusive] = schema.pop(inclusive)


def _content(schema: dict[str, Json]) -> None:
    if schema.get("format") == "binary":
        del schema["format"]
        schema.setdefault("contentMediaType", "application/octet-stream")
    elif schema.get("format") in {"byte", "base64"}:
        del schema["format"]
        schema.setdefault("contentEncoding", "base64")


def _allow_null(schema: dict[str, Json]) -> None:
    if "type" not in schema and any(name in schema for name in _COMBINATORS):
        return _wrap(schema)
    if isinstance(kind := schema.get("type"), str):
        schema["type"] = [kind, "null"]
    if isinstance(values := schema.get("enum"), list) and None not in values:
        schema["enum"] = [*values, None]
    return None


def _wrap(schema: dict[str, Json]) -> None:
    inner = {name: value for name, value in schema.items() if name not in _ANNOTATIONS}
    for name in inner:
        del schema[name]
    schema["anyOf"] = [inner, {"type": "null"}]


def modern(schema: dict[str, Json]) -> dict[str, Json]:
    """A schema of drafts 4 to 7, or with a common slip, as 2020-12 words it; the rest as it is.

    What a discriminator means for each branch is written out as `{property, keys}`.
    """
    schema = dict(schema)
    if "example" in schema:
        schema.setdefault("examples", [schema["example"]])
    if isinstance(schema.get("items"), list):
        schema["prefixItems"] = schema["items"]
        schema["items"] = schema.get("additionalItems", True)
    for name, needs in _mapping(schema.get("dependencies")).items():
        kind = "dependentRequired" if isinstance(needs, list) else "dependentSchemas"
        schema[kind] = {**_mapping(schema.get(kind)), name: needs}
    if "discriminator" in schema:
        schema["discriminator"] = _keyed(schema)
    return {name: value for name, value in schema.items() if not _is_slip(name, value)}


def _is_slip(name: str, value: Json) -> bool:
    if name in {"required", "examples", "prefixItems", "allOf", "anyOf", "oneOf"}:
        return not isinstance(value, list)
    if name in {"properties", "patternProperties", "dependentSchemas"}:
        return not isinstance(value, dict)
    return name in {"exclusiveMinimum", "exclusiveMaximum"} and isinstance(value, bool)


def _mapping(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _keyed(schema: dict[str, Json]) -> dict[str, Json]:
    discriminator = _mapping(schema["discriminator"])
    mapping = _mapping(discriminator.get("mapping")).items()
    by_target = {target: key for key, target in mapping if isinstance(target, str)}
    branches = schema.get("oneOf", schema.get("anyOf"))
    refs = [
        str(_mapping(each).get("$ref", ""))
        for each in (branches if isinstance(branches, list) else ())
    ]
    names = [ref.rpartition("/")[2] for ref in refs]
    keys = [
        by_target.get(ref, by_target.get(name, name)) for ref, name in zip(refs, names, strict=True)
    ]
    return {"property": str(discriminator.get("propertyName")), "keys": keys}
