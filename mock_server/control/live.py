"""The exchanges as they happen, told to whoever watches: nothing is kept while nobody does."""

import asyncio
from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from mock_server import sse
from mock_server.control.forms import digest
from mock_server.control.masks import Masks
from mock_server.errors import Invalid
from mock_server.journal import Exchange
from mock_server.mock import Mock
from mock_server.wire import Event, Json

_EVERY: Final = 0.25  # seconds
_MOST_TOLD: Final = 200  # exchanges at once, and open ones that are followed
_MOST_WATCHERS: Final = 100
_HEADERS: Final = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store")]


def routes(mock: Mock) -> list[Route]:
    """The route of the live exchanges."""
    watchers: set[Watch] = set()
    masks = Masks(mock)

    async def watch(request: Request) -> Response:
        """First what there is, then every change, until the client leaves or the server stops."""
        if len(watchers) >= _MOST_WATCHERS:
            raise Invalid("invalid_value", f"{_MOST_WATCHERS} watch already; close one of them")
        return _Stream(Watch(mock, masks, digest(request.query_params.get("key"))), watchers)

    return [Route("/__mock__/live", watch, methods=["GET"])]


class Watch:
    """What one watcher has been told of the exchanges of a key, or of all."""

    def __init__(self, mock: Mock, masks: Masks, caller_id: str | None) -> None:
        self._mock = mock
        self._masks = masks
        self._caller_id = caller_id
        self._resets = -1
        self._number = 0
        self._is_told = False
        self._open: dict[str, tuple[Exchange, Json]] = {}

    @property
    def is_over(self) -> bool:
        """Whether the server stops."""
        return self._mock.journal.is_ended

    def due(self) -> list[Exchange]:
        """What may have changed since it was last asked: everything, if something was forgotten."""
        journal = self._mock.journal
        if self._resets != journal.resets:
            self._resets, self._number, self._is_told = journal.resets, 0, False
            self._open.clear()
        fresh = journal.since(self._number, self._caller_id, _MOST_TOLD)
        if fresh:
            self._number = fresh[-1].number
        return [*(exchange for exchange, _ in self._open.values()), *fresh]

    def news(self, due: Iterable[Exchange]) -> Event | None:
        """What has changed of these, in words."""
        name, self._is_told = "changes" if self._is_told else "snapshot", True
        changes = [*self._changes(due)]
        return _event(name, changes) if changes or name == "snapshot" else None

    def _changes(self, due: Iterable[Exchange]) -> Iterator[Json]:
        for exchange in due:
            row = self._row(exchange)
            if row != self._open.get(exchange.id, (exchange, None))[1]:
                self._follow(exchange, row)
                yield row

    def _follow(self, exchange: Exchange, row: Json) -> None:
        if row["over"]:
            self._open.pop(exchange.id, None)
        elif exchange.id in self._open or len(self._open) < _MOST_TOLD:
            self._open[exchange.id] = exchange, row

    def _row(self, exchange: Exchange) -> Json:
        over = exchange.is_over  # first: it may end meanwhile
        return {**self._masks.listed(exchange), "number": exchange.number, "over": over}


def _event(name: str, exchanges: list[Json]) -> Event:
    return Event(msgspec.json.encode({"exchanges": exchanges}), name)


class _Stream(Response):
    """An event stream that ends by itself when its server stops."""

    def __init__(self, watch: Watch, watchers: set[Watch]) -> None:
        super().__init__()
        self._watch = watch
        self._watchers = watchers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        leaving = asyncio.ensure_future(_left(receive))
        self._watchers.add(self._watch)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            while not (leaving.done() or self._watch.is_over or scope["method"] == "HEAD"):
                due = self._watch.due()
                # Keys are looked for beside the event loop.
                tell = self._watch.news
                news = await run_in_threadpool(tell, due) if due else tell(due)
                if news is not None:
                    await send(_piece(sse.encode(news), more=True))
                await asyncio.wait({leaving}, timeout=_EVERY)
            await send(_piece(b"", more=False))
        except asyncio.CancelledError:
            await send(_piece(b"", more=False))
        finally:
            self._watchers.discard(self._watch)
            leaving.cancel()


def _piece(body: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": body, "more_body": more}


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
