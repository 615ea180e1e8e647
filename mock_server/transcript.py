"""What is said when: a text in the time that it takes, in segments and in words.

Times are whole milliseconds. What nobody measured is in proportion to how much there is to say.
"""

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise
from typing import Final

import msgspec

# A segment that would be longer than this is cut into pieces that are not.
_LONGEST: Final = 12_000
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|(?<=[。！？])|\s*\n\s*")
_WIDE: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")
# One sign of a script that does not part its words, with the signs that cling to it; else a word.
_WORD: Final = re.compile(rf"{_WIDE.pattern}[^\w\s]*|(?:(?!{_WIDE.pattern})\S)+")
_PUNCTUATION: Final = ' \t\r\n.,;:!?…"“”„«»()[]{}¿¡。，、！？：；「」『』（）'
_SYLLABLE: Final = 2  # letters beside the first that a sign of a wide script stands for


class Span(msgspec.Struct, frozen=True):
    """A text and when it is said, in milliseconds."""

    text: str
    start: int
    end: int


def segments(text: str, length: int) -> list[Span]:
    """The sentences of a text that is said in so many milliseconds; long ones are cut."""
    pieces = [each for each in _sentences(text) if each]
    spans = _laid_out(pieces, 0, length)
    shorter = [piece for span in spans for piece in _cut(span)]
    return spans if len(shorter) == len(spans) else _laid_out(shorter, 0, length)


def words(segment: Span) -> list[Span]:
    """The words of a segment, without punctuation."""
    told = [each.group().strip(_PUNCTUATION) for each in _WORD.finditer(segment.text)]
    spoken = [each for each in told if any(map(str.isalnum, each))]
    return _laid_out(spoken, segment.start, segment.end)


def _sentences(text: str) -> Iterable[str]:
    """A text cut behind its sentences, and at the ends of its lines."""
    start = 0
    for end in _SENTENCE_END.finditer(text):
        yield text[start : end.end()].strip()
        start = end.end()
    yield text[start:].strip()


def _cut(span: Span) -> list[str]:
    """The text of a span, in as many pieces as it takes for none to be too long."""
    count = -(-(span.end - span.start) // _LONGEST)
    if count <= 1:
        return [span.text]
    found = [each.span() for each in _WORD.finditer(span.text)]
    count = min(count, len(found))
    starts = [found[number * len(found) // count][0] for number in range(count)]
    return [span.text[start:end].strip() for start, end in pairwise([0, *starts[1:], None])]


def _laid_out(texts: Sequence[str], start: int, end: int) -> list[Span]:
    """Texts one after the other, each for its share of the time."""
    if len(texts) > end - start:  # there is no time for each of them
        texts = [" ".join(texts)]
    if not texts:
        return []
    weights = list(accumulate(map(_weight, texts)))
    # One millisecond is everybody's, the rest is shared out.
    rest = end - start - len(texts)
    ends = [start + n + weight * rest // weights[-1] for n, weight in enumerate(weights, 1)]
    return [
        Span(text, begin, until)
        for text, (begin, until) in zip(texts, pairwise([start, *ends]), strict=True)
    ]


def _weight(text: str) -> int:
    """How long a text takes to say, in letters."""
    return 1 + len(text) + _SYLLABLE * len(_WIDE.findall(text))
