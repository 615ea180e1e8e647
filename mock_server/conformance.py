"""Whether an answer keeps the contract: asked of every answer where the server is `--strict`."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from mock_server import codec
from mock_server.mock import Mock
from mock_server.operation import Media, Operation
from mock_server.scenarios.scripts import Script, named
from mock_server.validation import is_json
from mock_server.violations import first_violation
from mock_server.wire import Event, Reply

_DONE = b"[DONE]"


def checked(
    reply: Reply, operation: Operation | None, mock: Mock, scripts: Sequence[Script] = ()
) -> Reply:
    """The reply itself; a 500 where it breaks the contract, unless scripts do so on purpose.

    Where the server is not strict, only what scripts word is looked at.
    """
    if operation is None or _is_free(scripts, mock):
        return reply
    if not isinstance(reply.body, bytes):
        reply = replace(reply, body=list(reply.body))
    broken = breach(reply, operation, mock)
    whose = f"the scenario {named(scripts)} for " if scripts else ""
    return _refused(f"{whose}{operation.id} {reply.status} {broken}") if broken else reply


def _is_free(scripts: Sequence[Script], mock: Mock) -> bool:
    """Whether these scripts may say what they like, or say nothing that could be wrong."""
    for script in scripts:
        if script.violates:
            return True
    return not mock.settings.strict and True not in [script.is_worded for script in scripts]


def breach(reply: Reply, operation: Operation, mock: Mock) -> str | None:
    """What is wrong with a reply of that operation, or None."""
    answer = operation.answer(reply.status)
    if answer is None:
        return None if operation.allows(reply.status) else "is not a documented status"
    sent = dict(reply.headers).get(b"content-type", b"").decode("latin-1")
    media = next((m for m in answer.media if m.type == sent.partition(";")[0]), None)
    if media is None:
        is_plain = operation.protocol.name == "plain"
        is_known = not answer.media or (is_plain and reply.status >= 400)
        return None if is_known else f"has the undocumented content type {sent!r}"
    return _body_breach(reply.body, sent, media, mock) if media.pointer else None


def _body_breach(
    body: bytes | Iterable[Event], media_type: str, media: Media, mock: Mock
) -> str | None:
    if not isinstance(body, bytes):
        # In a document of unknown make, the schema may mean an event, its data, or the stream.
        events = body if mock.spec.providers else ()
        return next(filter(None, (_event_breach(each, media, mock) for each in events)), None)
    if not is_json(media_type):
        return None
    violation = first_violation(mock.spec.validator(media.pointer), codec.decode(body))
    return str(violation) if violation else None


def _event_breach(event: Event, media: Media, mock: Mock) -> str | None:
    """An event has to fit its schema, the JSON in its data one of the `contentSchema`s there."""
    data = {"data": event.data.decode()}
    value = data if event.name is None else {"event": event.name, **data}
    violation = first_violation(mock.spec.validator(media.pointer), value)
    if violation is not None:
        return str(violation)
    pointers = mock.spec.content_pointers(media.pointer)
    if not pointers or event.data == _DONE:
        return None
    content = codec.decode(event.data)
    broken = [first_violation(mock.spec.validator(each), content) for each in pointers]
    return None if None in broken else f"{event.data.decode()}: {broken[0]}"


def _refused(message: str) -> Reply:
    told = f"Against the contract: {message}"
    problem = {"error": {"message": told, "type": "contract_breach", "code": None}}
    headers = [(b"content-type", b"application/json")]
    return Reply(500, headers, codec.encode(problem), error=told)
