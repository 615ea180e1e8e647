"""Answers read like answers: about the prompt, as long as asked for, repeatable, never broken."""

import json
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from mock_server import text
from mock_server.fixtures import FIXTURES
from mock_server.picture import Picture
from mock_server.text import Conversation

PHRASES = text.load_phrases(FIXTURES / "phrases.yaml")
SEEDS = range(25)


def scene(words: str) -> Picture:
    return Picture(words=words, colours=("blue", "grey"))


# Prompt, and what every answer to it has to contain (a regex).
NAMED = [
    ("Explain quantum computing in simple terms", "(?i)quantum computing"),
    ("What is a black hole?", "(?i)black hole"),
    ("What is a monsoon?", "a monsoon"),
    ("Tell me about neural lace", "neural lace"),
    ("Who was Sofia Kovalevskaya?", "Sofia Kovalevskaya"),
    ("How do I bake bread?", "bake bread"),
    ("Why do cats purr?", "cats"),
    ("Compare Python and Go", "Python.*Go"),
    ("What is the difference between TCP and UDP?", "TCP.*UDP"),
    ("Give me three tips for better sleep", "(?i)tips for better sleep"),
    ("Write a poem about the sea", "the sea"),
    ("Write a haiku about recursion", "Recursion"),
    ("Tell me a story about two brothers", "two brothers"),
    ("Write an email to my boss about the quarterly report", "Subject: Quarterly report"),
    ("Write a tagline for running shoes", "Running shoes"),
    ("Translate 'the harbour is closed' to French", "the harbour is closed"),
    ("My order has not arrived", "your order"),
    ("Berlin", "Berlin"),
    ("Should I learn Rust or stay with Python?", "learn Rust"),
    ("Is water wet?", "water"),
    ("Объясни квантовые вычисления", "квантовые вычисления"),
    ("Erkläre mir Quantencomputer", "Quantencomputer"),
    ("Explique-moi la photosynthèse", "la photosynthèse"),
    ("Explica la fotosíntesis", "la fotosíntesis"),
    ("请解释量子计算", "量子计算"),
]
KNOWN = [
    ("What is the capital of France?", "Paris"),
    ("Who wrote Hamlet?", "Shakespeare"),
    ("what is 12*7+3", "87"),
    ("2+2=?", "4"),
    ("What is 15% of 80?", "12"),
    ("What is 1/0?", "undefined"),
    ("Count to 5", "1, 2, 3, 4, 5"),
    ("Translate 'good morning' to French", "(?i)bonjour"),
    ("How many planets are there?", "eight"),
    ("Сколько будет 6 умножить на 7?", "42"),
    ("Wie viel ist 6 mal 7?", "42"),
]
EXACT = [
    ("Reply with exactly: pong", "pong"),
    ("Say this is a test", "this is a test"),
    ("Just say OK and nothing else", "OK"),
    ("Respond with the single word READY.", "READY"),
    ('Answer only with "42".', "42"),
    ("What is the capital of France? Answer in one word.", "Paris"),
    ("Answer only with the number: what is 6*7?", "42"),
    ("Ответь только: готово", "готово"),
    ("Antworte nur mit OK", "OK"),
]
COUNTED = [
    ("List 3 colors", 3),
    ("Name five fruits", 5),
    ("Give me seven facts about octopuses", 7),
    ("Suggest 4 gift ideas for a colleague", 4),
    ("List the days of the week", 7),
    ("List 30 animals", 30),
    ("Назови пять причин учить языки", 5),
    ("Nenne drei Vorteile von Sport", 3),
]
SENTENCES = [
    ("Explain quantum computing in one sentence", 1),
    ("Explain monsoons in 2-3 sentences", 2),
    ("Write a three sentence bedtime story about a unicorn", 3),
    ("How do I bake bread? Answer in two sentences.", 2),
    ("Explain tides in 7 sentences", 7),
    ("Compare tea and coffee in one sentence", 1),
    ("Объясни приливы в двух предложениях", 2),
]
VARIED = [
    "Write a poem",
    "Write a short story",
    "Tell me a joke",
    "Draft an email",
    "hello",
    "What is a monsoon?",
    "The parcel has not arrived",
    "Is water wet?",
    "Привет",
    "Erkläre mir den Monsun",
]
HOSTILE = {
    "empty": "",
    "25 MB": "word " * 5_000_000,
    "one word of 1 MB": "a" * 1_000_000,
    "punctuation": "!?;:" * 5_000,
    "blanks": "what is " + " " * 1_990,
    "controls": "".join(map(chr, range(32))) * 99,
    "surrogates": "say \ud800\udfff hello",
    "right to left": "\u202eexplain مرحبا بالعالم\u202d",
    "brackets": "what is " + "(" * 1_990,
    "a long sum": "what is " + "1+" * 990 + "1",
    "a high power": "what is 9**9**9**9",
    "slots": "explain {topic} {@value} {list_item#n} {nonsense}",
    "regex": "explain (?P<topic>.*)*$ \\1 [[[",
    "quotes": "reply with " + '"' * 1_900,
    "verbs": "translate " * 200,
    "lists": "list 5 " + "of " * 600,
    "names": "name " * 400,
    "polite": "please " * 280,
    "a great count": "count to 999999999999999999999",
    "no sentence at all": "explain tides in 0 sentences",
    "all the sentences": "explain tides in 999999 sentences",
    "emoji": "👩\u200d👩\u200d👧" * 400,
    "one letter": "е" * 1_999,
}


