"""From a schema violation to a sentence that names the field and the rule it broke."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import jsonschema_rs

from mock_server.errors import Invalid, Kind
from mock_server.wire import Json

_Violation = jsonschema_rs.ValidationError
_SHOWN = 60
_KINDS: Mapping[str, Kind] = {"required": "missing_field", "type": "invalid_type"}
_RULES: Mapping[str, Callable[[Any], str]] = {
    "additionalProperties": lambda kind: f"has unknown members {_listed(kind.unexpected)}",
    "const": lambda kind: f"is not {show(kind.expected_value)}",
    "contains": lambda kind: "has no item of the kind asked for",
    "enum": lambda kind: f"is not one of {_listed(kind.options)}",
    "exclusiveMaximum": lambda kind: f"is not less than {show(kind.limit)}",
    "exclusiveMinimum": lambda kind: f"is not greater than {show(kind.limit)}",
    "falseSchema": lambda kind: "is not allowed here",
    "format": lambda kind: f"is not a valid {kind.format}",
    "maxItems": lambda kind: f"has more than {_plural(kind.limit, 'item')}",
    "maxLength": lambda kind: f"is longer than {_plural(kind.limit, 'character')}",
    "maxProperties": lambda kind: f"has more than {_plural(kind.limit, 'member')}",
    "maximum": lambda kind: f"is greater than the maximum of {show(kind.limit)}",
    "minItems": lambda kind: f"has fewer than {_plural(kind.limit, 'item')}",
    "minLength": lambda kind: f"is shorter than {_plural(kind.limit, 'character')}",
    "minProperties": lambda kind: f"has fewer than {_plural(kind.limit, 'member')}",
    "minimum": lambda kind: f"is less than the minimum of {show(kind.limit)}",
    "multipleOf": lambda kind: f"is not a multiple of {show(kind.multiple_of)}",
    "not": lambda kind: "is of a form that is not allowed here",
    "propertyNames": lambda kind: "has a member whose name is not allowed",
    "pattern": lambda kind: f"does not match the pattern {kind.pattern}",
    "required": lambda kind: "is required",
    "type": lambda kind: f"is not of type {_either(kind.types)}",
    "unevaluatedProperties": lambda kind: f"has unknown members {_listed(kind.unexpected)}",
    "uniqueItems": lambda kind: "has the same item twice",
}


def first_violation(
    validator: jsonschema_rs.Validator, value: Json, *, root: str = ""
) -> Invalid | None:
    """The first thing wrong with `value` as an error to raise, or None; `root` names the value."""
    if validator.is_valid(value):
        return None
    for violation in validator.iter_errors(value):
        return _invalid(_deepest(violation), value, root)
    return None


def show(value: Json) -> str:
    """A value as a message shows it: short, strings in single quotes."""
    text = f"'{value[: _SHOWN + 1]}'" if isinstance(value, str) else _json(value)
    return text if len(text) <= _SHOWN else text[:_SHOWN].rstrip("'") + "…"


def place(path: Sequence[str | int], root: str = "") -> str:
    """A path into a value as people write it: `messages[0].role`."""
    text = root
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
    return text


def _deepest(violation: _Violation) -> _Violation:
    """Behind an anyOf or oneOf: the violation in the branch that was most likely meant."""
    branches = getattr(violation.kind, "context", None)
    if not branches:
        return violation
    meant = [branch for branch in branches if not _is_other_type(branch, violation)]
    if len(meant) != 1 and len({_depth(branch) for branch in branches}) == 1:
        return violation
    branch = max(meant or branches, key=_depth)
    return _deepest(max(branch, key=lambda each: len(each.instance_path)))


def _is_other_type(branch: Iterable[_Violation], whole: _Violation) -> bool:
    return any(
        each.kind.name in ("const", "enum")
        or (each.kind.name == "type" and each.instance_path == whole.instance_path)
        for each in branch
    )


def _depth(branch: Iterable[_Violation]) -> int:
    return max((len(each.instance_path) for each in branch), default=0)


def _invalid(violation: _Violation, value: Json, root: str) -> Invalid:
    kind = violation.kind
    path = [*violation.instance_path]
    found = _at(value, path)
    if kind.name == "required":
        field = place([*path, kind.property], root)
        return Invalid("missing_field", f"{field}: is required", param=field)
    field = place(path, root)
    types = _union(kind) if kind.name in ("anyOf", "oneOf") else None
    rule = types or _RULES.get(kind.name, _unnamed)(kind)
    what = f"{show(found)} {rule}"
    message = f"{field}: {what}" if field else f"The request body {what}"
    return Invalid(
        "invalid_type" if types else _KINDS.get(kind.name, "invalid_value"),
        message,
        param=field or None,
    )


def _at(value: Json, path: Sequence[str | int]) -> Json:
    for step in path:
        value = value[step] if isinstance(value, list) or step in value else step
    return value


def _union(kind: Any) -> str | None:
    """What an anyOf of plain types wants, when none of them fits."""
    wanted = [each.kind for branch in kind.context for each in branch if each.kind.name == "type"]
    if len(wanted) < len(kind.context):
        return None
    return f"is not of type {_either([name for each in wanted for name in each.types])}"


def _unnamed(kind: Any) -> str:
    return "fits none of the forms allowed here" if "Of" in kind.name else f"breaks {kind.name}"


def _either(types: Iterable[Any]) -> str:
    names = sorted({str(each) for each in types}, key=lambda name: (name == "null", name))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _listed(options: Iterable[Json]) -> str:
    return ", ".join(each if isinstance(each, str) else _json(each) for each in options)


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _json(value: Json) -> str:
    if isinstance(value, list | dict) and len(value) > 5:
        return "the array" if isinstance(value, list) else "the object"
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "the value"
