"""Errors of documents that name no protocol: problem details (RFC 9457)."""

from http import HTTPStatus

from mock_server.failure import Failure
from mock_server.wire import Json


def envelope(failure: Failure) -> Json:
    """`{"title", "status", "detail", "param"}`."""
    status = failure.facts["status"]
    title = next((each.phrase for each in HTTPStatus if each == status), "Failure")
    problem = {"title": title, "status": status, "detail": failure.message}
    return problem | ({"param": failure.param} if failure.param else {})
