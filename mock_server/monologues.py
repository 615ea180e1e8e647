"""What is heard where nobody knows what is said: as much of it as there is time for."""

import pkgutil
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from importlib import import_module
from random import Random
from typing import Final

import msgspec

from mock_server.language.phrases import Frames, grammar_of
from mock_server.language.teller import Teller
from mock_server.wire import Json

_MOST: Final = 40_000  # words, more than four hours of them
_TRIES: Final = 5  # sentences that turn out too long for the time that is left
_LEFT_OVER: Final = 3  # words that are worth another saying
_SHORTEST, _LONGEST = 4, 11  # words of a sentence that is made of nothing but words
_SIGNS: Final = str.maketrans("", "", " ,.!?;:、。，！？’…")


class _Tongue(msgspec.Struct, frozen=True):
    """How one language is spoken: words a minute (or characters), brief sayings, a grammar."""

    minute: int
    parted: bool
    brief: Sequence[str]
    grammar: Mapping[str, Frames]

    def size(self, text: str) -> int:
        """How many words, or characters, a text has."""
        return len(text.split()) if self.parted else len(text.translate(_SIGNS))


class Monologues:
    """Things to be heard, by language; `read` and `read_names` are called when first asked."""

    def __init__(self, read: Callable[[], Json], read_names: Callable[[], Json]) -> None:
        self._read = read
        self._read_names = read_names

    def name(self, language: str) -> str:
        """What a language (ISO 639-1) is called in English; its code, where that is not known."""
        return str(self._names.get(language, language))

    def told(self, language: str, seconds: float, random: Random) -> str:
        """What takes so long to say in a language (ISO 639-1).

        One that has no grammar here is spoken in words of its own; failing those, it is English.
        """
        english = self._tongues["en"]
        tongue = self._tongues.get(language)
        words = _words(language) if tongue is None else ()
        if words:
            return _babbled(words, seconds * english.minute / 60, random)
        return _told(tongue or english, seconds, random)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        names: Mapping[str, str] = self._read_names()
        return names

    @cached_property
    def _tongues(self) -> Mapping[str, _Tongue]:
        return {
            code: msgspec.convert({**data, "grammar": grammar_of(data["grammar"])}, _Tongue)
            for code, data in self._read().items()
        }


def _told(tongue: _Tongue, seconds: float, random: Random) -> str:
    teller = Teller({}, tongue.grammar, random)
    left = min(seconds * tongue.minute / 60, _MOST)
    said: list[str] = []
    tries = _TRIES
    while tries and left > 0:
        sentence = teller.tell("say")
        if tongue.size(sentence) <= left:
            said.append(sentence)
            left -= tongue.size(sentence)
        else:
            tries -= 1
    if not said or left >= _LEFT_OVER:
        said.append(_brief(tongue, left, random))
    return (" " if tongue.parted else "").join(said)


def _brief(tongue: _Tongue, most: float, random: Random) -> str:
    """A saying about as long as there is time for; the shortest ones fit always."""
    sizes = {each: tongue.size(each) for each in tongue.brief}
    fit = max((size for size in sizes.values() if size <= most), default=min(sizes.values()))
    return random.choices([each for each, size in sizes.items() if fit - 1 <= size <= fit])[0]


def _words(language: str) -> Sequence[str]:
    """Words of a language, if Faker knows any."""
    from faker.providers import lorem  # few languages need it, and it takes time to load

    names = sorted(each.name for each in pkgutil.iter_modules(lorem.__path__))
    known = next((name for name in names if name.partition("_")[0] == language), None)
    if known is None:
        return ()
    words: Sequence[str] = import_module(f"faker.providers.lorem.{known}").Provider.word_list
    return words


def _babbled(words: Sequence[str], count: float, random: Random) -> str:
    """Sentences of so many words, which are nothing but words."""
    left, said = max(1, round(min(count, _MOST))), []
    while left > 0:
        size = min(left, random.randint(_SHORTEST, _LONGEST))
        sentence = " ".join(random.choices(words, k=size))
        said.append(f"{sentence[:1].upper()}{sentence[1:]}.")
        left -= size
    return " ".join(said)
