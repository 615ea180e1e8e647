"""Filling: a client's words land where its schema has a place for them, and all is valid."""

import json
import os
import subprocess
import sys
from random import Random
from time import process_time
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mock_server.filling import Filling, Unsatisfiable
from tests.schema_strategies import LEAVES, SCHEMAS, is_valid, objects, satisfiable

Json = Any

FILLING = Filling()
MANY = settings(
    max_examples=300,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)


def tool(required: str, **properties: Json) -> Json:
    """The schema of a tool; a property that is a name of a type has that type."""
    named = {
        name: {"type": inner} if isinstance(inner, str) else inner
        for name, inner in properties.items()
    }
    return {"type": "object", "properties": named, "required": required.split()}


def told(kind: str, description: str) -> Json:
    return {"type": kind, "description": description}


def one_of(*choices: str) -> Json:
    return {"type": "string", "enum": list(choices)}


def many(items: Json) -> Json:
    return {"type": "array", "items": {"type": items} if isinstance(items, str) else items}


CASES: list[tuple[str, Json, Json]] = [
    (
        "What's the weather in Paris in fahrenheit?",
        tool("city", city="string", unit=one_of("celsius", "fahrenheit")),
        {"city": "Paris", "unit": "fahrenheit"},
    ),
    (
        "What's the weather like in San Francisco, CA today?",
        tool(
            "location",
            location=told("string", "The city and state, e.g. San Francisco, CA"),
            unit=one_of("celsius", "fahrenheit"),
        ),
        {"location": "San Francisco, CA"},
    ),
    ("weather in new york tomorrow", tool("city", city="string"), {"city": "new york"}),
    (
        "Do I need an umbrella in Lisbon?",
        tool("city", city="string", unit=one_of("c", "f")),
        {"city": "Lisbon"},
    ),
    (
        "How warm is it in Boston in celsius?",
        tool("location unit", location="string", unit=one_of("celsius", "fahrenheit")),
        {"location": "Boston", "unit": "celsius"},
    ),
    (
        "Book a flight from Berlin to Rome on 2025-03-05 for 3 people under $200",
        tool(
            "origin destination date passengers",
            origin="string",
            destination="string",
            date={"type": "string", "format": "date"},
            passengers="integer",
            max_price="number",
        ),
        {
            "origin": "Berlin",
            "destination": "Rome",
            "date": "2025-03-05",
            "passengers": 3,
            "max_price": 200,
        },
    ),
    (
        "I need to fly to Tokyo from London on March 5, 2026, returning March 12, 2026",
        tool(
            "from_city to_city departure_date",
            from_city="string",
            to_city="string",
            departure_date="string",
            return_date="string",
        ),
        {
            "from_city": "London",
            "to_city": "Tokyo",
            "departure_date": "2026-03-05",
            "return_date": "2026-03-12",
        },
    ),
    ("what is 12*7", tool("expression", expression="string"), {"expression": "12*7"}),
    ("What's 2+2?", tool("expression", expression="string"), {"expression": "2+2"}),
    (
        "Calculate (3 + 4) * 2",
        tool("expression", expression="string"),
        {"expression": "(3 + 4) * 2"},
    ),
    ("Add 5 and 7", tool("a b", a="number", b="number"), {"a": 5, "b": 7}),
    (
        "multiply 6 by 7",
        tool(
            "operation a b",
            operation=one_of("add", "subtract", "multiply", "divide"),
            a="number",
            b="number",
        ),
        {"operation": "multiply", "a": 6, "b": 7},
    ),
    ("What is the price of AAPL?", tool("ticker", ticker="string"), {"ticker": "AAPL"}),
    (
        "How is Tesla stock doing?",
        tool("symbol", symbol=told("string", "Stock ticker symbol")),
        {"symbol": "TSLA"},
    ),
    (
        "Where is my order A-1042?",
        tool("order_id", order_id=told("string", "The customer's order ID.")),
        {"order_id": "A-1042"},
    ),
    ("Track order #12345 please", tool("order_id", order_id="string"), {"order_id": "12345"}),
    ("When will order 98765 arrive", tool("order_id", order_id="integer"), {"order_id": 98765}),
    (
        "Hi, can you tell me the delivery date for my order? it's order_12345",
        tool("order_id", order_id="string"),
        {"order_id": "order_12345"},
    ),
    (
        "Email Ann Lee at ann@lee.org that I'm late",
        tool(
            "to body",
            to=told("string", "The recipient email address."),
            subject="string",
            body="string",
        ),
        {"to": "ann@lee.org", "body": "I'm late"},
    ),
    (
        "Can you send an email to ilan@example.com and katia@example.com saying hi?",
        tool("to body", to=many({"type": "string", "format": "email"}), body="string"),
        {"to": ["ilan@example.com", "katia@example.com"], "body": "hi"},
    ),
    (
        "Send Bob a message saying see you at 5",
        tool("recipient message", recipient="string", message="string"),
        {"recipient": "Bob", "message": "see you at 5"},
    ),
    (
        "search for cheap flights to Rome",
        tool("query", query="string"),
        {"query": "cheap flights to Rome"},
    ),
    (
        "Can you find information about ChatGPT in the AI knowledge base?",
        tool(
            "query",
            query="string",
            options={"type": "object", "properties": {"num_results": {"type": "number"}}},
        ),
        {"query": "ChatGPT in the AI knowledge base"},
    ),
    (
        "Search the web for 'best pizza in Naples', top 3 results",
        tool("query", query="string", limit="integer"),
        {"query": "best pizza in Naples", "limit": 3},
    ),
    (
        "Translate 'good morning' to French",
        tool("text target_language", text="string", target_language="string"),
        {"text": "good morning", "target_language": "French"},
    ),
    (
        'Translate "Hello, world" from English to German',
        tool(
            "text source_language target_language",
            text="string",
            source_language="string",
            target_language="string",
        ),
        {"text": "Hello, world", "source_language": "English", "target_language": "German"},
    ),
    (
        "Convert 100 USD to EUR",
        tool(
            "amount from_currency to_currency",
            amount="number",
            from_currency="string",
            to_currency="string",
        ),
        {"amount": 100, "from_currency": "USD", "to_currency": "EUR"},
    ),
    (
        "How much is 50 dollars in yen?",
        tool(
            "amount from_currency to_currency",
            amount="number",
            from_currency="string",
            to_currency="string",
        ),
        {"amount": 50, "from_currency": "USD", "to_currency": "JPY"},
    ),
    (
        "Convert 10 miles to kilometers",
        tool("value from_unit to_unit", value="number", from_unit="string", to_unit="string"),
        {"value": 10, "from_unit": "miles", "to_unit": "kilometers"},
    ),
    (
        "Remind me to buy milk tomorrow at 5pm",
        tool("task", task="string", time="string"),
        {"task": "buy milk", "time": "17:00"},
    ),
    (
        "Please buy milk, eggs and bread",
        tool("items", items=many("string")),
        {"items": ["milk", "eggs", "bread"]},
    ),
    (
        "Add milk, eggs, and bread to my shopping list",
        tool("items", items=many("string")),
        {"items": ["milk", "eggs", "bread"]},
    ),
    (
        "Alice and Bob are going to a science fair on Friday.",
        tool("name date participants", name="string", date="string", participants=many("string")),
        {"date": "Friday", "participants": ["Alice", "Bob"]},
    ),
    (
        "My name is John Smith, I am 34 years old and my email is john@x.io",
        tool("name age email", name="string", age="integer", email="string"),
        {"name": "John Smith", "age": 34, "email": "john@x.io"},
    ),
    (
        "Alice is 30 and lives in Paris",
        tool("name age city", name="string", age="integer", city="string"),
        {"name": "Alice", "age": 30, "city": "Paris"},
    ),
    (
        "Set the thermostat to 21 degrees",
        tool("temperature", temperature="number"),
        {"temperature": 21},
    ),
    ("Set a timer for 10 minutes", tool("minutes", minutes="integer"), {"minutes": 10}),
    ("Set the brightness to 40%", tool("brightness", brightness="integer"), {"brightness": 40}),
    (
        "Turn on the kitchen lights and make them blue",
        tool("state", room="string", state=one_of("on", "off"), color="string"),
        {"state": "on", "color": "blue"},
    ),
    (
        "Find hotels in Barcelona for 2 guests from 2025-07-01 to 2025-07-08 under 150 euros",
        tool(
            "city check_in check_out guests",
            city="string",
            check_in={"type": "string", "format": "date"},
            check_out={"type": "string", "format": "date"},
            guests="integer",
            max_price="number",
        ),
        {
            "city": "Barcelona",
            "check_in": "2025-07-01",
            "check_out": "2025-07-08",
            "guests": 2,
            "max_price": 150,
        },
    ),
    (
        "Book a table for 4 people at 7:30pm",
        tool("party_size time", party_size="integer", time="string"),
        {"party_size": 4, "time": "19:30"},
    ),
    (
        'Create an urgent ticket titled "Login broken"',
        tool("title priority", title="string", priority=one_of("low", "medium", "high", "urgent")),
        {"title": "Login broken", "priority": "urgent"},
    ),
    (
        "Fetch https://example.com/a.html please",
        tool("url", url={"type": "string", "format": "uri"}),
        {"url": "https://example.com/a.html"},
    ),
    (
        "Call +1 415-555-0100",
        tool("phone_number", phone_number="string"),
        {"phone_number": "+1 415-555-0100"},
    ),
    ("Read the file src/main.py", tool("path", path="string"), {"path": "src/main.py"}),
    (
        "Run SELECT * FROM users WHERE age > 30",
        tool("sql", sql="string"),
        {"sql": "SELECT * FROM users WHERE age > 30"},
    ),
    (
        "Schedule a meeting with Bob and Ann tomorrow at 3pm",
        tool("attendees time", title="string", attendees=many("string"), time="string"),
        {"attendees": ["Bob", "Ann"], "time": "15:00"},
    ),
    (
        "I want the premium plan without email notifications",
        tool("plan", plan=one_of("free", "basic", "premium"), email_notifications="boolean"),
        {"plan": "premium", "email_notifications": False},
    ),
    (
        "forecast for Oslo including humidity, next 5 days",
        tool("location", location="string", days="integer", include_humidity="boolean"),
        {"location": "Oslo", "days": 5, "include_humidity": True},
    ),
    (
        "I loved this movie, it was great!",
        tool("sentiment", sentiment=one_of("positive", "negative", "neutral")),
        {"sentiment": "positive"},
    ),
    (
        "Calculate a 15% tip on a bill of $80",
        tool("bill_amount tip_percentage", bill_amount="number", tip_percentage="number"),
        {"bill_amount": 80, "tip_percentage": 15},
    ),
    (
        "Find apartments between 1000 and 2000 dollars with 2 bedrooms in Austin",
        tool("city", city="string", min_price="number", max_price="number", bedrooms="integer"),
        {"city": "Austin", "min_price": 1000, "max_price": 2000, "bedrooms": 2},
    ),
    ("What time is it in Tokyo?", tool("location", location="string"), {"location": "Tokyo"}),
    ("Wie ist das Wetter in Berlin?", tool("city", city="string"), {"city": "Berlin"}),
    ("¿Qué tiempo hace en Madrid?", tool("ciudad", ciudad="string"), {}),
    ("Quel temps fait-il à Paris ?", tool("city", city="string"), {"city": "Paris"}),
    ("Какая погода в Москве?", tool("city", city="string"), {"city": "Москве"}),
    (
        "Order 2 pizzas and 3 colas",
        tool("items", items=many(tool("name quantity", name="string", quantity="integer"))),
        {"items": [{"name": "pizzas", "quantity": 2}, {"name": "colas", "quantity": 3}]},
    ),
    (
        "Weather in Rome please",
        {
            "type": "object",
            "title": "W",
            "properties": {
                "location": {"title": "Location", "type": "string"},
                "unit": {"anyOf": [{"$ref": "#/$defs/Unit"}, {"type": "null"}], "default": None},
            },
            "required": ["location"],
            "$defs": {
                "Unit": {"enum": ["celsius", "fahrenheit"], "title": "Unit", "type": "string"}
            },
        },
        {"location": "Rome"},
    ),
    (
        "Weather in Rome in celsius",
        {
            "type": "object",
            "title": "W",
            "properties": {
                "location": {"title": "Location", "type": "string"},
                "unit": {"anyOf": [{"$ref": "#/$defs/Unit"}, {"type": "null"}], "default": None},
            },
            "required": ["location", "unit"],
            "$defs": {
                "Unit": {"enum": ["celsius", "fahrenheit"], "title": "Unit", "type": "string"}
            },
            "additionalProperties": False,
        },
        {"location": "Rome", "unit": "celsius"},
    ),
    (
        "Ship it to 221B Baker Street, London",
        tool("address", address="string"),
        {"address": "221B Baker Street, London"},
    ),
    ("Get user 42", tool("user_id", user_id="integer"), {"user_id": 42}),
    (
        "Play Bohemian Rhapsody by Queen",
        tool("song", song="string", artist="string"),
        {"song": "Bohemian Rhapsody", "artist": "Queen"},
    ),
    ("Find me a recipe for chicken soup", tool("dish", dish="string"), {"dish": "chicken soup"}),
    (
        "transfer $500 from checking to savings",
        tool(
            "amount from_account to_account",
            amount="number",
            from_account=one_of("checking", "savings"),
            to_account=one_of("checking", "savings"),
        ),
        {"amount": 500, "from_account": "checking", "to_account": "savings"},
    ),
    (
        "cancel flight LH441 for Maria Garcia",
        tool("flight_number passenger_name", flight_number="string", passenger_name="string"),
        {"flight_number": "LH441", "passenger_name": "Maria Garcia"},
    ),
    (
        "Compare the populations of France and Spain",
        tool("countries", countries=many("string")),
        {"countries": ["France", "Spain"]},
    ),
    (
        "Update the customer John Doe with zip code 94107",
        tool("customer zip", customer="string", zip="string"),
        {"customer": "John Doe", "zip": "94107"},
    ),
    (
        "What are the coordinates 48.85, 2.35 near?",
        tool("latitude longitude", latitude="number", longitude="number"),
        {"latitude": 48.85, "longitude": 2.35},
    ),
]


