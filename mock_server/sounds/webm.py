"""WebM and Matroska files (RFC 9559): the sound track, by the times that its blocks bear.

What browsers record has no length in front, and clusters of unknown size.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from mock_server.sounds.ebml import Element, Elements
from mock_server.sounds.sound import Sound, Unreadable, refuse
from mock_server.sounds.webm_blocks import Block, Track, blocks

_SEGMENT, _INFO, _TRACKS, _CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
_SCALE, _ENTRY = 0x2AD7B1, 0xAE
_NUMBER, _TYPE, _CODEC, _DELAY, _USUAL = 0xD7, 0x83, 0x86, 0x56AA, 0x23E383
_PRIVATE, _AUDIO, _RATE, _CHANNELS, _BITS = 0x63A2, 0xE1, 0xB5, 0x9F, 0x6264
_SOUND: Final = 2
# What stands beside clusters, and so ends one of unknown size: SeekHead, Cues, Chapters, ...
_BESIDE: Final = frozenset(
    {_SEGMENT, _INFO, _TRACKS, _CLUSTER, 0x114D9B74, 0x1C53BB6B, 0x1043A770, 0x1254C367, 0x1941A469}
)
_MOST_CLUSTERS: Final = 50_000
_NANO: Final = 1e-9


class _Layout(NamedTuple):
    scale: float  # seconds a tick
    tracks: Sequence[Element]
    clusters: Sequence[tuple[int, int]]


def look(view: memoryview) -> Sound:
    """The recording in a WebM file; raises Unreadable."""
    elements = Elements(view)
    layout = _layout(elements)
    track = next(filter(None, (_track(elements, each) for each in layout.tracks)), None)
    if track is None:
        refuse("has no sound track")
    first = _first(elements, track, layout.clusters)
    last = _last(elements, track, reversed(layout.clusters))
    if first is None or not last:
        refuse("has a sound track that holds no sound")
    seconds = _end(last, track, layout.scale) - first.time * layout.scale - track.delay
    if seconds <= 0:
        refuse("has a sound track that holds no sound")
    essence = (layout.clusters[0][0], layout.clusters[-1][1])
    return Sound("WebM", seconds, track.rate, track.channels, essence)


def _layout(elements: Elements) -> _Layout:
    """Where everything is; elements of unknown size are entered, and end at what is beside them."""
    scale, tracks, clusters = 1_000_000, [], []
    for each in _flat(elements):
        if each.id == _INFO:
            scale = elements.number(each, _SCALE, 1_000_000) or 1_000_000
        elif each.id == _TRACKS and each.end is not None:
            within = elements.within(each.start, each.end)
            tracks += [entry for entry in within if entry.id == _ENTRY][:64]
        elif each.id == _CLUSTER and each.end is not None:
            clusters.append((each.start, min(each.end, len(elements.view))))
            if len(clusters) > _MOST_CLUSTERS:
                refuse(f"is a WebM of more than {_MOST_CLUSTERS:,} clusters")
    return _Layout(scale * _NANO, tracks, clusters)


def _flat(elements: Elements) -> Iterator[Element]:
    """What is in the segments, side by side; of a cluster of unknown size the end is found."""
    at, whole = 0, len(elements.view)
    while at < whole:
        following = whole
        for each in elements.within(at, whole):
            if each.id == _SEGMENT or each.end is None:
                following = each.start
                if each.id == _CLUSTER:
                    following = _end_of_cluster(elements, each.start)
                    yield Element(_CLUSTER, each.start, following)
                break
            yield each
        at = following


def _end_of_cluster(elements: Elements, start: int) -> int:
    end = start
    for each in elements.within(start, len(elements.view)):
        if each.id in _BESIDE or each.end is None:
            break
        end = each.end
    return min(end, len(elements.view))


def _track(elements: Elements, entry: Element) -> Track | None:
    """A track of sound; None if it is of something else."""
    if elements.number(entry, _TYPE) != _SOUND:
        return None
    audio = elements.first(entry, _AUDIO) or Element(_AUDIO, 0, 0)
    rate = elements.real(audio, _RATE, 8_000.0)
    if not math.isfinite(rate) or not 1 <= rate <= 10_000_000:
        raise Unreadable("has a sound track without a plausible number of samples a second")
    return Track(
        number=elements.number(entry, _NUMBER),
        codec=elements.data(entry, _CODEC, 40).decode("latin-1").rstrip("\0"),
        rate=round(rate),
        channels=elements.number(audio, _CHANNELS, 1) or 1,
        bits=elements.number(audio, _BITS),
        usual=elements.number(entry, _USUAL) * _NANO,
        delay=elements.number(entry, _DELAY) * _NANO,
        private=elements.data(entry, _PRIVATE, 64),
    )


def _first(elements: Elements, track: Track, clusters: Iterable[tuple[int, int]]) -> Block | None:
    found = (block for span in clusters for block in blocks(elements, track, span))
    return next(found, None)


def _last(elements: Elements, track: Track, clusters: Iterable[tuple[int, int]]) -> list[Block]:
    """The last blocks of a track, two at most."""
    for span in clusters:
        found = list(blocks(elements, track, span))
        if found:
            return found[-2:]
    return []


def _end(last: Sequence[Block], track: Track, scale: float) -> float:
    """When the last block ends: what it says itself, or what its codec, or its distance, does."""
    block = last[-1]
    begin = block.time * scale
    if block.seconds is not None:
        return begin + block.seconds - block.discarded * _NANO
    if block.ticks is not None:
        return begin + block.ticks * scale
    gap = block.time - last[0].time
    return begin + (track.usual or max(0, gap) * scale) - block.discarded * _NANO
