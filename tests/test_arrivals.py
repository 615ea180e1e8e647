"""Whoever waits for an exchange hears of it at once, and costs nothing until then."""

import asyncio
import threading
from typing import Any

import pytest
from starlette.datastructures import QueryParams

from mock_server.control.arrivals import Arrivals
from mock_server.control.queries import SELECTING, WAITING, Query, read_query
from mock_server.journal import Exchange
from mock_server.mock import Mock
from tests.world import CHAT, ask, new_mock, post


@pytest.fixture
def mock() -> Mock:
    return new_mock()


def query(mock: Mock, text: str = "") -> Query:
    return read_query(QueryParams(f"wait=1&{text}"), mock, (*SELECTING, *WAITING))


def opened(mock: Mock, key: str = "rc_live_a") -> Exchange:
    return post(mock, CHAT, ask("hi"), key=key).exchange


def over(mock: Mock, key: str = "rc_live_a") -> Exchange:
    exchange = opened(mock, key)
    mock.journal.close(exchange, 0.1, 0.0)
    return exchange


async def settled() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


class Waiter:
    """Somebody who waits, and may leave."""

    def __init__(self, arrivals: Arrivals, asked: Query) -> None:
        self.leaving: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self.task = asyncio.ensure_future(arrivals.wait(asked, self.leaving))


def test_what_is_over_already_is_not_waited_for(mock: Mock) -> None:
    exchange = over(mock)

    async def run() -> None:
        arrivals = Arrivals(mock.journal)
        assert await Waiter(arrivals, query(mock)).task == [exchange]
        assert arrivals.number == 0

    asyncio.run(run())


def test_many_hear_of_one_exchange_when_it_is_over_and_of_no_other(mock: Mock) -> None:
    async def run() -> None:
        arrivals = Arrivals(mock.journal)
        mine = [Waiter(arrivals, query(mock, "key=rc_live_a")) for _ in range(100)]
        every = [Waiter(arrivals, query(mock)) for _ in range(2)]
        other = Waiter(arrivals, query(mock, "key=rc_live_b"))
        failing = Waiter(arrivals, query(mock, "key=rc_live_a&status=4xx"))
        exchange = opened(mock)
        await settled()
        assert arrivals.number == 104
        assert not any(each.task.done() for each in (*mine, *every))
        mock.journal.close(exchange, 0.1, 0.0)
        for waiter in (*mine, *every):
            assert await waiter.task == [exchange]
        assert not other.task.done() and not failing.task.done()
        exchange = over(mock, "rc_live_b")
        assert await other.task == [exchange]
        failing.leaving.set_result(None)
        assert await failing.task == []
        assert arrivals.number == 0

    asyncio.run(run())


def test_only_what_came_after_is_waited_for(mock: Mock) -> None:
    early, known = opened(mock), over(mock)

    async def run() -> None:
        waiter = Waiter(Arrivals(mock.journal), query(mock, f"after={known.id}"))
        await settled()
        mock.journal.close(early, 0.1, 0.0)
        await settled()
        assert not waiter.task.done()
        exchange = over(mock)
        assert await waiter.task == [exchange]

    asyncio.run(run())


def test_who_has_waited_long_enough_gets_nothing(mock: Mock) -> None:
    async def run() -> list[Exchange]:
        return await Waiter(Arrivals(mock.journal), query(mock, "timeout=0")).task

    assert asyncio.run(run()) == []


def test_who_is_told_to_stop_gets_nothing(mock: Mock) -> None:
    async def run() -> None:
        arrivals = Arrivals(mock.journal)
        waiter = Waiter(arrivals, query(mock))
        await settled()
        waiter.task.cancel()
        assert await waiter.task == []
        assert arrivals.number == 0

    asyncio.run(run())


def test_exchanges_may_end_on_any_thread(mock: Mock) -> None:
    async def run() -> None:
        waiter = Waiter(Arrivals(mock.journal), query(mock))
        await settled()
        thread = threading.Thread(target=over, args=(mock,))
        thread.start()
        (exchange,) = await waiter.task
        thread.join()
        assert exchange.is_over

    asyncio.run(run())


def test_a_loop_that_was_closed_holds_up_nobody(mock: Mock) -> None:
    arrivals, loop = Arrivals(mock.journal), asyncio.new_event_loop()
    waiting = arrivals.wait(query(mock), loop.create_future())
    task = loop.create_task(waiting)
    loop.run_until_complete(settled())
    loop.close()
    exchange = over(mock)
    assert exchange.is_over and arrivals.number == 1
    task._log_destroy_pending = False  # type: ignore[attr-defined]
    waiting.close()


def test_a_mark_that_is_forgotten_meanwhile_is_still_a_mark(mock: Mock) -> None:
    known = over(mock)

    async def run() -> None:
        waiter = Waiter(Arrivals(mock.journal), query(mock, f"after={known.id}"))
        await settled()
        mock.journal.reset()
        exchange = over(mock)
        assert await waiter.task == [exchange]

    asyncio.run(run())
