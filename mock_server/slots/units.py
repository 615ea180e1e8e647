"""Units of measure: which one a property is counted in, and amounts turned into it."""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from mock_server.slots.spans import Amount
from mock_server.slots.vocabulary import words


class Unit(NamedTuple):
    """A unit: what it measures, and how a number of it becomes one of the base unit."""

    dimension: str
    factor: float
    offset: float = 0.0


# What is measured -> words for a unit, the many of it too, and its size in the base unit.
_TABLE: Final[Mapping[str, Mapping[str, float]]] = {
    "time": {
        "ms millisecond milliseconds": 0.001,
        "s sec secs second seconds": 1,
        "min mins minute minutes": 60,
        "h hr hrs hour hours": 3600,
        "day days night nights": 86_400,
        "week weeks wk wks": 604_800,
        "month months": 2_629_800,
        "year years yr yrs": 31_557_600,
    },
    "length": {
        "mm millimeter millimeters millimetre millimetres": 0.001,
        "cm centimeter centimeters centimetre centimetres": 0.01,
        "m meter meters metre metres": 1,
        "km kilometer kilometers kilometre kilometres": 1000,
        "in inch inches": 0.0254,
        "ft foot feet": 0.3048,
        "yd yard yards": 0.9144,
        "mi mile miles": 1609.344,
    },
    "mass": {
        "mg milligram milligrams": 0.000_001,
        "g gram grams gramme grammes": 0.001,
        "kg kgs kilo kilos kilogram kilograms": 1,
        "oz ounce ounces": 0.028_349_523_125,
        "lb lbs pound pounds": 0.453_592_37,
    },
    "volume": {
        "ml milliliter milliliters millilitre millilitres": 0.001,
        "l liter liters litre litres": 1,
        "gallon gallons": 3.785_411_784,
    },
    "share": {"% percent percentage pct": 1},
    "temperature": {"celsius centigrade °c": 1, "kelvin": 1, "fahrenheit °f": 5 / 9},
}
_OFFSETS: Final = {"kelvin": -273.15, "fahrenheit": -160 / 9, "°f": -160 / 9}
UNITS: Final = {
    word: Unit(dimension, factor, _OFFSETS.get(word, 0.0))
    for dimension, sizes in _TABLE.items()
    for some, factor in sizes.items()
    for word in some.split()
}
"""By every word for them, in lower case."""
PORTIONS: Final = words(
    """cup cups glass glasses bottle bottles can cans bag bags box boxes pack packs slice slices
    piece pieces tbsp tsp tablespoon tablespoons teaspoon teaspoons pinch bunch loaf loaves jar
    jars carton cartons dozen"""
)
"""What things are counted in that have no measure of their own."""
_COUNTED_IN: Final = re.compile(r"(?:\b(?:in|of)\s+|[(\[]\s*)(?:whole )?([a-z%]+)|\b([a-z]{6,})\b")
_SPELT: Final = 4  # letters from which on a word is surely a unit
# Short words that stand for a unit only at the end of a name that tells what is measured.
_DOUBTFUL: Final[Mapping[str, frozenset[str]]] = {
    "min": words("duration time timer length delay timeout interval prep cook cooking travel walk"),
    **dict.fromkeys(("day", "night", "week", "month", "year", "hour"), frozenset[str]()),
    "in": words("height width length depth size"),
    "s": words("duration time timer delay timeout interval length"),
    "h": words("duration time timer length work sleep"),
    "second": words("duration delay timeout time"),
    "pounds": words("weight mass"),
}


@lru_cache(512)
def unit_of(name: tuple[str, ...], description: str) -> Unit | None:
    """The unit that a property's name (its words) ends in or is, else that it is described by."""
    last = name[-1] if name else ""
    if last in UNITS and (len(name) > 1 or len(last) >= _SPELT or last in _SURE):
        known = _DOUBTFUL.get(last)
        if known is None or not known.isdisjoint(name[:-1]):
            return UNITS[last]
    found = []
    for match in _COUNTED_IN.finditer(description[:300].lower()):
        word = match[1] or match[2]
        if word in UNITS and (len(word) >= _SPELT or match[1] in _SHORT):
            found.append(UNITS[word])
    return found[0] if len(set(found)) == 1 else None


_SURE: Final = words("ms km kg cm mm mg ml")
_SHORT: Final = words("ms min h km cm mm kg mg ml ft mi lb lbs oz %")


def measured(amounts: Sequence[Amount], text: str) -> list[tuple[Amount, float]]:
    """The amounts that have a unit, with their size in its base; `1 h 30 min` is one of them."""
    sizes: list[tuple[Amount, float]] = []
    for amount in amounts:
        unit = UNITS.get(amount.unit)
        if unit is None:
            continue
        size = amount.value * unit.factor + unit.offset
        if sizes and _goes_on(sizes[-1][0], amount, text):
            first, already = sizes.pop()
            sizes.append((first._replace(end=amount.end, unit=amount.unit), already + size))
        else:
            sizes.append((amount, size))
    return sizes


_BETWEEN: Final = re.compile(r"\s?[^\W\d_]+(?:,? and |,? )", re.IGNORECASE)


def _goes_on(left: Amount, right: Amount, text: str) -> bool:
    one, other = UNITS[left.unit], UNITS[right.unit]
    is_finer = one.dimension == other.dimension and one.factor > other.factor
    return is_finer and _BETWEEN.fullmatch(text, left.end, right.start) is not None


def converted(size: float, unit: Unit) -> int | float:
    """A size in the base unit as a number of this one."""
    digits = 1 if unit.dimension == "temperature" else 6
    value = round((size - unit.offset) / unit.factor, digits)
    return int(value) if value.is_integer() else value
