"""Fills schemas from texts, and chooses tools for them: all that `filling` puts off loading."""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Final, NamedTuple

from mock_server import codec
from mock_server.document import Document, pointer
from mock_server.errors import Invalid
from mock_server.instances import Instances, Unsatisfiable
from mock_server.memory import Memory
from mock_server.slots.candidate import SURE, Candidate
from mock_server.slots.candidates import candidates
from mock_server.slots.hints import Hints, Slots
from mock_server.slots.keys import wanted
from mock_server.slots.kinds import Slot, parts_of
from mock_server.slots.mentions import Mentions
from mock_server.slots.plain import plain
from mock_server.slots.spans import Span
from mock_server.soundness import schema_fault
from mock_server.tool_choice import Asked, Tool, ToolChoice
from mock_server.values.schemas import Schema
from mock_server.values.words import Words
from mock_server.wire import Json

_REMEMBERED: Final = 128  # schemas
_LONGEST_REMEMBERED: Final = 65_536  # bytes of a schema
_HEAVIEST: Final = 500  # schemas that one value is checked against
_MOST_SLOTS: Final = 50  # properties that are looked at for several values


class Said(NamedTuple):
    """What a text names, what of it is not to be used, and how it would be answered in words.

    `facts` are what is known beside the text, by the words that properties are called by.
    """

    mentions: Mentions
    taken: Sequence[Span] = ()
    answer: str = ""
    facts: Mapping[str, Json] | None = None


class Filler:
    """Fills schemas from texts; what was compiled for a schema is kept for its next use."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._known: Memory[bytes, _Known] = Memory(_REMEMBERED)
        self._choice = ToolChoice()

    def fill(
        self,
        schema: Schema,
        text: str,
        random: Random,
        *,
        answer: str = "",
        facts: Mapping[str, Json] | None = None,
    ) -> Json:
        """A value for a schema; raises Unsatisfiable."""
        said = Said(Mentions(text), (), answer, facts)
        return self._prepared(schema).made(random, said, sparing=False)

    def fillings(
        self,
        schema: Schema,
        text: str,
        random: Random,
        most: int,
        now: float | None,
    ) -> list[Json]:
        """Sets of arguments for a tool with this schema; raises Unsatisfiable."""
        known, mentions = self._prepared(schema), Mentions(text, now)
        groups = known.alternatives(mentions)[: max(most, 1)] if most > 1 else []
        if len(groups) < 2:
            return [known.made(random, Said(mentions), sparing=True)]
        made = []
        for group in groups:
            others = [span for other in groups if other is not group for span in other]
            made.append(known.made(random, Said(mentions, others), sparing=True))
        return made

    def object_about(self, text: str, answer: str, random: Random) -> dict[str, Json]:
        """An object with the keys that a text asks for, or with the answer."""
        own, told = _own_object(answer), plain(answer)
        schema, rest = wanted(text)
        if schema is None:
            return own or {"answer": told}
        try:
            value = self.fill(schema, rest, random, answer=told)
        except Unsatisfiable:  # a schema in a prompt is but a wish
            return own or {"answer": told}
        return value if isinstance(value, dict) else own or {"answer": told}

    def asked(self, tools: Sequence[Tool], text: str, earlier: str) -> list[Asked]:
        """The tools that a text asks for, in its order, each with the words that are for it."""
        return self._choice.asked(tools, text, earlier)

    def _prepared(self, schema: Schema) -> "_Known":
        key = codec.encode(schema)
        known = self._known.get(key)
        if known is None:
            if (fault := schema_fault(schema)) is not None:
                raise Unsatisfiable(
                    f"The schema cannot be used, at {pointer(*map(str, fault[0]))}: {fault[1]}"
                )
            known = _Known(schema, self._words)
            if len(key) <= _LONGEST_REMEMBERED:
                self._known.put(key, known)
        return known


def _own_object(answer: str) -> dict[str, Json] | None:
    """The object that an answer is already, be it in a fence."""
    answer = plain(answer) if answer.startswith("```") else answer
    if not answer.startswith("{"):
        return None
    try:
        value = codec.decode(answer.encode())
    except Invalid:
        return None
    return value if isinstance(value, dict) else None


class _Known:
    """A schema with all that was worked out for it."""

    def __init__(self, schema: Schema, words: Words) -> None:
        self._schema = schema
        self._instances = Instances(Document(schema if isinstance(schema, dict) else {}), words)
        self._slots = Slots(self._instances.schemas)

    def made(self, random: Random, said: Said, *, sparing: bool) -> Json:
        """A value that has what was said."""
        if (told := self._told(said.mentions)) is not None:
            return told[0]
        return self._instances.make(
            self._schema,
            random,
            lambda: Hints(self._slots, said.mentions, said.taken, said.answer, said.facts),
            sparing=sparing,
        )

    def _told(self, mentions: Mentions) -> tuple[Json] | None:
        """The value where it is no object, and the text has it; in a tuple."""
        goal = [self._instances.schemas.closed(self._schema)]
        weight = self._instances.schemas.measures.weight(goal[0])
        if "object" in self._slots.of(goal, "").types or weight > _HEAVIEST:
            return None
        hints = Hints(self._slots, mentions)
        told = hints.told({"": goal}, frozenset(), self._instances.schemas.fits)
        return (told.values[""],) if "" in told.values else None

    def alternatives(self, mentions: Mentions) -> list[tuple[Span, ...]]:
        """Where the values of the main property stand, if the text lists several of them."""
        slots = self._properties()
        kinds = [slot.kinds[:1] for slot in slots]
        for slot in slots:
            if "string" in slot.types and slot.kinds and kinds.count(slot.kinds[:1]) == 1:
                listed = _listed(candidates(slot, mentions), mentions)
                if len(listed) > 1:
                    return listed
        return []

    def _properties(self) -> list[Slot]:
        """The slots of the schema's properties, those that are required first."""
        goal = [self._instances.schemas.closed(self._schema)]
        parts = list(parts_of(self._instances.schemas, goal))
        required = {name for part in parts for name in part.get("required", ())}
        slots = [
            self._slots.of([schema], name)
            for part in parts
            for name, schema in list(part.get("properties", {}).items())[:_MOST_SLOTS]
        ]
        return sorted(slots, key=lambda slot: slot.name not in required)


def _listed(found: Sequence[Candidate], mentions: Mentions) -> list[tuple[Span, ...]]:
    """The stretches that the surest candidate is listed with."""
    sure = [each for each in found if each.strength >= SURE and len(each.spans) == 1]
    if not sure:
        return []
    places = {each.spans[0].start: each for each in reversed(sure)}
    kept = [places[start] for start in sorted(places)]
    group: list[Candidate] = []
    for each in kept:
        if group and not mentions.is_joint(group[-1].spans[0], each.spans[0]):
            if sure[0] in group:
                break
            group = []
        if all(each.value != other.value for other in group):
            group.append(each)
    return [each.spans for each in group] if sure[0] in group else []
