"""How a text is spoken: its words as syllables, and the marks at which a speaker pauses.

This is a rule of thumb for every script at once, and no pronunciation: it has to give about as many
syllables as a reader would say.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import groupby
from typing import Final, NamedTuple

_WORD: Final = r"[^\W\d_]+(?:['’][^\W\d_]+)*"
_TOKEN: Final = re.compile(rf"({_WORD})|(\d)|(\r?\n|\r)|(\S)")
_MARKS: Final = {
    **dict.fromkeys(",،、，;；:：—–·", ","),
    **dict.fromkeys(".。．…।۔", "."),
    **dict.fromkeys("?？؟;", "?"),
    **dict.fromkeys("!！", "!"),
}
_DIGITS: Final = ("ziro", "wan", "tu", "tri", "for", "faiv", "siks", "seven", "eit", "nain")
_SYMBOL: Final = "mana"  # how a picture or a sign is said that has no letters
_VOWELS: Final = {
    **{each: each for each in "aeiou"},
    **dict(zip("æœøyəɪʊ", "aeeieiu", strict=True)),
    **dict(zip("аэеёиіїыоуюя", "aeeoiiiiouua", strict=True)),
    **dict(zip("αεηιυοω", "aeiiuoo", strict=True)),
    **dict(zip("اآوىيةו", "aauiiao", strict=True)),
}
_CONSONANTS: Final = {
    **dict.fromkeys("szcxсзцшщжчσςζسشزصصثש", "s"),
    **dict.fromkeys("fhvфхвφχθهحخفغח", "h"),
    **dict.fromkeys("ptkqbdgптбдгкπτκβδγبتدطقكجט", "t"),
}
_MURMUR: Final = "m"  # every other consonant, as in nose and lips
_ABJADS: Final = ("ARABIC", "HEBREW", "SYRIAC")
_LONGEST_WORD: Final = 60  # letters of a word without a blank before it may be cut


class Syllable(NamedTuple):
    """What opens a syllable (`s`, `h`, `t`, `m` for its kind, or nothing) and its vowels."""

    onset: str
    vowels: str
    is_stressed: bool = False


class Mark(NamedTuple):
    """A place to pause: `,`, `.`, `?`, `!`, or a line end."""

    sign: str


Word = tuple[Syllable, ...]


def spoken(text: str) -> list[Word | Mark]:
    """A text as it is read aloud; marks in a row are one mark, the strongest of them."""
    said: list[Word | Mark] = []
    for each in _tokens(text):
        if said and isinstance(each, Mark) and isinstance(said[-1], Mark):
            said[-1] = max(said[-1], each, key=_strength)
        else:
            said.append(each)
    return said


def _tokens(text: str) -> Iterator[Word | Mark]:
    for word, digit, line_end, sign in _TOKEN.findall(unicodedata.normalize("NFC", text)):
        if word:
            yield from _said(word)
        elif digit:
            yield _syllables(_DIGITS[unicodedata.digit(digit, 0)])
        elif line_end:
            yield Mark("\n")
        elif sign in _MARKS:
            yield Mark(_MARKS[sign])
        elif unicodedata.category(sign)[0] == "S":
            yield _syllables(_SYMBOL)


def _strength(mark: Mark) -> int:
    return ",\n.!?".index(mark.sign)


@lru_cache(1024)
def _said(word: str) -> tuple[Word, ...]:
    """A word, or several where it is not said as one: a row of ideographs, or endless letters."""
    if _has_own_syllables(word[0]):
        return tuple(_alone(each) for each in word)
    return tuple(
        _syllables(word[start : start + _LONGEST_WORD])
        for start in range(0, len(word), _LONGEST_WORD)
    )


def _has_own_syllables(letter: str) -> bool:
    """Whether each letter of the script is a syllable by itself: kana, ideographs, Thai..."""
    return unicodedata.category(letter) == "Lo" and not _is_abjad(letter)


def _is_abjad(letter: str) -> bool:
    return unicodedata.name(letter, "").startswith(_ABJADS)


def _alone(letter: str) -> Word:
    code = ord(letter)
    # Unicode, section 3.12: a Hangul syllable is (lead x 21 + vowel) x 28 + tail.
    vowel = (code - 0xAC00) // 28 % 21 if 0xAC00 <= code <= 0xD7A3 else code * 7 // 3
    return (Syllable("mtsht"[code % 5], "aeiou"[vowel % 5], code % 2 == 0),)


def _syllables(word: str) -> Word:
    letters = unicodedata.normalize("NFD", word).casefold()
    letters = "".join(each for each in letters if each.isalpha())
    found = list(_split(letters))
    if not found:
        found = [(letters[:1], "e")] * (len(word) if word.isupper() else -(-len(letters) // 3))
    stressed = len(found) // 3
    return tuple(
        Syllable(_onset(before), vowels[:2], number == stressed)
        for number, (before, vowels) in enumerate(found)
    )


def _split(letters: str) -> Iterator[tuple[str, str]]:
    """The consonants before each group of vowels, and what its vowels sound like."""
    before, groups = "", [(k, "".join(g)) for k, g in groupby(letters, key=_VOWELS.__contains__)]
    count = sum(is_vowel for is_vowel, _ in groups)
    for number, (is_vowel, group) in enumerate(groups):
        if not is_vowel:
            yield from _hidden(group)
            before = group
            continue
        # English and French: a single e at the end of a word is not heard.
        is_silent = group == "e" and number == len(groups) - 1 and count > 1 and before[-1:] != "l"
        if not is_silent:
            yield before, "".join(_VOWELS[each] for each in group)


def _hidden(group: str) -> Iterator[tuple[str, str]]:
    """Where a script leaves vowels out: one more of them for every second consonant."""
    if len(group) > 1 and _is_abjad(group[0]):
        for number in range(0, len(group) - 1, 2):
            yield group[number], "a"


def _onset(before: str) -> str:
    return _CONSONANTS.get(before[-1], _MURMUR) if before else ""
