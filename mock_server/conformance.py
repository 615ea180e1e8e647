"""Whether an answer keeps the contract: asked of every answer where the server is `--strict`."""

from collections.abc import Iterable, Iterator

from mock_server import codec
from mock_server.mock import Mock
from mock_server.operation import Operation
from mock_server.validation import is_json
from mock_server.violations import first_violation
from mock_server.wire import Event, Json, Reply


def checked(reply: Reply, operation: Operation | None, mock: Mock) -> Reply:
    """The reply itself; where the server is strict and the reply breaks the contract, a 500."""
    if not mock.settings.strict or operation is None:
        return reply
    if not isinstance(reply.body, bytes):
        reply = Reply(reply.status, reply.headers, list(reply.body))
    broken = breach(reply, operation, mock)
    return _refused(f"{operation.id} {reply.status} {broken}") if broken else reply


def breach(reply: Reply, operation: Operation, mock: Mock) -> str | None:
    """What is wrong with a reply of that operation, or None."""
    answer = operation.answer(reply.status)
    if answer is None:
        return "is not a documented status"
    sent = dict(reply.headers).get(b"content-type", b"").decode("latin-1")
    media = next((m for m in answer.media if m.type == sent.partition(";")[0]), None)
    if media is None:
        return f"has the undocumented content type {sent!r}" if answer.media else None
    if not media.pointer:
        return None
    validator = mock.spec.validator(media.pointer)
    for value in _values(reply.body, sent):
        violation = first_violation(validator, value)
        if violation is not None:
            return str(violation)
    return None


def _values(body: bytes | Iterable[Event], media_type: str) -> Iterator[Json]:
    if not isinstance(body, bytes):
        for event in body:
            data = {"data": event.data.decode()}
            yield data if event.name is None else {"event": event.name, **data}
    elif is_json(media_type):
        yield codec.decode(body)


def _refused(message: str) -> Reply:
    problem = {
        "error": {
            "message": f"Against the contract: {message}",
            "type": "contract_breach",
            "code": None,
        }
    }
    return Reply(500, [(b"content-type", b"application/json")], codec.encode(problem))
