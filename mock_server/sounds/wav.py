"""WAV files (RIFF, and RF64 for long ones), whose headers often tell lies about their length."""

from collections.abc import Iterator, Mapping
from struct import unpack_from
from typing import Final, NamedTuple

from mock_server.sounds import mp3
from mock_server.sounds.sound import Sound, Unreadable, refuse

_MOST_CHUNKS: Final = 100_000
_MOST_NOTES: Final = 1_000
_PCM, _MS_ADPCM, _FLOAT, _A_LAW, _MU_LAW, _IMA_ADPCM = 1, 2, 3, 6, 7, 0x11
_GSM, _MPEG, _MP3, _EXTENSIBLE = 0x31, 0x50, 0x55, 0xFFFE
_NAMES: Final = {b"ICMT": "description", b"IART": "artist", b"ISFT": "software"}
# Sizes that programs write which do not know yet, or never learn, how long a sound gets.
_UNKNOWN: Final = (0, 0xFFFFFFFF)


class _Format(NamedTuple):
    """The `fmt ` chunk: codec, channels, samples and bytes a second, bytes a block, bits."""

    codec: int
    channels: int
    rate: int
    speed: int
    block: int
    bits: int


def look(view: memoryview) -> Sound:
    """The recording in a WAV file; raises Unreadable."""
    form: _Format | None = None
    tags: dict[str, str] = {}
    data: tuple[int, int] | None = None
    for name, start, end in _chunks(view):
        if name == b"fmt " and form is None:
            form = _format(view[start:end])
        elif name == b"data" and data is None:
            data = (start, end)
        elif name == b"LIST" and bytes(view[start : start + 4]) == b"INFO":
            tags |= _notes(view[start + 4 : end])
    if form is None:
        refuse("is a WAV without a description of its samples (the fmt chunk)")
    if data is None or data[0] == data[1]:
        refuse("is a WAV that holds no samples")
    return _recording(view, form, data, tags)


def _recording(
    view: memoryview, form: _Format, data: tuple[int, int], tags: Mapping[str, str]
) -> Sound:
    start, end = data
    if form.codec in (_MPEG, _MP3):
        first = mp3.first_frame(view[:end], start)
        if first is None:
            refuse("is a WAV of MP3 without a whole frame of it")
        return mp3.look_from(view[:end], first, "WAV", dict(tags))
    frames = _frames(form, end - start)
    if not frames:
        refuse("is a WAV that holds no whole sample")
    samples = data if form.codec == _PCM and form.bits == 16 else None
    seconds = frames / form.rate
    return Sound("WAV", seconds, form.rate, form.channels, data, tags, samples)


def _chunks(view: memoryview) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and end of each chunk, as far as the file goes."""
    at, long = 12, 0
    for _ in range(_MOST_CHUNKS):
        if at + 8 > len(view):
            return
        name, size = bytes(view[at : at + 4]), unpack_from("<I", view, at + 4)[0]
        start = at + 8
        if name == b"ds64" and start + 16 <= len(view):
            long = unpack_from("<Q", view, start + 8)[0]
        if name == b"data":
            size = _size(view, start, size, long)
        end = min(start + size, len(view))
        yield name, start, end
        at = start + size + size % 2
    raise Unreadable("is a WAV of too many chunks")


def _size(view: memoryview, start: int, size: int, long: int) -> int:
    """How many bytes of samples there are; a size that was never filled in means all the rest."""
    if size == 0xFFFFFFFF and long:
        return long
    if size in _UNKNOWN and not _is_chunk(view, start):
        return len(view) - start
    return size


def _is_chunk(view: memoryview, at: int) -> bool:
    return bytes(view[at : at + 4]) in (b"LIST", b"fact", b"id3 ", b"bext", b"cue ", b"smpl")


def _format(chunk: memoryview) -> _Format:
    if len(chunk) < 14:
        refuse("is a WAV whose description of its samples is cut off")
    codec, channels, rate, speed, block = unpack_from("<HHIIH", chunk)
    bits = unpack_from("<H", chunk, 14)[0] if len(chunk) >= 16 else 8 * block // max(channels, 1)
    if codec == _EXTENSIBLE and len(chunk) >= 26:
        codec = unpack_from("<H", chunk, 24)[0]
    if not channels or not rate:
        refuse(f"is a WAV of {channels} channels at {rate} samples a second")
    return _Format(codec, channels, rate, speed, block, bits)


def _frames(form: _Format, size: int) -> int:
    """How many samples each channel has in so many bytes."""
    if form.codec in (_PCM, _FLOAT, _A_LAW, _MU_LAW):
        return size // (form.block or form.channels * max(1, (form.bits + 7) // 8))
    if form.codec in (_MS_ADPCM, _IMA_ADPCM) and form.block:
        whole, rest = divmod(size, form.block)
        return whole * _packed(form, form.block) + _packed(form, rest)
    if form.codec == _GSM:
        return size // 65 * 320
    if not form.speed:
        refuse(f"is a WAV in the unknown format 0x{form.codec:04X}")
    return size * form.rate // form.speed


def _packed(form: _Format, size: int) -> int:
    """Samples in a block of ADPCM: four bits each, after those that its header has."""
    head, first = (7, 2) if form.codec == _MS_ADPCM else (4, 1)
    left = size - head * form.channels
    return max(0, left * 2 // form.channels + first) if left >= 0 else 0


def _notes(view: memoryview) -> dict[str, str]:
    """The texts of a LIST of the kind INFO."""
    found: dict[str, str] = {}
    at = 0
    for _ in range(_MOST_NOTES):
        if at + 8 > len(view):
            break
        name, size = bytes(view[at : at + 4]), unpack_from("<I", view, at + 4)[0]
        if name in _NAMES:
            text = bytes(view[at + 8 : at + 8 + size]).decode("utf-8", "replace")
            found.setdefault(_NAMES[name], text.rstrip("\0"))
        at += 8 + size + size % 2
    return found
