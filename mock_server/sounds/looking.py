"""Look at a file that should be a recording: by its content alone, whatever it is called."""

import re
import struct
from collections.abc import Callable
from typing import Final

from mock_server.picture_files import format_of
from mock_server.sounds import adts, flac, id3, mp3, mp4, ogg, pcm, wav, webm
from mock_server.sounds.sound import Sound, Unreadable, refuse

_LONGEST: Final = 1e8  # seconds, about three years
_TEXT_WITHIN: Final = 4_096  # bytes
_PACKET, _PACKETS = 188, 188 * 5  # bytes of a transport stream, which all begin with a G
# Sound, and what often holds sound, that is not read here: named, so that people can convert it.
_OTHERS: Final = (
    (0, b"FORM", "an AIFF"),
    (0, b"caff", "a CAF"),
    (0, b"#!AMR", "an AMR"),
    (0, b".snd", "an AU"),
    (0, b"MThd", "a MIDI"),
    (0, b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "a WMA"),
    (0, b"\x0b\x77", "an AC-3"),
    (0, b"FLV\x01", "an FLV"),
    (0, b"MAC ", "a Monkey's Audio"),
    (0, b"wvpk", "a WavPack"),
    (0, b"RIFX", "a big-endian WAV"),
    (0, b"\0\0\x01\xba", "an MPEG program stream"),
    (8, b"AVI ", "an AVI"),
)
_BOXES: Final = re.compile(rb"ftyp|moov|mdat|free|skip|wide|pnot|styp|moof|sidx|uuid")
_WAVES: Final = (b"RIFF", b"RF64", b"BW64")


def look(data: bytes | memoryview) -> Sound:
    """The recording in a file; raises Unreadable, whose sentence lacks only its subject."""
    view = memoryview(data)
    if not len(view):
        refuse("is empty")
    reader = _reader(view)
    name = "file" if reader is None else reader.__module__.rpartition(".")[2].upper()
    try:
        sound = reader(view) if reader else _unmarked(view)
    except Unreadable:
        raise
    # Whatever a damaged file leads to: places outside of it, numbers that are none.
    except (struct.error, IndexError, ValueError, OverflowError, ZeroDivisionError):
        raise Unreadable(f"cannot be read: the {name} is cut off or damaged") from None
    if not 0 < sound.seconds < _LONGEST:
        refuse("holds no sound" if sound.seconds <= 0 else "is said to last for years")
    return sound


def _reader(view: memoryview) -> Callable[[memoryview], Sound] | None:
    """Who reads a file that begins like this."""
    head = bytes(view[:12])
    after = id3.skip(view)
    if head[:4] in _WAVES and head[8:] == b"WAVE":
        return wav.look
    if bytes(view[after : after + 4]) == b"fLaC":
        return flac.look
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return webm.look
    if head.startswith(b"OggS"):
        return ogg.look
    return mp4.look if _BOXES.match(head, 4) and format_of(head) in (None, "MP4") else None


def _unmarked(view: memoryview) -> Sound:
    """What bears no mark of its own in front: frames, or bare samples."""
    name = _other(view)
    if name is not None:
        refuse(f"is {name}, not a recording that can be read here")
    if all(bytes(view[at : at + 1]) == b"G" for at in range(0, _PACKETS, _PACKET)):
        refuse("is an MPEG transport stream, not a recording that can be read here")
    sound = adts.look(view) or mp3.look(view) or pcm.look(view)
    if sound is None:
        refuse("is no sound file of a known kind")
    return sound


def _other(view: memoryview) -> str | None:
    """What a file is that is no recording, with its article; None where nothing shows it."""
    head = bytes(view[:_TEXT_WITHIN])
    for place, signature, name in _OTHERS:
        if head.startswith(signature, place):
            return f"{name} file"
    picture = format_of(head)
    if picture is not None and picture not in ("MP4", "BMP", "ICO"):
        return f"{'an' if picture[0] in 'AHIS' else 'a'} {picture}"
    return "text" if _is_text(head) else None


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(head) - 3:
            return False
        text = head[: error.start].decode("utf-8")
    return all(each.isprintable() or each in "\r\n\t\f" for each in text)
