"""Readers of what takes more than a name: queries, messages, titles, tasks, sums and code."""

import re
from collections.abc import Iterator
from typing import Final

from mock_server.slots.candidate import SURE, Candidate
from mock_server.slots.kinds import Slot
from mock_server.slots.mentions import Mentions
from mock_server.slots.spans import Mention
from mock_server.slots.vocabulary import ORDERS, STARTERS, words

_LEAD: Final = re.compile(
    r"^(?:(?:hi|hello|hey|please|can you|could you|would you|will you"
    r"|i(?:'d| would) like(?: you)? to"
    r"|i(?: want| need)(?: you)? to|help me|let's|ok|okay|so|now|then|and)[,\s]+){0,4}"
    r"(?:(?:search|look|browse|google|find|query|check|get|fetch|show|give|tell|list|read|retrieve)"
    r"(?:\s(?:up|me|us|out|the (?:web|internet|knowledge base|docs|documentation|database|wiki)"
    r"|(?:on )?(?:google|wikipedia|arxiv|online)|our \w+(?: base)?"
    r"|information|info|articles?|papers?"
    r"|documents?|all|some|results?))*\s?(?:for|about|on|regarding|of)?\s+(?=\S)"
    r"|(?:what(?:'s| is| are| was)|who(?:'s| is| was| are)|where(?:'s| is)|do you know)\s+(?=\S)|)",
    re.IGNORECASE,
)
_SAYING: Final = re.compile(
    r"\b(?:saying|says?|that says|telling (?:him|her|them)|to say|that|whether|dass|que)\s*:?\s+"
    r"(?=\S)([^\n]{2,600})",
    re.IGNORECASE,
)
# What is to be said, as far as whom or where to is told behind it.
_SAY: Final = re.compile(
    r"(?:^|[.!?,]\s+|\bplease |\band )(?:say|post|write|announce) (\S[^\n.!?]{0,300}?)"
    r" (?:to|in|on|into) (?=[A-Z#@]|(?:the |my |our )?(?:[\w#-]+ )?(?:channel|slack|chat)\b)",
    re.IGNORECASE,
)
_REMINDER: Final = re.compile(
    r"\b(?:remind (?:me|us|him|her|\w+)|reminder|task|to-?do|don't forget|remember|need|want|have)"
    r"(?: (?:me|us))? (?:to|about|for|:)\s+([^\n.!?]{2,200})",
    re.IGNORECASE,
)
_ADDING: Final = re.compile(
    r"\b(?:add|create|make|new|schedule|book|set up|plan|arrange|organi[sz]e|put)(?: me)?"
    r"(?: (?:an?|the|new|my|task|to-?do|reminder|event"
    r"|meeting(?= (?:called|titled|named))|to|called"
    r"|titled|named|for))*:?\s+([^\n.!?,;]{2,120})",
    re.IGNORECASE,
)
_TITLED: Final = re.compile(
    r"\b(?:titled|entitled|called|named|title|subject|headline)(?: (?:is|line))?:?\s+"
    r"(?:['\"“]([^'\"”]{1,200})['\"”]"
    r"|([^\n,.!?]{2,100}?)(?= (?:and|with|for|on|at|by)\b|[\n,.!?]|$))",
    re.IGNORECASE,
)
_ABOUT: Final = re.compile(
    r"\b(?:about|regarding|concerning|on the topic of|on)\s+(?:the )?([^\n.!?,;]{2,120})",
    re.IGNORECASE,
)
_WHEN: Final = re.compile(
    r"\s+(?:(?:on|at|by|in|for|from|due)\s+)?(?:today|tonight|tomorrow|next \w+|this \w+"
    r"|\d{1,2}(?::\d\d)?"
    r"\s?(?:am|pm)\b|\d{1,2}:\d\d|noon|midnight"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|\d{4}-\d\d"
    r"|(?:\d|[a-z]+) (?:minutes?|hours?|days?|weeks?)\b|(?:to|on|from|in) (?:my|the|our) (?:\w+ )?"
    r"(?:list|todo|to-do|calendar|agenda)).*",
    re.IGNORECASE,
)
_POLITE: Final = ("can ", "could ", "would ", "will ")
_COLON: Final = re.compile(r":\s+(\S.{1,3000})\Z|:\n+(\S.{1,3000})\Z", re.DOTALL)
_SQL: Final = re.compile(r"\b(?:SELECT|INSERT|UPDATE|DELETE|CREATE|WITH)\s+(?:.|\n){3,600}", re.I)
_RUN: Final = re.compile(
    r"\b(?:run|execute|eval(?:uate)?)(?: the command)?:?\s+([^\n]{2,300})", re.I
)
_SUM_WORD: Final = re.compile(r"\d|\b(?:plus|minus|times|divided|multiplied|squared?)\b", re.I)
_JOB: Final = re.compile(
    r"\b(?:(?:is|am|i'm|as|was|works as|working as|job:?|role:?) an? ((?:[a-z-]+ ){0,3}[a-z-]+?))"
    r"(?= (?:at|for|in|from|with|who|and|of)\b|[,.;!?\n]|\Z)",
    re.IGNORECASE,
)


