"""Objects and arrays that keep to the parts of a schema; what is in them is made by the caller."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from mock_server.values import formats
from mock_server.values.conjunction import (
    Conflict,
    Flattening,
    Part,
    arguments,
    identity,
    item_goal,
    least,
    most,
    property_goal,
    required_of,
)
from mock_server.values.patterns import LONGEST, UnsupportedPattern
from mock_server.values.schemas import Schema, Schemas
from mock_server.values.telling import Hints, Told
from mock_server.wire import Json

_SETTLING = 10
_NAMES_IN_VAIN = 30
_MOST_TOLD = 1_000  # properties of an object that a text is searched for
_SAME_AGAIN = 20


@dataclass(frozen=True)
class Task:
    """A value to be made: the schemas that ask for it, taken apart, and the name it goes by."""

    goal: Sequence[Schema]
    parts: list[Part]
    flattening: Flattening
    name: str


@dataclass(frozen=True)
class Asked:
    """The parts of an object, the properties that they require, and what a text says of it."""

    parts: list[Part]
    required: frozenset[str]
    told: Told


class Site(Protocol):
    """The attempt that a container is made in."""

    schemas: Schemas
    random: Random
    wild: bool
    sparing: bool
    hints: Hints | None

    def fits(self, goal: Sequence[Schema], value: Json) -> bool:
        """Whether a value is valid against a goal; raises Conflict where that costs too much."""

    @property
    def density(self) -> float:
        """How likely an optional property is made here; 0 where only what is needed shall be."""

    def spend(self, work: int) -> None:
        """Pay for as much work as so many values take; raises Conflict when it is too much."""

    def inner(
        self, goal: Sequence[Schema], step: str, name: str, refused: Collection[Json] = ()
    ) -> Json:
        """A value one step further in, if possible none whose identity is refused."""


def make_object(task: Task, site: Site) -> dict[str, Json]:
    """An object with all that is required, and a choice of what is optional."""
    told = _told(task.parts, site)
    parts, names = _settled(task, site, told)
    fewest, room = int(most(parts, "minProperties", 0)), least(parts, "maxProperties", LONGEST)
    required = frozenset(required_of(parts))
    if len(required) > room or fewest > LONGEST:
        raise Conflict("maxProperties", f"{max(len(required), fewest)} properties are too many")
    made: dict[str, Json] = {}
    waiting = len(required)
    asked = Asked(parts, required, told)
    for name in names:
        waiting -= name in required
        if name in required or len(made) + waiting < room:
            _add(name, made, asked, site)
    _fill_up(made, min(_wanted(parts, fewest, site), room), asked, site)
    if len(made) < fewest:
        raise Conflict("minProperties", f"only {len(made)} properties could be made")
    return made


def _fill_up(made: dict[str, Json], wanted: int, asked: Asked, site: Site) -> None:
    """Add properties until there are as many as wanted, or no more names are found."""
    for name in _further_names(asked.parts, site, wanted):
        if len(made) >= wanted:
            break
        for needed in required_of(asked.parts, [name]):
            if needed not in made:
                _add(needed, made, asked, site)


def _wanted(parts: Sequence[Part], fewest: int, site: Site) -> int:
    """How many properties there shall be, even if some must be invented."""
    if not site.density or not (site.wild or _is_map(parts)):
        return fewest
    return max(fewest, site.random.randint(0 if site.wild else 1, 2))


def _told(parts: Sequence[Part], site: Site) -> Told:
    """What the text says of an object."""
    names = dict.fromkeys(name for part in parts for name in part.get("properties", ()))
    if site.hints is None or not names or len(names) > _MOST_TOLD:
        return Told()
    site.spend(len(names))
    goals = {name: property_goal(parts, name, site.schemas) for name in names}
    return site.hints.told(goals, frozenset(required_of(parts)), site.fits)


def _settled(task: Task, site: Site, told: Told) -> tuple[list[Part], list[str]]:
    """The parts with what the chosen properties set off, and these properties in order."""
    parts, names = task.parts, _chosen(task.parts, site, told)
    for _ in range(_SETTLING):
        names = required_of(parts, names)
        if not any("dependentSchemas" in part for part in parts):
            break
        before, parts = len(parts), task.flattening.parts(task.goal, names)
        if len(parts) == before:
            break
    declared = dict.fromkeys(name for part in parts for name in part.get("properties", ()))
    chosen = frozenset(names)
    first = [name for name in declared if name in chosen]
    return parts, first + [name for name in names if name not in declared]


def _chosen(parts: Sequence[Part], site: Site, told: Told) -> list[str]:
    chosen: dict[str, None] = dict.fromkeys([*told.values, *told.wanted])
    if site.sparing:
        return required_of(parts, list(chosen))
    for part in parts:
        for name, schema in part.get("properties", {}).items():
            is_unwanted = isinstance(schema, dict) and schema.get("writeOnly") is True
            if name not in chosen and not is_unwanted and site.random.random() < site.density:
                chosen[name] = None
    return required_of(parts, list(chosen)) if site.density or chosen else required_of(parts)


def _add(name: str, made: dict[str, Json], asked: Asked, site: Site) -> None:
    """Make the property of a name; one that cannot be made is left out if it is optional."""
    try:
        made[name] = _property(name, asked, site)
    except Conflict:
        if name in asked.required:
            raise


def _property(name: str, asked: Asked, site: Site) -> Json:
    parts, told = asked.parts, asked.told
    site.spend(len(parts) // 20 + sum(len(part.get("patternProperties", ())) for part in parts))
    named = arguments(parts, "propertyNames")
    if named and not site.schemas.fits(named, name):
        raise Conflict("propertyNames", f"{name!r} is no name for a property here")
    goal = property_goal(parts, name, site.schemas)
    for preferred in arguments(parts, "preferred"):
        if name in preferred and site.schemas.fits(goal, preferred[name]):
            return preferred[name]
    if name in told.values and site.fits(goal, told.values[name]):
        return told.values[name]
    if site.sparing and name not in told.wanted and _may_be_null(goal, site):
        return None
    return site.inner(goal, name, name)


def _may_be_null(goal: Sequence[Schema], site: Site) -> bool:
    """Whether nothing may be said, and nothing else is said by default."""
    has_default = any(isinstance(each, dict) and each.get("default") is not None for each in goal)
    return not has_default and bool(goal) and site.fits(goal, None)


def _is_map(parts: Sequence[Part]) -> bool:
    """Whether the parts describe entries, but none by name."""
    entries = any(isinstance(part.get("additionalProperties"), dict) for part in parts)
    return (entries or any("patternProperties" in part for part in parts)) and not any(
        part.get("properties") for part in parts
    )


def _further_names(parts: Sequence[Part], site: Site, wanted: int) -> Iterator[str]:
    """Names for more properties: declared ones, then some that patterns or rules allow."""
    yield from dict.fromkeys(name for part in parts for name in part.get("properties", ()))
    patterned = (part.get("patternProperties", {}).items() for part in parts)
    patterns = [pattern for some in patterned for pattern, schema in some if schema is not False]
    rules = arguments(parts, "propertyNames")
    for _ in range(wanted * 2 + _NAMES_IN_VAIN if wanted else 0):
        if patterns:
            yield _matching(site, site.random.choice(patterns))
        if rules:
            yield site.inner([*rules, {"type": "string"}], "name", "key")
        elif not patterns or site.wild:
            yield formats.token(site.random, 6)


def _matching(site: Site, pattern: str) -> str:
    """A name that a pattern matches, longer than the match where that is allowed."""
    try:
        name = site.schemas.pattern(pattern).text(site.random)
    except UnsupportedPattern as error:
        raise Conflict("patternProperties", str(error)) from None
    longer = name + formats.token(site.random, 4)
    return longer if site.schemas.keeps("pattern", pattern, longer) else name


def make_array(task: Task, site: Site) -> list[Json]:
    """An array with the items that are needed, and a few more."""
    fewest, goals = _goals(task.parts, site)
    is_unique = True in arguments(task.parts, "uniqueItems")
    items: list[Json] = []
    seen: set[Json] = set()
    for index, goal in enumerate(goals):
        try:
            item = _item(goal, (str(index), task.name), seen, site)
        except Conflict:
            if index < fewest:
                raise
            break
        items.append(item)
        seen |= {identity(item)} if is_unique else set()
    return items


def _goals(parts: Sequence[Part], site: Site) -> tuple[int, list[list[Schema]]]:
    """How many items are needed, and what is asked of each that shall be made."""
    prefix = max((len(part.get("prefixItems", ())) for part in parts), default=0)
    fewest, room = int(most(parts, "minItems", 0)), int(least(parts, "maxItems", LONGEST))
    room = min(room, prefix) if False in item_goal(parts, prefix) else room
    counts = [
        (part["contains"], part.get("minContains", 1)) for part in parts if "contains" in part
    ]
    if sum(count for _, count in counts) > LONGEST:
        raise Conflict("minContains", "too many items are to be contained")
    demands = [contained for contained, count in counts for _ in range(int(count))]
    if demands:
        # Behind the prefix there is place for all; in a pinch one item may be several of them.
        enough = max(fewest, min(room, prefix + len(demands)))
        fewest = site.random.randint(max(fewest, 1), enough) if site.wild and room else enough
    if fewest > min(room, LONGEST) or (demands and not room):
        raise Conflict("minItems", f"{fewest} items are too many")
    count = fewest
    told = site.hints.rounds(item_goal(parts, prefix)) if site.hints and not prefix else 0
    if told:
        count = min(room, max(fewest, told))
    elif site.density:
        count = min(
            room, max(prefix, fewest + site.random.randint(not fewest, 4 if site.wild else 2))
        )
    site.spend(count * len(parts) // 20)
    goals = [item_goal(parts, index) for index in range(count)]
    _place(demands, goals[:fewest], site)
    for part in parts:
        if "maxContains" in part and "contains" in part:
            spare = int(part["maxContains"]) - int(part.get("minContains", 1))
            _keep_from(part["contains"], goals, spare)
    return fewest, goals


def _place(demands: Sequence[Schema], goals: Sequence[list[Schema]], site: Site) -> None:
    """Ask what the array shall contain of its last items (if anything goes, of some)."""
    start = max(0, len(goals) - len(demands))
    if site.wild:
        start = site.random.randint(0, start)
    for number, demand in enumerate(demands):
        goals[(start + number) % len(goals)].append(demand)


def _keep_from(contained: Schema, goals: Sequence[list[Schema]], spare: int) -> None:
    """Allow no more than `spare` items beside those asked for to be what is contained."""
    free = [goal for goal in goals if not any(demand is contained for demand in goal)]
    for goal in free[max(spare, 0) :]:
        goal.append({"not": contained})


def _item(goal: Sequence[Schema], at: tuple[str, str], seen: set[Json], site: Site) -> Json:
    """An item that is not seen yet; after a first repetition anything that fits will do."""
    was_wild = site.wild
    try:
        for _ in range(_SAME_AGAIN):
            item = site.inner(goal, *at, seen)
            if identity(item) not in seen:
                return item
            site.wild = True
    finally:
        site.wild = was_wild
    raise Conflict("uniqueItems", "no other item could be made")
