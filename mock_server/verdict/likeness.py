"""Whether one request is all but another: but for marks, such as an id that is new in each try."""

from collections.abc import Iterator
from typing import Final

from mock_server.journal import Exchange
from mock_server.wire import Json

_MOST: Final = 2  # marks
_SHORTEST, _LONGEST = 8, 64  # characters of one


def is_all_but(first: Exchange, second: Exchange) -> bool:
    """Whether two requests differ in marks only."""
    if (first.call.method, first.call.path) != (second.call.method, second.call.path):
        return False
    if not isinstance(first.asked, dict) or not isinstance(second.asked, dict):
        return False
    pairs = [*_differences(first.asked, second.asked)]
    return len(pairs) <= _MOST and all(_is_mark(value) for pair in pairs for value in pair)


def _differences(first: Json, second: Json) -> Iterator[tuple[Json, Json]]:
    """The values in which two bodies differ, as deep down as they can be told apart."""
    if first == second:
        return
    if isinstance(first, dict) and isinstance(second, dict) and first.keys() == second.keys():
        for name in first:
            yield from _differences(first[name], second[name])
    elif isinstance(first, list) and isinstance(second, list) and len(first) == len(second):
        for one, other in zip(first, second, strict=True):
            yield from _differences(one, other)
    else:
        yield first, second


def _is_mark(value: Json) -> bool:
    """Whether it looks like an id: one word, neither short nor long."""
    is_text = isinstance(value, str) and _SHORTEST <= len(value) <= _LONGEST
    return is_text and len(value.split()) == 1
