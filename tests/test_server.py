"""A server in the test's own process: it begins, serves, ends, and leaves nothing behind."""

import gc
import logging
import socket
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from unittest import TestCase

import httpx2
import pytest
from openai import OpenAI
from openai.types.chat import ChatCompletionMessageParam

from mock_server import MockServer
from mock_server.settings import SettingsError
from tests.world import CHAT, ask

QUESTION: list[ChatCompletionMessageParam] = [{"role": "user", "content": "Why is the sea salt?"}]


def _read_stream(client: OpenAI, begun: threading.Event) -> str | None:
    """Why a streamed answer ended."""
    reason: str | None = None
    for chunk in client.chat.completions.create(
        model="deepseek-ai/DeepSeek-V3", messages=QUESTION, stream=True
    ):
        begun.set()
        reason = chunk.choices[0].finish_reason
    return reason


def test_it_serves_while_the_block_lasts_and_no_longer() -> None:
    before = threading.active_count()
    with MockServer() as mock:
        assert httpx2.get(f"{mock.url}/__mock__/health").json()["status"] == "ok"
    assert threading.active_count() == before
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(f"{mock.url}/__mock__/health")


def test_it_is_set_as_the_command_is() -> None:
    with MockServer(clock="virtual", rate_limit=1, strict=True, pace=None) as mock:
        headers = {"Authorization": f"Bearer {mock.key}"}
        statuses = [
            httpx2.post(mock.url + CHAT, json=ask("Hi"), headers=headers).status_code
            for _ in range(2)
        ]
        assert statuses == [200, 429]
        assert mock.now() == 1_767_225_600


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"sede": 7}, "--sede"),
        ({"seed": "seven"}, "--seed seven: expected a whole number"),
        ({"clock": "slow"}, "expected one of real, virtual"),
        ({"workers": 2}, "serves alone"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_before_anything_begins(
    settings: dict[str, object], words: str
) -> None:
    with pytest.raises(SettingsError, match=words):
        MockServer(**settings)


def test_a_start_that_fails_holds_nothing(tmp_path: object) -> None:
    server = MockServer(spec=f"{tmp_path}/none.yaml")
    for _ in range(2):
        with pytest.raises(ValueError, match=r"none\.yaml"):
            server.start()
    server.stop()


def test_a_port_can_be_asked_for_and_is_free_again_afterwards() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for _ in range(2):
        with MockServer(port=port) as mock:
            assert mock.url == f"http://127.0.0.1:{port}"
    with MockServer(port=port), pytest.raises(SettingsError, match="cannot listen"):
        MockServer(port=port).start()


def test_it_is_started_and_stopped_once_and_can_begin_anew() -> None:
    server = MockServer()
    first = server.start()
    assert server.start() is first
    server.stop()
    server.stop()
    second = server.start()
    assert second.journal() == []
    server.stop()


def test_streams_that_wait_are_ended_when_it_stops(caplog: pytest.LogCaptureFixture) -> None:
    with ThreadPoolExecutor() as pool, MockServer(clock="virtual", pace="ttft=0,itl=1") as mock:
        client = OpenAI(base_url=mock.openai_base_url, api_key=mock.key)
        begun = threading.Event()
        reading = pool.submit(_read_stream, client, begun)
        assert begun.wait(60)
    assert reading.result() == "stop"
    assert [each for each in caplog.records if each.levelno >= logging.WARNING] == []


def test_media_are_made_and_the_processes_that_make_them_end() -> None:
    with MockServer() as mock, OpenAI(base_url=mock.openai_base_url, api_key=mock.key) as client:
        made = client.images.generate(
            model="black-forest-labs/FLUX.1-schnell", prompt="A fox", response_format="b64_json"
        )
        assert made.data
        client.audio.speech.create(model="hexgrad/Kokoro-82M", voice="alloy", input="Hello there")
    gc.collect()  # what still holds a process or a pipe warns, which is an error


def test_two_do_not_know_each_other() -> None:
    with MockServer() as one, MockServer() as other:
        assert one.url != other.url
        headers = {"Authorization": f"Bearer {one.key}"}
        httpx2.post(one.url + CHAT, json=ask("Hi"), headers=headers)
        assert (len(one.journal()), len(other.journal())) == (1, 0)


class TestOfUnittest(TestCase):
    def setUp(self) -> None:
        self.mock = self.enterContext(MockServer())

    def test_it_can_be_used_there(self) -> None:
        self.mock.set(rate_limit=1)
        self.mock.skip_sleeps()
        with OpenAI(base_url=self.mock.openai_base_url, api_key=self.mock.key) as client:
            for _ in range(2):
                client.chat.completions.create(model="deepseek-ai/DeepSeek-V3", messages=QUESTION)
        self.assertEqual([each["status"] for each in self.mock.journal()], [200, 429, 200])


def test_one_that_is_never_stopped_does_not_hold_up_the_end_of_a_program() -> None:
    code = "from mock_server import MockServer; print(MockServer().start().now() > 0)"
    done = subprocess.run(
        [sys.executable, "-W", "error::ResourceWarning", "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "True\n", "")
