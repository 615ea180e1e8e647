"""What is known of a tool: which words speak for it, and which values it takes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from re import compile as pattern
from typing import Final, Protocol

from mock_server.slots.kinds import kinds_of_name, words_of
from mock_server.slots.spans import Mention, stem
from mock_server.slots.vocabulary import FUNCTION, MONEY, words
from mock_server.wire import Json
from mock_server.word_families import Families, Heard, pairs

# What one word of a text says for a tool, and what is enough to call it.
_NAMED, _KIN, _ORDERED, _DESCRIBED, _ACTION, _DETAIL = 3.0, 2.6, 1.2, 1.0, 0.75, 0.5
ENOUGH: Final = 2.5
_MOST_WORDS: Final = 400  # of a tool
_MOST_PROPERTIES: Final = 60
_MOST_CHOICES: Final = 50
_HEAD: Final = 3  # words of a description that may tell what the tool does
_WORD: Final = pattern(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_ACTIONS: Final = frozenset(
    map(
        stem,
        words(
            """get fetch find search create list show check make set update delete add send run do
            lookup look query retrieve data info information current tool function api value name id
            number give tell use user string given specific return returns new item one want need
            like please know let help thing way something anything list take put good best first
            move execute call write explain describe answer say read open view print edit change
            modify rename generate save store"""
        ),
    )
)
# Kinds of properties -> what a text that has such a thing says of the tool.
_TELLING: Final[Mapping[str, tuple[str, float]]] = {
    "expression": ("sums", 3.0),
    "url": ("urls", 2.6),
    "email": ("emails", 1.0),
    "ticker": ("capitals", 1.0),
    "id": ("codes", 1.0),
    "path": ("paths", 1.0),
    "phone": ("phones", 1.0),
}
# Families of verbs whose orders have numbers and money in them for any purpose.
_LOOSE: Final = frozenset({"find-", "create-"})
_NUMERIC: Final = frozenset({"number", "integer"})
_FUNDS: Final = MONEY | words("funds transaction transfer")
# What the name of a tool for one operation has besides that operation.
_NEUTRAL: Final = words(
    """number numbers two nums num values integers ints floats tool calculate calculator math op
    operation func function fn of and the a b x y together get compute"""
)


class Tool(Protocol):
    """A function that a model may call, with the JSON Schema of its arguments."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def description(self) -> str:
        """What it does."""

    @property
    def schema(self) -> Json:
        """The schema of its arguments."""


@dataclass(frozen=True)
class Profile:
    """What speaks for a tool: stems with their weights, families of words, kinds of properties.

    `operations` are the arithmetic ones that it carries out, where it does nothing else; `does` and
    `choices` tell what orders it takes: their verbs, and values that it must be given.
    """

    weights: Mapping[str, float]
    families: frozenset[str]
    operations: frozenset[str]
    kinds: frozenset[str]
    required: frozenset[str]
    does: frozenset[str]
    head: frozenset[str]
    choices: frozenset[str]
    is_search: bool

    def score(self, heard: Heard) -> float:
        """How much a text says for the tool; ENOUGH is enough to call it."""
        if self.operations:
            return _NAMED * len(self.operations & heard.operations)
        score = 0.0
        families = set[str]()
        for each, kin in heard.stems:
            weight = self.weights.get(each, 0.0)
            for family in kin:
                if family in self.families and family not in families:
                    weight = max(weight, _KIN)
                    families.add(family)
            score += weight
        for kind, (sort, weight) in _TELLING.items():
            if kind in self.kinds and getattr(heard.mentions, sort):
                score += weight
        return max(score + _ORDERED, _KIN) if self._is_ordered(heard) else score

    def _is_ordered(self, heard: Heard) -> bool:
        """Whether a sentence orders what the tool does, and names what it must be given."""
        verbs = self.does & heard.verbs
        if not verbs:
            return False
        return not self.head.isdisjoint(verbs) or self._is_given(heard, verbs)

    def _is_given(self, heard: Heard, verbs: frozenset[str]) -> bool:
        mentions = heard.mentions
        if any(each in self.choices for each, _ in heard.stems):
            return True
        if "path" in self.required and any(map(_is_file, mentions.paths)):
            return True
        for kind in self.required - {"path"}:
            if kind in _TELLING and getattr(mentions, _TELLING[kind][0]):
                return True
        if not _LOOSE.isdisjoint(verbs):
            return False
        return ("money" in self.required and bool(mentions.currencies)) or (
            "number" in self.required and bool(mentions.amounts)
        )


def _is_file(path: Mention) -> bool:
    """Whether a path is no name with a dot, such as that of a library."""
    return "/" in path.text or not path.text[:2].istitle()


