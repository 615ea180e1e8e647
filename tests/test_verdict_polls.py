"""Clients that wait for a job."""

import pytest

from mock_server.mock import Mock
from mock_server.verdict import judge
from mock_server.verdict.contract import Contract
from tests.suspect import RETRY_AFTER, Suspect
from tests.world import NOW, post

JOB = "/v1/videos/vid_1"
FILE = f"{JOB}/download"


def poll(suspect: Suspect, at: float, status: str) -> str:
    answer = b'{"id": "vid_1", "status": "%s"}' % status.encode()
    return suspect.sent(at, path=JOB, answer=answer).id


def port(number: int) -> tuple[str, int]:
    return "127.0.0.1", 50_000 + number


def submit(suspect: Suspect, at: float) -> None:
    answer = b'{"id": "vid_1", "status": "queued"}'
    suspect.sent(at, path="/v1/videos", method="POST", body={}, answer=answer)


def test_the_contract_says_what_is_a_job(mock: Mock) -> None:
    jobs = Contract(mock.spec, {}).jobs
    assert [*jobs.begins, *jobs.polls, *jobs.files] == ["createVideo", "getVideo", "downloadVideo"]


def test_a_job_that_is_waited_for_as_it_should_be(suspect: Suspect) -> None:
    submit(suspect, 0)
    for at, status in enumerate(["queued", "processing", "processing", "completed"]):
        poll(suspect, at + 0.5, status)
    suspect.sent(4, path=FILE)
    poll(suspect, 4.1, "completed")
    assert suspect.found() == {}


def test_more_than_once_a_second_is_too_fast(suspect: Suspect) -> None:
    ids = [poll(suspect, number * 0.5, "processing") for number in range(3)]
    (finding,) = suspect.findings()
    assert (finding.rule, finding.severity) == ("polled-too-fast", "wrong")
    assert finding.exchanges == (*ids,) and "0.50 s" in finding.says


def test_once_too_fast_is_risky(suspect: Suspect) -> None:
    poll(suspect, 0, "queued")
    poll(suspect, 0.5, "queued")
    poll(suspect, 5, "completed")
    assert suspect.found() == {"polled-too-fast": "risky"}


def test_two_jobs_at_once_are_not_one(suspect: Suspect) -> None:
    for number in range(6):
        suspect.sent(
            number * 0.5, path=f"/v1/videos/vid_{number % 2}", answer=b'{"status":"queued"}'
        )
    assert suspect.found() == {}


def test_two_who_wait_for_one_job_are_judged_apart(suspect: Suspect) -> None:
    answer = b'{"status": "processing"}'
    for number in range(4):
        for at, peer in ((number * 2.5, port(0)), (number * 2.5 + 0.6, port(1))):
            suspect.sent(at, path=JOB, answer=answer, peer=peer)
    suspect.sent(10, 429, path=JOB, told=RETRY_AFTER, peer=port(0))
    suspect.sent(10.6, path=JOB, answer=answer, peer=port(1))
    suspect.sent(12.5, path=JOB, answer=answer, peer=port(0))
    assert suspect.found() == {}


def test_each_of_two_who_wait_may_be_too_fast(suspect: Suspect) -> None:
    for number in range(8):
        suspect.sent(number * 0.3, path=JOB, answer=b'{"status": "queued"}', peer=port(number % 2))
    (finding,) = suspect.findings()
    assert (finding.rule, finding.severity, finding.times) == ("polled-too-fast", "wrong", 2)
    assert "0.60 s" in finding.says


def test_who_connects_anew_for_each_poll_is_one(suspect: Suspect) -> None:
    for number in range(3):
        suspect.sent(number * 0.5, path=JOB, answer=b'{"status": "queued"}', peer=port(number))
    assert suspect.found() == {"polled-too-fast": "wrong"}


def test_several_may_see_the_end(suspect: Suspect) -> None:
    for number in range(10):
        suspect.sent(number, path=JOB, answer=b'{"status": "completed"}', peer=port(number % 5))
    assert suspect.found() == {}


def test_the_time_of_the_key_counts(suspect: Suspect) -> None:
    for number in range(3):
        answer = b'{"status": "processing"}'
        suspect.sent(number * 5, path=JOB, answer=answer, real=number * 0.01)
    assert suspect.found() == {}


@pytest.mark.parametrize("status", ["completed", "failed"])
def test_polling_ends_with_the_job(suspect: Suspect, status: str) -> None:
    for number in range(4):
        poll(suspect, number * 2, status)
    assert suspect.found() == {"polled-forever": "wrong"}


def test_an_hour_is_long(suspect: Suspect) -> None:
    for number in range(5):
        poll(suspect, number * 1000, "processing")
    assert suspect.found() == {"polled-forever": "risky"}


def test_a_poll_before_its_time_is_a_try(suspect: Suspect) -> None:
    poll(suspect, 0, "processing")
    suspect.sent(2, 429, path=JOB, told=RETRY_AFTER)
    poll(suspect, 3, "processing")
    assert suspect.found() == {"retried-too-early": "wrong"}


def test_a_file_is_asked_for_when_it_is_there(suspect: Suspect) -> None:
    submit(suspect, 0)
    for at in (1, 2):
        suspect.sent(at, 404, path=FILE)
    assert suspect.found() == {"downloaded-before-completion": "wrong"}


@pytest.mark.parametrize("status", ["processing", "failed"])
def test_the_last_poll_had_said_so(suspect: Suspect, status: str) -> None:
    poll(suspect, 0, status)
    suspect.sent(1, 404, path=FILE)
    (finding,) = suspect.findings()
    assert finding.rule == "downloaded-before-completion" and status in finding.says


def test_a_file_that_nobody_knows_is_no_job_of_the_client(suspect: Suspect) -> None:
    suspect.sent(0, 404, path=FILE)
    poll(suspect, 1, "completed")
    suspect.sent(2, 404, path=FILE)
    assert suspect.found() == {}


def test_tasks_are_jobs_too(mock: Mock) -> None:
    task = {"taskType": "caption", "taskUUID": "43acecfc-aa89-4683-a335-e5c7ee028363"}
    image = {"inputs": {"image": "https://example.com/a.png"}}
    caption = {**task, **image, "model": "runware:152@1", "deliveryMethod": "async"}
    poll = {"taskType": "getResponse", "taskUUID": task["taskUUID"]}
    key = "runware_polls"
    told = post(mock, "/v1", [caption], key=key)
    assert told.status == 200
    for number in range(3):
        told = post(mock, "/v1", [poll], key=key, now=NOW + number * 0.3)
        assert told.json["data"][0]["status"] == "processing"
        told.exchange.keep(told.body)
    for number in range(4):
        told = post(mock, "/v1", [poll], key=key, now=NOW + 10 + number * 2)
        assert told.json["data"][0]["status"] == "success"
        told.exchange.keep(told.body)
    verdict = judge(mock)
    assert [each.rule for each in verdict.findings] == ["polled-too-fast", "polled-forever"]
