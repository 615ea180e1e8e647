from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier, Event

import pytest

from mock_server.studio import Studio


@dataclass(frozen=True)
class Work:
    """A work that notes when it is made, and otherwise does what it is told."""

    data: bytes
    made: list[bytes] = field(compare=False, default_factory=list)
    first: Callable[[], object] = field(compare=False, default=lambda: None)

    def file(self) -> bytes:
        self.first()
        self.made.append(self.data)
        return self.data


def test_a_file_is_made_once() -> None:
    studio, made = Studio(), list[bytes]()
    for _ in range(3):
        assert studio.made(Work(b"one", made)) == b"one"
    assert studio.made(Work(b"two", made)) == b"two"
    assert made == [b"one", b"two"]


def test_those_used_last_are_kept_up_to_so_many_bytes() -> None:
    studio, made = Studio(most_bytes=10), list[bytes]()
    for data in (b"aaaa", b"bbbb", b"aaaa", b"cccc", b"aaaa", b"cccc", b"bbbb"):
        studio.made(Work(data, made))
    assert made == [b"aaaa", b"bbbb", b"cccc", b"bbbb"]


def test_a_file_larger_than_all_room_is_made_and_not_kept() -> None:
    studio, made = Studio(most_bytes=10), list[bytes]()
    for data in (b"s", b"x" * 11, b"x" * 11, b"s"):
        assert studio.made(Work(data, made)) == data
    assert made == [b"s", b"x" * 11, b"x" * 11]


def test_who_asks_at_the_same_time_waits_for_the_same_file() -> None:
    studio, made, begun, go_on = Studio(), list[bytes](), Barrier(2), Event()

    def wait() -> None:
        begun.wait(10)
        go_on.wait(10)

    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(studio.made, Work(b"one", made, wait))
        begun.wait(10)
        others = [threads.submit(studio.made, Work(b"one", made)) for _ in range(7)]
        go_on.set()
        assert {each.result(10) for each in (first, *others)} == {b"one"}
    assert made == [b"one"]


def test_a_failure_is_told_and_the_next_one_tries_again() -> None:
    def fail() -> None:
        raise ValueError("no paint")

    studio = Studio()
    with pytest.raises(ValueError, match="no paint"):
        studio.made(Work(b"one", first=fail))
    assert studio.made(Work(b"one")) == b"one"


def test_works_may_be_made_elsewhere() -> None:
    studio = Studio(lambda make: make() + b" by others")
    assert studio.made(Work(b"one")) == b"one by others"
