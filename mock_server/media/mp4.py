"""MP4 files of one H.264 track: boxes of ISO/IEC 14496-12 and 14496-15."""

from collections.abc import Sequence
from struct import pack
from typing import Final, NamedTuple

from mock_server.media.h264 import BT709, COMPATIBILITY, PROFILE

TICKS: Final = 24_000  # a second: a frame and a millisecond are whole numbers of them
_MATRIX: Final = pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
_UNDETERMINED: Final = 0x55C4  # the language "und"
_UTF8: Final = 1
_ON: Final = 7  # a track that is enabled, in the movie and in its preview


class Track(NamedTuple):
    """Frames and what a player must know of them; `keys` are their numbers from 0."""

    width: int
    height: int
    level: int
    parameters: tuple[bytes, bytes]  # sequence and picture parameter set
    frames: Sequence[bytes]
    durations: Sequence[int]  # in ticks
    keys: Sequence[int]


def movie(track: Track, tags: dict[bytes, str]) -> bytes:
    """The file of a track; the tags have the names of Apple's item list."""
    kind = _box(b"ftyp", b"isom", pack(">I", 0x200), b"isomiso2avc1mp41")
    # The size of the head does not depend on the place of the frames that it has inside.
    place = len(kind) + len(_head(track, tags, 0)) + 8
    samples = [part for frame in track.frames for part in (pack(">I", len(frame)), frame)]
    return kind + _head(track, tags, place) + _box(b"mdat", *samples)


def _head(track: Track, tags: dict[bytes, str], place: int) -> bytes:
    duration = sum(track.durations)
    header = _full(
        b"mvhd",
        pack(">5I", 0, 0, TICKS, duration, 1 << 16),
        pack(">H10x", 1 << 8),
        _MATRIX,
        pack(">24xI", 2),  # the number of the next track
    )
    return _box(b"moov", header, _track(track, duration, place), _user_data(tags))


def _track(track: Track, duration: int, place: int) -> bytes:
    header = _full(
        b"tkhd",
        pack(">5I16x", 0, 0, 1, 0, duration),
        _MATRIX,
        pack(">2I", track.width << 16, track.height << 16),
        flags=_ON,
    )
    times = _full(b"mdhd", pack(">4I2H", 0, 0, TICKS, duration, _UNDETERMINED, 0))
    here = _full(b"dref", pack(">I", 1), _full(b"url ", flags=1))
    media = _box(
        b"mdia",
        times,
        _handler(b"vide", b"", b"VideoHandler"),
        _box(b"minf", _full(b"vmhd", bytes(8), flags=1), _box(b"dinf", here), _table(track, place)),
    )
    return _box(b"trak", header, media)


def _table(track: Track, place: int) -> bytes:
    count = len(track.frames)
    runs = _runs(track.durations)
    return _box(
        b"stbl",
        _full(b"stsd", pack(">I", 1), _entry(track)),
        _full(b"stts", pack(">I", len(runs)), *(pack(">2I", *run) for run in runs)),
        _full(b"stss", pack(f">{len(track.keys) + 1}I", len(track.keys), *_from_one(track.keys))),
        _full(b"stsc", pack(">4I", 1, 1, count, 1)),
        _full(b"stsz", pack(f">{count + 2}I", 0, count, *(len(each) + 4 for each in track.frames))),
        _full(b"stco", pack(">2I", 1, place)),
    )


def _entry(track: Track) -> bytes:
    """The sample entry `avc1`: ISO/IEC 14496-15, 5.4.2."""
    sequence, picture = track.parameters
    return _box(
        b"avc1",
        pack(">6xH16x2H", 1, track.width, track.height),
        pack(">2I4xH32xHh", 72 << 16, 72 << 16, 1, 24, -1),  # pixels an inch, depth
        _box(
            b"avcC",
            bytes((1, PROFILE, COMPATIBILITY, track.level, 0xFF, 0xE1)),  # lengths of four bytes
            pack(">H", len(sequence)) + sequence,
            pack(">BH", 1, len(picture)) + picture,
        ),
        _box(b"colr", b"nclx", pack(">3HB", BT709, BT709, BT709, 0)),
        _box(b"pasp", pack(">2I", 1, 1)),
    )


def _user_data(tags: dict[bytes, str]) -> bytes:
    items = [
        _box(name, _box(b"data", pack(">2I", _UTF8, 0), text.encode("utf-8", "replace")))
        for name, text in tags.items()
    ]
    return _box(b"udta", _full(b"meta", _handler(b"mdir", b"appl", b""), _box(b"ilst", *items)))


def _handler(kind: bytes, maker: bytes, name: bytes) -> bytes:
    return _full(b"hdlr", bytes(4), kind, maker.ljust(12, b"\0"), name + b"\0")


def _runs(durations: Sequence[int]) -> list[tuple[int, int]]:
    """How often which duration follows: of many frames only the last is of another."""
    *most, last = durations
    return [(len(most), most[0]), (1, last)] if most else [(1, last)]


def _from_one(numbers: Sequence[int]) -> list[int]:
    return [number + 1 for number in numbers]


def _full(kind: bytes, *parts: bytes, flags: int = 0) -> bytes:
    return _box(kind, pack(">I", flags), *parts)


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return pack(">I", len(body) + 8) + kind + body
