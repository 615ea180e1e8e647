import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import httpx2
import pytest

from mock_server.errors import ApiError
from mock_server.studio import Studio
from mock_server.works import Film, Painting
from mock_server.workshop import Broken, Workshop
from tests.serving import server


@pytest.fixture
def workshop() -> Iterator[Workshop]:
    made = Workshop(2)
    yield made
    made.close()


def my_number() -> bytes:
    return str(os.getpid()).encode()


def end() -> bytes:
    os._exit(3)


def hang() -> bytes:
    while True:
        os.sched_yield()


def confuse() -> bytes:
    raise KeyError("paint")


@pytest.mark.parametrize(
    "work", [Painting("a boat", "1", 64, 48, "png"), Film("a boat", "1", 64, 48, 0.5)], ids=type
)
def test_what_is_made_elsewhere_is_the_same(work: Painting | Film, workshop: Workshop) -> None:
    assert Studio(workshop.made).made(work) == work.file()


def test_it_is_made_by_no_more_processes_than_there_are_hands(workshop: Workshop) -> None:
    with ThreadPoolExecutor(8) as threads:
        numbers = {int(each) for each in threads.map(workshop.made, [my_number] * 40)}
    assert os.getpid() not in numbers
    assert 1 <= len(numbers) <= 2


def test_large_files_come_whole(workshop: Workshop) -> None:
    assert workshop.made(partial(bytes, 10_000_000)) == bytes(10_000_000)


def test_what_is_printed_gets_in_nobodys_way(workshop: Workshop) -> None:
    with pytest.raises(Broken, match="TypeError"):
        workshop.made(partial(print, "hello", unknown=1))
    assert workshop.made(partial(bytes, 1)) == b"\0"


def test_failures_are_told(workshop: Workshop) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        workshop.made(partial(int, "x"))
    with pytest.raises(Broken, match="KeyError: 'paint'"):
        workshop.made(confuse)


def test_a_process_that_ends_is_replaced(workshop: Workshop) -> None:
    for _ in range(3):
        with pytest.raises(Broken, match="have ended"):
            workshop.made(end)
    assert workshop.made(partial(bytes, 1)) == b"\0"


def test_a_closed_workshop_makes_nothing_more(workshop: Workshop) -> None:
    workshop.made(my_number)
    workshop.close()
    for _ in range(3):
        with pytest.raises(ApiError, match="is stopping") as failure:
            workshop.made(my_number)
        assert failure.value.kind == "overloaded"


def test_who_waits_while_a_workshop_closes_is_told(workshop: Workshop) -> None:
    with ThreadPoolExecutor(4) as threads:
        waiting = [threads.submit(workshop.made, hang) for _ in range(4)]
        while len(workshop._hired) < 2:
            os.sched_yield()
        workshop.close()
        for each in waiting:
            assert isinstance(each.exception(20), ApiError)


def test_a_server_that_is_killed_leaves_nobody_behind() -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("there is no /proc to look for processes in")
    body = {"model": "m", "prompt": "a boat", "size": "256x256", "response_format": "b64_json"}
    headers = {"Authorization": "Bearer rc_live_test"}
    with server() as (process, url):
        httpx2.post(f"{url}/v1/images/generations", json=body, headers=headers).raise_for_status()
        [hand] = [each for each in _processes() if _stat(each)[2] == process.pid]
        process.kill()
        process.wait(10)
        for _ in range(100_000):  # it has to see that its input has ended
            if _stat(hand)[1] in ("gone", "Z"):
                break
    assert _stat(hand)[1] in ("gone", "Z")


def _processes() -> list[int]:
    return [int(each.name) for each in Path("/proc").iterdir() if each.name.isdigit()]


def _stat(process: int) -> tuple[int, str, int]:
    """A process, its state by one letter, and its parent (proc(5))."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return process, "gone", 0
    state, parent = text.rpartition(")")[2].split()[:2]
    return process, state, int(parent)
