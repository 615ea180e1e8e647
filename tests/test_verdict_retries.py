"""Clients that ask again too early, in vain, without a pause, without an end, or not at all."""

from email.utils import formatdate

import pytest

from tests.suspect import Suspect, sdk
from tests.world import NOW

VIDEOS = "/v1/videos"


@pytest.mark.parametrize(
    ("told", "pause"),
    [
        ({"retry-after": "2"}, 1.5),
        ({"retry-after": "0.5"}, 0.3),
        ({"retry-after-ms": "1500", "retry-after": "1"}, 1.2),
        ({"retry-after": formatdate(NOW + 10, usegmt=True)}, 8.0),
        ({"x-ratelimit-reset": f"{NOW + 30:.0f}"}, 20.0),
    ],
)
def test_a_try_before_its_time_is_wrong(
    suspect: Suspect, told: dict[str, str], pause: float
) -> None:
    first = suspect.sent(0, 429, told=told)
    again = suspect.sent(0.1 + pause, 200)
    (finding,) = suspect.findings()
    assert (finding.rule, finding.severity) == ("retried-too-early", "wrong")
    assert finding.exchanges == (first.id, again.id)
    assert f"{pause}" in finding.says and next(iter(told.values())) in finding.says


@pytest.mark.parametrize(
    ("told", "pause"),
    [
        ({"retry-after": "2"}, 2.0),
        ({"retry-after": "2"}, 1.95),  # clocks differ by a little
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.6),
        ({"retry-after": formatdate(NOW + 10, usegmt=True)}, 10.0),
        ({"retry-after": "soon"}, 0.0),
        ({"retry-after": "-3"}, 0.0),
        ({"retry-after": "Mon, 99 Foo"}, 0.0),
        ({"x-ratelimit-reset": f"{NOW + 30:.0f}"}, 31.0),
        ({"x-ratelimit-reset": f"{NOW + 30:.0f}", "retry-after": "1"}, 1.0),
        ({}, 0.0),
    ],
)
def test_a_try_in_its_time_is_not(suspect: Suspect, told: dict[str, str], pause: float) -> None:
    suspect.sent(0, 429, told=told)
    suspect.sent(0.1 + pause, 200)
    assert suspect.found() == {}


def test_either_clock_may_have_waited(suspect: Suspect) -> None:
    suspect.sent(0, 503, told={"retry-after": "60"})
    suspect.sent(70, 200, real=0.2)
    assert suspect.found() == {}
    suspect.mock.journal.reset()
    suspect.sent(0, 503, told={"retry-after": "60"})
    suspect.sent(0.2, 200, real=70.0)
    assert suspect.found() == {}


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 405, 413, 415, 416, 422])
def test_what_cannot_pass_is_not_asked_again(suspect: Suspect, status: int) -> None:
    suspect.sent(0, status)
    suspect.sent(1, status)
    assert suspect.found() == {"retried-what-must-not-be": "wrong"}


@pytest.mark.parametrize("status", [408, 409, 425, 429, 500, 502, 503, 504, 529])
def test_what_passes_may_be_asked_again(suspect: Suspect, status: int) -> None:
    suspect.sent(0, status)
    suspect.sent(1, 200)
    assert suspect.found() == {}


def test_a_server_may_ask_for_another_try(suspect: Suspect) -> None:
    suspect.sent(0, 400, told={"x-should-retry": "true"}, headers=sdk(0))
    suspect.sent(1, 400, headers=sdk(1))
    assert suspect.found() == {}


def test_what_then_went_well_was_not_in_vain(suspect: Suspect) -> None:
    suspect.sent(0, 402)
    suspect.sent(1, 200)
    assert suspect.found() == {"retried-what-must-not-be": "risky"}


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([0.0, 0.0], "wrong"),
        ([0.02, 0.01, 0.02], "wrong"),
        ([0.2, 0.2, 0.2], "wrong"),
        ([0.5, 0.5], "risky"),
        ([0.5, 1.0], None),
        ([0.01, 0.02, 0.04], None),
        ([0.4, 0.2, 0.6], None),
        ([2.0, 2.0, 2.0], None),
        ([0.0], None),
    ],
)
def test_pauses_that_do_not_grow(
    suspect: Suspect, pauses: list[float], expected: str | None
) -> None:
    at = 0.0
    for pause in [*pauses, 0.0]:
        suspect.sent(at, 500)
        at += 0.1 + pause
    found = suspect.found()
    assert found == ({"no-backoff": expected} if expected else {})


def test_no_backoff_is_needed_where_the_wait_was_told(suspect: Suspect) -> None:
    for number in range(5):
        suspect.sent(number * 0.6, 429, told={"retry-after": "0.5"})
    assert suspect.found() == {}


def test_many_tries_in_a_minute_are_a_storm(suspect: Suspect) -> None:
    for number in range(12):
        suspect.sent(number * 2, 503)
    (finding,) = suspect.findings()
    assert (finding.rule, finding.severity) == ("retry-storm", "wrong")
    assert "12 tries" in finding.says and len(finding.exchanges) == 12


def test_as_many_tries_over_an_hour_are_none(suspect: Suspect) -> None:
    for number in range(12):
        suspect.sent(number * 100, 503)
    assert suspect.found() == {}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_who_never_tries_again_has_given_up(suspect: Suspect, status: int) -> None:
    suspect.sent(0, status)
    assert suspect.found() == {"gave-up": "risky"}
    assert suspect.verdict().clean


def test_who_may_yet_be_waiting_has_not_given_up(suspect: Suspect) -> None:
    suspect.sent(0, 429, told={"retry-after": "1000"}, real=suspect.mock.clock.real() - NOW)
    assert suspect.found() == {}
    suspect.sent(1, 200, path="/v1/models")
    assert suspect.found() == {"gave-up": "risky"}


def test_two_tries_are_enough(suspect: Suspect) -> None:
    suspect.sent(0, 500)
    suspect.sent(1, 500)
    assert suspect.found() == {}


def test_a_job_is_not_begun_twice_for_an_unknown_failure(suspect: Suspect) -> None:
    film = {"model": "m", "prompt": "Waves"}
    suspect.sent(0, 500, path=VIDEOS, method="POST", body=film)
    assert suspect.found() == {}
    suspect.sent(1, 503, path=VIDEOS, method="POST", body={**film, "prompt": "Rain"})
    assert "gave-up" in suspect.found()


def test_an_answer_that_never_came_is_a_failure(suspect: Suspect) -> None:
    suspect.sent(0, 200, cut=True, sent=0)
    assert suspect.found() == {"gave-up": "risky"}
    suspect.sent(1, 200)
    assert suspect.found() == {}


def test_who_left_had_a_reason(suspect: Suspect) -> None:
    suspect.sent(0, 503, left=True)
    assert suspect.found() == {}
