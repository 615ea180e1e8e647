"""Scripts for operations that hold no conversation: failures, and how jobs go on."""

from mock_server.mock import Mock, Request
from mock_server.scenarios import Kind, ScriptedError, Situation, find
from mock_server.synthesis import scripted_failure
from mock_server.wire import Json


def fail_as_scripted(request: Request, mock: Mock) -> None:
    """Raises ApiError where a scenario scripts a failure for the request's model, text and key."""
    script_for(request, mock, ScriptedError)


def script_for(request: Request, mock: Mock, kind: type[Kind]) -> Kind | None:
    """What a scenario has of that kind for the request's model, text and key.

    Raises ApiError where it is a failure.
    """
    if not mock.rules:
        return None
    fields = request.body if isinstance(request.body, dict) else request.parameters
    said = next((fields[name] for name in ("prompt", "input") if name in fields), "")
    situation = Situation(
        request.operation.id, str(fields.get("model", "")), _joined(said), request.caller.key
    )
    script = find(mock.rules, situation, kind)
    if isinstance(script, ScriptedError):
        raise scripted_failure(script, request)
    return script


def _joined(said: Json) -> str:
    return "\n".join(map(str, said)) if isinstance(said, list) else str(said)
