"""The melody of speech: how long each syllable is, where the pitch goes, where a pause is."""

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from mock_server.media.syllables import Mark, Syllable, Word

# Seconds of silence after each mark, and of a breath where a sentence has none.
_PAUSES: Final = {",": 0.24, "\n": 0.5, ".": 0.46, "!": 0.46, "?": 0.48}
_BREATH: Final = ","
_MOST_IN_A_BREATH: Final = 28  # syllables
_STRESSED, _UNSTRESSED, _LAST = 0.225, 0.175, 1.35  # seconds; the last one, so many times as long
# The pitch of the last syllable, at its start and at its end, as a multiple of the voice's own.
_ENDS: Final = {
    ",": (0.96, 1.06),
    "\n": (0.92, 0.78),
    ".": (0.92, 0.76),
    "!": (1.24, 0.84),
    "?": (1.0, 1.38),
}
_HIGHEST, _FALL, _ACCENT = 1.1, 0.2, 0.08
_GRAIN: Final = 32  # steps in which pitches are told apart, so that syllables can be used again


class Beat(NamedTuple):
    """A syllable, or silence: its length in seconds, its pitch as a multiple at both its ends."""

    syllable: Syllable | None
    seconds: float
    pitch: tuple[float, float] = (1.0, 1.0)
    is_last: bool = False


def beats(said: Iterable[Word | Mark]) -> Iterator[Beat]:
    """The beats of a text, phrase by phrase; each phrase ends in a pause."""
    phrase: list[Syllable] = []
    for each in said:
        if isinstance(each, Mark):
            yield from _phrase(phrase, each.sign)
            phrase = []
            continue
        if len(phrase) + len(each) > _MOST_IN_A_BREATH:
            yield from _phrase(phrase, _BREATH)
            phrase = []
        phrase += each
    if phrase:
        yield from _phrase(phrase, ".")


def _phrase(syllables: list[Syllable], sign: str) -> Iterator[Beat]:
    last = len(syllables) - 1
    for number, syllable in enumerate(syllables):
        seconds = _STRESSED if syllable.is_stressed else _UNSTRESSED
        if number == last:
            yield Beat(syllable, seconds * _LAST, _ENDS[sign], is_last=True)
        else:
            top = _HIGHEST - _FALL * number / last + _ACCENT * syllable.is_stressed
            yield Beat(syllable, seconds, (_coarse(top), _coarse(top - 0.06)))
    yield Beat(None, _PAUSES[sign])


def _coarse(pitch: float) -> float:
    return round(pitch * _GRAIN) / _GRAIN
