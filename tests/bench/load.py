"""The load generator: a process of its own that sends prepared requests over kept connections and times the answers.

Lean on purpose, raw sockets and no HTTP library, so that it takes as little as possible of the machine it shares with
the server. Run as `python -m tests.bench.load PLAN RESULT`, both files in MessagePack.
"""

import asyncio
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeAlias, cast

import msgspec
import uvloop

from gateway.exchange.channels.mllp import frame

AnswerEnd: TypeAlias = Callable[[bytearray], int]
"""Length of the answer a buffer begins with, or 0 while it is not complete."""


class Plan(msgspec.Struct, frozen=True):
    """What to send. `protocol`: http (requests with their heads) or mllp (whole frames)."""

    protocol: str
    host: str
    port: int
    connections: int
    requests: list[bytes]


class Result(msgspec.Struct, frozen=True):
    """What came back, in the order of the requests, in nanoseconds; `took`: from the first send to the last answer."""

    took: int
    latencies: list[int]
    answers: list[bytes]

    @property
    def per_second(self) -> float:
        return len(self.answers) / (self.took / 1e9)


def percentile_ms(latencies: Sequence[int], percent: int) -> float:
    """The latency (given in nanoseconds) that so many per cent of the requests stayed below or at."""
    ordered = sorted(latencies)
    return ordered[min(len(ordered) - 1, len(ordered) * percent // 100)] / 1e6


def run(plan: Plan) -> Result:
    """Run a plan in a process of its own and wait for it. CalledProcessError when a connection breaks."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        asked, answered = Path(folder) / "plan", Path(folder) / "result"
        asked.write_bytes(msgspec.msgpack.encode(plan))
        subprocess.run([sys.executable, "-m", "tests.bench.load", str(asked), str(answered)], check=True)
        return msgspec.msgpack.decode(answered.read_bytes(), type=Result)


def http_request(
    method: str, path: str, *, token: str = "", body: bytes = b"", headers: tuple[tuple[str, str], ...] = ()
) -> bytes:
    """A request with its head, for a connection that stays open."""
    lines = [f"{method} {path} HTTP/1.1", "host: bench", f"content-length: {len(body)}"]
    lines += [f"authorization: Bearer {token}"] if token else []
    lines += [f"{name}: {value}" for name, value in headers]
    return "\r\n".join((*lines, "", "")).encode() + body


def mllp_request(message: bytes) -> bytes:
    """A message as one frame."""
    return frame(message)


def http_status(answer: bytes) -> int:
    """200 of 'HTTP/1.1 200 OK'."""
    return int(answer[9:12])


def http_body(answer: bytes) -> bytes:
    """What stands behind the head."""
    return answer[answer.index(b"\r\n\r\n") + 4 :]


def _http_end(buffer: bytearray) -> int:
    head = buffer.find(b"\r\n\r\n")
    if head < 0:
        return 0
    at = buffer.find(b"content-length: ", 0, head)
    assert at > 0, "every answer says its length"
    stop = buffer.find(b"\r\n", at)
    whole = head + 4 + int(buffer[at + 16 : stop])
    return whole if len(buffer) >= whole else 0


def _mllp_end(buffer: bytearray) -> int:
    return buffer.find(b"\x1c\r") + 2 if b"\x1c\r" in buffer else 0


_ENDS: dict[str, AnswerEnd] = {"http": _http_end, "mllp": _mllp_end}


class _Connection(asyncio.Protocol):
    """One connection with one request on its way."""

    def __init__(self, end: AnswerEnd) -> None:
        self._end = end
        self._buffer = bytearray()
        self._waiting: asyncio.Future[bytes] | None = None
        self._transport: asyncio.WriteTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)  # uvloop's is one in all but name

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._end(self._buffer)
        if end and self._waiting is not None:
            answer = bytes(self._buffer[:end])
            del self._buffer[:end]
            self._waiting.set_result(answer)

    def connection_lost(self, _error: Exception | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(ConnectionError("the server closed the connection"))

    async def ask(self, request: bytes) -> bytes:
        assert self._transport is not None
        self._waiting = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._waiting

    def close(self) -> None:
        assert self._transport is not None
        self._transport.close()


async def _generate(plan: Plan) -> Result:
    loop = asyncio.get_running_loop()
    latencies, answers = [0] * len(plan.requests), [b""] * len(plan.requests)
    numbered = iter(enumerate(plan.requests))
    connections = [
        (await loop.create_connection(lambda: _Connection(_ENDS[plan.protocol]), plan.host, plan.port))[1]
        for _ in range(plan.connections)
    ]

    async def work(connection: _Connection, left: Iterator[tuple[int, bytes]]) -> None:
        for number, request in left:
            began = time.perf_counter_ns()
            answers[number] = await connection.ask(request)
            latencies[number] = time.perf_counter_ns() - began

    began = time.perf_counter_ns()
    await asyncio.gather(*(work(connection, numbered) for connection in connections))
    took = time.perf_counter_ns() - began
    for connection in connections:
        connection.close()
    return Result(took, latencies, answers)


def main() -> None:
    asked, answered = map(Path, sys.argv[1:])
    plan = msgspec.msgpack.decode(asked.read_bytes(), type=Plan)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        answered.write_bytes(msgspec.msgpack.encode(runner.run(_generate(plan))))


if __name__ == "__main__":
    main()
