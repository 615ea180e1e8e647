"""Tool choice: a tool is called for what it does, and small talk calls none."""

from time import process_time
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


def typed(name: str, description: str, **properties: Json) -> Tool:
    inner = {
        key: {"type": each} if isinstance(each, str) else each for key, each in properties.items()
    }
    return Tool(name, description, {"type": "object", "properties": inner, "required": list(inner)})


ADD = typed("add", "Adds a and b.", a="number", b="number")
MULTIPLY = typed("multiply", "Multiply a and b.", a="integer", b="integer")
DIVIDE = typed("divide", "", a="number", b="number")
SUBTRACT = typed("subtract_numbers", "Subtract b from a.", a="number", b="number")
REST = typed("modulo", "", a="number", b="number")
ARITHMETIC = [ADD, MULTIPLY, DIVIDE, SUBTRACT, REST]
SEND = typed("send_money", "Send money", amount="number", to="string")
TRANSFER = typed("transfer", "Transfer money", source="string", target="string", amount="number")
SHELL = typed("bash", "Run a shell command", command="string")
COMMAND = typed("run_command", "Execute a shell command", command="string")
READ = typed("read_file", "Read the contents of a file", path="string")
EDIT = typed("edit_file", "Edit a file", path="string", old="string", new="string")
SQL = typed("run_sql", "Run a SQL query", query="string")
TABLES = typed(
    "query",
    "Execute a query.",
    table_name={"type": "string", "enum": ["orders"]},
    columns={"type": "array", "items": {"type": "string", "enum": ["id", "status"]}},
    order_by={"type": "string", "enum": ["asc", "desc"]},
)
PING = Tool("ping", "", {"type": "object", "properties": {}})
WRITE = typed("write_file", "Write content to a file", path="string", content="string")
LIST = typed("list_directory", "Lists files in a directory", path="string")
DELETE = typed("delete_user", "Deletes a user by id", user_id="string")
LIGHT = typed("set_light", "Set the brightness of a lamp", room="string", brightness="integer")
DEPLOY = made("ship_it", "Deploys the newest build.", "target")


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "What is 3 * 12? Also, what is 11 + 49?",
            [(MULTIPLY, "What is 3 * 12?"), (ADD, "Also, what is 11 + 49?")],
        ),
        ("What is 2 + 2?", [(ADD, "What is 2 + 2?")]),
        ("what is two plus two?", [(ADD, "what is two plus two?")]),
        (
            "What's 3 times 12 and 11 + 49?",
            [(MULTIPLY, "What's 3 times 12"), (ADD, "11 + 49?")],
        ),
        ("What is 10 - 4?", [(SUBTRACT, "What is 10 - 4?")]),
        ("Divide 10 by 4", [(DIVIDE, "Divide 10 by 4")]),
        ("10 mod 4", [(REST, "10 mod 4")]),
        ("Add milk to my list", []),
        ("What time is it when it is 5 in Rome?", []),
        ("Who won in 2020?", []),
        ("What were total sales in 2024?", []),
        ("the product of 3 and 4", [(MULTIPLY, "the product of 3 and 4")]),
    ],
)
def test_each_operation_has_its_tool(text: str, parts: list[tuple[Tool, str]]) -> None:
    asked = ToolChoice().asked(ARITHMETIC, text)
    assert [(ARITHMETIC[each.index], each.text) for each in asked] == parts


@pytest.mark.parametrize("text", ["What is 2 + 2?", "what is two plus two?", "3 times 12?"])
def test_a_calculator_does_any_operation(text: str) -> None:
    assert fitting([SUMS], text) == [0]


