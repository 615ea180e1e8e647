from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event

import pytest

from mock_server.studio import Studio


def _counting(data: bytes, made: list[bytes]) -> Callable[[], bytes]:
    def make() -> bytes:
        made.append(data)
        return data

    return make


def test_a_file_is_made_once() -> None:
    studio, made = Studio(), list[bytes]()
    for _ in range(3):
        assert studio.made("a", _counting(b"one", made)) == b"one"
    assert studio.made("b", _counting(b"two", made)) == b"two"
    assert made == [b"one", b"two"]


def test_those_used_last_are_kept_up_to_so_many_bytes() -> None:
    studio, made = Studio(most_bytes=10), list[bytes]()
    for recipe in ("a", "b", "a", "c"):  # c takes the room of b
        studio.made(recipe, _counting(recipe.encode() * 4, made))
    for recipe in ("a", "c", "b"):
        studio.made(recipe, _counting(recipe.encode() * 4, made))
    assert made == [b"aaaa", b"bbbb", b"cccc", b"bbbb"]


def test_a_file_larger_than_all_room_is_made_and_not_kept() -> None:
    studio, made = Studio(most_bytes=10), list[bytes]()
    studio.made("small", _counting(b"s", made))
    for _ in range(2):
        assert studio.made("large", _counting(b"x" * 11, made)) == b"x" * 11
    studio.made("small", _counting(b"s", made))
    assert made == [b"s", b"x" * 11, b"x" * 11]


def test_who_asks_at_the_same_time_waits_for_the_same_file() -> None:
    studio, made, all_here, go_on = Studio(), list[bytes](), Barrier(2), Event()

    def make() -> bytes:
        all_here.wait(10)
        go_on.wait(10)
        return _counting(b"one", made)()

    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(studio.made, "a", make)
        all_here.wait(10)
        others = [threads.submit(studio.made, "a", make) for _ in range(7)]
        go_on.set()
        assert {each.result(10) for each in (first, *others)} == {b"one"}
    assert made == [b"one"]


def test_who_waits_hears_of_a_failure_and_the_next_one_tries_again() -> None:
    studio, begun, go_on = Studio(), Barrier(2), Event()

    def fail() -> bytes:
        begun.wait(10)
        go_on.wait(10)
        raise ValueError("no paint")

    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(studio.made, "a", fail)
        begun.wait(10)
        other = threads.submit(studio.made, "a", lambda: b"late")
        go_on.set()
        with pytest.raises(ValueError, match="no paint"):
            first.result(10)
        # Whether it came in time to wait, or made the file itself, is chance.
        assert other.exception(10) is not None or other.result() == b"late"
    assert studio.made("a", lambda: b"again") in (b"again", b"late")