@pytest.mark.parametrize(("text", "schema", "expected"), CASES, ids=[case[0] for case in CASES])
def test_what_a_prompt_names_lands_in_the_arguments(
    text: str, schema: Json, expected: Json
) -> None:
    for seed in range(3):
        arguments = FILLING.fillings(schema, text, Random(seed))[0]
        assert {name: arguments.get(name) for name in expected} == expected
        assert is_valid(schema, arguments)


@pytest.mark.parametrize(("text", "schema", "expected"), CASES, ids=[case[0] for case in CASES])
def test_structured_output_speaks_of_the_same(text: str, schema: Json, expected: Json) -> None:
    value = FILLING.fill(schema, text, Random(5))
    assert {name: value.get(name) for name in expected} == expected
    assert is_valid(schema, value)


TEXTS = [
    "",
    "Hello",
    "What's the weather in Paris and London in fahrenheit tomorrow at 5pm for 3 under $200?",
    "Email ann@x.com 'hi there' about A-1042, order 12, 12*7, red, a, 5, https://x.y/z",
    "日本語のテキスト с Москва",
    '\n\t\x00 {"a":',
    "milk, eggs and bread",
    "name is Zoë; price: 5.5 tags: x-1, ab12 extra true id aaaaaaaa",
]
PROMPTS = st.sampled_from(TEXTS) | st.text(max_size=60)
NAMES = st.sampled_from(
    [
        *("city", "to", "unit", "query", "date", "days", "tags", "email", "is_open", "items", "id"),
        *(
            "price",
            "amount",
            "body",
            "start_date",
            "ciudad",
            "ИмяФайла",
            "日付",
            "",
            "a b",
            "fooBar9",
        ),
    ]
)


