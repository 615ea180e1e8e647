"""Films that are fetched as fast as they are made, by a process that does nothing else."""

import json
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from threading import Thread

CONNECTIONS = 8
KEY = "rc_live_benchmark_films"


@contextmanager
def films_fetched(port: int) -> Iterator[list[float]]:
    """Fetch films while the block runs; afterwards the list has films and megabytes a second."""
    command = [sys.executable, "-m", "benchmarks.films", str(port)]
    figures: list[float] = []
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()  # the first film is there
    try:
        yield figures
    finally:
        told, _ = process.communicate("enough\n")
        figures += [float(each) for each in told.split()]


def main(port: int) -> None:
    """Submit and fetch, each film another one, until a line comes in."""
    numbers, sizes = count(), list[int]()
    begun = time.perf_counter()
    for _ in range(CONNECTIONS):
        Thread(target=_fetch, args=(port, numbers, sizes), daemon=True).start()
    while not sizes:
        time.sleep(0.01)
    print("under way", flush=True)
    sys.stdin.readline()
    seconds = time.perf_counter() - begun
    print(len(sizes) / seconds, sum(sizes) / seconds / 1e6)


def _fetch(port: int, numbers: Iterator[int], sizes: list[int]) -> None:
    url = f"http://127.0.0.1:{port}/v1/videos"
    headers = {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"}
    while True:
        body = {"model": "m", "prompt": f"Harbour number {next(numbers)}", "duration": 8}
        name = json.loads(_sent(url, headers, json.dumps(body).encode()))["id"]
        sizes.append(len(_sent(f"{url}/{name}/download", headers, None)))


def _sent(url: str, headers: dict[str, str], body: bytes | None) -> bytes:
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as response:
        answer: bytes = response.read()
    return answer


if __name__ == "__main__":
    main(int(sys.argv[1]))
