"""Stretches of a text, and words without their endings."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple, Protocol, TypeVar


class Mention(NamedTuple):
    """A stretch of the text."""

    text: str
    start: int
    end: int


class Amount(NamedTuple):
    """A number with the word after it, its currency (a sign or a code), and where it stands."""

    value: int | float
    start: int
    end: int
    unit: str
    currency: str


class Span(Protocol):
    """Anything that stands at some place of the text."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


Placed = TypeVar("Placed", bound=Span)


def overlaps(one: Span, others: Iterable[Span]) -> bool:
    """Whether a stretch shares a character with one of the others."""
    return any(one.start < other.end and other.start < one.end for other in others)


def outside(some: Iterable[Placed], others: Sequence[Span]) -> list[Placed]:
    """Those stretches that share nothing with the others."""
    return [one for one in some if not overlaps(one, others)]


@lru_cache(2048)
def stem(word: str) -> str:
    """A word without its usual English endings: enough to tell that two are of a kind."""
    word = word.lower()
    if word in _UNCHANGED:
        return word
    for ending, least in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= least:
            word = word[: -len(ending)]
            break
    if len(word) > 3 and word[-1] == word[-2] and word[-1] in "bdgmnprt":
        word = word[:-1]
    return word[:-1] + "i" if len(word) > 3 and word[-1] == "y" else word.removesuffix("e")


_ENDINGS: Final = (
    *(("ions", 5), ("ion", 5), ("ingly", 4), ("ing", 3), ("ers", 4), ("er", 4), ("or", 6)),
    *(("est", 4), ("ed", 3), ("es", 3), ("s", 3), ("ly", 4)),
)
_UNCHANGED: Final = frozenset({"news"})
