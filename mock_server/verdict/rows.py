"""Calls for the same in a row: which of them are tries, though the client does not say so."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final

import msgspec
from msgspec.structs import replace

from mock_server.journal import Exchange
from mock_server.verdict.answers import is_success, real_end
from mock_server.verdict.links import GRAIN, Link, Order, idempotency_of

# Who asks again after longer than this (seconds) has made up his mind anew.
_LONGEST_PAUSE: Final = 120.0


class Effort(msgspec.Struct, frozen=True):
    """A call from its first try to the last that it tells of."""

    first: Exchange
    last: Exchange

    @property
    def has_succeeded(self) -> bool:
        """Whether the client got what it had asked for in the end."""
        return is_success(self.last)


def efforts_of(heap: Sequence[Exchange], told: Sequence[Link]) -> list[Effort]:
    """The calls, each with the tries that it tells of."""
    following = {link.first.number: link.again for link in told}
    tries = {link.again.number for link in told}
    efforts = []
    for first in heap:
        if first.number not in tries:
            last = first
            while last.number in following:
                last = following[last.number]
            efforts.append(Effort(first, last))
    return efforts


@dataclass(frozen=True)
class Row:
    """Calls for the same, one after the other: which of them can only be tries, by all there is."""

    efforts: Sequence[Effort]
    order: Order
    is_poll: bool

    def links(self) -> list[Link]:
        """The ties between them; one alone around an SDK that had used up its tries is none."""
        if self._are_independent:
            return []
        ties = [self._tie(one, other) for one, other in pairwise(self.efforts)]
        return [
            tie
            for before, tie, after in zip([None, *ties], ties, [*ties[1:], None], strict=False)
            if tie is not None and (not tie.is_nested or before or after)
        ]

    def _tie(self, one: Effort, other: Effort) -> Link | None:
        first, again = one.last, other.first
        if one.has_succeeded or first.left:
            return None
        if again.call.arrived - real_end(first) > _LONGEST_PAUSE:
            return None
        comes_next = self.order.next(first) is again
        is_sure = (comes_next and not first.cut) or self._has_stopped
        tie = Link(first, again, is_sure, is_nested=one.first is not first)
        if tie.is_nested or tie.has_new_key:
            return replace(tie, is_sure=False) if comes_next else None
        if self.is_poll:
            return replace(tie, is_sure=True)
        if self._is_repeated:
            return replace(tie, is_sure=False) if comes_next else None
        return tie

    @cached_property
    def _are_independent(self) -> bool:
        """Whether there is evidence that nothing but chance made these calls the same."""
        keys = {idempotency_of(each.first) for each in self.efforts}
        if len(keys) > 1 and any(each.has_succeeded for each in self.efforts[:-1]):
            return True
        return any(
            not _is_after(other.first, one.last)
            or (not self.is_poll and one.has_succeeded and other.has_succeeded)
            for one, other in pairwise(self.efforts)
        )

    @cached_property
    def _successes(self) -> list[int]:
        return [number for number, each in enumerate(self.efforts) if each.has_succeeded]

    @property
    def _has_stopped(self) -> bool:
        """Whether the client asked no more at the first success, after two failures or more."""
        return len(self.efforts) > 2 and self._successes == [len(self.efforts) - 1]

    @property
    def _is_repeated(self) -> bool:
        """Whether the same was asked for again after a success."""
        return bool(self._successes) and self._successes[0] < len(self.efforts) - 1


def _is_after(again: Exchange, first: Exchange) -> bool:
    """Whether the answer to the first had ended when the other came."""
    return first.is_over and again.call.arrived > real_end(first) - GRAIN
