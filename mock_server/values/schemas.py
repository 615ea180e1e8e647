"""The schemas of one document, closed over their references, and their compiled validators."""

from collections.abc import Sequence

import jsonschema_rs

from mock_server.document import Document, DocumentError
from mock_server.grammar import SCHEMA_LISTS, SCHEMA_SINGLES
from mock_server.upgrade import modern
from mock_server.values.measures import Measures, Schema
from mock_server.values.patterns import Pattern
from mock_server.wire import Json

_RESOURCE = "urn:schemas"
_REF = f"{_RESOURCE}#/$defs/"
_MAPS = ("properties", "patternProperties", "dependentSchemas")
_APPLICATORS = frozenset((*_MAPS, *SCHEMA_LISTS, *SCHEMA_SINGLES))
_ASSERTIONS = (
    *("type", "const", "enum", "default", "examples", "writeOnly", "discriminator"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    *("minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType"),
    *("minItems", "maxItems", "uniqueItems", "minContains", "maxContains"),
    *("minProperties", "maxProperties", "required", "dependentRequired"),
)
# Annotations that tell what a value is for.
_TELLING = ("title", "description")
# What a client's schema may cost at most; documents come nowhere near.
_MOST_LEVELS = 100
_MOST_NODES = 100_000
_MOST_DEFINITIONS = 10_000
_MOST_BACKTRACKS = 20_000
_MOST_KEPT = 2_000


__all__ = ["Schema", "Schemas", "Unsatisfiable"]


class Unsatisfiable(ValueError):
    """No value was found for a schema; says which of its keywords stood in the way, and where."""


class Schemas:
    """Copies of a document's schemas, less what says nothing of values; a copy stands for it.

    In them every reference is led to a definition that is kept here, so that any part of a copy
    can be compiled and walked by itself.
    """

    def __init__(self, document: Document) -> None:
        self._document = document
        self._definitions: dict[str, Schema] = {}
        self._names: dict[str, str] = {}
        self._waiting: list[str] = []
        self._nodes = 0
        # By id of schemas, which are kept with what is known of them so that no id comes up twice.
        self._copies: dict[int, tuple[Schema, Schema]] = {}
        self._validators: dict[tuple[int, ...], tuple[Json, jsonschema_rs.Validator]] = {}
        self._keywords: dict[tuple[str, str], jsonschema_rs.Validator] = {}
        self._patterns: dict[str, Pattern] = {}
        self._registry: jsonschema_rs.Registry | None = None
        self._measures: Measures | None = None

    def closed(self, schema: Schema) -> Schema:
        """The copy of a schema; raises Unsatisfiable if it leads out, or is deep or vast."""
        if id(schema) not in self._copies:
            _make_room(self._copies)
            try:
                self._copies[id(schema)] = (schema, self._closed(schema))
            except Unsatisfiable:
                self._forget()
                raise
        return self._copies[id(schema)][1]

    def target(self, ref: str) -> Schema:
        """What a reference in a copy means."""
        return self._definitions[ref.removeprefix(_REF)]

    def validator(self, schemas: Sequence[Schema]) -> jsonschema_rs.Validator:
        """A validator for what these copies (or parts of them) ask of one value together."""
        key = tuple(map(id, schemas))
        if key not in self._validators:
            _make_room(self._validators)
            self._validators[key] = (schemas, self._compiled({"allOf": list(schemas)}))
        return self._validators[key][1]

    def fits(self, schemas: Sequence[Schema], value: Json) -> bool:
        """Whether a value is valid against all these copies."""
        return self.validator(schemas).is_valid(value)

    def keeps(self, keyword: str, argument: str, text: str) -> bool:
        """Whether a text keeps to one `pattern` or `format`."""
        if (keyword, argument) not in self._keywords:
            _make_room(self._keywords)
            self._keywords[keyword, argument] = self._compiled({keyword: argument})
        return self._keywords[keyword, argument].is_valid(text)

    def pattern(self, source: str) -> Pattern:
        """A pattern that strings can be made from; raises UnsupportedPattern."""
        if source not in self._patterns:
            _make_room(self._patterns)
            self._patterns[source] = Pattern(source)
        return self._patterns[source]

    @property
    def measures(self) -> Measures:
        """What it costs to make values for the copies, and to check them."""
        if self._measures is None:
            definitions = {_REF + name: schema for name, schema in self._definitions.items()}
            self._measures = Measures(definitions)
        return self._measures

    def _closed(self, schema: Schema) -> Schema:
        self._nodes = 0
        copy = self._copy(schema, 0)
        while self._waiting:
            ref = self._waiting.pop()
            self._definitions[self._names[ref]] = self._copy(self._looked_up(ref), 0)
            self._registry = self._measures = None
        return copy

    def _forget(self) -> None:
        # Half a closure is of no use to the next schema.
        self._copies.clear()
        self._names.clear()
        self._waiting.clear()
        self._definitions = {}
        self._registry = self._measures = None

    def _compiled(self, schema: dict[str, Json]) -> jsonschema_rs.Validator:
        options = jsonschema_rs.FancyRegexOptions(backtrack_limit=_MOST_BACKTRACKS)
        try:
            if self._registry is None:
                resource = (_RESOURCE, {"$defs": self._definitions})
                self._registry = jsonschema_rs.Registry([resource], draft=jsonschema_rs.Draft202012)
            return jsonschema_rs.Draft202012Validator(
                schema,
                registry=self._registry,
                validate_formats=True,
                offline=True,
                pattern_options=options,
            )
        except (ValueError, jsonschema_rs.ReferencingError) as error:
            reason = str(error).partition("\n")[0]
            raise Unsatisfiable(f"The schema cannot be used: {reason}.") from None

    def _copy(self, schema: Json, depth: int) -> Schema:
        if isinstance(schema, bool):
            return schema
        if not isinstance(schema, dict):
            raise Unsatisfiable(f"A schema is an object or a boolean, not {str(schema)[:50]!r}.")
        self._nodes += 1
        if depth > _MOST_LEVELS or self._nodes > _MOST_NODES:
            raise Unsatisfiable("The schema cannot be used: it is too deep or too large.")
        schema = modern(schema)
        copy = {name: schema[name] for name in _ASSERTIONS if name in schema}
        copy |= {name: schema[name] for name in _TELLING if isinstance(schema.get(name), str)}
        for name, inner in schema.items():
            if name in _APPLICATORS:
                copy[name] = self._inner(name, inner, depth + 1)
        if isinstance(ref := schema.get("$ref", schema.get("$dynamicRef")), str):
            copy["$ref"] = self._led(ref)
        return copy

    def _inner(self, name: str, inner: Json, depth: int) -> Json:
        if name in SCHEMA_LISTS:
            return [self._copy(each, depth) for each in inner]
        if name in _MAPS:
            return {key: self._copy(each, depth) for key, each in inner.items()}
        return self._copy(inner, depth)

    def _led(self, ref: str) -> str:
        if ref not in self._names:
            if len(self._names) == _MOST_DEFINITIONS:
                raise Unsatisfiable("The schema cannot be used: it has too many references.")
            self._names[ref] = str(len(self._names))
            self._waiting.append(ref)
        return _REF + self._names[ref]

    def _looked_up(self, ref: str) -> Json:
        try:
            return self._document.lookup(ref)
        except DocumentError as error:
            raise Unsatisfiable(f"The schema cannot be used: {error}") from None


def _make_room(kept: dict[Json, Json]) -> None:
    if len(kept) >= _MOST_KEPT:
        kept.clear()
