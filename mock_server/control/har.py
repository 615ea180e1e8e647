"""The journal as an HTTP Archive (HAR 1.2), which browsers' network panels open.

What HAR has no words for stands in members that begin with an underscore, as it asks for.
"""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qsl, quote

from mock_server import __version__, codec
from mock_server.control.exchanges import answer, header, is_clean, is_text, question
from mock_server.control.masks import Mask, Masks
from mock_server.journal import Exchange
from mock_server.wire import Json

_UNKNOWN: Final = -1
_VERSION: Final = "HTTP/1.1"
_OWN: Final = (
    *("id", "at", "operation", "caller", "model", "error", "faults", "scenario"),
    *("finished", "left", "cut", "prompt_tokens", "completion_tokens"),
)


def har_of(exchanges: Iterable[Exchange], masks: Masks) -> Json:
    """The archive of these exchanges, without keys."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": "understudy", "version": __version__},
            "pages": [],
            "entries": [_entry(exchange, masks) for exchange in exchanges],
        }
    }


def _entry(exchange: Exchange, masks: Masks) -> Json:
    mask, listed = masks.of(exchange), masks.listed(exchange)
    asked = question(exchange, mask)
    told = answer(exchange, mask, clean=is_clean(asked))
    took = exchange.took or 0.0
    began = took if exchange.began is None else min(exchange.began, took)
    entry = {
        "startedDateTime": datetime.fromtimestamp(exchange.call.arrived, UTC).isoformat(),
        "time": _milliseconds(took),
        "request": _request(exchange, asked, mask),
        "response": _response(exchange, told, mask, clean=is_clean(asked)),
        "cache": {},
        "timings": {
            **dict.fromkeys(("blocked", "dns", "connect", "ssl"), _UNKNOWN),
            "send": 0,
            "wait": _milliseconds(began),
            "receive": _milliseconds(took - began),
        },
        **{f"_{name}": listed[name] for name in _OWN},
        "_held": exchange.held,
    }
    if "messages" in told:
        return entry | {
            "_resourceType": "websocket",
            "_webSocketMessages": _messages(exchange, asked["body"], told["messages"]),
        }
    return entry | ({"_events": told["events"]} if "events" in told else {})


def _request(exchange: Exchange, asked: Json, mask: Mask) -> Json:
    call, host = exchange.call, asked["headers"].get("host", "localhost")
    scheme = call.scheme.replace("http", "ws") if call.method == "WEBSOCKET" else call.scheme
    query = f"?{asked['query']}" if asked["query"] else ""
    told = {
        "method": asked["method"],
        "url": f"{scheme}://{host}{quote(asked['path'])}{query}",
        "httpVersion": _VERSION,
        "cookies": [],
        "headers": _pairs(asked["headers"].items()),
        "queryString": _pairs(parse_qsl(asked["query"], keep_blank_values=True)),
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN if call.body is None else len(call.body),
    }
    if asked["body"] is not None:
        told["postData"] = _post(asked["body"], mask.text(call.header(b"content-type") or ""))
    return told


def _post(body: Json, media_type: str) -> Json:
    if not media_type.startswith("multipart/") or not isinstance(body, list):
        return {"mimeType": media_type, "text": _text(body)}
    params = []
    for part in body:
        named = {"fileName": part["filename"]} if "filename" in part else {}
        params.append({"name": part["name"], "value": _text(part["value"]), **named})
    return {"mimeType": media_type, "params": params}


def _response(exchange: Exchange, told: Json, mask: Mask, *, clean: bool) -> Json:
    media_type = header(exchange.headers, b"content-type")
    return {
        "status": exchange.status,
        "statusText": _phrase(exchange.status),
        "httpVersion": _VERSION,
        "cookies": [],
        "headers": _pairs(told["headers"].items()),
        "content": {
            "size": exchange.sent,
            "mimeType": media_type or "x-unknown",
            **_content(exchange, told, mask, clean=clean),
        },
        "redirectURL": "",
        "headersSize": _UNKNOWN,
        "bodySize": exchange.sent,
    }


def _content(exchange: Exchange, told: Json, mask: Mask, *, clean: bool) -> Json:
    """The body as text, or in Base64, if it was kept whole; else how much it was."""
    if "events" in told:
        return {"text": "".join(map(_lines, told["events"]))}
    if "messages" in told or told["body"] is None:
        return {}
    sent = b"".join(exchange.answered)
    if sent and is_text(header(exchange.headers, b"content-type")):
        return {"text": _text(told["body"])}
    if not clean or len(sent) < exchange.sent or mask.holds(sent):
        return {"comment": told["body"]}
    return {"text": b64encode(sent).decode(), "encoding": "base64"}


def _lines(event: Mapping[str, Json]) -> str:
    """A server-sent event as it went over the wire."""
    lines = []
    for name, value in event.items():
        called = {"comment": ": ", "unknown": ""}.get(name, f"{name}: ")
        text = value if isinstance(value, str) else codec.encode(value).decode()
        lines += [called + line for line in text.split("\n")]
    return "\n".join(lines) + "\n\n"


def _messages(exchange: Exchange, said: Json, answers: Iterable[Json]) -> list[Json]:
    """The messages of a WebSocket as Chromium has them in its archives."""
    at = exchange.call.arrived
    sent = {"type": "send", "time": at, "opcode": 1, "data": _text(said)}
    heard = {"type": "receive", "time": at, "opcode": 1}
    return [sent, *({**heard, "data": _text(each)} for each in answers)]


def _pairs(named: Iterable[tuple[str, str]]) -> list[Json]:
    return [{"name": name, "value": value} for name, value in named]


def _text(value: Json) -> str:
    return value if isinstance(value, str) else codec.encode(value).decode()


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
