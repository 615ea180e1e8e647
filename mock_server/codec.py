"""JSON in and out: strict on what comes in (RFC 8259 and I-JSON), compact on what goes out."""

import json
import re

import msgspec

from mock_server.errors import Invalid
from mock_server.wire import Json

_decode = msgspec.json.Decoder().decode
encode = msgspec.json.Encoder().encode
_BLANK_BEFORE_COLON = re.compile(rb'"[ \t\r\n]+:')


def decode(body: bytes) -> Json:
    """The value of a JSON text; refuses what parsers disagree about, such as a name given twice.

    Raises Invalid (`invalid_body`) for anything that is not one I-JSON value in UTF-8.
    """
    if not body.strip():
        raise Invalid("invalid_body", "The request body is empty; send a JSON value.")
    try:
        value = _decode(body)
    except RecursionError:
        raise Invalid("invalid_body", "The JSON body is nested too deeply.") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid("invalid_body", _complaint(body, error)) from None
    # A body has at least as many `":` as names that survive decoding: only where it has more, or
    # hides some behind blanks, can a name stand twice, and only then is the slow way gone.
    if body.count(b'":') != _names(value) or _BLANK_BEFORE_COLON.search(body):
        _refuse_twice_named(body)
    return value


def _names(value: Json) -> int:
    """How many member names a decoded value has, at any depth."""
    count, rest = 0, [value]
    while rest:
        value = rest.pop()
        if type(value) is dict:
            count += len(value)
            rest.extend(value.values())
        elif type(value) is list and value:
            rest.extend(value)
    return count


def _refuse_twice_named(body: bytes) -> None:
    def unique(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        members: dict[str, Json] = {}
        for name, value in pairs:
            if name in members:
                raise Invalid("invalid_body", f"The JSON body has the name {_short(name)!r} twice.")
            members[name] = value
        return members

    try:
        json.loads(body, object_pairs_hook=unique)
    except RecursionError:
        raise Invalid("invalid_body", "The JSON body is nested too deeply.") from None


def _complaint(body: bytes, error: Exception) -> str:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError as decoding:
        return f"The request body is not valid UTF-8 (byte {decoding.start})."
    if re.search(rb"\\u[dD][89abAB]", body) or re.search(rb"\\u[dD][c-fC-F]", body):
        return f"The request body is not valid JSON: {error}; mind lone surrogates in \\u escapes."
    return f"The request body is not valid JSON: {error}."


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
