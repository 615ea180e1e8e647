"""A failure as the provider at hand words it: its envelope, its status, its headers."""

from collections.abc import Callable, Mapping
from operator import attrgetter

from mock_server import codec, documented
from mock_server.auth import guess
from mock_server.envelopes import ENVELOPES
from mock_server.errors import PLAIN, ApiError
from mock_server.failure import Failure
from mock_server.mock import Mock
from mock_server.operation import Protocol
from mock_server.passage import Passage
from mock_server.quota import Quota
from mock_server.wire import Reply

_QUOTA_VALUES: Mapping[str, Callable[[Quota], int]] = {
    "rate-limit": attrgetter("limit"),
    "rate-remaining": attrgetter("remaining"),
    "rate-reset": attrgetter("reset"),
    "retry-after": attrgetter("retry_after"),
}


def worded(error: ApiError, passage: Passage, mock: Mock) -> Reply:
    """What a failure is answered with."""
    protocol = protocol_of(passage, mock)
    facts = {**protocol.errors[error.kind], **error.facts}
    if protocol.name == "plain" and facts["status"] == 400 and passage.operation is not None:
        # Many documents call a request that breaks its schema unprocessable (RFC 9110, 15.5.21).
        known = passage.operation.answers
        facts["status"] = 422 if 422 in known and not {400, 4} & set(known) else 400
    failure = Failure(facts, error.message, error.param, passage.exchange.id, passage.body)
    body, media_type = codec.encode(ENVELOPES[protocol.name](failure)), "application/json"
    if protocol.name == "plain" and passage.operation is not None:
        told = documented.failure_body(passage.operation, failure, mock)
        body, media_type = told or (body, "application/problem+json")
    headers = [(name.lower().encode(), value.encode()) for name, value in error.headers.items()]
    return Reply(facts["status"], [(b"content-type", media_type.encode()), *headers], body)


def add_headers(reply: Reply, passage: Passage, mock: Mock) -> None:
    """The headers that the contract has for this answer and this provider, with their values."""
    operation, quota = passage.operation, passage.quota
    answer = operation.answer(reply.status) if operation else None
    provider = passage.caller.provider if passage.caller else None
    if answer is not None and quota is not None:
        given = [name for name, _ in reply.headers]
        for header in answer.quota_headers:
            if header.name not in given and header.is_for(provider):
                reply.headers.append((header.name, b"%d" % _QUOTA_VALUES[header.value](quota)))
    own = answer.request_id_header if answer else None
    id_header = own or protocol_of(passage, mock).request_id.encode()
    if not passage.scripts or all(name != id_header for name, _ in reply.headers):
        reply.headers.append((id_header, passage.exchange.id.encode()))


def protocol_of(passage: Passage, mock: Mock) -> Protocol:
    """In whose words to fail: the operation's, else those of whose headers or key came."""
    if passage.operation is not None:
        return passage.operation.protocol
    for spoken in mock.spec.protocols.values():
        if spoken.spoken_with and passage.call.header(spoken.spoken_with.encode()) is not None:
            return spoken
    _, protocol = guess(passage.call, mock.spec.schemes)
    first = next(iter(mock.spec.providers.values()), None)
    return protocol or (first.protocol if first else Protocol("plain", PLAIN))
