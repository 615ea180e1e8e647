"""A client that costs little: prepared bytes out, the end of the answer looked for, times taken."""

import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field


@dataclass
class Round:
    """What one round of load measured: seconds it lasted, seconds that each answer took."""

    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds

    def percentile(self, share: float) -> float:
        """The latency, in milliseconds, that this share of all answers kept."""
        ranked = sorted(self.latencies)
        return 1000 * ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def request_bytes(path: str, body: bytes, key: str) -> bytes:
    """A POST as it goes over the wire."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {key}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def run_round(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Round:
    """Keep that many connections busy for some seconds, each sending as soon as it was answered."""
    return asyncio.run(_run(port, requests, connections, seconds))


async def _run(port: int, requests: Sequence[bytes], connections: int, seconds: float) -> Round:
    done = Round()
    start = time.perf_counter()
    supply = itertools.cycle(requests)
    loops = (_loop(port, supply, start + seconds, done) for _ in range(connections))
    await asyncio.gather(*loops)
    done.seconds = time.perf_counter() - start
    return done


async def _loop(port: int, supply: Iterator[bytes], end: float, done: Round) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**22)
    while time.perf_counter() < end:
        request = next(supply)
        begun = time.perf_counter()
        writer.write(request)
        await _answer(reader)
        done.latencies.append(time.perf_counter() - begun)
    writer.close()
    await writer.wait_closed()


async def _answer(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(head.partition(b"\r\n")[0].decode())
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return await reader.readexactly(int(line.partition(b":")[2]))
    return await reader.readuntil(b"\r\n0\r\n\r\n")
