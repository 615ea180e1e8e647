"""The texts in a JSON value by where they stand, read out and put back in the same order.

What stands in a list stands at one place, so that a text which comes in pieces can be read in one:
as the tokens of an answer do, or the events of a stream. Where each piece has rivals beside it,
they are told apart by their position in the innermost list.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from mock_server.wire import Json

Place = tuple[tuple[str | int, ...], int]
_OF_NAMES: Final[Place] = ((0,), 0)
_ROOT: Final[Place] = ((), 0)


def leaves(value: Json, *, rivals: bool, at: Place = _ROOT) -> Iterator[tuple[Place, str]]:
    """Each text in a value, each number as a text and each member's name, and where it stands."""
    if _is_leaf(value):
        yield at, _text_of(value)
    elif isinstance(value, list):
        for position, each in enumerate(value):
            yield from leaves(each, rivals=rivals, at=(at[0], position if rivals else 0))
    elif isinstance(value, dict):
        path = _path(value, at)
        for name, each in value.items():
            yield _OF_NAMES, name
            yield from leaves(each, rivals=rivals, at=((*path, name), at[1]))


def rebuilt(value: Json, texts: Mapping[Place, Sequence[str]], *, rivals: bool) -> Json:
    """The value with other texts, those of each place in the order in which they were found."""
    told = {place: iter(each) for place, each in texts.items()}
    return _rebuilt(value, _ROOT, lambda place: next(told[place]), rivals)


def _rebuilt(value: Json, at: Place, told: Callable[[Place], str], rivals: bool) -> Json:
    if _is_leaf(value):
        text = told(at)
        return value if text == _text_of(value) else text
    if isinstance(value, list):
        places = ((at[0], position if rivals else 0) for position in range(len(value)))
        return [
            _rebuilt(each, place, told, rivals) for each, place in zip(value, places, strict=True)
        ]
    if not isinstance(value, dict):
        return value
    path, members = _path(value, at), dict[str, Json]()
    for name, each in value.items():
        called = told(_OF_NAMES)
        members[called] = _rebuilt(each, ((*path, name), at[1]), told, rivals)
    return members


def _path(value: Mapping[str, Json], at: Place) -> tuple[str | int, ...]:
    """Several voices, such as choices or content blocks, tell themselves apart by an `index`."""
    index = value.get("index")
    return (*at[0], index) if isinstance(index, int) else at[0]


def _is_leaf(value: Json) -> bool:
    if isinstance(value, list):  # tokens are also told in bytes
        return bool(value) and all(type(each) is int and 0 <= each <= 255 for each in value)
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _text_of(value: Json) -> str:
    if isinstance(value, list):
        return bytes(value).decode("latin-1")
    return value if isinstance(value, str) else str(value)
