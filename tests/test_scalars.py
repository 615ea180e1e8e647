"""Numbers are exact, strings keep to all that is asked of them, and both look usual if they can."""

from random import Random
from typing import Any

import jsonschema_rs
import pytest

from mock_server.document import Document
from mock_server.values.conjunction import Conflict
from mock_server.values.scalars import Manner, Numbers, Strings
from mock_server.values.schemas import Schemas
from mock_server.values.words import Words

Json = Any
WORDS = Words()

NUMBERS: list[Json] = [
    {},
    {"minimum": 5, "maximum": 5},
    {"minimum": 0, "maximum": 0},
    {"minimum": -2.5, "maximum": -2.5},
    {"minimum": 0.1, "maximum": 0.10001},
    {"minimum": 1e-9, "exclusiveMaximum": 2e-9},
    {"exclusiveMinimum": 0, "exclusiveMaximum": 1},
    {"exclusiveMinimum": 5, "minimum": 5, "maximum": 6},
    {"exclusiveMinimum": 3, "minimum": 5},
    {"minimum": 10**6},
    {"maximum": -(10**6)},
    {"minimum": 1e300},
    {"exclusiveMaximum": -1e300},
    {"exclusiveMinimum": 1e18, "exclusiveMaximum": 1.1e18},
    {"multipleOf": 0.01},
    {"multipleOf": 0.1, "minimum": 0.25, "maximum": 0.35},
    {"multipleOf": 2.5, "minimum": 1e6},
    {"multipleOf": 7, "maximum": -1},
    {"multipleOf": 1e-7, "exclusiveMinimum": 0, "maximum": 1e-6},
    {"multipleOf": 1000.001},
    {"format": "int32"},
    {"format": "uint8", "minimum": 255},
    {"format": "int64", "minimum": 2**63 - 1},
]


def is_valid(schema: Json, value: Json) -> bool:
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid(value)


@pytest.mark.parametrize("wild", [False, True])
@pytest.mark.parametrize("schema", NUMBERS)
def test_numbers_keep_to_their_bounds_and_steps(schema: Json, wild: bool) -> None:
    random = Random(1)
    for _ in range(30):
        made = Numbers([schema], whole=False).make(Manner("", wild), random, ())
        assert is_valid(schema, made), made


@pytest.mark.parametrize("wild", [False, True])
@pytest.mark.parametrize(
    "schema",
    [
        {},
        {"minimum": 0.5},
        {"maximum": -0.5},
        {"exclusiveMinimum": 0.5, "exclusiveMaximum": 1.5},
        {"multipleOf": 0.4},
        {"multipleOf": 1.5, "minimum": 10},
        {"minimum": 10**30},
        {"minimum": 10**30, "maximum": 10**30},
    ],
)
def test_whole_numbers_are_whole(schema: Json, wild: bool) -> None:
    random = Random(1)
    for _ in range(30):
        made = Numbers([schema], whole=True).make(Manner("", wild), random, ())
        assert isinstance(made, int)
        assert is_valid(schema, made), made


def test_steps_of_several_schemas_meet() -> None:
    parts: list[Json] = [{"multipleOf": 4}, {"multipleOf": 6, "minimum": 1}, {"multipleOf": 0.5}]
    made = Numbers(parts, whole=False).make(Manner("", wild=True), Random(1), ())
    assert made % 12 == 0


@pytest.mark.parametrize(
    "parts",
    [
        [{"minimum": 2, "maximum": 1}],
        [{"minimum": 2, "exclusiveMaximum": 2}],
        [{"multipleOf": 10, "minimum": 1, "maximum": 9}],
        [{"minimum": 300}, {"format": "uint8"}],
    ],
)
def test_bounds_that_leave_nothing_are_a_conflict(parts: Json) -> None:
    with pytest.raises(Conflict):
        Numbers(parts, whole=True)


