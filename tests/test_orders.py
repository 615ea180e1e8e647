"""Orders of everyday life: each word of them lands in the argument that it is meant for."""

from random import Random
from typing import Any

import pytest

from mock_server.filling import Filling

Json = Any

FILLING = Filling()
TEXT = {"type": "string"}
NUMBER = {"type": "number"}
WHOLE = {"type": "integer"}
DATE = {"type": "string", "format": "date"}
MOMENT = {"type": "string", "format": "date-time"}
TEXTS = {"type": "array", "items": TEXT}


def one_of(*choices: str) -> Json:
    return {"enum": list(choices)}


def tool(**properties: Json) -> Json:
    return {"type": "object", "properties": properties, "required": list(properties)}


def rows(**properties: Json) -> Json:
    item = {
        "type": "object",
        "properties": properties,
        "required": [name for name in properties if name != "unit"],
    }
    return tool(items={"type": "array", "items": item})


def check(text: str, schema: Json, *expected: Json) -> None:
    names = schema["properties"]
    for seed in range(3):
        arguments = FILLING.fillings(schema, text, Random(seed))[0]
        assert [arguments[name] for name in names] == list(expected)


@pytest.mark.parametrize(
    ("text", "properties", "expected"),
    [
        (
            "Log that I ran 5 km in 27 minutes",
            {"activity": one_of("walk", "run"), "distance_km": NUMBER, "duration_min": NUMBER},
            ["run", 5, 27],
        ),
        ("I weigh 80 kg and am 180 cm tall", {"weight_kg": NUMBER, "height_cm": NUMBER}, [80, 180]),
        (
            "Turn on the lights in the living room at 40% brightness",
            {"room": TEXT, "state": one_of("on", "off"), "brightness": WHOLE},
            ["living room", "on", 40],
        ),
        ("Turn off the kitchen lights", {"room": TEXT}, ["kitchen"]),
        ("Tip 20% on $50", {"bill": NUMBER, "tip_percent": NUMBER}, [50, 20]),
        ("Set a timer for 15 minutes", {"duration_seconds": WHOLE}, [900]),
        (
            "Set a timer for 15 minutes",
            {"duration": {"type": "integer", "description": "Duration in seconds"}},
            [900],
        ),
        ("Set a timer for 15 minutes", {"seconds": WHOLE}, [900]),
        ("Set a timer for 1 hour and 30 minutes", {"minutes": WHOLE}, [90]),
        ("Block two hours for deep work", {"duration_minutes": WHOLE}, [120]),
        ("Show cafés within 2 km", {"radius_m": WHOLE}, [2000]),
        ("Set the thermostat to 72°F", {"temperature_celsius": NUMBER}, [22.2]),
        ("A 2 bedroom flat of 60 m2", {"bedrooms": WHOLE}, [2]),
        ("subtract 3 from 10", {"a": NUMBER, "b": NUMBER}, [10, 3]),
        ("What is 3 * 12?", {"a": WHOLE, "b": WHOLE}, [3, 12]),
        ("11 + 49", {"a": WHOLE, "b": WHOLE}, [11, 49]),
    ],
)
def test_numbers_go_where_their_units_belong(text: str, properties: Json, expected: Json) -> None:
    check(text, tool(**properties), *expected)


@pytest.mark.parametrize(
    ("text", "properties", "expected"),
    [
        (
            "Rename report.docx to final.docx",
            {"old_name": TEXT, "new_name": TEXT},
            ["report.docx", "final.docx"],
        ),
        ("Rename a.txt to b.txt", {"dst": TEXT, "src": TEXT}, ["b.txt", "a.txt"]),
        (
            "Move /tmp/a.txt to /home/x/b.txt",
            {"source": TEXT, "destination": TEXT},
            ["/tmp/a.txt", "/home/x/b.txt"],
        ),
        (
            "Transfer 1,250.50 euros from checking to savings",
            {
                "from_account": TEXT,
                "to_account": TEXT,
                "amount": NUMBER,
                "currency": one_of("USD", "EUR", "GBP"),
            },
            ["checking", "savings", 1250.5, "EUR"],
        ),
        (
            "Send £20 to alice",
            {"recipient": TEXT, "currency": one_of("USD", "EUR", "GBP")},
            ["alice", "GBP"],
        ),
        (
            "Assign the ticket to bob with high priority",
            {"assignee": TEXT, "priority": one_of("low", "high")},
            ["bob", "high"],
        ),
        ("Invite alice and bob to the meeting", {"attendees": TEXTS}, [["alice", "bob"]]),
        (
            "Say hi to Bob in Slack channel #general",
            {"channel": TEXT, "text": TEXT},
            ["general", "hi"],
        ),
        (
            "Create a ticket: the login page crashes on Safari, high priority, assign to bob",
            {"title": TEXT, "priority": one_of("low", "high"), "assignee": TEXT},
            ["the login page crashes on Safari", "high", "bob"],
        ),
        (
            "How far is Paris from London in km?",
            {"origin": TEXT, "destination": TEXT, "unit": TEXT},
            ["London", "Paris", "km"],
        ),
        ("Grant is a doctor", {"name": TEXT}, ["Grant"]),
        ("Lock my car, please, Ann", {"name": TEXT}, ["Ann"]),
    ],
)
def test_each_has_its_part(text: str, properties: Json, expected: Json) -> None:
    check(text, tool(**properties), *expected)


