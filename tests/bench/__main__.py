"""`python -m tests.bench`: one table of what a second holds, on this machine, with both databases.

The server is a `gateway serve` process, the load generator another one, both on this machine. The two databases take
turns within every round, and each figure is the median of the rounds.
"""

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import NamedTuple

import msgspec
from rich.console import Console
from rich.table import Table

from gateway.api.serve import serving
from gateway.system import Settings, open_system
from tests.bench import bench_policy, checking, closing, core, jobs, ledger, terminology_bench
from tests.bench.channels import CHANNELS, CONNECTIONS, Clock, Target, send
from tests.bench.load import percentile_ms
from tests.bench.postgres import new_database, postgres_server
from tests.bench.world import TODAY, Addresses, make_home, served, settle_people
from tests.conftest import open_test_store

TITLES = {
    "core": "pure core: ten-line claims decided and posted, one core",
    "modern": "pure core under the plan with the most rules, one core",
    "backtest": "back-test of an unchanged draft, one process",
    "backtest-pool": "back-test of an unchanged draft, a process a core",
    "submit": "Claim/$submit over HTTP, ten lines",
    "nhsa": "NHSA 2207 over HTTP, ten lines",
    "hl7v2": "EHC^E01 over MLLP, ten lines",
    "read": "FHIR read of a Patient (audited)",
    "store": "store alone: settlement-sized jobs in process",
    "ledger": "ledger verify: entries of a month, chain and recount",
    **checking.TITLES,
    "terminology": "CodeSystem/$lookup over HTTP, 200,000 drugs loaded",
    "closing": "month closing: settlements of 2,000 institutions",
}
BESIDE = {
    **checking.BESIDE,
    "validate-code": "ValueSet/$validate-code over HTTP",
    "translate": "ConceptMap/$translate over HTTP",
    "expand": "ValueSet/$expand with filter over HTTP, one connection",
    "without-closing": "Claim/$submit in that database, before and after the closing",
    "during-closing": "Claim/$submit in that database, while the month is closed",
}
"""Rows that come with `closing` and `terminology`."""
OF_TERMINOLOGY = {
    "$lookup, HTTP": "terminology",
    "ValueSet $validate-code, HTTP": "validate-code",
    "$translate, HTTP": "translate",
    "$expand with filter, HTTP": "expand",
}

DATABASES = ("sqlite", "postgres")


class Size(msgspec.Struct, frozen=True):
    """How much is measured: people registered, requests a round, rounds, claims of core, back-test and the month."""

    people: int
    requests: int
    rounds: int
    core_claims: int
    backtest_claims: int
    month: int


FULL, QUICK = Size(1000, 1200, 3, 20_000, 1_000_000, 200_000), Size(300, 300, 1, 4_000, 20_000, 20_000)


class Round(NamedTuple):
    """What one round measured; latencies in milliseconds."""

    per_second: float
    p50: float
    p99: float


class Figure(msgspec.Struct, frozen=True):
    """A row of the table; times in milliseconds, None where there is nothing to say."""

    name: str
    database: str
    per_second: int
    p50: float | None = None
    p99: float | None = None
    statements: float | None = None


class Report(msgspec.Struct, frozen=True):
    """The table with what is needed to compare it with another."""

    machine: str
    cores: int
    measured_at: str
    connections: int
    size: Size
    figures: list[Figure]


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--only", choices=sorted(TITLES), action="append", help="measure this alone (may be repeated)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args()
    size, names = QUICK if asked.quick else FULL, asked.only or list(TITLES)
    figures = list(_figures(names, size))
    report = Report(_cpu(), os.cpu_count() or 0, datetime.now(UTC).date().isoformat(), CONNECTIONS, size, figures)
    if asked.json:
        print(msgspec.json.format(msgspec.json.encode(report)).decode())
    else:
        _print(report)


def _figures(names: list[str], size: Size) -> Iterator[Figure]:
    if "core" in names:
        _tell("core")
        yield Figure("core", "", round(core.measure(claims=size.core_claims, rounds=max(3, size.rounds))))
    if "modern" in names:
        _tell("modern")
        yield Figure("modern", "", round(bench_policy.core(claims=size.core_claims)))
    if "backtest" in names or "backtest-pool" in names:
        _tell("backtest")
        speed = bench_policy.backtest(claims=size.backtest_claims, workers=os.cpu_count() or 1)
        yield Figure("backtest", "", round(speed.single))
        yield Figure("backtest-pool", "", round(speed.pool))
    for row in checking.measure(names, claims=size.requests):
        _tell(row.name)
        yield Figure(row.name, row.database, row.per_second, row.milliseconds)
    if "terminology" in names:
        _tell("terminology")
        yield from _terminology(size)
    if set(names) <= {*checking.TITLES, "terminology", "core", "modern", "backtest", "backtest-pool"}:
        return
    with postgres_server() as server:
        channels = [name for name in CHANNELS if name in names]
        if channels:
            yield from _channels(channels, size, server)
        if "store" in names:
            yield from _store(size, server)
        if "ledger" in names:
            yield from _ledger(size, server)
        if "closing" in names:
            yield from _closing(size, server)


