"""Values of an enum, as a text speaks of them."""

from collections.abc import Iterator
from typing import Final

from mock_server.slots.candidate import Candidate
from mock_server.slots.kinds import Slot, words_of
from mock_server.slots.mentions import Mentions
from mock_server.slots.spans import Mention, stem
from mock_server.slots.vocabulary import CURRENCIES, FUNCTION, SYNONYMS, words


def chosen(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Those values of an enum that a text speaks of."""
    for choice in slot.choices if len(slot.choices) > 1 else ():
        if isinstance(choice, str):
            yield from _spoken(choice, mentions)
        elif isinstance(choice, int | float) and not isinstance(choice, bool):
            for amount in mentions.amounts:
                if amount.value == choice:
                    yield Candidate(choice, 3.5, (amount,))


def _spoken(choice: str, mentions: Mentions) -> Iterator[Candidate]:
    span = named(choice, mentions)
    if span is None and choice.lower() in {"on", "off"} and _is_switching(mentions):
        span = mentions.find([choice.lower()])
    if span is not None:
        yield Candidate(choice, 4 + min(len(choice), 30) / 100, (span,))
    elif (coin := _coin(choice, mentions)) is not None:
        yield Candidate(choice, 3.6, (coin,))
    elif (other := _synonym(choice, mentions)) is not None:
        yield Candidate(choice, 3.5, (other,))


def _coin(choice: str, mentions: Mentions) -> Mention | None:
    """Where a currency is spoken of, by its name or its sign, that is chosen by its code."""
    if choice.upper() not in _COINS:
        return None
    return next((each for each in mentions.currencies if each.text == choice.upper()), None)


_COINS: Final = frozenset(CURRENCIES.values())


def _is_switching(mentions: Mentions) -> bool:
    return any(token.text in _SWITCHES for token in mentions.tokens)


_SWITCHES: Final = words("turn switch turned switched power lights light")


def named(choice: str, mentions: Mentions) -> Mention | None:
    """Where a text names a choice; short ones must be written exactly so."""
    parts = words_of(choice)
    span = mentions.find([stem(part) for part in parts])
    if span is None or (len(choice) > 2 and choice.lower() not in FUNCTION):
        return span
    return span if span.text == choice and choice.lower() not in FUNCTION else None


def _synonym(choice: str, mentions: Mentions) -> Mention | None:
    for other in SYNONYMS.get(choice.lower(), ()):
        if other.isalpha():
            if (span := mentions.find([stem(other)])) is not None and len(other) > 1:
                return span
        elif (start := mentions.text.lower().find(other)) >= 0:
            return Mention(other, start, start + len(other))
    return None
