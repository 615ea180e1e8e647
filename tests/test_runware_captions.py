"""Captions: every form of the task, what they say, what they cost, how they are scripted."""

from base64 import b64encode
from pathlib import Path

import pytest

from mock_server.accounts import Account
from mock_server.answer import answer
from mock_server.auth import identity
from mock_server.codec import encode
from mock_server.mock import Mock
from mock_server.pace import read_pace
from mock_server.protocols.runware.captions import cost
from mock_server.wire import Call, Reply
from tests.picture_factory import noise
from tests.runware import BICYCLE, KEY, PIXEL, Json, caption, error, new_uuid, poll, result, send
from tests.world import NOW, new_mock, post

PRICE = {"characters": 115, "dollars": 0.00064}


@pytest.fixture(scope="module")
def mock() -> Mock:
    return new_mock()


@pytest.mark.parametrize(
    ("length", "dollars"),
    # The four examples of the model, an empty text, and a very long one.
    [(441, 0.0026), (457, 0.0026), (351, 0.0019), (184, 0.0013), (0, 0.0006), (11_500, 0.064)],
)
def test_costs_are_those_of_the_examples(length: int, dollars: float) -> None:
    assert cost("x" * length, PRICE) == dollars


def test_a_result_is_named_as_the_examples_have_it(mock: Mock) -> None:
    task = caption()
    told = result(mock, task)
    assert list(told) == ["taskType", "taskUUID", "text", "cost"]
    assert (told["taskType"], told["taskUUID"]) == ("imageCaption", task["taskUUID"])
    assert "red bicycle" in told["text"]


@pytest.mark.parametrize(("wish", "is_told"), [(True, True), (False, False), (..., True)])
def test_the_cost_is_left_out_only_when_it_is_not_wanted(
    mock: Mock, wish: object, is_told: bool
) -> None:
    assert ("cost" in result(mock, caption(includeCost=wish))) == is_told


@pytest.mark.parametrize(
    "form",
    [
        {"inputs": {"image": f"data:image/png;base64,{PIXEL}"}},
        {"inputs": {"image": PIXEL}},
        {"inputs": ..., "inputImage": PIXEL},
        {"inputs": ..., "inputImages": [PIXEL]},
        {"taskType": "imageCaption", "inputs": ..., "inputImage": PIXEL, "model": ...},
        {"taskType": "imageCaption", "inputs": ..., "inputImages": [PIXEL], "model": ...},
        {"taskType": "imageCaption", "inputs": {"image": PIXEL}},
    ],
)
def test_each_form_brings_the_picture(mock: Mock, form: Json) -> None:
    text = result(mock, caption(**form))["text"]
    assert "blue" in text
    assert "PNG of 4 x 4" in text or "4 pixels wide" in text


def test_several_pictures_are_told_apart(mock: Mock) -> None:
    task = caption(inputs=..., inputImages=[BICYCLE, "https://a.example/green-boats.png"])
    text = result(mock, task)["text"]
    assert "red bicycle" in text
    assert "green boats" in text


def test_a_template_takes_the_place_of_the_prompt(mock: Mock) -> None:
    task = caption(taskType="imageCaption", template="Describe it in one sentence.")
    assert result(mock, task)["text"].count(".") == 1
    both = {**task, "taskUUID": new_uuid(), "prompt": "Anything"}
    assert error(mock, both)["parameter"] == "prompt"


@pytest.mark.parametrize("prompt", ["Describe it.", "In 4 sentences, please.", "", "What is it?"])
def test_captions_offer_nothing_more(mock: Mock, prompt: str) -> None:
    for number in range(5):
        image = f"https://a.example/red-boat-{number}.png"
        text = result(mock, caption(prompt=prompt, inputs={"image": image}))["text"]
        assert "Tell me" not in text
        assert "ask" not in text


def test_the_same_task_of_the_same_key_is_told_the_same() -> None:
    task = caption()
    first, second, other, seeded = (
        result(mock, task, key=key)["text"]
        for mock, key in (
            (new_mock(), KEY),
            (new_mock(), KEY),
            (new_mock(), "runware_other"),
            (new_mock(seed=5), KEY),
        )
    )
    assert first == second
    assert len({first, other, seeded}) > 1


def test_a_picture_that_was_made_here_is_known_by_its_prompt(mock: Mock) -> None:
    body = {"model": "m", "prompt": "A red fox in the snow", "size": "320x256"}
    url = post(mock, "/v1/images/generations", body).json["data"][0]["url"]
    text = result(mock, caption(inputs={"image": url}))["text"]
    assert "red fox in the snow" in text
    assert "320" in text


