"""A month closed at size: `python -m tests.bench.closing --settlements 1000000`, on both databases.

Once alone in a process of its own, which tells its time and its memory; once by a serving gateway while claims go on,
beside the same claims before and after it. What the month booked is sealed already, as a serving gateway seals it every
minute.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

import httpx
import msgspec

from gateway.exchange.closing.month import close_month
from gateway.exchange.exchange import Exchange
from gateway.policies.load import PolicyBook, load_all
from gateway.security.keys import create_keys, load_keys
from gateway.security.partners import Partners
from gateway.store.store import Store
from gateway.store.values import PeriodState
from gateway.system import Settings, open_store_of
from tests.bench.channels import CHANNELS, Clock, Target, send
from tests.bench.databases import copied
from tests.bench.load import percentile_ms
from tests.bench.month import SCHEME, Month, fill
from tests.bench.postgres import new_database, postgres_server
from tests.bench.world import AGENCY_TOKEN, bearer, make_home, served, settle_people
from tests.conftest import AREA, new_id

PERIOD, NEXT, AT = "2015-06", date(2015, 7, 1), datetime(2015, 7, 1, 4, tzinfo=UTC)
PEOPLE, ROUND, QUIET_ROUNDS = 1000, 600, 5


class Alone(msgspec.Struct, frozen=True):
    """A closing in a process of its own: seconds, and the most memory the process had, in MiB."""

    seconds: float
    mebibytes: int


class Claims(NamedTuple):
    """Claims over HTTP, 16 at a time; latencies in milliseconds."""

    number: int
    per_second: float
    p50: float
    p99: float


class Meanwhile(NamedTuple):
    """Claims while no closing runs (half of them before it, half after) and meanwhile; `seconds`: how long it took."""

    without: Claims
    during: Claims
    seconds: float


@cache
def book() -> PolicyBook:
    """The shipped policies, loaded once."""
    return load_all()


def exchange_of(store: Store, *, at: datetime = AT) -> Exchange:
    """The area's rules over a store, at a standing clock; no feed brings it messages."""
    return Exchange(store, book(), Partners(()), {}, AREA, lambda: at, new_id)


def make(home: Path, url: str, *, settlements: int, institutions: int, resources: bool = False) -> Settings:
    """A home with partners and keys, and a month in its database, sealed. `url`: '' for SQLite in the home."""
    make_home(home)
    settings = Settings(home=home, database_url=url)
    create_keys(settings.keys)
    store = open_store_of(settings, clock=lambda: AT, read_only=False)
    store.close()
    fill(settings.url, Month(settlements, institutions, AREA, load_keys(settings.keys), resources))
    store = open_store_of(settings, clock=lambda: AT, read_only=False)
    try:
        store.seal()
    finally:
        store.close()
    return settings


def close_alone(settings: Settings) -> Alone:
    """Close the month of a copy of the database in another process."""
    with copied(settings.url) as url:
        told = subprocess.run(
            [sys.executable, "-m", "tests.bench.closing", "--child", str(settings.home), url],
            check=True,
            capture_output=True,
        )
    return msgspec.json.decode(told.stdout, type=Alone)


def _child(home: Path, url: str) -> None:
    store = open_store_of(Settings(home=home, database_url=url), clock=lambda: AT, read_only=False)
    try:
        exchange = exchange_of(store)
        began = time.perf_counter()
        close_month(exchange, SCHEME, PERIOD, by="bench")
        took = time.perf_counter() - began
    finally:
        store.close()
    print(msgspec.json.encode(Alone(round(took, 1), _most_mebibytes())).decode())


def _most_mebibytes() -> int:
    """The most memory this process ever had. Of its own: what `getrusage` tells begins with its parent's."""
    lines = Path("/proc/self/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmHWM:"))


def close_meanwhile(settings: Settings) -> Meanwhile:
    """Close the month through a serving gateway that has claims to settle before, meanwhile and after."""
    with served(settings.home, settings.database_url, today=NEXT) as addresses:
        target = Target(addresses, Clock(), settle_people(addresses.http, PEOPLE))
        _round(target, "warm", PEOPLE)
        without = [_round(target, f"before-{number}", ROUND) for number in range(QUIET_ROUNDS)]
        with httpx.Client(base_url=addresses.http, headers=bearer(AGENCY_TOKEN), trust_env=False) as agency:
            began = time.perf_counter()
            asked = agency.post("/ledger/closings", json={"scheme": SCHEME, "period": PERIOD}).raise_for_status()
            during: list[tuple[float, list[int]]] = []
            while agency.get(asked.headers["location"]).json()["state"] != PeriodState.CLOSED:
                during.append(_round(target, f"closing-{len(during)}", ROUND))
            took = time.perf_counter() - began
        without += [_round(target, f"after-{number}", ROUND) for number in range(QUIET_ROUNDS)]
    return Meanwhile(_claims(without), _claims(during), round(took, 1))


def _round(target: Target, label: str, number: int) -> tuple[float, list[int]]:
    """Claims a second and the latency of each in nanoseconds; RuntimeError when one fails."""
    submits = CHANNELS["submit"]
    found = send(submits, target, submits.prepare(target, label, number))
    return found.per_second, found.latencies


def _claims(rounds: list[tuple[float, list[int]]]) -> Claims:
    latencies = [each for _, found in rounds for each in found]
    rate = sum(per_second for per_second, _ in rounds) / len(rounds)
    return Claims(len(latencies), round(rate), percentile_ms(latencies, 50), percentile_ms(latencies, 99))


def main() -> None:
    """Make a month on each database, close it alone and beside claims, print what each took."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.closing", description=__doc__)
    parser.add_argument("--settlements", type=int, default=1_000_000)
    parser.add_argument("--institutions", type=int, default=2_000)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    parser.add_argument("--without-claims", action="store_true", help="the closing alone")
    parser.add_argument("--child", nargs=2, metavar=("HOME", "URL"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.child:
        _child(Path(asked.child[0]), asked.child[1])
        return
    with postgres_server() as server:
        for name in ("postgres", "sqlite"):
            if asked.only in (None, name):
                _tell(name, server, asked)


def _tell(name: str, server: str, asked: argparse.Namespace) -> None:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        url = "" if name == "sqlite" else new_database(server)
        settings = make(Path(folder), url, settlements=asked.settlements, institutions=asked.institutions)
        print(f"{name}: {asked.settlements} settlements of {asked.institutions} institutions", flush=True)
        alone = close_alone(settings)
        print(f"  alone: {alone.seconds} s, {alone.mebibytes} MiB at most", flush=True)
        if asked.without_claims:
            return
        found = close_meanwhile(settings)
        print(f"  beside claims: {found.seconds} s", flush=True)
        for title, claims in (("without", found.without), ("meanwhile", found.during)):
            times = f"p50 {claims.p50:.1f} ms, p99 {claims.p99:.1f} ms"
            print(f"  claims {title}: {claims.per_second} a second, {times} ({claims.number})", flush=True)


if __name__ == "__main__":
    main()
