"""What is promised of Runware's WebSocket: each function is one law, named by it."""

from typing import Any
from uuid import UUID

Json = Any


def a_message_is_an_object(message: Json) -> None:
    """Every message of the server is a JSON object with results or errors (RW-140)."""
    assert isinstance(message, dict), "the message is no JSON object"
    assert set(message) & {"data", "errors"}, f"the message has {sorted(message)}"


def results_and_errors_come_apart(message: Json) -> None:
    """Clients drop the results that stand beside errors (RW-150)."""
    names = set(message) if isinstance(message, dict) else set()
    assert not {"data", "errors"} <= names, "there are results and errors in one message"


def sessions_have_a_uuid(answer: Json) -> bool:
    """Who is let in gets the UUID of a session (RW-142); false where nobody was."""
    sessions = [each for each in answer.get("data", ()) if each["taskType"] == "authentication"]
    for session in sessions:
        told = session.get("connectionSessionUUID")
        assert isinstance(told, str), f"a session has {sorted(session)}"
        UUID(told)
    return bool(sessions)
