"""The live exchanges: what a watcher is told, and that watching ends."""

import asyncio
import json
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import httpx2
import pytest
from starlette.types import Message

from mock_server.auth import identity
from mock_server.control import live
from mock_server.control.api import control_app
from mock_server.control.live import Watch
from mock_server.control.masks import Masks
from mock_server.journal import Exchange
from mock_server.mock import Mock
from tests.serving import server
from tests.world import CHAT, ask, new_mock, post

Json = Any


@pytest.fixture
def mock() -> Mock:
    return new_mock(rate_limit=0)


def called(mock: Mock, key: str = "rc_live_test") -> Exchange:
    return post(mock, CHAT, ask("hi"), key=key).exchange


def told(watch: Watch) -> tuple[str | None, list[Json]]:
    news = watch.news(watch.due())
    return (news.name, json.loads(news.data)["exchanges"]) if news else (None, [])


def test_first_comes_what_there_is_then_only_what_changed(mock: Mock) -> None:
    first = called(mock)
    watch = Watch(mock, Masks(mock), None)
    name, rows = told(watch)
    assert (name, [row["id"] for row in rows]) == ("snapshot", [first.id])
    assert told(watch) == (None, [])
    second = called(mock)
    name, rows = told(watch)
    assert (name, [row["id"] for row in rows]) == ("changes", [second.id])


def test_an_open_exchange_is_told_again_as_it_grows_and_when_it_is_over(mock: Mock) -> None:
    exchange = called(mock)
    watch = Watch(mock, Masks(mock), None)
    assert [row["over"] for row in told(watch)[1]] == [False]
    exchange.sent = 100
    assert [row["sent"] for row in told(watch)[1]] == [100]
    mock.journal.close(exchange, 0.5, exchange.at)
    assert [(row["over"], row["took"]) for row in told(watch)[1]] == [(True, 0.5)]
    assert exchange.tokens is not None and exchange.tokens[1] is None
    exchange.sent = 200
    assert told(watch) == (None, [])


def test_one_key_is_told_of_alone(mock: Mock) -> None:
    watch = Watch(mock, Masks(mock), identity("rc_live_a", None).id)
    told(watch)
    called(mock, "rc_live_b")
    mine = called(mock, "rc_live_a")
    assert [row["id"] for row in told(watch)[1]] == [mine.id]


def test_after_a_reset_everything_is_told_anew(mock: Mock) -> None:
    called(mock)
    watch = Watch(mock, Masks(mock), None)
    told(watch)
    mock.journal.reset()
    assert told(watch) == ("snapshot", [])


def test_of_many_at_once_the_last_are_told(mock: Mock) -> None:
    watch = Watch(mock, Masks(mock), None)
    told(watch)
    calls = [called(mock, f"rc_live_{number % 3}") for number in range(260)]
    _, rows = told(watch)
    assert [row["id"] for row in rows] == [exchange.id for exchange in calls[-200:]]
    assert told(watch) == (None, [])


def test_no_key_is_told(mock: Mock) -> None:
    exchange = called(mock, "rc_live_secret")
    exchange.path = "/v1/rc_live_secret"
    watch = Watch(mock, Masks(mock), None)
    news = watch.news(watch.due())
    assert news is not None
    assert b"rc_live_secret" not in news.data


class Watcher:
    """A client of the live exchanges, without a socket."""

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.leaving = asyncio.Event()
        self.begun = asyncio.Event()

    async def receive(self) -> Message:
        await self.leaving.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.sent.append(message)
        self.begun.set()

    async def watch(self, mock_app: Any) -> None:
        path = "/__mock__/live"
        scope = {"type": "http", "method": "GET", "path": path, "headers": [], "query_string": b""}
        await mock_app(scope, self.receive, self.send)


def test_no_more_than_so_many_watch_at_once(mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "_MOST_WATCHERS", 1)

    async def statuses() -> list[int]:
        app = control_app(mock)
        watchers = [Watcher() for _ in range(3)]
        first = asyncio.create_task(watchers[0].watch(app))
        await watchers[0].begun.wait()
        await watchers[1].watch(app)
        watchers[0].leaving.set()
        await first
        third = asyncio.create_task(watchers[2].watch(app))
        await watchers[2].begun.wait()
        watchers[2].leaving.set()
        await third
        return [watcher.sent[0]["status"] for watcher in watchers]

    assert asyncio.run(statuses()) == [200, 400, 200]


def test_a_watcher_sees_a_call_over_a_socket_and_a_stopping_server_says_good_bye() -> None:
    with server() as (process, url):
        headers = {"Authorization": "Bearer rc_live_test"}
        with httpx2.stream("GET", f"{url}/__mock__/live", timeout=30) as watching:
            lines = watching.iter_lines()
            assert next(lines) == "event: snapshot"
            httpx2.post(url + CHAT, json=ask("hi"), headers=headers)
            assert "event: changes" in lines
            assert json.loads(next(lines).removeprefix("data: "))["exchanges"][0]["status"] == 200
            process.send_signal(signal.SIGTERM)
            assert list(lines)[-1:] in ([], [""])
        process.wait(30)
        assert process.stderr is not None
        said = process.stderr.read()
        assert "Traceback" not in said
        assert "without completing" not in said
        assert "timeout" not in said


def test_who_waits_for_an_exchange_is_let_go_when_the_server_stops() -> None:
    with server() as (process, url):
        with httpx2.Client(base_url=url, timeout=30) as client, ThreadPoolExecutor(1) as thread:
            query = {"wait": "1", "timeout": "60"}
            waiting = thread.submit(client.get, "/__mock__/journal", params=query)
            httpx2.get(f"{url}/__mock__/journal")
            process.send_signal(signal.SIGTERM)
            with suppress(httpx2.TransportError):  # it had not come yet
                assert waiting.result(30).json()["exchanges"] == []
        process.wait(30)
        assert process.stderr is not None
        assert "timeout" not in process.stderr.read()
