"""Tasks over HTTP: one array in, one object with all results and errors out (RW-020, RW-022)."""

from mock_server import codec
from mock_server.mock import Mock, Request
from mock_server.protocols.runware.engine import run
from mock_server.wire import Json, Reply

_JSON = (b"content-type", b"application/json")


def tasks(request: Request, mock: Mock) -> Reply:
    """What came of all tasks, once the slowest is done; neither list is ever empty (RW-024)."""
    outcomes = list(run(request.body, request, mock))
    results = [each.result for each in outcomes if each.result is not None]
    errors = [each for each in outcomes if each.error is not None]
    told: dict[str, Json] = {"data": results} if results else {}
    headers = [_JSON]
    if errors:
        told["errors"] = [each.error for each in errors]
    status = 200 if results else errors[0].status
    if status != 200 and errors[0].retry_after:
        headers.append((b"retry-after", errors[0].retry_after.encode()))
    return Reply(
        status,
        headers,
        codec.encode(told),
        max(each.after for each in outcomes),
        error=errors[0].error["message"] if errors else None,
        flaw=next((each.flaw for each in errors if each.flaw), None),
        posts=tuple(post for each in outcomes for post in each.posts),
    )