@pytest.mark.parametrize(
    ("text", "tools", "parts"),
    [
        (
            "Add 3 and 4. Multiply the output by 2. Divide the output by 5",
            ARITHMETIC,
            ["Add 3 and 4."],
        ),
        ("Add 3 and 4, then multiply it by 2", ARITHMETIC, ["Add 3 and 4"]),
        ("Calculate 3 + 4, then multiply the result by 2", [SUMS], ["Calculate 3 + 4"]),
        (
            "Get the weather in Rome and email it to ann@x.com. What time is it in Oslo?",
            [WEATHER, MAIL, CLOCK],
            ["Get the weather in Rome", "What time is it in Oslo?"],
        ),
        ("Multiply it by 2", ARITHMETIC, ["Multiply it by 2"]),
    ],
)
def test_what_needs_an_outcome_waits_for_it(text: str, tools: list[Tool], parts: list[str]) -> None:
    assert [each.text for each in ToolChoice().asked(tools, text)] == parts


@pytest.mark.parametrize(
    ("text", "tools", "tool"),
    [
        ("Send 20 euros to Bob", [SEND], SEND),
        ("Could you please send $20 to Bob?", [WEATHER, SEND], SEND),
        ("Move $100 from checking to savings", [TRANSFER], TRANSFER),
        ("List all files in /var/log", [SHELL], SHELL),
        ("Run the unit tests", [COMMAND], COMMAND),
        ("Fix the bug in utils.py where parse_date fails on None", [READ, EDIT], READ),
        ("Rename foo to bar in src/a.py", [READ, EDIT], EDIT),
        ("What is in utils.py?", [READ, EDIT], READ),
        ("SELECT query: how many orders did customer 4711 place in 2025?", [SQL], SQL),
        ("look up all my orders in november of 2025 that were fulfilled", [TABLES], TABLES),
        ("Please use the tool.", [PING], PING),
        ("Use the ping tool", [WEATHER, PING], PING),
        ("Deploy everything", [WEATHER, DEPLOY], DEPLOY),
        ("Show me the contents of config.yaml", [LIST, READ], READ),
        ("List the files in /tmp", [READ, LIST], LIST),
        ("Create a file hello.txt that says hi", [READ, WRITE], WRITE),
        ("Sort a list in Python, and save it to sort.py", [READ, WRITE], WRITE),
        ("Delete user u-123", [READ, DELETE], DELETE),
        ("Dim the living room to 30", [READ, LIGHT], LIGHT),
    ],
)
def test_an_order_calls_the_tool_that_can_carry_it_out(
    text: str, tools: list[Tool], tool: Tool
) -> None:
    assert [tools[index] for index in fitting(tools, text)] == [tool]


@pytest.mark.parametrize(
    "text",
    [
        *("Send me a joke", "Give me 5 facts about cats", "Write 3 sentences about cats"),
        *("What is the capital of France?", "Explain quantum computing in one sentence."),
        *("How do I use Node.js?", "What is Node.js?", "How many euros are 50 dollars?"),
        *("Write a haiku about autumn", "Open your mind", "Move on", "Run!"),
        *("Find a good book", "Create 3 slogans for a bank", "Summarize the French Revolution"),
    ],
)
def test_an_order_that_a_model_carries_out_itself_calls_no_tool(text: str) -> None:
    assert (
        fitting([SEND, TRANSFER, SHELL, READ, EDIT, WRITE, SQL, TABLES, PING, DELETE], text) == []
    )


TRANSLATE = made("translate", "Translate text to another language", "text", "target_language")


