"""Whether what a client sends as a JSON Schema is one that values can be made and judged by."""

from collections.abc import Iterator
from typing import Final

import jsonschema_rs

from mock_server import codec
from mock_server.document import Document, DocumentError
from mock_server.grammar import SCHEMA_LISTS, SCHEMA_MAPS, SCHEMA_SINGLES
from mock_server.memory import Memory
from mock_server.values.schemas import Schemas, Unsatisfiable
from mock_server.wire import Json

Steps = list[str | int]
Fault = tuple[Steps, str]
"""The steps to a place inside a schema, and a sentence that says what is wrong there."""

_MOST_LEVELS: Final = 100
_MOST_NODES: Final = 10_000
_REMEMBERED: Final = 256
_LONGEST_PATTERN: Final = 5_000  # characters
_MOST_PATTERNS: Final = 1_000
_LARGE, _SMALL, _MOST_LARGE = 2**22, 2**17, 20  # bytes of a compiled pattern
_LONGEST_SAID: Final = 160
_NEWEST: Final = "https://json-schema.org/draft/2020-12/schema"
_DRAFT_7: Final = "http://json-schema.org/draft-07/schema#"
# No other name of a dialect may reach the validator, which would try to fetch it.
_DIALECTS: Final = {
    "https://json-schema.org/draft/2019-09/schema": "https://json-schema.org/draft/2019-09/schema",
    **{
        f"http://json-schema.org/draft-0{n}/schema": f"http://json-schema.org/draft-0{n}/schema#"
        for n in (4, 6, 7)
    },
    _NEWEST: _NEWEST,
}
_TYPES: Final = "array, boolean, integer, null, number, object, string"


class Soundness:
    """Judges schemas, and remembers those that it has seen."""

    def __init__(self) -> None:
        self._judged: Memory[bytes, tuple[Fault | None]] = Memory(_REMEMBERED)

    def fault(self, schema: Json) -> Fault | None:
        """What is wrong with a schema and where, or None; as `schema_fault`."""
        key = codec.encode(schema)
        judged = self._judged.get(key)
        if judged is None:
            judged = (schema_fault(schema),)
            self._judged.put(key, judged)
        return judged[0]


def schema_fault(schema: Json) -> Fault | None:
    """Where and why something is no JSON Schema (2020-12, or draft 7) that can be used; else None.

    Its references must lead to somewhere inside it, its patterns must compile, and it must be
    neither too deep nor too large.
    """
    if isinstance(schema, bool):
        return None
    if not isinstance(schema, dict):
        return [], "A JSON Schema is an object or a boolean."
    return _size_fault(schema) or _form_fault(schema) or _inner_fault(schema) or _use_fault(schema)


