"""Verdicts: what tests found out, added up by clause and provider."""

from datetime import date
from typing import Any

import pytest

from contract_tests.clauses import Clause, Ledger
from contract_tests.verdicts import (
    Deviation,
    Outcome,
    Proof,
    Proven,
    Run,
    Scope,
    Trouble,
    Verdict,
    troubles,
    verdicts,
)

Json = Any
BOTH = ("runcrate", "ruapi")
WORDS = Clause("words", "Words are told.", BOTH, ("OA-021",), "live", "chat")
OURS = Clause("ours", "It is as we say.", ("runcrate",), (), "mock")
LEDGER = Ledger({each.id: each for each in (WORDS, OURS)}, {})
TODAY = date(2026, 5, 1)


def scope(**changes: Any) -> Scope:
    usual: Json = {"target": "http://a", "binds": "any", "providers": BOTH, "tier": "full"}
    return Scope(**usual | {"today": TODAY} | changes)


def found(**changes: Any) -> Json:
    usual: Json = {"test": "t", "declared": ["words"], "providers": ["runcrate"], "kept": {}}
    return usual | {"notes": [], "reason": None, "trouble": None} | changes


def note(verdict: str, provider: str = "runcrate", says: str = "none came") -> Json:
    return {
        "clause": "words",
        "provider": provider,
        "verdict": verdict,
        "says": says,
        "exchange": None,
    }


def outcome(*all_found: Json, provider: str = "runcrate", **more: Any) -> Verdict:
    every = verdicts(LEDGER, all_found, scope(**more))
    return next(each for each in every if (each.clause.id, each.provider) == ("words", provider))


def test_there_is_one_verdict_for_each_clause_and_provider() -> None:
    every = [(each.clause.id, each.provider) for each in verdicts(LEDGER, [], scope())]
    assert every == [("words", "runcrate"), ("words", "ruapi"), ("ours", "runcrate")]


def test_what_was_kept_is_counted_by_provider() -> None:
    first = found(kept={"runcrate": {"words": 2}, "ruapi": {"words": 1}})
    second = found(kept={"runcrate": {"words": 3}})
    assert outcome(first, second).times == 5
    assert outcome(first, second, provider="ruapi").times == 1


@pytest.mark.parametrize(
    ("notes", "told"),
    [
        (["broken"], "broken"),
        (["observed", "broken"], "broken"),
        (["accepted", "broken"], "broken"),
        (["observed", "accepted"], "accepted"),
        (["observed"], "observed"),
        ([], "kept"),
    ],
)
def test_the_worst_that_was_seen_is_the_verdict(notes: list[str], told: Outcome) -> None:
    kept = found(kept={"runcrate": {"words": 9}})
    verdict = outcome(kept, found(notes=[note(each) for each in notes]))
    assert verdict.outcome == told
    assert verdict.times == 9


def test_what_one_provider_breaks_is_not_held_against_another() -> None:
    every = (found(notes=[note("broken")]), found(kept={"ruapi": {"words": 1}}))
    assert outcome(*every).outcome == "broken"
    assert outcome(*every, provider="ruapi").outcome == "kept"


def test_sightings_that_say_the_same_are_told_once() -> None:
    notes = [note("broken", says=f"{at // 3} came") for at in range(30)]
    told = [each.says for each in outcome(found(notes=notes)).sightings]
    assert told == [f"{at} came" for at in range(5)]


def test_what_a_test_ran_for_and_no_answer_showed_is_not_asserted() -> None:
    assert outcome(found()).outcome == "not asserted"


@pytest.mark.parametrize(
    ("all_found", "more", "reason"),
    [
        ([found(reason="budget: 30 calls have been sent")], {}, "budget: 30 calls have been sent"),
        ([], {"providers": ("ruapi",)}, "runcrate is not asked for"),
        ([], {"tier": "smoke"}, "no test of it belongs to the tier smoke"),
        ([], {}, "no test of it was chosen"),
    ],
)
def test_what_was_not_run_says_why(all_found: list[Json], more: Json, reason: str) -> None:
    verdict = outcome(*all_found, **more)
    assert (verdict.outcome, verdict.reason) == ("not run", reason)


def test_a_deviation_tells_its_reason_and_that_it_has_passed() -> None:
    deviation = Deviation("words", "reported", date(2026, 4, 30), "runcrate")
    assert not deviation.holds(TODAY)
    assert deviation.holds(date(2026, 4, 30))
    assert deviation.covers("words", "runcrate")
    assert not deviation.covers("words", "ruapi")
    late = outcome(found(notes=[note("broken")]), deviations=(deviation,))
    assert late.reason == "was accepted until 2026-04-30, which has passed: reported"
    accepted = outcome(found(notes=[note("accepted")]), deviations=(deviation,))
    assert accepted.reason == "accepted until 2026-04-30: reported"


def run(*all_found: Json, **more: Any) -> Run:
    return Run(scope(), verdicts(LEDGER, all_found, scope()), troubles(all_found), **more)


SILENCE = {"says": "ConnectError: refused", "is_silence": True}
FAILURE = {"says": "KeyError: 'id'", "is_silence": False}
KEPT = found(kept={"runcrate": {"words": 1}})


@pytest.mark.parametrize(
    ("all_found", "code"),
    [
        ([KEPT], 0),
        ([KEPT, found(notes=[note("accepted")])], 0),
        ([found(notes=[note("observed")])], 0),
        ([KEPT, found(notes=[note("broken")])], 1),
        ([KEPT, found(trouble=FAILURE)], 1),
        ([KEPT, found(trouble=SILENCE)], 2),
        ([found(notes=[note("broken")]), found(trouble=SILENCE)], 1),
        ([], 2),
    ],
)
def test_the_exit_code_tells_broken_from_could_not_run(all_found: list[Json], code: int) -> None:
    assert run(*all_found).exit_code == code


def test_scores_count_the_clauses_of_those_who_were_asked() -> None:
    scores = run(KEPT).scores()
    assert dict(scores["runcrate"]) == {"kept": 1, "not run": 1}
    assert dict(scores["ruapi"]) == {"not run": 1}


def test_troubles_name_the_test() -> None:
    assert troubles([KEPT, found(trouble=FAILURE)]) == [Trouble("t", "KeyError: 'id'")]


def test_a_proof_is_whole_where_every_fault_was_caught() -> None:
    alone, other = Proven("a", "words", True), Proven("b", "words", True, ("ours",))
    missed, untried = Proven("c", "words", False), Proven("d", "words", False, tried=False)
    assert Proof([alone, other]).is_whole
    proof = Proof([alone, other, missed, untried])
    assert (proof.caught, proof.alone) == ([alone, other], [alone])
    assert (proof.missed, proof.untried) == ([missed], [untried])
    assert run(KEPT, proof=proof).exit_code == 1
    assert run(proof=Proof([alone])).exit_code == 0
