"""Answers from the contract alone: a documented example, else an instance of the schema."""

import hashlib
from collections.abc import Mapping
from random import Random

from mock_server import codec
from mock_server.errors import ApiError, Invalid
from mock_server.examples import concrete, example_names
from mock_server.failure import Failure
from mock_server.instances import Unsatisfiable
from mock_server.mock import Mock, Request
from mock_server.operation import Answer, Media, Operation
from mock_server.preferences import Preferences
from mock_server.validation import is_json
from mock_server.wire import Event, Json, Reply

_STREAM = "text/event-stream"
# Where an error schema of any API keeps the sentence for people.
_SENTENCES = ("message", "detail", "description", "error_description", "title", "error", "msg")


def reply(request: Request, mock: Mock, preferences: Preferences) -> Reply:
    """What the operation documents for the status asked for, or for success."""
    operation = request.operation
    status = preferences.code or operation.success
    answer = operation.answer(status)
    if answer is None:
        if preferences.code is None:
            return Reply(status, [], b"")
        known = ", ".join(str(code) if code > 9 else f"{code}XX" for code in operation.answers)
        message = f"Prefer: code={status} is not documented here; what is: {known}"
        raise Invalid("invalid_value", message)
    try:
        return Reply(status, *_made(answer, request, mock, preferences.example))
    except Unsatisfiable as error:
        message = (
            f"The contract has no example for this answer, and its schema allows none: {error}"
        )
        raise ApiError("internal_error", message) from None


def success(request: Request, mock: Mock) -> Reply:
    """What the operation documents for success."""
    return reply(request, mock, Preferences())


def failure_body(operation: Operation, failure: Failure, mock: Mock) -> tuple[bytes, str] | None:
    """The documented error body of that status with this failure's words in it, and its type."""
    answer = operation.answer(failure.facts["status"])
    media = next((each for each in answer.media if is_json(each.type)), None) if answer else None
    if media is None or not media.pointer:
        return None
    try:
        body = mock.examples.body(media.node, media.type, Random(0))
    except Unsatisfiable:
        return None
    value = _worded(codec.decode(body) if isinstance(body, bytes) else body, failure.message)
    if isinstance(value, dict) and isinstance(value.get("status"), int):  # RFC 9457
        value = {**value, "status": failure.facts["status"]}
    if not mock.spec.validator(media.pointer).is_valid(value):
        return None
    return codec.encode(value), concrete(media.type)


def choose_media(answer: Answer, body: Json) -> Media | None:
    """The media type that a request's body selects (`x-selected-by`), else the default one."""
    fields = body if isinstance(body, dict) else {}
    for media in answer.media:
        if media.selected_by and _selects(fields, *media.selected_by):
            return media
    return next((media for media in answer.media if media.selected_by is None), None)


def _made(
    answer: Answer, request: Request, mock: Mock, name: str | None
) -> tuple[list[tuple[bytes, bytes]], bytes | list[Event]]:
    """The headers and the body of a documented answer."""
    random = Random(_digest(request))
    headers = [
        (header.lower().encode(), value.encode("latin-1", "replace"))
        for header, value in mock.examples.headers(answer.node, random).items()
    ]
    media = choose_media(answer, request.body)
    if media is None:
        return headers, b""
    _refuse_unknown(name, media)
    headers.append((b"content-type", concrete(media.type).encode()))
    if media.type == _STREAM:
        return headers, _stream(media, mock, name, random)
    body = mock.examples.body(media.node, media.type, random, name)
    if isinstance(body, str) and not is_json(media.type):
        return headers, body.encode()
    return headers, body if isinstance(body, bytes) else codec.encode(body)


def _refuse_unknown(name: str | None, media: Media) -> None:
    names = [*media.node.get("x-stream-examples", {}), *example_names(media.node)]
    if name is not None and name not in names:
        known = ", ".join(dict.fromkeys(names)) or "none"
        message = f"Prefer: example={name[:60]} is not documented here; what is: {known}"
        raise Invalid("invalid_value", message)


def _stream(media: Media, mock: Mock, name: str | None, random: Random) -> bytes | list[Event]:
    """A documented whole stream (`x-stream-examples`), else the documented events in order."""
    whole = media.node.get("x-stream-examples")
    if whole:
        body = mock.examples.body({"examples": whole}, media.type, random, name)
        return body if isinstance(body, bytes) else codec.encode(body)
    resolve = mock.spec.document.resolve
    values = [resolve(each).get("value") for each in media.node.get("examples", {}).values()]
    if not values:
        made = mock.examples.body(media.node, media.type, random, name)
        if isinstance(made, bytes):
            return made
        values = made if isinstance(made, list) else [made]
    return [_event(value) for value in values]


def _event(value: Json) -> Event:
    """An event as documented: an object with `data`, or what `data` is."""
    if isinstance(value, dict) and "data" in value:
        data, name = value["data"], value.get("event")
    else:
        data, name = value, None
    # A line end would end the event: in JSON it is escaped, in a bare text it cannot be said.
    text = data.replace("\n", " ").encode() if isinstance(data, str) else codec.encode(data)
    return Event(text, name if isinstance(name, str) else None)


def _selects(fields: Mapping[str, Json], name: str, value: Json) -> bool:
    return name in fields and type(fields[name]) is type(value) and fields[name] == value


def _worded(value: Json, message: str) -> Json:
    """The value with the message where it has a sentence for people, at any depth."""
    if isinstance(value, list):
        return [_worded(each, message) for each in value]
    if not isinstance(value, dict):
        return value
    place = next((name for name in _SENTENCES if isinstance(value.get(name), str)), None)
    return {
        name: message if name == place else _worded(each, message) for name, each in value.items()
    }


def _digest(request: Request) -> int:
    facts = f"{request.seed}/{request.caller.id}/{request.operation.id}/{request.call.path}/"
    body = bytes(request.call.body or b"")
    return int.from_bytes(hashlib.blake2b(facts.encode() + body, digest_size=16).digest())
