"""What leaves the process of a test: findings as plain data, cut where long, and without keys."""

from functools import cache
from typing import Any, Final

from contract_tests.exchange import Exchange
from contract_tests.notes import Note
from contract_tests.redaction import Redactor
from contract_tests.target import the_target, variable_of

Json = Any
MOST_WORDS: Final = 2_000
"""So many characters of a sentence are told."""
_SOCKET: Final = ("WEBSOCKET", "MESSAGE")  # what no curl line can say
_IN_PROCESS: Final = "http://testserver"
_SERVED: Final = "http://127.0.0.1:8000"
_MOST_STRANGE: Final = 4  # characters that no text in UTF-8 has
_SHOWN: Final = 20_000  # bytes of a body


def plain(provider: str, note: Note) -> Json:
    """A note as it can be sent from one process to another."""
    return {
        "clause": note.clause,
        "provider": provider,
        "verdict": note.verdict,
        "says": redactor().text(note.says)[:MOST_WORDS],
        "exchange": _exchange(note.exchange) if note.exchange else None,
    }


def _exchange(exchange: Exchange) -> Json:
    """An exchange as reports show it: cut where it is long, and without keys."""
    hide = redactor()
    return {
        "provider": exchange.provider,
        "operation": exchange.operation.id if exchange.operation else None,
        "method": exchange.method,
        "url": hide.text(exchange.url),
        "sent": [list(pair) for pair in hide.headers(exchange.sent)],
        "question": hide.text(_shown(exchange.question)),
        "status": exchange.status,
        "headers": dict(hide.headers(exchange.headers.items())),
        "body": hide.text(_shown(exchange.body)),
        "curl": _curl(exchange),
    }


def _shown(body: bytes) -> str:
    """A text up to some length; of what is none, how long it is."""
    text = body[:_SHOWN].decode("utf-8", "replace")
    if "\0" in text or text.count("\N{REPLACEMENT CHARACTER}") > _MOST_STRANGE:
        return f"({len(body)} bytes that are no text)"
    return text if len(body) <= _SHOWN else f"{text}… ({len(body)} bytes in all)"


def _curl(exchange: Exchange) -> str:
    """A command that asks again: of the mock in this process, the mock where it listens."""
    target = the_target()
    if exchange.method in _SOCKET:
        asked = " ".join(redactor().text(_shown(exchange.question)).split())
        return f"# over the WebSocket at {redactor().text(exchange.url)}: {asked}"
    variables = {secret: variable_of(name) for name, secret in target.secrets.items()}
    url = exchange.url.replace(_IN_PROCESS, _SERVED, 1) if target.url is None else exchange.url
    return redactor().values(exchange.curl(variables, url))


@cache
def redactor() -> Redactor:
    """Knows the keys of the target, but those that everybody may know."""
    return Redactor(the_target().secrets.values())
