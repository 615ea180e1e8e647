"""However an exchange ends, the journal knows when, and how far it came."""

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from mock_server import Settings, create_app
from mock_server.app import Shell
from mock_server.auth import identity
from mock_server.journal import Exchange
from mock_server.pace import Pace
from tests.runware import caption
from tests.test_lines import LOGIN
from tests.visit import Visit, settled
from tests.world import CHAT, Json, ask

KEY = "rc_live_ending"
HOURS = "ttft=3600,itl=60"
HEADERS = [
    (b"authorization", f"Bearer {KEY}".encode()),
    (b"content-type", b"application/json"),
]


def visit_of(shell: Shell, body: bytes, path: str = CHAT, *, whole: bool = True) -> Visit:
    return Visit(shell, "POST", path, body=body, headers=HEADERS, whole=whole)


def chat(**more: Json) -> bytes:
    return json.dumps(ask("Explain tides.", **more)).encode()


def ended(story: Callable[[Shell], Coroutine[Any, Any, None]], **settings: Any) -> Exchange:
    """The only exchange of a story, which has to be over."""
    shell = create_app(Settings(**{"clock": "virtual", **settings}))
    over = list[Exchange]()
    shell.mock.journal.watchers.append(over.append)
    asyncio.run(story(shell))
    (exchange,) = shell.mock.journal.entries()
    assert over == [exchange], "it is over once"
    assert exchange.is_over and exchange.took is not None and exchange.ended_at is not None
    assert exchange.took >= (exchange.began or 0.0) >= 0.0
    assert shell.mock.tallies.streams == 0
    return exchange


def paced(shell: Shell) -> None:

    shell.mock.store.set_pace(identity(KEY, None).id, HOURS)


def test_an_answer_that_was_sent() -> None:
    async def story(shell: Shell) -> None:
        await visit_of(shell, chat()).task

    exchange = ended(story)
    assert exchange.finished and not exchange.left and exchange.began is not None
    assert exchange.sent == sum(map(len, exchange.answered)) > 0


def test_a_stream_that_the_client_abandons() -> None:
    async def story(shell: Shell) -> None:
        paced(shell)
        visit = visit_of(shell, chat(stream=True))
        await settled()
        assert shell.mock.tallies.streams == 1
        shell.mock.clock.advance(3600 + 90)
        await settled()
        visit.leave()
        await visit.task

    exchange = ended(story)
    assert exchange.left and not exchange.finished and exchange.sent > 0
    assert exchange.ended_at == exchange.at + 3690


def test_a_whole_answer_that_the_client_does_not_wait_for() -> None:
    async def story(shell: Shell) -> None:
        paced(shell)
        visit = visit_of(shell, chat())
        await settled()
        visit.leave()
        await visit.task
        assert visit.sent == []

    exchange = ended(story)
    assert exchange.left and not exchange.finished
    assert exchange.sent == 0 and exchange.began is None


def test_a_picture_that_the_client_does_not_wait_for() -> None:
    async def story(shell: Shell) -> None:
        body = {"model": "black-forest-labs/FLUX.1-schnell", "prompt": "a fox"}
        wanted = json.dumps({**body, "response_format": "b64_json"}).encode()
        visit = visit_of(shell, wanted, "/v1/images/generations")
        visit.leave()
        await visit.task

    exchange = ended(story)
    assert exchange.left and not exchange.finished and exchange.sent == 0


def test_a_picture_that_was_made_and_sent() -> None:
    async def story(shell: Shell) -> None:
        body = {"model": "black-forest-labs/FLUX.1-schnell", "prompt": "a fox", "size": "256x256"}
        wanted = json.dumps({**body, "response_format": "b64_json"}).encode()
        await visit_of(shell, wanted, "/v1/images/generations").task

    exchange = ended(story)
    assert exchange.finished and exchange.status == 200 and exchange.began


@pytest.mark.parametrize("whole", [True, False])
def test_a_body_that_is_too_large(whole: bool) -> None:
    async def story(shell: Shell) -> None:
        visit = visit_of(shell, b"x" * 10_000, whole=whole)
        await visit.task
        assert visit.sent[0]["status"] == 413

    exchange = ended(story, max_body=1000)
    assert exchange.status == 413 and exchange.finished and exchange.call.body is None


@pytest.mark.parametrize("stream", [True, False])
def test_a_server_that_stops_while_somebody_waits(stream: bool) -> None:
    async def story(shell: Shell) -> None:
        paced(shell)
        visit = visit_of(shell, chat(stream=stream))
        await settled()
        visit.task.cancel()
        await visit.task

    exchange = ended(story)
    assert exchange.finished is not stream and exchange.cut is stream
    assert exchange.status == (200 if stream else 503)


def test_a_server_that_stops_while_a_body_comes() -> None:
    async def story(shell: Shell) -> None:
        visit = visit_of(shell, b"{", whole=False)
        await settled()
        visit.task.cancel()
        await visit.task
        assert visit.sent[0]["status"] == 503

    assert ended(story).finished


@pytest.mark.parametrize("ending", ["leave", "stop", "answer"])
def test_a_message_of_a_websocket(ending: str) -> None:
    async def story(shell: Shell) -> None:
        came: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        sent: list[Any] = []

        async def send(message: Any) -> None:
            sent.append(message)

        scope: Any = {"type": "websocket", "path": "/v1", "query_string": b"", "headers": []}
        came.put_nowait({"type": "websocket.connect"})
        task = asyncio.ensure_future(shell(scope, came.get, send))
        came.put_nowait({"type": "websocket.receive", "text": json.dumps([*LOGIN, caption()])})
        await settled()
        assert shell.mock.tallies.sockets == 1
        assert len(sent) == 2
        if ending == "answer":
            shell.mock.clock.advance(60)
            await settled()
            assert len(sent) == 3
        if ending == "stop":
            task.cancel()
        else:
            came.put_nowait({"type": "websocket.disconnect", "code": 1000})
        await task
        assert shell.mock.tallies.sockets == 0

    exchange = ended(story, pace=Pace(ttft=60.0))
    assert (exchange.finished, exchange.left, exchange.cut) == (
        ending == "answer",
        ending == "leave",
        ending == "stop",
    )
    assert len(exchange.answered) == (2 if ending == "answer" else 1)
