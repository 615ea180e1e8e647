"""What a prompt asks for: its language, its intent, its topic and the length it wants."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from mock_server.language.phrases import Intent, Language, Limit, Phrases, key_of
from mock_server.language.sights import sights
from mock_server.language.sums import result_of
from mock_server.language.topics import (
    bare_of,
    gist_of,
    phrase_of,
    report_of,
    sentences,
    subject_of,
    view,
)
from mock_server.picture import Picture

Facts = dict[str, str]

MOST: Final = 50  # items of a list
MOST_COUNTED: Final = 200  # numbers of a count
FEW: Final = 9  # what has fewer members (the planets, the days of the week) is listed in full
USUAL: Final = 5  # items of a list whose length nobody asked for
_NAME: Final = re.compile(r"\b[a-z][a-z0-9]*\b")
_WORD: Final = re.compile(r"\w+")
# Frames in which more is offered.
_OFFERS: Final = ("image_offer", "image_close")
_NEEDED: Final = frozenset({"left", "right", "action", "value", "phrase", "key", "about", "body"})


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is answered: the last thing that the user said, and what surrounds it.

    One that `is_final` goes on no more: there is nobody to whom more could be offered.
    """

    prompt: str
    system: str = ""
    earlier: int = 0
    images: tuple[Picture, ...] = ()
    tool_results: tuple[str, ...] = ()
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood: the symbol that the answer starts from, and the facts for it."""

    symbol: str
    facts: Facts
    language: Language
    limit: Limit | None


@dataclass(frozen=True, slots=True)
class _Heard:
    """A prompt before anything particular was looked for in it."""

    text: str
    words: frozenset[str]
    language: Language
    conversation: Conversation


def read(phrases: Phrases, conversation: Conversation) -> Reading:
    """Understand a prompt."""
    heard = _hear(phrases, conversation)
    intent, facts = _intent(heard)
    symbol = facts.pop("symbol", intent.name)
    facts["topic"] = _topic(facts, intent, heard)
    facts.setdefault("n", str(USUAL))
    facts["bare"] = bare_of(facts["topic"], heard.language)
    facts |= _surroundings(phrases, heard)
    return Reading(symbol, facts, heard.language, None if intent.fixed else _limit(heard))


def _hear(phrases: Phrases, conversation: Conversation) -> _Heard:
    text = view(conversation.prompt)
    words = _WORD.findall(text.lower())
    language = _asked_for(phrases, f"{view(conversation.system)}\n{text}")
    if language is None:
        language = likeliest(phrases, text, words)
    text = language.polite.sub("", text, count=1)
    return _Heard(text, frozenset(words), language, conversation)


def _asked_for(phrases: Phrases, orders: str) -> Language | None:
    asked = phrases.asked.search(orders)
    name = asked["language"].lower() if asked else ""
    return next((language for language in phrases.languages if name in language.names), None)


def likeliest(phrases: Phrases, text: str, words: Iterable[str]) -> Language:
    """The language that most words and letters speak for, the first one where none does."""
    votes = [0] * len(phrases.languages)
    for word in words:
        for place in phrases.cues.get(word, ()):
            votes[place] += 1
    if not text.isascii():
        for place, language in enumerate(phrases.languages):
            votes[place] += len(language.script.findall(text))
    return phrases.languages[votes.index(max(votes))]


def _intent(heard: _Heard) -> tuple[Intent, Facts]:
    """Find the first intent that fits; the last one of a language fits always."""
    text, words, conversation = heard.text, heard.words, heard.conversation
    for intent in heard.language.intents if conversation.images else heard.language.blind:
        if intent.words and intent.words.isdisjoint(words):
            continue
        if intent.needs and not _has(conversation, intent.needs):
            continue
        for when in intent.when:
            found = when.search(text)
            if found is not None and (facts := _taken(found, intent, heard)) is not None:
                return intent, facts
    return heard.language.intents[-1], {}


def _taken(found: re.Match[str], intent: Intent, heard: _Heard) -> Facts | None:
    """Take the facts out of a match; None if one is missing, or a reader makes no sense of it."""
    captured = ((name, value) for name, value in found.groupdict().items() if value is not None)
    facts = {name: _captured(name, value, heard.language) for name, value in captured}
    if not all(value for name, value in facts.items() if name in _NEEDED):
        return None
    return _READERS[intent.reader](facts, intent, heard) if intent.reader else facts


def _has(conversation: Conversation, needed: str) -> bool:
    return {
        "tool": bool(conversation.tool_results),
        "image": bool(conversation.images),
        "images": len(conversation.images) > 1,
        "earlier": conversation.earlier > 0,
    }[needed]


def _captured(name: str, value: str, language: Language) -> str:
    if name in ("topic", "about", "left", "right", "action"):
        return phrase_of(value, language)
    if name == "subject":
        return subject_of(value, language)
    if name == "n":
        return str(min(max(_number(value, language), 1), MOST))
    if name in ("low", "high"):
        return str(_number(value, language))
    return value.strip(" \t\"'“”‘’`«»")


def _number(text: str, language: Language) -> int:
    return int(text) if text.isdecimal() else language.numbers.get(text.lower(), 1)


def _topic(facts: Facts, intent: Intent, heard: _Heard) -> str:
    named = (facts.get(name, "") for name in ("topic", "subject", "about", "action", "key"))
    return (
        next(filter(None, named), intent.topic)
        or gist_of(heard.text, heard.language)
        or heard.language.tables["words"]["nothing"]
    )


def _surroundings(phrases: Phrases, heard: _Heard) -> Facts:
    """Read what stands around the prompt: images, results of tools, who the model is."""
    conversation, facts = heard.conversation, Facts()
    if conversation.images:
        facts |= sights(conversation.images[:MOST], heard.language)
        if conversation.is_final:
            facts |= dict.fromkeys(_OFFERS, "")
    if conversation.tool_results:
        facts["result"] = "; ".join(report_of(one) for one in conversation.tool_results[:8])
    if named := phrases.persona.search(view(conversation.system)):
        facts["name"] = named["name"] or named["other"]
    return facts


def _limit(heard: _Heard) -> Limit | None:
    """Find the length that the prompt, or else the system text, asks for."""
    limits = [one for one in heard.language.limits if _is_spoken(one.words, heard)]
    asked = _limit_in(heard.text, limits, heard.language)
    if asked or not heard.conversation.system:
        return asked
    return _limit_in(view(heard.conversation.system), heard.language.limits, heard.language)


def _limit_in(text: str, limits: Iterable[Limit], language: Language) -> Limit | None:
    for limit in limits:
        if found := limit.when.search(text):
            n = found.groupdict().get("n")
            return replace(limit, n=max(_number(n, language), 1)) if n else limit
    return None


def _is_spoken(words: frozenset[str], heard: _Heard) -> bool:
    return not words or not words.isdisjoint(heard.words)


# --- readers: what a regex alone cannot read


def _look_up(facts: Facts, intent: Intent, heard: _Heard) -> Facts | None:
    """Look the key of a question up in a table."""
    language = heard.language
    asked = facts.get("key") or facts.get("about") or f"{facts['into']}/{facts['phrase']}"
    value = language.tables[intent.table].get(key_of(asked, language.articles))
    return None if value is None else facts | {"value": value}


def _choose(facts: Facts, intent: Intent, heard: _Heard) -> Facts | None:
    """Look up what a list is to be made of, and see how long it has to be."""
    last = facts["key"].rpartition(" ")[2]  # of `warm colors` the colors are known
    found = _look_up(facts, intent, heard) or _look_up(facts | {"key": last}, intent, heard)
    if found is None:
        return None
    known = len(heard.language.grammar[found["value"]])
    topic = phrase_of(f"{facts['key']} {facts.get('suffix', '')}", heard.language)
    return {"n": str(known if known < FEW else USUAL), **found, "topic": topic}


def _calculate(facts: Facts, intent: Intent, heard: _Heard) -> Facts | None:
    """Work out a sum."""
    terms = facts["expr"]
    for when, sign in heard.language.rewrites:
        terms = when.sub(sign, terms)
    try:
        return facts | {"value": result_of(terms)}
    except ZeroDivisionError:
        return facts | {"symbol": "by_zero"}
    except ValueError:
        return None


def _count(facts: Facts, intent: Intent, heard: _Heard) -> Facts:
    """Count from one number to another."""
    low, high = int(facts.get("low", "1")), int(facts["high"])
    step = 1 if low <= high else -1
    return facts | {"value": ", ".join(map(str, range(low, high + step, step)[:MOST_COUNTED]))}


def _program(facts: Facts, intent: Intent, heard: _Heard) -> Facts:
    """See which programming language is meant, and whether the task is a well-known one."""
    tables, grammar = heard.language.tables, heard.language.grammar
    spoken = _WORD.findall(heard.text)
    words = [word.lower() for word in spoken if word not in heard.language.stop]
    tag = next(_known(words, tables["code_languages"]), "python")
    tasks = (f"{tag}_{task}" for task in _known(words, tables["code_tasks"]))
    snippet = next((task for task in tasks if task in grammar), tag)
    names = _NAME.findall(bare_of(facts.get("topic", ""), heard.language).lower())[:3] or ["item"]
    named = {"slug": "_".join(names), "pascal": "".join(map(str.capitalize, names))}
    return facts | named | {"tag": tag, "label": tables["code_labels"][tag], "snippet": snippet}


def _known(words: Iterable[str], table: Mapping[str, str]) -> Iterator[str]:
    return (table[word] for word in words if word in table)


def _summarise(facts: Facts, intent: Intent, heard: _Heard) -> Facts | None:
    """Take the first sentence and the longest words of a text."""
    first = " ".join(sentences(facts["body"])[0].split()[:30]).rstrip(" .,;:!?")
    words = dict.fromkeys(_WORD.findall(facts["body"].replace(first, "")))
    telling = [word for word in words if word.lower() not in heard.language.stop]
    longest = sorted(telling, key=len, reverse=True)[:3]
    if len(longest) < len(_ORDINALS):
        return None
    topic = gist_of(first, heard.language) or longest[0]
    return dict(zip(_ORDINALS, longest, strict=True)) | {"gist": f"{first}.", "topic": topic}


def _look(facts: Facts, intent: Intent, heard: _Heard) -> Facts:
    """See whether one picture or several are meant, and what is known of the first."""
    images = heard.conversation.images
    if len(images) > 1:
        # `image_size` of several pictures is told in `images_size`.
        symbol = intent.name.replace("image_", "images_")
        return facts | {"symbol": symbol, "n": str(min(len(images), MOST))}
    picture = images[0]
    if intent.name == "image" and picture.is_seen:
        return facts | {"symbol": "image_made" if picture.words else "image_seen"}
    return facts


_ORDINALS: Final = ("first", "second", "third")
_READERS: Final[Mapping[str, Callable[[Facts, Intent, _Heard], Facts | None]]] = {
    "arithmetic": _calculate,
    "code": _program,
    "counting": _count,
    "image": _look,
    "summary": _summarise,
    "table": _look_up,
    "things": _choose,
}
