"""`python -m benchmarks`: the mock against a bare ASGI app, and its cold start."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.films import films_fetched
from benchmarks.load import Round, request_bytes, run_round
from benchmarks.paced import Spacing, apart, run_paced

KEY, RUAPI_KEY, RUNWARE_KEY = "rc_live_benchmark", "sk-benchmark", "runware_benchmark"
QUESTION = "Explain in a few sentences how tides come about and why there are two a day."
CHUNKS = 200
# Streams at once, and seconds between two chunks of each.
STREAMS, ITL = 1000, 0.02
# Of them, so many beside films that are made.
FEW = 100
PERCENTILES = (("p50", 0.5), ("p99", 0.99), ("max", 1.0))
# More questions than the mock remembers answers to.
FRESH = 10_000
SCRIPT = f"""
- when: {{text: ^count$}}
  answer: {{text: "{" ".join("word" for _ in range(CHUNKS))}"}}
"""


@dataclass(frozen=True)
class Contest:
    """Requests, put to the mock and to the yardstick by turns."""

    name: str
    mock: list[bytes]
    bare: list[bytes]


@dataclass(frozen=True)
class Asked:
    """What is asked in a contest: the bodies are sent in turns."""

    path: str
    bodies: list[bytes]
    key: str
    is_stream: bool = False


def main() -> None:
    """Measure and print; nothing is asserted."""
    asked = _arguments()
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores"
    print(f"{machine}, {asked.connections} connections")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print(f"cold start to the first 200: {1000 * cold_start(5):.0f} ms (median of 5)")
        (folder / "script.yaml").write_text(SCRIPT)
        with mock_server(folder) as (mock_port, process):
            contests = record(mock_port, folder)
            with bare_server(folder) as bare_port:
                for contest in contests:
                    compete(contest, (mock_port, bare_port), asked)
            pace(mock_port, process, asked.rounds)
            pace_beside_films(mock_port, asked.rounds)


def compete(contest: Contest, ports: tuple[int, int], asked: argparse.Namespace) -> None:
    """Rounds by turns, so that both meet the same weather; the medians are compared."""
    mocks, bares = [], []
    for _ in range(asked.rounds):
        bares.append(run_round(ports[1], contest.bare, asked.connections, asked.seconds))
        mocks.append(run_round(ports[0], contest.mock, asked.connections, asked.seconds))
    mock, bare = _median(mocks), _median(bares)
    print(f"{contest.name}:")
    for label, each in (("mock", mock), ("bare ASGI", bare)):
        per_second = f"{each.rate:8.0f} answers/s"
        if "stream" in contest.name:
            per_second += f" {each.rate * CHUNKS:9.0f} chunks/s"
        p50, p99 = each.percentile(0.5), each.percentile(0.99)
        print(f"  {label:<10} {per_second}  p50 {p50:.2f} ms  p99 {p99:.2f} ms")
    print(f"  ratio      {mock.rate / bare.rate:.2f}")


def pace(port: int, process: int, rounds: int) -> None:
    """Many paced streams at once; the round with the middle 99th percentile counts."""
    request = _paced_request(port)
    with apart(process) as is_apart:
        done = [run_paced(port, request, STREAMS, ITL, CHUNKS) for _ in range(rounds)]
    place = "the server on a core of its own" if is_apart else "the server on any core"
    print(f"chat, {STREAMS} streams at once with {1000 * ITL:.0f} ms between chunks, {place}:")
    print("  off by     " + _told(sorted(done, key=lambda each: each.percentile(0.99))))


def pace_beside_films(port: int, rounds: int) -> None:
    """Fewer streams, by turns alone and while films are made and fetched as fast as can be."""
    request = _paced_request(port)
    alone, beside = list[Spacing](), list[Spacing]()
    rates: list[list[float]] = []
    for _ in range(rounds):
        alone.append(run_paced(port, request, FEW, ITL, CHUNKS))
        with films_fetched(port) as fetched:
            beside.append(run_paced(port, request, FEW, ITL, CHUNKS))
        rates.append(fetched)
    print(f"chat, {FEW} streams at once with {1000 * ITL:.0f} ms between chunks:")
    for label, done in (("alone", alone), ("beside", beside)):
        told = _told(sorted(done, key=lambda each: each.percentile(0.99)))
        print(f"  {label:<7} off by {told}")
    films, megabytes = sorted(rates)[len(rates) // 2]
    print(f"  beside {films:.1f} films/s of 1280 x 720 and 8 s, {megabytes:.1f} MB/s")


def _paced_request(port: int) -> bytes:
    key = f"{KEY}_paced"
    _send(port, f"/__mock__/keys/{key}", json.dumps({"pace": f"itl={ITL}"}).encode(), "PUT")
    return request_bytes("/v1/chat/completions", json.dumps(_counting()).encode(), key)


def _told(rounds: list[Spacing]) -> str:
    middle = rounds[len(rounds) // 2]
    shares = " ".join(f" {name} {middle.percentile(at):.2f} ms" for name, at in PERCENTILES)
    worst = " to ".join(f"{each.percentile(0.99):.2f}" for each in (rounds[0], rounds[-1]))
    return f"{shares}  {middle.rate:.0f} chunks/s  (p99 of the rounds: {worst} ms)"


def record(port: int, folder: Path) -> list[Contest]:
    """Ask the mock once, so that the yardstick sends the very same bytes."""
    contests: list[Contest] = []
    for name, asked in _questions():
        answer = _post(port, asked.path, asked.bodies[0], asked.key)
        if asked.is_stream:
            events = answer.split(b"\n\n")[:-1]
            answer = b"\0".join(event + b"\n\n" for event in events)
            name += f" of {len(events)} events"
        file = f"{len(contests)}.{'events' if asked.is_stream else 'json'}"
        (folder / file).write_bytes(answer)
        mock, bare = (
            [request_bytes(path, body, asked.key) for body in asked.bodies]
            for path in (asked.path, f"/{file}")
        )
        contests.append(Contest(name, mock, bare))
    return contests


def _questions() -> Iterator[tuple[str, Asked]]:
    chat, counting = "/v1/chat/completions", json.dumps(_counting()).encode()
    same, one = _chat(QUESTION), json.dumps(_chat(QUESTION)).encode()
    fresh = [json.dumps(_numbered(same, number)).encode() for number in range(FRESH)]
    yield "chat, JSON, the same question", Asked(chat, [one], KEY)
    yield "chat, JSON, always a new question", Asked(chat, fresh, KEY)
    yield "chat, stream", Asked(chat, [counting], KEY, is_stream=True)
    yield "messages, JSON, the same question", Asked("/v1/messages", [_message({})], RUAPI_KEY)
    stream = _message({"stream": True, "messages": [{"role": "user", "content": "count"}]})
    yield "messages, stream", Asked("/v1/messages", [stream], RUAPI_KEY, is_stream=True)
    # A caption can be asked for once: its UUID is taken then.
    yield "tasks, a ping", Asked("/v1", [b'[{"taskType":"ping","ping":true}]'], RUNWARE_KEY)


def _message(more: dict[str, Any]) -> bytes:
    asked = {**_chat(QUESTION), "model": "claude-opus-4-8", "max_tokens": 1000, **more}
    return json.dumps(asked).encode()


def _chat(question: str) -> dict[str, Any]:
    messages = [{"role": "user", "content": question}]
    return {"model": "deepseek-ai/DeepSeek-V3", "messages": messages}


def _counting() -> dict[str, Any]:
    return {**_chat("count"), "stream": True}


def _numbered(chat: dict[str, Any], number: int) -> dict[str, Any]:
    return {**chat, "messages": [{"role": "user", "content": f"{number:05}: {QUESTION}"}]}


def cold_start(times: int) -> float:
    """Seconds from starting the command to its first 200."""
    taken = []
    for _ in range(times):
        begun = time.perf_counter()
        with _process([sys.executable, "-m", "mock_server", "--port", "0"]) as process:
            _post(
                _port(process),
                "/v1/chat/completions",
                b'{"model":"m","messages":[{"role":"user","content":"hi"}]}',
            )
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


@contextmanager
def mock_server(folder: Path) -> Iterator[tuple[int, int]]:
    """The mock as everybody runs it, with a limit that is counted but not met: port, process."""
    options = [
        "--port",
        "0",
        "--rate-limit",
        "1000000000",
        "--video-seconds",
        "0",
        "--scenarios",
        str(folder / "script.yaml"),
    ]
    with _process([sys.executable, "-m", "mock_server", *options]) as process:
        yield _port(process), process.pid


@contextmanager
def bare_server(folder: Path) -> Iterator[int]:
    """The yardstick under the same server with the same options."""
    code = (
        "import socket, uvicorn; from benchmarks.bare import app; s = socket.socket();"
        "from mock_server.listener import SERVER_OPTIONS;"
        "s.bind(('127.0.0.1', 0)); s.listen(2048);"
        "print(f'http://127.0.0.1:{s.getsockname()[1]}', flush=True);"
        "c = uvicorn.Config(app(), **SERVER_OPTIONS, log_level='warning');"
        "uvicorn.Server(c).run(sockets=[s])"
    )
    with _process([sys.executable, "-c", code], BARE_FOLDER=str(folder)) as process:
        yield _port(process)


@contextmanager
def _process(command: list[str], **environ: str) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environ}
    )
    try:
        yield process
    finally:
        process.terminate()
        process.wait(10)


def _port(process: "subprocess.Popen[str]") -> int:
    assert process.stdout is not None
    line = process.stdout.readline()
    return int(line.rpartition(":")[2])


def _post(port: int, path: str, body: bytes, key: str = KEY) -> bytes:
    return _send(port, path, body, "POST", key)


def _send(port: int, path: str, body: bytes, method: str, key: str = KEY) -> bytes:
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    url = f"http://127.0.0.1:{port}{path}"
    request = urllib.request.Request(url, body, headers, method=method)
    with urllib.request.urlopen(request) as response:
        answer: bytes = response.read()
    return answer


def _median(rounds: list[Round]) -> Round:
    return sorted(rounds, key=lambda each: each.rate)[len(rounds) // 2]


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=2.0)
    return parser.parse_args()


main()
