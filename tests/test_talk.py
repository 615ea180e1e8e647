"""Where a server has its WebSocket, and what a talk says of what it hears."""

import pytest

from contract_tests.notes import Broken
from contract_tests.talk import Closed, Talk, address
from contract_tests.tasks import caption

PONG = '{"data":[{"taskType":"ping","pong":true}]}'


class _Tape:
    """Says what was recorded, and closes after it."""

    def __init__(self, *texts: str) -> None:
        self.texts = list(texts)
        self.heard: list[str] = []

    def send(self, text: str) -> None:
        self.heard.append(text)

    def receive(self, seconds: float) -> str:
        if self.texts and self.texts[0] == "nothing":
            raise TimeoutError
        if not self.texts:
            raise Closed(1000)
        return self.texts.pop(0)

    def close(self) -> None:
        self.texts.clear()


def _talk(*texts: str) -> Talk:
    return Talk(_Tape(*texts), "ws://a/v1", 1.0)


@pytest.mark.parametrize(
    ("origin", "url"),
    [
        ("https://api.runware.ai", "wss://ws-api.runware.ai/v1"),
        ("http://127.0.0.1:8000", "ws://127.0.0.1:8000/v1"),
        ("https://gateway.example.com/runware", "wss://gateway.example.com/runware/v1"),
    ],
)
def test_a_provider_has_its_socket_on_a_host_of_its_own(origin: str, url: str) -> None:
    assert address(origin) == url


def test_answers_are_put_together() -> None:
    error = '{"errors":[{"code":"taskFailed","message":"No."}]}'
    answer = _talk(PONG, error).ask({"taskType": "ping"}, {"taskType": "ping"})
    assert [len(answer["data"]), len(answer["errors"])] == [1, 1]


def test_an_answer_of_nobody_is_found_out() -> None:
    task = caption()
    other = (
        f'{{"data":[{{"taskType":"caption","text":"A.","taskUUID":"{caption()["taskUUID"]}"}}]}}'
    )
    with pytest.raises(Broken, match="tasks-answers-name-their-task"):
        _talk(other).ask(task)


@pytest.mark.parametrize("text", ["[]", "{", "{}", '{"data":[],"errors":[]}'])
def test_a_message_that_may_not_be_is_found_out(text: str) -> None:
    with pytest.raises(Broken, match="socket-"):
        _talk(text).hear()


@pytest.mark.parametrize(("texts", "says"), [(("nothing",), "nothing came"), ((), "closed with")])
def test_silence_is_told(texts: tuple[str, ...], says: str) -> None:
    with pytest.raises(AssertionError, match=says):
        _talk(*texts).hear()


def test_the_end_is_told_by_its_code() -> None:
    assert _talk().end() == 1000
    for text in (PONG, "nothing"):
        with pytest.raises(AssertionError, match="still open"):
            _talk(text).end()
