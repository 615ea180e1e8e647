"""Errors in Anthropic's words: the message opens with the field, as the format writes it."""

import pytest

from mock_server.failure import Failure
from mock_server.protocols.anthropic.envelope import envelope


@pytest.mark.parametrize(
    ("message", "param", "said"),
    [
        ("a[0].b[12]: is wrong", "a[0].b[12]", "a.0.b.12: is wrong"),
        ("The value a[0] is wrong", "a[0]", "The value a[0] is wrong"),
        ("max_tokens: is required", "max_tokens", "max_tokens: is required"),
        ("Overloaded", None, "Overloaded"),
    ],
)
def test_the_field_is_in_the_message(message: str, param: str | None, said: str) -> None:
    failure = Failure({"type": "invalid_request_error"}, message, param, "req_1")
    assert envelope(failure) == {
        "type": "error",
        "error": {"type": "invalid_request_error", "message": said},
        "request_id": "req_1",
    }
