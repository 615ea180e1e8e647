"""The parameters of a request: texts of path, query, headers and cookies as typed values."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from mock_server.document import Document
from mock_server.errors import Invalid
from mock_server.operation import Parameter
from mock_server.spec import Spec
from mock_server.violations import first_violation
from mock_server.wire import Call, Json

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,300})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,200})(?:\.[0-9]{1,300})?(?:[eE][+-]?[0-9]{1,2})?")
_BOOLEANS = {"true": True, "false": False}


def read_parameters(
    spec: Spec, call: Call, parameters: tuple[Parameter, ...], path: Mapping[str, str]
) -> Mapping[str, Json]:
    """The documented parameters that were sent, by name; raises Invalid at the first bad one."""
    found: dict[str, Json] = {}
    for parameter in parameters:
        texts = _texts(call, parameter, path)
        if texts:
            found[parameter.name] = _checked(spec, parameter, texts)
        elif parameter.required:
            message = f"{parameter.name}: is required in the {parameter.place}"
            raise Invalid("missing_field", message, param=parameter.name)
    return found


def typed(text: str, types: set[str]) -> Json:
    """A text as the first of these JSON types that it can be read as; else as it is."""
    if "boolean" in types and text in _BOOLEANS:
        return _BOOLEANS[text]
    if {"integer", "number"} & types and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and _NUMBER.fullmatch(text):
        return float(text)
    return text


def types_of(document: Document, schema: Json) -> set[str]:
    """The JSON types that a schema names, itself or in what it is composed of."""
    schema = document.resolve(schema)
    if not isinstance(schema, dict):
        return set()
    types = schema.get("type", [])
    found = {types} if isinstance(types, str) else set(types)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(keyword, []):
            found |= types_of(document, each)
    return found


def items_of(document: Document, schema: Json) -> set[str]:
    """The JSON types of an array schema's items."""
    return types_of(document, document.resolve(schema).get("items", {}))


def _checked(spec: Spec, parameter: Parameter, texts: list[str]) -> Json:
    value = _value(spec, parameter, texts)
    if parameter.pointer:
        violation = first_violation(spec.validator(parameter.pointer), value, root=parameter.name)
        if violation is not None:
            raise violation
    return value


def _value(spec: Spec, parameter: Parameter, texts: list[str]) -> Json:
    types = types_of(spec.document, parameter.schema)
    if "array" not in types:
        return typed(texts[0], types)
    if parameter.place == "header":  # RFC 9110, section 5.3: several lines are one list
        texts = [each.strip() for text in texts for each in text.split(",")]
    elif not parameter.explode:
        texts = texts[0].split(",")
    return [typed(text, items_of(spec.document, parameter.schema)) for text in texts]


def _texts(call: Call, parameter: Parameter, path: Mapping[str, str]) -> list[str]:
    if parameter.place == "path":
        return [path[parameter.name]] if parameter.name in path else []
    if parameter.place == "header":
        return call.header_values(parameter.name.lower().encode())
    pairs = list(_cookies(call) if parameter.place == "cookie" else _query(call))
    # Some clients mark repeated names with brackets that the document does not have.
    names = (parameter.name, f"{parameter.name}[]")
    return [value for name, value in pairs if name in names]


def _query(call: Call) -> Iterator[tuple[str, str]]:
    yield from parse_qsl(call.query.decode("latin-1"), keep_blank_values=True)


def _cookies(call: Call) -> Iterator[tuple[str, str]]:
    for pair in ";".join(call.header_values(b"cookie")).split(";"):
        name, _, value = pair.strip().partition("=")
        yield name, value
