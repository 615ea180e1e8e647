"""Who or what has a part in what is asked: starts and ends, files, people, channels."""

import re
from collections.abc import Iterator
from typing import Final

from mock_server.slots.candidate import Candidate
from mock_server.slots.kinds import Slot, singular
from mock_server.slots.mentions import Mentions
from mock_server.slots.spans import Mention
from mock_server.slots.vocabulary import MONTHS, NUMBERS, ORDERS, STARTERS, WEEKDAYS, words

_SOURCES: Final = words("from")
_TARGETS: Final = words("to into")
_MOVING: Final = words("rename move copy replace")
_INSTEAD: Final = words("with by")
_ADDRESSED: Final = words(
    """to recipient assignee contact attendee participant invitee payee owner friend cc bcc user
    username sender from"""
)
_ADDRESSING: Final = words(
    "to with by for from message call tell ask email text notify invite ping assign and"
)
# Kinds that are written in a way of their own, so that a plain word is none of them.
_FORMAL: Final = words(
    """date time datetime url phone uuid ip currency language unit ticker expression timezone
    email colour place"""
)
_NOBODY: Final = STARTERS | ORDERS | NUMBERS.keys() | {*WEEKDAYS, *MONTHS}
_ABBREVIATION: Final = re.compile(r"\w\.\w\.?")


def roles(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """What a slot may have for its part in an order, such as `from checking to savings`."""
    if slot.formats:
        return
    if slot.is_origin or slot.is_target:
        for path in mentions.paths:
            if not _ABBREVIATION.fullmatch(path.text):
                yield Candidate(path.text, 4.1, (path,))
        if _FORMAL.isdisjoint(slot.kinds[:1]):
            yield from _moved(slot, mentions)
    if slot.words and singular(slot.words[-1]) in _ADDRESSED:
        for address in (*mentions.emails, *mentions.phones):
            yield Candidate(address.text, 3.9, (address,))
        yield from _people(mentions)


def _moved(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Plain words behind `from` or `to`, and what is moved where nothing is said to be left."""
    said = {token.text for token in mentions.tokens}
    is_moving = not _MOVING.isdisjoint(said)
    openers, least = _TARGETS, 3.1
    if slot.is_origin:
        openers = _SOURCES if "from" in said else _MOVING
    elif is_moving and "replace" in said:
        openers = _INSTEAD
    if "from" not in said and not is_moving:
        least = 2.3
    for phrase in mentions.after(openers, longest=2):
        if phrase.text.partition(" ")[0].lower() not in _NOBODY:
            yield Candidate(_without_head(slot, phrase.text), least, (phrase,))


def _without_head(slot: Slot, phrase: str) -> str:
    """A phrase less the word that the name of the slot says already: `savings account`."""
    first, _, last = phrase.rpartition(" ")
    return first if first and last.lower() in slot.words else phrase


def _people(mentions: Mentions) -> Iterator[Candidate]:
    """Names in lower case: one word, with no article, before the sentence goes on or ends."""
    previous: Mention | None = None
    for place, token in enumerate(mentions.tokens[1:], 1):
        opener = mentions.tokens[place - 1]
        if opener.text not in _ADDRESSING or mentions.text[opener.end : token.start] != " ":
            continue
        phrase = mentions.phrase(opener.end, longest=2)
        if phrase is None or phrase.start != token.start or phrase.end != token.end:
            continue
        if not token.text.isalpha() or token.text in _NOBODY:
            continue
        is_listed = previous is not None and mentions.is_joint(previous, phrase)
        if opener.text != "and" or is_listed:
            yield Candidate(phrase.text, 3.2 if opener.text == "to" else 3.0, (phrase,))
            previous = phrase


def channels(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """What is written behind a `#`."""
    for code in mentions.codes:
        if mentions.text[code.start - 1 : code.start] == "#":
            yield Candidate(code.text, 4.5, (code,))
            yield Candidate(f"#{code.text}", 4.4, (code,))
