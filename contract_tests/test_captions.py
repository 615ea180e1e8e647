"""Runware's tasks: captions in every form, batches, uploads, polls; refused by field and task."""

import uuid
from base64 import b64encode
from collections.abc import Callable
from io import BytesIO
from typing import Any

import httpx2
import pytest

from contract_tests import task_laws
from contract_tests.conftest import FreshKey
from contract_tests.target import Target
from contract_tests.tasks import PIXEL, new_uuid

MODEL = "runware:152@1"
IMAGE = "https://images.example.com/a-red-bicycle.jpg"
Json = Any
Make = Callable[..., Json]
Send = Callable[..., httpx2.Response]

# What the examples of the model ask for, and the sentences that this means.
PROMPTS = {
    "1-2 sentences": ("Write a concise, vivid caption in 1-2 sentences describing the mood.", 1, 2),
    "2-3 sentences": ("Write a precise, vivid caption for this image in 2-3 sentences.", 2, 3),
    "5-7 sentences": ("Write a precise 5-7 sentence caption describing the scene.", 5, 7),
    "two to three": ("Describe this in two to three sentences.", 2, 3),
    "one": ("Say in one sentence what you see.", 1, 1),
}
# The same image in the forms of the task, old and new.
FORMS: dict[str, Json] = {
    "inputs": {"inputs": {"image": PIXEL}, "model": MODEL},
    "inputImage": {"inputImage": PIXEL, "model": MODEL},
    "bare base64": {"inputs": {"image": PIXEL.partition(",")[2]}, "model": MODEL},
    "imageCaption": {"taskType": "imageCaption", "inputImage": PIXEL},
    "several prompts": {"taskType": "imageCaption", "inputImage": PIXEL, "prompt": ["A?", "B?"]},
    "inputImages": {"taskType": "imageCaption", "inputImages": [PIXEL]},
}
# A change to a good task, and the field and words that its refusal has to have.
WRONG: dict[str, tuple[dict[str, Json], str, str]] = {
    "no id": ({"taskUUID": ...}, "taskUUID", "is required"),
    "a slug": ({"taskUUID": "my-first-task"}, "taskUUID", "does not match"),
    "a number": ({"taskUUID": 7}, "taskUUID", "is not of type string"),
    "no task": ({"taskType": ...}, "taskType", "is required"),
    "a strange task": ({"taskType": "describe"}, "taskType", "is not one of caption"),
    "no model": ({"model": ...}, "model", "is required"),
    "no image": ({"inputs": {}}, "inputs.image", "is required"),
    "no inputs": ({"inputs": ...}, "inputs", "is required"),
    "a prompt in parts": ({"prompt": ["a"]}, "prompt", "is not of type string"),
    "a strange delivery": ({"deliveryMethod": "pigeon"}, "deliveryMethod", "one of sync, async"),
    "no flag": ({"includeCost": "yes"}, "includeCost", "is not of type boolean"),
    "no picture": ({"inputs": {"image": "QUJD"}}, "inputs.image", "no picture in base64"),
    "a cut picture": ({"inputs": {"image": PIXEL[:-40]}}, "inputs.image", "is a truncated PNG"),
    "a film": (
        {"inputs": {"image": "data:video/mp4;base64,AAAA"}},
        "inputs.image",
        "is no type of a picture",
    ),
    "a lost image": (
        {"inputs": {"image": "https://images.example.invalid/a.jpg"}},
        "inputs.image",
        "could not be fetched",
    ),
    "a webhook elsewhere": (
        {"webhookURL": "https://hooks.example.com/a"},
        "webhookURL",
        "is not on this machine",
    ),
}


@pytest.fixture
def task() -> Make:
    """Makes a task with a UUID of its own: a caption, or what the changes say."""

    def make(**changes: Json) -> Json:
        made: Json = {"taskType": "caption", "taskUUID": new_uuid(), "model": MODEL}
        made |= {"inputs": {"image": IMAGE}} | changes
        return {name: value for name, value in made.items() if value is not ...}

    return make


