"""The boxes that an MP4 file is made of, a bounded number of them."""

from collections.abc import Iterator
from struct import unpack_from
from typing import Final, NamedTuple

from mock_server.sounds.sound import refuse

_MOST: Final = 200_000


class Span(NamedTuple):
    """A box: its kind, and where its content starts and ends, which may be after the file's end."""

    kind: bytes
    start: int
    end: int


class Boxes:
    """Finds boxes in a file; raises Unreadable where there are more than any recording has."""

    def __init__(self, view: memoryview) -> None:
        self.view = view
        self._left = _MOST

    def within(self, at: int, end: int) -> Iterator[Span]:
        """The boxes that lie side by side there (ISO 14496-12, section 4.2)."""
        view, last = self.view, min(end, len(self.view)) - 8
        while at <= last:
            self._left -= 1
            if self._left < 0:
                refuse(f"is an MP4 of more than {_MOST:,} boxes")
            size, kind = unpack_from(">I4s", view, at)
            start = at + 8
            if size == 1 and at + 16 <= len(view):
                size, start = unpack_from(">Q", view, at + 8)[0], at + 16
            elif size == 0:
                size = end - at
            if at + size < start:
                return
            yield Span(kind, start, at + size)
            at += size

    def all(self, parent: Span, kind: bytes) -> Iterator[Span]:
        """The boxes of a kind inside of another."""
        return (each for each in self.within(parent.start, parent.end) if each.kind == kind)

    def at(self, parent: Span, *path: bytes) -> Span | None:
        """The first box on a path of kinds inside of another."""
        found: Span | None = parent
        for kind in path:
            found = next(self.all(found, kind), None) if found else None
        return found
