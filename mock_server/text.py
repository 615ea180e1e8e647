"""Answers that read like answers: related to the prompt, repeatable, and bounded in cost.

The language lives in `fixtures/phrases.yaml`, `prompts.py` understands what is asked, and this
module picks frames and fills them.
"""

from random import Random

from mock_server.language.phrases import Phrases, load_phrases
from mock_server.language.prompts import MOST, Conversation, Reading, read
from mock_server.language.topics import sentences, view

__all__ = ["Conversation", "Phrases", "answer", "load_phrases", "moderation", "reasoning"]


def answer(phrases: Phrases, conversation: Conversation, random: Random) -> str:
    """Say what an assistant might say."""
    reading = read(phrases, conversation)
    return _fitted(_Teller(reading, random), reading).strip()


def reasoning(phrases: Phrases, conversation: Conversation, random: Random) -> str:
    """Say what a reasoning model might think before it answers."""
    reading = read(phrases, conversation)
    # Of the many answers about a picture (image_size, ...) one way of thinking serves all.
    names = (f"think_{reading.symbol}", f"think_{reading.symbol.partition('_')[0]}", "think")
    own = next(name for name in names if name in reading.language.grammar)
    return _Teller(reading, random).tell(own)


def moderation(phrases: Phrases, conversation: Conversation) -> str:
    """Say what a guard model says: safe, or unsafe with the category on a second line."""
    text = view(conversation.prompt)
    for code, hazard in phrases.hazards:
        if hazard.search(text):
            return f"unsafe\n{code}"
    return "safe"


class _Teller:
    """Fills frames: with the facts of the prompt, and with other frames, each used once."""

    def __init__(self, reading: Reading, random: Random) -> None:
        self._facts = reading.facts
        self._grammar = reading.language.grammar
        self._random = random
        self._decks: dict[str, list[tuple[str, ...]]] = {}

    def tell(self, symbol: str) -> str:
        """Fill one frame of a symbol."""
        return self._filled(self._draw(symbol))

    def _draw(self, symbol: str) -> tuple[str, ...]:
        deck = self._decks.get(symbol) or list(self._grammar[symbol])  # dealt anew when empty
        self._decks[symbol] = deck
        return deck.pop(int(self._random.random() * len(deck)))

    def _filled(self, frame: tuple[str, ...]) -> str:
        parts = list(frame)
        parts[1::2] = map(self._slot, parts[1::2])
        return "".join(parts)

    def _slot(self, slot: str) -> str:
        symbol, _, many = slot.partition("#")
        if symbol[0] == "@":
            symbol = self._facts[symbol[1:]]
        if many:
            return self._listed(symbol, int(self._facts[many]))
        if (fact := self._facts.get(symbol)) is not None:
            return fact
        if symbol in self._grammar:
            return self.tell(symbol)
        text = self._slot(symbol[0].lower() + symbol[1:])
        return text[:1].upper() + text[1:]

    def _listed(self, symbol: str, n: int) -> str:
        """Make a numbered list, in the order in which the frames stand."""
        frames = self._grammar[symbol]
        rounds, rest = divmod(n, len(frames))
        chosen = sorted(self._random.sample(range(len(frames)), rest))
        places = [*list(range(len(frames))) * rounds, *chosen]
        return "\n".join(
            f"{number}. {self._filled(frames[place])}" for number, place in enumerate(places, 1)
        )


def _fitted(teller: _Teller, reading: Reading) -> str:
    """Tell the answer at the length that was asked for."""
    symbol, limit, grammar = reading.symbol, reading.limit, reading.language.grammar
    if limit is None:
        return teller.tell(symbol)
    if limit.unit == "words" and limit.n == 1:
        return teller.tell(f"{symbol}_word" if f"{symbol}_word" in grammar else "one_word")
    variants = (f"{symbol}_{limit.n}" if limit.unit == "sentences" else "", f"{symbol}_prose")
    told = sentences(teller.tell(next((name for name in variants if name in grammar), symbol)))
    if limit.unit == "words":
        return _shortened(told, limit.n)
    told += [teller.tell("sentence") for _ in range(min(limit.n, MOST) - len(told))]
    return " ".join(told[: limit.n])


def _shortened(told: list[str], most: int) -> str:
    """Drop sentences from the end until so many words are left; one too long loses its tail."""
    while len(told) > 1 and sum(len(sentence.split()) for sentence in told) > most:
        told.pop()
    words = " ".join(told).split()
    return " ".join(told) if len(words) <= most else " ".join(words[:most]).rstrip(" ,;:") + "."
