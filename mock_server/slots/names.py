"""Runs of capitalised words: how names of people, places and things are written."""

import re
from collections.abc import Iterator
from typing import Final

from mock_server.slots.spans import Mention
from mock_server.slots.vocabulary import (
    COUNTRIES,
    FUNCTION,
    LANGUAGES,
    MONTHS,
    ORDERS,
    STARTERS,
    WEEKDAYS,
    words,
)

WORD: Final = re.compile(r"[^\W_]+(?:[-'’&][^\W_]+|_+[^\W_]+)*")
_SENTENCE_END: Final = '.!?¿¡:;\n"“«(。！？'
_LINKS: Final = words("of de la le del da di du van von der den al el the")
_NEVER: Final = frozenset((*WEEKDAYS, *MONTHS, "i", *LANGUAGES))


def runs(text: str) -> Iterator[Mention]:
    """The runs of a text, in order; the first word of a sentence counts if it is no usual one."""
    reached = 0
    for run in _runs(text):
        start, end = run[0].start, run[-1].end
        if start >= reached:
            more = _REGION.match(text, end)
            reached = more.end() if more else end
            yield Mention(text[start:reached], start, reached)


def _runs(text: str) -> Iterator[list[Mention]]:
    run: list[Mention] = []
    for found in WORD.finditer(text):
        word = Mention(found[0], *found.span())
        is_capital = _is_capital(text, word)
        if run and _is_joined(text, run[-1], word) and (is_capital or word.text in _LINKS):
            run.append(word)
        else:
            yield from _closed(run)
            run = [word] if is_capital else []
    yield from _closed(run)


def _closed(run: list[Mention]) -> Iterator[list[Mention]]:
    while run and run[-1].text in _LINKS:
        run.pop()
    if run:
        yield run


def _is_joined(text: str, left: Mention, right: Mention) -> bool:
    gap = text[left.end : right.start]
    # Mr. Smith and J. R. R. Tolkien go on after a full stop.
    return gap == " " or (gap in (". ", ".") and _is_short_for_more(left.text))


def _is_short_for_more(word: str) -> bool:
    return len(word) == 1 or word.lower() in _TITLES


_TITLES: Final = words("mr mrs ms dr st prof jr sr")


def _is_capital(text: str, word: Mention) -> bool:
    if not word.text[0].isupper() or word.text.lower() in _NEVER:
        return False
    before = text[max(0, word.start - 8) : word.start].rstrip(" \t*-#")[-1:]
    usual = STARTERS if not before or before in _SENTENCE_END else _PLAIN
    if usual is _PLAIN or word.text.lower() in STARTERS:
        return word.text.lower() not in usual
    # `Zip the files` is an order, `Grant is a doctor` none.
    behind = WORD.search(text, word.end)
    follower = behind[0].lower() if behind and text[word.end : behind.start()] == " " else ""
    return follower not in _OBJECTS and (word.text.lower() not in ORDERS or follower in _TOLD)


_OBJECTS: Final = words("the a an my our this these those all me him her them it")
_TOLD: Final = words("is was has had and said works lives")
_PLAIN: Final = (FUNCTION | {"json"}) - words("la las los el le les san us it may will")


_REGION: Final = re.compile(
    r",? (?:[A-Z]{2}|D\.C\.)(?!\w)"
    rf"|,\s(?i:{'|'.join(sorted(COUNTRIES))})\b(?!,| and| or)"
)
