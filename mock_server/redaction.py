"""Keys are never written down: they are hidden by what they are, and by where they stand.

By value, whole or in part, in every form in which one may come back; by name, where a header or a
member is called as credentials are; by their shape, where that is known. Nothing else is touched:
`max_tokens` and its like stay readable.
"""

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import Final

from mock_server.escapes import pieces, unescaped
from mock_server.shapes import Shapes

HIDDEN: Final = "[hidden]"
HEADERS: Final = {
    *("authorization", "proxy-authorization", "x-api-key", "api-key", "apikey"),
    *("cookie", "set-cookie"),
}
"""The headers that hold nothing but credentials."""
NAMES: Final = (
    r"(?:[a-z]{1,20}[_-]){0,4}"
    r"(?:api[_-]?(?:key|token)|authorization|(?:access|auth|refresh)[_-]?token|secret|password)"
)
"""What members and parameters that hold credentials are called, as a pattern."""
# Headers have more names for them: among members a token is mostly a word, and a key an index.
_CALLED: Final = re.compile(
    r"(?:token|secret|passw(?:or)?d|authorization|credentials?|cookie|^key"
    r"|(?:\bx|api|auth|access|account|functions|master|private|secret|subscription)[_-]?key)$"
)
# What comes before a value, the value, and what ends it; in JSON also within the text of a string.
_RULES: Final = (
    re.compile(rf'(\\?["\']{NAMES}\\?["\']\s*:\s*\\?["\'])([^"\'\\]+)', re.I),
    re.compile(rf"([?&]{NAMES}=)([^&\s\"']+)", re.I),
    re.compile(r"(\b(?:Bearer|Basic)\s+)([\w.~+/=-]{6,})", re.I),
    re.compile(r"(\bx-api-key: )([^\s\"'$]+)", re.I),
    re.compile(r"(//)([^\s/?#@\"'<>\\]{1,1000})(?=@)"),  # who asks (RFC 3986, section 3.2.1)
)
_SHORT: Final = 8  # below that, a key can be a word
_RUN: Final = 12  # so many characters in common with a key are no chance
_SEARCHED: Final = 2000  # characters of keys that are looked for in all their forms
_PREFIX: Final = re.compile(r"(?:[a-z0-9]{1,8}[-_]){1,3}", re.I)  # which everybody may know


def is_credential(header: str) -> bool:
    """Whether a header, or a parameter of an address, is called as credentials are."""
    name = header.lower()
    return name in HEADERS or _CALLED.search(name) is not None


class Redactor:
    """Hides these keys wherever they stand, whole or in part, and whatever stands where one does.

    However they were escaped, and cut off, or joined to something else: see `escapes`. Where there
    is more of them than any client has, what comes last is hidden only where it stands as it is.
    Whatever has one of the `shapes` is hidden, too.
    """

    def __init__(self, keys: Iterable[str], shapes: Shapes | None = None) -> None:
        self._shapes = shapes
        given = list(filter(None, keys))
        mine = sorted(given, key=len, reverse=True)
        self._whole = [key for key in mine if len(key) >= _SHORT]
        words = "|".join(re.escape(key) for key in mine if len(key) < _SHORT)
        self._words = re.compile(rf"(?<!\w)(?:{words})(?!\w)") if words else None
        searched = _searched(key for key in given if len(key) >= _SHORT)
        self._forms = {form for key in searched for form in _forms(key) if len(form) >= _SHORT}
        self._signs = {sign for form in self._forms for sign in _signs(form)}

    def values(self, text: str) -> str:
        """The text without these keys."""
        for key in self._whole:
            text = text.replace(key, HIDDEN)
        if self._words:
            text = self._words.sub(HIDDEN, text)
        return self._without(self.spans(text), text)

    def spans(self, text: str) -> Sequence[tuple[int, int]]:
        """From where to where something of a key of some length stands."""
        found = [*self._found(text)] if self._signs and self._has_runs(text) else []
        shaped = [*self._shapes.spans(text)] if self._shapes else []
        return list(_joined(sorted(found + shaped))) if found or shaped else ()

    def text(self, text: str) -> str:
        """The text with nothing in it that opens a door."""
        text = self.values(text)
        for rule in _RULES:
            text = rule.sub(lambda found: found[1] + HIDDEN, text)
        return text

    def headers(self, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Headers with nothing in them that opens a door."""
        for name, value in pairs:
            yield self.values(name), HIDDEN if is_credential(name) else self.text(value)

    @cached_property
    def _runs(self) -> set[str]:
        return {run for form in self._forms for run in _runs(form)}

    def _has_runs(self, text: str) -> bool:
        """Whether there is anything to look for: nearly always there is not, and this is fast."""
        plain = unescaped(text)
        for sign in self._signs:
            at = plain.find(sign)
            while at >= 0:
                around = plain[max(0, at - _RUN) : at + len(sign) + _RUN]
                if any(run in around for run in self._runs):
                    return True
                at = plain.find(sign, at + 1)
        return False

    def _without(self, spans: Iterable[tuple[int, int]], text: str) -> str:
        told, at = [], 0
        for start, end in spans:
            told += [text[at : _outside_an_escape(text, start)], HIDDEN]
            at = end
        return "".join([*told, text[at:]])

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        """From where to where in the text each run stands."""
        read = pieces(text)
        plain = "".join(each.plain for each in read)
        lengths = sorted({len(run) for run in self._runs}, reverse=True)
        for at in range(len(plain)):
            for length in lengths:
                if plain[at : at + length] in self._runs:
                    yield read[at].start, read[min(at + length, len(read)) - 1].end
                    break


def _searched(keys: Iterable[str]) -> Iterator[str]:
    """As many of the keys as can be looked for in all their forms, in their order."""
    left = _SEARCHED
    for key in keys:
        if len(key) <= left:
            left -= len(key)
            yield key


def _joined(spans: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans in their order, of which those that touch are one."""
    last: tuple[int, int] | None = None
    for start, end in spans:
        if last and start <= last[1]:
            last = last[0], max(end, last[1])
            continue
        if last:
            yield last
        last = start, end
    if last:
        yield last


def _outside_an_escape(text: str, start: int) -> int:
    """Where to cut before a character that belongs to a backslash, such as the n of a new line."""
    before = text[max(0, start - _RUN) : start]
    return start - (len(before) - len(before.rstrip("\\"))) % 2


def _forms(key: str) -> Iterator[str]:
    """The forms in which a key may come back, unescaped: as it is, and within a text in Base64."""
    yield unescaped(key)
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):  # a key within a longer text begins at any of three places
            text = encode(b"\0" * before + key.encode()).decode()
            core = text[(0, 2, 3)[before] : (before + len(key.encode())) * 8 // 6]
            yield unescaped(core)


def _runs(form: str) -> Iterator[str]:
    """What of a form is hidden: a few characters in succession, and all after its prefix."""
    size = min(_RUN, len(form))
    yield from (form[at : at + size] for at in range(len(form) - size + 1))
    found = _PREFIX.match(form)
    if found and _SHORT <= len(form) - found.end() < _RUN:
        yield form[found.end() :]


def _signs(form: str) -> Iterator[str]:
    """Words of which every run of a form has one, whole."""
    half = _RUN // 2
    yield from (form[at : at + half] for at in range(0, len(form) - half + 1, half))
    yield from (run for run in _runs(form) if len(run) < _RUN)
