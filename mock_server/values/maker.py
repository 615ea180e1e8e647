"""One attempt at a value: branches chosen, kinds decided, and what is inside made in turn."""

import copy
import json
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from random import Random

from mock_server.values.conjunction import (
    Conflict,
    Flattening,
    Part,
    arguments,
    identity,
    kinds_of,
    spoken_of,
)
from mock_server.values.containers import Task, make_array, make_object
from mock_server.values.measures import DEEPEST
from mock_server.values.scalars import Manner, Numbers, Strings
from mock_server.values.schemas import Schema, Schemas
from mock_server.values.telling import Hints
from mock_server.values.words import Words
from mock_server.wire import Json

_DEEP = 8  # objects and arrays inside one another, after which only what is needed is made
_AGAIN = 3
_MANY = 400  # values, after which only what is needed is made
_TRIES = 8
_MOST_CANDIDATES = 50
_CHECKS = 20  # schemas to be flattened that cost as much as one value
_CHECKS_AT_ONCE = 500  # schemas that a validator checks in the time of one value
_ENDLESS = 10**9
_UNCERTAIN = frozenset(
    {
        *("oneOf", "anyOf", "not", "if", "contains", "propertyNames", "dependentSchemas"),
        *("unevaluatedItems", "unevaluatedProperties"),
    }
)
_NULLS: tuple[Json, ...] = ({"type": "null"}, {"const": None}, {"enum": [None]})


@dataclass(frozen=True, slots=True)
class Effort:
    """How likely an attempt makes what is optional, and whether it draws anything that fits.

    One that is `sparing` leaves out the optional properties that its hints do not speak of.
    """

    density: float
    wild: bool = False
    sparing: bool = False


class Budget:
    """The work that an attempt at a value may cost, and what it has cost so far."""

    def __init__(self, work: int) -> None:
        self._work = work
        self.spent = 0

    @property
    def is_spent(self) -> bool:
        """Whether nothing is left."""
        return self.spent >= self._work

    def spend(self, work: int) -> None:
        """Take some of it; raises Conflict when it is gone."""
        self.spent += work
        if self.is_spent:
            raise Conflict("$ref", "a value would take too much work")


