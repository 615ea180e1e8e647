"""Rules: when they fit, what they then have happen, and how far they have come with a key."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from fnmatch import translate

import msgspec

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
    text: re.Pattern[str] | None = None
    key: re.Pattern[str] | None = None
    values: tuple[tuple[str, Json | re.Pattern[str]], ...] = ()
    nth: frozenset[int] = frozenset()
    state: frozenset[str] = frozenset()

    def fits(self, situation: Situation, state: str = START) -> bool:
        """Whether this is such a call, however many came before."""
        return (
            (self.operation is None or self.operation == situation.operation)
            and (not self.state or state in self.state)
            and (self.model is None or self.model.match(situation.model) is not None)
            and (self.key is None or self.key.match(situation.key) is not None)
            and (not self.values or self._holds(situation.value))
            and (self.text is None or self.text.search(situation.text) is not None)
        )

    def _holds(self, value: Json) -> bool:
        return all(_stands(wanted, pointer, value) for pointer, wanted in self.values)


def wildcards(text: str) -> re.Pattern[str]:
    """A pattern in which * stands for any characters and ? for any one."""
    return re.compile(translate(text.replace("[", "[[]")))


def _stands(wanted: Json | re.Pattern[str], pointer: str, value: Json) -> bool:
    found = values(value, pointer) if isinstance(value, dict | list) else ()
    if isinstance(wanted, re.Pattern):
        return any(wanted.search(_text(each)) is not None for each in found)
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

    def suits(self, offered: frozenset[str]) -> bool:
        """Whether each of its scripts can be told where so much is offered."""
        return all(script.needs <= offered for script in self.scripts)

    def script(self, used: int) -> Script:
        """What holds after the rule was used so many times."""
        last = len(self.scripts) - 1
        return self.scripts[used % (last + 1) if self.repeats else min(used, last)]


class Progress(msgspec.Struct):
    """How far one key has come: its state, and how often each rule fitted and was used."""

    state: str = START
    fitted: dict[str, int] = {}
    used: dict[str, int] = {}

    def is_turn_of(self, rule: Rule, situation: Situation) -> bool:
        """Whether the rule fits the call, which is counted, and is neither too early nor over."""
        if not rule.when.fits(situation, self.state):
            return False
        if rule.when.nth:
            number = self.fitted[rule.mark] = self.fitted.get(rule.mark, 0) + 1
            if number not in rule.when.nth:
                return False
        return rule.times is None or self.used.get(rule.mark, 0) < rule.times

    def use(self, rule: Rule) -> Script:
        """What the rule has happen now; its state is the key's from now on."""
        used = self.used.get(rule.mark, 0)
        self.used[rule.mark] = used + 1
        script = rule.script(used)
        self.state = script.then or self.state
        return script

    def forget(self, marks: frozenset[str]) -> None:
        """Begin those rules anew."""
        for mark in marks:
            self.fitted.pop(mark, None)
            self.used.pop(mark, None)
