"""The control API of a mock server as programs call it, by HTTP and nothing else."""

import json
import re
from collections.abc import Iterable
from contextlib import closing
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

Json = Any
_PATIENCE: Final = 10.0  # seconds beyond those that an answer may be waited for


class ControlError(Exception):
    """The control API refused, or nobody answered; the sentence says what and why.

    `param` is the place in what was sent that it does not like, if it is one.
    """

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.param = param


class Remote:
    """The mock server at a URL, with its control token if it wants one.

    Threads may share it: each call has a connection of its own.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ControlError(f"{url} is no http or https URL of a server")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._connect = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self._place = parts.netloc
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, subject: str, query: Iterable[tuple[str, str]] = (), wait: float = 0) -> Json:
        """What the control API tells, if need be after a while; raises ControlError."""
        return self._ask("GET", f"{subject}?{urlencode([*query])}", None, wait)

    def put(self, subject: str, body: Json) -> Json:
        """Have something be so; raises ControlError."""
        return self._ask("PUT", subject, body)

    def post(self, subject: str, body: Json) -> Json:
        """Have something done; raises ControlError."""
        return self._ask("POST", subject, body)

    def _ask(self, method: str, target: str, body: Json, wait: float = 0) -> Json:
        sent = None if body is None else _written(body, target)
        headers = {**self._headers, "Content-Type": "application/json"}
        try:
            with closing(self._connect(self._place, timeout=_PATIENCE + wait)) as connection:
                connection.request(method, f"/__mock__/{target}", sent, headers)
                answer = connection.getresponse()
                told = answer.read()
        except (OSError, HTTPException) as error:
            raise ControlError(f"no mock server answers at {self.url}: {error!r}") from None
        return _read(told, answer.status, f"{self.url}/__mock__/{_subject(target)}")


def _subject(target: str) -> str:
    return re.split("[/?]", target, maxsplit=1)[0]  # the rest may hold a key


def _written(body: Json, target: str) -> str:
    subject = _subject(target)

    def refuse(value: object) -> Json:
        raise ControlError(f"{subject}: JSON cannot say {value!r:.60}, {type(value)}")

    try:
        return json.dumps(body, default=refuse)
    except (TypeError, ValueError, RecursionError) as error:  # strange names, values in themselves
        raise ControlError(f"{subject}: JSON cannot say this: {error}") from None


def _read(told: bytes, status: int, place: str) -> Json:
    try:
        value = json.loads(told)
    except ValueError:
        raise ControlError(f"{place} answers {status} with what is no JSON") from None
    if status < 400:
        return value
    error = value.get("error") if isinstance(value, dict) else None
    if not error:
        raise ControlError(f"{place} answers {status}")
    raise ControlError(error["message"], error.get("param"))