STAY = {"check_in": DATE, "check_out": DATE}
SPAN = {"start": MOMENT, "end": MOMENT}


@pytest.mark.parametrize(
    ("text", "properties", "expected"),
    [
        ("Book from March 3 to March 7, 2025", STAY, ["2025-03-03", "2025-03-07"]),
        ("Book from December 30 to January 2, 2025", STAY, ["2024-12-30", "2025-01-02"]),
        ("Book from March 3 to March 7", STAY, ["2026-03-03", "2026-03-07"]),
        ("Book from December 30 to January 2", STAY, ["2026-12-30", "2027-01-02"]),
        ("Book from May 30 for 3 nights", STAY, ["2026-05-30", "2026-06-02"]),
        (
            "Meet on March 3, 2025 from 10:00 to 11:30",
            SPAN,
            ["2025-03-03T10:00:00Z", "2025-03-03T11:30:00Z"],
        ),
        ("Meet from 10:00 to 11:30", SPAN, ["2026-06-15T10:00:00Z", "2026-06-15T11:30:00Z"]),
        (
            "Block tomorrow from 2pm to 3pm",
            {"end_time": MOMENT, "start_time": MOMENT},
            ["2026-06-15T15:00:00Z", "2026-06-15T14:00:00Z"],
        ),
    ],
)
def test_spans_of_time_run_forward(text: str, properties: Json, expected: Json) -> None:
    check(text, tool(**properties), *expected)


PIZZA = {"topping": TEXT, "size": TEXT, "quantity": WHOLE}
LOOKS = {"name": TEXT, "hair_color": TEXT, "height": NUMBER}


@pytest.mark.parametrize(
    ("text", "properties", "expected"),
    [
        (
            "Send an email to bob@acme.com about the quarterly report",
            {"to": TEXT, "subject": TEXT},
            ["bob@acme.com", "quarterly report"],
        ),
        (
            "Email bob@acme.com that the meeting is moved to Friday",
            {"to": TEXT, "subject": TEXT, "body": TEXT},
            ["bob@acme.com", *["the meeting is moved to Friday"] * 2],
        ),
        ("Schedule a dentist appointment for noon", {"title": TEXT}, ["dentist appointment"]),
        ("Order 3 large pepperoni pizzas", PIZZA, ["pepperoni", "large", 3]),
        ("Find a recipe with chickpeas", {"ingredients": TEXTS}, [["chickpeas"]]),
        (
            "Find a recipe with chickpeas and spinach",
            {"ingredients": TEXTS},
            [["chickpeas", "spinach"]],
        ),
        (
            "My name is Jeff, my hair is black and i am 6 feet tall.",
            LOOKS,
            ["Jeff", "black", 6],
        ),
        ("Alan Smith is 6 feet tall and has blond hair.", LOOKS, ["Alan Smith", "blond", 6]),
        (
            "Pat has light brown hair and blue eyes",
            {"eye_color": TEXT, "hair_color": TEXT},
            ["blue", "light brown"],
        ),
        ("Paris, France", {"city": TEXT, "country": TEXT}, ["Paris", "France"]),
        ("Weather in Paris, France", {"location": TEXT}, ["Paris, France"]),
        (
            "Boston MA 02115",
            {"city": TEXT, "state": TEXT, "zip": TEXT},
            ["Boston", "MA", "02115"],
        ),
        ("London is in England", {"city": TEXT, "country": TEXT}, ["London", "England"]),
    ],
)
def test_words_are_used_before_any_are_made_up(text: str, properties: Json, expected: Json) -> None:
    check(text, tool(**properties), *expected)


@pytest.mark.parametrize(
    ("text", "schema", "expected"),
    [
        (
            "Add two eggs and a litre of milk to the list",
            rows(name=TEXT, quantity=NUMBER, unit=TEXT),
            [{"name": "eggs", "quantity": 2}, {"name": "milk", "quantity": 1, "unit": "litre"}],
        ),
        (
            "Alice is 30 and Bob is 25",
            rows(name=TEXT, age=WHOLE),
            [{"name": "Alice", "age": 30}, {"name": "Bob", "age": 25}],
        ),
        (
            "Ann Lee, 34, London; Bob Fox, 41, Paris",
            rows(name=TEXT, age=WHOLE, city=TEXT),
            [
                {"name": "Ann Lee", "age": 34, "city": "London"},
                {"name": "Bob Fox", "age": 41, "city": "Paris"},
            ],
        ),
    ],
)
def test_what_stands_together_stays_together(text: str, schema: Json, expected: Json) -> None:
    check(text, schema, expected)


def test_the_name_of_a_key_is_no_value() -> None:
    text = "Tell me a joke about cats. Respond in JSON with keys `setup` and `punchline`"
    schema = tool(setup=TEXT, punchline=TEXT, rating=TEXT)
    joke = FILLING.fill(schema, text, Random(1), answer="Why do cats purr? They like it.")
    assert joke["setup"] == "Why do cats purr?"
    assert joke["punchline"] == "They like it."
    assert joke["rating"] not in {"setup", "punchline", "rating"}
