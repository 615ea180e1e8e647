"""The parameters of a request: texts of path, query, headers and cookies as typed values."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from mock_server.errors import Invalid
from mock_server.operation import Parameter
from mock_server.spec import Spec
from mock_server.violations import first_violation
from mock_server.wire import Call, Json

_INTEGER = re.compile(r"-?(?:0|[1-9]\d{0,300})")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,300})(?:\.\d{1,300})?(?:[eE][+-]?\d{1,2})?")
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


def typed(text: str, schema: Mapping[str, Json]) -> Json:
    """A text as the type that its schema wants, where it can be read as that; else as it is."""
    types = types_of(schema)
    if "boolean" in types and text in _BOOLEANS:
        return _BOOLEANS[text]
    if {"integer", "number"} & types and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and _NUMBER.fullmatch(text):
        return float(text)
    return text


def types_of(schema: Mapping[str, Json]) -> set[str]:
    """The JSON types that a schema names."""
    types = schema.get("type", [])
    return {types} if isinstance(types, str) else set(types)


def _checked(spec: Spec, parameter: Parameter, texts: list[str]) -> Json:
    value = _value(spec, parameter, texts)
    if parameter.pointer:
        violation = first_violation(spec.validator(parameter.pointer), value, root=parameter.name)
        if violation is not None:
            raise violation
    return value


def _value(spec: Spec, parameter: Parameter, texts: list[str]) -> Json:
    if "array" not in types_of(parameter.schema):
        return typed(texts[0], parameter.schema)
    items = texts if parameter.explode else texts[0].split(",")
    schema = spec.document.resolve(parameter.schema.get("items", {}))
    return [typed(item, schema) for item in items]


def _texts(call: Call, parameter: Parameter, path: Mapping[str, str]) -> list[str]:
    if parameter.place == "path":
        return [path[parameter.name]] if parameter.name in path else []
    if parameter.place == "header":
        return call.header_values(parameter.name.lower().encode())
    pairs = _cookies(call) if parameter.place == "cookie" else _query(call)
    return [value for name, value in pairs if name == parameter.name]


def _query(call: Call) -> Iterator[tuple[str, str]]:
    for name, value in parse_qsl(call.query.decode("latin-1"), keep_blank_values=True):
        yield name.removesuffix("[]"), value


def _cookies(call: Call) -> Iterator[tuple[str, str]]:
    for pair in ";".join(call.header_values(b"cookie")).split(";"):
        name, _, value = pair.strip().partition("=")
        yield name, value
