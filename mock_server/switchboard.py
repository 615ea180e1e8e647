"""Which faults are on, for whom, for which answers, and how often they have met one."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random
from threading import Lock
from typing import Final

from mock_server.draft import Draft
from mock_server.edits import apply
from mock_server.faults import Catalogue, Fault
from mock_server.journal import model_of
from mock_server.memory import Memory
from mock_server.occasions import Occasion, fits
from mock_server.wire import Json, Reply

CONDITIONS: Final = ("operation", "model", "stream", "status")
TURNS: Final = ("rate", "nth", "times")
_MOST_KEYS: Final = 100_000
_NOTHING: Final[Mapping[str, "Standing"]] = {}


class Tally:
    """How many answers a fault would have fitted, and how many it has met."""

    __slots__ = ("fitted", "met")

    def __init__(self) -> None:
        self.fitted = self.met = 0


@dataclass(frozen=True)
class Standing:
    """A fault that is on: with which `options`, under which `conditions`, in whose turn.

    Of the answers that it fits it meets the `nth`, each at a `rate`, and only so many `times`.
    """

    fault: Fault
    edits: Sequence[Mapping[str, Json]]
    options: Mapping[str, float | None]
    conditions: Mapping[str, Json] = field(default_factory=dict)
    rate: float = 1.0
    nth: frozenset[int] | None = None
    times: int | None = None

    def fits(self, draft: Draft, occasion: Occasion) -> bool:
        """Whether it is an answer for this fault, whosever turn it is."""
        return fits(self.fault.where, draft, occasion) and all(
            _is_as_wished(name, wish, draft, occasion) for name, wish in self.conditions.items()
        )

    def is_turn(self, tally: Tally, chance: str) -> bool:
        """Whether it meets the answer that was counted last; `chance` is all that luck goes by."""
        where, number = self.fault.where, tally.fitted
        if not where.get("from", 1) <= number <= where.get("until", number):
            return False
        if self.nth is not None and number not in self.nth:
            return False
        if self.times is not None and tally.met >= self.times:
            return False
        return self.rate >= 1 or Random(f"{chance}/{number}").random() < self.rate

    def told(self) -> dict[str, Json]:
        """As it was asked for."""
        turns = {
            "rate": None if self.rate >= 1 else self.rate,
            "nth": sorted(self.nth) if self.nth else None,
            "times": self.times,
        }
        given = {name: value for name, value in turns.items() if value is not None}
        return {"fault": self.fault.name, **self.options, **self.conditions, **given}


@dataclass(frozen=True)
class Faults:
    """The catalogue, and which of its faults are on: for a key by its digest, or for all (None)."""

    catalogue: Catalogue = field(default_factory=Catalogue)
    _on: dict[str | None, Mapping[str, Standing]] = field(default_factory=dict)
    _tallies: dict[str | None, Memory[str | None, dict[str, Tally]]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    @property
    def any(self) -> bool:
        """Whether a fault is on for anybody."""
        return bool(self._on)

    def switch(self, wishes: Iterable[Json], key: str | None, *, going_on: bool = False) -> None:
        """Have exactly these on, for a key or for all; raises Invalid.

        A wish is the name of a fault, or an object with its name, its options and its turns. Where
        it is `going_on`, those that were on in the same way count on.
        """
        chosen = self._read(wishes)
        with self._lock:
            if going_on:
                self._forget(
                    [slot for slot in self._on.get(key, _NOTHING) if slot not in chosen], key
                )
            else:
                self._tallies.pop(key, None)
            self._keep(chosen, key)

    def add(self, wishes: Iterable[Json], key: str | None) -> None:
        """Have these on, too, for a key or for all: in place of their namesakes; raises Invalid."""
        chosen = self._read(wishes)
        with self._lock:
            rest = self._without({each.fault.name for each in chosen.values()}, key)
            self._keep({**rest, **chosen}, key)

    def end(self, name: str, key: str | None) -> None:
        """Switch off the fault of that name, for a key or for all; raises Invalid."""
        fault = self.catalogue.named(name)
        with self._lock:
            self._keep(self._without({fault.name}, key), key)

    @property
    def keys(self) -> list[str]:
        """The digests of those keys for which alone something is on."""
        return [key for key in list(self._on) if key is not None]

    def standing(self, wish: Json, place: str = "") -> Standing:
        """A fault as it is wished for; raises Invalid."""
        if isinstance(wish, str):
            wish = {"fault": wish}
        fault = self.catalogue.named(wish["fault"])
        own = {"fault", *CONDITIONS, *TURNS} - set(fault.options)
        options = fault.chosen({n: each for n, each in wish.items() if n not in own}, place)
        nth = wish.get("nth")
        return Standing(
            fault,
            fault.edited(options),
            options,
            {name: wish[name] for name in CONDITIONS if name in wish},
            wish.get("rate", 1.0),
            None if nth is None else frozenset(map(int, nth if isinstance(nth, list) else [nth])),
            wish.get("times"),
        )

    def wished(self, wishes: Iterable[tuple[str, Mapping[str, str]]]) -> list[Standing]:
        """The faults that one call asks for, each with its options; raises Invalid."""
        made = []
        for name, options in wishes:
            fault = self.catalogue.named(name)
            chosen = fault.chosen({each: _figure(text) for each, text in options.items()})
            made.append(Standing(fault, fault.edited(chosen), chosen))
        return made

    def reset(self, key: str | None = None) -> None:
        """Switch off what is on for a key; without one, whatever is on."""
        if key is None:
            self._on.clear()
            self._tallies.clear()
        else:
            self.switch((), key)
            for kept in self._tallies.values():
                (kept.get(key) or {}).clear()

    def on(self, key: str | None) -> Iterator[Standing]:
        """What is on for a key, for it alone or for all."""
        return (each for _, _, each in self._standing(key))

    def told(self, key: str | None) -> list[Json]:
        """What is on for a key, with what it has met of that key's answers; for all, of all."""
        told = []
        for scope, slot, each in self._standing(key):
            tallies = self._seen(scope, key, slot)
            counts = {
                "fitted": sum(tally.fitted for tally in tallies),
                "met": sum(tally.met for tally in tallies),
            }
            told.append({**each.told(), "is_for_all": scope is None, **counts})
        return told

    def spoilt(
        self, reply: Reply, occasion: Occasion, key: str | None, wishes: Sequence[Standing] = ()
    ) -> tuple[Reply, list[str]]:
        """The reply with every fault that meets it, those wished for too, and their names."""
        draft = Draft.of(reply, occasion.example, occasion.call.path, occasion.failing)
        met: list[str] = []
        asked = [(None, f"wish {each.fault.name}", each) for each in wishes]
        for scope, slot, standing in [*self._standing(key), *asked]:
            name = standing.fault.name
            if draft.is_over or name in met or not standing.fits(draft, occasion):
                continue
            chance = f"{occasion.seed}/{key}/{name}"
            if self._is_turn(standing, self._tally(scope, key, slot), chance):
                apply(standing.edits, draft)
                met.append(name)
        return draft.reply(), met

    def _standing(self, key: str | None) -> list[tuple[str | None, str, Standing]]:
        """Each fault that is on for a key: for whom it was switched on, and by what it counts."""
        scopes = (None, key) if key is not None else (None,)
        return [
            (scope, slot, each)
            for scope in scopes
            for slot, each in self._on.get(scope, _NOTHING).items()
        ]

    def _read(self, wishes: Iterable[Json]) -> dict[str, Standing]:
        """The faults that are wished for, by all that is asked of them."""
        made = [self.standing(each, f"faults[{n}].") for n, each in enumerate(wishes)]
        return {repr(each.told()): each for each in made}

    def _without(self, names: Collection[str], key: str | None) -> dict[str, Standing]:
        """What stays on for a key, or for all, without those; what they have met is forgotten."""
        kept, ended = {}, []
        for slot, each in self._on.get(key, _NOTHING).items():
            if each.fault.name in names:
                ended.append(slot)
            else:
                kept[slot] = each
        self._forget(ended, key)
        return kept

    def _forget(self, slots: Iterable[str], key: str | None) -> None:
        tallies = self._tallies.get(key)
        for own in tallies.values() if tallies else ():
            for slot in slots:
                own.pop(slot, None)

    def _keep(self, standing: Mapping[str, Standing], key: str | None) -> None:
        if standing:
            self._on[key] = standing
        else:
            self._on.pop(key, None)

    def _seen(self, scope: str | None, key: str | None, slot: str) -> list[Tally]:
        kept = self._tallies.get(scope)
        if kept is None:
            return []
        each_key = kept.values() if key is None else [kept.get(key) or {}]
        return [own[slot] for own in each_key if slot in own]

    def _tally(self, scope: str | None, key: str | None, slot: str) -> Tally:
        with self._lock:
            kept = self._tallies.setdefault(scope, Memory(_MOST_KEYS))
            own = kept.get(key)
            if own is None:
                own = {}
                kept.put(key, own)
            return own.setdefault(slot, Tally())

    def _is_turn(self, standing: Standing, tally: Tally, chance: str) -> bool:
        with self._lock:
            tally.fitted += 1
            is_turn = standing.is_turn(tally, chance)
            tally.met += is_turn
            return is_turn


def _figure(text: str) -> float | str:
    """What a header says as a number, if it is one."""
    try:
        return float(text)
    except ValueError:
        return text


def _is_as_wished(name: str, wish: Json, draft: Draft, occasion: Occasion) -> bool:
    """Whether an answer is what one of the conditions says that go beside a fault."""
    if name == "operation":
        return occasion.operation is not None and occasion.operation.id == wish
    if name == "model":  # where "[" stands for itself
        return fnmatchcase(model_of(occasion.question) or "", wish.replace("[", "[[]"))
    if name == "stream":
        return draft.is_events is wish
    return draft.status in (wish if isinstance(wish, list) else [wish])
