"""Numbers, in figures and in words, each with what follows it."""

import re
from collections.abc import Sequence
from typing import Final

from mock_server.slots.spans import Amount, Mention, Span, outside, overlaps
from mock_server.slots.units import PORTIONS, UNITS
from mock_server.slots.vocabulary import CURRENCIES, NUMBERS

_MOST: Final = 60
_AMOUNT: Final = re.compile(
    r"(?P<sign>[$€£¥₹]\s?)?(?<![\w.])(?P<n>-?\d{1,3}(?:,\d{3})+(?:\.\d+)?|-?\d+(?:\.\d+)?)"
    r"(?P<k>k|m|bn)?(?![\d\w])?(?P<unit>\s?(?:%|°\s?[CFcf]?\b|°|[€£$¥₹])|[\s-]?[^\W\d_]+)?"
)


def numerals(text: str, tokens: Sequence[Mention], taken: Sequence[Span]) -> list[Amount]:
    """The numbers of a text in order, but for those in stretches that are taken.

    `a litre of` is a number too: one.
    """
    figures = outside(map(_amount, _AMOUNT.finditer(text)), taken)
    for place, token in enumerate(tokens):
        if token.text in NUMBERS and not overlaps(token, taken):
            unit = tokens[place + 1].text if place + 1 < len(tokens) else ""
            figures.append(Amount(NUMBERS[token.text], token.start, token.end, unit, ""))
        elif token.text in _ONE and _is_portion(tokens[place + 1 : place + 3]):
            figures.append(Amount(1, token.start, token.end, tokens[place + 1].text, ""))
    return sorted(figures, key=lambda figure: figure.start)[:_MOST]


_ONE: Final = frozenset(("a", "an"))


def _is_portion(behind: Sequence[Mention]) -> bool:
    """Whether these words go on like `litre of`."""
    if len(behind) < 2 or behind[1].text != "of":
        return False
    return behind[0].text in UNITS or behind[0].text in PORTIONS


def _amount(found: re.Match[str]) -> Amount:
    plain = found["n"].replace(",", "")
    value = float(plain) if "." in plain else int(plain[:300])
    value = round(value * _THOUSANDS[found["k"]], 9) if found["k"] else value
    unit = (found["unit"] or "").strip(" -\n").lower()
    sign = (found["sign"] or "").strip() or (unit if unit in CURRENCIES else "")
    return Amount(value, found.start("n"), found.end("n"), unit, CURRENCIES.get(sign, ""))


_THOUSANDS: Final = {"k": 1000, "m": 10**6, "bn": 10**9}
