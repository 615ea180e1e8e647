"""Generated tasks for Runware: what callers have to make anew, and what no schema asks of them."""

import secrets
from collections.abc import Iterator
from functools import cache
from typing import Any
from uuid import UUID

import schemathesis

from contract_tests.sense import picture_format
from mock_server.document import load
from mock_server.fixtures import CONTRACT
from mock_server.reader import read

Json = Any
Case = schemathesis.Case[Any]
PIXEL = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mPQiFoARwzEcQDQ"
    "AxIhoSwysQAAAABJRU5ErkJggg=="
)
IMAGE = "https://images.example.com/a-red-bicycle.jpg"
MODEL = "runware:152@1"
_HOOK = "http://127.0.0.1:9/hook"
_REFERENCES = ("getResponse", "getTaskDetails")
_IMAGES = ("image", "inputImage")


def new_uuid() -> str:
    """A UUID that no task ever had, in an earlier run neither (RW-031)."""
    return str(UUID(bytes=secrets.token_bytes(16), version=4))


def caption(**changes: Json) -> Json:
    """A caption task with a UUID of its own; what is `...` is left out."""
    made: Json = {"taskType": "caption", "taskUUID": new_uuid(), "model": MODEL}
    made |= {"inputs": {"image": IMAGE}} | changes
    return {name: value for name, value in made.items() if value is not ...}


def poll(task: Json) -> Json:
    """The task that asks after another one."""
    return {"taskType": "getResponse", "taskUUID": task["taskUUID"]}


def renew_tasks() -> None:
    """Let Schemathesis send tasks as callers do: each with a UUID of its own (RW-031)."""

    @schemathesis.hook
    def before_call(context: schemathesis.HookContext, case: Case, kwargs: Json) -> None:
        is_meant_well = case.meta is None or case.meta.generation.mode.is_positive
        if case.operation.definition.raw.get("x-behaviour") != "tasks" or not is_meant_well:
            return
        if isinstance(case.body, list):
            case.body = [renewed(task) for task in case.body]


def can_be_refused(tasks: Json) -> bool:
    """Whether nothing in an array is right: one good task among bad ones makes it a success."""
    if not isinstance(tasks, list):
        return True
    validator = _validator()
    return not any(validator.is_valid(task) for task in tasks)


def can_be_run(tasks: Json) -> bool:
    """Whether a key comes only where it may, in the first task; true where it can't be told."""
    rest = tasks[1:] if isinstance(tasks, list) else ()
    return not any(isinstance(t, dict) and t.get("taskType") == "authentication" for t in rest)


@cache
def _validator() -> Any:
    return read(load(CONTRACT)).validator("/components/schemas/RunwareTask")


def renewed(task: Json) -> Json:
    """A task as a caller would make it anew: with a UUID that no other has."""
    if not isinstance(task, dict):
        return task
    changed = dict(_pictured(task))
    if "taskUUID" in task and task.get("taskType") not in _REFERENCES:
        changed["taskUUID"] = new_uuid()
    if "webhookURL" in task:
        changed["webhookURL"] = _HOOK
    return changed


def _pictured(task: dict[str, Json]) -> Iterator[tuple[str, Json]]:
    """The members of a task, with a picture where made-up characters claim to be one."""
    for name, value in task.items():
        if name in _IMAGES:
            yield name, _picture(value)
        elif name == "inputs" and isinstance(value, dict) and "image" in value:
            yield name, {**value, "image": _picture(value["image"])}
        elif name == "inputImages" and isinstance(value, list):
            yield name, [_picture(each) for each in value]
        else:
            yield name, value


def _picture(value: Json) -> Json:
    if not isinstance(value, str) or value.startswith("http") or len(value) == 36:
        return value
    is_sound = value.startswith("data:") and picture_format(value) is not None
    return value if is_sound else PIXEL
