"""Runware's tasks: captions in every form, batches, uploads, polls, webhooks; and refusals."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from queue import Empty, Queue
from threading import Thread
from typing import Any

import httpx2
import pytest

from contract_tests import task_laws
from contract_tests.asking import answer_of
from contract_tests.conftest import FreshKey
from contract_tests.lacking import expect_status
from contract_tests.notes import NotReached
from contract_tests.target import Target
from contract_tests.tasks import IMAGE, MODEL, PIXEL, caption, new_uuid, poll

Json = Any
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
}
# Images that are none, and what is said of them.
NO_IMAGES = {
    "no picture": ("QUJD", "no picture in base64"),
    "a cut picture": (PIXEL[:-40], "is a truncated PNG"),
    "a film": ("data:video/mp4;base64,AAAA", "is no type of a picture"),
    "a lost image": ("https://images.example.invalid/a.jpg", "could not be fetched"),
}
PING = {"taskType": "ping", "ping": True}
STRANGER = "runware_invalid_1"


@pytest.fixture
def headers(target: Target, key: FreshKey) -> dict[str, str]:
    """The credentials of the provider of captions."""
    if "runware" not in target.keys:
        pytest.skip("runware is not asked for")
    return {"Authorization": f"Bearer {key('runware')}"}


@pytest.fixture
def send(client: httpx2.Client, headers: dict[str, str]) -> Send:
    """Sends tasks."""

    def post(*tasks: Json) -> httpx2.Response:
        return client.post("/v1", json=list(tasks), headers=headers)

    return post


@pytest.fixture
def advance(client: httpx2.Client, headers: dict[str, str]) -> Callable[[float], None]:
    """Lets so many seconds pass for the key of this test."""

    def wait(seconds: float) -> None:
        wish = {"key": headers["Authorization"].removeprefix("Bearer "), "advance": seconds}
        client.post("/__mock__/clock", json=wish).raise_for_status()

    return wait


# --- Captions ------------------------------------------------------------------------------------


@pytest.mark.smoke
@pytest.mark.clauses(
    "tasks-lists-are-never-empty",
    "tasks-are-answered-each",
    "tasks-answers-name-their-task",
    "tasks-results-are-of-their-kind",
    "tasks-have-no-rate-headers",
    "caption-has-a-text",
    "caption-cost-is-told-when-asked-for",
)
def test_a_caption_is_answered(send: Send) -> None:
    answer_of(send(caption(inputs={"image": PIXEL}, includeCost=True)))


@pytest.mark.clauses("tasks-come-in-an-array")
def test_one_task_alone_is_taken(send: Send) -> None:
    response = send(caption(inputs={"image": PIXEL}))
    expect_status(response, 200)


@pytest.mark.mock_only
@pytest.mark.clauses("caption-sentences")
@pytest.mark.parametrize(("prompt", "least", "most"), PROMPTS.values(), ids=PROMPTS)
def test_a_caption_has_the_sentences_asked_for(
    prompt: str, least: int, most: int, send: Send
) -> None:
    (result,) = send(caption(prompt=prompt, inputs={"image": PIXEL})).json()["data"]
    task_laws.a_caption_keeps_to_its_sentences(result["text"], least, most)


@pytest.mark.clauses("caption-prompt-is-optional")
def test_without_a_prompt_the_image_is_described(send: Send) -> None:
    response = send(caption(inputs={"image": PIXEL}))
    expect_status(response, 200)


@pytest.mark.clauses("caption-cost-is-told-unasked")
def test_a_cost_is_told_unasked(send: Send) -> None:
    answer_of(send(caption()))


@pytest.mark.mock_only
@pytest.mark.clauses("caption-older-forms")
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_of_the_task_is_taken(form: Json, send: Send) -> None:
    expect_status(send(_formed(form)), 200)


@pytest.mark.mock_only
@pytest.mark.clauses("caption-sees-the-image")
@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_every_form_of_the_task_sees_the_same(form: Json, send: Send) -> None:
    text = answer_of(send(_formed(form)))["data"][0]["text"]
    assert "blue" in text
    assert "4" in text, "neither its width nor its height"


@pytest.mark.clauses("caption-image-formats")
@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP"])
def test_each_documented_format_is_taken(name: str, send: Send) -> None:
    image = f"data:image/{name.lower()};base64,{_green(name)}"
    response = send(caption(inputs={"image": image}, prompt="Name the colour."))
    expect_status(response, 200)


@pytest.mark.clauses("caption-image-by-url")
def test_an_image_is_taken_by_its_url(send: Send, target: Target) -> None:
    _needs_no_picture_there(target)
    response = send(caption())
    expect_status(response, 200)


@pytest.mark.mock_only
@pytest.mark.clauses("caption-knows-pictures-made-here")
def test_a_picture_made_here_is_known_again(
    client: httpx2.Client, key: FreshKey, send: Send
) -> None:
    body = {"model": "m", "prompt": "A red fox in the snow", "size": "320x256"}
    credentials = {"Authorization": f"Bearer {key('runcrate')}"}
    url = client.post("/v1/images/generations", json=body, headers=credentials).json()
    address = url["data"][0]["url"]
    for image in (address, b64encode(client.get(address).content).decode()):
        text = send(caption(inputs={"image": image})).json()["data"][0]["text"]
        assert "red fox in the snow" in text
        assert "320" in text


# --- Batches -------------------------------------------------------------------------------------


@pytest.mark.clauses(
    "tasks-are-answered-each",
    "tasks-answers-name-their-task",
    "caption-cost-is-told-when-asked-for",
    "caption-cost-can-be-declined",
)
def test_costs_are_told_as_asked(send: Send) -> None:
    answer_of(send(*[caption(inputs={"image": PIXEL}, includeCost=each) for each in (True, False)]))


@pytest.mark.clauses("tasks-fail-alone")
def test_good_and_bad_tasks_stand_side_by_side(send: Send) -> None:
    tasks = [caption(inputs={"image": PIXEL}), caption(inputs={})]
    answer = send(*tasks).json()
    assert [each["taskUUID"] for each in answer.get("data", ())] == [tasks[0]["taskUUID"]]
    assert len(answer["errors"]) == 1


@pytest.mark.clauses("tasks-are-answered-each")
def test_where_all_fail_each_failure_is_told(send: Send) -> None:
    assert len(send(caption(inputs={}), caption(inputs={})).json()["errors"]) == 2


@pytest.mark.clauses("tasks-in-part-done-are-a-200")
def test_what_is_done_in_part_is_a_200(send: Send) -> None:
    expect_status(send(caption(inputs={}), caption(inputs={"image": PIXEL})), 200)


@pytest.mark.mock_only
@pytest.mark.clauses("tasks-first-failure-gives-the-status")
@pytest.mark.parametrize("order", [("400", "404"), ("404", "400")], ids="-".join)
def test_where_all_fail_the_first_gives_the_status(order: tuple[str, str], send: Send) -> None:
    bad = {"400": caption(inputs={}), "404": caption(model="runware:0@0")}
    expect_status(send(*[bad[each] for each in order]), int(order[0]))


# --- Refusals ------------------------------------------------------------------------------------


@pytest.mark.clauses("tasks-bad-ones-are-a-400")
def test_a_caption_without_an_image_is_a_400(send: Send) -> None:
    expect_status(send(caption(inputs={})), 400)


@pytest.mark.smoke
@pytest.mark.clauses("tasks-failures-stand-in-errors", "task-error-has-code-and-message")
def test_a_caption_without_an_image_is_refused(send: Send) -> None:
    if send(caption(inputs={})).status_code != 400:
        raise NotReached("it is not refused with a 400")


@pytest.mark.clauses("task-error-names-the-task")
def test_the_error_names_the_task(send: Send) -> None:
    wrong = caption(inputs={})
    (error,) = send(wrong).json()["errors"]
    task_laws.an_error_names_the_task(error, wrong)


@pytest.mark.mock_only
@pytest.mark.clauses("task-error-names-the-field")
@pytest.mark.parametrize(("change", "parameter", "rule"), WRONG.values(), ids=WRONG)
def test_the_error_names_the_field(
    change: dict[str, Json], parameter: str, rule: str, send: Send
) -> None:
    answer = send(caption(**change)).json()
    assert set(answer) == {"errors"}
    (error,) = answer["errors"]
    task_laws.an_error_names_the_field(error, parameter)
    assert rule in error["message"]


@pytest.mark.mock_only
@pytest.mark.clauses("caption-image-is-looked-at")
@pytest.mark.parametrize(("image", "rule"), NO_IMAGES.values(), ids=NO_IMAGES)
def test_what_is_no_image_is_refused(image: str, rule: str, send: Send) -> None:
    response = send(caption(inputs={"image": image}))
    expect_status(response, 400)
    (error,) = response.json()["errors"]
    task_laws.an_error_names_the_field(error, "inputs.image")
    assert rule in error["message"]


@pytest.mark.mock_only
@pytest.mark.clauses("tasks-in-no-array-are-refused")
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b"null", b'"a"', b"[[]]", b"[1]"], ids=str
)
def test_what_is_no_array_of_tasks_is_refused(
    body: bytes, client: httpx2.Client, headers: dict[str, str]
) -> None:
    sent = {**headers, "Content-Type": "application/json"}
    response = client.post("/v1", content=body, headers=sent)
    expect_status(response, 400)
    assert response.json()["errors"][0]["code"]


@pytest.mark.clauses("tasks-of-no-model-are-a-404")
def test_an_unknown_model_is_not_found(send: Send) -> None:
    expect_status(send(caption(model="runware:0@0")), 404)


@pytest.mark.mock_only
@pytest.mark.clauses("tasks-without-credit-are-a-402")
def test_an_empty_account_is_a_402(
    send: Send, client: httpx2.Client, headers: dict[str, str]
) -> None:
    _open_account(client, headers, balance=0)
    expect_status(send(caption()), 402)


@pytest.mark.mock_only
@pytest.mark.clauses("tasks-not-allowed-are-a-403")
def test_a_model_that_the_key_may_not_use_is_a_403(
    send: Send, client: httpx2.Client, headers: dict[str, str]
) -> None:
    _open_account(client, headers, models=["runware:151@1"])
    expect_status(send(caption()), 403)


@pytest.mark.mock_only
@pytest.mark.clauses("tasks-too-many-are-told-by-status")
@pytest.mark.parametrize("status", [429, 503, 504])
def test_too_much_work_is_told_by_status(
    status: int, client: httpx2.Client, headers: dict[str, str]
) -> None:
    sent = {**headers, "Prefer": f"code={status}"}
    expect_status(client.post("/v1", json=[caption()], headers=sent), status)


@pytest.mark.mock_only
@pytest.mark.clauses("tasks-timed-out-have-a-status")
def test_what_took_too_long_has_failed(client: httpx2.Client, headers: dict[str, str]) -> None:
    response = client.post("/v1", json=[caption()], headers={**headers, "Prefer": "code=504"})
    assert response.json()["errors"][0]["status"] == "error"


# --- Keys ----------------------------------------------------------------------------------------


@pytest.fixture
def login(headers: dict[str, str]) -> Json:
    """The credentials as a task."""
    return {
        "taskType": "authentication",
        "apiKey": headers["Authorization"].removeprefix("Bearer "),
    }


@pytest.mark.clauses("tasks-take-a-bearer-key")
def test_a_key_may_come_as_a_bearer_token(send: Send) -> None:
    expect_status(send(PING), 200)


@pytest.mark.clauses("tasks-take-a-key-in-the-first-task")
def test_a_key_may_come_as_the_first_task(client: httpx2.Client, login: Json) -> None:
    response = client.post("/v1", json=[login, PING])
    expect_status(response, 200)


@pytest.mark.clauses("tasks-open-a-session")
def test_a_key_in_a_task_opens_a_session(client: httpx2.Client, login: Json) -> None:
    told = answer_of(client.post("/v1", json=[login, PING]))["data"]
    assert [each["taskType"] for each in told] == ["authentication", "ping"]


@pytest.mark.clauses("tasks-take-a-key-first-or-never")
def test_a_key_behind_another_task_lets_nobody_in(client: httpx2.Client, login: Json) -> None:
    expect_status(client.post("/v1", json=[PING, login]), 401)


@pytest.mark.clauses("tasks-refused-keys-are-told")
@pytest.mark.parametrize("sent", [{}, {"Authorization": f"Bearer {STRANGER}"}], ids=["none", "bad"])
def test_a_key_that_is_not_known_is_told(
    sent: dict[str, str], client: httpx2.Client, headers: dict[str, str]
) -> None:
    if client.post("/v1", json=[PING], headers=sent).status_code != 401:
        raise NotReached("it is not refused with a 401")


# --- UUIDs ---------------------------------------------------------------------------------------


@pytest.mark.clauses("task-uuid-has-any-version")
def test_a_uuid_may_have_another_version(send: Send) -> None:
    other = new_uuid()
    response = send(caption(taskUUID=f"{other[:14]}7{other[15:]}", inputs={"image": PIXEL}))
    expect_status(response, 200)


@pytest.mark.mock_only
@pytest.mark.clauses("task-uuid-is-used-once")
def test_a_uuid_is_used_once(send: Send) -> None:
    one = caption()
    expect_status(send(one), 200)
    again = send({**one, "taskUUID": one["taskUUID"].upper()})
    expect_status(again, 400)
    assert again.json()["errors"][0]["code"] == "conflictTaskUUID"
    first, second = send(two := caption(), two).json().values()
    assert (len(first), second[0]["code"]) == (1, "conflictTaskUUID")


@pytest.mark.clauses("task-uuid-refused-is-free")
def test_a_uuid_that_was_refused_is_still_free(send: Send) -> None:
    one = caption(inputs={})
    expect_status(send(one), 400)
    expect_status(send({**one, "inputs": {"image": PIXEL}}), 200)


# --- Uploads -------------------------------------------------------------------------------------


@pytest.mark.clauses("upload-formats")
@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
def test_each_format_can_be_uploaded(name: str, send: Send) -> None:
    upload = {"taskType": "imageUpload", "taskUUID": new_uuid(), "image": _green(name)}
    expect_status(send(upload), 200)


@pytest.mark.clauses("upload-by-url")
def test_an_image_is_uploaded_by_its_url(send: Send, target: Target) -> None:
    _needs_no_picture_there(target)
    upload = {"taskType": "imageUpload", "taskUUID": new_uuid(), "image": IMAGE}
    response = send(upload)
    expect_status(response, 200)


@pytest.mark.mock_only
@pytest.mark.clauses("caption-image-by-uuid")
def test_an_uploaded_image_is_found_by_its_uuid_and_url(send: Send) -> None:
    kept = _uploaded(send)
    for image in (kept["imageUUID"], kept["imageURL"]):
        response = send(caption(inputs={"image": image}))
        expect_status(response, 200)
        text = response.json()["data"][0]["text"]
        assert "green" in text
        assert "30" in text


@pytest.mark.mock_only
@pytest.mark.clauses("upload-belongs-to-its-key")
def test_an_image_is_not_found_with_another_key(
    send: Send, client: httpx2.Client, key: FreshKey
) -> None:
    stranger = {"Authorization": f"Bearer {key('runware')}"}
    asked = [caption(inputs={"image": _uploaded(send)["imageUUID"]})]
    refused = client.post("/v1", json=asked, headers=stranger)
    expect_status(refused, 404)
    task_laws.an_error_names_field_and_task(refused.json()["errors"][0], "inputs.image", asked[0])


# --- Tasks that are asked after ------------------------------------------------------------------


Polled = Callable[[], list[Json]]


@pytest.fixture
def polled(send: Send, advance: Callable[[float], None]) -> Polled:
    """Submits a task, and polls it until it is done for long."""

    def polls() -> list[Json]:
        one, items = caption(deliveryMethod="async"), []
        answer_of(send(one))
        for _ in range(5):
            items += answer_of(send(poll(one)))["data"]
            advance(0.4)
        return items

    return polls


@pytest.mark.clauses("task-async-is-acknowledged")
def test_a_task_to_be_polled_is_acknowledged(send: Send) -> None:
    answer_of(send(caption(inputs={"image": PIXEL}, deliveryMethod="async")))


@pytest.mark.mock_only
@pytest.mark.clauses("poll-tells-a-state", "poll-progress-ends", "poll-is-of-the-first-kind")
def test_a_task_is_polled(polled: Polled) -> None:
    if not all(polled()):
        raise NotReached("nothing is told of the task")


@pytest.mark.mock_only
@pytest.mark.clauses("poll-goes-forward")
def test_a_task_only_goes_forward(polled: Polled) -> None:
    items = polled()
    task_laws.polls_only_go_forward(items)
    assert [items[0]["status"], items[-1]["status"]] == ["processing", "success"]


@pytest.mark.mock_only
@pytest.mark.clauses("poll-says-the-same-again")
def test_a_finished_task_stays_as_it_is(polled: Polled) -> None:
    *_, last_but_one, last = polled()
    assert last == last_but_one


@pytest.mark.clauses("poll-of-a-sync-task")
def test_a_sync_task_can_be_asked_after_too(send: Send) -> None:
    answer_of(send(one := caption(inputs={"image": PIXEL})))
    expect_status(send(poll(one)), 200)


@pytest.mark.clauses("poll-brings-the-whole-result")
def test_a_poll_brings_the_whole_result(send: Send) -> None:
    one = caption(inputs={"image": PIXEL}, includeCost=True)
    (result,) = answer_of(send(one))["data"]
    (polled,) = answer_of(send(poll(one)))["data"]
    assert polled == {**result, "status": "success"}


@pytest.mark.mock_only
@pytest.mark.clauses("poll-of-a-failed-task")
def test_the_failure_of_a_task_is_told_at_its_end(
    send: Send, advance: Callable[[float], None], target: Target
) -> None:
    if target.url is not None:
        pytest.skip("only the mock in this process lets a task fail on demand")
    one = caption(deliveryMethod="async", prompt="This task has to fail.")
    expect_status(send(one), 200)
    advance(1.0)
    response = send(poll(one))
    expect_status(response, 200)
    (error,) = response.json()["errors"]
    task_laws.an_error_names_the_task(error, one)
    assert error.get("status") == "error"


@pytest.mark.clauses("task-details-are-copies")
def test_the_details_of_a_task_are_copies(send: Send) -> None:
    one = caption(inputs={"image": PIXEL})
    (result,) = send(one).json()["data"]
    (told,) = send({**poll(one), "taskType": "getTaskDetails"}).json()["data"]
    assert (told["request"], told["response"]) == ([one], {"data": [result]})


@pytest.mark.clauses("tasks-of-nobody-are-a-404")
@pytest.mark.parametrize("kind", ["getResponse", "getTaskDetails"])
def test_a_task_of_nobody_is_not_found(kind: str, send: Send) -> None:
    response = send(wanted := {"taskType": kind, "taskUUID": new_uuid()})
    expect_status(response, 404)
    task_laws.an_error_names_field_and_task(response.json()["errors"][0], "taskUUID", wanted)


# --- Webhooks ------------------------------------------------------------------------------------


class Mailbox(ThreadingHTTPServer):
    """Takes webhooks on this machine, each the second time that it comes."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Slot)
        self.taken = Queue[tuple[str, bytes]]()
        self.count = 0

    @property
    def url(self) -> str:
        """Where to send, with a secret."""
        return f"http://127.0.0.1:{self.server_address[1]}/hook?token=letmein"

    def next(self) -> tuple[str, Json]:
        """The path and the JSON of what came next; raises NotReached where nothing does."""
        try:
            path, body = self.taken.get(timeout=3)
        except Empty:
            raise NotReached("nothing was posted") from None
        return path, json.loads(body)


