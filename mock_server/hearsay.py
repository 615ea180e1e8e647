"""What a picture that nobody has looked at may show, by its URL alone."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final
from urllib.parse import unquote, urlsplit

from mock_server.colours import NAMES
from mock_server.picture import Picture

_EXTENSIONS: Final = {"png": "PNG", "webp": "WebP", "gif": "GIF"}
_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_VOWEL: Final = re.compile(r"[aeiouy]")
_HEX: Final = re.compile(r"[0-9a-f]{8,}|[0-9a-f]{4}-[0-9a-f]{4}")
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# Words of file names that say nothing of what is on the picture.
_EMPTY: Final = re.compile(
    r"(?:img|image|photo|pic|picture|file|upload|asset|screen|shot|screenshot|thumb)s?"
    r"|dsc|download|original|large|small|medium|final|copy|index|untitled|content|media|static"
    r"|public|raw|full|preview|size|sample|test|example|random|the|and|for|with"
    r"|jpe?g|png|webp|gif|html?|php|aspx"
)
_MOST_WORDS, _LONGEST_WORD, _LONGEST_URL = 5, 20, 2_000


def supposed(url: str, number: int) -> Picture:
    """A picture as its URL describes it; `number` decides what the URL leaves open.

    It counts as 1024 x 1024 pixels.
    """
    name = _file_name(url)
    words = list(islice(_words(name), _MOST_WORDS))
    named = tuple(word for word in words if word in NAMES)
    extension = name.rpartition(".")[2].lower()
    return Picture(
        format=_EXTENSIONS.get(extension, "JPEG"),
        colours=named or _colours(number),
        words=_phrase(words),
        number=number,
    )


def _file_name(url: str) -> str:
    try:
        path = unquote(urlsplit(url[:_LONGEST_URL]).path)
    except ValueError:
        return ""
    return path.rstrip("/").rpartition("/")[2]


def _words(name: str) -> Iterator[str]:
    base = name.rpartition(".")[0] or name
    if _HEX.search(base.lower()):
        return
    for word in _WORD.findall(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", base)):
        lower = word.lower()
        if _YEAR.fullmatch(word):
            yield word
        elif not _EMPTY.fullmatch(lower) and _tells(lower):
            yield "grey" if lower == "gray" else lower


def _tells(word: str) -> bool:
    if not word.isalpha() or len(word) > _LONGEST_WORD:
        return False
    return not word.isascii() or (len(word) > 2 and _VOWEL.search(word) is not None)


def _phrase(words: list[str]) -> str:
    """Words as a noun: `a red bicycle`, `boats, 2019`; empty where only a year is left."""
    nouns = [word for word in words if word.isalpha()]
    if not nouns:
        return ""
    phrase = " ".join(nouns)
    if phrase.isascii() and (not nouns[-1].endswith("s") or nouns[-1].endswith("ss")):
        phrase = f"{'an' if phrase[0] in 'aeiou' else 'a'} {phrase}"
    return ", ".join([phrase, *[word for word in words if not word.isalpha()][:1]])


def _colours(number: int) -> tuple[str, ...]:
    first, step = number % len(NAMES), 1 + number // len(NAMES) % (len(NAMES) - 1)
    return (NAMES[first], NAMES[(first + step) % len(NAMES)])
