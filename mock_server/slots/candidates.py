"""What a text offers for a slot: values of its type, with how sure they are."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mock_server.slots.candidate import SURE, Candidate
from mock_server.slots.choices import chosen, named
from mock_server.slots.figures import COUNTS, numbers
from mock_server.slots.kinds import Slot, quoted_choices, singular
from mock_server.slots.mentions import Mentions
from mock_server.slots.readers import READERS, before
from mock_server.slots.roles import roles
from mock_server.slots.sentences import gist
from mock_server.slots.spans import Mention, Span, overlaps, stem
from mock_server.slots.traits import traits
from mock_server.slots.vocabulary import MONEY, STARTERS, words
from mock_server.wire import Json

_MOST: Final = 100
_ORIGIN_OPENERS: Final = words("from leaving departing between of")
_TARGET_OPENERS: Final = words("to into towards toward until till through visiting and onto")
_NO: Final = words("no not without don't exclude disable never skip except excluding omit hide")
_TRUTH: Final = words(
    "is has have include includes with enable enabled should want needs use do are"
)
_LIST_LEAD: Final = re.compile(
    r"^.*(?::|\b(?:me|some|get|add|buy|order|need|want|following|of|for|with|using|containing))\s+"
)
_LIST_TAIL: Final = re.compile(
    r"\s+(?:to|from|for|on|in|at|with|by|tomorrow|today|tonight|this|please|as|into|using)\b.*|[.!?;:].*"
)
_LIST_BREAK: Final = re.compile(
    r"\s*,\s*(?:and |or )?|\s+(?:and|or|und|et|y|и)\s+|\s*[;\n]\s*[-*]?\s*"
)
_CONNECTOR: Final = re.compile(
    r"\s*(?:(?:is|are|was|should be|must be|called|named|equals)\b|[:=])\s*(?:the |an? )?", re.I
)
_SETTER: Final = re.compile(r"\s*(?:to|as|at)\s+", re.IGNORECASE)
_SETTING: Final = words("set change turn update adjust put make switch rename mark")


def candidates(slot: Slot, mentions: Mentions) -> list[Candidate]:
    """What a text offers for a slot, the surest first."""
    found = list(_of_type(slot, mentions))[:_MOST]
    if not slot.choices:
        # A text that has the name of a property in quotation marks asks for it.
        found = [each for each in found if each.value != slot.name]
    if slot.is_origin or slot.is_target:
        found = [_by_role(slot, each, mentions) for each in found]
    return sorted(found, key=lambda each: -each.strength)


def _of_type(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    if slot.choices:
        yield from chosen(slot, mentions)
        return
    if "array" in slot.types and slot.item is not None:
        yield from _several(slot, slot.item, mentions)
    if slot.types & {"integer", "number"}:
        yield from numbers(slot, mentions)
    if "boolean" in slot.types:
        yield from _truths(slot, mentions)
    if "string" in slot.types or not slot.types:
        yield from _strings(slot, mentions)


def _by_role(slot: Slot, candidate: Candidate, mentions: Mentions) -> Candidate:
    """A candidate whose place says that it is a start or an end, and so the better or worse."""
    if not candidate.spans or isinstance(candidate.value, list):
        return candidate
    opener = before(mentions, candidate.spans[0])
    starts, ends = opener in _ORIGIN_OPENERS, opener in _TARGET_OPENERS
    change = 0.0
    if slot.is_origin:
        change = starts - 1.5 * ends
    if slot.is_target:
        change = max(change, ends - 1.5 * starts) if slot.is_origin else ends - 1.5 * starts
    return candidate._replace(strength=candidate.strength + change)


# --- truths


def _truths(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    telling = [stem(word) for word in slot.words if word not in _TRUTH]
    span = mentions.find(telling)
    if span is not None:
        earlier = {before(mentions, span, back=back) for back in (1, 2, 3)}
        yield Candidate(earlier.isdisjoint(_NO), 4.0, (span,))


# --- strings


def _strings(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    yield from _labelled(slot, mentions)
    yield from _described(slot, mentions)
    for rank, kind in enumerate(slot.kinds[:4]):
        for each in READERS[kind](slot, mentions):
            yield each._replace(strength=each.strength - 0.8 * rank)
    if slot.types & {"integer", "number"}:
        return
    if "id" not in slot.kinds and not (COUNTS | MONEY).isdisjoint(slot.words):
        for each in numbers(slot, mentions):
            yield each._replace(value=mentions.cut(each.spans[0]).text)
    yield from roles(slot, mentions)
    if not slot.formats:
        yield from traits(slot, mentions)
        yield from _anything(slot, mentions)


def _labelled(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """What is said to be the thing: `name is Bob`, `title: Hello`, `set the mode to quiet`."""
    label = mentions.find([stem(word) for word in slot.words])
    if label is None or not _EXACT.isdisjoint(slot.kinds[:1]):
        return
    text, start = mentions.text, label.end
    earlier = [token for token in mentions.tokens if token.start < label.start]
    # What is set is the object of the sentence: no room, where it says `in the room at 40%`.
    setting = any(token.text in _SETTING for token in earlier)
    setting = setting and _WHERE.isdisjoint(token.text for token in earlier[-3:])
    found = _CONNECTOR.match(text, start) or (_SETTER.match(text, start) if setting else None)
    for quoted in mentions.quoted:
        if quoted.start in {start + 1, found.end() if found else -1}:
            yield Candidate(quoted.text, 5.0, (quoted,))
    if found is not None:
        tokens: list[Span] = [*mentions.codes, *mentions.amounts]
        for token in tokens:
            if token.start == found.end():
                yield Candidate(mentions.cut(token).text, 4.9, (token,))
        phrase = mentions.phrase(found.end(), longest=6)
        if phrase is not None:
            yield Candidate(phrase.text, 4.8, (phrase,))


_WHERE: Final = words("in at on inside within")
_EXACT: Final = words("email url phone uuid ip date time datetime currency expression path")


def _described(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Values that the description names, where the text names one of them."""
    for choice in quoted_choices(slot):
        span = named(choice, mentions)
        if span is not None:
            yield Candidate(choice, 4.0, (span,))


