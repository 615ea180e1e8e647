"""What is sent to webhooks: the item alone, in its time, by HTTP and by WebSocket alike."""

import json
from pathlib import Path

import pytest

from mock_server.answer import answer, connect
from mock_server.codec import encode
from mock_server.mock import Mock
from mock_server.wire import Call, Post, Reply
from tests.runware import KEY, Json, caption
from tests.world import NOW, new_mock

HOOK = "http://127.0.0.1:9/hook?token=a"


def sent(mock: Mock, *tasks: Json) -> tuple[Post, ...]:
    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {KEY}".encode())]
    reply, _ = answer(Call("POST", "/v1", b"", headers, encode(list(tasks)), NOW), mock)
    assert isinstance(reply, Reply)
    assert reply.status == 200
    return reply.posts


def test_a_finished_item_is_sent_alone() -> None:
    task = caption(webhookURL=HOOK)
    (post,) = sent(new_mock(), task, caption())
    item = json.loads(post.body)
    assert (item["taskUUID"], item["status"]) == (task["taskUUID"], "success")
    assert item["text"]
    assert (post.url, post.patience) == (HOOK, 5.0)
    assert post.pauses[0] == 0


def test_a_polled_task_is_sent_when_it_is_done() -> None:
    (post,) = sent(new_mock(), caption(webhookURL=HOOK, deliveryMethod="async"))
    first, *later = post.pauses
    assert first == 1.0
    wanted = [0.25, 0.5, 1, 2, 4, 8, 8]
    for pause, least in zip(later, wanted, strict=True):
        assert least <= pause <= least * 1.25
    assert later != wanted, "attempts scatter"


def test_a_failed_task_is_sent_too(tmp_path: Path) -> None:
    path = tmp_path / "script.yaml"
    path.write_text("- {job: {seconds: 3, error: {message: Broken}}}")
    task = caption(webhookURL=HOOK, deliveryMethod="async")
    (post,) = sent(new_mock(scenarios=path), task)
    item = json.loads(post.body)
    assert (item["code"], item["message"], item["status"]) == ("taskFailed", "Broken", "error")
    assert item["taskUUID"] == task["taskUUID"]
    assert post.pauses[0] == 3


def test_without_a_url_nothing_is_sent() -> None:
    assert sent(new_mock(), caption(), caption(deliveryMethod="async")) == ()


def test_a_connection_sends_them_as_well() -> None:
    connection = connect(Call("GET", "/v1", b"", [], b"", NOW), new_mock())
    assert connection is not None
    login = {"taskType": "authentication", "apiKey": KEY}
    session, told, bare = connection.receive(
        encode([login, caption(webhookURL=HOOK), caption()]), NOW
    )
    assert [len(each.posts) for each in (session, told, bare)] == [0, 1, 0]


@pytest.mark.parametrize("url", ["https://hooks.example.com/a", "http://10.0.0.1/", "http://[", ""])
def test_other_machines_are_refused(url: str) -> None:
    from tests.runware import error

    told = error(new_mock(), caption(webhookURL=url))
    assert told["parameter"] == "webhookURL"
