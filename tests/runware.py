"""Calls of Runware's tasks, and UUIDs for them that follow one another."""

import itertools
from typing import Any
from uuid import UUID

from mock_server.mock import Mock
from tests.world import Answered, post

Json = Any
KEY = "runware_mine"
MODEL = "runware:152@1"
BICYCLE = "https://images.example.com/a-red-bicycle.jpg"
PIXEL = (  # a blue PNG of 4 x 4
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mPQiFoARwzEcQDQAxIhoSwysQAAAABJRU5E"
    "rkJggg=="
)
_numbers = itertools.count(1)


def new_uuid() -> str:
    """A UUID that no other test of this process has."""
    return str(UUID(int=next(_numbers), version=4))


def caption(**changes: Json) -> Json:
    """A caption task with a UUID of its own; what is `...` is left out."""
    task = {"taskType": "caption", "taskUUID": new_uuid(), "model": MODEL}
    changed: Json = {**task, "inputs": {"image": BICYCLE}, **changes}
    return {name: value for name, value in changed.items() if value is not ...}


def poll(task: Json) -> Json:
    """The task that asks after another one."""
    return {"taskType": "getResponse", "taskUUID": task["taskUUID"]}


def send(mock: Mock, *tasks: Json, **more: Any) -> Answered:
    """Run tasks with a key of their own."""
    return post(mock, "/v1", list(tasks), **{"key": KEY, **more})


def result(mock: Mock, task: Json, **more: Any) -> Json:
    """The one result of one task that has to succeed."""
    answered = send(mock, task, **more)
    assert answered.status == 200, answered.body
    (only,) = answered.json["data"]
    return only


def error(mock: Mock, task: Json, **more: Any) -> Json:
    """The one error of one task that has to fail."""
    answered = send(mock, task, **more)
    assert set(answered.json) == {"errors"}, answered.body
    (only,) = answered.json["errors"]
    return only
