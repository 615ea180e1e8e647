"""Tallies: what a server has done since it began, in figures that only grow, and what is open.

They are kept of all keys together, in so many rows at most: clients choose models, and whoever
writes scenarios their names.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Collection
from typing import Final

import msgspec

from mock_server.journal import Exchange

BOUNDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10, 30, 60)
"""Upper ends of the latencies that are counted together, in seconds."""
NONE: Final = "none"
"""What stands for an operation, a provider or a model where there was none."""
OTHER: Final = "other"
"""What stands for models that no provider lists, and for names where there are too many."""
_MOST_NAMES: Final = 500


class Spread(msgspec.Struct):
    """How often something took how long: `counts` for each of BOUNDS, and for what is beyond."""

    counts: list[int]
    total: float = 0.0

    def note(self, seconds: float) -> None:
        """Count one more."""
        self.counts[bisect_left(BOUNDS, seconds)] += 1
        self.total += seconds


class Row(msgspec.Struct):
    """Exchanges of one operation, provider and status: how many, and what was sent in them.

    The latencies are those of the operation, whoever asked and whatever came of it.
    """

    first_byte: Spread
    duration: Spread
    count: int = 0
    sent: int = 0
    limited: int = 0


class Tallies:
    """What one server has done; `streams` and `sockets` are open now."""

    def __init__(self, models: Collection[str]) -> None:
        self._models = models
        self.rows: dict[tuple[str | None, str | None, int], Row] = {}
        self.first_bytes: dict[str | None, Spread] = {}
        self.durations: dict[str | None, Spread] = {}
        self.tokens: dict[str, list[int]] = {}
        self.faults: Counter[str] = Counter()
        self.scenarios: Counter[str] = Counter()
        self.streams = 0
        self.sockets = 0

    def note(self, exchange: Exchange) -> None:
        """Count an exchange that is over."""
        mark = (exchange.operation, exchange.provider, exchange.status)
        row = self.rows.get(mark)
        if row is None:
            row = self.rows[mark] = self._row(exchange.operation)
        row.count += 1
        row.sent += exchange.sent
        row.limited += exchange.limited
        if exchange.began is not None:
            row.first_byte.note(exchange.began)
        row.duration.note(exchange.took or 0.0)
        if exchange.tokens is not None:
            self._note_tokens(exchange.model, exchange.tokens)
        for fault in exchange.faults:
            _count(self.faults, fault)
        if exchange.scenario is not None:
            _count(self.scenarios, exchange.scenario)

    def _row(self, operation: str | None) -> Row:
        return Row(_spread(self.first_bytes, operation), _spread(self.durations, operation))

    def _note_tokens(self, model: str | None, tokens: tuple[int, int | None]) -> None:
        name = NONE if model is None else model if model in self._models else OTHER
        sums = self.tokens.get(name)
        if sums is None:
            sums = self.tokens[name] = [0, 0]
        sums[0] += tokens[0]
        sums[1] += tokens[1] or 0  # nobody knows how many of them were sent


def _spread(spreads: dict[str | None, Spread], operation: str | None) -> Spread:
    found = spreads.get(operation)
    if found is None:
        found = spreads[operation] = Spread([0] * (len(BOUNDS) + 1))
    return found


def _count(names: Counter[str], name: str) -> None:
    names[name if name in names or len(names) < _MOST_NAMES else OTHER] += 1