@pytest.fixture
def headers(target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of the provider of captions."""
    if "runware" not in target.keys:
        pytest.skip("runware is not asked for")
    return {"Authorization": f"Bearer {key('runware')}"}


@pytest.fixture
def send(client: httpx2.Client, headers: dict[str, str]) -> Send:
    """Sends tasks, and holds the answer to the laws of all answers."""

    def post(*tasks: Json) -> httpx2.Response:
        response = client.post("/v1", json=list(tasks), headers=headers)
        answer = response.json()
        task_laws.neither_list_is_empty(answer)
        task_laws.each_task_is_answered_once(tasks, answer)
        task_laws.results_are_of_the_kind_asked_for(tasks, answer)
        return response

    return post


@pytest.mark.parametrize(("prompt", "least", "most"), PROMPTS.values(), ids=PROMPTS)
def test_a_caption_has_the_sentences_asked_for(
    prompt: str, least: int, most: int, task: Make, send: Send, target: Target
) -> None:
    answer = send(task(prompt=prompt, inputs={"image": PIXEL})).json()
    (result,) = answer["data"]
    assert result["text"].strip()
    if not target.paid:  # real models miscount, those of the examples too
        task_laws.a_caption_keeps_to_its_sentences(result["text"], least, most)


@pytest.mark.mock_only
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_of_the_task_sees_the_same(form: Json, task: Make, send: Send) -> None:
    plain: Json = {"inputs": ..., "model": ...}
    response = send(task(**{**plain, **form}))
    assert response.status_code == 200, response.text
    text = response.json()["data"][0]["text"]
    assert "blue" in text
    assert "4" in text, "neither its width nor its height"


@pytest.mark.mock_only
def test_a_picture_made_here_is_known_again(
    client: httpx2.Client, key: FreshKey, task: Make, send: Send
) -> None:
    body = {"model": "m", "prompt": "A red fox in the snow", "size": "320x256"}
    credentials = {"Authorization": f"Bearer {key('runcrate')}"}
    url = client.post("/v1/images/generations", json=body, headers=credentials).json()
    address = url["data"][0]["url"]
    for image in (address, b64encode(client.get(address).content).decode()):
        text = send(task(inputs={"image": image})).json()["data"][0]["text"]
        assert "red fox in the snow" in text
        assert "320" in text


def test_costs_are_told_as_asked(task: Make, send: Send) -> None:
    tasks = [task(inputs={"image": PIXEL}, includeCost=wish) for wish in (True, False)]
    response = send(*tasks)
    task_laws.costs_are_told_as_asked(tasks, response.json())
    assert len(response.json()["data"]) == 2


@pytest.mark.mock_only
def test_good_and_bad_tasks_stand_side_by_side(task: Make, send: Send) -> None:
    tasks = [task(), task(model="runware:0@0"), task(inputs={}), task()]
    response = send(*tasks)
    assert response.status_code == 200
    answer = response.json()
    good = [each["taskUUID"] for each in answer["data"]]
    assert good == [tasks[0]["taskUUID"], tasks[3]["taskUUID"]]
    assert [each["code"] for each in answer["errors"]] == ["modelNotFound", "missingParameter"]


@pytest.mark.mock_only
@pytest.mark.parametrize("order", [("400", "404"), ("404", "400")], ids="-".join)
def test_where_all_fail_the_first_gives_the_status(
    order: tuple[str, str], task: Make, send: Send
) -> None:
    bad = {"400": task(inputs={}), "404": task(model="runware:0@0")}
    assert send(*[bad[each] for each in order]).status_code == int(order[0])


@pytest.mark.mock_only
@pytest.mark.parametrize(("change", "parameter", "rule"), WRONG.values(), ids=WRONG)
def test_the_error_names_field_and_task(
    change: dict[str, Json],
    parameter: str,
    rule: str,
    task: Make,
    client: httpx2.Client,
    headers: dict[str, str],
) -> None:
    wrong = task(**change)
    response = client.post("/v1", json=[wrong], headers=headers)
    assert response.status_code == 400
    answer = response.json()
    assert set(answer) == {"errors"}
    (error,) = answer["errors"]
    task_laws.an_error_names_field_and_task(error, parameter, wrong)
    assert rule in error["message"]


@pytest.mark.mock_only
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b"null", b'"a"', b"[[]]", b"[1]"], ids=str
)
def test_what_is_no_array_of_tasks_is_refused(
    body: bytes, client: httpx2.Client, headers: dict[str, str]
) -> None:
    sent = {**headers, "Content-Type": "application/json"}
    response = client.post("/v1", content=body, headers=sent)
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"]


def test_a_uuid_is_used_once(task: Make, send: Send, target: Target) -> None:
    if target.paid:
        pytest.skip("what becomes of a UUID that was used is not documented")
    one = task()
    assert send(one).status_code == 200
    again = send({**one, "taskUUID": one["taskUUID"].upper()})
    assert again.status_code == 400
    assert again.json()["errors"][0]["code"] == "conflictTaskUUID"
    first, second = send(two := task(), two).json().values()
    assert (len(first), second[0]["code"]) == (1, "conflictTaskUUID")


@pytest.mark.mock_only
def test_a_uuid_that_was_refused_is_still_free(task: Make, send: Send) -> None:
    one = task(inputs={})
    assert send(one).status_code == 400
    assert send({**one, "inputs": {"image": IMAGE}}).status_code == 200


@pytest.mark.mock_only
def test_an_uploaded_image_is_found_by_its_uuid_and_url(
    task: Make, send: Send, client: httpx2.Client, key: FreshKey
) -> None:
    upload = {"taskType": "imageUpload", "taskUUID": new_uuid(), "image": _green()}
    (kept,) = send(upload).json()["data"]
    for image in (kept["imageUUID"], kept["imageURL"]):
        text = send(task(inputs={"image": image})).json()["data"][0]["text"]
        assert "green" in text
        assert "30" in text
    stranger = {"Authorization": f"Bearer {key('runware')}"}
    asked = [task(inputs={"image": kept["imageUUID"]})]
    refused = client.post("/v1", json=asked, headers=stranger)
    assert refused.status_code == 404
    task_laws.an_error_names_field_and_task(refused.json()["errors"][0], "inputs.image", asked[0])


@pytest.mark.mock_only
def test_a_task_is_polled_until_it_is_done(
    task: Make, send: Send, client: httpx2.Client, headers: dict[str, str]
) -> None:
    one = task(deliveryMethod="async")
    task_laws.an_acknowledgement_has_one_item(send(one).json(), one["taskUUID"])
    mine, items = {"key": headers["Authorization"].removeprefix("Bearer ")}, []
    for _ in range(4):
        poll = {"taskType": "getResponse", "taskUUID": one["taskUUID"]}
        items.append(send(poll).json()["data"][0])
        client.post("/__mock__/clock", json={**mine, "advance": 0.4})
    task_laws.polls_only_go_forward(items)
    assert [items[0]["status"], items[-1]["status"]] == ["processing", "success"]
    assert items[-1]["taskUUID"] == one["taskUUID"]


@pytest.mark.mock_only
def test_a_sync_task_can_be_asked_after_too(task: Make, send: Send) -> None:
    one = task()
    (result,) = send(one).json()["data"]
    (polled,) = send({"taskType": "getResponse", "taskUUID": one["taskUUID"]}).json()["data"]
    assert polled == {**result, "status": "success"}
    (told,) = send({"taskType": "getTaskDetails", "taskUUID": one["taskUUID"]}).json()["data"]
    assert (told["request"], told["response"]) == ([one], {"data": [result]})


@pytest.mark.mock_only
@pytest.mark.parametrize("kind", ["getResponse", "getTaskDetails"])
def test_a_task_of_nobody_is_not_found(kind: str, send: Send) -> None:
    response = send(poll := {"taskType": kind, "taskUUID": new_uuid()})
    assert response.status_code == 404
    task_laws.an_error_names_field_and_task(response.json()["errors"][0], "taskUUID", poll)


@pytest.mark.mock_only
def test_a_key_may_come_as_the_first_task(task: Make, client: httpx2.Client, key: FreshKey) -> None:
    login = {"taskType": "authentication", "apiKey": key("runware")}
    answer = client.post("/v1", json=[login, task(), {"taskType": "ping", "ping": True}]).json()
    session, caption, pong = answer["data"]
    assert uuid.UUID(session["connectionSessionUUID"])
    assert caption["text"]
    assert pong == {"taskType": "ping", "pong": True}
    assert client.post("/v1", json=[task(), login]).status_code == 401


def _green() -> str:
    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (30, 20), (20, 160, 40)).save(data, "PNG")
    return b64encode(data.getvalue()).decode()
