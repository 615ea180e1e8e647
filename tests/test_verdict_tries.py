"""Which requests are tries of which: those who only ask the same are never taken for one."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mock_server.mock import Mock
from tests.suspect import RETRY_AFTER, Suspect, sdk
from tests.world import ask

EARLY = "retried-too-early"


def port(number: int) -> tuple[str, int]:
    return "127.0.0.1", 50_000 + number


def test_a_try_that_an_sdk_counts_is_a_try(suspect: Suspect) -> None:
    suspect.sent(0, 429, told=RETRY_AFTER, headers=sdk(0))
    suspect.sent(0.5, 200, headers=sdk(1), peer=port(1))
    assert suspect.found() == {EARLY: "wrong"}


def test_the_tries_of_one_call_share_an_idempotency_key(suspect: Suspect) -> None:
    first = {"idempotency-key": "a"}
    suspect.sent(0, 429, told=RETRY_AFTER, headers=first)
    suspect.sent(0.5, 200, headers=first, peer=port(1))
    assert suspect.found() == {EARLY: "wrong"}


def keyed(number: int) -> dict[str, str]:
    return {"idempotency-key": f"key {number}"}


def test_a_new_idempotency_key_in_each_try_is_risky_and_told(suspect: Suspect) -> None:
    for number, status in enumerate([503, 503, 503, 200]):
        told = {"retry-after": "10"} if status == 503 else {}
        suspect.sent(number * 0.2, status, told=told, headers=keyed(number))
    assert suspect.found() == {EARLY: "risky"}
    assert suspect.findings()[0].says.endswith("Retry-After: 10, with another Idempotency-Key.")


def test_a_new_idempotency_key_is_no_pause(suspect: Suspect) -> None:
    for number in range(7):
        suspect.sent(number * 0.1, 500, headers=keyed(number))
    assert suspect.found() == {"no-backoff": "risky"}


@pytest.mark.parametrize(
    ("statuses", "apart", "peers"),
    [
        ([429, 200, 429, 200], 0.2, 1),  # a success lies between
        ([429, 429, 429, 200], 0.05, 4),  # they overlap
        ([429, 429, 429, 429], 0.2, 4),  # nothing ties them
    ],
)
def test_calls_with_keys_of_their_own_are_no_tries(
    suspect: Suspect, statuses: list[int], apart: float, peers: int
) -> None:
    for number, status in enumerate(statuses):
        told = RETRY_AFTER if status == 429 else {}
        peer = port(number % peers)
        suspect.sent(number * apart, status, told=told, headers=keyed(number), peer=peer)
    assert suspect.verdict().clean and EARLY not in suspect.found()


def test_the_same_on_the_same_connection_right_after_a_failure_is_a_try(suspect: Suspect) -> None:
    suspect.sent(0, 429, told=RETRY_AFTER)
    suspect.sent(0.5, 200)
    assert suspect.found() == {EARLY: "wrong"}


def test_who_stops_at_the_first_success_has_tried(suspect: Suspect) -> None:
    suspect.sent(0, 429, told=RETRY_AFTER, peer=port(0))
    suspect.sent(0.5, 429, told=RETRY_AFTER, peer=port(1))
    suspect.sent(1, 200, peer=port(2))
    assert suspect.found() == {EARLY: "wrong"}


def test_a_loop_of_single_commands_is_not_blamed(suspect: Suspect) -> None:
    """As `for i in 1 2 3; do curl …; done` sends them."""
    for number, status in enumerate([200, 200, 429, 429, 429]):
        told = RETRY_AFTER if status == 429 else {}
        suspect.sent(number * 0.2, status, told=told, peer=port(number))
    assert suspect.found() == {"gave-up": "risky"}


def test_what_may_have_been_a_call_of_its_own_is_risky_only(suspect: Suspect) -> None:
    suspect.sent(0, 429, told=RETRY_AFTER, peer=port(0))
    suspect.sent(0.5, 200, peer=port(1))
    assert suspect.found() == {EARLY: "risky"}
    assert suspect.verdict().clean


def test_who_asks_for_the_same_again_and_again_is_not_blamed(suspect: Suspect) -> None:
    """As a test of the rate limit does, on one connection."""
    for number, status in enumerate([200] * 3 + [429] * 3):
        suspect.sent(number * 0.2, status, told=RETRY_AFTER if status == 429 else {})
    assert EARLY not in suspect.found()


def test_tries_after_an_earlier_success_are_risky_only(suspect: Suspect) -> None:
    for number, status in enumerate([200, 429, 429]):
        suspect.sent(number * 0.2, status, told=RETRY_AFTER if status == 429 else {})
    assert suspect.found() == {EARLY: "risky"}


def test_what_is_under_way_at_once_is_no_try(suspect: Suspect) -> None:
    suspect.sent(0, 429, told=RETRY_AFTER, took=0.1)
    suspect.sent(0.05, 200, took=1.0, peer=port(1))
    suspect.sent(0.5, 200, took=1.0)
    assert suspect.found() == {}


@pytest.mark.parametrize(
    "other",
    [
        {"body": ask("How deep is the lake?")},
        {"headers": {"prefer": "code=200"}},
        {"headers": {"user-agent": "somebody else"}},
        {"query": b"page=2"},
    ],
)
def test_another_request_is_no_try(suspect: Suspect, other: dict[str, object]) -> None:
    suspect.sent(0, 429, told=RETRY_AFTER)
    suspect.sent(0.5, 200, **other)  # type: ignore[arg-type]
    assert EARLY not in suspect.found()


def test_a_call_after_an_sdk_has_used_up_its_tries_is_a_call_of_its_own(suspect: Suspect) -> None:
    suspect.sent(0, 429, told=RETRY_AFTER, headers=sdk(0))
    suspect.sent(2.2, 429, told=RETRY_AFTER, headers=sdk(1))
    suspect.sent(2.5, 200, headers=sdk(0))
    assert suspect.found() == {}


def nest(suspect: Suspect, rounds: int, *pauses: float, status: int, **facts: Any) -> None:
    """An SDK that asks three times in each call, with these pauses before a try, in a loop."""
    at, told = 0.0, RETRY_AFTER if status == 429 else {}
    for number in range(rounds * len(pauses)):
        count = number % len(pauses)
        at += pauses[count]
        suspect.sent(at, status, told=told, headers=sdk(count), **facts)
        at += 0.1


def test_a_loop_around_an_sdk_that_waits_comes_too_early(suspect: Suspect) -> None:
    nest(suspect, 3, 0, 2.1, 2.1, status=429)
    assert suspect.found() == {EARLY: "risky"}
    (finding,) = suspect.findings()
    assert finding.times == 2 and "by calling anew once a call's own tries" in finding.says


def test_a_loop_around_an_sdk_has_no_pauses_and_is_a_storm(suspect: Suspect) -> None:
    nest(suspect, 6, 0, 0.7, status=500)
    assert suspect.found() == {"no-backoff": "risky", "retry-storm": "risky"}


def test_a_loop_around_an_sdk_that_loses_its_connections_is_found(suspect: Suspect) -> None:
    for number in range(12):
        facts: Any = {"cut": True, "sent": 0, "peer": port(number), "headers": sdk(number % 2)}
        suspect.sent(number * 0.6, 0, **facts)
    assert suspect.found() == {"no-backoff": "risky", "retry-storm": "risky"}


@pytest.mark.parametrize(("rounds", "pause"), [(2, 0), (3, 3)])
def test_a_loop_around_an_sdk_that_waits_or_gives_up_is_not_blamed(
    suspect: Suspect, rounds: int, pause: float
) -> None:
    nest(suspect, rounds, pause, 2.1, 2.1, status=429)
    assert suspect.found() == {}


def test_calls_of_an_sdk_at_once_are_no_loop(suspect: Suspect) -> None:
    for count in range(3):
        for call in range(3):
            at = count * 2.2 + call * 0.02
            suspect.sent(at, 429, told=RETRY_AFTER, headers=sdk(count), peer=port(call))
    assert suspect.found() == {}


def test_two_who_know_nothing_of_each_other_are_judged_apart(mock: Mock) -> None:
    mock.journal.reset()
    Suspect(mock, "rc_live_one").sent(0, 429, told=RETRY_AFTER)
    other = Suspect(mock, "rc_live_two")
    other.sent(0.5, 200)
    assert other.found() == {}


def test_forms_are_the_same_though_their_boundaries_differ(suspect: Suspect) -> None:
    path = "/v1/audio/transcriptions"
    for at, status, boundary in ((0, 503, "aaa"), (0.5, 200, "bbb")):
        form = {"content-type": f"multipart/form-data; boundary={boundary}"}
        told = RETRY_AFTER if status == 503 else {}
        suspect.sent(at, status, path=path, method="POST", body=boundary, headers=form, told=told)
    assert suspect.found() == {EARLY: "wrong"}


def test_what_is_forgotten_is_not_judged(suspect: Suspect) -> None:
    suspect.sent(0, 429, told=RETRY_AFTER).lighten()
    suspect.sent(0.5, 200).lighten()
    assert suspect.found() == {}


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 9), st.floats(0, 3)), max_size=12))
def test_no_client_that_waits_as_told_is_blamed_whatever_happens_at_once(
    mock: Mock, calls: list[tuple[float, int, float]]
) -> None:
    """Identical calls, each refused once with another wait, which its own try keeps."""
    mock.journal.reset()
    suspect, events = Suspect(mock), []
    for start, wait, more in calls:
        events.append((start, 429, {"retry-after": str(wait)}, sdk(0)))
        events.append((start + 0.1 + wait + more, 200, {}, sdk(1)))
    for number, (at, status, told, headers) in enumerate(sorted(events, key=lambda each: each[0])):
        suspect.sent(at, status, told=told, headers=headers, peer=port(number % 3))
    assert suspect.found() == {}
