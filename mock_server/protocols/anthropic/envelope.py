"""The error object of Anthropic's format (AN-050)."""

import re

from mock_server.failure import Failure
from mock_server.wire import Json

_ITEM = re.compile(r"\[(\d+)\]")


def envelope(failure: Failure) -> Json:
    """`{"type": "error", "error": {"type", "message", "details"}, "request_id"}`."""
    error = {"type": failure.facts["type"], "message": _worded(failure)}
    if "details" in failure.facts:
        error["details"] = failure.facts["details"]
    return {"type": "error", "error": error, "request_id": failure.request_id}


def _worded(failure: Failure) -> str:
    """The message, with the field that it opens with as this format writes it: `messages.0.role`.

    There is no other place for the field: the error object has none.
    """
    message, field = failure.message, failure.param or ""
    if not message.startswith(field):
        return message
    return _ITEM.sub(r".\1", field) + message[len(field) :]
