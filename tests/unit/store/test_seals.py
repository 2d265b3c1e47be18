"""The hash chain as it is made: below the oldest open transaction, once, by whichever process; anchored outside."""

import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from gateway.kernel.problem import Refusal
from gateway.ledger.chain import genesis, joined, ledger_hash, link
from gateway.store.anchors import append_anchor, read_anchors
from gateway.store.flush import BLOCK
from gateway.store.queries import Place
from gateway.store.sealer import Sealer
from gateway.store.seals import keep, last_sealable, next_seal
from gateway.store.store import Store
from gateway.store.values import Anchor, Seal
from tests.conftest import AREA, open_test_store, test_keyring
from tests.unit.store.jobs import DAY, cancel, settle, visit
from tests.unit.store.raw import raw
from tests.unit.store.test_tampering import past_the_store

LINE = "seq, entry_id, line, scheme, fund, account, party, fen, booked_on, cause, reverses"
POSTED = f"SELECT {LINE} FROM posting ORDER BY seq"
MOVED = (
    "SELECT seq, id, person, scheme, layer, period, claim, counted, fund, own_share, deductible, admissions, reverses "
    "FROM movement ORDER BY seq"
)


def settled(store: Store, bill: str) -> str:
    return store.submit(settle(visit("p1", bill))).result(30).decode().removeprefix("settled ")


def test_a_link_is_the_hash_of_its_rows(store: Store, store_url: str) -> None:
    """Computed here from the rows themselves, as an auditor would."""
    settled(store, "张测试 | 1")
    assert store.seal() == 1
    posted, moved = raw(store_url, POSTED), raw(store_url, MOVED)
    commit = posted[0][0] // BLOCK
    last_seq = (commit + 1) * BLOCK - 1
    hash = link(
        genesis(AREA), number=1, last_seq=last_seq, postings=joined(posted), movements=joined(moved), counts=(2, 1)
    )
    assert store.seals(limit=10) == [Seal(1, last_seq, 2, 1, hash)]
    assert store.anchor(DAY) == Anchor(1, last_seq, hash.hex(), DAY)


def test_nothing_new_makes_no_link(store: Store) -> None:
    assert (store.seal(), store.anchor(DAY), store.seals(limit=1)) == (0, None, [])
    first = settled(store, "b1")
    assert (store.seal(), store.seal()) == (1, 0)
    store.submit(cancel(first)).result(30)
    assert (store.seal(), store.seal()) == (1, 0)
    assert [(seal.number, seal.postings, seal.movements) for seal in store.seals(limit=10)] == [(1, 2, 1), (2, 2, 1)]
    assert [seal.number for seal in store.seals(after=1, limit=10)] == [2]
    assert store.verify().problems == ()


def test_long_books_are_sealed_in_batches(store: Store, store_url: str) -> None:
    for number in range(5):
        settled(store, f"b{number}")
    with past_the_store(store_url) as session:
        place = Place(session, AREA, test_keyring())
        while (found := next_seal(place, until=last_sealable(place), batch=3)) is not None:
            assert store.submit(keep(found)).result(30)
    seals = store.seals(limit=10)
    assert [seal.number for seal in seals] == [1, 2, 3, 4]
    assert [seal.postings for seal in seals] == [3, 3, 3, 1]
    assert sum(seal.movements for seal in seals) == 5
    assert store.verify_ledger().problems == ()


def test_what_is_committed_while_it_seals_waits_for_the_next_time(store: Store) -> None:
    settled(store, "b1")
    busy, stop = threading.Event(), threading.Event()

    def work() -> None:
        number = 1
        while not stop.is_set():
            number += 1
            settled(store, f"b{number}")
            busy.set()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        assert busy.wait(30)
        assert store.seal() == 1
    finally:
        stop.set()
        worker.join()
    assert store.seal() == 1
    assert store.verify_ledger().problems == ()


def test_a_link_is_added_once(store: Store, store_url: str) -> None:
    settled(store, "b1")
    with past_the_store(store_url) as session:
        place = Place(session, AREA, test_keyring())
        found = next_seal(place, until=last_sealable(place))
    assert found is not None
    assert [store.submit(keep(found)).result(30) for _ in range(2)] == [True, False]