def test_any_schema_is_kept_whatever_the_text() -> None:
    results: list[bool] = []

    @MANY
    @given(satisfiable(), PROMPTS, st.integers(0, 99))
    def attempt(schema: Json, text: str, seed: int) -> None:
        try:
            values = [FILLING.fill(schema, text, Random(seed))]
            values += FILLING.fillings(schema, text, Random(seed), 5)
        except Unsatisfiable:
            results.append(False)
        else:
            assert all(is_valid(schema, value) for value in values)
            results.append(True)

    attempt()
    assert sum(results) >= 0.98 * len(results)


@MANY
@given(
    st.dictionaries(NAMES, SCHEMAS, max_size=6),
    st.tuples(objects(SCHEMAS), objects(SCHEMAS), objects(LEAVES)),
    PROMPTS,
    st.integers(0, 99),
)
def test_the_schemas_of_everyday_tools_always_work_out(
    properties: Json, named: Json, text: str, seed: int
) -> None:
    schema = {
        "type": "object",
        "properties": properties,
        "$defs": dict(zip("ABC", named, strict=True)),
    }
    assert is_valid(schema, FILLING.fill(schema, text, Random(seed)))
    for value in FILLING.fillings(schema, text, Random(seed), 5):
        assert is_valid(schema, value)


