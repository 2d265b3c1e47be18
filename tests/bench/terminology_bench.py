"""The terminology service on a catalogue of 200,000 synthetic drugs: in process, and over HTTP with 16 connections.

The file is written, loaded by the loader into a store (SQLite) and served from there. `python -m
tests.bench.terminology_bench`; `--concepts`, `--requests` for a smaller one.
"""

import argparse
import gc
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple
from urllib.parse import urlencode

from gateway.fhir.systems import BASE, cs
from gateway.store.store import Store
from gateway.terminology.asked import read_call
from gateway.terminology.closure import Closures
from gateway.terminology.load import load
from gateway.terminology.loaded import Header
from gateway.terminology.offered import OPERATIONS
from gateway.terminology.operations import Call, Service
from gateway.terminology.read_data import shipped_systems
from gateway.terminology.read_file import open_table
from gateway.terminology.read_maps import read_maps
from gateway.terminology.terminology import Terminology
from tests.bench.load import Plan, http_request, http_status, percentile_ms, run
from tests.bench.world import AGENCY_TOKEN, make_home, served

MAPS = Path(__file__).parents[2] / "mappings" / "maps"
DRUG = cs("drug")
CONNECTIONS = 16
FILTERS = (
    "阿莫西林",
    "硝苯地平 5mg",
    "tbfx",
    "缓释片",
    "xa12ga",
    "drug 3",
    "片",
    "注射液 7mg",
    "氯吡格雷",
    "不存在的药",
)
GENERICS = (
    *("阿莫西林", "头孢呋辛酯", "氨氯地平", "二甲双胍", "硝苯地平", "缬沙坦", "阿托伐他汀钙", "氯吡格雷", "奥美拉唑"),
    *("左氧氟沙星", "布洛芬", "对乙酰氨基酚", "格列美脲", "阿卡波糖", "厄贝沙坦", "美托洛尔", "辛伐他汀", "孟鲁司特钠"),
)
FORMS = ("片", "胶囊", "注射液", "颗粒", "缓释片", "口服溶液", "软膏", "滴眼液", "肠溶片", "分散片")


class Row(NamedTuple):
    """A figure. `p50`: milliseconds, None where there is nothing to say."""

    what: str
    per_second: int
    p50: float | None = None


def write_drugs(path: Path, number: int) -> None:
    """A synthetic catalogue as it is exported: GB 18030, CRLF, seven columns; no drug of it exists."""
    with path.open("w", encoding="gb18030", newline="") as file:
        file.write("药品代码,注册名称,英文名称,剂型,规格,生产企业,停用标志\r\n")
        for n in range(number):
            generic, form = n % len(GENERICS), n // len(GENERICS) % len(FORMS)
            file.write(
                f"{drug_code(n)},{GENERICS[generic]}{FORMS[form]} {n % 37}mg,drug {generic} form {form},{FORMS[form]},"
                f"{n % 37}mg*{n % 24}片,测试制药{n % 700}有限公司,{'是' if n % 50 == 0 else '否'}\r\n"
            )


def drug_code(number: int) -> str:
    """The code of a synthetic drug: built as codes of drugs are."""
    generic, rest = number % len(GENERICS), number // len(GENERICS)
    form, serial = rest % len(FORMS), rest // len(FORMS)
    return f"XA{generic + 10:02d}GAW{generic:03d}A{form:03d}{serial % 100:02d}{serial // 100 % 100:02d}{serial:05d}"


def load_drugs(store: Store, file: Path) -> float:
    """Load a file of drugs; the seconds it took."""
    began = time.perf_counter()
    shipped = next(each for each in shipped_systems() if each.url == DRUG)
    table = open_table(file, columns={})
    load(store.concepts, table, DRUG, "1", Header("drug"), form=shipped.structure, told=lambda _: None)
    return time.perf_counter() - began


def service_of(store: Store) -> Service:
    """The service over a store, with what it has loaded made ready."""
    terminology = Terminology(shipped_systems(), [found for _, found in read_maps(MAPS)], store=store.concepts)
    terminology.warm()
    return Service(terminology, Closures(store.concepts, terminology, _now), _now)