def queries(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """What is searched for: a quotation, or the sentence without the words that ask for it."""
    for quoted in mentions.quoted:
        yield Candidate(quoted.text, 4.0)
    if not {"topic", "theme", "about", "matter"}.isdisjoint(slot.words):
        for found in _ABOUT.finditer(mentions.text):
            yield Candidate(_trimmed(found[1]), 3.8)
    sentence = first_sentence(mentions.text)
    yield Candidate(_LEAD.sub("", sentence, count=1).rstrip(" ?.!") or sentence, SURE)


def texts(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """What is quoted, said or given after a colon; else all of the text."""
    for quoted in sorted(mentions.quoted, key=lambda each: -len(each.text)):
        yield Candidate(quoted.text, 4.2, (quoted,))
    if found := _SAY.search(mentions.text):
        yield Candidate(found[1].strip(), 3.7)
    if found := _SAYING.search(mentions.text):
        is_polite = mentions.text.lstrip().lower().startswith(_POLITE)
        yield Candidate(found[1].strip().rstrip("?" if is_polite else ""), 3.6)
    if found := _COLON.search(mentions.text):
        yield Candidate((found[1] or found[2]).strip(), 3.4)
    if mentions.text.strip():
        yield Candidate(mentions.text.strip(), 2.4)


def titles(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """What something is called, is about, or what is to be arranged."""
    for found in _TITLED.finditer(mentions.text):
        yield Candidate((found[1] or found[2]).strip(), 4.4)
    for quoted in mentions.quoted:
        yield Candidate(quoted.text, 4.0, (quoted,))
    for form, strength in _TOPICS:
        for found in form.finditer(mentions.text):
            yield Candidate(_trimmed(found[1]), strength)
    yield from _topics(mentions)


def _topics(mentions: Mentions) -> Iterator[Candidate]:
    """What a text without a word for its subject is likely about."""
    for found in _SAYING.finditer(mentions.text):
        yield Candidate(found[1].strip().rstrip(".!"), 3.05)
    for phrase in mentions.after(_ABOUT_OPENERS):
        yield Candidate(phrase.text, 2.35, (phrase,))
    for name in mentions.names:
        yield Candidate(name.text, 2.4, (name,))
    if (main := gist(mentions)) is not None:
        yield Candidate(main.text, 1.4, (main,))


# `Create a ticket: the page is down, high priority`
_HEADED: Final = re.compile(r"\A[^:\n.!?]{3,60}:\s+([^\n.!?,;]{4,120})")
_TOPICS: Final = ((_HEADED, 3.6), (_ABOUT, 3.2), (_REMINDER, 3.1), (_ADDING, SURE))
_ABOUT_OPENERS: Final = words("for of about called named")


def jobs(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """What somebody works as."""
    for found in _JOB.finditer(mentions.text):
        yield Candidate(found[1].strip(), 3.6)


def tasks(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """What is to be done."""
    for form in (_REMINDER, _ADDING):
        for found in form.finditer(mentions.text):
            yield Candidate(_trimmed(found[1]), 3.5)
    yield from titles(slot, mentions)


def expressions(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Sums, as they are written."""
    for each in mentions.sums:
        yield Candidate(each.text, 4.0, (each,))
    if _SUM_WORD.search(mentions.text):
        yield from queries(slot, mentions)


def scripts(slot: Slot, mentions: Mentions) -> Iterator[Candidate]:
    """Code: fenced, quoted, or what a sentence says shall be run."""
    for quoted in mentions.quoted:
        yield Candidate(quoted.text, 4.2, (quoted,))
    for form in (_SQL, _RUN):
        if found := form.search(mentions.text):
            yield Candidate(found[found.re.groups].strip(), 3.6)


def first_sentence(text: str) -> str:
    """The sentence of a text that asks for something: the last one with a question mark, or all."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:400] if lines else ""


def gist(mentions: Mentions) -> Mention | None:
    """The longest run of telling words."""
    best: list[Mention] = []
    run: list[Mention] = []
    for token in mentions.tokens:
        is_usual = token.text in STARTERS or (token is mentions.tokens[0] and token.text in ORDERS)
        if is_usual or (run and mentions.text[run[-1].end : token.start] != " "):
            run = []
        if not is_usual:
            run.append(token)
            best = max(best, run, key=len)[:4]
    return mentions.cut(Mention("", best[0].start, best[-1].end)) if best else None


def _trimmed(phrase: str) -> str:
    return _WHEN.sub("", phrase).strip(" .,;:!?\"'") or phrase.strip()
