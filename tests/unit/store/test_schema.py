"""The schema: migrations make what the tables say, append-only tables refuse changes, sealed texts do not leak."""

import glob
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine
from sqlmodel import SQLModel

from gateway.store import migrate
from gateway.store.store import Store
from gateway.store.tables import APPEND_ONLY
from gateway.store.unit import Unit
from tests.unit.store.jobs import settle, visit
from tests.unit.store.raw import raw

CANARY = "canary-张测试-321182198001011234"


def test_the_migrated_schema_is_that_of_the_tables(store: Store, store_url: str) -> None:
    engine = create_engine(migrate.sqlalchemy_url(store_url))
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_migrating_again_changes_nothing(store: Store, store_url: str) -> None:
    assert migrate.current(store_url) == migrate.head()
    migrate.migrate(store_url)
    assert migrate.check_current(store_url) == []


def filled(store: Store) -> None:
    def work(unit: Unit) -> None:
        settle(visit("p1", "b1"))(unit)
        unit.keep_policy(policy_id="321182-resident", hash="abc", body=CANARY.encode())
        unit.enqueue(id="o1", receiver="bank", kind="pain.001", body=CANARY.encode())
        for _ in range(2):
            unit.put(type="Patient", id="p1", body=CANARY.encode() * 50)

    store.submit(work).result(30)
    assert store.seal() == 1


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("change", ["UPDATE {} SET area = area", "DELETE FROM {}"])
def test_append_only_tables_refuse_changes(store: Store, store_url: str, table: str, change: str) -> None:
    filled(store)
    with pytest.raises(Exception, match="append-only"):
        raw(store_url, change.format(table))
    assert store.verify().problems == ()


def test_the_file_and_its_log_hold_no_sealed_text(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    from tests.conftest import open_test_store

    store = open_test_store(f"sqlite:///{tmp_path}/gateway.db")
    filled(store)
    files = [Path(name) for name in glob.glob(f"{tmp_path}/*")]
    assert {file.name for file in files} >= {"gateway.db", "gateway.db-wal"}
    store_bytes = b"".join(file.read_bytes() for file in files)
    store.close()
    store_bytes += (tmp_path / "gateway.db").read_bytes()
    assert b"append-only" in store_bytes
    for part in CANARY.split("-"):
        assert part.encode() not in store_bytes


def test_no_table_holds_sealed_text(store: Store, store_url: str) -> None:
    filled(store)
    everything = b""
    for table in SQLModel.metadata.tables:
        for row in raw(store_url, f"SELECT * FROM {table}"):
            everything += b"|".join(part if isinstance(part, bytes) else str(part).encode() for part in row)
    assert b"H32118200001" in everything
    for part in CANARY.split("-"):
        assert part.encode() not in everything
