"""The shell sends in time: streams and whole answers that wait, in this process, without sleeping.

What is answered is made up here, so that nothing depends on how chats are paced.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.testclient import TestClient

from mock_server import Settings, app, create_app
from mock_server.auth import Identity
from mock_server.journal import Exchange
from mock_server.mock import Mock
from mock_server.wire import Call, Cut, Event, Reply
from tests.visit import Visit, settled
from tests.world import CHAT

KEY = "rc_live_paced"
HOUR = 3600.0


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], Reply]], None]:
    """Let every call be answered with that reply, under one key."""

    def set_reply(made: Callable[[], Reply]) -> None:
        def answer(call: Call, mock: Mock) -> tuple[Reply, Exchange]:
            exchange = mock.journal.open(call)
            mock.journal.enter(exchange, Identity(KEY, "key", None, KEY))
            return made(), exchange

        monkeypatch.setattr(app, "answer", answer)

    return set_reply


Answers = Callable[[Callable[[], Reply]], None]


def stream(*waits: float) -> Callable[[], Reply]:
    def made() -> Iterator[Event]:
        return (Event(b"%d" % number, None, wait) for number, wait in enumerate(waits))

    return lambda: Reply(200, [(b"content-type", b"text/event-stream")], made())


def whole(after: float) -> Callable[[], Reply]:
    return lambda: Reply(200, [], b"whole", after)


@asynccontextmanager
async def visit(**settings: Any) -> Any:
    shell = create_app(Settings(**{"clock": "virtual", **settings}))
    one = Visit(shell)
    await settled()
    yield shell.mock, one
    if not one.task.done():
        one.task.cancel()
        await asyncio.gather(one.task, return_exceptions=True)
    assert shell.waiting.number == 0


def play(scene: Callable[[], Awaitable[None]]) -> None:
    async def run() -> None:
        async with asyncio.timeout(10):
            await scene()

    asyncio.run(run())


def test_events_come_when_their_time_has_come(answers: Answers) -> None:
    answers(stream(0.5, 0.02, 0.0, 0.02))

    async def scene() -> None:
        async with visit() as (mock, one):
            seen = [one.body]
            for seconds in (0.49, 0.01, 0.02, 0.02):
                mock.clock.advance(seconds)
                await settled()
                seen.append(one.body)
            assert [body.count(b"data: ") for body in seen] == [0, 0, 1, 3, 4]
            assert one.task.done()
            exchange = next(mock.journal.entries())
            assert (exchange.finished, exchange.left, exchange.sent) == (True, False, len(one.body))

    play(scene)


def test_an_advance_of_a_minute_finishes_a_stream(answers: Answers) -> None:
    answers(stream(1.0, *[0.02] * 1000))

    async def scene() -> None:
        async with visit() as (mock, one):
            mock.clock.advance(60)
            await one.task
            assert one.body.count(b"data: ") == 1001
            assert one.sent[-1] == {"type": "http.response.body", "body": b"", "more_body": False}

    play(scene)


def test_an_advance_during_a_real_wait_finishes_it(answers: Answers) -> None:
    answers(stream(HOUR, HOUR))

    async def scene() -> None:
        async with visit(clock="real") as (mock, one):
            assert one.body == b""
            mock.clock.advance(2 * HOUR, "another key")
            await settled()
            assert one.body == b""
            mock.clock.advance(2 * HOUR, KEY)
            await one.task
            assert one.body.count(b"data: ") == 2

    play(scene)


@pytest.mark.parametrize("key", [None, KEY])
@pytest.mark.parametrize("clock", ["real", "virtual"])
def test_a_reset_leaves_no_stream_hanging(answers: Answers, key: str | None, clock: str) -> None:
    answers(stream(HOUR, HOUR))

    async def scene() -> None:
        async with visit(clock=clock) as (mock, one):
            mock.clock.advance(60)
            mock.clock.advance(60, KEY)
            mock.clock.reset(key)
            await one.task
            assert one.body.count(b"data: ") == 2

    play(scene)


def test_a_switch_of_modes_leaves_no_stream_hanging(answers: Answers) -> None:
    answers(stream(0.01, 0.01))

    async def scene() -> None:
        async with visit() as (mock, one):
            mock.clock.switch("real")
            await one.task
            assert one.body.count(b"data: ") == 2

    play(scene)


@pytest.mark.parametrize("reply", [stream(0.0, HOUR, HOUR), whole(HOUR)])
def test_a_client_that_leaves_while_it_waits_is_noticed_at_once(
    answers: Answers, reply: Callable[[], Reply]
) -> None:
    answers(reply)

    async def scene() -> None:
        async with visit() as (mock, one):
            sent = len(one.sent)
            one.leave()
            await one.task
            exchange = next(mock.journal.entries())
            assert (exchange.finished, exchange.left) == (False, True)
            assert exchange.sent == len(one.body)
            assert len(one.sent) == sent

    play(scene)


def test_a_whole_answer_comes_when_its_time_has_come(answers: Answers) -> None:
    answers(whole(2.0))

    async def scene() -> None:
        async with visit() as (mock, one):
            mock.clock.advance(1.9)
            await settled()
            assert not one.sent
            mock.clock.advance(0.1)
            await one.task
            assert one.body == b"whole"
            assert next(mock.journal.entries()).finished

    play(scene)


def test_a_server_that_stops_lets_go_of_what_waits(answers: Answers) -> None:
    answers(stream(HOUR))

    async def scene() -> None:
        async with visit() as (mock, one):
            one.task.cancel()
            await one.task
            assert not next(mock.journal.entries()).finished
            mock.clock.advance(2 * HOUR)
            await settled()
            assert one.body == b""

    play(scene)


def test_what_does_not_wait_asks_for_no_room(
    answers: Answers, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers(stream(0.0, 0.0))
    monkeypatch.setattr("mock_server.waiting.Waiting.enter", None)

    async def scene() -> None:
        async with visit() as (_, one):
            await one.task
            assert one.body.count(b"data: ") == 2

    play(scene)


def test_a_paced_stream_through_starlettes_client_ends(answers: Answers) -> None:
    answers(stream(0.01, 0.01, 0.01))
    client = TestClient(create_app(Settings()))
    assert [client.post(CHAT).text.count("data: ") for _ in range(2)] == [3, 3]


def test_a_clock_is_advanced_from_another_thread_and_loop(answers: Answers) -> None:
    answers(stream(HOUR, HOUR))
    shell = create_app(Settings(clock="virtual"))
    bodies: list[str] = []
    asking = threading.Thread(target=lambda: bodies.append(TestClient(shell).post(CHAT).text))
    asking.start()
    control = TestClient(shell)
    for _ in range(1000):
        control.post("/__mock__/clock", json={"advance": HOUR})
        asking.join(0.001)
        if not asking.is_alive():
            break
    asking.join(5)
    assert [body.count("data: ") for body in bodies] == [2]


@pytest.mark.parametrize(
    ("reply", "moves", "held"),
    [
        (stream(0.5, 0.0, 30.0, 0.02), [HOUR], 30.0),
        (stream(0.5, 0.0, 30.0, 0.02), [0.5, 12.0], 12.0),
        (stream(0.5, 0.0, 30.0, 0.02), [], 0.0),
        (stream(0.0, 0.0), [], 0.0),
        (whole(7.0), [HOUR], 7.0),
        (whole(7.0), [3.0], 3.0),
    ],
    ids=["to the end", "left in a pause", "left at once", "no pause", "whole", "whole and left"],
)
def test_it_is_noted_how_long_a_client_sat_through_a_pause(
    answers: Answers, reply: Callable[[], Reply], moves: list[float], held: float
) -> None:
    answers(reply)

    async def scene() -> None:
        async with visit() as (mock, one):
            for seconds in moves:
                mock.clock.advance(seconds)
                await settled()
            one.leave()
            await one.task
            (exchange,) = mock.journal.entries()
            assert exchange.held == held

    play(scene)


def cut_off(cut: Cut, *, before_headers: bool = False) -> Callable[[], Reply]:
    def made() -> Iterator[Event]:
        yield Event(b"begun")
        raise cut

    if before_headers:
        return lambda: Reply(0, [], b"never sent", cut=cut)
    return lambda: Reply(200, [], made(), framed=False)


@pytest.mark.parametrize("before_headers", [False, True])
def test_where_a_connection_is_out_of_reach_the_server_hears_of_the_cut(
    answers: Answers, before_headers: bool
) -> None:
    answers(cut_off(Cut(), before_headers=before_headers))

    async def scene() -> None:
        async with visit() as (mock, one):
            with pytest.raises(ConnectionError, match="broke off"):
                await one.task
            assert one.body == (b"" if before_headers else b"begun")
            (exchange,) = mock.journal.entries()
            assert (exchange.cut, exchange.finished, exchange.left) == (True, False, False)
            assert exchange.is_over

    play(scene)


def test_a_clean_cut_ends_the_body_and_is_noted(answers: Answers) -> None:
    answers(cut_off(Cut(is_clean=True)))

    async def scene() -> None:
        async with visit() as (mock, one):
            await one.task
            assert one.body == b"begun"
            assert one.sent[-1]["more_body"] is False
            (exchange,) = mock.journal.entries()
            assert (exchange.cut, exchange.finished) == (True, False)

    play(scene)


def test_pieces_that_go_apart_give_way_to_others_after_each(answers: Answers) -> None:
    pieces = [Event(b"%d" % (number % 10)) for number in range(50)]
    answers(lambda: Reply(200, [], pieces, framed=False, apart=True))

    async def scene() -> None:
        async with visit() as (_, one):
            seen = {len(one.sent)}
            while not one.task.done():
                await asyncio.sleep(0)
                seen.add(len(one.sent))
            assert len(seen) > 2
            assert one.body == b"0123456789" * 5

    play(scene)
