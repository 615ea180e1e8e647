"""The plug-in that collects what tests found out, wherever they ran."""

from collections import Counter
from collections.abc import Iterable
from typing import Any, Final

import pytest

from contract_tests.budget import Budget, Prices, typical, usd
from contract_tests.clauses import Clause
from contract_tests.hooks import FINDINGS, RECORDER, clauses_of
from contract_tests.proofs import PROOF
from contract_tests.state import State
from contract_tests.verdicts import MOST_SIGHTINGS

Json = Any
_WHAT: Final = ("clause", "provider", "verdict")


class Recorder:
    """What all tests found out so far, of clauses and of faults; kept in a state, if there is one.

    `budget` is that of a run which is paid for.
    """

    def __init__(self, state: State | None = None, budget: Budget | None = None) -> None:
        self.__name__ = RECORDER
        self.found: list[Json] = []
        self.proofs: list[Json] = []
        self.tests: Counter[str] = Counter()
        self.is_selection = False
        self._said: dict[tuple[str, ...], set[str]] = {}
        self._state, self._budget = state, budget

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Take up what an earlier run has decided, in place of running it again."""
        decided = self._state.tests if self._state else {}
        done = [item for item in items if item.nodeid in decided]
        items[:] = [item for item in items if item.nodeid not in decided]
        config.hook.pytest_deselected(items=done)
        self.found += [self._without_repetitions(decided[item.nodeid]) for item in done]

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Know that not all tests are run."""
        self.is_selection = True

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Tell what the run will cost about, before anything is sent."""
        terminal = session.config.pluginmanager.get_plugin("terminalreporter")
        if self._budget is None or self._budget.most_spent is None or terminal is None:
            return
        chosen = [each for each in session.items if each.get_closest_marker("skip") is None]
        clauses = {clause.id: clause for item in chosen for clause in clauses_of(item)}
        about, most = expected(clauses.values(), self._budget.prices), self._budget.most_spent
        terminal.write_line(f"{len(chosen)} tests, about {about:.2f} USD, never above {usd(most)}")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take what a test found out; with pytest-xdist it comes from another process."""
        told = dict(report.user_properties)
        if report.when == "call" or not report.passed:
            self.tests[report.outcome] += 1
        if FINDINGS in told:
            found = self._without_repetitions(told[FINDINGS])
            self.found.append(found)
            if self._state:
                self._state.write(found, self._budget or Budget())
        if PROOF in told:
            self.proofs.append(told[PROOF])

    def _without_repetitions(self, found: Json) -> Json:
        """What was found out, with no more exchanges than reports show of a clause."""
        notes = []
        for note in found["notes"]:
            said = self._said.setdefault(tuple(note[name] for name in _WHAT), set())
            is_shown = note["says"] not in said and len(said) < MOST_SIGHTINGS
            if is_shown:
                said.add(note["says"])
            notes.append(note if is_shown else note | {"exchange": None})
        return found | {"notes": notes}


def expected(clauses: Iterable[Clause], prices: Prices) -> float:
    """What it costs about to check these clauses: each once, and one video for all of its kind."""
    kinds = Counter(clause.costs for clause in clauses)
    kinds["video"] = min(1, kinds["video"])
    return sum(count * typical(kind, prices) for kind, count in kinds.items())
