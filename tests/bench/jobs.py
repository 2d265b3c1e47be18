"""The store alone: jobs the size of a settlement, as many waiting as there are connections elsewhere."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

from tests.bench.channels import CONNECTIONS
from tests.conftest import open_test_store
from tests.unit.store.jobs import settle, visit


class Jobs(NamedTuple):
    """What a round did. Latencies in nanoseconds."""

    per_second: float
    latencies: list[int]
    statements: float


def measure(url: str, label: str, number: int) -> Jobs:
    """So many settlements by 16 threads, each waiting for its commit before its next."""
    store = open_test_store(url)
    latencies = [0] * number

    def work(mine: Iterator[int]) -> None:
        for n in mine:
            one = visit(f"person-{n % 1000}", f"{label}-{n}")
            began = time.perf_counter_ns()
            store.submit(settle(one), one.wants).result()
            latencies[n] = time.perf_counter_ns() - began

    try:
        before = store.statements
        began = time.perf_counter()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            list(pool.map(work, (iter(range(first, number, CONNECTIONS)) for first in range(CONNECTIONS))))
        took = time.perf_counter() - began
        return Jobs(number / took, latencies, (store.statements - before) / number)
    finally:
        store.close()