def test_the_next_free_number_is_taken() -> None:
    numbers = Numbers([{"minimum": 1, "maximum": 50}], whole=True)
    random, seen = Random(1), set[Json]()
    for _ in range(50):
        seen.add(numbers.make(Manner("", wild=False), random, seen))
    assert seen == set(range(1, 51))


def test_numbers_have_the_size_that_their_name_suggests() -> None:
    random = Random(1)
    for _ in range(30):
        latitude = Numbers([{}], whole=False).make(Manner("latitude", wild=False), random, ())
        assert -60 <= latitude <= 60
        year = Numbers([{"minimum": 2020}], whole=True).make(Manner("year", False), random, ())
        assert 2020 <= year <= 2026


STRINGS: list[Json] = [
    {},
    {"maxLength": 0},
    {"maxLength": 3},
    {"minLength": 50, "maxLength": 50},
    {"minLength": 10_000},
    {"pattern": "^[a-z]{3}$"},
    {"pattern": "^[a-z]+$", "minLength": 30, "maxLength": 30},
    {"pattern": "^(?!x)[w-z]$"},
    {"format": "email"},
    {"format": "email", "maxLength": 5},
    {"format": "uri", "minLength": 100},
    {"format": "date-time"},
    {"format": "uuid", "minLength": 36, "maxLength": 36},
    {"format": "hostname", "maxLength": 4},
    {"format": "date", "pattern": "^20"},
    {"format": "currency", "maxLength": 3},
    {"format": "no-such-format"},
    {"format": "byte", "minLength": 5, "maxLength": 7},
    {"contentEncoding": "base64"},
]


def strings(seed: int = 1) -> Strings:
    return Strings(Schemas(Document({})), WORDS, Random(seed), lambda work: None)


@pytest.mark.parametrize("wild", [False, True])
@pytest.mark.parametrize("schema", STRINGS)
def test_strings_keep_to_all_that_is_asked(schema: Json, wild: bool) -> None:
    made = strings()
    for name in ("", "email", "title"):
        assert is_valid(schema, made.make([schema], Manner(name, wild)))


def test_strings_keep_to_several_schemas() -> None:
    parts: list[Json] = [
        {"pattern": "^[a-f]"},
        {"pattern": "[0-9]$", "minLength": 8},
        {"maxLength": 12},
    ]
    made = strings().make([parts[0], {"pattern": "^[a-f0-9]+$"}, *parts[2:]], Manner("", False))
    assert is_valid({"allOf": parts[::2]}, made)


def test_names_and_formats_make_usual_strings() -> None:
    assert "@example." in strings().make([{"format": "email"}], Manner("", wild=False))
    assert "@" in strings().make([{"minLength": 3}], Manner("email", wild=False))
    code = strings().make([{"pattern": "^[A-Z]{3}$"}], Manner("currency", wild=False))
    assert code == WORDS.about("currency", Random(1))


@pytest.mark.parametrize(
    ("parts", "keyword"),
    [
        ([{"minLength": 10_001}], "minLength"),
        ([{"minLength": 2, "maxLength": 1}], "maxLength"),
        ([{"pattern": "^a$"}, {"pattern": "^b$"}], "pattern"),
        ([{"pattern": "^(a)?(?(1)b|c)$"}], "pattern"),
        ([{"format": "uuid", "maxLength": 3}], "format"),
    ],
)
def test_what_no_string_keeps_to_is_named(parts: Json, keyword: str) -> None:
    with pytest.raises(Conflict) as caught:
        strings().make(parts, Manner("", wild=False))
    assert caught.value.keyword in {keyword, "maxLength"}


def test_draws_in_vain_are_paid_for() -> None:
    spent: list[int] = []
    made = Strings(Schemas(Document({})), WORDS, Random(1), spent.append)
    with pytest.raises(Conflict):
        made.make([{"pattern": "^a$", "minLength": 2}], Manner("", wild=False))
    assert sum(spent) >= 500