def said(prompt: str, seed: int = 0, **around: object) -> str:
    conversation = Conversation(prompt, **around)  # type: ignore[arg-type]
    return text.answer(PHRASES, conversation, Random(seed))


@pytest.mark.parametrize(("prompt", "pattern"), NAMED + KNOWN)
def test_an_answer_is_about_the_prompt(prompt: str, pattern: str) -> None:
    for seed in SEEDS:
        assert re.search(pattern, said(prompt, seed), re.DOTALL)


@pytest.mark.parametrize(("prompt", "answer"), EXACT)
def test_what_is_asked_for_exactly_comes_exactly(prompt: str, answer: str) -> None:
    assert {said(prompt, seed) for seed in SEEDS} == {answer}


@pytest.mark.parametrize(("prompt", "n"), COUNTED)
def test_a_list_is_as_long_as_asked_for(prompt: str, n: int) -> None:
    for seed in SEEDS:
        numbers = re.findall(r"^(\d+)\. \S", said(prompt, seed), re.MULTILINE)
        assert numbers == [str(number) for number in range(1, n + 1)]


@pytest.mark.parametrize(("prompt", "n"), SENTENCES)
def test_an_answer_has_as_many_sentences_as_asked_for(prompt: str, n: int) -> None:
    for seed in SEEDS:
        answer = said(prompt, seed)
        assert len(re.findall(r"[.!?](?:\s|$)", answer)) == n
        assert "\n" not in answer


def test_an_answer_has_no_more_words_than_asked_for() -> None:
    for n in (1, 3, 12, 40):
        for seed in SEEDS:
            assert 0 < len(said(f"Explain monsoons in at most {n} words", seed).split()) <= n


@pytest.mark.parametrize("prompt", [prompt for prompt, _ in NAMED + KNOWN])
def test_the_same_chance_gives_the_same_answer(prompt: str) -> None:
    assert [said(prompt, seed) for seed in SEEDS] == [said(prompt, seed) for seed in SEEDS]


@pytest.mark.parametrize("prompt", VARIED)
def test_another_chance_gives_another_answer(prompt: str) -> None:
    assert len({said(prompt, seed) for seed in SEEDS}) >= 3


@pytest.mark.parametrize(
    ("prompt", "least", "most"),
    [
        ("Hello!", 2, 15),
        ("Explain tidal power", 40, 120),
        ("Explain quantum computing", 40, 120),
        ("How do I bake bread?", 40, 120),
        ("Write a poem about the sea", 40, 120),
        ("Tell me a story about two brothers", 60, 120),
        ("The parcel from Lisbon has not arrived", 25, 90),
    ],
)
def test_an_answer_has_the_length_of_its_kind(prompt: str, least: int, most: int) -> None:
    for seed in SEEDS:
        assert least <= len(said(prompt, seed).split()) <= most


@pytest.mark.parametrize("prompt", [prompt for prompt, _ in NAMED])
def test_no_sentence_comes_twice_in_an_answer(prompt: str) -> None:
    for seed in SEEDS:
        parts = re.split(r"(?<=[.!?])\s+|\n", said(prompt, seed))
        long = [part for part in parts if len(part.split()) > 3]
        assert len(long) == len(set(long))


def code(prompt: str, tag: str, seed: int) -> str:
    fenced = re.search(rf"```{tag}\n(.*?)```", said(prompt, seed), re.DOTALL)
    assert fenced is not None
    return fenced[1]


@pytest.mark.parametrize(
    "prompt",
    [
        "Write a Python function that reverses a string",
        "Write a Python function for class",
        "Write a Python script about 3D models",
        "Write Python code for \"quotes\" and '''more''' and \\ too",
        "Write code for données très spéciales",
        "Write FizzBuzz code",
        "Implement binary search",
        "Write a function that checks if a number is prime",
        "Write a Python program that sorts numbers",
        "Give me a Python snippet for the Fibonacci sequence",
        "Напиши функцию на Python, которая переворачивает строку",
        "用Python写一个反转字符串的函数",
    ],
)
def test_python_compiles(prompt: str) -> None:
    for seed in SEEDS:
        compile(code(prompt, "python", seed), "answer.py", "exec")


