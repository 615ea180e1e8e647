"""Videos: submitted, asked after until they are done, fetched; refused by field."""

from typing import Any

import httpx2
import pytest

from contract_tests import film_laws, laws
from contract_tests.conftest import FreshKey
from contract_tests.target import Target

PATH = "/v1/videos"
MODEL = "wan-ai/Wan2.1-T2V-14B"
PROMPT = "Waves roll over a pebble beach"
Json = Any

# A change to a good request, and the field and words that its refusal has to have.
WRONG: dict[str, tuple[dict[str, Json], str, str]] = {
    "no prompt": ({"prompt": ...}, "prompt", "is required"),
    "no model": ({"model": ...}, "model", "is required"),
    "no length": ({"duration": 0}, "duration", "minimum of 0.1"),
    "two lengths": ({"duration": 4, "duration_seconds": 5}, "duration_seconds", "is not the 4"),
    "not Sora's": ({"model": "openai/sora-2", "duration": 5}, "duration", "not one of 4, 8, 12"),
    "not Veo's": ({"model": "google/veo-3.0", "duration": 5}, "duration", "not one of 4, 6, 8"),
    "too short for Kling": ({"model": "k/kling-v3", "duration": 2}, "duration", "minimum of 3"),
    "a width alone": ({"width": 640}, "height", "is required"),
    "an odd side": ({"width": 641, "height": 480}, "width", "multiple of 2"),
    "another shape": (
        {"aspect_ratio": "16:9", "width": 640, "height": 640},
        "aspect_ratio",
        "is not that of 640 x 640",
    ),
}


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


def _submit(client: httpx2.Client, headers: dict[str, str], **more: Json) -> str:
    body = {"model": MODEL, "prompt": PROMPT, **more}
    response = client.post(PATH, json=body, headers=headers)
    assert response.status_code == 200, response.text
    film_laws.a_new_job_is_queued(response.json())
    return str(response.json()["id"])


def _poll(client: httpx2.Client, headers: dict[str, str], name: str) -> Json:
    response = client.get(f"{PATH}/{name}", headers=headers)
    assert response.status_code == 200, response.text
    assert response.json()["id"] == name
    film_laws.a_job_says_why_it_failed_and_only_then(response.json())
    return response.json()


def _advance(client: httpx2.Client, seconds: float, mine: str) -> None:
    answer = client.post("/__mock__/clock", json={"advance": seconds, "key": mine})
    assert answer.status_code == 200


@pytest.mark.mock_only
def test_a_job_goes_forward_to_a_film_of_the_length_and_shape_asked_for(
    client: httpx2.Client, headers: dict[str, str], mine: str
) -> None:
    name = _submit(client, headers, duration=6, aspect_ratio="16:9")
    states = []
    for _ in range(12):
        states.append(_poll(client, headers, name)["status"])
        download = client.get(f"{PATH}/{name}/download", headers=headers)
        assert (download.status_code == 200) == (states[-1] == "completed")
        _advance(client, 3, mine)
    film_laws.states_only_go_forward(states)
    assert set(states) == {"queued", "processing", "completed"}
    film = client.get(f"{PATH}/{name}/download", headers=headers)
    film_laws.a_download_is_named_after_its_job(film.headers, name)
    film_laws.a_film_can_begin_before_it_is_there_as_a_whole(film.content)
    film_laws.a_film_lasts(film.content, 6)
    film_laws.a_film_has_the_shape(film.content, 16 / 9)


@pytest.mark.mock_only
def test_before_it_is_completed_a_download_is_not_found(
    client: httpx2.Client, headers: dict[str, str]
) -> None:
    name = _submit(client, headers)
    response = client.get(f"{PATH}/{name}/download", headers=headers)
    assert response.status_code == 404
    assert response.json()["error"]["message"]


@pytest.mark.mock_only
def test_a_film_can_be_fetched_in_parts(
    client: httpx2.Client, headers: dict[str, str], mine: str
) -> None:
    name = _submit(client, headers, width=64, height=64, duration=1)
    _advance(client, 60, mine)
    url = f"{PATH}/{name}/download"
    whole = client.get(url, headers=headers)
    head = client.head(url, headers=headers)
    assert (head.status_code, head.content) == (200, b"")
    assert int(head.headers["content-length"]) == len(whole.content)
    first = client.get(url, headers={**headers, "Range": "bytes=0-99"})
    rest = client.get(url, headers={**headers, "Range": "bytes=100-"})
    assert (first.status_code, rest.status_code) == (206, 206)
    assert first.content + rest.content == whole.content
    behind = client.get(url, headers={**headers, "Range": f"bytes={len(whole.content)}-"})
    assert behind.status_code == 416
    assert behind.headers["content-range"] == f"bytes */{len(whole.content)}"
    known = client.get(url, headers={**headers, "If-None-Match": whole.headers["etag"]})
    assert (known.status_code, known.content) == (304, b"")


@pytest.mark.mock_only
@pytest.mark.parametrize("place", ["", "/download"])
def test_a_job_is_seen_by_its_own_key_alone(
    place: str, client: httpx2.Client, headers: dict[str, str], key: FreshKey
) -> None:
    name = _submit(client, headers)
    stranger = {"Authorization": f"Bearer {key('runcrate')}"}
    response = client.get(f"{PATH}/{name}{place}", headers=stranger)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "not_found"


@pytest.mark.parametrize("place", ["", "/download"])
@pytest.mark.parametrize("name", ["vid_nowhere", "%2e%2e", "x" * 500])
def test_an_id_that_was_never_given_is_not_found(
    name: str, place: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    response = client.get(f"{PATH}/{name}{place}", headers=headers)
    assert response.status_code == 404
    assert response.json()["error"]["message"]


@pytest.mark.mock_only
@pytest.mark.parametrize(("change", "param", "rule"), WRONG.values(), ids=WRONG)
def test_the_error_names_field_and_rule(
    change: dict[str, Json], param: str, rule: str, client: httpx2.Client, headers: dict[str, str]
) -> None:
    body = {"model": MODEL, "prompt": PROMPT, **change}
    sent = {name: value for name, value in body.items() if value is not ...}
    response = client.post(PATH, json=sent, headers=headers)
    assert response.status_code == 400
    laws.a_refusal_names_field_and_rule(response.json()["error"], param, rule)


@pytest.mark.mock_only
def test_a_picture_model_makes_none(client: httpx2.Client, headers: dict[str, str]) -> None:
    body = {"model": "black-forest-labs/FLUX.1-schnell", "prompt": PROMPT}
    response = client.post(PATH, json=body, headers=headers)
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "model_not_found"
