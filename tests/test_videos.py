"""Video jobs as clients know them: submitted, asked after, fetched."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from mock_server.auth import identity
from mock_server.mock import Mock
from tests.cinema import shown
from tests.world import NOW, Answered, new_mock, post

PATH = "/v1/videos"
WAN = "wan-ai/Wan2.1-T2V-14B"
SORA = "openai/sora-2"
# The smallest that is taken: films cost time.
SMALL = {"width": 64, "height": 64, "duration": 0.5}
Json = Any

# A change to a good request, and the field and words that its refusal has to have.
WRONG: dict[str, tuple[dict[str, Json], str, str]] = {
    "no prompt": ({"prompt": ...}, "prompt", "is required"),
    "no model": ({"model": ...}, "model", "is required"),
    "no length": ({"duration": 0}, "duration", "0"),
    "a length in words": ({"duration": "eight"}, "duration", "number"),
    "too long": ({"duration": 61}, "duration", "maximum of 60"),
    "half a second more": ({"duration_seconds": 4.5}, "duration_seconds", "integer"),
    "two lengths": ({"duration": 4, "duration_seconds": 5}, "duration_seconds", "is not the 4"),
    "not a length of Sora": ({"model": SORA, "duration": 5}, "duration", "4, 8, 12"),
    "not its other name's": (
        {"model": SORA, "duration": ..., "duration_seconds": 5},
        "duration_seconds",
        "4, 8",
    ),
    "not a length of Veo": ({"model": "google/veo-3.0", "duration": 5}, "duration", "4, 6, 8"),
    "too short for Kling": ({"model": "kwai/kling-v3", "duration": 2}, "duration", "minimum of 3"),
    "a width alone": ({"width": 64, "height": ...}, "height", "is required"),
    "too small": ({"width": 62, "height": 64}, "width", "minimum of 64"),
    "too large": ({"width": 64, "height": 1922}, "height", "maximum of 1920"),
    "odd": ({"width": 65, "height": 64}, "width", "multiple of 2"),
    "no shape": ({"aspect_ratio": "wide"}, "aspect_ratio", "wide"),
    "another shape": (
        {"aspect_ratio": "16:9", "width": 64, "height": 64},
        "aspect_ratio",
        "is not that of 64 x 64",
    ),
    "too long a shape": (
        {"aspect_ratio": "99:1", "width": ..., "height": ...},
        "aspect_ratio",
        "allows no sides",
    ),
}


@pytest.fixture
def mock() -> Mock:
    return new_mock(rate_limit=0)


def submit(mock: Mock, prompt: Json = "A kite over wheat", **more: Json) -> Answered:
    about = {name: more.pop(name) for name in ("key", "now") if name in more}
    body = {"model": WAN, "prompt": prompt, **SMALL, **more}
    return post(mock, PATH, {k: v for k, v in body.items() if v is not ...}, **about)


def job(mock: Mock, **more: Json) -> str:
    answer = submit(mock, **more)
    assert answer.status == 200, answer.json
    return str(answer.json["id"])


def poll(mock: Mock, name: str, after: float = 0.0, **more: Any) -> Answered:
    return post(mock, f"{PATH}/{name}", b"", method="GET", now=NOW + after, **more)


def fetch(mock: Mock, name: str, after: float = 1000.0, **more: Any) -> Answered:
    method = more.pop("method", "GET")
    return post(mock, f"{PATH}/{name}/download", b"", method=method, now=NOW + after, **more)


def status(mock: Mock, name: str, after: float) -> str:
    return str(poll(mock, name, after).json["status"])


def test_a_submission_is_answered_with_a_job_in_the_queue(mock: Mock) -> None:
    answer = submit(mock)
    assert answer.status == 200
    assert re.fullmatch(r"vid_[0-9a-f]{24}", answer.json["id"])
    assert answer.json == {"id": answer.json["id"], "status": "queued"}


def test_a_job_goes_through_its_states_by_the_clock(mock: Mock) -> None:
    name = job(mock)
    seen = [(after, status(mock, name, after)) for after in (0, 2.9, 3, 29.9, 30, 1e6)]
    assert seen == [
        (0, "queued"),
        (2.9, "queued"),
        (3, "processing"),
        (29.9, "processing"),
        (30, "completed"),
        (1e6, "completed"),
    ]


def test_a_job_takes_as_long_as_the_settings_say() -> None:
    for seconds in (0.0, 7.5):
        mock = new_mock(video_seconds=seconds)
        answer = submit(mock)
        assert answer.json["status"] == "queued"
        name = str(answer.json["id"])
        assert status(mock, name, seconds) == "completed"
        if seconds:
            assert status(mock, name, seconds - 0.1) == "completed", "it went back"


def test_a_job_goes_on_from_where_it_was_when_time_is_set_back(mock: Mock) -> None:
    name = job(mock, now=NOW + 5000)
    assert status(mock, name, 5010) == "processing"
    assert status(mock, name, 0) == "processing"
    assert status(mock, name, 19) == "processing"
    assert status(mock, name, 20) == "completed"
    assert status(mock, name, 0) == "completed"


def test_a_job_that_nobody_asked_after_begins_when_time_was_set_back(mock: Mock) -> None:
    name = job(mock, now=NOW + 5000)
    assert status(mock, name, 0) == "queued"
    assert status(mock, name, 30) == "completed"


def test_each_submission_is_a_job_of_its_own_and_ids_are_repeatable() -> None:
    names = [
        [job(mock), job(mock), job(mock, key="rc_live_b")] for mock in (new_mock(), new_mock())
    ]
    assert names[0] == names[1]
    assert len(set(names[0])) == 3
    assert job(new_mock(seed=1)) not in names[0]


def test_only_the_key_that_submitted_it_sees_a_job(mock: Mock) -> None:
    name = job(mock)
    for answer in (
        poll(mock, name, key="rc_live_other"),
        fetch(mock, name, key="rc_live_other"),
        poll(mock, "vid_nowhere"),
        fetch(mock, "vid_nowhere"),
        poll(mock, "..%2F..%2Fetc"),
        poll(mock, "x" * 5000),
    ):
        assert answer.status == 404
        assert answer.json["error"]["code"] == "not_found"
        assert answer.json["error"]["param"] == "id"
    assert poll(mock, name).status == 200


def test_before_it_is_completed_there_is_nothing_to_fetch(mock: Mock) -> None:
    name = job(mock)
    for after in (0, 29.9):
        answer = fetch(mock, name, after)
        assert answer.status == 404
        assert answer.json["error"]["message"] == f"The video '{name}' is not completed yet."
    assert fetch(mock, name, 30).status == 200


def test_the_file_is_a_film_of_the_length_and_size_asked_for(mock: Mock) -> None:
    name = job(mock, width=96, height=64, duration=1.5)
    answer = fetch(mock, name)
    assert answer.headers["content-type"] == "video/mp4"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}.mp4"'
    film = shown(answer.body)
    assert film.size == (96, 64)
    assert set(film.seconds) == {Fraction(3, 2)}
    assert "A kite over wheat" in film.tags.values()


@pytest.mark.parametrize(
    ("asked", "sides"),
    [
        ({}, (1280, 720)),
        ({"aspect_ratio": "16:9"}, (1280, 720)),
        ({"aspect_ratio": "9:16"}, (720, 1280)),
        ({"aspect_ratio": "1:1"}, (960, 960)),
        ({"aspect_ratio": "1:1", "width": 128, "height": 128}, (128, 128)),
    ],
)
def test_the_shape_decides_on_the_sides(
    asked: dict[str, Json], sides: tuple[int, int], mock: Mock
) -> None:
    name = job(mock, **{"width": ..., "height": ..., **asked})
    assert shown(fetch(mock, name).body, every=1000).size == sides


@pytest.mark.parametrize(
    ("model", "asked", "seconds"),
    [
        (WAN, {}, 5),
        (WAN, {"duration_seconds": 2}, 2),
        (WAN, {"duration": 2.0, "duration_seconds": 2}, 2),
        (SORA, {}, 4),
        ("google/veo-2.0", {}, 5),
        ("kwai/kling-v3", {"duration": 3}, 3),
    ],
)
def test_a_length_that_is_not_asked_for_is_one_that_the_model_offers(
    model: str, asked: dict[str, Json], seconds: float, mock: Mock
) -> None:
    name = job(mock, model=model, **{"duration": ..., **asked})
    assert shown(fetch(mock, name).body, every=1000).seconds == (
        Fraction(seconds),
        Fraction(seconds),
    )


def test_the_same_request_gives_the_same_film_to_everybody(mock: Mock) -> None:
    names = {"me": job(mock), "you": job(mock, key="rc_live_you")}
    mine, yours = fetch(mock, names["me"]), fetch(mock, names["you"], key="rc_live_you")
    assert mine.body == yours.body
    assert mine.headers["etag"] == yours.headers["etag"]
    for change in ({"prompt": "A kite over rye"}, {"seed": 7}, {"model": "other/model"}):
        assert fetch(mock, job(mock, **change)).body != mine.body


def test_a_film_can_be_fetched_in_parts(mock: Mock) -> None:
    name = job(mock)
    whole = fetch(mock, name)
    assert whole.headers["accept-ranges"] == "bytes"
    part = fetch(mock, name, headers=[(b"range", b"bytes=100-199")])
    assert (part.status, part.body) == (206, whole.body[100:200])
    assert part.headers["content-disposition"] == whole.headers["content-disposition"]
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.body)}"
    behind = fetch(mock, name, headers=[(b"range", b"bytes=99999999-")])
    assert behind.status == 416
    known = fetch(mock, name, headers=[(b"if-none-match", whole.headers["etag"].encode())])
    assert known.status == 304


@pytest.mark.parametrize(("change", "param", "rule"), WRONG.values(), ids=WRONG)
def test_a_refusal_names_field_and_rule(
    change: dict[str, Json], param: str, rule: str, mock: Mock
) -> None:
    answer = submit(mock, **change)
    assert answer.status == 400, answer.json
    assert answer.json["error"]["param"] == param
    assert rule in answer.json["error"]["message"]


def test_a_size_in_one_word_is_no_field_here(mock: Mock) -> None:
    assert submit(mock, size="128x128").status == 200
    assert submit(mock, size=7).status == 200


def test_a_chat_model_makes_none(mock: Mock) -> None:
    answer = submit(mock, model="deepseek-ai/DeepSeek-V3")
    assert answer.status == 404
    assert answer.json["error"]["code"] == "model_not_found"


SCRIPT = """
- when: {operation: createVideo, text: volcano}
  job: {seconds: 5, error: {message: The volcano was refused., code: content_policy}}
