"""MP4, M4A and QuickTime files (ISO 14496-12), whole, fragmented or cut off: their sound track."""

from collections.abc import Sequence
from struct import unpack_from
from typing import Final

from mock_server.sounds.boxes import Boxes, Span
from mock_server.sounds.mp4_fragments import fragment_times
from mock_server.sounds.mp4_tables import samples_within, time_of
from mock_server.sounds.sound import Sound, Unreadable, refuse

_MOST_EDITS: Final = 10_000
_NAMES: Final = {
    b"desc": "description",
    b"\xa9cmt": "description",
    b"\xa9ART": "artist",
    b"\xa9too": "software",
}


def look(view: memoryview) -> Sound:
    """The recording in an MP4 file; raises Unreadable."""
    boxes = Boxes(view)
    top = list(boxes.within(0, len(view)))
    moov = next((each for each in top if each.kind == b"moov"), None)
    if moov is None or moov.end > len(view):
        refuse("is an MP4 whose index (moov) is missing or cut off")
    tracks = [track for track in boxes.all(moov, b"trak") if _is_sound(boxes, track)]
    if not tracks:
        refuse("has no sound track")
    fragments = [each for each in top if each.kind == b"moof"]
    seconds, track = max(
        ((_seconds(boxes, moov, each, fragments), each) for each in tracks[:8]),
        key=lambda pair: pair[0],
    )
    if seconds <= 0:
        refuse("has a sound track that holds no sound")
    rate, channels = _form(boxes, track)
    data = [each for each in top if each.kind == b"mdat"]
    essence = (data[0].start, min(data[-1].end, len(view))) if data else (0, len(view))
    return Sound("MP4", seconds, rate, channels, essence, _tags(boxes, moov))


def _is_sound(boxes: Boxes, track: Span) -> bool:
    handler = boxes.at(track, b"mdia", b"hdlr")
    return handler is not None and bytes(boxes.view[handler.start + 8 : handler.start + 12]) == (
        b"soun"
    )


def _seconds(boxes: Boxes, moov: Span, track: Span, fragments: Sequence[Span]) -> float:
    """How long a track plays: its samples that are in the file, within its edits."""
    header, table = boxes.at(track, b"mdia", b"mdhd"), boxes.at(track, b"mdia", b"minf", b"stbl")
    if header is None or table is None:
        raise Unreadable("has a sound track without a description")
    scale = _scale(boxes.view, header)
    present = samples_within(boxes, table)
    total = time_of(boxes, table, present) + fragment_times(boxes, moov, track, fragments)
    return _edited(boxes, moov, track, total / scale, scale)


def _scale(view: memoryview, header: Span) -> int:
    """The ticks a second of an mdhd or mvhd box."""
    at = header.start + (20 if view[header.start] == 1 else 12)
    scale: int = unpack_from(">I", view, at)[0]
    if not scale:
        refuse("has a track of 0 ticks a second")
    return scale


def _edited(boxes: Boxes, moov: Span, track: Span, whole: float, scale: int) -> float:
    """The length that the edits leave, of which each plays a piece of the track."""
    edits, header = boxes.at(track, b"edts", b"elst"), boxes.at(moov, b"mvhd")
    if edits is None or header is None:
        return whole
    view, ticks = boxes.view, _scale(boxes.view, header)
    form, size = (">Qq4x", 20) if view[edits.start] == 1 else (">Ii4x", 12)
    count = min(unpack_from(">I", view, edits.start + 4)[0], _MOST_EDITS)
    seconds, pieces = 0.0, 0
    for number in range(count):
        at = edits.start + 8 + number * size
        if at + size > edits.end:
            break
        length, begin = unpack_from(form, view, at)
        if begin < 0:  # an empty edit: nothing is played, and nothing decoded
            continue
        pieces += 1
        left = max(0.0, whole - begin / scale)
        seconds += min(left, length / ticks) if length else left
    return min(seconds, whole) if pieces else whole


def _form(boxes: Boxes, track: Span) -> tuple[int, int]:
    """Samples a second and channels, as the sample entry says (ISO 14496-12, section 12.2.3)."""
    entries = boxes.at(track, b"mdia", b"minf", b"stbl", b"stsd")
    if entries is None or entries.start + 44 > min(entries.end, len(boxes.view)):
        refuse("has a sound track without a description")
    channels, rate = unpack_from(">16xH6xI", boxes.view, entries.start + 16)
    header = boxes.at(track, b"mdia", b"mdhd")
    return rate >> 16 or (_scale(boxes.view, header) if header else 0), channels or 1


def _tags(boxes: Boxes, moov: Span) -> dict[str, str]:
    """What the list of tags says (`moov/udta/meta/ilst`)."""
    found: dict[str, str] = {}
    meta = boxes.at(moov, b"udta", b"meta")
    if meta is None:
        return found
    # `meta` has a version and flags in MP4, and none in QuickTime.
    skipped = 0 if bytes(boxes.view[meta.start + 4 : meta.start + 8]) == b"hdlr" else 4
    items = boxes.at(Span(b"meta", meta.start + skipped, meta.end), b"ilst")
    for item in boxes.within(items.start, items.end) if items else ():
        data = boxes.at(item, b"data") if item.kind in _NAMES else None
        if data is not None:
            text = bytes(boxes.view[data.start + 8 : data.end]).decode("utf-8", "replace")
            found.setdefault(_NAMES[item.kind], text)
    return found