@pytest.mark.parametrize(
    ("text", "schema", "expected"),
    [
        (
            "Create John Doe, 42 years old, at 12 Main Street, Springfield, 90210, USA",
            tool(
                "name age address",
                name="string",
                age="integer",
                address=tool(
                    "street city zip country",
                    **dict.fromkeys(["street", "city", "zip", "country"], "string"),
                ),
            ),
            {
                "name": "John Doe",
                "age": 42,
                "address": {
                    "street": "12 Main Street",
                    "city": "Springfield",
                    "zip": "90210",
                    "country": "USA",
                },
            },
        ),
        (
            "Jane Smith is a software engineer at Acme Corp",
            tool(
                "first_name job_title company",
                first_name="string",
                job_title="string",
                company="string",
            ),
            {"first_name": "Jane", "job_title": "software engineer", "company": "Acme Corp"},
        ),
        (
            "Invoice INV-2024-001 over $1,250.50 due on 2024-12-31",
            tool(
                "invoice_number total due_date",
                invoice_number="string",
                total="number",
                due_date="string",
            ),
            {"invoice_number": "INV-2024-001", "total": 1250.5, "due_date": "2024-12-31"},
        ),
        ("users older than 30", tool("", min_age="integer", max_age="integer"), {"min_age": 30}),
        ("no more than 5 results", tool("", max_results="integer"), {"max_results": 5}),
        ("東京の天気は？", tool("city", city="string"), {"city": "東京"}),
    ],
)
def test_facts_are_extracted(text: str, schema: Json, expected: Json) -> None:
    assert FILLING.fillings(schema, text, Random(7)) == [expected]