- when: {operation: createVideo, text: quick}
  job: {seconds: 1}
- when: {operation: createVideo, text: nothing}
  job: {error: {message: No reason.}}
- when: {operation: createVideo, text: busy}
  error: {status: 402, message: Busy.}
- when: {key: rc_live_lost}
  error: {status: 404, message: Lost.}
"""


@pytest.fixture
def scripted(tmp_path: Path) -> Mock:
    path = tmp_path / "script.yaml"
    path.write_text(SCRIPT)
    return new_mock(scenarios=path)


def test_a_job_fails_as_scripted(scripted: Mock) -> None:
    name = job(scripted, prompt="a volcano")
    assert status(scripted, name, 4.9) == "processing"
    assert poll(scripted, name, 5).json == {
        "id": name,
        "status": "failed",
        "error": {"message": "The volcano was refused.", "code": "content_policy"},
    }
    answer = fetch(scripted, name)
    assert answer.status == 404
    assert answer.json["error"]["message"] == f"The video '{name}' could not be made."


def test_a_script_may_leave_out_code_and_time(scripted: Mock) -> None:
    name = job(scripted, prompt="nothing")
    assert status(scripted, name, 29) == "processing"
    error = poll(scripted, name, 30).json["error"]
    assert error == {"message": "No reason.", "code": None}
    quick = job(scripted, prompt="quick")
    assert status(scripted, quick, 1) == "completed"


def test_a_submission_and_a_poll_fail_as_scripted(scripted: Mock) -> None:
    assert submit(scripted, prompt="busy").status == 402
    for answer in (
        poll(scripted, "vid_x", key="rc_live_lost"),
        fetch(scripted, "vid_x", key="rc_live_lost"),
    ):
        assert answer.json["error"]["message"] == "Lost."


def test_a_reset_forgets_the_jobs_of_a_key_and_gives_no_id_again(mock: Mock) -> None:
    mine, yours = job(mock), job(mock, key="rc_live_you")
    mock.store.reset(identity("rc_live_test", None).id)
    assert job(mock) != mine
    assert poll(mock, mine).status == 404
    assert poll(mock, yours, key="rc_live_you").status == 200


def test_the_lengths_of_the_catalogue_are_those_of_the_contract(mock: Mock) -> None:
    runcrate = mock.spec.providers["runcrate"]
    for model in (
        SORA,
        "openai/sora-2-pro",
        "google/veo-2.0",
        "google/veo-3.0",
        "x/kling-v3",
        "x/seedance-1",
        "x/hailuo-02",
    ):
        shortest = mock.catalogue.length(runcrate, model)
        assert shortest is not None
        assert submit(mock, model=model, duration=shortest).status == 200
        assert submit(mock, model=model, duration=shortest - 1).status == 400
    assert mock.catalogue.length(runcrate, WAN) is None
