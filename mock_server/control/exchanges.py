"""A whole exchange as the control API shows it: what was asked, what was answered, and when."""

from typing import Final

import msgspec

from mock_server.control.masks import Mask, Masks
from mock_server.errors import Invalid
from mock_server.forms import Part, parse_multipart
from mock_server.journal import KEPT, Exchange
from mock_server.redaction import HIDDEN
from mock_server.validation import is_json
from mock_server.wire import Buffer, Headers, Json

_JSON: Final = "application/json"
_EVENTS: Final = "text/event-stream"
_FIELDS: Final = (b"data", b"event", b"id", b"retry")


def whole(exchange: Exchange, masks: Masks) -> Json:
    """The exchange with headers, bodies and times, and without keys."""
    mask = masks.of(exchange)
    asked = question(exchange, mask)
    return {
        **masks.listed(exchange),
        "request": asked,
        "answer": answer(exchange, mask, clean=is_clean(asked)),
        "timings": {
            "at": exchange.at,
            "arrived": exchange.call.arrived,
            "first_byte": exchange.began,
            "took": exchange.took,
            "ended_at": exchange.ended_at,
            "held": exchange.held,
        },
    }


def question(exchange: Exchange, mask: Mask) -> Json:
    """What the client sent."""
    call = exchange.call
    return {
        "method": mask.text(call.method),
        "path": mask.text(call.path),
        "query": mask.query(call.query),
        "headers": _joined(mask.headers(call.headers)),
        "body": _asked(exchange, mask),
    }


def is_clean(asked: Json) -> bool:
    """Whether no key stood where none belongs, from where an answer might repeat it."""
    return HIDDEN not in str([asked["path"], asked["query"], asked["body"]])


def answer(exchange: Exchange, mask: Mask, *, clean: bool) -> Json:
    """What the server answered: a body, events, or the messages of a WebSocket.

    What is not text is not shown where the question was not `clean`.
    """
    told = {"status": exchange.status, "headers": _joined(mask.headers(exchange.headers))}
    sent = b"".join(exchange.answered)
    media_type = header(exchange.headers, b"content-type")
    if exchange.call.method == "WEBSOCKET":
        told["messages"] = mask.value([_read(each) for each in exchange.answered], clean=clean)
    elif media_type.startswith(_EVENTS):
        told["events"] = mask.value(_events(sent), clean=clean)
    elif sent:
        told["body"] = _body(sent, media_type, exchange.sent, mask, clean=clean)
    else:
        told["body"] = f"({exchange.sent:,} bytes, no longer kept)" if exchange.sent else None
    return told


def is_text(media_type: str) -> bool:
    """Whether people can read a body of that media type."""
    return is_json(media_type) or media_type.startswith(("text/", "application/x-www-form"))


def header(headers: Headers, name: bytes) -> str:
    """The value of the first header of that name; empty where there is none."""
    return next((value.decode("latin-1") for key, value in headers if key == name), "")


def _body(kept: bytes, media_type: str, length: int, mask: Mask, *, clean: bool) -> Json:
    """A body of that length, of which so much was kept."""
    if is_json(media_type):
        try:
            return mask.value(msgspec.json.decode(kept), clean=clean)
        except (msgspec.DecodeError, UnicodeDecodeError):
            pass  # it is cut off, or a fault has met it
    if not is_text(media_type) or not clean:
        return _in_brief(length, media_type)
    text = mask.text(kept.decode("utf-8", "replace"))
    return text if length <= len(kept) else f"{text}… ({length:,} bytes)"


def _asked(exchange: Exchange, mask: Mask) -> Json:
    call, length = exchange.call, len(exchange.call.body or b"")
    if call.media_type.startswith("multipart/") and call.body and length <= KEPT:
        return _parts(call.header(b"content-type") or "", call.body, mask)
    if exchange.asked is not None:
        return mask.value(exchange.asked)
    media_type = _JSON if call.method == "WEBSOCKET" else call.media_type
    if call.body is None or length > KEPT:
        return "(not kept)"
    return _body(bytes(call.body), media_type, length, mask, clean=True) if length else None


def _parts(content_type: str, body: Buffer, mask: Mask) -> Json:
    try:
        return [_part(part, mask) for part in parse_multipart(content_type, body)]
    except Invalid:
        return _in_brief(len(body), "multipart/form-data")


def _part(part: Part, mask: Mask) -> Json:
    told = {"name": mask.text(part.name)}
    if part.filename is None:
        value = {part.name: bytes(part.data).decode("utf-8", "replace")}
        return {**told, "value": next(iter(mask.value(value).values()))}
    brief = _in_brief(len(part.data), part.media_type)
    return {**told, "filename": mask.text(part.filename), "value": mask.text(brief)}


def _events(sent: bytes) -> list[Json]:
    """Server-sent events (WHATWG HTML, section 9.2), as far as they are well-formed."""
    blocks = sent.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n\n")
    return [_event(block) for block in blocks if block.strip()]


def _event(block: bytes) -> Json:
    fields: dict[str, list[bytes]] = {}
    for line in block.strip(b"\n").split(b"\n"):
        name, _, value = line.partition(b":")
        known = name.decode() if name in _FIELDS else "comment" if not name else "unknown"
        fields.setdefault(known, []).append(
            line if known == "unknown" else value.removeprefix(b" ")
        )
    told: dict[str, Json] = {
        name: b"\n".join(values).decode("utf-8", "replace") for name, values in fields.items()
    }
    if "data" in told:
        told["data"] = _read(b"\n".join(fields["data"]))
    return told


def _read(data: bytes) -> Json:
    try:
        return msgspec.json.decode(data)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return data.decode("utf-8", "replace")


def _joined(headers: list[tuple[str, str]]) -> dict[str, str]:
    """Headers by name; those of the same name are one (RFC 9110, section 5.3)."""
    told: dict[str, str] = {}
    for name, value in headers:
        told[name] = f"{told[name]}, {value}" if name in told else value
    return told


def _in_brief(length: int, media_type: str) -> str:
    return f"({length:,} bytes of {media_type or 'no media type'})"
