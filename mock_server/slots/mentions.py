"""What a text names: numbers, names, addresses, codes, quotations, each with its place."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Final

from mock_server.slots.moments import Day, Hour, days, hours
from mock_server.slots.names import WORD, runs
from mock_server.slots.numerals import numerals
from mock_server.slots.quotations import quotations
from mock_server.slots.spans import Amount, Mention, Span, outside, overlaps, stem
from mock_server.slots.units import measured
from mock_server.slots.vocabulary import (
    COLOURS,
    CURRENCIES,
    FUNCTION,
    LANGUAGES,
    STARTERS,
    words,
)

LONGEST: Final = 4_000  # characters of a text that are read, three quarters of them at its start
_EMAIL: Final = re.compile(r"[\w.%+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}")
_URL: Final = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'`]{2,500}", re.IGNORECASE)
_DOMAIN: Final = re.compile(
    r"\b(?:[a-z0-9-]{1,40}\.){1,4}(?:com|org|net|io|dev|ai|de|uk|eu)\b", re.I
)
_UUID: Final = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", re.IGNORECASE)
_IP: Final = re.compile(r"\b\d{1,3}(?:\.\d{1,3}){3}\b")
_PHONE: Final = re.compile(r"(?<![\w.-])\+?\(?\d[\d\s().-]{5,16}\d(?![\w-])")
_CODE: Final = re.compile(
    r"(?<![\w./-])(?=[A-Za-z0-9_-]{0,30}\d)(?=[0-9_-]{0,30}[A-Za-z])"
    r"[A-Za-z0-9]+(?:[-_][A-Za-z0-9]+)*"
    r"(?![\w/]|\.\w)"
)
_ORDINAL: Final = re.compile(
    r"\d+(?:st|nd|rd|th|am|pm|k|m|km|kg|mb|gb|cm|mm|ms|min|px|h|s|c|f|d|g|b|mi|lb|lbs|oz|ft|in|hr"
    r"|hrs|x|mph|usd|eur)"
    r"|\d+-(?:day|hour|minute|week|night|month|year|star|bedroom|word|page|person)s?",
    re.IGNORECASE,
)
_NUMBERED: Final = re.compile(r"#\s?(\w[\w-]{0,30})")
_TICKER: Final = re.compile(r"(?<![\w'$.-])\$?([A-Z]{2,5}(?:[.-][A-Z]{1,3})?)(?![\w'’-])")
_SUM: Final = re.compile(
    r"(?:(?:sqrt|sin|cos|tan|log|ln|abs|exp)\(|[-(]|√){0,6}(?<![\d.,])\d[\d.,]{0,30}(?![\d.,])"
    r"(?:\s?(?:\*\*|[-+*/^%×÷x!]|plus|minus|times|multiplied by|divided by|over|mod)\s?"
    r"(?:(?:sqrt|sin|cos|tan|log|ln)\(|[-(]){0,6}\d[\d.]{0,30}\){0,6}|\)){1,40}"
)
_PATH: Final = re.compile(
    r"(?<![\w:/.])(?:~|\.{1,2})?/?(?:[\w.-]{1,80}/){0,12}[\w-]{1,80}(?:\.[A-Za-z]\w{0,4}){1,2}\b"
    r"|(?<![\w:/.<])(?:~|\.{1,2})?(?:/[\w.-]{1,80}){1,12}/?"
)


class Mentions:
    """What a text names, worked out when it is asked for; `now` (unix seconds) dates tomorrow."""

    def __init__(self, text: str, now: float | None = None) -> None:
        head, tail = LONGEST * 3 // 4, LONGEST // 4
        text = text if len(text) <= LONGEST else f"{text[:head]}\n{text[-tail:]}"
        self.text = _BLANK.sub("    ", text)
        self._now = now

    @cached_property
    def tokens(self) -> list[Mention]:
        """The words, in lower case."""
        return [Mention(w[0].lower(), *w.span()) for w in WORD.finditer(self.text)]

    @cached_property
    def places_of_stems(self) -> dict[str, list[int]]:
        """At which places among the tokens a stem stands."""
        found: dict[str, list[int]] = {}
        for place, token in enumerate(self.tokens):
            for part in {token.text, *re.split(r"[-_&]", token.text)}:
                found.setdefault(stem(part), []).append(place)
        return found

    @cached_property
    def quoted(self) -> list[Mention]:
        """What stands in quotation marks or code fences, but for the keys of JSON asked for."""
        return quotations(self.text)

    @cached_property
    def emails(self) -> list[Mention]:
        """Addresses of mail."""
        return _found(_EMAIL, self.text) if "@" in self.text else []

    @cached_property
    def urls(self) -> list[Mention]:
        """Web addresses, and what looks like a host."""
        urls = [
            Mention(each.text.rstrip(".,;:!?)]'"), each.start, each.end)
            for each in _found(_URL, self.text)
        ]
        hosts = outside(_found(_DOMAIN, self.text), self.emails + urls) if "." in self.text else []
        return urls + hosts

    @cached_property
    def days(self) -> list[Day]:
        """Days, with their dates where these can be told."""
        return list(days(self.text, self._now))

    @cached_property
    def hours(self) -> list[Hour]:
        """Times of day."""
        return list(hours(self.text))

    @cached_property
    def uuids(self) -> list[Mention]:
        """Identifiers as RFC 9562 writes them."""
        return _found(_UUID, self.text)

    @cached_property
    def ips(self) -> list[Mention]:
        """Addresses of the internet, version 4."""
        return _found(_IP, self.text)

    @cached_property
    def _addresses(self) -> list[Span]:
        return [*self.emails, *self.urls, *self.uuids, *self.ips]

    @cached_property
    def phones(self) -> list[Mention]:
        """Numbers of telephones: seven digits or more."""
        long = [each for each in _found(_PHONE, self.text) if sum(map(str.isdigit, each.text)) > 6]
        parted = [each for each in long if re.search(r"[^\d.]", each.text)]
        return outside(parted, [*self._addresses, *self.days, *self.hours])

    @cached_property
    def codes(self) -> list[Mention]:
        """Ids: letters mixed with digits, or what follows a `#`."""
        numbered = [Mention(each[1], *each.span(1)) for each in _NUMBERED.finditer(self.text)]
        mixed = [each for each in _found(_CODE, self.text) if not _ORDINAL.fullmatch(each.text)]
        taken = [*self._addresses, *self.phones, *self.days, *self.hours]
        return self.uuids + outside(numbered + outside(mixed, numbered), taken)

    @cached_property
    def capitals(self) -> list[Mention]:
        """Short words in capital letters, such as those of shares, airports and currencies."""
        if self.text.isupper():
            return []
        found = [Mention(each[1], *each.span(1)) for each in _TICKER.finditer(self.text)]
        return [each for each in found if each.text.lower() not in _NO_TICKER]

    @cached_property
    def amounts(self) -> list[Amount]:
        """Numbers, but for those that are part of something else."""
        taken = [*self._addresses, *self.phones, *self.codes, *self.hours]
        taken += [day for day in self.days if not day.text.lower().startswith("in ")]
        return numerals(self.text, self.tokens, taken)

    @cached_property
    def sizes(self) -> list[tuple[Amount, float]]:
        """The amounts that are measured, with their size in the base unit."""
        return measured(self.amounts, self.text)

    @cached_property
    def sums(self) -> list[Mention]:
        """Sums to be worked out."""
        found = (f for f in _SUM.finditer(self.text) if not f[0].replace(")", "").isdigit())
        taken = [*self._addresses, *self.phones, *self.days]
        return outside((Mention(f[0].strip().rstrip("."), *f.span()) for f in found), taken)

    @cached_property
    def paths(self) -> list[Mention]:
        """Names of files and folders."""
        return outside(_found(_PATH, self.text), [*self.emails, *self.urls])

    @cached_property
    def names(self) -> list[Mention]:
        """Runs of words that begin with a capital letter, as names of people and places do."""
        return list(runs(self.text))

    @cached_property
    def languages(self) -> list[Mention]:
        """Names of languages."""
        return [self.cut(each) for each in self.tokens if each.text in LANGUAGES]

    @cached_property
    def currencies(self) -> list[Mention]:
        """Codes of currencies (ISO 4217), in the order in which they are spoken of."""
        signs = (Mention(CURRENCIES[f[0]], *f.span()) for f in _SIGN.finditer(self.text))
        words = (
            Mention(CURRENCIES[t.text], t.start, t.end) for t in self.tokens if t.text in _COINS
        )
        return sorted([*signs, *words], key=lambda each: each.start)

    @cached_property
    def colours(self) -> list[Mention]:
        """Names of colours."""
        return [each for each in self.tokens if each.text in COLOURS]

    def cut(self, span: Span) -> Mention:
        """The stretch of the text at these places, as it is written."""
        return Mention(self.text[span.start : span.end], span.start, span.end)

    def first_token(self, start: int) -> int:
        """The number of the first token that begins here or later."""
        return bisect_left(self.tokens, start, key=lambda token: token.start)

    def is_joint(self, left: Span, right: Span) -> bool:
        """Whether two stretches stand beside each other in a list."""
        return _JOINT.fullmatch(self.text, left.end, right.start) is not None

    def is_in(self, span: Span, others: Sequence[Span]) -> bool:
        """Whether a stretch shares a character with one of the others."""
        return overlaps(span, others)

    def find(self, stems: Sequence[str]) -> Mention | None:
        """Where these stems stand one after the other."""
        for first in self.places_of_stems.get(stems[0], ()) if stems else ():
            last = first
            for each in stems[1:]:
                places = self.places_of_stems.get(each, ())
                last = next((place for place in (last + 1, last) if place in places), -1)
                if last < 0:
                    break
            if last >= 0:
                return self.cut(Mention("", self.tokens[first].start, self.tokens[last].end))
        return None

    def after(self, openers: frozenset[str], *, longest: int = 4) -> Iterator[Mention]:
        """Phrases that follow one of these words: a name, or plain words up to the next hinge."""
        for place, token in enumerate(self.tokens):
            if token.text in openers and place + 1 < len(self.tokens):
                phrase = self.phrase(token.end, longest=longest)
                if phrase is not None:
                    yield phrase

    def phrase(self, start: int, *, longest: int = 4) -> Mention | None:
        """The phrase that begins here: a quotation, a name, or words up to the next hinge."""
        begin = start + len(_GAP.match(self.text, start)[0])  # type: ignore[index]
        for quoted in self.quoted:
            if quoted.start == begin:
                return quoted
        for name in self.names:
            if name.start == begin:
                return name
        return self._plain_words(begin, longest)

    def _plain_words(self, begin: int, longest: int) -> Mention | None:
        first, end = self.first_token(begin), begin
        for number, token in enumerate(self.tokens[first : first + longest]):
            gap = self.text[end : token.start]
            if token.text in FUNCTION or (gap.strip(" ") if number else gap):
                break
            end = token.end
        if end == begin or self.text[begin].isdigit():
            return None
        return Mention(self.text[begin:end], begin, end)


_BLANK: Final = re.compile(r"[^\S\n]{5,}|\n{5,}(?=\n)")
_JOINT: Final = re.compile(
    r",? (?:and|or|&|und|et|y|e|и|vs\.?|versus|plus|then|as well as) "
    r"(?:also )?(?:in |for |of |to )?|, "
    r"|\? (?:and|what about|how about)(?: in| for)? ",
    re.IGNORECASE,
)
_GAP: Final = re.compile(r"[\s:=]*(?:(?:the|a|an|my|our)\s+)?", re.IGNORECASE)
_SIGN: Final = re.compile(r"[$€£¥₹₽₩](?=\s?\d)|(?<=\d)\s?[€£]")
_COINS: Final = frozenset(word for word in CURRENCIES if word.isalpha() and word != "try")
_NO_TICKER: Final = FUNCTION | STARTERS | words("ai api pdf url sql faq asap usa ceo hr ui")


def _found(form: re.Pattern[str], text: str) -> list[Mention]:
    return [Mention(each[0], *each.span()) for each in form.finditer(text)]
