"""What a server has done, in figures that only grow and in a bounded number of rows."""

from hypothesis import given
from hypothesis import strategies as st

from mock_server.journal import Exchange
from mock_server.tallies import BOUNDS, OTHER, Spread, Tallies
from mock_server.wire import Call

CALL = Call("POST", "/v1", b"", [], b"", 0.0)


def exchange(**facts: object) -> Exchange:
    made = Exchange(CALL, 0.0, "/v1", took=0.0)
    for name, value in facts.items():
        setattr(made, name, value)
    return made


def test_exchanges_are_counted_by_operation_provider_and_status() -> None:
    tallies = Tallies(())
    for status, sent, limited in ((200, 5, False), (200, 6, False), (429, 1, True)):
        tallies.note(
            exchange(operation="a", provider="b", status=status, sent=sent, limited=limited)
        )
    tallies.note(exchange())
    told = {mark: (row.count, row.sent, row.limited) for mark, row in tallies.rows.items()}
    assert told == {
        ("a", "b", 200): (2, 11, 0),
        ("a", "b", 429): (1, 1, 1),
        (None, None, 0): (1, 0, 0),
    }


@given(st.lists(st.floats(0, 1e6)))
def test_each_latency_is_counted_once_where_it_belongs(seconds: list[float]) -> None:
    spread = Spread([0] * (len(BOUNDS) + 1))
    for each in seconds:
        spread.note(each)
    assert sum(spread.counts) == len(seconds)
    for number, bound in enumerate(BOUNDS):
        assert sum(spread.counts[: number + 1]) == sum(each <= bound for each in seconds)


def test_an_answer_that_never_began_has_no_first_byte() -> None:
    tallies = Tallies(())
    tallies.note(exchange(operation="a"))
    tallies.note(exchange(operation="a", began=0.2))
    assert sum(tallies.durations["a"].counts) == 2
    assert sum(tallies.first_bytes["a"].counts) == 1


def test_tokens_are_counted_by_model_and_unknown_models_together() -> None:
    tallies = Tallies({"known"})
    for model in ("known", "known", "x", "y", None):
        tallies.note(exchange(asked={"model": model}, tokens=(2, 3)))
    assert tallies.tokens == {"known": [4, 6], OTHER: [4, 6], "none": [2, 3]}


def test_of_an_answer_that_was_not_sent_whole_the_question_counts() -> None:
    tallies = Tallies({"known"})
    tallies.note(exchange(asked={"model": "known"}, tokens=(2, None)))
    assert tallies.tokens == {"known": [2, 0]}


def test_names_are_counted_until_there_are_too_many() -> None:
    tallies = Tallies(())
    for number in range(10_000):
        tallies.note(exchange(scenario=str(number), faults=["a", f"f{number}"]))
    assert len(tallies.scenarios) <= 501 and len(tallies.faults) <= 501
    assert tallies.faults["a"] == 10_000
    assert sum(tallies.scenarios.values()) == 10_000
