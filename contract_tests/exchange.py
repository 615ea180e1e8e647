"""One request and its answer, as plain data: what laws judge and reports show."""

import json
import shlex
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote, urlsplit

from contract_tests.clauses import contract
from contract_tests.reports.characters import safe
from contract_tests.stream import Received, read_events
from mock_server.auth import guess
from mock_server.errors import Invalid
from mock_server.forms import parse_multipart
from mock_server.operation import Operation
from mock_server.wire import Call

if TYPE_CHECKING:
    import httpx2  # an extra, which `contract-tests` looks for when all of this is loaded

Json = Any
Pairs = Sequence[tuple[str, str]]
_STREAM: Final = "text/event-stream"
_LONGEST: Final = 4_000  # bytes of a body, in a command
_DROPPED: Final = frozenset({"host", "accept-encoding", "connection", "content-length"})


@dataclass(frozen=True)
class Exchange:
    """A request to one provider and what came back; header names are in lower case.

    `operation` is None where the contract has nothing at that path and method. `seconds` is how
    long the whole answer took; `base` is the path below which the server has the contract.
    """

    method: str
    url: str
    sent: Pairs
    question: bytes
    status: int
    headers: Mapping[str, str]
    body: bytes
    provider: str
    operation: Operation | None
    seconds: float = 0.0
    base: str = ""

    @property
    def path(self) -> str:
        """The path as the contract has it: below that of the server."""
        return _path(self.url).removeprefix(self.base)

    @property
    def behaviour(self) -> str | None:
        """What the contract calls the way in which the operation behaves."""
        return self.operation.behaviour if self.operation else None

    @property
    def media_type(self) -> str:
        """The type of the answer, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def is_stream(self) -> bool:
        """Whether the answer is a stream of events."""
        return self.media_type == _STREAM

    @cached_property
    def asked(self) -> Json:
        """The JSON of the request, or the plain fields of its form; None where it was neither."""
        kind = dict(self.sent).get("content-type", "")
        is_form = kind.lower().startswith("multipart/form-data")
        return _fields(kind, self.question) if is_form else _json(self.question)

    @property
    def fields(self) -> Mapping[str, Json]:
        """The members of what was asked; none where it was no object."""
        return self.asked if isinstance(self.asked, dict) else {}

    @cached_property
    def told(self) -> Json:
        """The JSON of the answer; None where it is none."""
        return _json(self.body)

    @cached_property
    def events(self) -> list[Received]:
        """The events of a stream."""
        return read_events(self.body)

    @cached_property
    def chunks(self) -> list[Json]:
        """The JSON of each event, without the end mark."""
        return [_json(event.data.encode()) for event in self.events if event.data != "[DONE]"]

    def curl(self, keys: Mapping[str, str], url: str | None = None) -> str:
        """A command that asks the same again, with a variable in place of each of these keys."""
        parts = ["curl", "-sSi", "-X", self.method, _quoted(url or self.url, keys)]
        for name, value in self.sent:
            if name not in _DROPPED and not name.startswith(("user-agent", "x-schemathesis")):
                parts += ["-H", _quoted(f"{name}: {value}", keys)]
        size = len(self.question)
        if size > _LONGEST:
            parts += ["--data-binary", "@FILE", f"# FILE: the {size} bytes that were sent"]
        elif (text := _text(self.question)) is None:
            encoded = b64encode(self.question).decode()
            parts = [f"echo {encoded} | base64 -d |", *parts, "--data-binary", "@-"]
        elif text:
            parts += ["--data-binary", _quoted(text, keys)]
        return " ".join(parts)


def _text(body: bytes) -> str | None:
    """A text that can be shown as it is, and copied; None where it is none."""
    try:
        text = body.decode()
    except ValueError:
        return None
    return text if safe(text) == text and "\r" not in text else None


def _path(url: str) -> str:
    return unquote(urlsplit(url).path) or "/"


def _quoted(text: str, keys: Mapping[str, str]) -> str:
    """A word for a shell, in which variables stand for keys."""
    for key, variable in keys.items():
        if key in text:
            return f'"${variable}"'.join(_quoted(part, keys) for part in text.split(key))
    return shlex.quote(text) if text else ""


def of_httpx(
    response: "httpx2.Response", providers: Sequence[str], seconds: float = 0.0, base: str = ""
) -> Exchange:
    """What an HTTP client sent and received; the provider is one of those that are asked for."""
    request = response.request
    sent = [(name.lower(), value) for name, value in request.headers.items()]
    headers = {name.lower(): value for name, value in response.headers.items()}
    body = request.read() if hasattr(request, "read") else b""
    url = str(request.url)
    return make(
        (request.method, url, sent, body),
        (response.status_code, headers, response.content),
        providers,
        seconds,
        base,
    )


def make(
    asked: tuple[str, str, Pairs, bytes],
    told: tuple[int, Mapping[str, str], bytes],
    providers: Sequence[str],
    seconds: float = 0.0,
    base: str = "",
) -> Exchange:
    """An exchange from its parts: method, URL, headers, body; status, headers, body.

    `base` is the path below which the server has all of the contract.
    """
    method, url, sent, question = asked
    path = _path(url).removeprefix(base)
    route = contract().route(path)
    operation = route.operations.get(method) if route else None
    provider = _provider(path, sent, operation, providers)
    return Exchange(method, url, sent, question, *told, provider, operation, seconds, base)


def _provider(path: str, sent: Pairs, operation: Operation | None, providers: Sequence[str]) -> str:
    """Whose answer it is: the only one who could be meant, else the one whose key it looks like."""
    able = [each.name for each in operation.providers] if operation else list(providers)
    able = [name for name in able if name in providers] or able
    if len(able) == 1:
        return able[0]
    headers = [(name.encode(), value.encode("latin-1", "replace")) for name, value in sent]
    found, _ = guess(Call("GET", path, b"", headers, b"", 0.0), contract().schemes)
    return found.name if found and found.name in able else able[0]


def _fields(kind: str, body: bytes) -> dict[str, str] | None:
    """The last value of each field that is no file."""
    try:
        parts = parse_multipart(kind, body)
    except Invalid:
        return None
    fields = [part for part in parts if part.filename is None]
    return {part.name: bytes(part.data).decode("utf-8", "replace") for part in fields}


def _json(text: bytes) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):  # a body may be nested ten thousand times
        return None
