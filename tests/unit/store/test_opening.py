"""Opening: keys are checked, one process writes a file, schemas are brought up to date, settings are judged."""

from pathlib import Path

import pytest

from gateway.kernel.problem import Refusal
from gateway.store.doctor import check_settings
from gateway.store.opening import open_store
from gateway.store.sealing import Keyring
from gateway.store.store import Store
from tests.conftest import AREA, clock_now, new_id, open_test_store, test_keyring
from tests.unit.store.jobs import settle, visit

INDEX_KEY = b"index key of the tests"


def refusal(url: str, keyring: Keyring, *, migrate: bool = True, read_only: bool = False) -> str:
    with pytest.raises(Refusal) as refused:
        open_store(
            url, area=AREA, keyring=keyring, clock=clock_now, make_id=new_id, migrate=migrate, read_only=read_only
        )
    return refused.value.problems[0].code


def test_what_was_committed_is_there_after_reopening(store: Store, store_url: str) -> None:
    one = visit("p1", "b1")
    answer = store.submit(settle(one), one.wants).result(30)
    store.close()
    again = open_test_store(store_url)
    assert again.submit(settle(one), one.wants).result(30) == answer
    assert again.verify().problems == ()
    again.close()


def test_a_closed_sqlite_database_is_one_file(tmp_path: Path) -> None:
    store = open_test_store(f"sqlite:///{tmp_path}/gateway.db")
    one = visit("p1", "b1")
    store.submit(settle(one), one.wants).result(30)
    assert store.settlements(limit=1)
    store.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["gateway.db", "gateway.db.lock"]


@pytest.mark.parametrize(
    ("keyring", "code"),
    [
        (Keyring({1: bytes(32)}, 1, INDEX_KEY), "seal-unopened"),
        (Keyring({2: bytes(range(32))}, 2, INDEX_KEY), "seal-unopened"),
        (Keyring.unsealed(INDEX_KEY), "seal-unopened"),
        (Keyring({1: bytes(range(32))}, 1, b"some other index key"), "index-key-changed"),
    ],
)
@pytest.mark.parametrize("read_only", [True, False])
def test_a_wrong_key_is_told_when_opening(
    store: Store, store_url: str, keyring: Keyring, code: str, read_only: bool
) -> None:
    store.close()
    assert refusal(store_url, keyring, read_only=read_only) == code
    open_test_store(store_url).close()


def test_a_new_key_reads_what_the_old_one_sealed(store: Store, store_url: str) -> None:
    store.submit(lambda unit: unit.put(type="Patient", id="p1", body=b"old key")).result(30)
    store.close()
    keyring = Keyring({1: bytes(range(32)), 2: bytes(32)}, 2, INDEX_KEY)
    for _ in range(2):
        rotated = open_store(store_url, area=AREA, keyring=keyring, clock=clock_now, make_id=new_id)
        rotated.submit(lambda unit: unit.put(type="Patient", id="p1", body=b"new key")).result(30)
        assert rotated.verify().problems == ()
        rotated.close()
    assert refusal(store_url, test_keyring()) == "seal-unopened"


def test_encryption_may_be_off_from_the_start(store_url: str) -> None:
    keyring = Keyring.unsealed(INDEX_KEY)
    for _ in range(2):
        plain = open_store(store_url, area=AREA, keyring=keyring, clock=clock_now, make_id=new_id)
        one = visit("p1", "b1")
        assert plain.submit(settle(one), one.wants).result(30)
        assert plain.verify().problems == ()
        plain.close()


def test_one_process_writes_an_sqlite_file_others_read(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/gateway.db"
    store = open_test_store(url)
    assert refusal(url, test_keyring()) == "store-locked"
    reader = open_store(url, area=AREA, keyring=test_keyring(), clock=clock_now, make_id=new_id, read_only=True)
    one = visit("p1", "b1")
    store.submit(settle(one), one.wants).result(30)
    assert len(reader.search("Claim", limit=5)) == 1
    assert reader.ready()
    assert reader.doctor() == []
    assert reader.statements == 0
    reader.close()
    store.close()
    open_test_store(url).close()


def test_a_reader_changes_nothing(store: Store, store_url: str) -> None:
    reader = open_store(store_url, area=AREA, keyring=test_keyring(), clock=clock_now, make_id=new_id, read_only=True)
    with pytest.raises(Refusal) as refused:
        reader.submit(lambda unit: None).result(30)
    assert refused.value.problems[0].code == "store-read-only"
    reader.close()
    assert store.ready()


def test_an_old_schema_is_told(tmp_path: Path, postgres_server: str) -> None:
    for url in (f"sqlite:///{tmp_path}/empty.db", postgres_server):
        (tmp_path / "empty.db").touch()
        assert refusal(url, test_keyring(), migrate=False) == "migrations-behind"
        assert refusal(url, test_keyring(), read_only=True) == "migrations-behind"


def test_a_database_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    assert refusal(f"sqlite:///{tmp_path}/no/such/folder.db", test_keyring()) == "store-unavailable"
    assert refusal(f"sqlite:///{tmp_path}/no-such-file.db", test_keyring(), read_only=True) == "store-unavailable"
    assert list(tmp_path.iterdir()) == []
    nowhere = f"postgresql://postgres@/postgres?host={tmp_path}"
    assert refusal(nowhere, test_keyring()) == "store-unavailable"
    assert refusal("mysql://localhost/gateway", test_keyring()) == "store-url"


def test_a_fresh_store_is_healthy(store: Store) -> None:
    assert store.ready()
    assert store.doctor() == []
    assert store.verify().problems == ()


def test_unsafe_settings_are_told(store: Store) -> None:
    assert store._writer is not None
    session = store._writer.session
    kind = "SET synchronous_commit = off" if "fsync" in session.settings() else "PRAGMA synchronous = NORMAL"
    session.rows(kind)
    assert [problem.code for problem in store.doctor()] == ["unsafe-setting"]


@pytest.mark.parametrize(
    ("name", "value", "is_safe"),
    [
        ("journal_mode", "wal", True),
        ("journal_mode", "delete", False),
        ("synchronous", "full", True),
        ("synchronous", "extra", True),
        ("synchronous", "off", False),
        ("fsync", "on", True),
        ("fsync", "off", False),
        ("full_page_writes", "off", False),
        ("synchronous_commit", "remote_apply", True),
        ("synchronous_commit", "off", False),
        ("data_sync_retry", "off", True),
        ("data_sync_retry", "on", False),
    ],
)
def test_each_setting_is_judged(name: str, value: str, is_safe: bool) -> None:
    problems = check_settings({name: value})
    assert [problem.path for problem in problems] == ([] if is_safe else [name])
