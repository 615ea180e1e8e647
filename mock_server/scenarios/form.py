"""The form of a scenario: what a rule may say, as a JSON Schema."""

from typing import Final

from mock_server.wire import Json

_TEXT: Final[Json] = {"type": "string", "minLength": 1}
_SECONDS: Final[Json] = {"type": "number", "minimum": 0, "maximum": 1_000_000}
_MEDIUM: Final[Json] = {
    "type": ["string", "object"],
    "minLength": 1,
    "required": ["file"],
    "additionalProperties": False,
    "properties": {"file": _TEXT},
}
_TOOL_CALL: Final[Json] = {
    "type": "object",
    "required": ["name"],
    "additionalProperties": False,
    "properties": {"name": _TEXT, "arguments": {"type": "object"}},
}
_OUTCOME: Final[Json] = {
    "answer": {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            "text": {"type": "string"},
            "reasoning": {"type": "string"},
            "tool_calls": {"type": "array", "minItems": 1, "items": _TOOL_CALL},
            "json": True,
            "body": True,
            "image": _MEDIUM,
            "audio": _MEDIUM,
        },
    },
    "error": {
        "type": "object",
        "required": ["status"],
        "additionalProperties": False,
        "properties": {
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "message": _TEXT,
            "type": {"type": "string"},
            "code": {"type": "string"},
            "retry_after": {"type": "integer", "minimum": 1, "maximum": 86_400},
        },
    },
    "status": {"type": "integer", "minimum": 200, "maximum": 599},
    "job": {
        "type": "object",
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {
            "seconds": _SECONDS,
            "error": {
                "type": "object",
                "required": ["message"],
                "additionalProperties": False,
                "properties": {"message": _TEXT, "code": {"type": "string"}},
            },
        },
    },
    "pass": {"const": True},
    "headers": {
        "type": "object",
        "additionalProperties": {
            "type": "string",
            "pattern": r"^(?:[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?)?$",
        },
    },
    "after": _SECONDS,
    "then": _TEXT,
}
_COUNT: Final[Json] = {"type": "integer", "minimum": 1, "maximum": 1_000_000_000}
_WHEN: Final[Json] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "operation": {"type": "string"},
        "model": {"type": "string"},
        "text": {"type": "string"},
        "key": {"type": "string"},
        "value": {
            "type": "object",
            "minProperties": 1,
        },
        "nth": {
            "type": ["integer", "array"],
            "minimum": 1,
            "maximum": 1_000_000_000,
            "minItems": 1,
            "maxItems": 1_000,
            "items": _COUNT,
        },
        "state": {
            "type": ["string", "array"],
            "minLength": 1,
            "minItems": 1,
            "maxItems": 1_000,
            "items": _TEXT,
        },
    },
}
FORM: Final[Json] = {
    "type": "array",
    "maxItems": 10_000,
    "items": {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            "name": {"type": "string", "minLength": 1, "maxLength": 100},
            "when": _WHEN,
            **_OUTCOME,
            "sequence": {
                "type": "array",
                "minItems": 1,
                "maxItems": 1_000,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": _OUTCOME,
                },
            },
            "repeat": {"type": "boolean"},
            "times": _COUNT,
            "violates": {"type": "boolean"},
        },
    },
}
