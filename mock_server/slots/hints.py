"""What a text offers for the properties of an object, each stretch of it used once."""

import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import cycle
from typing import Final

from mock_server.language.topics import sentences
from mock_server.slots.candidate import SURE, Candidate
from mock_server.slots.candidates import candidates
from mock_server.slots.kinds import Slot, parts_of, slot_of
from mock_server.slots.mentions import Mentions
from mock_server.slots.spans import Span, overlaps
from mock_server.slots.vocabulary import words
from mock_server.values.conjunction import identity
from mock_server.values.schemas import Schema, Schemas
from mock_server.values.telling import Goals, Told
from mock_server.wire import Json

Fits = Callable[[Sequence[Schema], Json], bool]

ANSWERS: Final = words(
    """answer response result reply summary explanation description reason reasoning message text
    content output conclusion joke poem story translation definition"""
)
"""What properties are called that hold an answer in words."""
_PARTS: Final = words("setup punchline")  # of an answer
_MOST_SLOTS: Final = 200  # properties of one object that a text is searched for
_MOST_TRIED: Final = 12  # candidates of one slot
_MOST_ROUNDS: Final = 10
_ANSWERED: Final = 4.3
_KNOWN: Final = 9.0
_MOST_KEPT: Final = 1_000
_ANSWER: Final = object()  # stands for the answer, or a part of it, among candidates
_NUMBERED: Final = re.compile(r"^\d+\. ")


class Slots:
    """The slots of one document's schemas, kept because the same schemas come again and again."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas
        # With the goals, which are kept so that no id comes up twice.
        self._slots: dict[tuple[str, tuple[int, ...]], tuple[Sequence[Schema], Slot]] = {}

    def of(self, goal: Sequence[Schema], name: str) -> Slot:
        """The slot of a property."""
        key = (name, tuple(map(id, goal)))
        if key not in self._slots:
            if len(self._slots) >= _MOST_KEPT:
                self._slots.clear()
            self._slots[key] = (goal, slot_of(self.schemas, goal, name))
        return self._slots[key][1]


class Hints:
    """What one text offers, less what is taken already; good for one attempt at a value."""

    def __init__(
        self,
        slots: Slots,
        mentions: Mentions,
        taken: Iterable[Span] = (),
        answer: str = "",
        facts: Mapping[str, Json] | None = None,
    ) -> None:
        self._facts = facts or {}
        self._answer = answer
        # The outermost object has the whole answer, those inside have its sentences in turn.
        self._sentences = cycle(_sentences(answer) or [answer])
        self._is_inside = False
        self._slots = slots
        self._mentions = mentions
        self._taken = list(taken)
        self._rows: set[int] = set()  # ids of the slots of objects that there are several of
        self._is_parted = False
        self._found: dict[int, tuple[Slot, list[Candidate]]] = {}

    @property
    def mark(self) -> int:
        """Where the record of what is taken stands now."""
        return len(self._taken)

    def go_back(self, mark: int) -> None:
        """Give free what was taken since."""
        del self._taken[mark:]

    def told(self, goals: Goals, required: frozenset[str], fits: Fits) -> Told:
        """Values for properties, and which other ones the text speaks of."""
        is_inside, self._is_inside = self._is_inside, True
        values: dict[str, Json] = {}
        names = list(goals)[:_MOST_SLOTS]
        slots = {name: self._slots.of(goals[name], name) for name in names}
        end = self._row_end(slots.values())
        for name, candidate in self._ranked(slots):
            if end is not None and any(span.start >= end for span in candidate.spans):
                continue
            is_wanted = candidate.strength >= SURE or name in required
            if name in values or not is_wanted or self._is_taken(candidate):
                continue
            value = candidate.value
            if value is _ANSWER:
                is_part = is_inside or slots[name].words[-1] in _PARTS
                value = next(self._sentences) if is_part else self._answer
            for form in _forms(value):
                if fits(goals[name], form):
                    values[name] = form
                    self._taken += candidate.spans
                    break
        wanted = [name for name in names if name not in values and self._speaks_of(goals[name])]
        return Told(values, wanted)

    def rounds(self, goal: Sequence[Schema]) -> int:
        """How many objects of a kind the text seems to speak of."""
        most = 0
        places_of_all, telling = set[int](), 0
        inner = list(self._inner(goal))
        self._rows |= set(map(id, inner))
        for slot in inner:
            places = {
                each.spans[0].start
                for each in self._candidates(slot)
                if each.strength >= SURE and each.spans and not self._is_taken(each)
            }
            most = max(most, len(places))
            places_of_all |= places
            telling += bool(places)
        # Where lines or semicolons part the objects, one may have several of what looks alike.
        segments = {bisect(self._walls, place) for place in places_of_all}
        fits = len(places_of_all) <= len(segments) * telling
        fits = fits or all(self._fields(each) == len(inner) for each in segments)
        self._is_parted = len(segments) > 1 and fits
        most = len(segments) if self._is_parted else most
        return min(most, _MOST_ROUNDS)

    def _row_end(self, slots: Iterable[Slot]) -> int | None:
        """Where the words end that are for this one of several objects; None if it has them all.

        The next one begins where the text has another value for the slot that it speaks of first.
        """
        leads: list[int] = []
        for slot in slots:
            if id(slot) in self._rows:
                places = {
                    each.spans[0].start
                    for each in self._candidates(slot)
                    if each.strength >= SURE and each.spans and not self._is_taken(each)
                }
                leads = min(leads, sorted(places)[:2], key=_first)
        if len(leads) < 2:
            return None
        if self._is_parted:
            place = bisect(self._walls, leads[0])
            return self._walls[place] if place < len(self._walls) else None
        breaks = [found.start() for found in _BREAK.finditer(self._mentions.text, *leads)]
        return breaks[-1] if breaks else leads[1]

    def _fields(self, segment: int) -> int:
        """How many parts with commas between them the words between two walls have."""
        start, *end = [0, *self._walls, len(self._mentions.text)][segment : segment + 2]
        return 1 + self._mentions.text.count(",", start, *end)

    @cached_property
    def _walls(self) -> list[int]:
        """Where lines end and semicolons stand."""
        return [found.start() for found in _WALL.finditer(self._mentions.text)]

    def _ranked(self, slots: Mapping[str, Slot]) -> list[tuple[str, Candidate]]:
        ranked = [
            (name, each)
            for name, slot in slots.items()
            for each in self._candidates(slot)[:_MOST_TRIED]
        ]
        return sorted(ranked, key=lambda pair: -pair[1].strength)

    def _candidates(self, slot: Slot) -> list[Candidate]:
        if id(slot) not in self._found:
            found = candidates(slot, self._mentions)
            if self._answer and _is_answer(slot):
                found.insert(0, Candidate(_ANSWER, _ANSWERED))
            if self._facts:
                found[:0] = self._told_of(slot)
            self._found[id(slot)] = (slot, found)
        return self._found[id(slot)][1]

    def _told_of(self, slot: Slot) -> Iterator[Candidate]:
        """What is known beside the text under a word of the slot's name, the last one first."""
        for word in reversed(slot.words):
            if word in self._facts:
                yield Candidate(self._facts[word], _KNOWN)

    def _is_taken(self, candidate: Candidate) -> bool:
        return any(overlaps(span, self._taken) for span in candidate.spans)

    def _speaks_of(self, goal: Sequence[Schema]) -> bool:
        """Whether the text has something for a property of an object."""
        for slot in self._inner(goal):
            for each in self._candidates(slot)[:_MOST_TRIED]:
                if each.strength >= SURE and each.spans and not self._is_taken(each):
                    return True
        return False

    def _inner(self, goal: Sequence[Schema]) -> Iterator[Slot]:
        count = 0
        for part in parts_of(self._slots.schemas, goal):
            for name, schema in part.get("properties", {}).items():
                count += 1
                if count > _MOST_SLOTS:
                    return
                yield self._slots.of([schema], name)


