"""The language of the mock, read from `fixtures/phrases.yaml` (whose head explains its form)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from mock_server.wire import Json

Pattern = re.Pattern[str]
Frames = tuple[tuple[str, ...], ...]  # of each frame: text, slot, text, slot, ..., text

_SLOT: Final = re.compile(r"\{(@?[A-Za-z]\w*(?:#\w+)?)\}")
_KEY: Final = re.compile(r"[\w/]+")
_NEVER: Final = r"(?!)"


@dataclass(frozen=True, slots=True)
class Intent:
    """One thing that a prompt can ask for, and how it is recognised."""

    name: str
    words: frozenset[str]
    when: tuple[Pattern, ...]
    needs: str
    reader: str
    table: str
    topic: str
    fixed: bool


@dataclass(frozen=True, slots=True)
class Limit:
    """A length that a prompt can ask for, in sentences or words."""

    words: frozenset[str]
    when: Pattern
    unit: str
    n: int


@dataclass(frozen=True, slots=True)
class Language:
    """How one language asks and answers; `code` is that of ISO 639-1."""

    code: str
    names: frozenset[str]
    script: Pattern
    polite: Pattern
    stop: frozenset[str]
    articles: frozenset[str]
    mirror: Mapping[str, str]
    numbers: Mapping[str, int]
    lead: Pattern
    tail: Pattern
    predicate: Pattern
    rewrites: tuple[tuple[Pattern, str], ...]
    tables: Mapping[str, Mapping[str, str]]
    limits: tuple[Limit, ...]
    intents: tuple[Intent, ...]
    blind: tuple[Intent, ...]  # the intents that a prompt without pictures can have
    grammar: Mapping[str, Frames]


@dataclass(frozen=True, slots=True)
class Phrases:
    """All the language that the mock has; the first one is what it speaks by default.

    `cues` are words that speak for languages, which are told by their places.
    """

    languages: tuple[Language, ...]
    cues: Mapping[str, tuple[int, ...]]
    asked: Pattern
    persona: Pattern
    hazards: tuple[tuple[str, Pattern], ...]


def load_phrases(path: Path) -> Phrases:
    """Read and compile the phrases of a file."""
    document = yaml.load(path.read_text("utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    first = next(iter(document["languages"].values()))
    default = {**first, "macros": document["macros"], "shared": document["shared"]}
    spoken = document["languages"]
    return Phrases(
        languages=tuple(_language(code, one, default) for code, one in spoken.items()),
        cues=_cues([one.get("cues", first["cues"]).split() for one in spoken.values()]),
        asked=_pattern(document["asked"]),
        persona=_pattern(document["persona"]),
        hazards=tuple((code, _pattern(when)) for code, when in document["hazards"].items()),
    )


def key_of(text: str, articles: frozenset[str]) -> str:
    """Bring a text to the form in which it is looked up in a table."""
    return " ".join(word for word in _KEY.findall(text.lower()) if word not in articles)


def _language(code: str, data: Json, default: Json) -> Language:
    """Compile one language; what it does not say it takes from the default one."""
    whole = {**default, "polite": _NEVER, "script": _NEVER, **data}
    number = "|".join([r"\d{1,6}", *map(re.escape, whole["numbers"])])
    macros = {**default["macros"], "number": rf"(?:\b(?:{number})\b)"}
    intents = tuple(_intent(intent, macros) for intent in data["intents"])
    return Language(
        code=code,
        names=_words(whole["names"]),
        script=_pattern(whole["script"]),
        polite=_pattern(whole["polite"]),
        stop=_words(whole["stop"]),
        articles=_words(whole["articles"]),
        lead=_pattern(whole["lead"]),
        tail=_pattern(whole["tail"]),
        predicate=_pattern(whole["predicate"]),
        mirror=whole["mirror"],
        numbers=whole["numbers"],
        rewrites=tuple((_pattern(when), to) for when, to in whole["rewrites"]),
        tables=_tables({**default["tables"], **data.get("tables", {})}, _words(whole["articles"])),
        limits=tuple(_limit(limit, macros) for limit in data.get("limits", [])),
        intents=intents,
        blind=tuple(intent for intent in intents if intent.needs not in ("image", "images")),
        grammar=grammar_of({**default["shared"], **data["grammar"]}),
    )


def _tables(data: Json, articles: frozenset[str]) -> dict[str, dict[str, str]]:
    return {
        name: {key_of(key, articles): value for key, value in table.items()}
        for name, table in data.items()
    }


def grammar_of(data: Json) -> dict[str, Frames]:
    """The frames of a grammar, cut at their slots."""
    return {
        symbol: tuple(tuple(_SLOT.split(frame)) for frame in frames)
        for symbol, frames in data.items()
    }


def _limit(data: Json, macros: Json) -> Limit:
    when = _pattern(data["when"], macros)
    return Limit(_words(data["words"]), when, data["unit"], data.get("n", 1))


def _intent(data: Json, macros: Json) -> Intent:
    when = data.get("when", "")
    return Intent(
        name=data["name"],
        words=_words(data.get("words", "")),
        when=tuple(_pattern(one, macros) for one in ([when] if isinstance(when, str) else when)),
        needs=data.get("needs", ""),
        reader=data.get("reader", ""),
        table=data.get("table", ""),
        topic=data.get("topic", ""),
        fixed=data.get("fixed", False),
    )


def _cues(spoken: Sequence[Sequence[str]]) -> dict[str, tuple[int, ...]]:
    cues: dict[str, tuple[int, ...]] = {}
    for place, cue_words in enumerate(spoken):
        for word in dict.fromkeys(cue_words):
            cues[word] = (*cues.get(word, ()), place)
    return cues


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pattern(source: str, macros: Mapping[str, str] | None = None) -> Pattern:
    for name, meaning in (macros or {}).items():
        source = source.replace(f"%{name}%", meaning)
    return re.compile(source, re.IGNORECASE)
