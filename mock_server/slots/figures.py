"""Readers of numbers: by their units, their currencies, and the words before them."""

from collections.abc import Iterator, Sequence
from typing import Final

from mock_server.slots.candidate import SURE, Candidate
from mock_server.slots.kinds import Slot
from mock_server.slots.mentions import Mentions
from mock_server.slots.readers import before
from mock_server.slots.spans import Amount, stem
from mock_server.slots.units import UNITS, Unit, converted, unit_of
from mock_server.slots.vocabulary import FAMILIES, FUNCTION, MONEY, words

_UNDER: Final = words(
    "under below most to within maximum max beneath exceeding until less fewer younger cheaper"
)
_OVER: Final = words(
    "over above least from minimum min after between more older greater larger bigger longer"
)
COUNTS: Final = words(
    """count limit quantity number num n amount value top k size a b x y first second qty total
    times score level temperature brightness volume max_results per_page rows"""
)
_STEMMED: Final = [(family, frozenset(map(stem, family))) for family in FAMILIES]
_GENERIC: Final = FUNCTION | words("id name value number type list is has include with enable use")

_NO_LABEL: Final = _GENERIC | UNITS.keys()


def numbers(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """The numbers of a text, as values for a slot."""
    own = {stem(word) for word in slot.words}
    families = [
        family
        for family, stems in _STEMMED
        if not family.isdisjoint(slot.words) or not own.isdisjoint(stems)
    ]
    counted_in = unit_of(slot.words, slot.description)
    if counted_in is not None:
        yield from _converted(slot, counted_in, mentions)
    for amount in _ordered(slot, mentions):
        unit = UNITS.get(amount.unit)
        if counted_in is not None and unit is not None:
            if unit.dimension != counted_in.dimension:
                yield Candidate(amount.value, 1.0, (amount,))
            continue
        strength = _fitness(slot, amount, own, families, mentions)
        yield Candidate(amount.value, strength, (amount,))
        if isinstance(amount.value, int) and "%" in amount.unit:
            yield Candidate(amount.value / 100, strength - 0.1, (amount,))


def _converted(slot: Slot, unit: Unit, mentions: Mentions) -> Iterator[Candidate]:
    """The amounts of what a slot measures, in its own unit."""
    for amount, size in mentions.sizes:
        own = UNITS[amount.unit]
        if own.dimension == unit.dimension:
            value, spans = converted(size, unit), (amount,)
            earlier = [before(mentions, amount, back=n) for n in (1, 2, 3)]
            strength = 4.8 + _bounded(slot, earlier)
            yield Candidate(value, strength, spans)
            if isinstance(value, float):
                yield Candidate(round(value), strength - 0.1, spans)
            if own.dimension == "share":
                yield Candidate(value / 100, strength - 0.2, spans)


def _ordered(slot: Slot, mentions: Mentions) -> Sequence[Amount]:
    """The amounts; `subtract 3 from 10` has its first operand behind the second one."""
    amounts = mentions.amounts
    if len(amounts) == 2 and not COUNTS.isdisjoint(slot.words):
        low, high = amounts
        if before(mentions, high) == "from" and not _TAKING.isdisjoint(
            before(mentions, low, back=back) for back in (1, 2)
        ):
            return (high, low)
    return amounts


_TAKING: Final = words("subtract subtracting subtracted deduct take taking minus")


def _fitness(
    slot: Slot,
    amount: Amount,
    own: set[str],
    families: Sequence[frozenset[str]],
    mentions: Mentions,
) -> float:
    """How well a number fits a slot: by its unit, its currency and the words before it."""
    unit, earlier = stem(amount.unit), [before(mentions, amount, back=n) for n in (1, 2, 3)]
    # The unit of one number does not tell what the next one is.
    telling = own & {stem(word) for word in earlier if word not in _NO_LABEL}
    is_money = not MONEY.isdisjoint(slot.words)
    strength = 2.0
    if amount.unit and (unit in own or _related(amount.unit, families)):
        strength = 4.7 if unit in own else 4.5
    elif telling or (amount.unit == "%" and _behind(mentions, amount) in own):
        strength = 4.6
    elif amount.currency or amount.unit == "%":
        strength = 4.0 if is_money and amount.currency else 1.0
    elif "year" in own and _is_year(amount.value):
        strength = 3.5
    elif (is_money or not COUNTS.isdisjoint(slot.words)) and (
        not is_measure(amount.unit) or _is_portion(mentions, amount)
    ):
        strength = SURE
    return strength + _bounded(slot, earlier)


def _behind(mentions: Mentions, amount: Amount) -> str:
    """The stem of the word behind a number with a sign."""
    place = mentions.first_token(amount.end)
    return stem(mentions.tokens[place].text) if place < len(mentions.tokens) else ""


def _is_portion(mentions: Mentions, amount: Amount) -> bool:
    """Whether it is said what there is so much of: `1 kg of rice`."""
    place = mentions.first_token(amount.end) + 1
    return [token.text for token in mentions.tokens[place : place + 1]] == ["of"]


def _related(unit: str, families: Sequence[frozenset[str]]) -> bool:
    single = unit.removesuffix("s")
    return any(unit in family or single in family for family in families)


def is_measure(unit: str) -> bool:
    """Whether a word is a unit that numbers are measured in."""
    return bool(unit) and unit not in FUNCTION and _related(unit, FAMILIES)


def _is_year(value: float) -> bool:
    return isinstance(value, int) and 1000 <= value < 3000


def _bounded(slot: Slot, earlier: Sequence[str]) -> float:
    """How much better a number fits a lower or an upper bound for the words before it."""
    is_end = earlier[0] in {"and", "to"} and earlier[2] in {"between", "from"}
    near = set(earlier[:2])
    under = is_end or earlier[2] == "no" or not near.isdisjoint(_UNDER)
    over = not is_end and earlier[2] != "no" and not near.isdisjoint(_OVER)
    if slot.is_upper_bound:
        return 1.0 * under - 1.5 * (over and not under)
    if slot.is_lower_bound:
        return 1.0 * over - 1.5 * (under and not over)
    return 0.0