def _first(places: Sequence[int]) -> float:
    return places[0] if places else float("inf")


_WALL: Final = re.compile(r"[;\n]")
_BREAK: Final = re.compile(r"[,;\n]|\s(?:and|or)\s")


def _sentences(answer: str) -> list[str]:
    return [
        sentence
        for line in answer.splitlines()
        for sentence in sentences(_NUMBERED.sub("", line.strip()))
    ]


def _is_answer(slot: Slot) -> bool:
    is_text = "string" in slot.types and not slot.choices and not slot.formats
    return (
        is_text
        and slot.words[-1:] != ()
        and (slot.words[-1] in ANSWERS or slot.words[-1] in _PARTS)
    )


def _forms(value: Json) -> Iterator[Json]:
    """A value as it is, then as other types or spellings of it."""
    yield value
    if isinstance(value, str):
        yield from _spelt(value)
    elif isinstance(value, int | float):
        yield str(value)
        if isinstance(value, float) and value.is_integer():
            yield int(value)
    elif isinstance(value, list) and len(value) > 1:
        unique = {identity(each): each for each in value}
        yield list(unique.values())
        yield value[:1]


def _spelt(value: str) -> Iterator[Json]:
    plain = value.replace(",", "")
    if re.fullmatch(r"-?\d{1,15}", plain):
        yield int(plain)
    elif re.fullmatch(r"-?\d{1,15}\.\d{1,15}", plain):
        yield float(plain)
    yield from {value.upper(): 0, value.lower(): 0, value.lower().replace(" ", "_"): 0}
    yield value.lower().replace(" ", "-")
    yield re.sub(r"[\s().-]", "", value)
