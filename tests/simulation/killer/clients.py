"""Clients that do as partners are told: keep the key, send again until an answer comes, write every answer down."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple

from tests.bench.load import http_request
from tests.bench.world import CITY_TOKEN

CLIENTS = 16
PAUSE_SECONDS = 0.03
PATIENCE_SECONDS = 30


class Errand(NamedTuple):
    """One claim to bring, under its Idempotency-Key."""

    key: str
    body: bytes


@dataclass(slots=True)
class Log:
    """What the clients know. `answers`: the digest of every acknowledged answer by key; `refused`: any other status."""

    answers: list[tuple[str, bytes]] = field(default_factory=list)
    retries: int = 0
    refused: list[tuple[str, int, bytes]] = field(default_factory=list)


def errands_with_repeats(errands: list[Errand], *, repeat_percent: int, chance: random.Random) -> list[Errand]:
    """The errands with some sent twice on purpose: half of those right behind the first, half at any time later."""
    order = list(errands)
    for n, errand in enumerate(chance.sample(errands, len(errands) * repeat_percent // 100)):
        first = order.index(errand)
        order.insert(first + 1 if n % 2 else chance.randint(first + 1, len(order)), errand)
    return order


async def bring_all(errands: list[Errand], port: int, log: Log) -> None:
    """Sixteen clients share the errands; it ends when every one of them has an answer."""
    left = iter(errands)
    await asyncio.gather(*(_client(left, port, log) for _ in range(CLIENTS)))


async def _client(left: Iterator[Errand], port: int, log: Log) -> None:
    connection = Connection(port)
    for errand in left:
        request = http_request(
            "POST", "/fhir/Claim/$submit", token=CITY_TOKEN, body=errand.body,
            headers=(("idempotency-key", errand.key),),
        )  # fmt: skip
        while True:
            answered = await connection.ask(request)
            if answered is not None and answered[0] == 200:
                log.answers.append((errand.key, sha256(answered[1]).digest()))
                break
            if answered is not None and answered[0] != 503:
                log.refused.append((errand.key, *answered))
                break
            log.retries += 1
            await asyncio.sleep(PAUSE_SECONDS)
    connection.close()


class Connection:
    """A connection that is opened again after it broke; one request at a time."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes) -> tuple[int, bytes] | None:
        """Status and body; None when no answer came and nobody can tell what became of the request."""
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                if self._streams is None:
                    self._streams = await asyncio.open_connection("127.0.0.1", self._port)
                reader, writer = self._streams
                writer.write(request)
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
                return int(head[9:12]), await reader.readexactly(length)
        except (OSError, EOFError, TimeoutError):
            self.close()
            return None

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
