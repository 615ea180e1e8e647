"""Which language a text is written in, cheaply: by its script, else by words that give it away."""

import re
import unicodedata
from typing import Final

from mock_server.language.phrases import Phrases
from mock_server.language.prompts import likeliest

_SEEN: Final = 2_000  # characters
_WORD: Final = re.compile(r"[^\W\d_]+")
# Scripts that are mostly written in one language, by the first word of their letters' names.
_SCRIPTS: Final = {
    "ARABIC": "ar",
    "ARMENIAN": "hy",
    "BENGALI": "bn",
    "DEVANAGARI": "hi",
    "ETHIOPIC": "am",
    "GEORGIAN": "ka",
    "GREEK": "el",
    "HANGUL": "ko",
    "HEBREW": "he",
    "KHMER": "km",
    "LAO": "lo",
    "MYANMAR": "my",
    "TAMIL": "ta",
    "TELUGU": "te",
    "THAI": "th",
}


def language_of(phrases: Phrases, text: str) -> str:
    """The ISO 639-1 code of the language of a text; that of the first language where none shows."""
    words = _WORD.findall(text[:_SEEN].lower())
    named = unicodedata.name(words[0][0], "").partition(" ")[0] if words else ""
    return _SCRIPTS.get(named) or likeliest(phrases, text[:_SEEN], words).code
