"""Failures in Runware's words, of a whole request or of one task in it (RW-090 to RW-096)."""

from collections.abc import Mapping

from mock_server.errors import ApiError
from mock_server.failure import Failure
from mock_server.operation import Protocol
from mock_server.wire import Json


def envelope(failure: Failure) -> Json:
    """`{"errors": [...]}` for a request that failed as a whole; it names the first task, if any."""
    first = failure.body[0] if isinstance(failure.body, list) and failure.body else None
    # Where the contract says which task is to blame, it is not the first.
    task = None if "taskType" in failure.facts else first
    return {"errors": [_error(dict(failure.facts), failure.message, failure.param, task)]}


def refusal(error: ApiError, task: Json, protocol: Protocol) -> tuple[int, Json]:
    """The status of one task's failure, and `{"code", "message", "parameter", "taskUUID", ...}`."""
    own = protocol.fields.get(error.param or "", {}).get(error.kind, {})
    facts = {**protocol.errors[error.kind], **own, **error.facts}
    return facts["status"], _error(facts, error.message, error.param, task)


def failure(name: str, message: str, param: str | None, protocol: Protocol) -> ApiError:
    """A failure that only this protocol has, by its name in the contract."""
    return ApiError("invalid_value", message, param=param, facts=protocol.own[name])


def task_failure(script: Mapping[str, Json], task: Json, protocol: Protocol) -> dict[str, Json]:
    """Why a task failed at its end, in the contract's words but for those that a script has."""
    facts = {**protocol.own["failed_task"], **script}
    return _error(facts, facts.pop("message", "The task failed."), None, task)


def _error(facts: dict[str, Json], message: str, param: str | None, task: Json) -> dict[str, Json]:
    """What the contract has for the failure, its words, and what names the task at fault."""
    named = {"parameter": param} if param else {}
    told = {name: value for name, value in facts.items() if name not in ("status", "type")}
    return {"code": told.pop("code"), "message": message, **named, **told, **_task_facts(task)}


def _task_facts(task: Json) -> dict[str, str]:
    """What names a task, as far as the request itself does."""
    if not isinstance(task, dict):
        return {}
    facts = {name: task.get(name) for name in ("taskType", "taskUUID")}
    return {name: value for name, value in facts.items() if isinstance(value, str)}
