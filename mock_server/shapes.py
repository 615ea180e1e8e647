"""What providers' keys look like: how they begin, and that much follows."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

_BEGINNING: Final = re.compile(r"\^?([A-Za-z0-9_-]+[_-])")
# A key begins a word, or follows what has been escaped, such as the n of a new line.
_BEFORE: Final = (
    r"(?:(?<![A-Za-z0-9])|(?<=\\[bfnrtv])|(?<=%[0-9A-Fa-f]{2})"
    r"|(?<=\\x[0-9A-Fa-f]{2})|(?<=\\u[0-9A-Fa-f]{4}))"
)
# Words joined by hyphens, as `sk-learn-compatible`, are English.
_REST: Final = (
    r"(?![a-z]{1,15}(?:-[a-z]{1,15})+(?![A-Za-z0-9_-]))[A-Za-z0-9_-]{12,}(?:[.~+=][A-Za-z0-9_=-]+)*"
)


class Shapes:
    """The shapes of the keys that fit these patterns, or are like these samples."""

    def __init__(self, patterns: Iterable[str]) -> None:
        found = [_BEGINNING.match(pattern) for pattern in patterns]
        self._beginnings = sorted({each[1] for each in found if each})
        begins = "|".join(map(re.escape, self._beginnings))
        self._begins = re.compile(begins)
        self._whole = re.compile(f"{_BEFORE}(?:{begins}){_REST}")

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """From where to where something stands in a text that looks like a key."""
        end = 0
        if not any(each in text for each in self._beginnings):
            return
        for begun in self._begins.finditer(text):
            found = self._whole.match(text, begun.start()) if begun.start() >= end else None
            if found:
                end = found.end()
                yield found.span()

    def found(self, text: str) -> Iterator[str]:
        """Whatever looks like a key in a text."""
        return (text[start:end] for start, end in self.spans(text))