def profile_of(tool: Tool, families: Families) -> Profile:
    """What is known of a tool."""
    weights: dict[str, float] = {}
    properties = list(_properties(tool.schema))
    name = _stems(words_of(tool.name))
    told = _stems(_WORD.findall((tool.description or "").lower()))
    if _ACTIONS.issuperset(name):
        weights |= dict.fromkeys(name, _NAMED)
    _add(weights, name, _NAMED)
    _add(weights, told, _DESCRIBED)
    for key, about in properties:
        _add(weights, _stems(words_of(key)), _DESCRIBED)
        _add(weights, _stems(_WORD.findall(about.lower())), _DETAIL)
    rare = [
        each
        for each in pairs([tool.name, tool.description or "", *(key for key, _ in properties)])
        if each not in families.common_pairs
    ]
    weights |= dict.fromkeys(rare, _DESCRIBED)
    glued = families.glued.findall(f"{tool.name} {tool.description or ''}")
    said = (*name, *told[:12], *glued)
    own = frozenset(families.of_stem[each][0] for each in said if each in families.of_stem)
    kinds = frozenset(kind for key, _ in properties for kind in kinds_of_name(key)[:1])
    doing = (*name, *told[:_HEAD])
    required = frozenset(_required(tool))
    does = {*doing, *(kind for each in doing for kind in families.of_verb.get(each, ()))}
    if "path" in required and "read-" in does:
        does.add("ask-")
    return Profile(
        weights=weights,
        families=own,
        operations=_operations(tool, families),
        kinds=kinds,
        required=required,
        does=frozenset(does),
        head=frozenset(told[:1]) - _ACTIONS - families.own_verbs - families.of_verb.keys(),
        choices=frozenset(_choices(tool.schema)),
        is_search="query" in kinds and not families.searching.isdisjoint((*name, *told[:8])),
    )


def _operations(tool: Tool, families: Families) -> frozenset[str]:
    """The operation of a tool that is named for one, and takes numbers."""
    named = families.operation_of
    own = [word for word in words_of(tool.name) if word not in _NEUTRAL]
    head = _WORD.findall((tool.description or "").lower())[:2]
    found = {named[word] for word in own or head if word in named}
    is_one = len(found) == 1 and len(own) < 2 and _takes_numbers(tool.schema)
    return frozenset(found) if is_one else frozenset()


def _takes_numbers(schema: Json) -> bool:
    """Whether nothing but numbers, or lists of them, must be given."""
    inner = [each for _, each in _needed(schema)]
    return bool(inner) and all(
        _is_numeric(each) or _is_numeric(each.get("items")) for each in inner
    )


def _is_numeric(schema: Json) -> bool:
    kinds = schema.get("type") if isinstance(schema, dict) else None
    listed = kinds if isinstance(kinds, list) else [kinds]
    return any(kind in _NUMERIC for kind in listed if isinstance(kind, str))


def _required(tool: Tool) -> Iterator[str]:
    """The kinds of what must be given; `number` and `money` are kinds, too."""
    about_money = not _FUNDS.isdisjoint((*words_of(tool.name), *words_of(tool.description or "")))
    if about_money:
        yield "money"
    for key, inner in _needed(tool.schema):
        yield from kinds_of_name(key)[:1]
        if not MONEY.isdisjoint(words_of(key)):
            yield "money"
        if _is_numeric(inner):
            yield "number"


def _needed(schema: Json) -> Iterator[tuple[str, dict[str, Json]]]:
    """The properties that must be given, or all where none must be."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    named = properties if isinstance(properties, dict) else {}
    required = schema.get("required") if isinstance(schema, dict) else None
    must = required if isinstance(required, list) and required else list(named)
    for key in must[:_MOST_PROPERTIES]:
        if isinstance(key, str) and isinstance(named.get(key), dict):
            yield key, named[key]


def _choices(schema: Json) -> Iterator[str]:
    """The stems of the values of which one must be given."""
    for _, inner in _needed(schema):
        choices = inner.get("enum")
        for each in choices[:_MOST_CHOICES] if isinstance(choices, list) else ():
            if isinstance(each, str):
                yield from _stems(words_of(each))


def _properties(schema: Json) -> Iterator[tuple[str, str]]:
    """The names of a schema's properties, with their descriptions and the words of their enums."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    named = list(properties.items()) if isinstance(properties, dict) else []
    for name, inner in named[:_MOST_PROPERTIES]:
        described = inner if isinstance(inner, dict) else {}
        choices = described.get("enum")
        texts = [described.get("description", ""), *(choices if isinstance(choices, list) else ())]
        yield name, " ".join(each for each in texts[:_MOST_CHOICES] if isinstance(each, str))


def _stems(some: Iterable[str]) -> list[str]:
    telling = (word for word in some if word not in FUNCTION and len(word) > 1)
    return [stem(word) for word in telling][:_MOST_WORDS]


def _add(weights: dict[str, float], stems: Iterable[str], weight: float) -> None:
    for each in stems:
        worth = min(weight, _ACTION) if each in _ACTIONS else weight
        weights[each] = max(weights.get(each, 0.0), worth)
