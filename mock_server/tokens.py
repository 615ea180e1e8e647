"""The one rule by which text becomes tokens: an estimate without any vocabulary to download.

Real tokenizers (byte pair encodings) differ from model to model, but agree in how they feel:
a space belongs to the word behind it, a short word is one token, a long one several, digits
come in threes, ideographs one by one. English prose makes about three words of four tokens.
"""

import re

SAMPLE = 100_000  # characters that are really cut up; what lies beyond is in proportion

_LATIN = "A-Za-z\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff"
_OTHER_ALPHABETS = "\u0370-\u1dff\u1f00-\u1fff"
_IDEOGRAPHS = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"
_PICTURES = "\u2190-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_PUNCTUATION = "!-/:-@\\[-`{-~\u00a1-\u00bf\u2010-\u2027\u2030-\u205e"
_MARKS = "[\u0300-\u036f\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]{0,4}"  # they stay with their base

_PIECE = re.compile(
    "|".join(
        [
            f" ?[{_LATIN}]{{1,6}}+(?![{_LATIN}])",  # a whole word
            f" ?[{_LATIN}]{{5}}{_MARKS}",  # the front of a long one
            f"['\u2019][{_LATIN}]{{1,2}}(?![{_LATIN}])",  # 's, 'll, the 't of don't
            f" ?[{_PUNCTUATION}]{{1,4}}",
            r" ?\d{1,3}",
            r"(?:\r?\n|\r){1,4}",
            r"[^\S\r\n]{1,16}(?=[^\S\r\n])",  # the last blank of a run goes with its word
            f" ?[{_OTHER_ALPHABETS}]{{1,4}}",
            f"[{_IDEOGRAPHS}]",
            "[\U0001f1e6-\U0001f1ff]{2}",  # a flag is two letters
            f"[{_PICTURES}]{_MARKS}(?:\u200d[{_PICTURES}]{_MARKS}){{0,4}}",
            f"(?s:.){_MARKS}",
        ]
    )
)


def pieces(text: str) -> list[str]:
    """Cut a text into tokens, losslessly: joined again they are the text."""
    return _PIECE.findall(text)


def count(text: str) -> int:
    """Say how many tokens a text has; of a very long one only the beginning is counted."""
    if len(text) <= SAMPLE:
        return len(pieces(text))
    return len(pieces(text[:SAMPLE])) * len(text) // SAMPLE