class Maker:
    """Makes one value; knows how deep it is and how much it has made."""

    def __init__(
        self, schemas: Schemas, words: Words, random: Random, effort: Effort, budget: Budget
    ) -> None:
        self.schemas = schemas
        self.random = random
        self.wild = effort.wild
        self.sparing = effort.sparing
        self.hints: Hints | None = None
        self._density = effort.density
        self._budget = budget
        self._strings = Strings(schemas, words, random, self.spend)
        self._steps: list[str] = []
        self._depth = 0
        self._made = 0
        self._is_wary = False

    @property
    def density(self) -> float:
        """How likely an optional property is made here; 0 where only what is needed shall be."""
        return 0.0 if self._is_flat else self._density * (1 - self._depth / 10)

    @property
    def _is_flat(self) -> bool:
        return self._depth >= _DEEP or self._made > _MANY

    def spend(self, work: int) -> None:
        """Pay for as much work as so many values take; raises Conflict when it is too much."""
        self._budget.spend(work)

    def inner(
        self, goal: Sequence[Schema], step: str, name: str, refused: Collection[Json] = ()
    ) -> Json:
        """A value one step further in, if possible none whose identity is refused."""
        # What contains itself is shown once or twice, not as deep as other things.
        ref = next((each["$ref"] for each in goal if isinstance(each, dict) and "$ref" in each), "")
        depth = _AGAIN if ref and ref in self._steps else 1
        self._steps.append(ref)
        self._depth += depth
        try:
            return self.value(goal, name, refused)
        except Conflict as conflict:
            conflict.at.insert(0, step)
            raise
        finally:
            self._depth -= depth
            self._steps.pop()

    def value(self, goal: Sequence[Schema], name: str = "", refused: Collection[Json] = ()) -> Json:
        """A value for all the schemas of the goal together; raises Conflict."""
        self._begin(goal)
        mark = self.hints.mark if self.hints else 0
        for attempt in range(_TRIES):
            flattening = Flattening(self.schemas, self._choose)
            try:
                task = Task(goal, flattening.parts(goal), flattening, name)
                made = self._of(task, refused)
                self._check(task, made)
            except Conflict:
                if self.hints:
                    self.hints.go_back(mark)
                if attempt == _TRIES - 1 or self._budget.is_spent or not _is_open(goal, flattening):
                    raise
            else:
                return made
        return None

    def _begin(self, goal: Sequence[Schema]) -> None:
        self._made += 1
        self.spend(1 + int(sum(map(self.schemas.measures.weight, goal))) // _CHECKS)
        if len(self._steps) > DEEPEST:
            raise Conflict("$ref", "values would nest without end")
        # Once a way turned out to be endless, no other such way is taken.
        if (self._is_wary or len(self._steps) == _DEEP) and self._is_endless(goal):
            self._is_wary = True
            raise Conflict("$ref", "a value would have to contain itself")

    def _is_endless(self, goal: Sequence[Schema]) -> bool:
        return math.inf in map(self.schemas.measures.height, goal)

    def _choose(self, branches: Sequence[Schema]) -> int:
        indexes = [index for index, branch in enumerate(branches) if branch is not False]
        if self._is_flat or self._is_wary:
            return min(
                indexes, key=lambda index: self.schemas.measures.height(branches[index]), default=0
            )
        if not self.wild and self.random.random() < 0.9:
            indexes = [index for index in indexes if branches[index] not in _NULLS] or indexes
        return self.random.choice(indexes) if indexes else 0

    def _check(self, task: Task, made: Json) -> None:
        fixed = sum("const" in part or "enum" in part for part in task.parts)
        is_sure = all(_UNCERTAIN.isdisjoint(part) for part in task.parts)
        if is_sure and (fixed == 0 or len(task.parts) == 1):
            return
        self.weigh(task.goal, made)
        for error in self.schemas.validator(task.goal).iter_errors(made):
            raise Conflict(error.kind.name, error.message[:200])

    def weigh(self, goal: Sequence[Schema], value: Json) -> None:
        """Pay for checking a value; raises Conflict where that would never come to an end."""
        if isinstance(value, dict | list):
            labour = self.schemas.measures.labour(goal, value)
            self.spend(int(min(labour, _ENDLESS)) // _CHECKS_AT_ONCE)

    def fits(self, goal: Sequence[Schema], value: Json) -> bool:
        """Whether a value is valid against a goal; raises Conflict where that costs too much."""
        self.weigh(goal, value)
        if not isinstance(value, dict | list):
            self.spend(int(sum(map(self.schemas.measures.weight, goal))) // _CHECKS_AT_ONCE)
        return self.schemas.fits(goal, value)

    def _of(self, task: Task, refused: Collection[Json]) -> Json:
        fixed = self._fixed(task, refused)
        if fixed is not None:
            return fixed[0]
        kind = self._kind(task.parts)
        if kind == "object":
            return make_object(task, self)
        if kind == "array":
            return make_array(task, self)
        return self._scalar(kind, task, refused)

    def _scalar(self, kind: str, task: Task, refused: Collection[Json]) -> Json:
        if kind == "string":
            return self._string(task)
        if kind == "boolean":
            left = [each for each in (True, False) if identity(each) not in refused]
            return self.random.choice(left or [True])
        if kind == "null":
            return None
        numbers = Numbers(task.parts, whole=kind == "integer")
        return numbers.make(Manner(task.name, self.wild), self.random, refused)

    def _fixed(self, task: Task, refused: Collection[Json]) -> tuple[Json] | None:
        """What the schema itself gives (constant, example, default, choice), in a tuple."""
        if consts := arguments(task.parts, "const"):
            return (consts[0],)
        given = [each for some in arguments(task.parts, "examples") for each in some]
        given += arguments(task.parts, "default")
        for each in () if self.wild else given[:_MOST_CANDIDATES]:
            if self.fits(task.goal, each):
                return (copy.deepcopy(each),)
        if enums := arguments(task.parts, "enum"):
            return (self._one_of(enums, task, refused),)
        return None

    def _one_of(self, enums: Sequence[Json], task: Task, refused: Collection[Json]) -> Json:
        self.spend(sum(map(len, enums)) // _CHECKS)
        common = set.intersection(*({identity(each) for each in enum} for enum in enums))
        choices = [each for each in enums[0] if identity(each) in common]
        choices = [each for each in choices if identity(each) not in refused] or choices
        self.random.shuffle(choices)
        if not self.wild and self.random.random() < 0.9:
            choices.sort(key=lambda each: each is None)
        for each in choices[:_MOST_CANDIDATES]:
            if self.fits(task.goal, each):
                return copy.deepcopy(each)
        raise Conflict("enum", "none of its values fits")

    def _kind(self, parts: Sequence[Part]) -> str:
        kinds, spoken = kinds_of(parts), spoken_of(parts)
        is_typed = any("type" in part for part in parts)
        if self.wild and (is_typed or self.random.random() < 0.5):
            return self.random.choice(kinds)
        if not is_typed or len(kinds) > 5:
            return spoken if spoken in kinds else "string" if "string" in kinds else kinds[0]
        if "null" in kinds and (self._is_flat or self.random.random() < 0.1):
            return "null"
        plain = [kind for kind in kinds if kind not in {"object", "array"}]
        filled = [kind for kind in (plain if self._is_flat and plain else kinds) if kind != "null"]
        return self.random.choice(filled or kinds)

    def _string(self, task: Task) -> str:
        contents = arguments(task.parts, "contentSchema")
        if contents and "application/json" in arguments(task.parts, "contentMediaType"):
            return json.dumps(self.inner(contents, "content", task.name), separators=(",", ":"))
        return self._strings.make(task.parts, Manner(task.name, self.wild))


def _is_open(goal: Sequence[Schema], flattening: Flattening) -> bool:
    """Whether another try may go otherwise."""
    asked = (part for part in goal if isinstance(part, dict))
    return bool(flattening.chosen) or not all(_UNCERTAIN.isdisjoint(part) for part in asked)
