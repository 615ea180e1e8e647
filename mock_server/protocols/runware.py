"""Runware's format: an array of tasks in, results and errors by task out."""

import re

from mock_server.failure import Failure
from mock_server.wire import Json

_STEP = re.compile(r"\[(\d+)\]\.?(.*)")


def envelope(failure: Failure) -> Json:
    """`{"errors": [{"code", "message", "parameter", "taskType", "taskUUID"}]}` (RW-090)."""
    error = {"code": failure.facts["code"], "message": failure.message}
    step = _STEP.fullmatch(failure.param or "")
    parameter = step[2] if step else failure.param
    if parameter:
        error["parameter"] = parameter
    return {"errors": [error | _task_facts(failure.body, int(step[1]) if step else 0)]}


def _task_facts(body: Json, index: int) -> dict[str, str]:
    """What names the task at fault, as far as the request itself does."""
    task = body[index] if isinstance(body, list) and index < len(body) else None
    if not isinstance(task, dict):
        return {}
    facts = {name: task.get(name) for name in ("taskType", "taskUUID")}
    return {name: value for name, value in facts.items() if isinstance(value, str)}
