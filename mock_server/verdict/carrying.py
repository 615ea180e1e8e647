"""Whether a text that came in part only was carried on as if it were the whole.

It is where another turn follows it. As the last turn of all it is what the model is to go on with,
so that the client knows very well what it has.
"""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

import msgspec

from mock_server.journal import Exchange
from mock_server.wire import Json

# A text so long is not the same as another by chance (characters).
_TELLING: Final = 12
Turns = tuple[str, int]
"""A member of a body and the digest of the items that it has begun with."""


class Carried:
    """What clients have sent: the texts of turns, by themselves and behind the turns before.

    `telling` are members that say what something is, such as a role: their texts prove nothing.
    """

    def __init__(self, exchanges: Sequence[Exchange], telling: Collection[str]) -> None:
        self._telling = telling
        self._texts: dict[str, tuple[Exchange, bool]] = {}
        self._turns: dict[Turns, list[tuple[Exchange, Json, bool]]] = {}
        for exchange in exchanges:
            for turns, rest in _talks(exchange.asked):
                if rest:
                    is_last = len(rest) == 1
                    self._turns.setdefault(turns, []).append((exchange, rest[0], is_last))
                    for text in _leaves(rest[0], telling):
                        if len(text) >= _TELLING:
                            self._texts[text] = (exchange, is_last)

    def on(self, exchange: Exchange) -> tuple[Exchange, bool] | None:
        """A later request in which a text of this answer stands as far as it came.

        With it comes whether it stands there as what is to be gone on with.
        """
        parts = {text for text in _pieces(exchange) if text}
        parts -= {*_leaves(exchange.asked, ())}  # the answer repeats the name of the model
        for text in parts:
            found = self._texts.get(text)
            if found is not None and found[0].number > exchange.number:
                return found
        return self._next_turn(exchange, parts)

    def _next_turn(
        self, exchange: Exchange, parts: Collection[str]
    ) -> tuple[Exchange, bool] | None:
        """A later request that repeats the turns of this one, and goes on with what came."""
        whole = [turns for turns, rest in _talks(exchange.asked) if not rest]
        for later, turn, is_last in (
            each for turns in whole for each in self._turns.get(turns, ())
        ):
            is_said = any(text in parts for text in _leaves(turn, self._telling))
            if later.number > exchange.number and is_said:
                return later, is_last
        return None


def _talks(asked: Json) -> Iterator[tuple[Turns, list[Json]]]:
    """The lists in a body, cut behind each item: what came so far, and up to two that follow."""
    for name, turns in asked.items() if isinstance(asked, dict) else ():
        digest = 0
        for number, turn in enumerate(turns if isinstance(turns, list) else ()):
            digest = hash((digest, msgspec.json.encode(turn)))
            yield (name, digest), turns[number + 1 : number + 3]


def _pieces(exchange: Exchange) -> Iterator[str]:
    """The texts that the events of a stream bring piece by piece, as far as they came."""
    texts: dict[str, list[str]] = {}
    for told in events(exchange.answered):
        _add(told, "", texts)
    for pieces in texts.values():
        yield "".join(pieces).strip()


def events(pieces: Sequence[bytes]) -> Iterator[Json]:
    """What the events of a stream tell, as far as they came."""
    for line in b"".join(pieces).split(b"\n"):
        name, _, data = line.partition(b":")
        if name.strip() == b"data":
            try:
                yield msgspec.json.decode(data)
            except ValueError:  # the end mark, or where it broke off
                continue


def _add(value: Json, place: str, texts: dict[str, list[str]]) -> None:
    if isinstance(value, str):
        texts.setdefault(place, []).append(value)
    elif isinstance(value, dict):
        for name, inner in value.items():
            _add(inner, f"{place}/{name}", texts)
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            _add(inner, f"{place}/{number}", texts)


def _leaves(value: Json, without: Collection[str]) -> Iterator[str]:
    """The texts in a value, but for those of members by these names."""
    if isinstance(value, str):
        yield value.strip()
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name not in without:
                yield from _leaves(inner, without)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, without)