def _channels(names: list[str], size: Size, server: str) -> Iterator[Figure]:
    """Rounds over the served gateways, then a short pass in process that counts statements."""
    with ExitStack() as stack:
        targets = {database: stack.enter_context(_served(database, size, server)) for database in DATABASES}
        rounds: dict[tuple[str, str], list[Round]] = {(name, each): [] for name in names for each in DATABASES}
        for number in range(size.rounds):
            for name in names:
                for database, target in targets.items():
                    _tell(f"{name} on {database}, round {number + 1} of {size.rounds}")
                    requests = CHANNELS[name].prepare(target, f"{number}", size.requests)
                    found = send(CHANNELS[name], target, requests)
                    rounds[name, database].append(_round(found.per_second, found.latencies))
    counted = {database: _statements(names, database, server) for database in DATABASES}
    for (name, database), found_rounds in rounds.items():
        yield _figure(name, database, found_rounds, counted[database].get(name))


def _store(size: Size, server: str) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        urls = {"sqlite": f"sqlite:///{folder}/gateway.db", "postgres": new_database(server)}
        rounds: dict[str, list[Round]] = {database: [] for database in DATABASES}
        statements: dict[str, list[float]] = {database: [] for database in DATABASES}
        for number in range(size.rounds):
            for database, url in urls.items():
                _tell(f"store on {database}, round {number + 1} of {size.rounds}")
                found = jobs.measure(url, f"{number}", 2 * size.requests)
                rounds[database].append(_round(found.per_second, found.latencies))
                statements[database].append(found.statements)
    for database in DATABASES:
        yield _figure("store", database, rounds[database], round(median(statements[database]), 2))


def _ledger(size: Size, server: str) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        urls = {"sqlite": f"sqlite:///{folder}/gateway.db", "postgres": new_database(server)}
        for database, url in urls.items():
            _tell(f"ledger on {database}")
            entries = ledger.make(url, settlements=size.month, institutions=2_000)
            store = open_test_store(url, ready=True)
            try:
                store.seal()
                rates = [ledger.verify(store, entries).per_second for _ in range(size.rounds)]
            finally:
                store.close()
            yield Figure("ledger", database, round(median(rates)))


def _terminology(size: Size) -> Iterator[Figure]:
    for row in terminology_bench.measure(concepts=size.month, requests=size.requests, rounds=size.rounds):
        name = OF_TERMINOLOGY.get(row.what.partition(" on ")[0])
        if name is not None and row.p50 is not None:
            yield Figure(name, "sqlite", row.per_second, round(row.p50, 1))


def _closing(size: Size, server: str) -> Iterator[Figure]:
    for database in DATABASES:
        _tell(f"closing on {database}")
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            url = "" if database == "sqlite" else new_database(server)
            settings = closing.make(Path(folder), url, settlements=size.month, institutions=2_000)
            yield Figure("closing", database, round(size.month / closing.close_alone(settings).seconds))
            found = closing.close_meanwhile(settings)
        for name, claims in (("without-closing", found.without), ("during-closing", found.during)):
            yield Figure(name, database, round(claims.per_second), round(claims.p50, 1), round(claims.p99, 1))


def _round(per_second: float, latencies: list[int]) -> Round:
    return Round(per_second, percentile_ms(latencies, 50), percentile_ms(latencies, 99))


def _figure(name: str, database: str, rounds: list[Round], statements: float | None) -> Figure:
    per_second, p50, p99 = (median(column) for column in zip(*rounds, strict=True))
    return Figure(name, database, round(per_second), round(p50, 1), round(p99, 1), statements)


@contextmanager
def _served(database: str, size: Size, server: str) -> Iterator[Target]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        home = Path(folder)
        make_home(home)
        clock = Clock()
        with served(home, "" if database == "sqlite" else new_database(server)) as addresses:
            people = settle_people(addresses.http, size.people)
            target = Target(addresses, clock, people)
            first = CHANNELS["submit"].prepare(target, "first", size.people)
            send(CHANNELS["submit"], target, first)  # warms up, and makes every person the hospital's to read
            yield target


def _statements(names: list[str], database: str, server: str) -> dict[str, float]:
    """SQL statements a claim, at 16 connections, with the gateway inside this process."""
    _tell(f"statements on {database}")
    people, requests = 100, 200
    counted: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        home = Path(folder)
        make_home(home)
        url = "" if database == "sqlite" else new_database(server)
        clock = Clock()
        system = open_system(Settings(home=home, database_url=url, business_date=TODAY))
        try:
            with serving(system) as listening:
                addresses = Addresses(listening.base_url, listening.http_port, listening.mllp_port)
                target = Target(addresses, clock, settle_people(addresses.http, people))
                for name in (name for name in names if name != "read"):
                    prepared = CHANNELS[name].prepare(target, "count", requests)
                    before = system.store.statements
                    send(CHANNELS[name], target, prepared)
                    counted[name] = round((system.store.statements - before) / requests, 2)
        finally:
            system.close()
    return counted


def _cpu() -> str:
    """The model's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _tell(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def _print(report: Report) -> None:
    size = report.size
    claims = 1 + 3 * size.rounds * size.requests // size.people
    title = (
        f"{report.machine}, {report.cores} cores, Python {platform.python_version()}, {report.measured_at}; "
        f"{size.people} people with up to {claims} claims each; {report.connections} connections; "
        f"median of {size.rounds} rounds of {size.requests}; load generator on the same machine"
    )
    table = Table(title=title, title_justify="left")
    for column in ("what", "database", "per second", "p50 ms", "p99 ms", "SQL per claim"):
        table.add_column(column, justify="left" if column in ("what", "database") else "right")
    for figure in report.figures:
        numbers = (figure.p50, figure.p99, figure.statements)
        shown = ("" if number is None else str(number) for number in numbers)
        table.add_row({**TITLES, **BESIDE}[figure.name], figure.database, str(figure.per_second), *shown)
    Console(width=None if sys.stdout.isatty() else 140).print(table)


if __name__ == "__main__":
    main()
