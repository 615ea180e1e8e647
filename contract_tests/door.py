"""The one door to a server that may charge: each request is counted, paced, and sent once.

The tests' own client goes through it, and Schemathesis's too.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import httpx2
import requests
from requests.adapters import HTTPAdapter

from contract_tests.budget import Budget, OverBudget
from contract_tests.clauses import contract
from contract_tests.manners import Manners, TooLong
from mock_server.operation import Operation
from mock_server.spec import Route

Json = Any
Answer = TypeVar("Answer")
_MOST_SAID: Final = 20


@dataclass(frozen=True)
class Asked:
    """A request, as far as the door has to know it."""

    method: str
    url: str
    body: bytes


@dataclass
class Door:
    """Lets requests out within a budget and with manners; `said` tells what came of that."""

    budget: Budget
    manners: Manners
    now: Callable[[], float]
    sleep: Callable[[float], None]
    said: list[str] = field(default_factory=list)
    waited: float = 0.0

    def send(
        self,
        asked: Asked,
        go: Callable[[], Answer],
        told: Callable[[Answer], tuple[int, Mapping[str, str]]],
    ) -> Answer:
        """The answer; raises OverBudget instead of sending what would pass a limit."""
        try:
            return self._send(asked, go, told)
        except OverBudget as error:
            if str(error) not in self.said:
                self.said.append(str(error))
            raise

    def _send(
        self,
        asked: Asked,
        go: Callable[[], Answer],
        told: Callable[[Answer], tuple[int, Mapping[str, str]]],
    ) -> Answer:
        operation = operation_of(asked)
        behaviour = operation.behaviour if operation else None
        charge = self.budget.take(behaviour, asked.method, _body(asked.body), len(asked.body))
        attempt = 0
        while True:
            attempt += 1
            self._wait()
            self.manners.sent(self.now())
            answer = go()
            status, headers = told(answer)
            self.manners.after(headers, self.now())
            if 400 <= status < 500:
                self.budget.give_back(charge)
            if not self._is_sent_again(asked, status, headers, attempt):
                return answer
            self.budget.count(charge)

    def count(self, behaviour: str, body: bytes) -> None:
        """Count a message that is sent past the door, before it is; raises OverBudget."""
        self._wait()
        self.budget.take(behaviour, "POST", _body(body), len(body))
        self.manners.sent(self.now())

    def spending(self) -> Json:
        """What was spent, as data for reports."""
        return {
            "calls": self.budget.calls,
            "most_calls": self.budget.most_calls,
            "spent": round(self.budget.spent, 6),
            "most_spent": self.budget.most_spent,
            "videos": self.budget.videos,
            "waited": round(self.waited, 1),
            "said": self.said[:_MOST_SAID],
        }

    def _wait(self) -> None:
        try:
            wait = self.manners.before(self.now())
        except TooLong as error:
            raise OverBudget(f"manners: {error}") from None
        if wait > 0:
            self.waited += wait
            self.sleep(wait)

    def _is_sent_again(
        self, asked: Asked, status: int, headers: Mapping[str, str], attempt: int
    ) -> bool:
        if not self.manners.again(status, headers, attempt, self.now()):
            return False
        try:
            self.budget.count_call()
        except OverBudget:
            return False
        path = urlsplit(asked.url).path
        self.said.append(f"sent again after a 429: {asked.method} {path}, attempt {attempt + 1}")
        return True


def operation_of(asked: Asked) -> Operation | None:
    """What a request is for, if the contract has it, wherever the server has the contract."""
    found = (each.operations.get(asked.method) for each in _routes(asked.url))
    return next(filter(None, found), None)


def operations_at(url: str) -> Sequence[Operation]:
    """What the contract has at an address, whatever the method."""
    route = next(_routes(url), None)
    return tuple(route.operations.values()) if route else ()


def _routes(url: str) -> Iterator[Route]:
    steps = urlsplit(url).path.split("/")
    paths = ("/" + "/".join(steps[at:]) for at in range(1, len(steps)))
    return (route for path in paths if (route := contract().route(path)))


def _body(text: bytes) -> Json:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


class CarefulTransport(httpx2.BaseTransport):
    """Sends what httpx2 sends through the door."""

    def __init__(self, door: Door, inner: httpx2.BaseTransport) -> None:
        self._door, self._inner = door, inner

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """The answer to the last attempt; those before it are closed."""
        asked = Asked(request.method, str(request.url), request.read())
        open_answers: list[httpx2.Response] = []

        def go() -> httpx2.Response:
            while open_answers:
                open_answers.pop().close()
            open_answers.append(self._inner.handle_request(request))
            return open_answers[-1]

        return self._door.send(asked, go, lambda answer: (answer.status_code, answer.headers))

    def close(self) -> None:
        """Close what is inside."""
        self._inner.close()


class CarefulAdapter(HTTPAdapter):
    """Sends what requests, and so Schemathesis, sends through the door."""

    def __init__(self, door: Door) -> None:
        super().__init__()
        self._door = door

    def send(self, request: requests.PreparedRequest, *args: Any, **more: Any) -> Any:
        """The answer to the last attempt."""
        body = request.body or b""
        sent = body if isinstance(body, bytes) else str(body).encode()
        asked = Asked(str(request.method), str(request.url), sent)
        inner = super().send
        return self._door.send(
            asked,
            lambda: inner(request, *args, **more),
            lambda answer: (answer.status_code, answer.headers),
        )