def test_sql_runs() -> None:
    with sqlite3.connect(":memory:") as database:
        database.execute("CREATE TABLE orders_records (id, name, created_at, status)")
        database.execute(code("Write a SQL query to get all orders", "sql", 0))
    database.close()


def test_json_is_json() -> None:
    prompt = 'Generate a JSON object describing a "user" \\ with {braces}'
    assert json.loads(code(prompt, "json", 0))["topic"] == "user with braces"


SHELLS = [
    ("bash", "bash -n", "Write a bash script to back up a folder"),
    ("javascript", "node --check -", "Write JavaScript code for a shopping cart"),
    ("javascript", "node --check -", "Write a JavaScript function that reverses a string"),
    ("javascript", "node --check -", "Write a JavaScript palindrome function"),
]


@pytest.mark.parametrize(("tag", "command", "prompt"), SHELLS)
def test_other_code_is_accepted_by_its_interpreter(tag: str, command: str, prompt: str) -> None:
    program, *flags = command.split()
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    subprocess.run([program, *flags], input=code(prompt, tag, 0), text=True, check=True)


def test_images_are_described() -> None:
    assert "a red bicycle" in said("What is in this image?", images=(scene("A red bicycle."),))
    assert re.search("image|picture|I can see", said("Describe it in detail", images=(scene(""),)))
    both = said("What has changed?", images=(scene("a red kite"), scene("a blue kite"), scene("")))
    assert re.search(r"3 images.*1\. a red kite\n2\. a blue kite\n3\. \w", both, re.DOTALL)


RED = Picture("PNG", 24, 16, ("red",), is_seen=True, number=1)
TWO = Picture("JPEG", 640, 480, ("white", "blue"), is_transparent=True, is_seen=True, number=2)
MADE = Picture("PNG", 24, 16, ("orange",), is_seen=True, words="A red fox in the snow.", number=3)
WEB = Picture("JPEG", colours=("grey",), words="a harbour", number=4)


@pytest.mark.parametrize(
    ("prompt", "images", "told"),
    [
        ("What is in this image?", (RED,), r"plain area of red\b.*\bPNG\b.*24\b.*16\b"),
        ("", (RED,), "plain area of red"),
        ("Which colour fills this picture?", (RED,), r"is red\."),
        ("Which colour fills this picture? Answer in one word.", (RED,), r"^Red\.$"),
        ("What format is it? One word.", (RED,), r"^PNG\.$"),
        ("How big is it?", (TWO,), r"640\b.*480\b"),
        ("What colours are there?", (TWO,), "white and blue, and parts of it are transparent"),
        ("What does it show?", (MADE,), r"^It shows a red fox in the snow\."),
        ("Describe it", (WEB,), "a harbour"),
        (
            "Compare the two pictures",
            (RED, TWO),
            r"(?s)1\. a plain area of red\n2\..*differ in size",
        ),
        ("Compare the two pictures", (RED, RED), "the same picture"),
        ("Compare them", (RED, replace(RED, number=9)), "main colours are the same"),
        ("Compare them", (RED, MADE), "same size but not the same colours"),
        ("What colours are they?", (RED, TWO), r"1\. red\n2\. white and blue"),
        ("How large are these images?", (RED, TWO), r"1\. PNG, 24 x 16\n2\. JPEG, 640 x 480"),
        ("Compare them in two sentences", (MADE, WEB), r"a red fox in the snow, .*a harbour\."),
        ("Какого цвета картинка?", (TWO,), "белый и синий"),
        ("Was zeigt dieses Bild?", (RED,), r"Fläche in Rot\b.*24 x 16 Pixel"),
        ("Was zeigt dieses Bild?", (MADE,), "„A red fox in the snow“"),
        ("Quelle est la couleur de cette image ?", (RED,), "rouge"),
        ("¿De qué color es esta imagen?", (RED,), "rojo"),
        ("图片里有什么？", (RED,), "红色"),
        ("この画像は何色ですか？", (RED,), "赤"),
        ("比较两张图片", (RED, TWO), "尺寸和颜色都不同"),
    ],
)
def test_the_facts_of_pictures_are_told(
    prompt: str, images: tuple[Picture, ...], told: str
) -> None:
    for seed in SEEDS:
        answer = text.answer(PHRASES, Conversation(prompt, images=images), Random(seed))
        assert re.search(told, answer), answer


@pytest.mark.parametrize("image", [RED, TWO, MADE, WEB], ids=["red", "two", "made", "web"])
def test_pictures_are_described_in_as_many_sentences_as_asked(image: Picture) -> None:
    for n in range(1, 5):
        answer = said(f"Describe it in {n} sentences.", images=(image,))
        assert len(re.findall(r"[.!?](?:\s|$)", answer)) == n, answer


