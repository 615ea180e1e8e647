"""Which tools a text asks for."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

import msgspec

from mock_server import codec
from mock_server.clauses import clauses_of, needs_outcome
from mock_server.memory import Memory
from mock_server.slots.mentions import Mentions
from mock_server.tool_profile import ENOUGH, Profile, Tool, profile_of
from mock_server.word_families import Families, Heard, load_families

__all__ = ["Asked", "Tool", "ToolChoice"]

_REMEMBERED: Final = 256  # tools
_MOST_TURNS: Final = 20  # earlier lines that are looked at
_QUESTION: Final = re.compile(
    r"[?？]|^\W*(?:who|what|when|where|why|how|which|is|are|does|do|can|find|search|look|explain"
    r"|tell me (?:about|how|what|who|when|where|why)|was|wie|wo|qué|comment|как|что)\b",
    re.IGNORECASE,
)


class Asked(msgspec.Struct, frozen=True):
    """A tool that a text asks for: its index, and the part of the text that does so."""

    index: int
    text: str


class ToolChoice:
    """Chooses tools for texts; what is known of a tool is kept for its next use."""

    def __init__(self) -> None:
        self._profiles: Memory[bytes, Profile] = Memory(_REMEMBERED)

    @cached_property
    def _families(self) -> Families:
        # Most servers never see a tool, so the tables are read when the first one comes.
        return load_families()

    def asked(self, tools: Sequence[Tool], text: str, earlier: str = "") -> list[Asked]:
        """The tools that a text asks for, in its order, each with the words that are for it.

        `earlier` is what the same speaker said before, the newest line last: a short text such as
        `And in Rome?` asks for what that asked for.
        """
        mentions = Mentions(text)
        families = self._families
        if families.small_talk.match(mentions.text):
            return []
        profiles = [self._profile(tool) for tool in tools]
        fit = self._fit(profiles, mentions)
        follows = not fit and earlier and families.follow_up.match(mentions.text)
        if follows and (before := self._before(profiles, earlier)):
            return [Asked(index, text) for index in before]
        fit = fit or self._finder(profiles, mentions)
        if not fit and families.any_tool.search(mentions.text):
            fit = dict.fromkeys(range(len(tools))[:1], ENOUGH)
        if not fit:
            return []
        order = sorted(fit, key=lambda index: -fit[index])
        return self._shared({index: profiles[index] for index in order}, mentions, text)

    def _fit(self, profiles: Sequence[Profile], mentions: Mentions) -> dict[int, float]:
        """The scores of the tools that fit a text, by their indexes."""
        # What a poem shall be about asks for no tool, only a tool for poems is asked for.
        poem = self._families.creative.match(mentions.text)
        heard = Heard(Mentions(poem[0]) if poem else mentions, self._families)
        scores = {index: profile.score(heard) for index, profile in enumerate(profiles)}
        return {index: score for index, score in scores.items() if score >= ENOUGH}

    def _finder(self, profiles: Sequence[Profile], mentions: Mentions) -> dict[int, float]:
        """The first of the tools that look things up, if a text asks for anything."""
        poem = self._families.creative.match(mentions.text)
        if not _QUESTION.search(poem[0] if poem else mentions.text):
            return {}
        finders = [index for index, profile in enumerate(profiles) if profile.is_search]
        return dict.fromkeys(finders[:1], ENOUGH)

    def _before(self, profiles: Sequence[Profile], earlier: str) -> list[int]:
        """The tools that fit the last of the earlier lines that fits any and stands by itself."""
        for line in reversed(earlier.splitlines()[-_MOST_TURNS:]):
            mentions = Mentions(line)
            if self._families.follow_up.match(mentions.text):
                continue
            if fit := self._fit(profiles, mentions) or self._finder(profiles, mentions):
                return sorted(fit)
        return []

    def _shared(
        self, profiles: Mapping[int, Profile], mentions: Mentions, text: str
    ) -> list[Asked]:
        """Each clause of a text goes to the tool that it speaks for most, or to the last one.

        A clause that needs the outcome of an earlier one goes to none yet.
        """
        clauses = clauses_of(mentions.text)
        if len(profiles) < 2 and not any(map(needs_outcome, clauses[1:])):
            return [Asked(index, text) for index in list(profiles)[:1]]
        owners: list[int | None] = []
        for clause in clauses:
            heard = Heard(Mentions(clause), self._families)
            scores = {index: profile.score(heard) for index, profile in profiles.items()}
            best = max(scores, key=lambda index: scores[index])
            known = owners[-1] if owners else None
            is_later = known is not None and needs_outcome(clause)
            own = best if scores[best] >= ENOUGH else known
            owners.append(_LATER if is_later and own == best else own)
        first = next((each for each in owners if each not in (None, _LATER)), next(iter(profiles)))
        texts: dict[int, list[str]] = {}
        for clause, owner in zip(clauses, owners, strict=True):
            texts.setdefault(first if owner is None else owner, []).append(clause)
        is_whole = texts.pop(_LATER, None) is None and len(texts) == 1
        if is_whole:
            return [Asked(index, text) for index in texts]
        return [Asked(index, " and ".join(parts)) for index, parts in texts.items()]

    def _profile(self, tool: Tool) -> Profile:
        key = codec.encode((tool.name, tool.description, tool.schema))
        profile = self._profiles.get(key)
        if profile is None:
            profile = profile_of(tool, self._families)
            self._profiles.put(key, profile)
        return profile


_LATER: Final = -1  # the owner of clauses that wait for an outcome
