"""Tasks that were run, kept as rows: whose UUIDs are taken, and what came of them (RW-070 to 081).

A row is there for whoever asks later: by getResponse, sync tasks too (RW-077), by getTaskDetails.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

import msgspec

from mock_server.errors import ApiError
from mock_server.jobs import Order, Progress, begin, look
from mock_server.mock import Mock, Request
from mock_server.protocols.runware.envelope import failure
from mock_server.wire import Json

_LONGEST_TEXT: Final = 1_000  # characters: an image in a task is not kept with it
_MOST_ITEMS: Final = 20


class Task(msgspec.Struct, frozen=True):
    """A task as it was asked, and its result."""

    asked: Json
    result: Json


class Course(msgspec.Struct, frozen=True):
    """How long a task takes, in seconds, and the error that it ends with."""

    takes: float = 0.0
    error: Mapping[str, Json] | None = None


def claim(uuid: str, request: Request, mock: Mock) -> None:
    """Raises ApiError where the caller has used a UUID before (RW-114)."""
    if mock.store.job(_name(uuid, request)) is not None:
        raise _used(uuid, request)


def keep(task: Json, result: Json, course: Course, request: Request, mock: Mock) -> None:
    """Remember a task, which ends when its time is over; raises ApiError as `claim` does."""
    order = Order(Task(_shortened(task), result), course.takes, course.error)
    if not begin(_name(task["taskUUID"], request), order, request, mock):  # by another process
        raise _used(task["taskUUID"], request)


def find(uuid: str, request: Request, mock: Mock) -> Progress[Task]:
    """The caller's task of that UUID, and how far it is; raises ApiError where there is none."""
    progress = look(_name(uuid, request), Task, request, mock)
    if progress is None:
        message = f"taskUUID: there is no task '{uuid}' of this key"
        raise failure("no_task", message, "taskUUID", request.operation.protocol)
    return progress


def _used(uuid: str, request: Request) -> ApiError:
    message = f"taskUUID: '{uuid}' is that of a task that was sent before; make a new one"
    return failure("used_task", message, "taskUUID", request.operation.protocol)


def _name(uuid: str, request: Request) -> str:
    facts = f"{request.caller.id}/{uuid.lower()}".encode()
    return f"task_{hashlib.blake2b(facts, digest_size=16).hexdigest()}"


def _shortened(value: Json) -> Json:
    """The value with its long texts and lists cut, so that rows stay small."""
    if isinstance(value, str):
        return value if len(value) <= _LONGEST_TEXT else value[:_LONGEST_TEXT] + "…"
    if isinstance(value, list):
        return [_shortened(each) for each in value[:_MOST_ITEMS]]
    if isinstance(value, dict):
        return {
            name[:_LONGEST_TEXT]: _shortened(each)
            for name, each in list(value.items())[:_MOST_ITEMS]
        }
    return value
