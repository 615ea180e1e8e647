"""Faults: named ways to break one promise of the contract, for whoever wants to see it broken.

The catalogue is data (`fixtures/faults/`): what a fault breaks, which answers it meets, and the
edits that it makes of them. A fault is asked for by `Prefer: fault=NAME`, or switched on for a key
or for all.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from threading import Lock
from typing import Final

import msgspec

from mock_server.edits import EDITS, Draft, Example, apply
from mock_server.errors import Invalid
from mock_server.fixtures import FIXTURES, read_yaml
from mock_server.operation import Operation
from mock_server.spots import values
from mock_server.wire import Call, Json, Reply

_LONGEST: Final = 60  # characters of a name
_CONDITIONS: Final = frozenset(
    {
        *("behaviour", "provider", "method", "status", "stream", "socket", "path", "sent"),
        *("asked", "told", "words", "from", "until"),
    }
)


class FaultError(ValueError):
    """A catalogue that cannot be used; the sentence says which fault is wrong, and how."""


@dataclass(frozen=True)
class Fault:
    """A way to break the promise `breaks`: `edits` of the answers that `where` describes."""

    name: str
    breaks: str
    says: str
    where: Mapping[str, Json]
    edits: Sequence[Mapping[str, Json]]


class Occasion(msgspec.Struct, frozen=True):
    """An answer that a fault may meet: to what call, of which provider's key, with what body."""

    call: Call
    operation: Operation | None
    provider: str | None
    question: Json
    example: Example
    socket: bool = False


@dataclass(frozen=True)
class Catalogue:
    """Every fault by name; read when one is first asked for."""

    @cached_property
    def faults(self) -> Mapping[str, Fault]:
        """All of them; raises FaultError."""
        names = sorted(f"faults/{path.name}" for path in (FIXTURES / "faults").glob("*.yaml"))
        found: dict[str, Fault] = {}
        for fault in (read_fault(node) for name in names for node in read_yaml(name) or ()):
            if fault.name in found:
                raise FaultError(f"the fault {fault.name} is there twice")
            found[fault.name] = fault
        return found

    def named(self, name: str) -> Fault:
        """The fault of that name; raises Invalid, which names those with names like it."""
        fault = self.faults.get(name)
        if fault is None:
            near = get_close_matches(name[:_LONGEST], self.faults, 3, 0.3)
            hint = f" Near to it: {', '.join(near)}." if near else ""
            message = (
                f"No fault is called '{name[:_LONGEST]}'; GET /__mock__/faults lists them.{hint}"
            )
            raise Invalid("invalid_value", message)
        return fault


def read_fault(node: Json) -> Fault:
    """A fault as it is written; raises FaultError."""
    name = node.get("fault", "without a name")
    if missing := {"fault", "breaks", "says", "where", "do"} ^ set(node):
        raise FaultError(
            f"the fault {name} has not exactly fault, breaks, says, where, do: {missing}"
        )
    if strange := set(node["where"]) - _CONDITIONS:
        raise FaultError(f"the fault {name} depends on {', '.join(sorted(strange))}")
    if strange := {verb for edit in node["do"] for verb in edit} - set(EDITS):
        raise FaultError(f"the fault {name} does {', '.join(sorted(strange))}")
    return Fault(name, node["breaks"], node["says"], node["where"], node["do"])


@dataclass(frozen=True)
class Faults:
    """The catalogue, and which of its faults are on: for a key by its digest, or for all (None)."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    _on: dict[str | None, tuple[Fault, ...]] = field(default_factory=dict)
    _met: Counter[tuple[str | None, str]] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    @property
    def any(self) -> bool:
        """Whether a fault is on for anybody."""
        return bool(self._on)

    def switch(self, names: Iterable[str], key: str | None) -> None:
        """Have exactly these on, for a key or for all; raises Invalid for a name unknown."""
        chosen = tuple([self.catalogue.named(name) for name in dict.fromkeys(names)])
        with self._lock:
            self._on.pop(key, None)
            for mark in [mark for mark in self._met if key in (None, mark[0])]:
                del self._met[mark]
            if chosen:
                self._on[key] = chosen

    def reset(self, key: str | None = None) -> None:
        """Switch off what is on for a key; without one, whatever is on."""
        if key is None:
            self._on.clear()
            self._met.clear()
        else:
            self.switch((), key)

    def on(self, key: str | None) -> Iterator[Fault]:
        """What is on for a key, for it alone or for all."""
        for each in (None, key) if key is not None else (None,):
            yield from self._on.get(each, ())

    def spoilt(
        self, reply: Reply, occasion: Occasion, key: str | None, wish: str | None = None
    ) -> tuple[Reply, list[str]]:
        """The reply with every fault that meets it, the one wished for too, and their names."""
        met = []
        chosen = [*self.on(key), *([self.catalogue.named(wish)] if wish else [])]
        for fault in {fault.name: fault for fault in chosen}.values():
            draft = Draft.of(reply, occasion.example, occasion.call.path)
            # Events are taken from whoever makes them, once: so the draft is kept in any case.
            if _fits(fault.where, draft, occasion) and self._is_its_turn(fault, key):
                apply(fault.edits, draft)
                met.append(fault.name)
            reply = draft.reply(reply)
        return reply, met

    def _is_its_turn(self, fault: Fault, key: str | None) -> bool:
        """Whether it is the `from`th to `until`th answer to this key that the fault would fit."""
        if "from" not in fault.where and "until" not in fault.where:
            return True
        with self._lock:
            self._met[key, fault.name] += 1
            number = self._met[key, fault.name]
        return bool(fault.where.get("from", 1) <= number <= fault.where.get("until", number))


def _fits(where: Mapping[str, Json], draft: Draft, occasion: Occasion) -> bool:
    operation, call = occasion.operation, occasion.call
    told = {
        "behaviour": operation.behaviour if operation else None,
        "provider": occasion.provider,
        "method": call.method,
        "status": draft.status,
        "stream": draft.events is not None and draft.framed,
        "socket": occasion.socket,
    }
    if where.get("socket", False) != occasion.socket:
        return False
    for name, wanted in where.items():
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
        return draft.events is None and _holds(where["told"], msgspec.json.decode(draft.body))
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
