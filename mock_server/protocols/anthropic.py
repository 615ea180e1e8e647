"""Anthropic's Messages format, spoken by RuAPI on /v1/messages."""

from mock_server.failure import Failure
from mock_server.wire import Json


def envelope(failure: Failure) -> Json:
    """`{"type": "error", "error": {"type", "message"}, "request_id"}` (AN-050)."""
    return {
        "type": "error",
        "error": {"type": failure.facts["type"], "message": failure.message},
        "request_id": failure.request_id,
    }
