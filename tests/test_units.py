"""Units: a property's own unit is known by its name or description, and amounts turn into it."""

import pytest

from mock_server.slots.mentions import Mentions
from mock_server.slots.units import UNITS, converted, unit_of


@pytest.mark.parametrize(
    ("name", "description", "unit"),
    [
        ("distance_km", "", "km"),
        ("duration_min", "", "min"),
        ("price_min", "", None),
        ("seconds", "", "s"),
        ("ms", "", "ms"),
        ("m", "", None),
        ("sign_in", "", None),
        ("month", "", None),
        ("temperature_celsius", "", "celsius"),
        ("duration", "Duration in seconds", "s"),
        ("duration", "How long (min)", "min"),
        ("duration", "Seconds or minutes", None),
        ("room", "The room, e.g. kitchen", None),
    ],
)
def test_what_a_property_is_counted_in(name: str, description: str, unit: str | None) -> None:
    assert unit_of(tuple(name.split("_")), description) == (UNITS[unit] if unit else None)


@pytest.mark.parametrize(
    ("text", "unit", "values"),
    [
        ("15 minutes", "s", [900]),
        ("1 hour and 30 minutes, then 20 minutes", "min", [90, 20]),
        ("6 feet 2 inches", "cm", [187.96]),
        ("2 kg and 500 g", "g", [2500]),
        ("30 minutes and 1 hour", "min", [30, 60]),
        ("72°F", "celsius", [22.2]),
        ("5 apples", "kg", []),
    ],
)
def test_amounts_are_turned_into_other_units(text: str, unit: str, values: list[float]) -> None:
    assert [converted(size, UNITS[unit]) for _, size in Mentions(text).sizes] == values
