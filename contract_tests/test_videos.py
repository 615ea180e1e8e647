"""Videos: submitted, asked after until they are done, fetched."""

import time
from typing import Any, Final

import httpx2
import pytest

from contract_tests import film_laws
from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.notes import holding_to
from contract_tests.target import Target

PATH = "/v1/videos"
MODEL = "wan-ai/Wan2.1-T2V-14B"
PROMPT = "Waves roll over a pebble beach"
SMALL = {"width": 64, "height": 64, "duration": 1}
PAUSE: Final = 7.5  # seconds between two polls, as a page advises (RC-158)
MOST_POLLS: Final = 80
Json = Any


@pytest.fixture
def mine(target: Target, key: FreshKey) -> str:
    """A key of the provider of videos."""
    if "runcrate" not in target.keys:
        pytest.skip("runcrate is not asked for")
    return key("runcrate")


@pytest.fixture
def headers(mine: str) -> dict[str, str]:
    """The credentials that go with it."""
    return {"Authorization": f"Bearer {mine}"}


def _asked(client: httpx2.Client, headers: dict[str, str], **more: Json) -> httpx2.Response:
    body = {"model": MODEL, "prompt": PROMPT, **more}
    return client.post(PATH, json=body, headers=headers)


def _submitted(client: httpx2.Client, headers: dict[str, str], **more: Json) -> str:
    response = _asked(client, headers, **more)
    expect_status(response, 200)
    return str(response.json()["id"])


def _polled(client: httpx2.Client, headers: dict[str, str], name: str) -> Json:
    response = client.get(f"{PATH}/{name}", headers=headers)
    expect_status(response, 200)
    return response.json()


def _fetched(client: httpx2.Client, headers: dict[str, str], name: str) -> httpx2.Response:
    return client.get(f"{PATH}/{name}/download", headers=headers)


def _advance(client: httpx2.Client, seconds: float, mine: str) -> None:
    answer = client.post("/__mock__/clock", json={"advance": seconds, "key": mine})
    answer.raise_for_status()


def _film(client: httpx2.Client, headers: dict[str, str], mine: str, **more: Json) -> bytes:
    """The film of a job of a mock, whose time passes as it is told to."""
    name = _submitted(client, headers, **more)
    _advance(client, 600, mine)
    return _fetched(client, headers, name).content


@pytest.mark.clauses(
    "video-has-an-id",
    "video-starts-queued",
    "video-status",
    "video-keeps-its-id",
    "video-goes-forward",
    "video-says-why-it-failed",
    "video-ends",
    "video-end-stays",
    "video-file-waits",
    "video-file-is-there",
    "video-file-name",
    "video-file-is-whole",
    "video-length",
    "video-shape",
)
def test_a_job_goes_forward_to_a_film_as_asked_for(
    client: httpx2.Client, headers: dict[str, str], mine: str, target: Target
) -> None:
    """The only video of a run that costs money."""
    name = _submitted(client, headers, duration=5, aspect_ratio="16:9")
    early = _fetched(client, headers, name)
    job = _polled(client, headers, name)
    states = ["queued", job["status"]]
    if states[-1] != "completed":
        with holding_to("video-file-waits"):
            told = f"while a job is {states[-1]}, its film is a {early.status_code}, not a 404"
            assert early.status_code == 404, told
    while states[-1] not in film_laws.ENDS and len(states) < MOST_POLLS:
        if target.is_mock:
            _advance(client, PAUSE, mine)
        else:
            time.sleep(PAUSE)
        job = _polled(client, headers, name)
        states.append(job["status"])
        with holding_to("video-goes-forward"):
            film_laws.states_only_go_forward(states)
    with holding_to("video-ends"):
        assert states[-1] in film_laws.ENDS, f"after {len(states)} polls it is {states[-1]}"
    _is_over(client, headers, job)


def _is_over(client: httpx2.Client, headers: dict[str, str], job: Json) -> None:
    with holding_to("video-end-stays"):
        again = _polled(client, headers, job["id"])
        assert again == job, f"{job} is {again} when it is asked after again"
    if job["status"] == "failed":
        pytest.skip("the provider could not make the video")
    film = _fetched(client, headers, job["id"])
    with holding_to("video-file-is-there"):
        assert film.status_code == 200, f"a completed job has no film: {film.status_code}"
    with holding_to("video-length"):
        film_laws.a_film_lasts(film.content, 5)
    with holding_to("video-shape"):
        film_laws.a_film_has_the_shape(film.content, 16 / 9)


@pytest.mark.mock_only
@pytest.mark.clauses("video-goes-forward")
def test_a_job_is_in_each_state_for_a_time(
    client: httpx2.Client, headers: dict[str, str], mine: str
) -> None:
    name = _submitted(client, headers)
    states = []
    for _ in range(12):
        states.append(_polled(client, headers, name)["status"])
        _advance(client, 3, mine)
    film_laws.states_only_go_forward(states)
    assert set(states) == {"queued", "processing", "completed"}


@pytest.mark.mock_only
@pytest.mark.clauses("video-says-why-it-failed", "video-error-has-words", "video-status")
def test_a_failed_job_says_why(client: httpx2.Client, headers: dict[str, str]) -> None:
    asking = {**headers, "Prefer": "example=failed"}
    assert _polled(client, asking, "vid_abc123")["status"] == "failed"


