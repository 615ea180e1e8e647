"""What stands in quotation marks or code fences."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from mock_server.slots.spans import Mention, outside

_QUOTED: Final = re.compile(
    r"\"([^\"\n]{1,600})\"|“([^”\n]{1,600})”|«([^»\n]{1,600})»"
    r"|„([^“”\n]{1,600})[“”]"
    r"|`([^`\n]{1,600})`|(?<!\w)"
    r"['‘]([^'‘’\n]{1,300}(?:['’]\w[^'‘’\n]{0,300}){0,3})['’](?!\w)"
)
_FENCED: Final = re.compile(r"```[\w+-]*\n(.{1,3000}?)\n?```", re.DOTALL)
# Keys that JSON shall have, as `with the keys "a" and "b"` tells them: names of values, no values.
_KEYS: Final = re.compile(r"\b(?:keys?|fields?|properties|property|attributes)\b:?\s*", re.I)
_JOINT: Final = re.compile(r"\s*(?:,|and|or|&|/|;)*\s*(?:and |or )?", re.IGNORECASE)


def quotations(text: str) -> list[Mention]:
    """The quotations of a text in order, fences first; names of keys of JSON are left out."""
    fenced = [Mention(f[1], *f.span()) for f in _FENCED.finditer(text)]
    plain = [Mention(next(filter(None, q.groups())), *q.span()) for q in _QUOTED.finditer(text)]
    plain = outside(plain, fenced)
    if plain and "json" in text.lower():
        keys = list(_keys(text, plain))
        plain = [each for each in plain if each not in keys]
    return fenced + plain


def _keys(text: str, quoted: Sequence[Mention]) -> Iterator[Mention]:
    ends = {found.end() for found in _KEYS.finditer(text)}
    previous: Mention | None = None
    for each in quoted:
        is_listed = previous and _JOINT.fullmatch(text, previous.end, each.start)
        if each.start in ends or is_listed:
            previous = each
            yield each