def _anything(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """What may stand in for a value that is needed, if nothing better is found."""
    for quoted in mentions.quoted:
        yield Candidate(quoted.text, 2.4, (quoted,))
    if slot.words[-1:] == ("name",):
        yield from _phrases(_EVENT_OPENERS, 1.9, mentions)
    if not slot.kinds:
        for name in mentions.names:
            yield Candidate(name.text, 2.2, (name,))
        yield from _phrases(_OBJECT_OPENERS, 1.8, mentions)
        if (main := gist(mentions)) is not None:
            yield Candidate(main.text, 1.4, (main,))
    for example in slot.examples:
        yield Candidate(example, 1.0)


def _phrases(openers: frozenset[str], strength: float, mentions: Mentions) -> Iterator[Candidate]:
    for phrase in mentions.after(openers):
        yield Candidate(phrase.text, strength, (phrase,))


_EVENT_OPENERS: Final = words("to attend attending for called named")
_OBJECT_OPENERS: Final = words("for of about with on called named")


# --- lists


def _several(slot: Slot, item: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """All values that a text has for the items of an array."""
    if "object" in item.types:
        return
    found = [each for each in candidates(item, mentions) if each.spans and each.strength >= SURE]
    if item.choices or _plural_kind(item):
        if found:
            yield _gathered(found, 0.0)
        return
    parts = list(_listed(mentions))
    if len(parts) > 1:
        yield Candidate([part.text for part in parts], 3.6, tuple(parts))
    else:
        for phrase in mentions.after(_CONTAINING, longest=3):
            is_part = singular(slot.words[-1]) in _PARTS if slot.words else False
            yield Candidate([phrase.text], 3.0 if is_part else 2.2, (phrase,))
    if found:
        yield _gathered(found, -0.5)


_CONTAINING: Final = words("with using containing")
_PARTS: Final = words("ingredient topping filling tool feature amenity tag material")


def _plural_kind(item: Slot) -> bool:
    return bool(item.types & {"integer", "number"}) or bool(
        set(item.kinds[:1]) - {"text", "query", "title", "task", "path", "id"}
    )


def _gathered(found: Sequence[Candidate], change: float) -> Candidate:
    """Candidates of one slot as a list, each stretch of the text once, in the text's order."""
    taken: list[Span] = []
    kept: list[Candidate] = []
    for each in found:
        if each.strength > found[0].strength - 1.3 and not overlaps(each.spans[0], taken):
            taken += each.spans
            kept.append(each)
    kept.sort(key=lambda each: each.spans[0].start)
    values: list[Json] = []
    for each in kept:
        if each.value not in values:
            values.append(each.value)
    change += 0.5 * (len(values) > 1)
    return Candidate(values, found[0].strength + change, tuple(taken))


def _listed(mentions: Mentions) -> Iterator[Mention]:
    """The members of a list in a text: `milk, eggs and bread`."""
    for line in re.finditer(r"[^\n.!?]+(?:\n\s*[-*][^\n]*)*", mentions.text):
        parts = [part for part in _LIST_BREAK.split(line[0]) if part.strip()]
        if len(parts) < 2 or any(len(part.split()) > 6 for part in parts[1:-1]):
            continue
        members = [_LIST_LEAD.sub("", parts[0]), *parts[1:-1], _LIST_TAIL.sub("", parts[-1])]
        members = [_bare(member) for member in members]
        if all(member and len(member.split()) <= 5 for member in members):
            start = line.start()
            for member in members:
                start = mentions.text.find(member, start)
                yield Mention(member, start, start + len(member))
            return


def _bare(member: str) -> str:
    left = member.strip(" \t\"'-*.")
    while (first := left.partition(" "))[2] and first[0].lower() in STARTERS:
        left = first[2]
    return left
