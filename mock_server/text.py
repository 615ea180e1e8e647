"""Answers that read like answers: related to the prompt, repeatable, and bounded in cost.

The language lives in `fixtures/phrases.yaml`, `prompts.py` understands what is asked, and this
module picks frames and fills them.
"""

from random import Random

from mock_server.language.phrases import Phrases, load_phrases
from mock_server.language.prompts import MOST, Conversation, Reading, read
from mock_server.language.teller import Teller
from mock_server.language.topics import sentences, view

__all__ = ["Conversation", "Phrases", "answer", "load_phrases", "moderation", "reasoning"]


def answer(phrases: Phrases, conversation: Conversation, random: Random) -> str:
    """Say what an assistant might say."""
    reading = read(phrases, conversation)
    return _fitted(Teller(reading.facts, reading.language.grammar, random), reading).strip()


def reasoning(phrases: Phrases, conversation: Conversation, random: Random) -> str:
    """Say what a reasoning model might think before it answers."""
    reading = read(phrases, conversation)
    # Of the many answers about a picture (image_size, ...) one way of thinking serves all.
    names = (f"think_{reading.symbol}", f"think_{reading.symbol.partition('_')[0]}", "think")
    own = next(name for name in names if name in reading.language.grammar)
    return Teller(reading.facts, reading.language.grammar, random).tell(own)


def moderation(phrases: Phrases, conversation: Conversation) -> str:
    """Say what a guard model says: safe, or unsafe with the category on a second line."""
    text = view(conversation.prompt)
    for code, hazard in phrases.hazards:
        if hazard.search(text):
            return f"unsafe\n{code}"
    return "safe"


def _fitted(teller: Teller, reading: Reading) -> str:
    """Tell the answer at the length that was asked for."""
    symbol, limit, grammar = reading.symbol, reading.limit, reading.language.grammar
    if limit is None:
        return teller.tell(symbol)
    if limit.unit == "words" and limit.n == 1:
        return teller.tell(f"{symbol}_word" if f"{symbol}_word" in grammar else "one_word")
    variants = (f"{symbol}_{limit.n}" if limit.unit == "sentences" else "", f"{symbol}_prose")
    text = teller.tell(next((name for name in variants if name in grammar), symbol))
    told = [sentence for sentence in sentences(text) if sentence]
    if limit.unit == "words":
        return _shortened(told, limit.n)
    # Of a picture there is always a detail to be told, of other topics something general.
    more = f"{symbol.partition('_')[0]}_detail"
    more = more if more in grammar else "sentence"
    told += [teller.tell(more) for _ in range(min(limit.n, MOST) - len(told))]
    return " ".join(told[: limit.n])


def _shortened(told: list[str], most: int) -> str:
    """Drop sentences from the end until so many words are left; one too long loses its tail."""
    while len(told) > 1 and sum(len(sentence.split()) for sentence in told) > most:
        told.pop()
    words = " ".join(told).split()
    return " ".join(told) if len(words) <= most else " ".join(words[:most]).rstrip(" ,;:") + "."
