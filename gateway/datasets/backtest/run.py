"""Runners on one machine: in this process, or in a pool of processes that each take whole persons."""

from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from multiprocessing import get_context

from gateway.datasets.backtest.fold import Assignment, fold
from gateway.datasets.backtest.rows import Row, chunks
from gateway.datasets.backtest.totals import Group, Sums, Totals, add_up

CHUNK = 1000
"""Claims handed to a worker at once."""

_WAITING = 3
"""Chunks handed out or waiting for each worker: enough that none is idle, few enough that memory stays the same."""


def run_here(rows: Iterable[Row], assignment: Assignment) -> dict[Group, Totals]:
    """One after the other in this process."""
    return add_up([fold((row.record for row in rows), assignment)])


def run_pool(rows: Iterable[Row], assignment: Assignment, *, workers: int) -> dict[Group, Totals]:
    """In so many processes; this one only reads and adds up."""
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return add_up(_parts(pool, chunks(rows, size=CHUNK), assignment, most=workers * _WAITING))


def _parts(
    pool: ProcessPoolExecutor, lists: Iterable[list[bytes]], assignment: Assignment, *, most: int
) -> Iterator[Sums]:
    """Sums as they come; never more than `most` chunks on their way."""
    waiting: set[Future[dict[Group, Totals]]] = set()
    for chunk in lists:
        if len(waiting) >= most:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (each.result() for each in done)
        waiting.add(pool.submit(fold, chunk, assignment))
    yield from (each.result() for each in waiting)
