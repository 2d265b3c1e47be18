"""A gateway that ends has sealed its books and noted an anchor beside them, unless it was told not to."""

from pathlib import Path

from gateway.store.anchors import read_anchors
from gateway.store.unit import Unit
from gateway.system import Settings, System, open_system
from tests.bench.world import TODAY, make_home
from tests.unit.cli.conftest import Settled
from tests.unit.store.test_accounts import entry


def post(unit: Unit) -> None:
    unit.post(entry("p1", 1_000))


def opened(home: Path, seconds: int) -> System:
    return open_system(Settings(home=home, database_url="", business_date=TODAY, seal_seconds=seconds))


def test_the_books_are_sealed_when_a_gateway_ends(settled_home: Settled) -> None:
    anchors = read_anchors(settled_home.home / "anchors.jsonl")
    system = opened(settled_home.home, 0)
    try:
        assert [anchor.day for anchor in anchors] == [TODAY] * len(anchors)
        assert anchors
        assert system.store.verify_ledger(anchors).problems == ()
    finally:
        system.close()


def test_without_a_sealer_nothing_is_noted(tmp_path: Path) -> None:
    make_home(tmp_path)
    system = opened(tmp_path, 0)
    system.store.submit(post).result(30)
    system.close()
    assert not (tmp_path / "anchors.jsonl").exists()
    system = opened(tmp_path, 60)
    system.close()
    assert [anchor.number for anchor in read_anchors(tmp_path / "anchors.jsonl")] == [1]
