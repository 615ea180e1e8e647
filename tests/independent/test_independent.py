"""The contract tests judge servers that others wrote as they are, and each verdict is explained."""

import pytest

from tests.independent.judging import UNEXPLAINED, Judged, expected, judged, written
from tests.independent.servers import SERVERS, Server

AGAIN = "python -m tests.independent.record writes down what comes out"


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_the_verdict_is_what_is_expected(server: Server) -> None:
    found, known = judged(server), expected(server)
    assert found.keys() == known.keys(), AGAIN
    for provider, each in found.items():
        then, now = known[provider].verdicts, each.verdicts
        changed = {
            clause: f"{then.get(clause)} -> {now.get(clause)}: {each.broken.get(clause, '')}"
            for clause in then.keys() | now.keys()
            if then.get(clause) != now.get(clause)
        }
        assert changed == {}, AGAIN


@pytest.mark.parametrize("server", SERVERS.values(), ids=SERVERS)
def test_each_broken_promise_is_explained_and_many_are_kept(server: Server) -> None:
    for provider, each in expected(server).items():
        assert [clause for clause, why in each.broken.items() if why[0] == UNEXPLAINED] == []
        assert each.kept, provider


def test_explanations_stay_and_what_has_none_says_what_was_seen() -> None:
    found = {"runcrate": Judged(frozenset({"b", "a"}), {"d": "new", "c": "seen again"})}
    known = {"runcrate": Judged(frozenset(), {"c": "why", "e": "kept by now"})}
    text = written(found, known)
    assert text == "runcrate:\n  broken:\n    c: why\n    d: '? new'\n  kept:\n  - a\n  - b\n"
