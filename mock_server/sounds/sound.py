"""What is known of a recording once its file was looked at."""

from collections.abc import Mapping
from typing import Final, NoReturn

import msgspec

MEDIA_TYPES: Final = {
    "MP3": "audio/mpeg",
    "WAV": "audio/wav",
    "MP4": "audio/mp4",
    "FLAC": "audio/flac",
    "Ogg": "audio/ogg",
    "WebM": "audio/webm",
    "AAC": "audio/aac",
    "PCM": "audio/pcm",
}


class Unreadable(ValueError):
    """A file that is no recording; the sentence lacks only its subject."""


class Sound(msgspec.Struct, frozen=True):
    """A recording: `seconds` is what a decoder gives, whatever the headers say.

    `essence` is where in the file the sound itself stands, without tags; `samples` where it stands
    as bare 16-bit samples, lowest byte first. `tags` may have `description`, `artist`, `software`.
    """

    form: str
    seconds: float
    rate: int
    channels: int
    essence: tuple[int, int]
    tags: Mapping[str, str] = {}
    samples: tuple[int, int] | None = None

    @property
    def media_type(self) -> str:
        """The media type that the form is known by."""
        return MEDIA_TYPES[self.form]


def refuse(sentence: str) -> NoReturn:
    """Raises Unreadable."""
    raise Unreadable(sentence)
