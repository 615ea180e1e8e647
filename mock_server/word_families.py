"""Words of a kind: what a text says, told by the families that its words belong to."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mock_server.fixtures import read_yaml
from mock_server.slots.mentions import Mentions
from mock_server.slots.spans import stem

# Scripts that write words without spaces between them, or glue endings to them.
_UNSPACED: Final = "\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_RUN: Final = re.compile(f"[{_UNSPACED}]+")
_MOST_PAIRS: Final = 400
_APOSTROPHE: Final = re.compile("['’]")
# Where a clause begins, politeness and wishes aside.
_ORDER: Final = re.compile(
    r"(?:^|[.!?:;\n]|\b(?:and|then)\b)\W{0,20}(?:(?:please|kindly|now|then|also|and|next|first|finally|ok|okay|hey|can|"
    r"could|would|will|you|i|we|want|need|like|i'd|to|just|go|ahead|let's|help|me)\b\W{0,9}){0,8}"
    r"(?P<verb>[^\W\d_]{2,20})",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Families:
    """The tables of `fixtures/word_families.yaml`.

    `of_stem` has the families of a stem, the one that a tool has by it first; `of_verb` is the same
    for what is ordered; `of_sign` has the operation of an arithmetic sign.
    """

    of_stem: Mapping[str, tuple[str, ...]]
    of_verb: Mapping[str, tuple[str, ...]]
    own_verbs: frozenset[str]
    operation_of: Mapping[str, str]
    outcomes: frozenset[str]
    of_sign: Mapping[str, str]
    glued: re.Pattern[str]
    common_pairs: frozenset[str]
    searching: frozenset[str]
    small_talk: re.Pattern[str]
    creative: re.Pattern[str]
    follow_up: re.Pattern[str]
    any_tool: re.Pattern[str]


def load_families() -> Families:
    """Read the tables."""
    data = read_yaml("word_families.yaml")
    of_stem: dict[str, tuple[str, ...]] = {}
    glued: list[str] = []
    operations = data["operations"]
    for name, line in data["families"].items():
        for word in line.split():
            key = word if _RUN.match(word) else stem(word)
            of_stem[key] = (*of_stem.get(key, ()), name)
            if key is word:
                glued.append(word)
    of_verb: dict[str, tuple[str, ...]] = {}
    for name, line in data["verbs"].items():
        for verb in map(stem, line.split()):
            of_verb[verb] = (*of_verb.get(verb, ()), f"{name}-")
    glued.sort(key=len, reverse=True)
    patterns = ("small_talk", "creative", "follow_up", "any_tool")
    small_talk, creative, follow_up, any_tool = (
        re.compile(data[name], re.IGNORECASE) for name in patterns
    )
    return Families(
        of_stem=of_stem,
        of_verb=of_verb,
        own_verbs=frozenset(map(stem, data["own_verbs"].split())),
        operation_of={
            word: name
            for name, each in operations.items()
            for word in f"{each['words']} {each['outcome']}".split()
        },
        outcomes=frozenset(
            word for each in operations.values() for word in each["outcome"].split()
        ),
        of_sign={sign: name for name, each in operations.items() for sign in each["signs"]},
        glued=re.compile("|".join(map(re.escape, glued))),
        common_pairs=frozenset(data["common_pairs"].split()),
        searching=frozenset(map(stem, data["searching"])),
        small_talk=small_talk,
        creative=creative,
        follow_up=follow_up,
        any_tool=any_tool,
    )


class Heard:
    """What a text says: the stems of its words with their families, and what it orders."""

    def __init__(self, mentions: Mentions, families: Families) -> None:
        self.mentions = mentions
        self._families = families

    @cached_property
    def stems(self) -> list[tuple[str, tuple[str, ...]]]:
        """The stems of the words, each with the families that it speaks for."""
        found = list(self.mentions.places_of_stems)
        text = self.mentions.text
        if "'" in text or "’" in text:
            found += [part for each in found for part in _APOSTROPHE.split(each)[1:] if part]
        if not text.isascii():
            found += dict.fromkeys(self._families.glued.findall(text))
            found += dict.fromkeys(pairs([text]))
        of_stem = self._families.of_stem
        return [(each, of_stem.get(each, ())) for each in found]

    @cached_property
    def verbs(self) -> frozenset[str]:
        """The stems of the words that clauses begin with, and the families of these verbs."""
        verbs = [stem(found["verb"]) for found in _ORDER.finditer(self.mentions.text)]
        of_verb = self._families.of_verb
        return frozenset((*verbs, *(kind for each in verbs for kind in of_verb.get(each, ()))))

    @property
    def _has_numbers(self) -> bool:
        return any(map(str.isdigit, self.mentions.text)) or bool(self.mentions.amounts)

    @cached_property
    def operations(self) -> frozenset[str]:
        """The operations that the text wants to be carried out on numbers."""
        if not self._has_numbers:
            return frozenset()
        said = " ".join(each.text for each in self.mentions.sums).replace("**", "^")
        signs = (name for sign, name in self._families.of_sign.items() if sign in said)
        return frozenset((*signs, *self._named_operations()))

    def _named_operations(self) -> Iterator[str]:
        tokens = [token.text for token in self.mentions.tokens]
        for place, word in enumerate(tokens):
            name = self._families.operation_of.get(word)
            # `the product of 3 and 4`, but not `product 17` or `total sales of 2024`.
            is_outcome = word in self._families.outcomes
            is_meant = not is_outcome or tokens[place + 1 : place + 2] in (["of"], ["between"])
            if name is not None and is_meant:
                yield name


def pairs(texts: Iterable[str]) -> Iterator[str]:
    """Pairs of neighbours in scripts without spaces, where most words have two signs."""
    left = _MOST_PAIRS
    for text in texts:
        for run in _RUN.findall(text):
            for place in range(min(len(run) - 1, left)):
                yield run[place : place + 2]
            left -= min(len(run) - 1, left)