class _Slot(BaseHTTPRequestHandler):
    server: Mailbox

    def do_POST(self) -> None:
        """Keep what comes."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.count += 1
        self.send_response(503 if self.server.count == 1 else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()
        self.server.taken.put((self.path, body))

    def log_message(self, *_: object) -> None:
        """Say nothing of it."""


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Where webhooks can be sent to."""
    with Mailbox() as server:
        thread = Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.mock_only
@pytest.mark.clauses("webhook-stays-on-this-machine")
def test_a_webhook_elsewhere_is_refused(send: Send) -> None:
    response = send(caption(webhookURL="https://hooks.example.com/a"))
    expect_status(response, 400)
    assert "is not on this machine" in response.json()["errors"][0]["message"]


@pytest.mark.mock_only
@pytest.mark.clauses("webhook-gets-the-result")
def test_a_webhook_gets_the_result(send: Send, mailbox: Mailbox) -> None:
    answer_of(send(caption(webhookURL=mailbox.url)))
    assert mailbox.taken.get(timeout=3)


@pytest.mark.mock_only
@pytest.mark.clauses("webhook-body-is-the-item")
def test_a_webhook_gets_the_item_alone(send: Send, mailbox: Mailbox) -> None:
    (result,) = answer_of(send(caption(webhookURL=mailbox.url)))["data"]
    assert mailbox.next()[1] == {**result, "status": "success"}