@pytest.mark.parametrize(
    ("change", "code", "status", "parameter"),
    [
        ({"model": "runware:0@0"}, "modelNotFound", 404, "model"),
        ({"model": ""}, "invalidParameter", 400, "model"),
        ({"inputs": {"image": new_uuid()}}, "mediaNotFound", 404, "inputs.image"),
        ({"inputs": {"image": "http://a.invalid"}}, "failedToTransferImage", 400, "inputs.image"),
        (
            {"inputs": {"image": "http://A.INVALID:80/a"}},
            "failedToTransferImage",
            400,
            "inputs.image",
        ),
        ({"inputs": {"image": "QUJD"}}, "invalidParameter", 400, "inputs.image"),
        (
            {"inputs": ..., "inputImage": "http://a.invalid"},
            "failedToTransferImage",
            400,
            "inputImage",
        ),
        (
            {"inputs": ..., "inputImages": [BICYCLE, "http://a.invalid"]},
            "failedToTransferImage",
            400,
            "inputImages[1]",
        ),
        ({"inputs": ..., "inputImages": [BICYCLE] * 21}, "invalidParameter", 400, "inputImages"),
        ({"webhookURL": "https://example.com"}, "invalidParameter", 400, "webhookURL"),
        ({"taskUUID": "slug"}, "invalidTaskUUID", 400, "taskUUID"),
        ({"taskUUID": ...}, "missingParameter", 400, "taskUUID"),
    ],
)
def test_what_is_wrong_is_named(
    mock: Mock, change: Json, code: str, status: int, parameter: str
) -> None:
    task = caption(**change)
    answered = send(mock, task)
    (told,) = answered.json["errors"]
    assert (answered.status, told["code"], told["parameter"]) == (status, code, parameter)
    assert told.get("taskUUID") == task.get("taskUUID")
    assert told["taskType"] == "caption"


@pytest.mark.parametrize("url", ["http://invalid.example/a", "http://a.example/b.invalid"])
def test_only_hosts_that_cannot_be_are_out_of_reach(mock: Mock, url: str) -> None:
    assert result(mock, caption(inputs={"image": url}))["text"]


def test_answers_take_their_time_over_all_tasks() -> None:
    slow = new_mock(pace=read_pace("ttft=1,itl=0.1"))
    headers = [(b"content-type", b"application/json"), (b"authorization", b"Bearer runware_a")]
    body = encode([caption(), caption(), {"taskType": "ping"}])
    reply, _ = answer(Call("POST", "/v1", b"", headers, body, NOW), slow)
    assert isinstance(reply, Reply)
    assert reply.after > 1


def test_a_caption_can_be_scripted(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text(
        "- {when: {text: busy}, error: {status: 429, message: Later, retry_after: 3}}\n"
        "- {when: {text: code}, error: {status: 400, code: nsfwContentDetected}}\n"
        "- {when: {text: empty}, answer: {text: ''}}\n"
        "- {when: {model: '*152@2'}, answer: {text: Two birds.}}\n"
        "- {when: {text: slow}, job: {seconds: 60}}\n"
        "- when: {text: doomed}\n"
        "  job: {seconds: 5, error: {message: Lost, code: timeoutProvider}}\n"
    )
    mock = new_mock(scenarios=path)
    assert result(mock, caption(model="runware:152@2"))["text"] == "Two birds."
    assert result(mock, caption(prompt="empty"))["text"]
    busy = caption(prompt="busy")
    answered = send(mock, busy)
    assert (answered.status, answered.headers["retry-after"]) == (429, "3")
    assert answered.json["errors"][0]["code"] == "rateLimitExceeded"
    assert answered.exchange.error == "Later"
    # The same UUID is good once the queue has room again (RW-135).
    assert result(mock, {**busy, "prompt": "calm"})["text"]
    assert error(mock, caption(prompt="code"))["code"] == "nsfwContentDetected"
    slow, doomed = (caption(prompt=word, deliveryMethod="async") for word in ("slow", "doomed"))
    assert len(send(mock, slow, doomed).json["data"]) == 2
    assert result(mock, poll(slow), now=NOW + 59)["status"] == "processing"
    assert result(mock, poll(slow), now=NOW + 60)["status"] == "success"
    assert result(mock, poll(doomed), now=NOW + 4)["status"] == "processing"
    answered = send(mock, poll(doomed), now=NOW + 5)
    assert answered.status == 200, "that the task failed is no fault of the poll"
    told = answered.json["errors"][0]
    assert (told["code"], told["message"], told["status"]) == ("timeoutProvider", "Lost", "error")
    assert (told["taskUUID"], told["taskType"]) == (doomed["taskUUID"], "caption")


def test_a_large_picture_costs_no_row(mock: Mock) -> None:
    task = caption(inputs={"image": b64encode(noise(size=(300, 300))).decode()})
    assert result(mock, task)["text"]
    details = result(mock, {"taskType": "getTaskDetails", "taskUUID": task["taskUUID"]})
    assert len(details["request"][0]["inputs"]["image"]) == 1_001


def test_a_key_pays_for_its_captions_until_nothing_is_left() -> None:
    mock = new_mock()
    key = identity(KEY, None).id
    mock.store.ledger.open(key, Account(balance=4_000))
    first = result(mock, caption())
    left = mock.store.ledger.account(key)
    assert left is not None
    assert left.balance == 4_000 - round(first["cost"] * 1_000_000)
    for change in ({"includeCost": False}, {"deliveryMethod": "async"}):
        before = mock.store.ledger.account(key)
        assert result(mock, caption(**change)), "what is not told is paid as well"
        after = mock.store.ledger.account(key)
        assert before is not None and after is not None
        assert after.spent > before.spent
    for _ in range(4):
        send(mock, caption())
    answered = send(mock, caption())
    assert answered.status == 402
    assert answered.json["errors"][0]["code"] == "insufficientCredits"


def test_a_key_may_have_models_of_its_own() -> None:
    mock = new_mock()
    mock.store.ledger.open(identity(KEY, None).id, Account(models=("runware:152@2",)))
    answered = send(mock, caption(), caption(model="runware:152@2"))
    (told,) = answered.json["errors"]
    assert (told["code"], told["parameter"]) == ("insufficientApiKeyPermissions", "model")
    assert len(answered.json["data"]) == 1