@pytest.mark.parametrize(
    ("texts", "tool"),
    [
        (
            """Wie ist das Wetter in Berlin? | Quel temps fait-il à Paris ? | Va-t-il pleuvoir ?
            | ¿Qué tiempo hace en Madrid? | Какая погода в Москве? | Que tempo faz em Lisboa?
            | Che tempo fa a Roma? | 北京的天气怎么样？ | 東京の天気は？ | 서울 날씨 어때?""",
            WEATHER,
        ),
        (
            """Wie spät ist es in Rom? | Quelle heure est-il à Rome ? | ¿Qué hora es en Roma?
            | Который час в Риме? | Сколько времени в Риме? | Que horas são em Roma?
            | Che ore sono a Roma? | 现在罗马几点？ | ローマは今何時ですか""",
            CLOCK,
        ),
        (
            """Übersetze "Hund" ins Englische | Traduis "chien" en anglais
            | Traduce "perro" al inglés | Переведи "собака" на английский
            | Traduza "cão" para inglês | Traduci "cane" in inglese
            | 把“狗”翻译成英文 | 「犬」を英語に翻訳して""",
            TRANSLATE,
        ),
        (
            """Schicke eine E-Mail an Bob | Envoie un courriel à Bob | Envía un correo a Bob
            | Отправь письмо Бобу | Envie um e-mail para o Bob | Manda un'email a Bob
            | 给Bob发邮件 | ボブにメールを送って""",
            MAIL,
        ),
    ],
)
def test_other_languages_ask_for_the_same_tools(texts: str, tool: Tool) -> None:
    tools = [WEATHER, CLOCK, TRANSLATE, MAIL]
    for text in texts.split("|"):
        assert [tools[index] for index in fitting(tools, text.strip())] == [tool], text


def test_a_tool_may_be_told_of_in_another_language() -> None:
    assert fitting([made("get_weather", "获取天气", "city")], "北京的天气怎么样？") == [0]
    assert fitting(
        [made("tenki", "指定された都市の天気を取得する", "toshi")], "東京の天気は？"
    ) == [0]
    status = made("tool_a", "查询合同审批状态", "id")
    assert fitting([status], "合同审批到哪一步了？") == [0]
    assert fitting([status], "法国的首都是什么？") == []
    assert fitting([status], "你好") == []


def test_a_follow_up_asks_for_what_was_asked_before() -> None:
    choice = ToolChoice()

    def after(text: str, earlier: str) -> list[tuple[Tool, str]]:
        return [(ALL[each.index], each.text) for each in choice.asked(ALL, text, earlier)]

    before = "What is the weather in Paris?"
    for text in (
        *("And in Rome?", "What about Tokyo?", "and tomorrow?", "Same for London", "Also Rome"),
        *("Und in Berlin?", "Et à Lyon ?", "¿Y en Madrid?", "那上海呢？", "大阪は？"),
    ):
        assert after(text, before) == [(WEATHER, text)]
        assert after(text, f"{before}\nAnd in Berlin?") == [(WEATHER, text)]
        assert (WEATHER, text) not in after(text, "Tell me a joke.")
    assert after("And what time is it there?", before)[0][0] == CLOCK
    for text in ("Thanks!", "now write a poem", "I see.", "And tell me a joke"):
        assert after(text, before) == []
    both = "weather in Paris and the time in Tokyo"
    assert [tool for tool, _ in after("And in Rome?", both)] == [WEATHER, CLOCK]


ODD = [
    *("." * 9000, "\n" * 9000, "and " + "a" * 9000, "and " * 3000, "天" * 9000, "1 + " * 3000),
    *("please " * 2000, "use the " * 2000, "the output " * 1500, "what about " + "é" * 5000),
]


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_no_text_costs_much(text: str) -> None:
    choice = ToolChoice()
    before = process_time()
    choice.asked([*ALL, *ARITHMETIC, READ], text, text)
    # A tenth of a second at the worst; the rest is for slow machines.
    assert process_time() - before < 2


@pytest.mark.parametrize(
    "schema",
    [
        {"properties": {"a": {"type": ["number", 5, {}], "enum": [{}, [], 5, "x"]}}},
        {"properties": {"a": {"type": {}, "items": []}}, "required": [5, {}, "a", "b"]},
        {"properties": {"a": 5, "": {"type": "number"}}, "required": {}},
        {"properties": {"path": {"description": 5}}, "required": None},
    ],
)
def test_no_schema_is_too_odd_for_orders(schema: Json) -> None:
    for name in ("add", "run", "read_file"):
        asked = ToolChoice().asked([Tool(name, "", schema)], "Add 3 and 4, run, read a.txt")
        assert {each.index for each in asked} <= {0}
