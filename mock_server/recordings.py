"""Recordings: texts read aloud, as files that say what is said in them."""

import msgspec

from mock_server.media.sound_files import ENCODERS
from mock_server.media.throat import RATE
from mock_server.media.utterance import utter
from mock_server.media.voices import voice_of
from mock_server.media.watermark import mark


class Recording(msgspec.Struct, frozen=True):
    """All that a recording follows from; `manner` is what else may change a voice a little."""

    text: str
    voice: str
    manner: str
    speed: float
    form: str

    def file(self) -> bytes:
        """The bytes of the file; raises ImportError where what its format needs is missing."""
        samples = mark(utter(self.text, voice_of(self.voice, self.manner), self.speed), self.text)
        return ENCODERS[self.form](samples, RATE, self.text)
