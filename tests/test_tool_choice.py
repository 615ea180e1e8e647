"""Tool choice: a tool is called for what it does, and small talk calls none."""

from typing import Any, NamedTuple

import pytest

from mock_server.filling import Filling
from mock_server.tool_choice import ToolChoice

Json = Any


class Tool(NamedTuple):
    name: str
    description: str
    schema: Json


def made(name: str, description: str, *properties: str) -> Tool:
    return Tool(
        name,
        description,
        {"type": "object", "properties": {each: {"type": "string"} for each in properties}},
    )


WEATHER = made("get_weather", "Current weather of a city.", "city")
SUMS = made("calculator", "Evaluates a mathematical expression", "expression")
CLOCK = made("get_time", "Get the current time in a city", "city")
DOCS = made("search_knowledge_base", "Query a knowledge base to retrieve relevant info.", "query")
MAIL = made("send_email", "Send an email to a given recipient.", "to", "subject", "body")
INBOX = made("search_email", "Search through emails", "query")
STOCKS = made("get_stock_price", "Get the latest price of a stock", "symbol")
FLIGHTS = made("book_flight", "Book a flight", "origin", "destination", "date")
ORDERS = made("get_delivery_date", "Get the delivery date for a customer's order.", "order_id")
MONEY = made("convert_currency", "Convert an amount between currencies", "amount", "to_currency")
FETCH = made("open_page", "Open a page", "url")
BARE = made("lookup_population", "")
ALL = [WEATHER, SUMS, CLOCK, DOCS, MAIL, STOCKS, FLIGHTS, ORDERS, MONEY]


FILLING = Filling()


def fitting(tools: list[Tool], text: str) -> list[int]:
    return [asked.index for asked in FILLING.asked(tools, text)]


@pytest.mark.parametrize(
    "text",
    [
        *("Hello!", "thanks", "Thank you very much!", "ok", "How are you?", "Who are you?", ""),
        *("Tell me a joke.", "Write a poem about the rain", "Say hello in French", "Good morning"),
    ],
)
def test_small_talk_and_other_wishes_call_no_tool(text: str) -> None:
    assert fitting(ALL, text) == []
    assert fitting([WEATHER], text) == []


@pytest.mark.parametrize(
    "text", ["What is the capital of France?", "Explain quantum computing in one sentence.", "2+2"]
)
def test_a_question_about_something_else_calls_no_tool(text: str) -> None:
    assert fitting([WEATHER, MAIL, STOCKS], text) == []


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ("How warm is it in Lisbon?", WEATHER),
        ("Do I need an umbrella tomorrow?", WEATHER),
        ("Wie ist das Wetter in Berlin?", WEATHER),
        ("What's 2+2?", SUMS),
        ("Calculate 15% of 80", SUMS),
        ("What time is it in Tokyo?", CLOCK),
        ("How do I reset my password?", DOCS),
        ("Send an email to Bob", MAIL),
        ("Email ann@x.com that I'm late", MAIL),
        ("What is the price of AAPL?", STOCKS),
        ("How is the Tesla share doing?", STOCKS),
        ("Fly to Rome from Berlin", FLIGHTS),
        ("Where is my order A-1042?", ORDERS),
        ("When will my package arrive?", ORDERS),
        ("How many euros are 50 dollars?", MONEY),
    ],
)
def test_a_tool_is_called_for_what_it_does(text: str, tool: Tool) -> None:
    assert [ALL[index] for index in fitting(ALL, text)] == [tool]


@pytest.mark.parametrize(
    ("text", "tools", "parts"),
    [
        (
            "weather in Paris and the time in Tokyo",
            [WEATHER, CLOCK],
            ["weather in Paris", "the time in Tokyo"],
        ),
        (
            "What's the weather in Paris? Also email ann@x.com about it.",
            [WEATHER, MAIL],
            ["What's the weather in Paris?", "Also email ann@x.com about it."],
        ),
    ],
)
def test_each_tool_of_a_sentence_gets_its_words(
    text: str, tools: list[Tool], parts: list[str]
) -> None:
    asked = Filling().asked(ALL, text)
    assert [ALL[each.index] for each in asked] == tools
    assert [each.text for each in asked] == parts


def test_one_clause_goes_to_one_tool() -> None:
    assert fitting([INBOX, MAIL], "Send an email to Bob and Ann") == [1]
    text = "What's the weather in Paris and London?"
    asked = Filling().asked([WEATHER, CLOCK], text)
    assert [(each.index, each.text) for each in asked] == [(0, text)]


def test_a_tool_is_known_by_little() -> None:
    assert fitting([BARE], "What is the population of Rome?") == [0]
    assert fitting([FETCH], "Summarise https://example.com/a") == [0]
    assert fitting([made("do_something", "")], "do something") == [0]
    assert fitting([made("x", "")], "Hello world") == []


@pytest.mark.parametrize(
    "schema", [None, True, [], {"properties": []}, {"properties": {"a": True, "b": {"enum": 5}}}]
)
def test_odd_schemas_do_no_harm(schema: Json) -> None:
    assert fitting([Tool("get_weather", "", schema)], "Is it raining?") == [0]


def test_what_is_known_of_a_tool_is_kept() -> None:
    choice = ToolChoice()
    assert choice.asked([WEATHER], "weather?") == choice.asked([WEATHER], "weather?")
    changed = WEATHER._replace(name="send_email", description="")
    assert choice.asked([changed], "Is it cold?") == []


def test_what_a_poem_is_about_asks_for_no_tool_but_a_poet_is_asked() -> None:
    poet = made("write_poem", "Writes poems.", "topic")
    assert fitting([WEATHER, poet], "Write a poem about the rain") == [1]


def test_trading_is_about_stocks() -> None:
    assert fitting(ALL, "What's AAPL trading at?") == [ALL.index(STOCKS)]
