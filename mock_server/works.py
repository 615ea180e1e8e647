"""Works that are made when they are wanted: all that a file follows from, and how it is made.

What makes them is loaded with the first of its kind: the server itself starts without it.
"""

from pathlib import Path

import msgspec


class Painting(msgspec.Struct, frozen=True):
    """How to paint a picture: `seed` is a digest of all that was asked for, `form` its format.

    With `copy_of` it is the file at that path.
    """

    prompt: str
    seed: str
    width: int
    height: int
    form: str
    copy_of: str = ""

    def file(self) -> bytes:
        """The picture as a file of its form, always the same bytes."""
        if self.copy_of:
            return Path(self.copy_of).read_bytes()
        from mock_server.media.encoding import encode
        from mock_server.media.painting import paint

        picture = paint(self.prompt, self.seed, self.width, self.height)
        return encode(picture, self.form, self.prompt)


class Film(msgspec.Struct, frozen=True):
    """How to make a film of so many `seconds`: `seed` is a digest of all that was asked for."""

    prompt: str
    seed: str
    width: int
    height: int
    seconds: float

    def file(self) -> bytes:
        """The film as an MP4 file, always the same bytes."""
        from mock_server.media.film import film

        return film(self.prompt, self.seed, self.width, self.height, self.seconds)


class Recording(msgspec.Struct, frozen=True):
    """How to read a text aloud; `manner` is whatever else may change a voice a little.

    With `copy_of` it is the file at that path.
    """

    text: str
    voice: str
    manner: str
    speed: float
    form: str
    copy_of: str = ""

    def file(self) -> bytes:
        """The sound as a file of its form; raises ImportError where what that needs is missing."""
        if self.copy_of:
            return Path(self.copy_of).read_bytes()
        from mock_server.media.sound_files import ENCODERS
        from mock_server.media.throat import RATE
        from mock_server.media.utterance import utter
        from mock_server.media.voices import voice_of
        from mock_server.media.watermark import mark

        samples = mark(utter(self.text, voice_of(self.voice, self.manner), self.speed), self.text)
        return ENCODERS[self.form](samples, RATE, self.text)
