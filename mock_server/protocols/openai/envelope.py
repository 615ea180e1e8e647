"""The error object of OpenAI's format (OA-060, RC-211)."""

from mock_server.failure import Failure
from mock_server.wire import Json


def envelope(failure: Failure) -> Json:
    """`{"error": {"message", "type", "param", "code"}}`."""
    return {
        "error": {
            "message": failure.message,
            "type": failure.facts.get("type"),
            "param": failure.param,
            "code": failure.facts.get("code"),
        }
    }
