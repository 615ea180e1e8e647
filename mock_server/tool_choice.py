"""Which tools a text asks for."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Protocol

import msgspec

from mock_server import codec
from mock_server.fixtures import read_yaml
from mock_server.memory import Memory
from mock_server.slots.kinds import kinds_of_name, words_of
from mock_server.slots.mentions import Mentions
from mock_server.slots.spans import stem
from mock_server.slots.vocabulary import FUNCTION, words
from mock_server.wire import Json

# What one word of a text says for a tool, and what is enough to call it.
_NAMED, _KIN, _DESCRIBED, _ACTION, _DETAIL = 3.0, 2.6, 1.0, 0.75, 0.5
_ENOUGH: Final = 2.5
_MOST_WORDS: Final = 400  # of a tool
_MOST_PROPERTIES: Final = 60
_MOST_CLAUSES: Final = 40
_REMEMBERED: Final = 256  # tools
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_CLAUSE_END: Final = re.compile(
    r"(?<=[.!?;])\s+|\s*\n\s*|,?\s+(?:and then|and also|and|also|then|plus|as well as)\s+", re.I
)
_QUESTION: Final = re.compile(
    r"\?|^\W*(?:who|what|when|where|why|how|which|is|are|does|do|can|find|search|look|explain|tell"
    r" me (?:about|how|what|who|when|where|why)|was|wie|wo|qué|comment|как|что)\b",
    re.IGNORECASE,
)
_ACTIONS: Final = frozenset(
    map(
        stem,
        words(
            """get fetch find search create list show check make set update delete add send run do
            lookup look query retrieve data info information current tool function api value name id
            number give tell use user string given specific return returns new item one want need
            like please know let help thing way something anything list take put good best first"""
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


class Asked(msgspec.Struct, frozen=True):
    """A tool that a text asks for: its index, and the part of the text that does so."""

    index: int
    text: str


@dataclass
class _Profile:
    """How much the stems of a text's words say for a tool, and which kinds its properties have."""

    weights: dict[str, float]
    families: frozenset[str]
    kinds: frozenset[str]
    is_search: bool


@dataclass(frozen=True)
class Families:
    """The tables of `fixtures/word_families.yaml`."""

    of_stem: Mapping[str, str]
    searching: frozenset[str]
    small_talk: re.Pattern[str]
    creative: re.Pattern[str]


def load_families() -> Families:
    """Read the tables."""
    data = read_yaml("word_families.yaml")
    families = data["families"].items()
    return Families(
        of_stem={stem(word): name for name, line in families for word in line.split()},
        searching=frozenset(map(stem, data["searching"])),
        small_talk=re.compile(data["small_talk"], re.IGNORECASE),
        creative=re.compile(data["creative"], re.IGNORECASE),
    )


class ToolChoice:
    """Chooses tools for texts; what is known of a tool is kept for its next use."""

    def __init__(self) -> None:
        self._profiles: Memory[bytes, _Profile] = Memory(_REMEMBERED)

    @cached_property
    def _families(self) -> Families:
        # Most servers never see a tool, so the tables are read when the first one comes.
        return load_families()

    def asked(self, tools: Sequence[Tool], text: str) -> list[Asked]:
        """The tools that a text asks for, in its order, each with the words that are for it."""
        mentions = Mentions(text)
        if self._families.small_talk.match(mentions.text):
            return []
        profiles = [self._profile(tool) for tool in tools]
        # What a poem shall be about asks for no tool, only a tool for poems is asked for.
        poem = self._families.creative.match(mentions.text)
        heard = Mentions(poem[0]) if poem else mentions
        scores = [self._score(profile, heard) for profile in profiles]
        fit = [index for index, score in enumerate(scores) if score >= _ENOUGH]
        if not fit and _QUESTION.search(heard.text):
            fit = [index for index, profile in enumerate(profiles) if profile.is_search][:1]
        if len(fit) < 2:
            return [Asked(index, text) for index in fit]
        fit.sort(key=lambda index: -scores[index])
        return self._shared({index: profiles[index] for index in fit}, mentions)

    def _shared(self, profiles: Mapping[int, _Profile], mentions: Mentions) -> list[Asked]:
        """Each clause of a text goes to the tool that it speaks for most, or to the last one."""
        owners: list[int | None] = []
        clauses = [part for part in _CLAUSE_END.split(mentions.text) if part][:_MOST_CLAUSES]
        for clause in clauses:
            heard = Mentions(clause)
            scores = {index: self._score(profile, heard) for index, profile in profiles.items()}
            best = max(scores, key=lambda index: scores[index])
            known = owners[-1] if owners else None
            owners.append(best if scores[best] >= _ENOUGH else known)
        first = next((owner for owner in owners if owner is not None), next(iter(profiles)))
        texts: dict[int, list[str]] = {}
        for clause, owner in zip(clauses, owners, strict=True):
            texts.setdefault(first if owner is None else owner, []).append(clause)
        if len(texts) == 1:
            return [Asked(index, mentions.text) for index in texts]
        return [Asked(index, " and ".join(parts)) for index, parts in texts.items()]

    def _profile(self, tool: Tool) -> _Profile:
        key = codec.encode((tool.name, tool.description, tool.schema))
        profile = self._profiles.get(key)
        if profile is None:
            profile = self._profiled(tool)
            self._profiles.put(key, profile)
        return profile

    def _profiled(self, tool: Tool) -> _Profile:
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
        of_stem = self._families.of_stem
        families = frozenset(of_stem[each] for each in (*name, *told[:12]) if each in of_stem)
        kinds = frozenset(kind for key, _ in properties for kind in kinds_of_name(key)[:1])
        is_search = "query" in kinds and not self._families.searching.isdisjoint((*name, *told[:8]))
        return _Profile(weights, families, kinds, is_search)

    def _score(self, profile: _Profile, mentions: Mentions) -> float:
        score = 0.0
        families = set[str]()
        for each in mentions.places_of_stems:
            family = self._families.of_stem.get(each, "")
            weight = profile.weights.get(each, 0.0)
            if family in profile.families and family not in families:
                weight = max(weight, _KIN)
                families.add(family)
            score += weight
        for kind, (sort, weight) in _TELLING.items():
            if kind in profile.kinds and getattr(mentions, sort):
                score += weight
        return score


def _properties(schema: Json) -> Iterator[tuple[str, str]]:
    """The names of a schema's properties, with their descriptions and the words of their enums."""
    properties = schema.get("properties") if isinstance(schema, dict) else None
    named = list(properties.items()) if isinstance(properties, dict) else []
    for name, inner in named[:_MOST_PROPERTIES]:
        described = inner if isinstance(inner, dict) else {}
        choices = described.get("enum")
        texts = [described.get("description", ""), *(choices if isinstance(choices, list) else ())]
        yield name, " ".join(each for each in texts[:50] if isinstance(each, str))


def _stems(some: Iterable[str]) -> list[str]:
    telling = (word for word in some if word not in FUNCTION and len(word) > 1)
    return [stem(word) for word in telling][:_MOST_WORDS]


def _add(weights: dict[str, float], stems: Iterable[str], weight: float) -> None:
    for each in stems:
        worth = min(weight, _ACTION) if each in _ACTIONS else weight
        weights[each] = max(weights.get(each, 0.0), worth)
