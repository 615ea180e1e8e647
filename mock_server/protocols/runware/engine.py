"""The task engine: tasks in, what came of each out, whatever carries them (RW-020 to RW-026)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from mock_server import scripted
from mock_server.errors import ApiError, Invalid
from mock_server.mock import Mock, Request
from mock_server.operation import Operation
from mock_server.protocols.runware.captions import caption, question
from mock_server.protocols.runware.envelope import refusal
from mock_server.protocols.runware.ids import uuid_of
from mock_server.protocols.runware.images import image_upload
from mock_server.protocols.runware.outcome import Done, Outcome
from mock_server.protocols.runware.polls import PolledFailure, get_response, get_task_details
from mock_server.scenarios.failures import failure
from mock_server.scenarios.rules import Situation
from mock_server.scenarios.scripts import WORDED_TASK, Script, ScriptedError
from mock_server.violations import first_violation
from mock_server.wire import Json

_NOTHING: Final[frozenset[str]] = frozenset()


def run(tasks: Sequence[Json], request: Request, mock: Mock) -> Iterator[Outcome]:
    """What comes of each task, in their order; one that fails is no obstacle to the others."""
    for number, task in enumerate(tasks):
        yield _outcome(number, task, request, mock)


def _outcome(number: int, task: Json, request: Request, mock: Mock) -> Outcome:
    protocol, late = request.operation.protocol, 0.0
    try:
        check(number, task, request.operation, mock)
        script = _script(task, request, mock) if mock.scenarios.any else None
        if script is not None:
            late, request = script.after, replace(request, script=script)
            if isinstance(script.outcome, ScriptedError):
                raise failure(script.outcome, protocol)
        done = TASKS[task["taskType"]](task, request, mock)
    except PolledFailure as polled:
        return Outcome(200, error=polled.error, after=late)
    except ApiError as error:
        status, worded = refusal(error, task, protocol)
        wait = error.headers.get("Retry-After")
        return Outcome(status, error=worded, after=late, retry_after=wait, flaw=error.flaw)
    return Outcome(200, done.result, after=done.after + late, posts=done.posts)


def _script(task: Json, request: Request, mock: Mock) -> Script | None:
    """What a rule has for a task; none for those that keep a connection going.

    Clients send these unasked, each in its own rhythm: no rule could count them.
    """
    operation, is_worded = request.operation, TASKS[task["taskType"]] is caption
    login = operation.body_key.where if operation.body_key else {}
    free = operation.socket.uncounted if operation.socket else ()
    if task["taskType"] in (*free, login.get("taskType")):
        return None
    terms = operation.terms
    model = task.get("model") or (terms["model"] if is_worded else "")
    situation = Situation(
        operation.id,
        request.caller.key,
        model,
        task,
        lambda: question(task, terms) if is_worded else "",
    )
    return scripted.cast(situation, WORDED_TASK if is_worded else _NOTHING, request, mock)


def check(number: int, task: Json, operation: Operation, mock: Mock) -> None:
    """Raises Invalid at the first rule of the contract that a task breaks."""
    mock.spec.judges.gallery.begin()
    pointer = next(media.item for media in operation.bodies if media.item)
    # A task is named by its UUID; what is no object has none, and is named by its place.
    root = "" if isinstance(task, dict) else f"[{number}]"
    secret = operation.body_key.field if operation.body_key else None
    violation = first_violation(mock.spec.validator(pointer), task, root=root, secret=secret)
    if violation is not None:
        raise violation
    if number and task["taskType"] == "authentication":
        message = "taskType: authentication has to be the first task"
        raise Invalid("invalid_value", message, param="taskType")


def _authentication(task: Json, request: Request, mock: Mock) -> Done:
    """A session; raises ApiError for a key that is not the one that came in a header."""
    if task["apiKey"] != request.caller.key:
        raise ApiError("invalid_key", "The key of this task is not the one in the header.")
    own = uuid_of("session", request.seed, request.caller.id)
    session = task.get("connectionSessionUUID", own)
    return Done({"taskType": task["taskType"], "connectionSessionUUID": session})


def _ping(task: Json, request: Request, mock: Mock) -> Done:
    named = {"taskUUID": task["taskUUID"]} if "taskUUID" in task else {}
    return Done({"taskType": task["taskType"], **named, "pong": True})


TASKS: Final[Mapping[str, Callable[[Json, Request, Mock], Done]]] = {
    "authentication": _authentication,
    "caption": caption,
    "getResponse": get_response,
    "getTaskDetails": get_task_details,
    "imageCaption": caption,
    "imageUpload": image_upload,
    "ping": _ping,
}
