"""A failure is laid to the account of the clause that it is about."""

from collections.abc import Iterator

import pytest

from contract_tests.notes import Broken, holding_to, notebook, said


@pytest.fixture(autouse=True)
def _blank() -> Iterator[None]:
    notebook().open()
    yield
    notebook().open()


def test_what_fails_is_noted_for_one_clause() -> None:
    with (
        pytest.raises(Broken, match="video-length is broken: too short"),
        holding_to("video-length"),
    ):
        raise AssertionError("too short\nassert 1 == 2")
    [note] = notebook().notes
    assert (note.clause, note.verdict, note.says) == ("video-length", "broken", "too short")


def test_what_the_judge_found_stays_what_it_is() -> None:
    with pytest.raises(Broken, match="another"), holding_to("video-length"):
        raise Broken("another is broken")
    assert notebook().notes == []


def test_what_holds_is_not_noted() -> None:
    with holding_to("video-length"):
        pass
    assert notebook().notes == []


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (KeyError("tool_calls"), "the answer has no `tool_calls`"),
        (AssertionError("too short\nassert 1 == 2"), "too short"),
        (AssertionError("assert 1 == 2\n  +  where 1 = a"), "not so: 1 == 2"),
        (AssertionError(), "it does not hold"),
        (TypeError("a"), "the answer is not in the form that it should be in (a)"),
    ],
)
def test_a_failure_is_told_without_the_words_of_python(error: Exception, says: str) -> None:
    assert said(error) == says
