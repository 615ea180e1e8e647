"""The clauses of a text: which of them there are, and which need the outcome of others."""

import re
from typing import Final

from mock_server.slots.vocabulary import FUNCTION, NUMBERS

_MOST: Final = 40
_NUMBER: Final = rf"(?:[-(]?\d|(?:{'|'.join(NUMBERS)})\b)"
_END: Final = re.compile(
    r"(?<=[.!?;])\s+|(?<=[。！？])|\s*\n\s*"
    rf"|,?\s+(?:and then|and also|and|also|then|plus(?!\s{_NUMBER})|as well as)\s+",
    re.I,
)
_OUTCOME: Final = re.compile(
    r"\b(?:the|that|this|its|their)\s+(?:\w+\s+)?(?:outputs?|results?|outcomes?|sum|product|total"
    r"|quotient|difference)\b|\bwith (?:that|it|this)\b",
    re.IGNORECASE,
)
# `multiply it by 2`: what the verb is done to is known only then.
_ITS_OBJECT: Final = re.compile(
    r"\W*(?:(?:and|then|also|finally|next|please|now|after that|lastly)\W+)*(?P<verb>[a-z]+)"
    r" (?:it|that|this|them|those)\b",
    re.IGNORECASE,
)


def clauses_of(text: str) -> list[str]:
    """The clauses of a text, in its order; not too many."""
    return [part for part in _END.split(text) if part][:_MOST]


def needs_outcome(clause: str) -> bool:
    """Whether a clause, which is not the first, speaks of what comes out of an earlier one."""
    if _OUTCOME.search(clause):
        return True
    found = _ITS_OBJECT.match(clause)
    return found is not None and found["verb"].lower() not in FUNCTION
