"""The run: an undisturbed closing for reference, then closings that are killed and started again until they end."""

import random
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

from tests.bench.databases import copied
from tests.simulation.closing.books import Books, differences, prepare, progress, read_books
from tests.simulation.closing.worker import work

_context = get_context("forkserver")
_context.set_forkserver_preload(["tests.simulation.closing.worker"])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened. `stages`: how often a kill left the books where; `differences`: [] is what must come out.

    `runs`: closings that were ended, each on a copy of its own; `clearings`: those of the reference.
    """

    seed: int
    kills: int
    runs: int
    clearings: int
    stages: Mapping[str, int]
    seconds: int
    differences: tuple[str, ...]


def simulate(url: str, *, settlements: int, institutions: int, kills: int, seed: int) -> Outcome:
    """Kills so many processes, over as many closings as it takes. `url`: an empty database of any kind.

    A seed plans the moments again; how far the machine has come by then stays its own.
    """
    chance = random.Random(seed)
    began = time.monotonic()
    prepare(url, settlements=settlements, institutions=institutions)
    with copied(url) as copy:
        span = _undisturbed(copy)
        reference, found = read_books(copy)
    stages: Counter[str] = Counter()
    runs = 0
    while stages.total() < kills:
        runs += 1
        books, wrong = _disturbed(url, span, kills - stages.total(), chance, stages)
        found += [f"run {runs}: {each}" for each in (*wrong, *differences(reference, books))]
    return Outcome(
        seed=seed,
        kills=stages.total(),
        runs=runs,
        clearings=len(reference.dossiers["clearing"]),
        stages=dict(stages),
        seconds=round(time.monotonic() - began),
        differences=tuple(found),
    )


def _undisturbed(url: str) -> float:
    """Closes once without a kill; the seconds it took."""
    process, told = _start(url, 0)
    began = time.monotonic()
    said = told.recv()
    took = time.monotonic() - began
    process.join()
    assert (said, process.exitcode) == ("done", 0), "an undisturbed closing ends"
    return took


def _disturbed(
    original: str, span: float, most: int, chance: random.Random, stages: Counter[str]
) -> tuple[Books, list[str]]:
    """One closing, killed at random moments until it ends by itself or was killed often enough; its books."""
    killed = 0
    with copied(original) as url:
        while True:
            process, told = _start(url, killed + 1)
            ended = told.poll(chance.uniform(0, span) if killed < most else None)
            if not ended:
                process.kill()
            process.join()
            told.close()
            if ended:
                assert process.exitcode == 0, "a closing that was not killed ends well"
                return read_books(url)
            killed += 1
            stages[progress(url)] += 1


def _start(url: str, attempt: int) -> tuple[ForkServerProcess, Connection]:
    """A process that has begun to close."""
    told, telling = _context.Pipe(duplex=False)
    process = _context.Process(target=work, args=(url, attempt, telling))
    process.start()
    telling.close()
    assert told.recv() == "began"
    return process, told
