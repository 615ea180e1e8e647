"""A client whose every exchange is made up, at the times and with the answers that a test wants."""

import json
from collections.abc import Mapping
from typing import Any

from mock_server.auth import identity
from mock_server.journal import Exchange
from mock_server.mock import Mock
from mock_server.verdict import Finding, Verdict, judge
from mock_server.wire import Call
from tests.world import CHAT, NOW, ask

PEER = ("127.0.0.1", 40_000)
RETRY_AFTER = {"retry-after": "2"}


class Suspect:
    """The client with one key: what it sent, and what is found of it."""

    def __init__(self, mock: Mock, key: str = "rc_live_suspect") -> None:
        self.mock = mock
        provider = mock.spec.providers["ruapi" if key.startswith("sk-") else "runcrate"]
        self.caller = identity(key, provider)

    def sent(
        self,
        at: float,
        status: int = 200,
        *,
        path: str = CHAT,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        told: Mapping[str, str] | None = None,
        answer: bytes = b"",
        **facts: Any,
    ) -> Exchange:
        """One exchange that came so many seconds after the beginning and took 0.1 s."""
        method = facts.pop("method", "GET" if path != CHAT else "POST")
        asked = ask("How deep is the sea?") if body is None and method == "POST" else body
        raw = b"" if asked is None else json.dumps(asked).encode()
        took, real = facts.pop("took", 0.1), facts.pop("real", at)
        shown = {"content-type": "application/json", **(headers or {})}
        pairs = [(name.encode(), value.encode()) for name, value in shown.items()]
        peer = facts.pop("peer", PEER)
        query = facts.pop("query", b"")
        call = Call(method, path, query, pairs, raw, NOW + at, "http", NOW + real, peer)
        exchange = self.mock.journal.open(call)
        self.mock.journal.enter(exchange, self.caller)
        route = self.mock.spec.route(path)
        if route is not None:
            exchange.operation = route.operations[method].id
        exchange.status, exchange.asked = status, asked
        exchange.headers = [(name.encode(), value.encode()) for name, value in (told or {}).items()]
        exchange.answered, exchange.sent, exchange.finished = [answer], len(answer) or 10, True
        for name, value in facts.items():
            setattr(exchange, name, value)
        if took is not None:
            self.mock.journal.close(exchange, took, NOW + at + took)
        return exchange

    def verdict(self, *ignore: str) -> Verdict:
        """What is found of this client."""
        return judge(self.mock, [self.caller.id], ignore)

    def findings(self, *ignore: str) -> list[Finding]:
        """All that is found."""
        return [*self.verdict(*ignore).findings]

    def found(self) -> dict[str, str]:
        """The severity of each rule that was broken."""
        return {each.rule: each.severity for each in self.findings()}


def sdk(count: int) -> dict[str, str]:
    """The header by which an SDK says how many tries went before."""
    return {"x-stainless-retry-count": str(count)}
