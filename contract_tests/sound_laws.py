"""What the contract promises of sounds: each law reads a file by its format's rules, and times it.

The standard library is all that they need, as they run against live servers too.
"""

import re
import struct
from collections.abc import Callable, Iterator, Mapping
from typing import Final

FORMS: Final[Mapping[str, str]] = {
    "audio/mpeg": "mp3",
    "audio/pcm": "pcm",
    "audio/wav": "wav",
    "audio/flac": "flac",
    "audio/opus": "opus",
    "audio/aac": "aac",
}
"""The format that each media type stands for."""
# Layer III, by version: kilobits a second, samples a second, samples of a frame.
_LONG_BITRATES: Final = (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_SHORT_BITRATES: Final = (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MPEG: Final = {
    0b11: (_LONG_BITRATES, (44_100, 48_000, 32_000), 1_152),
    0b10: (_SHORT_BITRATES, (22_050, 24_000, 16_000), 576),
    0b00: (_SHORT_BITRATES, (11_025, 12_000, 8_000), 576),
}
_ADTS_RATES: Final = (96_000, 88_200, 64_000, 48_000, 44_100, 32_000, 24_000, 22_050, 16_000)
_OPUS_RATE: Final = 48_000  # of its clock, whatever went in (RFC 7845, section 4)


def a_sound_is_whole(data: bytes, form: str) -> float:
    """The bytes are a file of that format from the first to the last; its length in seconds."""
    assert data, "the sound is empty"
    try:
        seconds = _SECONDS[form](data)
    except (LookupError, struct.error) as error:
        raise AssertionError(f"no {form} can be read: {error!r}") from None
    assert seconds > 0, "the sound has no length"
    return seconds


def length_of(data: bytes, media_type: str) -> float | None:
    """In seconds; None of what cannot be read, as another law says."""
    form = FORMS.get(media_type)
    try:
        return a_sound_is_whole(data, form) if form else None
    except AssertionError:
        return None


def can_be_timed(text: str) -> bool:
    """Whether it is of words, as people read them, and neither a sound nor a riddle."""
    words = re.findall(r"[^\s.,!?']+", text)
    return 10 <= len(text) <= 4_096 and all(map(str.isalpha, words))


def a_sound_takes_the_time_of_its_text(seconds: float, text: str, speed: float = 1) -> None:
    """Nobody reads more than 40 characters a second, or needs 2 seconds for each (RC-176)."""
    unhurried = seconds * speed
    assert unhurried > len(text) / 40, f"{seconds:.2f} seconds for {len(text)} characters"
    assert unhurried < 3 + 2 * len(text), f"{seconds:.2f} seconds for {len(text)} characters"


def speed_divides_the_length(usual: float, other: float, speed: float) -> None:
    """At twice the speed the same text takes half the time, give or take what a format adds."""
    assert abs(other - usual / speed) < 0.15 + 0.05 * usual / speed, (
        f"{usual:.2f} seconds, and {other:.2f} at a speed of {speed}"
    )


def the_text_is_inside(data: bytes, text: str) -> None:
    """A file of a format that has tags says what is said in it; ours do."""
    assert text.encode() in data, f"{text!r} is not in the file"


def _mp3(data: bytes) -> float:
    place, seconds = _after_id3(data), 0.0
    while place < len(data) and data[place : place + 3] != b"TAG":  # ID3v1 stands last
        head = int.from_bytes(data[place : place + 4])
        is_frame = head >> 21 == 0x7FF and head >> 17 & 3 == 1 and 0 < head >> 12 & 15 < 15
        assert is_frame, f"no frame of MP3 at byte {place}"
        bitrates, rates, samples = _MPEG[head >> 19 & 3]
        bitrate, rate = bitrates[(head >> 12 & 15) - 1], rates[head >> 10 & 3]
        place += samples // 8 * bitrate * 1_000 // rate + (head >> 9 & 1)
        seconds += samples / rate
    assert place <= len(data), "the last frame is cut off"
    return seconds


def _aac(data: bytes) -> float:
    place, seconds = _after_id3(data), 0.0
    while place < len(data):
        head = int.from_bytes(data[place : place + 7])
        length = head >> 13 & 0x1FFF
        is_frame = head >> 40 & 0xFFF6 == 0xFFF0 and length > 7
        assert is_frame, f"no ADTS frame at byte {place}"
        place += length
        seconds += 1_024 / _ADTS_RATES[head >> 34 & 15]
    assert place == len(data), "the last frame is cut off"
    return seconds


def _wav(data: bytes) -> float:
    chunks = dict(_riff_chunks(data))
    kind, channels, rate, _, step, width = struct.unpack_from("<HHIIHH", chunks[b"fmt "])
    assert kind == 1, f"the samples are coded as {kind}"
    assert step == channels * width // 8
    return len(chunks[b"data"]) / float(step * rate)


def _riff_chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    mark, size, kind = struct.unpack_from("<4sI4s", data)
    assert (mark, kind) == (b"RIFF", b"WAVE"), "no WAV file"
    assert size == len(data) - 8, f"{size} bytes are announced, {len(data) - 8} came"
    place = 12
    while place < len(data):
        name, size = struct.unpack_from("<4sI", data, place)
        yield name, data[place + 8 : place + 8 + size]
        place += 8 + size + size % 2
    assert place == len(data), "the last chunk is cut off"


def _flac(data: bytes) -> float:
    assert data[:4] == b"fLaC", "no FLAC file"
    assert data[4] & 0x7F == 0, "no stream info comes first"  # RFC 9639, section 8.1
    shape = int.from_bytes(data[18:26])
    place, is_last = 4, False
    while not is_last:
        is_last = bool(data[place] & 0x80)
        place += 4 + int.from_bytes(data[place + 1 : place + 4])
    assert data[place : place + 2] in (b"\xff\xf8", b"\xff\xf9"), "no frame follows the metadata"
    return (shape & (1 << 36) - 1) / (shape >> 44)


def _opus(data: bytes) -> float:
    place, pages = 0, []
    while place < len(data):
        mark, _, kind, end, _, _, _, count = struct.unpack_from("<4sBBQIIIB", data, place)
        assert mark == b"OggS", f"no page of Ogg at byte {place}"
        body = place + 27 + count
        pages.append((kind, end, data[body : body + 8]))
        place = body + sum(data[place + 27 : body])
    assert place == len(data), "the last page is cut off"
    assert pages[0][2] == b"OpusHead"
    assert pages[1][2] == b"OpusTags"
    assert pages[-1][0] & 4, "the last page does not say that it is"
    skip = int.from_bytes(data[38:40], "little")
    return float(pages[-1][1] - skip) / _OPUS_RATE


def _pcm(data: bytes) -> float:
    assert len(data) % 2 == 0, "half a sample came"
    return len(data) / 2 / 24_000


def _after_id3(data: bytes) -> int:
    """Where the sound starts: behind a tag (ID3v2.4, section 3.1), if there is one."""
    if data[:3] != b"ID3":
        return 0
    return 10 + sum(byte << shift for byte, shift in zip(data[6:10], (21, 14, 7, 0), strict=True))


_SECONDS: Final[Mapping[str, Callable[[bytes], float]]] = {
    "mp3": _mp3,
    "pcm": _pcm,
    "wav": _wav,
    "flac": _flac,
    "opus": _opus,
    "aac": _aac,
}
