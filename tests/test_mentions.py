"""Mentions: what stands in a text is found once, as one thing, and as it is written."""

import pytest

from mock_server.slots.mentions import LONGEST, Mentions
from mock_server.slots.spans import stem


@pytest.mark.parametrize(
    ("sort", "text", "found"),
    [
        ("quoted", "say 'it's fine' or \"no\" or “so” or «da» or `x`", ["it's fine", "no", "so"]),
        ("quoted", "don't can't won't", []),
        ("quoted", "run\n```python\nprint(1)\n```", ["print(1)"]),
        ("emails", "a@b.io, Ann.Lee+x@mail.example.com.", ["a@b.io", "Ann.Lee+x@mail.example.com"]),
        ("urls", "see https://x.y/z?a=1). or example.com", ["https://x.y/z?a=1", "example.com"]),
        ("urls", "mail a@example.com", []),
        ("phones", "call +1 415-555-0100 or (030) 123 4567", ["+1 415-555-0100", "(030) 123 4567"]),
        ("phones", "from 2025-01-01 to 2025-02-02", []),
        ("codes", "order A-1042, #77 and ORD123", ["77", "A-1042", "ORD123"]),
        ("codes", "at 5pm for 10km in a 3-bedroom flat, 1st", []),
        ("capitals", "AAPL and $MSFT, OK, I", ["AAPL", "MSFT"]),
        ("capitals", "WHAT IS THIS", []),
        ("sums", "what is 12*7? and (3 + 4) * 2", ["12*7", "(3 + 4) * 2"]),
        ("sums", "on 2025-01-01 call 555-123-4567", []),
        ("paths", "read ./src/main.py and /etc/hosts", ["./src/main.py", "/etc/hosts"]),
        ("names", "What's up in San Francisco, CA or Rome", ["San Francisco, CA", "Rome"]),
        ("names", "Email Ann Lee. Ludwig van Beethoven and J. S. Bach", None),
        ("names", "On Monday I go to the Statue of Liberty", ["Statue of Liberty"]),
        ("names", "Assign it to Bob. Zap the logs, Grant is in", ["Bob", "Grant"]),
        ("currencies", "100 USD, $5 and 3 euros", ["USD", "USD", "EUR"]),
    ],
)
def test_things_are_found(sort: str, text: str, found: list[str] | None) -> None:
    expected = ["Ann Lee", "Ludwig van Beethoven", "J. S. Bach"] if found is None else found
    mentions = [each.text for each in getattr(Mentions(text), sort)]
    assert mentions[: len(expected) or None] == expected


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("3 people, $1,200.50, 5k and two days", [3, 1200.5, 5000, 2]),
        ("at 5pm on 2025-01-01, order A-12", []),
        ("in 5 days", [5]),
        ("-4.5 °C", [-4.5]),
        ("a litre of milk, a day, a cup of tea", [1, 1]),
    ],
)
def test_numbers_are_those_that_are_nothing_else(text: str, amounts: list[float]) -> None:
    assert [amount.value for amount in Mentions(text).amounts] == amounts


def test_a_mention_stands_where_it_says() -> None:
    mentions = Mentions("Ask Ann about #42, 7 euros and 'it'")
    for sort in ("names", "codes", "quoted", "tokens"):
        for each in getattr(mentions, sort):
            assert each.text.lower() in mentions.text[each.start : each.end].lower()


def test_long_texts_are_read_at_both_ends() -> None:
    mentions = Mentions("Ann " + "x " * LONGEST + "Bob")
    assert [name.text for name in mentions.names] == ["Ann", "Bob"]
    assert len(mentions.text) <= LONGEST + 1


@pytest.mark.parametrize(
    "some",
    [
        *(("cities", "city"), ("tracking", "track", "tracked"), ("orders", "order")),
        *(("translation", "translate"), ("prices", "price"), ("running", "run", "runs")),
    ],
)
def test_words_of_a_kind_have_one_stem(some: tuple[str, ...]) -> None:
    assert len({stem(word) for word in some}) == 1


def test_other_words_have_other_stems() -> None:
    assert len({stem(word) for word in ("city", "cite", "order", "border", "new", "news")}) == 6
