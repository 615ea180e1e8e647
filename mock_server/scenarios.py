"""Answers that a person wrote beforehand: rules on model, text and key, read from a YAML file."""

import json
import re
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TypeVar

import jsonschema_rs
import msgspec

from mock_server import codec
from mock_server.errors import Invalid
from mock_server.source import DocumentError, read
from mock_server.violations import first_violation
from mock_server.wire import Json

FORM: Json = {
    "type": "array",
    "items": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "when": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "operation": {"type": "string"},
                    "model": {"type": "string"},
                    "text": {"type": "string"},
                    "key": {"type": "string"},
                },
            },
            "answer": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {
                    "text": {"type": "string"},
                    "reasoning": {"type": "string"},
                    "tool_calls": {
                        "type": "array",
                        "minItems": 1,
                        "items": {
                            "type": "object",
                            "required": ["name"],
                            "additionalProperties": False,
                            "properties": {
                                "name": {"type": "string", "minLength": 1},
                                "arguments": {"type": "object"},
                            },
                        },
                    },
                },
            },
            "error": {
                "type": "object",
                "required": ["status"],
                "additionalProperties": False,
                "properties": {
                    "status": {"type": "integer", "minimum": 400, "maximum": 599},
                    "message": {"type": "string", "minLength": 1},
                    "type": {"type": "string"},
                    "code": {"type": "string"},
                    "retry_after": {"type": "integer", "minimum": 1},
                },
            },
            "job": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": False,
                "properties": {
                    "seconds": {"type": "number", "minimum": 0, "maximum": 1_000_000},
                    "error": {
                        "type": "object",
                        "required": ["message"],
                        "additionalProperties": False,
                        "properties": {
                            "message": {"type": "string", "minLength": 1},
                            "code": {"type": "string"},
                        },
                    },
                },
            },
        },
        "allOf": [
            {"if": {"required": ["error"]}, "then": {"properties": {"answer": False}}},
            {
                "if": {"required": ["job"]},
                "then": {"properties": {"answer": False, "error": False}},
            },
        ],
    },
}


class ScenarioError(ValueError):
    """A scenario file that cannot be used; the sentence says where and why."""


@dataclass(frozen=True)
class ScriptedCall:
    """A tool call to be made, its arguments as an object."""

    name: str
    arguments: Mapping[str, Json]


@dataclass(frozen=True)
class ScriptedAnswer:
    """What to answer; what is left out is made up as usual, unless tools are called."""

    text: str | None
    reasoning: str | None
    tool_calls: tuple[ScriptedCall, ...]


@dataclass(frozen=True)
class ScriptedError:
    """A failure to answer with; `retry_after` in seconds."""

    status: int
    message: str
    type: str | None
    code: str | None
    retry_after: int | None


@dataclass(frozen=True)
class ScriptedJob:
    """How a job goes on that was taken: `seconds` it takes, and the `error` that it ends with.

    Without an error it succeeds; without seconds it takes as long as any other.
    """

    seconds: float | None
    error: Mapping[str, Json] | None


Outcome = ScriptedAnswer | ScriptedError | ScriptedJob
Kind = TypeVar("Kind", bound=Outcome)


class Situation(msgspec.Struct, frozen=True):
    """What a rule is matched against; `text` is that of the last user turn."""

    operation: str
    model: str
    text: str
    key: str


@dataclass(frozen=True)
class Rule:
    """Where all that a rule names fits, its outcome holds. Model and key may use * and ?."""

    operation: str | None
    model: str
    text: re.Pattern[str] | None
    key: str
    outcome: Outcome

    def fits(self, situation: Situation) -> bool:
        """Whether this rule is meant for that situation."""
        return (
            self.operation in (None, situation.operation)
            and fnmatchcase(situation.model, self.model.replace("[", "[[]"))
            and fnmatchcase(situation.key, self.key.replace("[", "[[]"))
            and (self.text is None or self.text.search(situation.text) is not None)
        )


def load_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a scenario file, in order; raises ScenarioError."""
    try:
        content = read(path)
    except DocumentError as error:
        raise ScenarioError(str(error)) from None
    return read_rules(content if content is not None else [], str(path))


def read_rules(content: Json, source: str) -> tuple[Rule, ...]:
    """The rules in a value of the form FORM; raises ScenarioError."""
    try:
        content = codec.decode(json.dumps(content).encode())
    except (Invalid, RecursionError, TypeError, ValueError) as error:
        raise ScenarioError(f"{source} holds what JSON cannot say: {error}") from None
    wrong = first_violation(jsonschema_rs.validator_for(FORM), content, root="rules")
    if wrong is not None:
        raise ScenarioError(f"{source}: {wrong}")
    try:
        return tuple(_rule(each, index) for index, each in enumerate(content))
    except ScenarioError as error:
        raise ScenarioError(f"{source}: {error}") from None


def find(
    rules: Iterable[Rule], situation: Situation, kind: type[Kind]
) -> Kind | ScriptedError | None:
    """The outcome of the first rule that fits, of those that fail or are of that kind."""
    for rule in rules:
        if isinstance(rule.outcome, ScriptedError | kind) and rule.fits(situation):
            return rule.outcome
    return None


def _rule(node: Json, index: int) -> Rule:
    if not {"answer", "error", "job"} & set(node):
        raise ScenarioError(f"rules[{index}]: an answer, an error or a job is required")
    when = node.get("when", {})
    return Rule(
        operation=when.get("operation"),
        model=when.get("model", "*"),
        text=_pattern(when["text"]) if "text" in when else None,
        key=when.get("key", "*"),
        outcome=_outcome(node),
    )


def _outcome(node: Json) -> Outcome:
    if "error" in node:
        return _error(node["error"])
    if "job" in node:
        return ScriptedJob(node["job"].get("seconds"), node["job"].get("error"))
    return _answer(node["answer"])


def _pattern(text: str) -> re.Pattern[str]:
    try:
        with warnings.catch_warnings(action="ignore"):
            return re.compile(text)
    except (re.error, OverflowError, RecursionError) as error:
        shown = text if len(text) <= 60 else text[:60] + "…"
        raise ScenarioError(f"{shown!r} is not a regular expression: {error}") from None


def _answer(node: Json) -> ScriptedAnswer:
    calls = (
        ScriptedCall(call["name"], call.get("arguments", {})) for call in node.get("tool_calls", ())
    )
    return ScriptedAnswer(node.get("text"), node.get("reasoning"), tuple(calls))


def _error(node: Json) -> ScriptedError:
    message = node.get("message", "This failure was scripted.")
    wait = node.get("retry_after")
    return ScriptedError(
        status=int(node["status"]),
        message=message,
        type=node.get("type"),
        code=node.get("code"),
        retry_after=None if wait is None else int(wait),
    )
