"""The verbs that change a JSON value, each with what it is done to, by pointer.

What a verb has nothing to do with, such as a member that is not there, is left as it is.
"""

from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Final

import msgspec

from mock_server import codec
from mock_server.spots import Spot, spots, values
from mock_server.wire import Json


def _set(value: Json, change: Mapping[str, Json]) -> None:
    for pointer, new in change.items():
        for spot in spots(value, pointer):
            if spot.is_there or isinstance(spot.holder, dict):
                spot.holder[spot.step] = deepcopy(new)


def _drop(value: Json, pointers: str | list[str]) -> None:
    for pointer in [pointers] if isinstance(pointers, str) else pointers:
        for spot in reversed(list(_there(value, pointer))):
            del spot.holder[spot.step]


def _add(value: Json, change: Mapping[str, float]) -> None:
    """To a number, or behind a text or a list."""
    for pointer, more in change.items():
        for spot in _there(value, pointer):
            spot.holder[spot.step] = spot.value + more


def _copy(value: Json, change: Mapping[str, str]) -> None:
    """To one place what stands in another, in the same object or list where both are open."""
    for to, source in change.items():
        found = list(values(value, source))
        for number, spot in enumerate(spots(value, to)):
            if found and (spot.is_there or isinstance(spot.holder, dict)):
                spot.holder[spot.step] = deepcopy(found[min(number, len(found) - 1)])


def _rename(value: Json, change: Mapping[str, str]) -> None:
    for pointer, name in change.items():
        for spot in list(_there(value, pointer)):
            spot.holder[name] = spot.holder.pop(spot.step)


def _repeat(value: Json, pointer: str) -> None:
    """An item of a list a second time."""
    for spot in list(_there(value, pointer)):
        spot.holder.append(deepcopy(spot.value))


def _reverse(value: Json, pointer: str) -> None:
    """A list the other way round."""
    for spot in _there(value, pointer):
        spot.value.reverse()


def _keep(value: Json, change: Mapping[str, int]) -> None:
    """Only so much of a text or a list."""
    for pointer, most in change.items():
        for spot in _there(value, pointer):
            spot.holder[spot.step] = spot.value[:most]


def _replace(value: Json, change: Mapping[str, list[str]]) -> None:
    """In a text, another text instead of one, wherever that stands."""
    for pointer, (old, new) in change.items():
        for spot in _there(value, pointer):
            if isinstance(spot.value, str):
                spot.holder[spot.step] = spot.value.replace(old, new)


def _wrap(value: Json, change: Mapping[str, str]) -> None:
    """What stands in a place becomes the only member of an object, or with "[]" of a list."""
    for pointer, name in change.items():
        for spot in list(_there(value, pointer)):
            spot.holder[spot.step] = [spot.value] if name == "[]" else {name: spot.value}


def _there(value: Json, pointer: str) -> Iterator[Spot]:
    return (spot for spot in spots(value, pointer) if spot.is_there)


VERBS: Final[Mapping[str, Callable[[Json, Json], None]]] = {
    "set": _set,
    "drop": _drop,
    "add": _add,
    "copy": _copy,
    "rename": _rename,
    "repeat": _repeat,
    "reverse": _reverse,
    "keep": _keep,
    "replace": _replace,
    "wrap": _wrap,
}


def changed(data: bytes, verb: str, what: Json) -> bytes:
    """A JSON text with a change; what is none is left as it is."""
    try:
        value = msgspec.json.decode(data)
    except ValueError:
        return data
    if verb == "set" and "" in what:
        return codec.encode(what[""])
    VERBS[verb](value, what)
    return codec.encode(value)
