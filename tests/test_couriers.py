"""Webhooks over real sockets of this machine: taken, refused, tried again, given up."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from mock_server.clock import VIRTUAL_EPOCH, Clock
from mock_server.couriers import Couriers
from mock_server.waiting import Waiting
from mock_server.wire import Post

BODY = b'{"taskType":"imageCaption"}'
Test = Callable[[Couriers, Clock, str, list[bytes]], Awaitable[None]]


def served(test: Test, *answers: bytes) -> list[bytes]:
    """What a receiver got that gives these answers in turn, and none once they are used up."""
    received: list[bytes] = []
    talks: set[asyncio.StreamWriter] = set()

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks.add(writer)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.partition(b"Content-Length: ")[2].split()[0])
        received.append(head + await reader.readexactly(length))
        if len(received) <= len(answers):
            writer.write(answers[len(received) - 1])
        else:
            await reader.read()  # until the other end gives up
        writer.close()
        talks.remove(writer)

    async def run() -> None:
        clock = Clock("virtual", lambda: 0.0)
        couriers = Couriers(Waiting(clock))
        server = await asyncio.start_server(take, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        await test(couriers, clock, f"http://127.0.0.1:{port}/hook?token=a", received)
        couriers.stop()
        server.close()
        await until(lambda: not talks)

    asyncio.run(run())
    return received


async def until(claim: Callable[[], bool]) -> None:
    for _ in iter(claim, True):
        await asyncio.sleep(0)


async def done(couriers: Couriers) -> None:
    await until(lambda: not couriers.number)


def post(url: str, *pauses: float, patience: float = 5.0) -> Post:
    return Post(url, BODY, pauses, patience)


def test_a_post_is_a_request_with_json_in_it() -> None:
    async def test(couriers: Couriers, _: Clock, url: str, __: list[bytes]) -> None:
        couriers.send([post(url, 0, 0)], None)
        await done(couriers)

    (request,) = served(test, b"HTTP/1.1 204 No Content\r\n\r\n")
    head, _, body = request.partition(b"\r\n\r\n")
    assert head.startswith(b"POST /hook?token=a HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"Content-Type: application/json" in head
    assert body == BODY


@pytest.mark.parametrize(
    "refusal", [b"HTTP/1.1 500 No\r\n\r\n", b"HTTP/1.1 302 Go\r\n\r\n", b"", b"nonsense\r\n"]
)
def test_it_is_tried_again_until_it_is_taken(refusal: bytes) -> None:
    async def test(couriers: Couriers, _: Clock, url: str, __: list[bytes]) -> None:
        couriers.send([post(url, 0, 0, 0, 0)], None)
        await done(couriers)

    assert len(served(test, refusal, refusal, b"HTTP/1.1 200 OK\r\n\r\n")) == 3


def test_it_is_given_up_and_its_secret_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    async def test(couriers: Couriers, _: Clock, url: str, __: list[bytes]) -> None:
        couriers.send([post(url, 0, 0)], None)
        await done(couriers)

    assert len(served(test, b"HTTP/1.1 500 No\r\n\r\n", b"HTTP/1.1 400 No\r\n\r\n")) == 2
    assert "/hook in 2 attempts" in caplog.text
    assert "token" not in caplog.text


def test_who_never_answers_is_not_waited_for() -> None:
    async def test(couriers: Couriers, _: Clock, url: str, __: list[bytes]) -> None:
        couriers.send([post(url, 0, patience=0.01)], None)
        await done(couriers)

    assert len(served(test)) == 1


def test_attempts_are_made_in_the_time_of_the_key() -> None:
    async def test(couriers: Couriers, clock: Clock, url: str, received: list[bytes]) -> None:
        def is_waiting() -> bool:
            return couriers.waiting.number == 1

        couriers.send([post(url, 60, 30)], "mine")
        await until(is_waiting)
        clock.advance(59, "mine")
        await asyncio.sleep(0)
        assert is_waiting()
        clock.advance(1, "mine")
        await until(lambda: len(received) == 1)
        await until(is_waiting)
        clock.advance(29, "mine")
        await asyncio.sleep(0)
        assert is_waiting()
        clock.advance(1, "mine")
        await done(couriers)
        assert clock.now() == VIRTUAL_EPOCH

    assert len(served(test, b"HTTP/1.1 500 No\r\n\r\n", b"HTTP/1.1 200 OK\r\n\r\n")) == 2


@pytest.mark.parametrize(
    "url", ["http://hooks.example.com/a", "http://127.0.0.1:1/", "https://127.0.0.1:1/", "x:"]
)
def test_nothing_is_sent_elsewhere_or_where_nobody_is(
    url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def test(couriers: Couriers, _: Clock, __: str, ___: list[bytes]) -> None:
        couriers.send([post(url, 0)], None)
        await done(couriers)

    assert served(test) == []
    assert "in 1 attempts" in caplog.text


def test_too_many_are_dropped_and_all_are_given_up_at_the_end(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def test(couriers: Couriers, _: Clock, url: str, __: list[bytes]) -> None:
        couriers.send([post(url, 60)] * 1_001, None)
        assert couriers.number == 1_000
        couriers.stop()
        await done(couriers)

    assert served(test) == []
    assert "another is dropped" in caplog.text