def test_two_processes_make_one_chain(postgres_url: str) -> None:
    stores = [open_test_store(postgres_url, ready=True) for _ in range(2)]
    stop = threading.Event()

    def sealing(store: Store) -> None:
        while not stop.is_set():
            store.seal()

    threads = [threading.Thread(target=sealing, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for number in range(60):
        settled(stores[number % 2], f"b{number}")
    stop.set()
    for thread in threads:
        thread.join()
    stores[0].seal()
    seals = stores[0].seals(limit=1000)
    assert [seal.number for seal in seals] == list(range(1, len(seals) + 1))
    assert (sum(seal.postings for seal in seals), sum(seal.movements for seal in seals)) == (120, 60)
    assert stores[0].verify_ledger().problems == ()
    for store in stores:
        store.close()


def test_nothing_is_sealed_above_an_open_transaction(postgres_url: str) -> None:
    """Its rows come among those sealed meanwhile otherwise: its number is lower than theirs."""
    store = open_test_store(postgres_url, ready=True)
    settled(store, "b1")
    with psycopg.connect(postgres_url) as slow:
        slow.execute("SELECT pg_current_xact_id()")
        [(number,)] = slow.execute("SELECT nextval('commit_seq')").fetchall()
        settled(store, "b2")
        assert store.seal() == 0
        slow.execute(
            "INSERT INTO posting SELECT area, 'late' || entry_id, line, scheme, fund, account, party, fen, booked_on, "
            "cause, reverses, %s::bigint * 1000000 + line FROM posting WHERE cause = (SELECT min(cause) FROM posting)",
            (number,),
        )
        slow.commit()
    assert store.seal() == 1
    assert [seal.postings for seal in store.seals(limit=10)] == [6]
    assert store.verify_ledger().problems == ()
    store.close()


def test_an_export_tells_two_books_alike(store: Store, store_url: str) -> None:
    assert list(store.export_ledger()) == []
    undone = settled(store, "b1")
    store.submit(cancel(undone)).result(30)
    lines = list(store.export_ledger())
    assert [(line.booked_on, line.fen) for line in lines] == [("2015-03-09", fen) for fen in (6500, -6500, -6500, 6500)]
    assert lines == sorted(lines, key=lambda line: (line.scheme, line.booked_on, line.entry_id, line.line))
    assert lines == list(store.export_ledger("resident", from_on=DAY, to_on=DAY))
    assert list(store.export_ledger("worker")) == list(store.export_ledger(from_on=date(2015, 3, 10))) == []
    assert list(store.export_ledger(to_on=date(2015, 3, 8))) == []
    before = ledger_hash(lines)

    raw(store_url, "DROP TRIGGER posting_no_update" if store_url.startswith("sqlite") else
        "DROP TRIGGER posting_append_only ON posting")  # fmt: skip
    raw(store_url, "UPDATE posting SET seq = seq + 5000000")
    assert ledger_hash(store.export_ledger()) == before
    raw(store_url, "UPDATE posting SET party = 'H32118200002' WHERE line = 1")
    assert ledger_hash(store.export_ledger()) != before


def test_anchors_are_kept_line_by_line(tmp_path: Path) -> None:
    file = tmp_path / "new" / "anchors.jsonl"
    assert read_anchors(file) == []
    anchors = [Anchor(number, number * BLOCK, f"{number:064x}", date(2015, 6, number)) for number in (1, 2)]
    for anchor in anchors:
        append_anchor(file, anchor)
    assert read_anchors(file) == anchors
    assert file.read_text().splitlines()[0] == (
        f'{{"day":"2015-06-01","number":1,"seq":1000000,"hash":"{"1".rjust(64, "0")}"}}'
    )
    file.write_text(file.read_text() + '{"day":"2015-06-03"}\n\x00\n')
    with pytest.raises(Refusal) as refused:
        read_anchors(file)
    assert [(problem.code, problem.path) for problem in refused.value.problems] == [
        ("anchors-unreadable", "anchors.jsonl:3"),
        ("anchors-unreadable", "anchors.jsonl:4"),
    ]


def test_the_sealer_seals_and_notes_an_anchor_a_day(store: Store, tmp_path: Path) -> None:
    now = datetime(2015, 6, 30, 8, tzinfo=UTC)
    file = tmp_path / "anchors.jsonl"
    settled(store, "b1")
    sealer = Sealer(store, every_s=1, anchors=file, clock=lambda: now)
    until = time.monotonic() + 30
    while not file.exists() and time.monotonic() < until:
        time.sleep(0.02)
    assert [anchor.number for anchor in read_anchors(file)] == [1]
    settled(store, "b2")
    store.seal()
    settled(store, "b3")
    sealer.close()
    noted = read_anchors(file)
    assert [(anchor.number, anchor.day) for anchor in noted] == [(1, date(2015, 6, 30)), (3, date(2015, 6, 30))]
    assert store.verify_ledger(noted).problems == ()


def test_a_sealer_without_its_disk_goes_on(store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    settled(store, "b1")
    Sealer(store, every_s=60, anchors=blocked / "anchors.jsonl", clock=lambda: datetime.now(UTC)).close()
    assert "not sealed" in caplog.text
    assert [seal.number for seal in store.seals(limit=10)] == [1]
