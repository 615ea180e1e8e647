"""Texts as unit vectors: the same text gives the same one, shared words bring two nearer.

A vector is a bag of hashed words and of the groups of letters in them (feature hashing with signs),
so that inflected words are neighbours too. To that come a share that follows from the whole text,
which tells apart what has the same words in another order, and a share that all texts of a model
have in common, by which no vector is ever zero, however few of its numbers are wanted.
"""

import math
import re
import struct
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection
from hashlib import blake2b, shake_256
from operator import mul
from zlib import crc32

from mock_server.tokens import SAMPLE

_IDEOGRAPHS = "\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
# Ideographs one by one, words, and everything else that is not blank.
_WORD = re.compile(rf"[{_IDEOGRAPHS}]|[^\W_{_IDEOGRAPHS}]{{1,32}}|[^\w\s]")
_PAIR = re.compile(rf"(?=([{_IDEOGRAPHS}]{{2}}))")
_PART = re.compile(r"\s+|\S{1,64}")
_GROUP = 3  # letters of a group
_FORMS = ("1 ", "2 ")  # a word is hashed twice, so that a clash costs half of it at most
_LIGHT = 0.15  # the weight of a word that says little, beside 1
_OF_WORD, _OF_GROUPS = 0.7, 0.7  # strength of a word's two own numbers, and of all its groups
_OF_WHOLE, _OF_ALL = 0.15, 0.3  # strength of the other shares, beside 1 of the words
_MIX, _MASK = 0x9E3779B97F4A7C15, 0xFFFFFFFFFFFFFFFF


class Vectors:
    """The vectors of one model, `size` numbers each; `light` are words that say little.

    It remembers groups of letters: one is made for a request and goes with it.
    """

    def __init__(self, model: str, size: int, light: Collection[str] = ()) -> None:
        self._size = size
        self._light = light
        self._salt = crc32(model.encode("utf-8", "surrogatepass"))
        self._groups: dict[str, tuple[int, float]] = {}
        digest = shake_256(b"%d" % self._salt).digest(2 * size)
        # Evenly spread from -1 to 1, they have a third as mean square.
        share = _OF_ALL * math.sqrt(3 / size) / 2**15
        self._shared = [number * share for number in struct.unpack(f"<{size}h", digest)]

    def of(self, text: str, dimensions: int | None = None) -> bytes:
        """The unit vector of a text: little-endian 32-bit floats.

        With `dimensions` only the first so many numbers, of length 1 again. Of a very long text
        the first 100,000 characters count.
        """
        vector, found = self._shared.copy(), self._found(text[:SAMPLE])
        strength = math.sqrt(sum([number * number for number in found.values()]))
        if strength:
            for place, number in found.items():
                vector[place] += number / strength
        for place, number in self._whole(text):
            vector[place] += number
        vector = vector[:dimensions]
        length = math.sqrt(sum(map(mul, vector, vector)))
        if length < 1e-12:
            vector, length = [1.0] + [0.0] * (len(vector) - 1), 1.0
        return struct.pack(f"<{len(vector)}f", *[number / length for number in vector])

    def _found(self, text: str) -> dict[int, float]:
        """What the words of a text add up to, by place in the vector."""
        numbers: dict[int, float] = defaultdict(float)
        known = self._groups
        for word, count in Counter(_words(text)).items():
            # What is said twice is not twice as important.
            weight = _LIGHT if word in self._light or _is_mark(word) else 1.0
            weight *= math.sqrt(count)
            for form in _FORMS:
                place, sign = self._hashed(form + word)
                numbers[place] += sign * _OF_WORD * weight
            groups = _groups(word)
            share = _OF_GROUPS * weight / math.sqrt(len(groups) or 1)
            for group in groups:
                found = known.get(group)
                if found is None:
                    found = known[group] = self._hashed(group)
                numbers[found[0]] += found[1] * share
        return numbers

    def _hashed(self, feature: str) -> tuple[int, float]:
        """The place of a feature in the vector, and its sign."""
        mixed = crc32(feature.encode("utf-8", "surrogatepass"), self._salt) * _MIX & _MASK
        return (mixed >> 33) % self._size, 1.0 if mixed & 1 << 32 else -1.0

    def _whole(self, text: str) -> list[tuple[int, float]]:
        """Eight numbers that follow from the text to the letter."""
        data = text.encode("utf-8", "surrogatepass")
        marks = struct.unpack("<8I", blake2b(data, digest_size=32).digest())
        strength = _OF_WHOLE / math.sqrt(len(marks))
        return [((mark >> 1) % self._size, strength if mark & 1 else -strength) for mark in marks]


def _words(text: str) -> list[str]:
    if text.isascii():
        return _WORD.findall(text.casefold())
    # Normalizing takes the square of the length of a run of accents: seconds for a hostile text.
    parts = [unicodedata.normalize("NFKC", part) for part in _PART.findall(text)]
    text = "".join(parts).casefold()
    return _WORD.findall(text) + _PAIR.findall(text)


def _groups(word: str) -> list[str]:
    """The letters of a word, three by three, its ends marked by blanks; none of an ideograph."""
    if len(word) == 1 or _PAIR.match(word):
        return []
    padded = f" {word} "
    return [padded[at : at + _GROUP] for at in range(len(word))]


def _is_mark(word: str) -> bool:
    """Whether it is punctuation or an accent alone; pictures are words."""
    return len(word) == 1 and unicodedata.category(word)[0] in "PM"
