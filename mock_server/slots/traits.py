"""What things are like, and what of them is meant: rooms, sizes, flavours, colours of hair."""

from collections.abc import Iterator, Sequence
from typing import Final

from mock_server.slots.candidate import Candidate
from mock_server.slots.kinds import Slot, singular
from mock_server.slots.mentions import Mentions
from mock_server.slots.spans import Mention, stem
from mock_server.slots.units import PORTIONS, UNITS
from mock_server.slots.vocabulary import FUNCTION, ORDERS, STARTERS, words

SIZES: Final = words(
    "small medium large big huge tiny extra-large extra-small xl xxl xs venti grande regular jumbo"
)
_ROOMS: Final = words(
    """kitchen bedroom bathroom garage hallway office living dining basement attic nursery lounge
    garden porch study"""
)
_FLAVOURS: Final = words("topping flavor flavour filling crust variety style")
_HEADED: Final = words(
    """team department project channel list folder playlist account genre category table mode plan
    group room label"""
)
_LOOKS: Final = words("color colour style length shade")
_THINGS: Final = words("name item product dish food article thing ingredient")
_SHADES: Final = words("light dark pale deep bright sandy dirty")
_IS: Final = words("is are was were")


def traits(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """What is told of a thing by the words beside it."""
    last = singular(slot.words[-1]) if slot.words else ""
    if last in _LOOKS and len(slot.words) > 1:
        yield from _looks(slot.words[-2], mentions)
    if last == "size":
        yield from (Candidate(t.text, 4.2, (t,)) for t in mentions.tokens if t.text in SIZES)
    if last == "room":
        yield from _rooms(mentions)
    elif last in _HEADED:
        yield from _modifiers(last, mentions)
    if last in _FLAVOURS or last in _THINGS:
        for counted in _counted(mentions):
            phrase = _flavour(counted, mentions) if last in _FLAVOURS else _thing(counted, mentions)
            if phrase is not None:
                yield Candidate(phrase.text, 3.1 if last in _FLAVOURS else 2.9, (phrase,))


def _looks(part: str, mentions: Mentions) -> Iterator[Candidate]:
    """What somebody's hair or the like is: `black hair`, `hair is black`."""
    tokens = mentions.tokens
    for place in mentions.places_of_stems.get(stem(part), ()):
        after = place + 1
        if after + 1 < len(tokens) and tokens[after].text in _IS:
            is_shade = tokens[after + 1].text in _SHADES and after + 2 < len(tokens)
            run = tokens[after + 1 : after + 2 + is_shade]
        else:
            run = tokens[max(0, place - 1) : place]
            if place > 1 and tokens[place - 2].text in _SHADES:
                run = tokens[place - 2 : place]
        if run and _is_telling(run):
            yield _joined(run, mentions, 4.5)


def _rooms(mentions: Mentions) -> Iterator[Candidate]:
    for place, token in enumerate(mentions.tokens):
        if token.text in _ROOMS:
            behind = mentions.tokens[place + 1 : place + 2]
            is_long = bool(behind) and behind[0].text == "room"
            yield _joined([token, *behind[:is_long]], mentions, 3.6)
    for each in _modifiers("room", mentions):
        whole = mentions.cut(Mention("", each.spans[0].start, each.spans[0].end + len(" room")))
        yield Candidate(whole.text, 3.2, (whole,))


def _modifiers(head: str, mentions: Mentions) -> Iterator[Candidate]:
    """The word before a noun that says which one is meant: `the marketing team`."""
    for place in mentions.places_of_stems.get(stem(head), ()):
        run = mentions.tokens[max(0, place - 1) : place]
        if run and _is_telling(run) and run[0].text.isalpha():
            gap = mentions.text[run[0].end : mentions.tokens[place].start]
            if gap == " ":
                yield _joined(run, mentions, 3.1)


def _counted(mentions: Mentions) -> Iterator[Sequence[Mention]]:
    """The words for what is counted: `3 large pizzas`, `a litre of milk`."""
    for amount in mentions.amounts:
        first = mentions.first_token(amount.end)
        if amount.currency or amount.unit.startswith(("%", "°")):
            continue
        if amount.unit in UNITS or amount.unit in PORTIONS:
            behind = mentions.tokens[first + 1 : first + 2]
            if not behind or behind[0].text != "of":
                continue
            first += 2
        run: list[Mention] = []
        for token in mentions.tokens[first : first + 4]:
            gap = mentions.text[run[-1].end : token.start] if run else " "
            if token.text in FUNCTION or gap.strip(" ") or not token.text[0].isalpha():
                break
            run.append(token)
        if run:
            yield run


def _thing(run: Sequence[Mention], mentions: Mentions) -> Mention | None:
    return mentions.cut(Mention("", run[0].start, run[min(len(run), 3) - 1].end))


def _flavour(run: Sequence[Mention], mentions: Mentions) -> Mention | None:
    """The words that stand before the noun, less those for its size."""
    rest = [token for token in run[:-1] if token.text not in SIZES]
    return mentions.cut(Mention("", rest[0].start, rest[-1].end)) if rest else None


def _is_telling(run: Sequence[Mention]) -> bool:
    return all(token.text not in STARTERS and token.text not in ORDERS for token in run)


def _joined(run: Sequence[Mention], mentions: Mentions, strength: float) -> Candidate:
    whole = mentions.cut(Mention("", run[0].start, run[-1].end))
    return Candidate(whole.text, strength, (whole,))
