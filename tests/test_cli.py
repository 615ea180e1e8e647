"""The command: what it prints, what it refuses, how it stops."""

import io
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest

from mock_server.cli import main
from tests.world import CHAT, ask


@contextmanager
def _server(*options: str) -> Iterator[tuple[str, list[str], "subprocess.Popen[str]"]]:
    command = [sys.executable, "-m", "mock_server", "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = [process.stdout.readline()]
    while "/__mock__/" not in lines[-1]:
        lines.append(process.stdout.readline())
        assert lines[-1], "the server ended before it served"
    try:
        yield lines[0].rpartition(" at ")[2].strip(), lines, process
    finally:
        process.terminate()
        process.wait(20)
        process.stdout.close()


def test_the_start_block_has_a_base_url_and_a_key_for_each_provider() -> None:
    with _server() as (origin, lines, _):
        block = "".join(lines)
    for provider, key in (
        ("Runcrate", "rc_live_test"),
        ("RuAPI", "sk-test"),
        ("Runware", "runware_test"),
    ):
        line = next(line for line in lines if line.strip().startswith(provider))
        assert f"{origin}/v1" in line
        assert key in line
    assert "Anthropic SDK" in block
    assert f"{origin.replace('http', 'ws')}/v1" in block


def test_it_stops_at_once_when_told(served: str) -> None:
    with _server() as (origin, _, process):
        assert httpx2.get(f"{origin}/__mock__/health").status_code == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) in (0, -signal.SIGTERM)


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        (["--port", "70000"], "port from 0 to 65535"),
        (["--port", "many"], "--port many"),
        (["--rate-limit", "-1"], "expected 0 or more"),
        (["--clock", "broken"], "one of real, virtual"),
        (["--store", "redis://there"], "memory or sqlite:PATH"),
        (["--max-body", "big"], "such as 25MB"),
        (["--spec", "/no/such/file.yaml"], "/no/such/file.yaml"),
        (["--scenarios", "/no/such/file.yaml"], "/no/such/file.yaml"),
        (["--keys", "/no/such/file"], "/no/such/file"),
        (["--workers", "2", "--clock", "virtual"], "--workers"),
    ],
)
def test_what_cannot_be_is_said_in_a_sentence(
    argv: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    port = [] if "--port" in argv else ["--port", "0"]
    assert main([*argv, *port], {}, io.StringIO()) == 2
    said = capsys.readouterr().err
    assert said.startswith("mock-server: ")
    assert words in said


def test_a_taken_port_is_said_in_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["--port", port], {}, io.StringIO()) == 2
    assert f"cannot listen on 127.0.0.1:{port}" in capsys.readouterr().err


def test_workers_share_one_limit() -> None:
    headers = {"Authorization": "Bearer rc_live_workers"}
    with _server("--workers", "2", "--rate-limit", "10") as (origin, _, _process):
        statuses = []
        for _ in range(20):
            # A new connection each time, so that both workers get their share.
            answer = httpx2.post(f"{origin}{CHAT}", json=ask("hi"), headers=headers, timeout=20)
            statuses.append(answer.status_code)
    assert statuses == [200] * 10 + [429] * 10


def test_any_worker_serves_the_pictures_of_the_others() -> None:
    headers = {"Authorization": "Bearer rc_live_painter"}
    body = {"model": "m", "prompt": "A red fox", "size": "256x256"}
    with _server("--workers", "2") as (origin, _, _process):
        answer = httpx2.post(f"{origin}/v1/images/generations", json=body, headers=headers)
        [entry] = answer.json()["data"]
        statuses = {httpx2.get(entry["url"], timeout=20).status_code for _ in range(12)}
    assert statuses == {200}


def test_a_store_in_a_file_outlives_the_server(tmp_path: Path) -> None:
    headers = {"Authorization": "Bearer rc_live_kept"}
    options = ("--store", f"sqlite:{tmp_path / 'state.db'}")
    remaining = []
    for _ in range(2):
        with _server(*options) as (origin, _, _process):
            answer = httpx2.post(f"{origin}{CHAT}", json=ask("hi"), headers=headers)
            remaining.append(int(answer.headers["x-ratelimit-remaining"]))
    assert remaining == [59, 58]


def test_a_closed_list_lets_in_its_own_keys_and_the_ready_ones(tmp_path: Path) -> None:
    path = tmp_path / "keys"
    path.write_text("# ours\nrc_live_ours\n")
    with _server("--keys", str(path)) as (origin, _, _process):
        statuses = [
            httpx2.get(
                f"{origin}/v1/models", headers={"Authorization": f"Bearer {key}"}
            ).status_code
            for key in ("rc_live_ours", "rc_live_test", "rc_live_other")
        ]
    assert statuses == [200, 200, 401]


def test_ctrl_c_ends_it_in_silence() -> None:
    command = [sys.executable, "-m", "mock_server", "--port", "0"]
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout is not None
    origin = process.stdout.readline().rpartition(" at ")[2].strip()
    assert httpx2.get(f"{origin}/__mock__/health").status_code == 200
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (0, "")


def test_workers_have_no_common_clock_to_move() -> None:
    with _server("--workers", "2") as (origin, _, _process):
        answer = httpx2.post(f"{origin}/__mock__/clock", json={"advance": 60}, timeout=20)
    assert answer.status_code == 400
    assert "--workers 1" in answer.json()["error"]["message"]
