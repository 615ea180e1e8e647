from typing import Any

from mock_server.wishes import Wishes

FIELDS = {"prompt": {}, "n": {"default": 1}, "seed": {}, "size": {"default": "auto"}}


def mark(**given: Any) -> str:
    return Wishes({"prompt": "a boat", **given}, FIELDS).mark(0, 0, without={"n", "size"})


def test_what_is_not_said_is_the_default() -> None:
    assert Wishes({"n": 3}, FIELDS).of("n") == 3
    assert Wishes({"n": 3}, FIELDS).of("size") == "auto"


def test_the_mark_follows_from_what_shapes_the_content_alone() -> None:
    assert mark() == mark(n=2, size="256x256")
    assert mark() != mark(prompt="a bat")
    assert mark(seed=7) == mark(seed=7.0) != mark(seed=8)


def test_the_mark_follows_from_the_servers_seed_and_the_number_too() -> None:
    wishes = Wishes({"prompt": "a boat"}, FIELDS)
    marks = {wishes.mark(seed, number, without=()) for seed in range(3) for number in range(3)}
    assert len(marks) == 9
