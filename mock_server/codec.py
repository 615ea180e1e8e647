"""JSON in and out: strict on what comes in (RFC 8259 and I-JSON), compact on what goes out."""

import json
import re

import msgspec

from mock_server.errors import Invalid
from mock_server.wire import Json

_decode = msgspec.json.Decoder().decode
encode = msgspec.json.Encoder().encode
_LONE_SURROGATE = re.compile(
    rb"(?<!\\)(?:\\\\)*\\u[dD](?:[89abAB]..(?!\\u[dD][c-fC-F])|[c-fC-F](?<!\\u[dD][89abAB]..\\u[dD][c-fC-F]))"
)
_MOST_LEVELS = 200  # validators stop at some 250
_BLANK_BEFORE_COLON = re.compile(rb'"[ \t\r\n]+:')
# Python's `str.splitlines`, by which httpx reads the lines of Runcrate's SDK, breaks at these too.
_LINE_ENDS = [(each.encode(), b"\\u%04x" % ord(each)) for each in "\x85\u2028\u2029"]


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
    if body.count(b"[") + body.count(b"{") > _MOST_LEVELS and _is_deep(value):
        raise Invalid("invalid_body", "The JSON body is nested too deeply.")
    # A body has at least as many `":` as names that survive decoding: only where it has more, or
    # hides some behind blanks, can a name stand twice, and only then is the slow way gone.
    if body.count(b'":') != _names(value) or _BLANK_BEFORE_COLON.search(body):
        _refuse_twice_named(body)
    return value


def encode_unbroken(value: Json) -> bytes:
    """A value as JSON without the characters at which some clients end a line that is none."""
    text = encode(value)
    for character, escaped in _LINE_ENDS:
        text = text.replace(character, escaped)
    return text


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


def _is_deep(value: Json) -> bool:
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(_MOST_LEVELS):
        inner = [each.values() if type(each) is dict else each for each in level]
        level = [each for group in inner for each in group if type(each) in (dict, list)]
        if not level:
            return False
    return True


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
    if _LONE_SURROGATE.search(body):
        return "The request body is not valid JSON: a \\u escape is half of a surrogate pair."
    return f"The request body is not valid JSON: {error}."


def _short(text: str) -> str:
    return text if len(text) <= 40 else text[:40] + "…"
