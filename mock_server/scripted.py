"""Scripted failures of operations that hold no conversation: all that a script can do there."""

from mock_server.mock import Mock, Request
from mock_server.scenarios import ScriptedError, Situation, find
from mock_server.synthesis import scripted_failure
from mock_server.wire import Json


def fail_as_scripted(request: Request, mock: Mock) -> None:
    """Raises ApiError where a scenario scripts a failure for the request's model, text and key."""
    if not mock.rules:
        return
    fields = request.body if isinstance(request.body, dict) else request.parameters
    said = next((fields[name] for name in ("prompt", "input") if name in fields), "")
    situation = Situation(
        request.operation.id, str(fields.get("model", "")), _joined(said), request.caller.key
    )
    script = find(mock.rules, situation)
    if isinstance(script, ScriptedError):
        raise scripted_failure(script, request)


def _joined(said: Json) -> str:
    return "\n".join(map(str, said)) if isinstance(said, list) else str(said)
