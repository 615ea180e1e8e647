"""Readers of one kind of text each: the stretches of a text that may be such a thing."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from mock_server.slots.candidate import SURE, Candidate, Reader
from mock_server.slots.kinds import Slot
from mock_server.slots.mentions import Mentions
from mock_server.slots.roles import channels
from mock_server.slots.schedule import dates, moments, times
from mock_server.slots.sentences import expressions, jobs, queries, scripts, tasks, texts, titles
from mock_server.slots.spans import Mention, Span
from mock_server.slots.units import PORTIONS, UNITS
from mock_server.slots.vocabulary import COUNTRIES, CURRENCIES, FUNCTION, LANGUAGES, words

_PLACE_OPENERS: Final = words(
    "in at near around to from for of visiting visit into compare between en à nach в aus"
)
_LOWER_OPENERS: Final = words("in near around to from visiting into within")
_VAGUE_OPENERS: Final = words("at for of")
_PERSON_OPENERS: Final = words(
    """email call tell message contact with invite meet for to ask remind by named called is am mr
    mrs dr ms and notify text phone about assign cc i'm via von und"""
)
_HOUSE: Final = words("address street")
_EXACT: Final = words("city town country")
# In Japanese and Chinese the place stands before what is asked of it: its weather, its time.
_CJK_PLACE: Final = re.compile(
    r"([\u30a0-\u30ff\u4e00-\u9fff]{2,8}?)(?:の|的|今天|明天|天气|天氣|现在)"
)
_NO_PLACE: Final = (
    words(
        """celsius fahrenheit kelvin total general detail details advance order case fact short
        degrees metric imperial usd minutes hours days weeks euros dollars stock business economy
        first bed work school friends lunch dinner breakfast me python javascript json bullet list
        sale rent fun sure example cheap"""
    )
    | LANGUAGES.keys()
    | CURRENCIES.keys()
    | UNITS.keys()
)
_SHARES: Final = {
    "apple": "AAPL",
    "microsoft": "MSFT",
    "google": "GOOGL",
    "alphabet": "GOOGL",
    "amazon": "AMZN",
    "tesla": "TSLA",
    "nvidia": "NVDA",
    "meta": "META",
    "netflix": "NFLX",
    "ibm": "IBM",
    "intel": "INTC",
    "amd": "AMD",
    "oracle": "ORCL",
    "bitcoin": "BTC",
}


def before(mentions: Mentions, span: Span, *, back: int = 1) -> str:
    """The word that stands before a stretch of the text, articles aside."""
    tokens = mentions.tokens
    place = mentions.first_token(span.start) - 1
    while place >= 0 and tokens[place].text in _ARTICLES:
        place -= 1
    place -= back - 1
    return tokens[place].text if place >= 0 else ""


_ARTICLES: Final = words("the a an my our downtown central")