@pytest.mark.mock_only
@pytest.mark.clauses("video-ids-differ")
def test_each_submission_is_a_job_of_its_own(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    first, second = (_submitted(client, headers) for _ in range(2))
    assert first != second, "two submissions are one job"


@pytest.mark.mock_only
@pytest.mark.clauses("video-file-waits")
def test_before_it_is_completed_a_download_is_not_found(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    name = _submitted(client, headers)
    response = _fetched(client, headers, name)
    assert response.status_code == 404, f"a film is a {response.status_code} before it is made"
    assert response.json()["error"]["message"]


@pytest.mark.mock_only
@pytest.mark.clauses("video-sides")
def test_a_film_has_the_sides_asked_for(
    client: httpx2.Client, headers: dict[str, str], mine: str
) -> None:
    film = _film(client, headers, mine, width=128, height=96, duration=1)
    film_laws.a_film_has_the_sides(film, (128, 96))


@pytest.mark.mock_only
@pytest.mark.clauses("video-file-begins-at-once", "video-file-is-h264", "video-file-is-whole")
def test_a_film_can_be_shown_by_every_browser(
    client: httpx2.Client, headers: dict[str, str], mine: str
) -> None:
    assert _film(client, headers, mine, **SMALL)


@pytest.mark.mock_only
@pytest.mark.clauses("video-file-in-parts")
def test_a_film_can_be_fetched_in_parts(
    client: httpx2.Client, headers: dict[str, str], mine: str
) -> None:
    name = _submitted(client, headers, **SMALL)
    _advance(client, 60, mine)
    whole = _fetched(client, headers, name).content
    first = _fetched(client, {**headers, "Range": "bytes=0-99"}, name)
    rest = _fetched(client, {**headers, "Range": "bytes=100-"}, name)
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.content + rest.content == whole, "the parts do not join to the whole"


@pytest.mark.mock_only
@pytest.mark.clauses("video-file-behind-the-end")
def test_behind_its_end_a_film_has_no_parts(
    client: httpx2.Client, headers: dict[str, str], mine: str
) -> None:
    name = _submitted(client, headers, **SMALL)
    _advance(client, 60, mine)
    length = len(_fetched(client, headers, name).content)
    behind = _fetched(client, {**headers, "Range": f"bytes={length}-"}, name)
    expect_status(behind, 416)
    assert behind.headers["content-range"] == f"bytes */{length}"


@pytest.mark.mock_only
@pytest.mark.clauses("video-file-known")
def test_who_has_a_film_is_not_sent_it_again(
    client: httpx2.Client, headers: dict[str, str], mine: str
) -> None:
    name = _submitted(client, headers, **SMALL)
    _advance(client, 60, mine)
    url = f"{PATH}/{name}/download"
    head = client.head(url, headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    known = _fetched(client, {**headers, "If-None-Match": head.headers["etag"]}, name)
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.mock_only
@pytest.mark.clauses("video-of-its-key")
@pytest.mark.parametrize("place", ["", "/download"])
def test_a_job_is_seen_by_its_own_key_alone(
    place: str, client: httpx2.Client, headers: dict[str, str], key: FreshKey
) -> None:
    name = _submitted(client, headers)
    stranger = {"Authorization": f"Bearer {key('runcrate')}"}
    response = client.get(f"{PATH}/{name}{place}", headers=stranger)
    assert response.status_code == 404, "another key sees it"
    assert response.json()["error"]["code"] == "not_found"


@pytest.mark.clauses("video-unknown-id")
@pytest.mark.parametrize("place", ["", "/download"])
@pytest.mark.parametrize("name", ["vid_abc123", "%2e%2e", "x" * 500])
def test_an_id_that_was_never_given_is_not_found(
    name: str, place: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    response = client.get(f"{PATH}/{name}{place}", headers=headers)
    expect_status(response, 404)
    assert response.json()["error"]["message"]


@pytest.mark.clauses("video-file-needs-a-key")
def test_a_download_needs_a_key(client: httpx2.Client, mine: str) -> None:
    response = client.get(f"{PATH}/vid_abc123/download")
    assert response.status_code == 401, f"without a key it is a {response.status_code}"


@pytest.mark.mock_only
@pytest.mark.clauses("video-lengths-agree")
def test_two_lengths_that_differ_are_refused(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    _is_refused(_asked(client, headers, duration=4, duration_seconds=5), "duration_seconds")


@pytest.mark.mock_only
@pytest.mark.clauses("video-sides-in-pairs")
@pytest.mark.parametrize(("side", "other"), [("width", "height"), ("height", "width")])
def test_a_side_alone_is_refused(
    side: str, other: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    _is_refused(_asked(client, headers, **{side: 640}), other)


@pytest.mark.mock_only
@pytest.mark.clauses("video-sizes-agree")
def test_sides_of_another_shape_are_refused(client: httpx2.Client, headers: dict[str, str]) -> None:
    response = _asked(client, headers, aspect_ratio="16:9", width=640, height=640)
    _is_refused(response, "aspect_ratio")


@pytest.mark.mock_only
@pytest.mark.clauses("video-model-films")
def test_a_picture_model_makes_none(client: httpx2.Client, headers: dict[str, str]) -> None:
    response = _asked(client, headers, model="black-forest-labs/FLUX.1-schnell")
    expect_status(response, 404)
    assert response.json()["error"]["code"] == "model_not_found"


def _is_refused(response: httpx2.Response, field: str) -> None:
    expect_status(response, 400)
    param = response.json()["error"]["param"]
    assert param == field, f"the error names {param!r}, not {field}"
