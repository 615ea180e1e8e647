"""What leaves the process of a test: findings as plain data, cut where long, and without keys."""

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import islice
from typing import Any, Final

from contract_tests.exchange import Exchange
from contract_tests.notes import Note
from contract_tests.target import the_target, variable_of
from mock_server.redaction import Redactor

Json = Any
MOST_WORDS: Final = 2_000
"""So many characters of a sentence are told."""
_SOCKET: Final = ("WEBSOCKET", "MESSAGE")  # what no curl line can say
_IN_PROCESS: Final = "http://testserver"
_SERVED: Final = "http://127.0.0.1:8000"
_MOST_STRANGE: Final = 4  # characters that no text in UTF-8 has
_SHOWN: Final = 8_000  # bytes of a body
_BEYOND: Final = 1_000  # bytes: a key that is cut off is not known for one
_MOST_HEADERS, _LONGEST_HEADER, _LONGEST_LINE = 60, 500, 12_000  # characters


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
    return {
        "provider": exchange.provider,
        "operation": exchange.operation.id if exchange.operation else None,
        "method": exchange.method,
        "url": _url(exchange),
        "sent": [list(pair) for pair in _headers(exchange.sent)],
        "question": _shown(exchange.question),
        "status": exchange.status,
        "headers": dict(_headers(exchange.headers.items())),
        "body": _shown(exchange.body),
        "curl": _curl(exchange),
    }


def _url(exchange: Exchange) -> str:
    return redactor().text(exchange.url)[:MOST_WORDS]


def _headers(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The first headers, each up to some length."""
    for name, value in islice(redactor().headers(pairs), _MOST_HEADERS):
        yield name[:_LONGEST_HEADER], value[:_LONGEST_HEADER]


def _shown(body: bytes) -> str:
    """A text up to some length, without keys; of what is none, how long it is."""
    text = body[: _SHOWN + _BEYOND].decode("utf-8", "replace")
    if "\0" in text or text.count("\N{REPLACEMENT CHARACTER}") > _MOST_STRANGE:
        return f"({len(body)} bytes that are no text)"
    text = redactor().text(text)
    return text if len(body) <= _SHOWN else f"{text[:_SHOWN]}… ({len(body)} bytes in all)"


def _curl(exchange: Exchange) -> str:
    """A command that asks again: of the mock in this process, the mock where it listens."""
    target = the_target()
    if exchange.method in _SOCKET:
        asked = " ".join(_shown(exchange.question).split())
        return f"# over the WebSocket at {_url(exchange)}: {asked}"
    variables = {secret: variable_of(name) for name, secret in target.secrets.items()}
    url = exchange.url.replace(_IN_PROCESS, _SERVED, 1) if target.url is None else exchange.url
    line = redactor().values(exchange.curl(variables, url))
    if len(line) <= _LONGEST_LINE:
        return line
    return f"# {exchange.method} {_url(exchange)}: a command of {len(line)} characters"


@cache
def redactor() -> Redactor:
    """Knows the keys of the target, but those that everybody may know."""
    return Redactor(the_target().secrets.values())
