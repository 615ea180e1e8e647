"""All scenarios in force, by key, and how far each key has come with them."""

from collections import Counter, OrderedDict
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import Final

from mock_server.scenarios.failures import slowness
from mock_server.scenarios.promises import check
from mock_server.scenarios.reading import rules_in
from mock_server.scenarios.rules import START, Progress, Rule, Situation
from mock_server.scenarios.scripts import Script
from mock_server.scenarios.sheets import Sheet
from mock_server.scenarios.shelf import Shelf
from mock_server.spec import Spec
from mock_server.wire import Json

_MOST_KEYS: Final = 20_000
_MOST_SECONDS: Final = 0.5  # in which all patterns of one call have to be searched for
_FILE: Final = "file"


class Scenarios:
    """The rules for a key by its digest, for all (None), and those of the files.

    The first that fits decides, those of the key first, those of the files last.
    """

    def __init__(self, spec: Spec, real: Callable[[], float], path: Path | None = None) -> None:
        self._spec, self._real = spec, real
        self._shelf = Shelf(path, spec, real) if path is not None else None
        self._sets: dict[str | None, tuple[Rule, ...]] = {}
        self._progress: OrderedDict[str, Progress] = OrderedDict()
        self._used: Counter[str] = Counter()
        self._chosen: dict[tuple[str | None, str, frozenset[str]], tuple[Rule, ...]] = {}
        self._lock, self._reading = Lock(), Lock()
        self.any = self._shelf is not None

    def script(
        self, situation: Situation, caller_id: str, offered: frozenset[str]
    ) -> Script | None:
        """What the first rule that fits has happen, told in no more than is offered.

        Every rule that counts calls hears of the call, whichever decides. Raises ApiError where it
        takes too long to find out whether a rule fits.
        """
        with self._lock:
            self._look()
            rules, decided = self._rules_for(caller_id, situation.operation, offered), None
            if not rules:
                return None
            progress = self._progress_of(caller_id)
        fitting = list(self._fitting(rules, situation, progress))
        with self._lock:
            for rule in fitting:
                if decided is None or rule.when.nth:
                    is_turn = progress.is_turn_of(rule)
                    decided = rule if is_turn and decided is None else decided
            if decided is None:
                return None
            self._used[decided.mark] += 1
            return progress.use(decided)

    def _fitting(
        self, rules: tuple[Rule, ...], situation: Situation, progress: Progress
    ) -> Iterator[Rule]:
        """Those that fit up to the one that decides for certain, and all that count calls."""
        until, is_decided = self._real() + _MOST_SECONDS, False
        for rule in rules:
            if is_decided and not rule.when.nth:
                continue
            try:
                fits = self._fits(rule, situation, progress, until)
            except TimeoutError:
                progress.slow.add(rule.mark)
                raise slowness(rule.name) from None
            if fits:
                yield rule
                is_decided = is_decided or not (rule.when.nth or progress.is_over(rule))

    def _fits(self, rule: Rule, situation: Situation, progress: Progress, until: float) -> bool:
        if not rule.when.concerns(situation, progress.state):
            return False
        if rule.mark in progress.slow:
            raise TimeoutError

        def hurry() -> None:
            if self._real() > until:
                raise TimeoutError

        fits = rule.when.is_met(situation, hurry)
        hurry()
        return fits

    def put(
        self, sheet: Sheet, caller_id: str | None, *, going_on: bool = False
    ) -> tuple[Rule, ...]:
        """Have exactly these rules for a key or for all, and begin anew; raises ScenarioError.

        Where it is `going_on`, the state stays, and rules that were there already count on.
        """
        with self._reading:
            rules = rules_in(sheet, scope=caller_id or "all")
            check(rules, sheet, self._spec)
        with self._lock:
            if going_on:
                self._forget(self._sets.pop(caller_id, ()), rules)
            else:
                self._remove(caller_id)
            if rules:
                self._sets[caller_id] = rules
            self._changed()
        return rules

    def remove(self, caller_id: str | None) -> None:
        """Take away the rules that were put for a key; without one, whatever was put."""
        with self._lock:
            for scope in [caller_id] if caller_id is not None else [*self._sets, None]:
                self._remove(scope)
            self._changed()

    def reset(self, caller_id: str | None = None) -> None:
        """Take away the rules that were put, and begin those of the files anew: of a key or all."""
        self.remove(caller_id)
        with self._lock:
            if caller_id is None:
                self._progress.clear()
                self._used.clear()
            else:
                self._progress.pop(caller_id, None)

    def told(self, caller_id: str | None) -> Json:
        """What is in force for a key, or for all, in order and as put; how often each was used."""
        with self._lock:
            self._look()
            progress = self._progress.get(caller_id or "") or Progress()
            used = self._used if caller_id is None else progress.used
            rules = [
                {"rule": rule.name, "for": scope, "used": used.get(rule.mark, 0), **rule.written}
                for scope, rule in self._in_force(caller_id)
            ]
            told: dict[str, Json] = {"rules": rules}
            if caller_id is not None:
                told["state"] = progress.state
            return {**told, "error": self._shelf.error if self._shelf else None}

    def _in_force(self, caller_id: str | None) -> Iterator[tuple[str, Rule]]:
        if caller_id is not None:
            yield from (("key", rule) for rule in self._sets.get(caller_id, ()))
        yield from (("all", rule) for rule in self._sets.get(None, ()))
        if self._shelf is not None:
            yield from ((_FILE, rule) for rule in self._shelf.rules)

    def _rules_for(
        self, caller_id: str, operation: str, offered: frozenset[str]
    ) -> tuple[Rule, ...]:
        """The rules that could ever hold for a call; few keys have rules of their own."""
        mark = (caller_id if caller_id in self._sets else None, operation, offered)
        rules = self._chosen.get(mark)
        if rules is None:
            rules = self._chosen[mark] = tuple(
                rule
                for _, rule in self._in_force(mark[0])
                if rule.when.operation in (None, operation) and rule.suits(offered)
            )
        return rules

    def _progress_of(self, caller_id: str) -> Progress:
        progress = self._progress.get(caller_id)
        if progress is None:
            if len(self._progress) >= _MOST_KEYS:  # clients choose the keys
                self._progress.popitem(last=False)
            progress = self._progress[caller_id] = Progress()
        else:
            self._progress.move_to_end(caller_id)
        return progress

    def _look(self) -> None:
        """Read the files again where they have changed; rules that are the same count on."""
        if self._shelf is None:
            return
        before = self._shelf.rules
        if self._shelf.look():
            self._forget(before, self._shelf.rules)
            self._changed()

    def _remove(self, scope: str | None) -> None:
        self._forget(self._sets.pop(scope, ()), ())
        keys = list(self._progress) if scope is None else [scope]
        for progress in filter(None, map(self._progress.get, keys)):
            progress.state = START

    def _forget(self, before: tuple[Rule, ...], after: tuple[Rule, ...]) -> None:
        gone = frozenset(rule.mark for rule in before) - {rule.mark for rule in after}
        for progress in self._progress.values():
            progress.forget(gone)
        for mark in gone:
            self._used.pop(mark, None)

    def _changed(self) -> None:
        self._chosen.clear()
        self.any = self._shelf is not None or bool(self._sets)
