"""The run: people registered, claims submitted by sixteen clients, SIGKILLs in between, and the audit at the end."""

import asyncio
import random
import subprocess
import time
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from gateway.store.store import Store
from gateway.store.values import MessageState
from gateway.system import Settings, open_store_of
from tests.bench.claims import fhir_claim
from tests.bench.world import Addresses, command, environment, make_home, settle_people, start, stop
from tests.simulation.killer.clients import Errand, Log, bring_all, errands_with_repeats

REPEAT_PERCENT = 5
CLAIMS_PER_PERSON = 4
MOST_DELAY_SECONDS = 0.05
PAGE = 500


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened. `differences`: everything in which log, store and books disagree; [] is what must come out."""

    seed: int
    claims: int
    kills: int
    acknowledged: int
    repeats: int
    retries: int
    settlements: int
    seconds: int
    differences: tuple[str, ...]


def simulate(home: Path, database_url: str, *, claims: int, kills: int, seed: int) -> Outcome:
    """One run in an empty home and database (no URL: SQLite in the home).

    A seed plans claims, repeats, kill points and delays again; how the machine interleaves them stays its own.
    """
    chance = random.Random(seed)
    began = time.monotonic()
    make_home(home)
    gateway = _Gateway(home, database_url)
    try:
        people = settle_people(gateway.addresses.http, max(1, claims // CLAIMS_PER_PERSON))
        errands = [Errand(f"key-{seed}-{n}", fhir_claim(people[n % len(people)], f"{seed}-{n}")) for n in range(claims)]
        order = errands_with_repeats(errands, repeat_percent=REPEAT_PERCENT, chance=chance)
        log = Log()
        asyncio.run(_disorder(gateway, order, log, kills, chance))
    finally:
        gateway.stop()
    settlements, differences = _audit(home, database_url, [errand.key for errand in errands], log)
    return Outcome(
        seed=seed,
        claims=claims,
        kills=gateway.kills,
        acknowledged=len(log.answers),
        repeats=len(order) - claims,
        retries=log.retries,
        settlements=settlements,
        seconds=round(time.monotonic() - began),
        differences=tuple(differences),
    )


class _Gateway:
    """The process that is killed and started again on the same port."""

    def __init__(self, home: Path, database_url: str) -> None:
        self._home, self._database_url = home, database_url
        self.kills = 0
        self._process: subprocess.Popen[str]
        self.addresses: Addresses
        self._process, self.addresses = start(home, database_url)

    def kill(self) -> None:
        """No signal handler, no last words, and another process as soon as the first is gone."""
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self.kills += 1
        self._process, self.addresses = start(self._home, self._database_url, port=self.addresses.http_port)

    def stop(self) -> None:
        stop(self._process)


async def _disorder(gateway: _Gateway, order: list[Errand], log: Log, kills: int, chance: random.Random) -> None:
    """The clients at work, and a kill a random moment after they have come to each of some random points."""
    points = sorted(chance.sample(range(1, max(2, len(order) * 9 // 10)), kills))

    async def kill_now_and_then() -> None:
        for point in points:
            while len(log.answers) < point:
                await asyncio.sleep(0.001)
            await asyncio.sleep(chance.uniform(0, MOST_DELAY_SECONDS))
            await asyncio.to_thread(gateway.kill)

    await asyncio.gather(bring_all(order, gateway.addresses.http_port, log), kill_now_and_then())


def _audit(home: Path, database_url: str, keys: list[str], log: Log) -> tuple[int, list[str]]:
    """Number of settlements, and all differences between the clients' log, the stored answers and the books."""
    found = [f"{key}: refused with {status}: {body[:300]!r}" for key, status, body in log.refused]
    logged = Counter(key for key, _ in log.answers)
    found += [f"{key}: no answer was acknowledged" for key in keys if not logged[key]]
    settings = Settings(home=home, database_url=database_url)
    store = open_store_of(settings, clock=lambda: datetime.now(UTC), read_only=True)
    try:
        stored, times = _stored_answers(store)
        settlements = _count_settlements(store)
    finally:
        store.close()
    found += [f"{key}: the store has another answer" for key, digest in log.answers if stored.get(key) != digest]
    found += [f"{key}: {times[key]} messages are stored" for key in keys if times[key] != 1]
    if settlements != len(keys):
        found.append(f"{settlements} settlements for {len(keys)} claims")
    verified = subprocess.run(
        command("verify", "--json"), env=environment(home, database_url), capture_output=True, text=True, check=False
    )
    if verified.returncode:
        found.append(f"verify ended {verified.returncode}: {verified.stdout[-1000:]}{verified.stderr[-1000:]}")
    return settlements, found


def _stored_answers(store: Store) -> tuple[dict[str, bytes], Counter[str]]:
    """Digest of the stored answer by key, and how often each key is stored."""
    digests: dict[str, bytes] = {}
    times: Counter[str] = Counter()
    after: str | None = None
    while page := store.messages(state=MessageState.ANSWERED, limit=PAGE, after=after):
        for message in page:
            if message.channel == "fhir" and message.key is not None:
                digests[message.key] = sha256(message.answer).digest()
                times[message.key] += 1
        after = page[-1].id
    return digests, times


def _count_settlements(store: Store) -> int:
    number, after = 0, None
    while page := store.settlements(limit=PAGE, after=after):
        number += len(page)
        after = page[-1].id
    return number
