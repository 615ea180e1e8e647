"""How far a task is, and what it was: getResponse and getTaskDetails (RW-072 to RW-080)."""

from mock_server.jobs import Order
from mock_server.mock import Mock, Request
from mock_server.protocols.runware.archive import Task, find
from mock_server.protocols.runware.envelope import task_failure
from mock_server.protocols.runware.outcome import Done
from mock_server.wire import Json


class PolledFailure(Exception):
    """The task that was asked after has failed; asking was no mistake."""

    def __init__(self, error: Json) -> None:
        super().__init__(error["message"])
        self.error = error


def get_response(task: Json, request: Request, mock: Mock) -> Done:
    """The state of a task, with its whole result once it is finished (RW-074).

    Raises PolledFailure, and ApiError where there is no such task.
    """
    progress = find(task["taskUUID"], request, mock)
    if progress.status == "failed":
        raise PolledFailure({**_error(progress.order, request), "status": "error"})
    result = progress.order.work.result
    if progress.status == "completed":
        return Done({**result, "status": "success"})
    share = int(progress.share * 100)
    return Done({**_head(result), "status": "processing", "progress": share})


def get_task_details(task: Json, request: Request, mock: Mock) -> Done:
    """What was asked and answered; raises ApiError where there is no such task."""
    progress = find(task["taskUUID"], request, mock)
    work = progress.order.work
    response: Json = {"data": [_head(work.result)]}
    if progress.status == "failed":
        response = {"errors": [_error(progress.order, request)]}
    elif progress.status == "completed":
        response = {"data": [work.result]}
    head = {"taskType": task["taskType"], "taskUUID": task["taskUUID"]}
    return Done({**head, "request": [work.asked], "response": response})


def _head(result: Json) -> dict[str, Json]:
    return {"taskType": result["taskType"], "taskUUID": result["taskUUID"]}


def _error(order: Order[Task], request: Request) -> dict[str, Json]:
    return task_failure(order.error or {}, order.work.asked, request.operation.protocol)