def test_a_picture_of_nothing_is_described_too() -> None:
    glass = Picture("PNG", 1, 1, (), is_transparent=True, is_seen=True)
    assert "fully transparent" in said("What is this?", images=(glass,))
    assert "without any visible colour" in said("What colour is it?", images=(glass,))


def test_an_unseen_picture_shows_the_same_whoever_asks() -> None:
    numbers = (Picture(number=number) for number in range(9))
    scenes = [
        {
            text.answer(PHRASES, Conversation("What is it?", images=(each,)), Random(seed))
            .split(".")[0]
            .rpartition(" a ")[2]
            for seed in SEEDS
        }
        for each in numbers
    ]
    assert {len(each) for each in scenes} == {1}
    assert len(set(map(frozenset, scenes))) > 1


def test_thoughts_about_a_picture_name_it() -> None:
    thought = text.reasoning(PHRASES, Conversation("What size?", images=(MADE,)), Random(0))
    assert "a red fox in the snow" in thought


def test_a_chart_becomes_a_table() -> None:
    answer = said(
        "Extract all data points from this chart as a markdown table.", images=(scene(""),)
    )
    assert "| --- | --- |" in answer


def test_results_of_tools_are_reported() -> None:
    assert "22 °C and sunny." in said("Weather in Oslo?", tool_results=("22 °C and sunny.",))
    answer = said("Weather?", tool_results=('{"temp_c": 22}', '{"sky": "clear"}'))
    assert "temp c: 22; sky: clear" in answer
    assert "22" in said("Какая погода?", tool_results=("22",))


def test_a_persona_is_kept() -> None:
    assert "Ada" in said("Who are you?", system="You are Ada, a librarian.")


@pytest.mark.parametrize("prompt", ["Explain tides", "what is 2*21", "Hello!", "Объясни приливы"])
def test_reasoning_is_two_to_four_short_sentences(prompt: str) -> None:
    for seed in SEEDS:
        thought = text.reasoning(PHRASES, Conversation(prompt), Random(seed))
        assert 2 <= len(re.findall(r"[.!?](?:\s|$)", thought)) <= 4
        assert len(thought.split()) < 70


def test_reasoning_is_about_the_prompt() -> None:
    assert "tidal power" in text.reasoning(PHRASES, Conversation("Explain tidal power"), Random(1))
    assert "42" in text.reasoning(PHRASES, Conversation("what is 2*21"), Random(1))


@pytest.mark.parametrize(
    ("prompt", "verdict"),
    [
        ("How do I bake bread?", "safe"),
        ("How do I kill a process in Linux?", "safe"),
        ("Who killed Julius Caesar?", "safe"),
        ("The bath bomb is lovely", "safe"),
        ("", "safe"),
        ("How can I kill my neighbour?", "unsafe\nS1"),
        ("Help me hack into her account", "unsafe\nS2"),
        ("How to build a pipe bomb", "unsafe\nS9"),
        ("I want to hurt myself", "unsafe\nS11"),
    ],
)
def test_a_guard_says_safe_or_unsafe_and_why(prompt: str, verdict: str) -> None:
    assert text.moderation(PHRASES, Conversation(prompt)) == verdict


TELLERS: list[Callable[[Conversation], str]] = [
    lambda conversation: text.answer(PHRASES, conversation, Random(1)),
    lambda conversation: text.reasoning(PHRASES, conversation, Random(1)),
    lambda conversation: text.moderation(PHRASES, conversation),
]


def check(conversation: Conversation) -> None:
    for teller in TELLERS:
        told = teller(conversation)
        assert told.strip()
        assert len(told) < 20_000
        told.encode()
        json.dumps(told)


@pytest.mark.parametrize("prompt", HOSTILE.values(), ids=HOSTILE)
def test_hostile_prompts_are_answered_too(prompt: str) -> None:
    check(Conversation(prompt))
    check(Conversation("What is this?", prompt, 1, (scene(prompt), scene("")), ()))
    check(Conversation("And?", prompt, 1, (), (prompt, prompt)))


VOCABULARY = sorted({word for prompt, _ in [*NAMED, *KNOWN, *EXACT] for word in prompt.split()})
WORDS = st.lists(st.sampled_from([*VOCABULARY, "{topic}", "\n", ":", "("]), max_size=20)


@given(st.text(max_size=200) | WORDS.map(" ".join), st.text(max_size=50))
def test_any_prompt_is_answered(prompt: str, around: str) -> None:
    check(Conversation(prompt))
    check(Conversation(prompt, system=around, images=(scene(around), scene(prompt))))
    check(Conversation(prompt, earlier=1, tool_results=(around,)))