CITY = tool("city", city="string", unit=one_of("celsius", "fahrenheit"))


@pytest.mark.parametrize(
    ("text", "cities"),
    [
        ("Weather in Paris?", ["Paris"]),
        ("What's the weather in Paris and London?", ["Paris", "London"]),
        ("Weather in Paris, London and New York please", ["Paris", "London", "New York"]),
        ("weather in Paris? And in Rome?", ["Paris", "Rome"]),
        ("Compare San Francisco, CA and Boston, MA", ["San Francisco, CA", "Boston, MA"]),
    ],
)
def test_a_list_of_values_gives_as_many_sets_of_arguments(text: str, cities: list[str]) -> None:
    made = FILLING.fillings(CITY, text, Random(1), 8)
    assert [arguments["city"] for arguments in made] == cities
    assert len(FILLING.fillings(CITY, text, Random(1), 1)) == 1
    assert len(FILLING.fillings(CITY, text, Random(1), 2)) == min(2, len(cities))


def test_two_properties_of_a_kind_share_a_list() -> None:
    schema = tool("city_a city_b", city_a="string", city_b="string")
    made = FILLING.fillings(schema, "How far is Paris from London?", Random(1), 8)
    assert [set(each.values()) for each in made] == [{"Paris", "London"}]
    listed = tool("cities", cities=many("string"))
    assert FILLING.fillings(listed, "Compare Paris and London", Random(1), 8) == [
        {"cities": ["Paris", "London"]}
    ]


def test_what_is_optional_and_not_named_is_left_out_of_arguments() -> None:
    schema = tool("", limit="integer", status=one_of("open", "closed"), city="string")
    assert FILLING.fillings(schema, "List my orders", Random(1)) == [{}]
    assert FILLING.fillings(schema, "List 5 open orders", Random(1)) == [
        {"limit": 5, "status": "open"}
    ]
    strict = tool(
        "city unit", city="string", unit={"type": ["string", "null"], "enum": ["c", None]}
    )
    assert FILLING.fillings(strict, "Weather in Rome", Random(1)) == [
        {"city": "Rome", "unit": None}
    ]


