"""Clients that ask again too early, in vain, without a pause, without an end, or not at all."""

from email.utils import formatdate

import pytest

from tests.suspect import Suspect, sdk
from tests.world import NOW, ask

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


def test_who_says_that_he_calls_anew_may_want_to_see_it_twice(suspect: Suspect) -> None:
    """As a test does that asserts a refusal twice, with one client of an SDK."""
    for at in (0, 1):
        suspect.sent(at, 400, headers=sdk(0))
    assert suspect.found() == {"retried-what-must-not-be": "risky"}


@pytest.mark.parametrize("headers", [sdk(0), {}])
def test_a_person_who_presses_again_has_thought_about_it(
    suspect: Suspect, headers: dict[str, str]
) -> None:
    for at in (0, 30):
        suspect.sent(at, 400, headers=headers)
    assert suspect.found() == {}


def test_an_sdk_that_asks_in_vain_is_wrong_however_long_it_waits(suspect: Suspect) -> None:
    for count in range(2):
        suspect.sent(count * 30, 400, headers=sdk(count))
    assert suspect.found() == {"retried-what-must-not-be": "wrong"}


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


@pytest.mark.parametrize(
    ("pauses", "expected"),
    [
        ([0.0, 0.0, 0.0], "wrong"),
        ([0.0, 0.0], None),
        ([0.0, 0.5, 1.0], None),
        ([0.2, 0.2, 0.2], "wrong"),
    ],
)
@pytest.mark.parametrize("sent", [0, 300])
def test_lost_connections_need_pauses_but_for_the_first(
    suspect: Suspect, pauses: list[float], expected: str | None, sent: int
) -> None:
    at, status = 0.0, 200 if sent else 0
    for number, pause in enumerate(pauses):
        suspect.sent(at, status, cut=True, sent=sent, peer=("127.0.0.1", 50_000 + number))
        at += 0.1 + pause
    suspect.sent(at, 200)
    found = suspect.findings()
    assert suspect.found() == ({"no-backoff": expected} if expected else {})
    assert all("after an answer that" in each.says for each in found)


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


def test_tries_that_differ_in_an_id_are_tries_for_all_that_is_known(suspect: Suspect) -> None:
    for at, user, status in ((0, "4b0a1c9e", 503), (2, "77e1f0d2", 503), (6, "c35d8a40", 200)):
        suspect.sent(at, status, body=ask("How deep?", user=user))
    assert suspect.found() == {}


@pytest.mark.parametrize(
    "other",
    [
        {"body": ask("And how deep is the lake?")},
        {"body": ask("How deep is the sea?", seed=2)},
        {"body": {**ask("How deep is the sea?"), "user": "4b0a1c9e"}},
        {"peer": ("127.0.0.1", 50_000)},
    ],
)
def test_another_request_is_no_second_try(suspect: Suspect, other: dict[str, object]) -> None:
    suspect.sent(0, 503, body=ask("How deep is the sea?", seed=1))
    suspect.sent(2, 200, **other)  # type: ignore[arg-type]
    assert suspect.found() == {"gave-up": "risky"}
    assert suspect.findings()[0].says.endswith("after a 503: the same was not asked again.")


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
