"""Scripted failures in the words of a protocol, and what the contract says of them."""

from mock_server.envelopes import ENVELOPES
from mock_server.errors import ApiError, Invalid, kind_of
from mock_server.failure import Failure
from mock_server.operation import Operation, Protocol
from mock_server.printable import printable
from mock_server.scenarios.scripts import ScriptedError
from mock_server.spec import Spec
from mock_server.validation import is_json
from mock_server.violations import first_violation


def slowness(rule: str) -> ApiError:
    """That nobody knows whether the rule of that name holds for a call."""
    reason = "it takes too long to find out whether it fits; mend it and put the rules again"
    return ApiError("internal_error", f"The scenario {printable(rule)} is wrong: {reason}.")


def failure(script: ScriptedError, protocol: Protocol) -> ApiError:
    """A scripted error as the protocol words its status, but for what the script words itself."""
    facts = {"status": script.status, "type": script.type, "code": script.code}
    return ApiError(
        kind_of(script.status, protocol.errors),
        script.message,
        headers={"Retry-After": str(script.retry_after)} if script.retry_after else None,
        facts={name: value for name, value in facts.items() if value is not None},
    )


def violation(script: ScriptedError, operation: Operation, spec: Spec) -> Invalid | None:
    """What is wrong with the words of a scripted error, as the contract has it for its status."""
    answer, protocol = operation.answer(script.status), operation.protocol
    media = next((each for each in answer.media if is_json(each.type)), None) if answer else None
    if media is None or not media.pointer or protocol.name == "plain":
        return None
    error = failure(script, protocol)
    facts = {**protocol.errors[error.kind], **error.facts}
    body = ENVELOPES[protocol.name](Failure(facts, error.message, None, "req_0"))
    return first_violation(spec.validator(media.pointer), body)
