"""From a schema violation to a sentence that names the field and the rule it broke."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

import jsonschema_rs

from mock_server.errors import Invalid, Kind
from mock_server.keywords import KEYWORDS
from mock_server.wire import Json

_Violation = jsonschema_rs.ValidationError
_SHOWN, _PLACE_SHOWN, _LISTED = 60, 200, 20
_KINDS: Mapping[str, Kind] = {"required": "missing_field", "type": "invalid_type"}
_RULES: Mapping[str, Callable[[Any], str]] = {
    "additionalProperties": lambda kind: f"has unknown members {_listed(kind.unexpected)}",
    "const": lambda kind: f"is not {show(kind.expected_value)}",
    "contains": lambda kind: "has too few or too many items of the kind asked for",
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
    "pattern": lambda kind: _unlike(getattr(kind, "pattern", "")),
    "required": lambda kind: "is required",
    "type": lambda kind: f"is not of type {_either(kind.types)}",
    "unevaluatedProperties": lambda kind: f"has unknown members {_listed(kind.unexpected)}",
    "uniqueItems": lambda kind: "has the same item twice",
}


def first_violation(
    validator: jsonschema_rs.Validator, value: Json, *, root: str = "", secret: str | None = None
) -> Invalid | None:
    """The first thing wrong with `value` as an error to raise, or None; `root` names the value.

    What stands under a member called `secret` is not shown.
    """
    try:
        validator.validate(value)  # stops at the first, while `iter_errors` works out all
    except _Violation as violation:
        told = _told_why(deepest(violation), validator, value)
        return _invalid(told, value, root, secret)
    except ValueError:
        return Invalid("invalid_body", "The value is nested too deeply.", param=root or None)
    return None


def _unlike(pattern: str) -> str:
    return "is blank" if pattern == r"\S" else f"does not match the pattern {pattern}".rstrip()


def show(value: Json, *, most: int = _SHOWN) -> str:
    """A value as a message shows it: short, strings in single quotes."""
    text = f"'{value[: most + 1]}'" if isinstance(value, str) else _json(value)
    return text if len(text) <= most else text[:most].rstrip("'") + "…"


def place(path: Sequence[str | int], root: str = "") -> str:
    """A path into a value as people write it: `messages[0].role`."""
    text = root
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else step
        if len(text) > _PLACE_SHOWN:
            return text[:_PLACE_SHOWN] + "…"
    return text


def deepest(violation: _Violation) -> _Violation:
    """Behind an anyOf or oneOf: the violation in the branch that was most likely meant."""
    branches = getattr(violation.kind, "context", None)
    if not branches:
        return violation
    meant = [branch for branch in branches if not _is_other_type(branch, violation)]
    if len(meant) != 1 and len({_depth(branch) for branch in branches}) == 1:
        return violation
    branch = max(meant or branches, key=_depth)
    return deepest(max(branch, key=lambda each: len(each.instance_path)))


def _told_why(violation: _Violation, validator: jsonschema_rs.Validator, value: Json) -> _Violation:
    """Where nothing but null may stand: the contract's own word for it, if it has one."""
    kind: Any = violation.kind
    if kind.name != "type" or list(kind.types) != ["null"]:
        return violation
    others = islice(validator.iter_errors(value), _LISTED)
    same = (each for each in others if each.instance_path == violation.instance_path)
    return next((each for each in same if each.kind.name in KEYWORDS), violation)


def _is_other_type(branch: Iterable[_Violation], whole: _Violation) -> bool:
    return any(
        each.kind.name in ("const", "enum")
        or (each.kind.name == "type" and each.instance_path == whole.instance_path)
        for each in branch
    )


def _depth(branch: Iterable[_Violation]) -> int:
    return max((len(each.instance_path) for each in branch), default=0)


def _invalid(violation: _Violation, value: Json, root: str, secret: str | None) -> Invalid:
    kind: Any = violation.kind  # its attributes differ by rule
    path, found = _located(value, violation.instance_path)
    if kind.name == "required":
        field = place([*path, kind.property], root)
        return Invalid("missing_field", f"{field}: is required", param=field)
    if kind.name in KEYWORDS:
        path = [*path, *getattr(violation.__cause__, "steps", ())]
    field = place(path, root)
    types = _union(kind, violation.instance_path) if kind.name in ("anyOf", "oneOf") else None
    rule = types or _unknown(violation, found) or _RULES.get(kind.name, _unnamed)(kind)
    # However the name of the secret is spelt: what is wrong with it may be just that.
    shown = show(found, most=10_000).lower()
    is_secret = secret is not None and (secret in path or secret.lower() in shown)
    what = f"what was sent {rule}" if is_secret else f"{show(found)} {rule}"
    if kind.name in KEYWORDS:  # these word it themselves, and know what is fit to be shown
        what = kind.message
    message = f"{field}: {what}" if field else f"The request body {what}"
    wrong = "invalid_type" if types else _KINDS.get(kind.name, "invalid_value")
    return _flawed(Invalid(wrong, message, param=field or None), violation)


def _flawed(invalid: Invalid, violation: BaseException) -> Invalid:
    """With the name that the check behind a violation has for what was sent."""
    cause = violation.__cause__
    while cause is not None and invalid.flaw is None:
        invalid.flaw, cause = getattr(cause, "flaw", None), cause.__cause__
    return invalid


def _located(value: Json, path: Sequence[str | int]) -> tuple[list[str | int], Json]:
    """The path and what stands there; a member whose name is made of digits is still a member."""
    steps: list[str | int] = []
    for step in path:
        if isinstance(value, list):
            steps.append(int(step))
            value = value[int(step)]
        else:
            steps.append(str(step))
            # Of a name that breaks `propertyNames` the path leads to the name itself.
            value = value[str(step)] if str(step) in value else str(step)
    return steps, value


def _union(kind: Any, path: Sequence[Any]) -> str | None:
    """What an anyOf of plain types wants, when none of them fits."""
    wanted = [_own_type(branch, path) for branch in kind.context]
    if None in wanted:
        return None
    return f"is not of type {_either([name for each in wanted for name in each or ()])}"


def _own_type(branch: Iterable[_Violation], path: Sequence[Any]) -> Sequence[Any] | None:
    """The types that a branch wants of the value itself, where that is what it fails on."""
    for each in branch:
        kind: Any = each.kind
        if kind.name == "type" and list(each.instance_path) == list(path):
            return list(kind.types)
    return None


def _unknown(violation: _Violation, found: Json) -> str | None:
    """An object that may have no members at all, not even those that it has."""
    is_closed = list(violation.schema_path)[-1:] == ["additionalProperties"]
    if violation.kind.name != "falseSchema" or not is_closed or not isinstance(found, dict):
        return None
    return f"has unknown members {_listed(found)}"


def _unnamed(kind: Any) -> str:
    if type(kind).__name__.endswith("OneOfMultipleValid"):
        return "fits more than one of the forms allowed here"
    return "fits none of the forms allowed here" if "Of" in kind.name else f"breaks {kind.name}"


def _either(types: Iterable[Any]) -> str:
    names = sorted({str(each) for each in types}, key=lambda name: (name == "null", name))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} or {names[-1]}"


def _listed(options: Iterable[Json]) -> str:
    shown = [show(each).strip("'") for each in islice(options, _LISTED + 1)]
    return ", ".join(shown[:_LISTED]) + ("…" if len(shown) > _LISTED else "")


def _plural(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _json(value: Json) -> str:
    if isinstance(value, list | dict) and len(value) > 5:
        return "the array" if isinstance(value, list) else "the object"
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return "the value"