def test_constants_defaults_and_examples_hold_where_nothing_is_said() -> None:
    schema = tool(
        "kind unit city",
        kind={"const": "weather"},
        unit={"type": "string", "default": "metric"},
        city=told("string", "The city, e.g. 'San Francisco'"),
    )
    assert FILLING.fillings(schema, "Hello", Random(1)) == [
        {"kind": "weather", "unit": "metric", "city": "San Francisco"}
    ]


def test_nested_objects_take_their_share() -> None:
    trip = tool("origin destination", origin="string", destination="string")
    schema = tool("", trip=trip, contact=tool("email", email="string"))
    text = "Fly from Berlin to Rome"
    assert FILLING.fillings(schema, text, Random(1)) == [
        {"trip": {"origin": "Berlin", "destination": "Rome"}}
    ]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("tomorrow", "2025-06-18"),
        ("next Monday", "2025-06-23"),
        ("in 5 days", "2025-06-22"),
        ("on July 4th", "2025-07-04"),
        ("on 1 May", "2026-05-01"),
    ],
)
def test_days_are_counted_from_now(text: str, date: str) -> None:
    now = 1750150800.0  # 2025-06-17, a Tuesday
    schema = tool("date", date={"type": "string", "format": "date"})
    assert FILLING.fillings(schema, f"Book it {text}", Random(1), now=now) == [{"date": date}]
    loose = tool("date", date="string")
    said = FILLING.fillings(loose, f"Book it {text}", Random(1))[0]["date"]
    assert said in text


def test_dates_and_times_make_moments() -> None:
    schema = tool("start_at", start_at={"type": "string", "format": "date-time"})
    text = "Set it up on 2025-03-05 at 3:30pm"
    assert FILLING.fill(schema, text, Random(1)) == {"start_at": "2025-03-05T15:30:00Z"}


def test_values_are_bent_until_they_fit() -> None:
    schema = tool(
        "currency id room",
        currency={"type": "string", "pattern": "^[a-z]{3}$"},
        id={"type": "string", "pattern": "^[0-9]+$"},
        room=one_of("living_room", "bed_room"),
    )
    text = "Pay in USD for order 77, living room"
    assert FILLING.fill(schema, text, Random(1)) == {
        "currency": "usd",
        "id": "77",
        "room": "living_room",
    }


def test_a_root_that_is_no_object_is_filled_too() -> None:
    assert (
        FILLING.fill(one_of("positive", "negative"), "That was positive", Random(1)) == "positive"
    )
    assert FILLING.fill(
        many({"type": "string", "format": "email"}), "to a@b.io, c@d.io", Random(1)
    ) == [
        "a@b.io",
        "c@d.io",
    ]
    assert FILLING.fill(True, "Hello", Random(1)) is not Ellipsis


def test_what_nothing_can_satisfy_says_why() -> None:
    schema = tool("a", a={"type": "integer", "minimum": 5, "maximum": 4})
    with pytest.raises(Unsatisfiable, match="minimum"):
        FILLING.fill(schema, "5", Random(1))


def crowd(keyword: str, levels: int, width: int) -> Json:
    """A schema of so many branches in each other."""
    if not levels:
        return {"type": "string"}
    return {keyword: [crowd(keyword, levels - 1, width) for _ in range(width)]}


@pytest.mark.parametrize(
    "schema",
    [
        *(crowd(keyword, 5, 6) for keyword in ("allOf", "anyOf", "oneOf")),
        crowd("oneOf", 6, 5),
        tool("u", u={"enum": [f"v{n}" for n in range(50_000)]}),
        tool("", **{f"city{n}": {"enum": [f"a {m}" for m in range(300)]} for n in range(190)}),
        tool("a", a={"type": "string", "pattern": "^(a+)+b$"}),
        tool("a", a={"type": "string", "pattern": r"^(\w+\s?)*$(?<!x)"}),
        {"allOf": [{"not": {"const": n}} for n in range(2000)], "type": "integer", "minimum": 0},
        {
            "$ref": "#/$defs/0",
            "$defs": {
                str(n): {"allOf": [{"$ref": f"#/$defs/{(n + 1) % 16}"}] * 2}
                if n < 15
                else {"type": "object"}
                for n in range(16)
            },
        },
    ],
)
def test_a_vicious_schema_costs_little(schema: Json) -> None:
    before = process_time()
    try:
        assert is_valid(schema, FILLING.fill(schema, TEXTS[2], Random(1)))
    except Unsatisfiable as error:
        assert str(error)
    # About a second at the worst; the rest is for slow machines.
    assert process_time() - before < 8


