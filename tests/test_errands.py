import asyncio
from collections.abc import Callable
from threading import Event
from typing import Any

from mock_server.answer import answer
from mock_server.errands import Errands
from mock_server.wire import Call, Errand, Reply
from tests.world import NOW, new_mock

DONE = Reply(200, [], b"done")


async def stays() -> dict[str, Any]:
    """A client that never leaves."""
    await asyncio.Event().wait()
    return {}


async def leaves() -> dict[str, Any]:
    """A client that has left already."""
    return {"type": "http.disconnect"}


def brought(make: Callable[[], Reply]) -> Reply | None:
    async def run() -> Reply | None:
        errands = Errands()
        try:
            return await errands.run(Errand(make), stays)
        finally:
            errands.close()

    return asyncio.run(run())


def test_an_errand_brings_what_it_makes() -> None:
    assert brought(lambda: DONE) is DONE


def test_what_an_errand_raises_is_raised() -> None:
    def fail() -> Reply:
        raise ValueError("no paint")

    try:
        brought(fail)
    except ValueError as error:
        assert str(error) == "no paint"
    else:
        raise AssertionError("nothing was raised")


def test_what_nobody_waits_for_is_not_begun() -> None:
    go_on, begun = Event(), list[int]()

    def hold() -> Reply:
        go_on.wait(10)
        return DONE

    def note(number: int) -> Reply:
        begun.append(number)
        return DONE

    async def run() -> list[Reply | None]:
        errands = Errands()
        held = [asyncio.ensure_future(errands.run(Errand(hold), stays)) for _ in range(4)]
        await asyncio.sleep(0)
        left = [await errands.run(Errand(lambda: note(1)), leaves) for _ in range(8)]
        go_on.set()
        for each in held:
            assert await each is DONE
        assert await errands.run(Errand(lambda: note(2)), stays) is DONE
        errands.close()
        return left

    assert asyncio.run(run()) == [None] * 8
    assert begun == [2]


def test_who_listens_does_not_wait_for_who_makes() -> None:
    go_on = Event()

    def hold() -> Reply:
        go_on.wait(10)
        return DONE

    async def run() -> None:
        errands = Errands()
        held = [asyncio.ensure_future(errands.run(Errand(hold), stays)) for _ in range(40)]
        await asyncio.sleep(0)
        assert await errands.run(Errand(lambda: DONE, "listening"), stays) is DONE
        assert not any(each.done() for each in held)
        go_on.set()
        await asyncio.gather(*held)
        errands.close()

    asyncio.run(run())


def test_errands_begin_anew_after_they_were_closed() -> None:
    async def run() -> None:
        errands = Errands()
        for _ in range(2):
            assert await errands.run(Errand(lambda: DONE), stays) is DONE
            errands.close()

    asyncio.run(run())


def test_recordings_are_listened_to_in_a_line_of_their_own() -> None:
    body = (
        b"--b\r\nContent-Disposition: form-data; name=model\r\n\r\nm\r\n"
        b'--b\r\nContent-Disposition: form-data; name=file; filename="a"\r\n\r\nhello\r\n--b--\r\n'
    )
    headers = [
        (b"authorization", b"Bearer rc_live_test"),
        (b"content-type", b"multipart/form-data; boundary=b"),
    ]
    path = "/v1/audio/transcriptions"
    errand, exchange = answer(Call("POST", path, b"", headers, body, NOW), new_mock())
    assert isinstance(errand, Errand)
    assert errand.line == "listening"
    assert errand.make().status == exchange.status == 400
