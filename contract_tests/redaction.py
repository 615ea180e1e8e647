"""Keys are never written down: they are hidden by what they are, and by where they stand.

By value, in every form in which one may come back; by name, where a header or a member is called as
credentials are. Nothing else is touched: `max_tokens` and its like stay readable.
"""

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final
from urllib.parse import quote, quote_plus

HIDDEN: Final = "[hidden]"
SANITIZATION: Final = {"sensitive-markers": ["authorization", "api-key", "api_key", "apikey"]}
"""What Schemathesis hides by name; of its own accord it would hide `max_tokens` too."""
_HEADERS: Final = {
    *("authorization", "proxy-authorization", "x-api-key", "api-key", "apikey"),
    *("cookie", "set-cookie"),
}
_NAMES: Final = (
    r"(?:(?:x-)?api[_-]?key|authorization|(?:access|auth|refresh)[_-]?token|secret|password)"
)
# What comes before a value, the value, and what ends it; in JSON also within the text of a string.
_RULES: Final = (
    re.compile(rf'(\\?["\']{_NAMES}\\?["\']\s*:\s*\\?["\'])([^"\'\\]+)', re.I),
    re.compile(rf"([?&]{_NAMES}=)([^&\s\"']+)", re.I),
    re.compile(r"(\b(?:Bearer|Basic)\s+)([\w.~+/=-]{6,})", re.I),
    re.compile(r"(\bx-api-key: )([^\s\"'$]+)", re.I),
)
_SHORT: Final = 8  # below that, a key can be a word


class Redactor:
    """Hides these keys wherever they stand, and whatever stands where a key does."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._keys = sorted(filter(None, keys), key=len, reverse=True)

    def values(self, text: str) -> str:
        """The text without these keys."""
        return self._values.sub(HIDDEN, text) if self._values is not None else text

    def text(self, text: str) -> str:
        """The text with nothing in it that opens a door."""
        text = self.values(text)
        for rule in _RULES:
            text = rule.sub(lambda found: found[1] + HIDDEN, text)
        return text

    def headers(self, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        """Headers with nothing in them that opens a door."""
        for name, value in pairs:
            yield name, HIDDEN if name.lower() in _HEADERS else self.text(value)

    @cached_property
    def _values(self) -> re.Pattern[str] | None:
        forms = [form for key in self._keys for form in _forms(key)]
        return re.compile("|".join(forms)) if forms else None


def _forms(key: str) -> Iterator[str]:
    """Regular expressions for the forms in which a key may come back."""
    if len(key) < _SHORT:
        yield rf"(?<!\w){re.escape(key)}(?!\w)"
        return
    plain = {key, quote(key), quote(key, safe=""), quote_plus(key)}
    plain |= {form.replace("%", "%25") for form in plain if "%" in form}
    plain |= {re.sub("%..", lambda found: found[0].lower(), form) for form in plain}
    yield from map(re.escape, sorted(plain, key=len, reverse=True))
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):  # a key within a longer text begins at any of three places
            text = encode(b"\0" * before + key.encode()).decode()
            core = text[(0, 2, 3)[before] : (before + len(key.encode())) * 8 // 6]
            yield re.escape(core)