def asked(number: int, concepts: int) -> dict[str, tuple[str, dict[str, str]]]:
    """One question of each kind: path below /fhir and parameters."""
    code = drug_code(number * 7919 % concepts)
    return {
        "$lookup": ("CodeSystem/$lookup", {"system": DRUG, "code": code}),
        "CodeSystem $validate-code": ("CodeSystem/$validate-code", {"url": DRUG, "code": code}),
        "ValueSet $validate-code": (
            "ValueSet/$validate-code",
            {"url": f"{BASE}/ValueSet/drug", "system": DRUG, "code": code},
        ),
        "$translate": ("ConceptMap/$translate", {"system": cs("nhsa-gend"), "code": "0129"[number % 4]}),
        "$expand with filter": (
            "ValueSet/$expand",
            {"url": f"{BASE}/ValueSet/drug", "filter": FILTERS[number % len(FILTERS)], "count": "20"},
        ),
    }


def in_process(service: Service, *, concepts: int, requests: int) -> Iterator[Row]:
    """Each operation from its parameters to the resource it answers, one after the other, by seconds of one core."""
    for name in asked(0, concepts):
        took = []
        busy = time.process_time()
        for number in range(requests // 10 if "expand" in name else requests):
            path, said = asked(number, concepts)[name]
            began = time.perf_counter_ns()
            _ask(service, path, said)
            took.append(time.perf_counter_ns() - began)
        busy = time.process_time() - busy
        yield Row(f"{name}, in process", round(len(took) / busy), percentile_ms(took, 50))


def over_http(port: int, *, concepts: int, requests: int, rounds: int) -> Iterator[Row]:
    """The same over kept connections, $expand over one; the load generator is a process of its own."""
    run(Plan("http", "127.0.0.1", port, 1, [_request(*asked(0, concepts)["$lookup"])]))  # makes the list ready
    for name in asked(0, concepts):
        alone = "expand" in name
        plan = [_request(*asked(number, concepts)[name]) for number in range(requests // 5 if alone else requests)]
        connections = 1 if alone else CONNECTIONS
        found = [run(Plan("http", "127.0.0.1", port, connections, plan)) for _ in range(rounds)]
        bad = [answer for each in found for answer in each.answers if http_status(answer) != 200]
        if bad:
            raise RuntimeError(f"not answered as it should be: {bad[0][:2000].decode()}")
        p50 = median(percentile_ms(each.latencies, 50) for each in found)
        yield Row(f"{name}, HTTP on {connections}", round(median(each.per_second for each in found)), p50)


def measure(*, concepts: int, requests: int, rounds: int) -> Iterator[Row]:
    """Every row."""
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        home = Path(folder)
        make_home(home)
        write_drugs(home / "drugs.csv", concepts)
        with served(home):
            pass  # makes the keys and the database
        store = _store(home)
        try:
            took = load_drugs(store, home / "drugs.csv")
            yield Row(f"load {concepts:,} drugs (concepts a second)", round(concepts / took))
            gc.collect()
            before = _resident()
            service = service_of(store)
            gc.collect()
            yield Row(f"memory of {concepts:,} drugs, MB", round((_resident() - before) / 1e6))
            yield from in_process(service, concepts=concepts, requests=requests)
        finally:
            store.close()
        with served(home) as addresses:
            yield from over_http(addresses.http_port, concepts=concepts, requests=requests, rounds=rounds)


def _ask(service: Service, path: str, said: dict[str, str]) -> dict[str, Any]:
    type, _, name = path.partition("/$")
    operation = OPERATIONS[type, name]
    return operation.run(service, Call(read_call(said.items(), None, operation.takes), "", "bench"))


def _request(path: str, said: dict[str, str]) -> bytes:
    return http_request("GET", f"/fhir/{path}?{urlencode(said)}", token=AGENCY_TOKEN)


def _store(home: Path) -> Store:
    from gateway.system import Settings, clock_of, open_store_of

    settings = Settings(home=home, database_url="")
    return open_store_of(settings, clock=clock_of(settings), read_only=False)


def _now() -> str:
    return "2015-03-20T09:00:00+08:00"


def _resident() -> int:
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _show(rows: Callable[[], Iterator[Row]]) -> None:
    for row in rows():
        p50 = "" if row.p50 is None else f"{row.p50:9.2f} ms"
        sys.stdout.write(f"{row.what:45}{row.per_second:>10,}{p50}\n")
        sys.stdout.flush()


def main() -> None:
    """Parse, measure, print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.terminology_bench", description=__doc__)
    parser.add_argument("--concepts", type=int, default=200_000)
    parser.add_argument("--requests", type=int, default=3_000)
    parser.add_argument("--rounds", type=int, default=3)
    given = parser.parse_args()
    _show(lambda: measure(concepts=given.concepts, requests=given.requests, rounds=given.rounds))


if __name__ == "__main__":
    main()
