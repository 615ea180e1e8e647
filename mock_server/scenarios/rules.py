"""Rules: when they fit, what they then have happen, and how far they have come with a key."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property

import msgspec

from mock_server.scenarios.patterns import Pattern
from mock_server.scenarios.scripts import Script
from mock_server.spots import values
from mock_server.wire import Json

START = "start"
"""The state in which every key begins."""


class Situation:
    """What a rule is matched against: who asks what of which operation.

    `value` is the body, or the parameters where there is none; `said` finds the text of the last
    user turn, and is asked only by rules that look at it.
    """

    def __init__(
        self, operation: str, key: str, model: str, value: Json, said: Callable[[], str]
    ) -> None:
        self.operation, self.key, self.model, self.value = operation, key, model, value
        self._said, self._text = said, None  # type: Callable[[], str], str | None

    @property
    def text(self) -> str:
        """The text of the last user turn."""
        if self._text is None:
            self._text = self._said()
        return self._text


@dataclass(frozen=True)
class When:
    """What a call has to be like; what is None or empty fits every call.

    `values` are, by JSON pointer, what has to stand there, or a pattern that it has to match;
    `nth` counts the calls that all the rest fits.
    """

    operation: str | None = None
    model: re.Pattern[str] | None = None
    text: Pattern | None = None
    key: re.Pattern[str] | None = None
    values: tuple[tuple[str, Json | Pattern], ...] = ()
    nth: frozenset[int] = frozenset()
    state: frozenset[str] = frozenset()

    def fits(self, situation: Situation, state: str = START) -> bool:
        """Whether this is such a call, however many came before; raises TimeoutError."""
        return self.concerns(situation, state) and self.is_met(situation, lambda: None)

    def concerns(self, situation: Situation, state: str) -> bool:
        """Whether such a call may be meant, as far as can be told at a glance."""
        return (
            (self.operation is None or self.operation == situation.operation)
            and (not self.state or state in self.state)
            and (self.model is None or self.model.match(situation.model) is not None)
            and (self.key is None or self.key.match(situation.key) is not None)
        )

    def is_met(self, situation: Situation, hurry: Callable[[], None]) -> bool:
        """Whether it says what it has to say; raises TimeoutError where that takes too long.

        `hurry` is called after each search, and may raise it, too.
        """
        return (not self.values or self._holds(situation.value, hurry)) and (
            self.text is None or self.text.is_in(situation.text)
        )

    @property
    def patterns(self) -> Iterator[Pattern]:
        """Those that are searched for, as against those with wildcards."""
        yield from (each for _, each in self.values if isinstance(each, Pattern))
        if self.text is not None:
            yield self.text

    def _holds(self, value: Json, hurry: Callable[[], None]) -> bool:
        return all(_stands(wanted, pointer, value, hurry) for pointer, wanted in self.values)


def wildcards(text: str) -> re.Pattern[str]:
    """A pattern in which * stands for any characters and ? for any one."""
    return re.compile(translate(text.replace("[", "[[]")))


def _stands(wanted: Json | Pattern, pointer: str, value: Json, hurry: Callable[[], None]) -> bool:
    found = values(value, pointer) if isinstance(value, dict | list) else ()
    if isinstance(wanted, Pattern):
        for each in found:
            if wanted.is_in(_text(each)):
                return True
            hurry()
        return False
    return any(each == wanted and _kind(each) == _kind(wanted) for each in found)


def _text(value: Json) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _kind(value: Json) -> bool:
    """To Python true is 1; to JSON it is not."""
    return isinstance(value, bool)


@dataclass(frozen=True)
class Rule:
    """Where `when` fits, the scripts hold, one call after the other; the last one goes on.

    With `repeats` they begin anew after the last; the rule is over for a key after so many `times`.
    `mark` is the same for the same rule in the same place; `written` is how it was put.
    """

    name: str
    place: str
    mark: str
    when: When
    scripts: tuple[Script, ...]
    repeats: bool
    times: int | None
    written: Json

    @cached_property
    def needs(self) -> frozenset[str]:
        """All that its scripts need."""
        return frozenset[str]().union(*(script.needs for script in self.scripts))

    def suits(self, offered: frozenset[str]) -> bool:
        """Whether each of its scripts can be told where so much is offered."""
        return self.needs <= offered

    def script(self, used: int) -> Script:
        """What holds after the rule was used so many times."""
        last = len(self.scripts) - 1
        return self.scripts[used % (last + 1) if self.repeats else min(used, last)]


class Progress(msgspec.Struct):
    """How far one key has come: its state, and how often each rule fitted and was used.

    Of the `slow` rules it is not known whether they fit: finding out took too long once.
    """

    state: str = START
    fitted: dict[str, int] = {}
    used: dict[str, int] = {}
    slow: set[str] = set()

    def is_turn_of(self, rule: Rule) -> bool:
        """Whether a rule that fits, which is counted, is neither too early nor over."""
        if rule.when.nth:
            number = self.fitted[rule.mark] = self.fitted.get(rule.mark, 0) + 1
            if number not in rule.when.nth:
                return False
        return not self.is_over(rule)

    def is_over(self, rule: Rule) -> bool:
        """Whether the rule was used as often as it may be."""
        return rule.times is not None and self.used.get(rule.mark, 0) >= rule.times

    def use(self, rule: Rule) -> Script:
        """What the rule has happen now; its state is the key's from now on."""
        used = self.used.get(rule.mark, 0)
        self.used[rule.mark] = used + 1
        script = rule.script(used)
        self.state = script.then or self.state
        return script

    def forget(self, marks: frozenset[str]) -> None:
        """Begin those rules anew."""
        self.slow -= marks
        for counts in (self.fitted, self.used):
            for mark in counts.keys() & marks:
                del counts[mark]
