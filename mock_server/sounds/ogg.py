"""Ogg files (RFC 3533): Opus, Vorbis, FLAC and Speex, by the positions that their pages tell."""

import re
import zlib
from collections.abc import Iterator
from struct import unpack_from
from typing import Final, NamedTuple

from mock_server.sounds.ogg_streams import Stream, stream_of
from mock_server.sounds.sound import Sound, Unreadable, refuse

_MOST_PAGES: Final = 250_000
_MOST_GAPS: Final = 1_000
_CAPTURE: Final = re.compile(rb"OggS\0")
_BEGIN: Final = 2  # the flag of the page that begins a stream
# The CRC of Ogg takes the highest bit of a byte first, that of zlib the lowest.
_MIRRORED: Final = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


class _Page(NamedTuple):
    flags: int
    granule: int
    serial: int
    start: int
    sizes: bytes
    body: memoryview


def look(view: memoryview) -> Sound:
    """The recording in an Ogg file; raises Unreadable."""
    links, begin, end = _links(view)
    if not links:
        refuse("is an Ogg file without a sound track that is known here")
    seconds = sum(link.seconds for link in links)
    if not seconds:
        refuse("is an Ogg file that holds no sound")
    first = links[0]
    return Sound("Ogg", seconds, first.rate, first.channels, (begin, end), first.tags)


def _links(view: memoryview) -> tuple[list[Stream], int, int]:
    """The sound tracks that follow each other, and where the sound stands.

    Streams that begin together are played together (RFC 3533, section 4): the first sound counts.
    """
    links: list[Stream] = []
    open_streams: dict[int, Stream] = {}
    is_head, begin, end = False, 0, len(view)
    for page in _pages(view):
        if page.flags & _BEGIN:
            if not is_head:
                open_streams = {}
            stream = None if open_streams else stream_of(page.body)
            if stream is not None:
                open_streams[page.serial] = stream
                links.append(stream)
        elif page.serial in open_streams:
            stream = open_streams[page.serial]
            stream.take(page.granule, page.sizes, page.body)
            begin = begin or (page.start if stream.sounds else 0)
        is_head = bool(page.flags & _BEGIN)
    return links, begin, end


def _pages(view: memoryview) -> Iterator[_Page]:
    """The whole pages of a file, and of what is damaged those that are whole."""
    at, gaps = 0, 0
    for _ in range(_MOST_PAGES):
        if at + 27 > len(view):
            return
        page = _page(view, at) if _CAPTURE.match(view, at) else None
        if page is not None:
            yield page
            at = page.start + 27 + len(page.sizes) + len(page.body)
            continue
        again, gaps = _CAPTURE.search(view, at + 1), gaps + 1
        if again is None or gaps > _MOST_GAPS:
            return
        at = again.start()
    raise Unreadable(f"has more than {_MOST_PAGES:,} pages")


def _page(view: memoryview, at: int) -> _Page | None:
    flags, granule, serial, _, crc, count = unpack_from("<BqIIIB", view, at + 5)
    sizes = bytes(view[at + 27 : at + 27 + count])
    start = at + 27 + count
    end = start + sum(sizes)
    if end > len(view):
        return None
    if _crc(b"".join((view[at : at + 22], bytes(4), view[at + 26 : end]))) != crc:
        return None
    return _Page(flags, granule, serial, at, sizes, view[start:end])


def _crc(data: bytes) -> int:
    mirrored = zlib.crc32(data.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int.from_bytes(mirrored.to_bytes(4, "little").translate(_MIRRORED))
