"""A disk that is full or fails: nothing is answered that is not stored."""

from pathlib import Path

import pytest

from gateway.kernel.problem import Refusal
from gateway.store.session import Lost
from gateway.store.store import Store
from tests.conftest import open_test_store
from tests.unit.store.jobs import settle, visit


def code(store: Store, bill: str) -> str:
    try:
        store.submit(settle(visit("p1", bill))).result(30)
    except Refusal as refusal:
        return refusal.problems[0].code
    return "settled"


def test_a_full_disk_refuses_until_there_is_room(tmp_path: Path) -> None:
    store = open_test_store(f"sqlite:///{tmp_path}/gateway.db")
    assert store._writer is not None
    session = store._writer.session
    assert code(store, "b0") == "settled"
    session.rows("PRAGMA max_page_count = 1")  # SQLite takes the present size instead
    codes = [code(store, f"b{number}") for number in range(1, 200)]
    assert codes[-1] == "store-unavailable"
    assert len(store.search("Claim", limit=1_000)) == 1 + codes.count("settled")
    assert store.ready()

    session.rows("PRAGMA max_page_count = 1000000")
    assert code(store, "b200") == "settled"
    assert store.verify().problems == ()
    store.close()


def test_a_disk_that_fails_stops_the_writer_until_the_next_start(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/gateway.db"
    store = open_test_store(url)
    assert store._writer is not None
    assert code(store, "b0") == "settled"

    def failing() -> None:
        raise Lost("disk I/O error", broken=True)

    sound = store._writer.session.commit
    store._writer.session.commit = failing  # type: ignore[method-assign]
    assert code(store, "b1") == "store-unavailable"
    store._writer.session.commit = sound  # type: ignore[method-assign]
    assert code(store, "b2") == "store-unavailable"
    assert not store.ready()
    assert len(store.search("Claim", limit=5)) == 1
    store.close()

    with pytest.raises(Refusal):
        store.submit(settle(visit("p1", "b3"))).result(30)
    again = open_test_store(url)
    assert code(again, "b1") == "settled"
    assert again.verify().problems == ()
    again.close()