def places(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Names of places: what follows `in` or `to`, and what is listed beside it."""
    for each in _named(mentions, _PLACE_OPENERS, _PERSON_OPENERS, 2.5):
        is_country = each.value.lower() in COUNTRIES
        misfit = is_country is ("country" not in slot.words) and not _EXACT.isdisjoint(slot.words)
        yield each._replace(strength=each.strength - misfit)
    yield from _regions(slot, mentions)
    if not _HOUSE.isdisjoint(slot.words[-1:]):
        yield from _houses(mentions, whole=slot.words[-1] == "address")
    for found in _CJK_PLACE.finditer(mentions.text):
        yield Candidate(found[1], 3.5, (Mention(found[1], *found.span(1)),))
    taken: list[Span] = [*mentions.names, *mentions.days]
    for openers, strength in ((_LOWER_OPENERS, 3.5), (_VAGUE_OPENERS, 2.2)):
        for phrase in mentions.after(openers, longest=3):
            first = phrase.text.split()[0].lower()
            if first not in _NO_PLACE and not mentions.is_in(phrase, taken):
                yield Candidate(phrase.text, strength, (phrase,))


def _regions(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """The town and what it lies in, apart: `Boston, MA` for slots of one of the two."""
    last = slot.words[-1] if slot.words else ""
    for name in mentions.names if last in _PARTED else ():
        head, _, tail = name.text.rpartition(" ")
        is_country = tail.lower() in _WHOLE_COUNTRIES and (tail.lower() != "us" or tail == "US")
        if not head or not (is_country or tail.lower() in _STATES or _STATE.fullmatch(tail)):
            continue
        if last in _TOWNS:
            head = head.rstrip(",")
            yield Candidate(head, 3.95, (Mention(head, name.start, name.start + len(head)),))
        elif is_country is (last == "country"):
            yield Candidate(tail, 4.6, (Mention(tail, name.end - len(tail), name.end),))


_TOWNS: Final = words("city town")
_PARTED: Final = words("city town country state region province")
_STATES: Final = words("texas california florida ontario")
_WHOLE_COUNTRIES: Final = COUNTRIES - _STATES
_STATE: Final = re.compile(r"[A-Z]{2}|D\.C\.")


def _named(
    mentions: Mentions, openers: frozenset[str], others: frozenset[str], plain: float
) -> Iterator[Candidate]:
    """Names: sure after one of the openers and in a list with such a one, hardly after others."""
    previous: Candidate | None = None
    for name in mentions.names:
        opener = before(mentions, name)
        if previous and mentions.is_joint(previous.spans[0], name):
            strength = previous.strength
        elif opener in openers:
            strength = 4.0
        else:
            strength = 1.5 if opener in others else plain
        previous = Candidate(name.text, strength, (name,))
        yield previous


def _houses(mentions: Mentions, *, whole: bool) -> Iterator[Candidate]:
    """Names of streets with the number of a house before them."""
    for name in mentions.names:
        if (more := _numbered(name, mentions, whole=whole)) is not None:
            yield Candidate(more.text, 4.5, (more,))


def _numbered(name: Mention, mentions: Mentions, *, whole: bool) -> Mention | None:
    """The name of a street with the number of the house before it, and the places after it."""
    text = mentions.text
    found = re.search(r"\d{1,5}[A-Za-z]? $", text[max(0, name.start - 8) : name.start])
    if found is None:
        return None
    end = name.end
    for other in mentions.names if whole else ():
        if other.start >= end and text[end : other.start] == ", ":
            end = other.end
    return mentions.cut(Mention("", name.start - len(found[0]), end))


def persons(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Names that do not follow `in` or the like; one part of a name where that is asked for."""
    for each in _named(mentions, _PERSON_OPENERS, _PLACE_OPENERS - _PERSON_OPENERS, SURE):
        part = _part(slot, each.value)
        yield each if part is None else Candidate(part, each.strength)


def companies(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Names of firms: what somebody works at or buys from."""
    yield from _named(mentions, _FIRM_OPENERS, frozenset(), 2.6)


_FIRM_OPENERS: Final = words("at for with from by joined")


def _part(slot: Slot, name: str) -> str | None:
    if not {"first", "last", "given", "family", "surname"}.isdisjoint(slot.words):
        parts = name.split()
        is_first = not {"first", "given"}.isdisjoint(slot.words)
        return parts[0] if is_first else parts[-1]
    return None


def ids(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Codes, best those that follow the slot's own words; else whole numbers."""
    own = {word for word in slot.words if word not in _ID_WORDS}
    for code in mentions.codes:
        near = {before(mentions, code), before(mentions, code, back=2)}
        yield Candidate(code.text, 4.5 if own & near else 4.0, (code,))
    for amount in mentions.amounts:
        near = {before(mentions, amount), before(mentions, amount, back=2)}
        if isinstance(amount.value, int) and not amount.currency:
            is_named = bool(own & near or (not own and near & _ID_WORDS))
            is_zip = "zip" in slot.words and len(str(amount.value)) == 5
            text = mentions.cut(amount).text
            yield Candidate(text, 4.5 if is_named or is_zip else 2.0, (amount,))


_ID_WORDS: Final = words("id number code reference ref no identifier key order ticket account")


def tickers(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Symbols of shares, of well-known companies too."""
    for capital in mentions.capitals:
        yield Candidate(capital.text, 4.0, (capital,))
    for token in mentions.tokens:
        if token.text.removesuffix("'s") in _SHARES:
            yield Candidate(_SHARES[token.text.removesuffix("'s")], 3.5, (token,))


def languages(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Names of languages, or their codes (ISO 639) where these are asked for."""
    is_code = "code" in slot.words or "ISO" in slot.description
    for each in mentions.languages:
        code = LANGUAGES[each.text.lower()]
        forms = (code, each.text.capitalize())
        for form in forms if is_code else reversed(forms):
            yield Candidate(form, 4.0, (each,))


def units(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """The unit of a number, or what follows `to` or `in`."""
    for amount in mentions.amounts:
        if amount.unit and amount.unit not in FUNCTION:
            start = mentions.text.lower().find(amount.unit, amount.end)
            span = Mention(amount.unit, start, start + len(amount.unit))
            is_unit = amount.unit in UNITS or amount.unit in PORTIONS or amount.currency
            yield Candidate(amount.unit, 3.5 if is_unit else 2.0, (span,))
    for phrase in mentions.after(_UNIT_OPENERS, longest=1):
        yield Candidate(phrase.text, 3.4, (phrase,))


_UNIT_OPENERS: Final = words("to in into from")


def _plain(name: str, strength: float = 4.0) -> Reader:
    """A reader that offers all mentions of one sort as they are."""

    def read(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
        found: Iterable[Mention] = getattr(mentions, name)
        for each in found:
            yield Candidate(each.text, strength, (each,))

    return read


READERS: Final[Mapping[str, Reader]] = {
    "email": _plain("emails"),
    "url": _plain("urls"),
    "phone": _plain("phones"),
    "uuid": _plain("uuids"),
    "ip": _plain("ips"),
    "path": _plain("paths"),
    "colour": _plain("colours"),
    "currency": _plain("currencies"),
    "date": dates,
    "time": times,
    "datetime": moments,
    "place": places,
    "timezone": places,
    "person": persons,
    "company": companies,
    "id": ids,
    "ticker": tickers,
    "language": languages,
    "query": queries,
    "text": texts,
    "title": titles,
    "job": jobs,
    "task": tasks,
    "expression": expressions,
    "script": scripts,
    "unit": units,
    "channel": channels,
}
"""By the kind of a slot; sure candidates come before doubtful ones of the same strength."""
