"""Failures in Runware's words, of a request and of one task."""

from mock_server.errors import PLAIN, ApiError
from mock_server.failure import Failure
from mock_server.operation import Protocol
from mock_server.protocols.runware.envelope import envelope, failure, refusal
from mock_server.wire import Json

TASK = {"taskType": "caption", "taskUUID": "u"}
WORDS = Protocol(
    "runware",
    {**PLAIN, "invalid_value": {"status": 400, "code": "bad"}},
    own={"used": {"status": 409, "code": "usedUp"}},
    fields={"taskUUID": {"invalid_value": {"code": "badUUID"}}},
)


def test_a_whole_failure_names_the_first_task() -> None:
    told = envelope(Failure({"status": 503, "code": "full"}, "Full.", None, "r", [TASK, {}]))
    assert told == {"errors": [{"code": "full", "message": "Full.", **TASK}]}
    bodies: list[Json] = [None, [], {}, "a", [1], [{"taskType": 1}]]
    for body in bodies:
        alone = envelope(Failure({"status": 503, "code": "full"}, "Full.", None, "r", body))
        assert alone == {"errors": [{"code": "full", "message": "Full."}]}


def test_the_contract_may_say_which_task_is_to_blame() -> None:
    facts = {"status": 401, "code": "key", "parameter": "apiKey", "taskType": "authentication"}
    (told,) = envelope(Failure(facts, "No.", None, "r", [TASK]))["errors"]
    assert told == {
        "code": "key",
        "message": "No.",
        "parameter": "apiKey",
        "taskType": "authentication",
    }


def test_fields_have_codes_of_their_own() -> None:
    error = ApiError("invalid_value", "Bad.", param="taskUUID")
    assert refusal(error, TASK, WORDS)[1]["code"] == "badUUID"
    other = ApiError("invalid_value", "Bad.", param="prompt")
    status, told = refusal(other, TASK, WORDS)
    assert (status, told) == (
        400,
        {"code": "bad", "message": "Bad.", "parameter": "prompt", **TASK},
    )


def test_failures_of_this_protocol_alone_have_their_status() -> None:
    status, told = refusal(failure("used", "Used.", "taskUUID", WORDS), TASK, WORDS)
    assert (status, told["code"]) == (409, "usedUp")