def test_a_faulty_schema_is_refused() -> None:
    with pytest.raises(Unsatisfiable, match=r"#/properties/a/type: `type` must be"):
        FILLING.fill(tool("a", a="strng"), "Hello", Random(1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Answer in JSON.", {"answer": "It is so."}),
        ("json with key 'summary'", {"summary": "It is so."}),
        ("Extract as JSON with keys name and age: Ann Lee is 34", {"name": "Ann Lee", "age": 34}),
        (
            "Return JSON with the keys `title`, `year` (integer) for the movie Inception of 2010",
            {"title": "Inception", "year": 2010},
        ),
        (
            'Describe Paris. Respond like {"city": "London", "is_capital": true}',
            {"city": "Paris", "is_capital": bool},
        ),
        (
            'Format: {"answer": string, "confidence": number}',
            {"answer": "It is so.", "confidence": float},
        ),
        (
            "Output JSON:\n- name: the person's name\n- age (integer): in years\n\nBob is 41 now",
            {"name": "Bob", "age": 41},
        ),
        ("JSON object with fields tags, email for bob@x.io", {"tags": list, "email": "bob@x.io"}),
    ],
)
def test_an_object_has_the_keys_that_a_prompt_asks_for(text: str, expected: Json) -> None:
    value = FILLING.object_about(text, "It is so.", Random(2))
    assert list(value) == list(expected)
    for name, each in expected.items():
        if isinstance(each, type):
            assert isinstance(value[name], each)
        else:
            assert value[name] == each


def test_an_answer_in_words_has_its_place() -> None:
    schema = tool("summary topics", summary="string", topics=many("string"))
    value = FILLING.fill(schema, "Cats and dogs", Random(1), answer="They differ.")
    assert value["summary"] == "They differ."
    steps = tool("steps", steps=many(tool("explanation", explanation="string")))
    value = FILLING.fill(steps, "Solve it", Random(1), answer="So it is.")
    assert {each["explanation"] for each in value["steps"]} == {"So it is."}


def test_an_answer_that_is_an_object_already_is_taken_as_it_is() -> None:
    assert FILLING.object_about("json please", '{"a": 1}', Random(1)) == {"a": 1}
    assert FILLING.object_about("json please", "{oops", Random(1)) == {"answer": "{oops"}


@pytest.mark.parametrize(
    "text",
    [
        *(
            " " * 9000,
            "9" * 9000,
            "1+" * 3000,
            "a@b.c 1 " * 900,
            "a, " * 3000,
            "{" * 9000,
            "'a " * 3000,
        ),
        *(
            "json keys: " * 900,
            "[" * 9000,
            "a/" * 4000,
            "say that " * 900,
            "(" * 9000,
            "\n- a: b" * 900,
        ),
    ],
)
def test_no_text_is_too_odd(text: str) -> None:
    properties = dict.fromkeys(
        [
            "city",
            "to",
            "from",
            "name",
            "id",
            "query",
            "text",
            "title",
            "task",
            "expression",
            "sql",
            "unit",
            "date",
            "path",
        ],
        "string",
    )
    schema = tool(" ".join(properties), **properties, amount="number", items=many("string"))
    assert is_valid(schema, FILLING.fill(schema, text, Random(1)))
    assert FILLING.object_about(text, "x", Random(1))


def test_the_same_seed_gives_the_same_in_another_process() -> None:
    code = (
        "import json; from random import Random; from mock_server.filling import Filling;"
        "schema = json.loads(input());"
        "text = 'Fly Ann and Bob to Rome for 3 days under $90, red or blue';"
        "print(json.dumps(Filling().fill(schema, text, Random(4))))"
    )
    names = ["city", "people", "name", "days", "max_price", "color", "tags", "b", "note", "to"]
    schema = tool("", **{name: {"type": ["string", "integer", "array"]} for name in names})
    said = {
        subprocess.run(
            [sys.executable, "-c", code],
            input=json.dumps(schema),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(said) == 1
