"""Which answers a fault meets: the conditions of its `where`, held against an answer."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from mock_server.draft import Draft, Example, Failing
from mock_server.operation import Operation
from mock_server.spots import values
from mock_server.wire import Call, Json

CONDITIONS: Final = frozenset(
    {
        *("behaviour", "provider", "method", "status", "stream", "socket", "media", "path", "sent"),
        *("asked", "told", "words", "from", "until"),
    }
)


class Occasion(msgspec.Struct, frozen=True):
    """An answer that a fault may meet: to what call, of which provider's key, with what body.

    All chance follows from its `seed`.
    """

    call: Call
    operation: Operation | None
    provider: str | None
    question: Json
    example: Example
    failing: Failing | None = None
    socket: bool = False
    seed: int = 0


def fits(where: Mapping[str, Json], draft: Draft, occasion: Occasion) -> bool:
    """Whether an answer is one of those that `where` describes, whosever turn it is."""
    operation, call = occasion.operation, occasion.call
    told = {
        "behaviour": operation.behaviour if operation else None,
        "provider": occasion.provider,
        "method": call.method,
        "status": draft.status,
        "stream": draft.is_events,
        "socket": occasion.socket,
        "media": draft.header(b"content-type").decode("latin-1").partition(";")[0],
    }
    for name, wanted in {"socket": False, **where}.items():
        if name in told and told[name] not in (wanted if isinstance(wanted, list) else [wanted]):
            return False
    if "path" in where and where["path"] not in call.path:
        return False
    if "words" in where and where["words"].encode() not in draft.body:
        return False
    return (
        _holds(where.get("asked"), occasion.question)
        and _tells(where, draft)
        and _sent(where, call)
    )


def _tells(where: Mapping[str, Json], draft: Draft) -> bool:
    if "told" not in where:
        return True
    try:
        return draft.stream is None and _holds(where["told"], msgspec.json.decode(draft.body))
    except ValueError:
        return False


def _sent(where: Mapping[str, Json], call: Call) -> bool:
    """Headers of the request that are there (true), are not (false), or have a text in them."""
    for name, wanted in where.get("sent", {}).items():
        value = call.header(name.encode())
        if isinstance(wanted, bool):
            if (value is not None) != wanted:
                return False
        elif value is None or wanted not in value:
            return False
    return True


def _holds(conditions: Mapping[str, Json] | None, value: Json) -> bool:
    """Whether in each place stands what is wanted; `true` may be met by anything but nothing.

    false and null also stand for a place where there is nothing, and `{begins: TEXT}` for whatever
    begins so.
    """
    wishes = (conditions or {}).items()
    return all(_stands(wanted, list(values(value, pointer))) for pointer, wanted in wishes)


def _stands(wanted: Json, found: Sequence[Json]) -> bool:
    """Whether one condition is met by what was found in its place."""
    if wanted is True or wanted is False or wanted is None:
        return any(each not in (None, False) for each in found) is (wanted is True)
    if isinstance(wanted, dict) and "begins" in wanted:
        return any(str(each).startswith(wanted["begins"]) for each in found)
    return wanted in found
