"""The sound tracks of an Ogg file, codec by codec: how long they are by what their pages tell."""

from struct import unpack_from
from typing import Final

from mock_server.sounds.flac import info_of
from mock_server.sounds.opus import samples_of
from mock_server.sounds.sound import refuse
from mock_server.sounds.vorbis_comments import comments

_OPUS_RATE: Final = 48_000  # of positions, whatever the rate of the input (RFC 7845, section 4)
_LONGEST_HEAD: Final = 1 << 20
_LONGEST_VORBIS: Final = 4_096  # samples that a packet adds (Vorbis I specification, section 4.2.2)
_LONGEST_FLAC: Final = 65_535


class Stream:
    """One sound track while its pages are read."""

    def __init__(self, codec: str, rate: int, channels: int, skipped: int) -> None:
        self.rate, self.channels = rate, channels
        self.tags: dict[str, str] = {}
        self._codec, self._skipped = codec, skipped
        self._head = bytearray()
        self._has_comments = codec == "Speex"
        self._first: int | None = None
        self._last = 0

    @property
    def seconds(self) -> float:
        """How long what was read of the track lasts."""
        played = self._last - (self._first or 0) - self._skipped
        return max(0, played) / self.rate

    @property
    def sounds(self) -> bool:
        """Whether anything but headers was read."""
        return self._first is not None

    def take(self, granule: int, sizes: bytes, body: memoryview) -> None:
        """Read a page: its position, the sizes of its segments, and their bytes."""
        if not self._has_comments:
            self._read_comments(sizes, body)
        if granule <= 0:  # headers are at 0, and a page in which no packet ends at -1
            return
        if self._first is None:
            self._first = self._begins_at(granule, sizes, body)
        self._last = max(self._last, granule)

    def _read_comments(self, sizes: bytes, body: memoryview) -> None:
        """The second packet of each mapping is a comment header, of which pages may hold parts."""
        end = next((i for i, size in enumerate(sizes) if size < 255), None)
        self._head += body[: sum(sizes if end is None else sizes[: end + 1])]
        if end is None and len(self._head) < _LONGEST_HEAD:
            return
        self._has_comments = True
        marks = {"Vorbis": b"\x03vorbis", "Opus": b"OpusTags"}
        mark = marks.get(self._codec, bytes(self._head[:4]))
        if self._head.startswith(mark):
            self.tags = comments(bytes(self._head[len(mark) :]))
        self._head.clear()

    def _begins_at(self, granule: int, sizes: bytes, body: memoryview) -> int:
        """The position before the first packet: not 0 in what was cut out of something longer."""
        ends = sum(size < 255 for size in sizes)
        if self._codec == "Opus":
            return max(0, granule - _opus_samples(sizes, body))
        if self._codec == "Speex":
            return 0
        longest = _LONGEST_FLAC if self._codec == "FLAC" else _LONGEST_VORBIS
        return 0 if granule <= ends * longest else granule


def stream_of(packet: memoryview) -> Stream | None:
    """The sound track that begins with this packet; None if it is of something else."""
    head = bytes(packet[:80])
    stream = None
    if head.startswith(b"\x01vorbis") and len(head) >= 16:
        stream = Stream("Vorbis", unpack_from("<I", head, 12)[0], head[11], 0)
    elif head.startswith(b"OpusHead") and len(head) >= 12:
        stream = Stream("Opus", _OPUS_RATE, head[9], unpack_from("<H", head, 10)[0])
    elif head.startswith(b"\x7fFLAC") and len(head) >= 17:
        info = info_of(head[17:])
        stream = Stream("FLAC", info.rate, info.channels, 0)
    elif head.startswith(b"Speex   ") and len(head) >= 52:
        stream = Stream("Speex", unpack_from("<I", head, 36)[0], head[48], 0)
    if stream is not None and not (stream.rate and stream.channels):
        refuse("is an Ogg file of no channels, or of 0 samples a second")
    return stream


def _opus_samples(sizes: bytes, body: memoryview) -> int:
    """The samples of the packets that end in a page."""
    total, at, start = 0, 0, 0
    for size in sizes:
        at += size
        if size < 255:
            total += samples_of(body[start:at])
            start = at
    return total