@pytest.mark.mock_only
@pytest.mark.clauses("webhook-keeps-its-query")
def test_a_webhook_keeps_its_query(send: Send, mailbox: Mailbox) -> None:
    answer_of(send(caption(webhookURL=mailbox.url)))
    assert mailbox.next()[0] == "/hook?token=letmein"


@pytest.mark.mock_only
@pytest.mark.clauses("webhook-is-tried-again")
def test_a_webhook_is_tried_again_until_it_is_taken(
    send: Send, mailbox: Mailbox, advance: Callable[[float], None]
) -> None:
    answer_of(send(caption(webhookURL=mailbox.url, deliveryMethod="async")))
    advance(1.0)
    first = mailbox.next()
    advance(1.0)
    assert mailbox.taken.get(timeout=3)[0] == first[0]


# --- What the tests have in common ---------------------------------------------------------------


def _needs_no_picture_there(target: Target) -> None:
    if target.paid:
        pytest.skip("there is no picture at example.com (RFC 2606)")


def _formed(form: Json) -> Json:
    """A caption in another form."""
    plain: Json = {"inputs": ..., "model": ...}
    return caption(**{**plain, **form})


def _open_account(client: httpx2.Client, headers: dict[str, str], **own: Json) -> None:
    mine = headers["Authorization"].removeprefix("Bearer ")
    client.put(f"/__mock__/keys/{mine}", json=own).raise_for_status()


def _uploaded(send: Send) -> Json:
    upload = {"taskType": "imageUpload", "taskUUID": new_uuid(), "image": _green("PNG")}
    return answer_of(send(upload))["data"][0]


def _green(name: str) -> str:
    from PIL import Image

    data = BytesIO()
    Image.new("RGB", (30, 20), (20, 160, 40)).save(data, name)
    return b64encode(data.getvalue()).decode()