def _size_fault(schema: Json) -> Fault | None:
    level: list[tuple[Steps, Json]] = [([], schema)]
    count = 0
    for _ in range(_MOST_LEVELS):
        count += len(level)
        if count > _MOST_NODES:
            return [], f"The schema is too large: it has more than {_MOST_NODES} nodes."
        level = [
            (steps[:1] or [step], inner)
            for steps, node in level
            for step, inner in _members(node)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return None
    return level[0][0], f"The schema is nested too deeply: more than {_MOST_LEVELS} levels."


def _members(node: Json) -> Iterator[tuple[str | int, Json]]:
    yield from node.items() if isinstance(node, dict) else enumerate(node)


def _form_fault(schema: dict[str, Json]) -> Fault | None:
    """What the meta-schema objects to."""
    named = schema.get("$schema")
    plain = named.removesuffix("#") if isinstance(named, str) else ""
    if named is not None and plain not in _DIALECTS:
        return ["$schema"], "No dialect of JSON Schema that is known here has this name."
    dialect = _DIALECTS.get(plain, _NEWEST)
    try:
        jsonschema_rs.meta.validate({**schema, "$schema": dialect})
    except jsonschema_rs.ValidationError as error:
        if named is None and jsonschema_rs.meta.is_valid({**schema, "$schema": _DRAFT_7}):
            return None
        return list(error.instance_path), _sentence(error)
    return None


def _sentence(error: jsonschema_rs.ValidationError) -> str:
    path = error.instance_path
    if (path and path[-1] == "type") or path[-2:-1] == ["type"]:
        return f"`type` must be one of {_TYPES}, or a list of some of them."
    return _cut(error.message)


def _cut(message: str) -> str:
    line = message.partition("\n")[0]
    line = line if len(line) <= _LONGEST_SAID else line[:_LONGEST_SAID] + "…"
    return line if line.endswith(".") else line + "."


def _inner_fault(schema: dict[str, Json]) -> Fault | None:
    """A pattern that does not compile, or a reference that leads nowhere."""
    document, seen = Document(schema), set[str]()
    for steps, node in _schemas(schema):
        for name in ("$ref", "$dynamicRef"):
            if name in node and (why := _reference_fault(node[name], document)):
                return [*steps, name], why
        for place, pattern in _patterns(steps, node):
            if pattern not in seen and (why := _pattern_fault(pattern, len(seen))):
                return place, why
            seen.add(pattern)
    return None


def _patterns(steps: Steps, node: dict[str, Json]) -> Iterator[tuple[Steps, str]]:
    if "pattern" in node:
        yield [*steps, "pattern"], node["pattern"]
    keyed = node.get("patternProperties")
    for pattern in keyed if isinstance(keyed, dict) else ():
        yield [*steps, "patternProperties", pattern], pattern


def _reference_fault(reference: Json, document: Document) -> str:
    try:
        target = document.resolve({"$ref": reference})
    except DocumentError as error:
        return _cut(str(error))
    return "" if isinstance(target, dict | bool) else f"{reference!r} leads to no schema."


def _pattern_fault(pattern: str, earlier: int) -> str:
    if len(pattern) > _LONGEST_PATTERN or earlier >= _MOST_PATTERNS:
        return f"At most {_MOST_PATTERNS} patterns of {_LONGEST_PATTERN} characters may be used."
    # A few patterns may be costly; a thousand of them would keep the server busy for long.
    size = _LARGE if earlier < _MOST_LARGE else _SMALL
    options = jsonschema_rs.FancyRegexOptions(size_limit=size)
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern}, pattern_options=options)
    except ValueError:
        return f"{_short(pattern)} is no regular expression, or one that takes too much memory."
    return ""


def _short(pattern: str) -> str:
    return repr(pattern if len(pattern) <= 60 else pattern[:60] + "…")


def _use_fault(schema: dict[str, Json]) -> Fault | None:
    """What stands in the way when the schema is taken into use."""
    schemas = Schemas(Document(schema))
    try:
        schemas.validator([schemas.closed(schema)])
    except Unsatisfiable as error:
        return [], str(error)
    except RecursionError:
        return [], "The schema is nested too deeply."
    return None


def _schemas(root: dict[str, Json]) -> Iterator[tuple[Steps, dict[str, Json]]]:
    """Every schema in a schema, with the steps that lead to it."""
    waiting: list[tuple[Steps, Json]] = [([], root)]
    while waiting:
        steps, node = waiting.pop()
        if isinstance(node, dict):
            yield steps, node
            waiting += _below(steps, node)


def _below(steps: Steps, node: dict[str, Json]) -> Iterator[tuple[Steps, Json]]:
    for name in (*SCHEMA_MAPS, *SCHEMA_LISTS, *SCHEMA_SINGLES):
        inner = node.get(name)
        if name in SCHEMA_SINGLES and isinstance(inner, dict):
            yield [*steps, name], inner
        elif isinstance(inner, dict | list) and name not in SCHEMA_SINGLES:
            yield from (([*steps, name, key], each) for key, each in _members(inner))
