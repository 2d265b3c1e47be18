"""A process that settles from four threads and prints each answer once it has it, until it is killed."""

import itertools
import os
import sys
import threading

from tests.conftest import open_test_store
from tests.unit.store.jobs import settle, visit


def main(url: str, run: str) -> None:
    store = open_test_store(url)

    def client(number: int) -> None:
        for index in itertools.count():
            one = visit(f"p{index % 3}", f"{run}-{number}-{index}")
            answer = store.submit(settle(one), one.wants).result(30)
            os.write(1, f"{one.key.id} {answer.decode()}\n".encode())

    for number in range(4):
        threading.Thread(target=client, args=(number,)).start()


if __name__ == "__main__":
    main(*sys.argv[1:])
