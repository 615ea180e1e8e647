"""Frames become sentences: each slot is filled with a fact, or with another frame."""

from collections.abc import Mapping
from random import Random

from mock_server.language.phrases import Frames


class Teller:
    """Fills frames: with the facts of the prompt, and with other frames, each used once."""

    def __init__(
        self, facts: Mapping[str, str], grammar: Mapping[str, Frames], random: Random
    ) -> None:
        self._facts = facts
        self._grammar = grammar
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
