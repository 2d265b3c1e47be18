"""The books of a month at size: `python -m tests.bench.ledger --settlements 1000000`, on both databases.

How fast the ledger is verified, in entries a second, and how long the questions of a closing take.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from gateway.store.migrate import migrate
from gateway.store.store import Store
from tests.bench.month import FIRST, SCHEME, Month, fill, institution
from tests.bench.postgres import new_database, postgres_server
from tests.conftest import AREA, open_test_store, test_keyring

LAST = date(2015, 6, 30)


class Verified(NamedTuple):
    """Entries a second, and the milliseconds the recount took."""

    per_second: int
    took_ms: int


def make(url: str, *, settlements: int, institutions: int) -> int:
    """A database with a month in it; the number of its entries."""
    month = Month(settlements, institutions, AREA, test_keyring())
    migrate(url)
    fill(url, month)
    return month.entries


def verify(store: Store, entries: int) -> Verified:
    """Recount the ledger once; AssertionError when it is not sound."""
    began = time.perf_counter_ns()
    assert store.verify_ledger().problems == ()
    took_ms = (time.perf_counter_ns() - began) // 1_000_000
    return Verified(entries * 1000 // took_ms, took_ms)


def questions(store: Store) -> Iterator[tuple[str, Callable[[], object]]]:
    """What a closing asks, by name."""
    yield "turnover", lambda: store.turnover(SCHEME, from_on=FIRST, to_on=LAST)
    yield "digest", lambda: store.digest(SCHEME, from_on=FIRST, to_on=LAST)
    yield "payables", lambda: store.payables(SCHEME, from_on=FIRST, to_on=LAST)
    yield "activity", lambda: store.activity(SCHEME, from_on=FIRST, to_on=LAST)
    yield (
        "care of one",
        lambda: sum(1 for _ in store.care(SCHEME, institutions=[institution(1)], from_on=FIRST, to_on=LAST)),
    )
    yield "care of all", lambda: sum(1 for _ in store.care(SCHEME, from_on=FIRST, to_on=LAST))
    yield "export", lambda: sum(1 for _ in store.export_ledger(SCHEME))


def main() -> None:
    """Make a month on each database, verify it, ask the questions, print what each took."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.ledger", description=__doc__)
    parser.add_argument("--settlements", type=int, default=1_000_000)
    parser.add_argument("--institutions", type=int, default=2_000)
    parser.add_argument("--only", choices=("sqlite", "postgres"))
    asked = parser.parse_args()
    with postgres_server() as server, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        urls = {"sqlite": f"sqlite:///{folder}/gateway.db", "postgres": new_database(server)}
        for name, url in urls.items():
            if asked.only in (None, name):
                _tell(name, url, settlements=asked.settlements, institutions=asked.institutions)


def _tell(name: str, url: str, *, settlements: int, institutions: int) -> None:
    entries = make(url, settlements=settlements, institutions=institutions)
    print(f"{name}: {settlements} settlements of {institutions} institutions, {entries} entries", flush=True)
    store = open_test_store(url, ready=True)
    try:
        _timed("seal", store.seal)
        for _ in range(2):
            found = verify(store, entries)
            print(f"  verify: {found.took_ms} ms, {found.per_second} entries a second", flush=True)
        for question, ask in questions(store):
            _timed(question, ask)
    finally:
        store.close()
    print(f"  memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MiB at most", flush=True)


def _timed(name: str, ask: Callable[[], object]) -> None:
    began = time.perf_counter_ns()
    ask()
    print(f"  {name}: {(time.perf_counter_ns() - began) // 1_000_000} ms", flush=True)


if __name__ == "__main__":
    main()
