"""The elements that a Matroska or WebM file is made of (RFC 8794), a bounded number of them."""

from collections.abc import Iterator
from struct import unpack
from typing import Final, NamedTuple

from mock_server.sounds.sound import refuse

_MOST: Final = 400_000
# How many bytes an id or a size takes, by its first byte (RFC 8794, section 4).
_WIDTHS: Final = bytes(9 - byte.bit_length() for byte in range(256))


class Element(NamedTuple):
    """An element; `end` is None where its size is unknown, and may be after the file's end."""

    id: int
    start: int
    end: int | None


class Elements:
    """Finds elements in a file; raises Unreadable where there are more than any recording has."""

    def __init__(self, view: memoryview) -> None:
        self.view = view
        self._left = _MOST

    def within(self, at: int, end: int) -> Iterator[Element]:
        """The elements that lie side by side there, up to one of unknown size."""
        view = self.view
        end = min(end, len(view))
        while at < end:
            self._left -= 1
            if self._left < 0:
                refuse(f"is a WebM of more than {_MOST:,} elements")
            width = _WIDTHS[view[at]]
            start = at + width
            if width > 4 or start >= end or not view[start]:
                return
            mark = int.from_bytes(view[at:start])
            length = _WIDTHS[view[start]]
            unknown = (1 << 7 * length) - 1
            size = int.from_bytes(view[start : start + length]) & unknown
            start += length
            if start > end:
                return
            if size == unknown:
                yield Element(mark, start, None)
                return
            yield Element(mark, start, start + size)
            at = start + size

    def first(self, parent: Element, mark: int) -> Element | None:
        """The first element of an id inside of another."""
        end = len(self.view) if parent.end is None else parent.end
        return next((each for each in self.within(parent.start, end) if each.id == mark), None)

    def number(self, parent: Element, mark: int, default: int = 0, *, signed: bool = False) -> int:
        """The whole number that an element inside of another holds."""
        found = self.first(parent, mark)
        return default if found is None else self.value(found, signed=signed)

    def value(self, element: Element, *, signed: bool = False) -> int:
        """The whole number that an element holds."""
        end = min(element.end or 0, element.start + 8)
        return int.from_bytes(self.view[element.start : end], signed=signed)

    def real(self, parent: Element, mark: int, default: float) -> float:
        """The floating-point number that an element inside of another holds."""
        data = self.data(parent, mark)
        return float(unpack(">f" if len(data) == 4 else ">d", data)[0]) if data else default

    def data(self, parent: Element, mark: int, most: int = 8) -> bytes:
        """The bytes that an element inside of another holds, the first so many of them."""
        found = self.first(parent, mark)
        if found is None or found.end is None:
            return b""
        return bytes(self.view[found.start : min(found.end, found.start + most)])
