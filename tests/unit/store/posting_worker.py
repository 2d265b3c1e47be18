"""A process that books on the last day of June, or what is open after it, until it is told to stop."""

import sys
import threading
from dataclasses import replace
from datetime import date

from gateway.store.unit import Unit
from tests.conftest import open_test_store
from tests.unit.store.jobs import expense

JUNE = date(2015, 6, 30)


def main(url: str) -> None:
    store = open_test_store(url, ready=True)
    stop = threading.Event()

    def work(unit: Unit) -> date:
        day = unit.open_day("resident", JUNE)
        unit.post(replace(expense("claim"), booked_on=day))
        return day

    def wait() -> None:
        sys.stdin.readline()
        stop.set()

    threading.Thread(target=wait).start()
    print(["", "booking"][store.submit(work).result(30) == JUNE], flush=True)
    day = JUNE
    while not stop.is_set() or day == JUNE:
        day = store.submit(work).result(30)
    print("booked after the closing", flush=True)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
