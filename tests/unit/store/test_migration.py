"""What a database of the first schema becomes: its settlements get what can be derived, and say so where it cannot."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import text

from gateway.store import migrate
from gateway.store.flush import BLOCK
from gateway.store.rows import context
from tests.conftest import AREA, open_test_store, test_keyring
from tests.unit.store.jobs import HOSPITAL, settle, visit

MORNING = 1_426_892_400_000_000  # 2015-03-20T23:00:00Z: the 21st in China
DAY = 86_400_000_000
KEYRING = test_keyring()


@pytest.fixture(params=["sqlite", "postgres"])
def first_schema(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of the first schema."""
    url = f"sqlite:///{tmp_path}/gateway.db"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
        with migrate._connected(url) as connection, connection.begin():
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
    with migrate._connected(url) as connection, connection.begin():
        command.upgrade(migrate._config(connection), "0001")
    return url


def insert(url: str, table: str, *rows: dict[str, Any]) -> None:
    with migrate._connected(url) as connection, connection.begin():
        for row in rows:
            given = {"area": AREA, **row}
            named = ", ".join(given)
            connection.execute(text(f"INSERT INTO {table} ({named}) VALUES (:{', :'.join(given)})"), given)


def settlement(number: int, *, fund: int, cancelled_by: str = "", claim: str = "") -> dict[str, Any]:
    id = f"s{number}"
    return {
        "id": id, "claim": claim or f"c{number}", "person": "p1", "scheme": "resident", "institution": HOSPITAL,
        "treatment": f"{HOSPITAL}|{number}", "state": "cancelled" if cancelled_by else "effective", "number": number,
        "decided_on": "2015-03-09", "period": "2015", "policy_hash": "h", "fund": fund, "total": 10_000,
        "cancelled_by": cancelled_by, "trace": KEYRING.seal(b"{}", context("settlement", AREA, "trace", id)),
        "seq": number * BLOCK + 50,
    }  # fmt: skip


def posting(number: int, line: int, fen: int, day: str, claim: str = "") -> dict[str, Any]:
    return {
        "entry_id": f"e{number}", "line": line, "scheme": "resident", "fund": "basic",
        "account": ("benefit-expense", "provider-payable")[line], "party": HOSPITAL, "fen": fen, "booked_on": day,
        "cause": claim or f"c{number}", "reverses": "", "seq": number * BLOCK + 10 + line,
    }  # fmt: skip


def movement(number: int, layer: str, counted: int, claim: str = "") -> dict[str, Any]:
    return {
        "id": f"m{number}-{layer}", "person": "p1", "scheme": "resident", "layer": layer, "period": "2015",
        "claim": claim or f"c{number}", "counted": counted, "fund": 0, "own_share": 0, "deductible": 0,
        "admissions": 0, "reverses": "", "seq": number * BLOCK + 20 + len(layer),
    }  # fmt: skip


def response(id: str, *, version: int = 1, at: int = MORNING) -> dict[str, Any]:
    body = KEYRING.seal(b"{}", context("resource", AREA, "ClaimResponse", id, version))
    return {
        "type": "ClaimResponse", "id": id, "version": version, "seq": 1, "updated_at": at, "owner": HOSPITAL,
        "person": "p1", "body": body, "deleted": 0,
    }  # fmt: skip


def test_old_settlements_get_what_can_be_derived(first_schema: str) -> None:
    """1: booked by its entry. 2: no fund paid, so by its ClaimResponse; then cancelled. 3 replaced by 4. 5: nothing."""
    insert(
        first_schema, "settlement", settlement(1, fund=500), settlement(2, fund=0, cancelled_by="x2"),
        settlement(3, fund=300, cancelled_by="s4"), settlement(4, fund=400, claim="c3"), settlement(5, fund=0),
    )  # fmt: skip
    insert(
        first_schema, "posting", *(posting(1, line, fen, "2015-03-11") for line, fen in enumerate((500, -500))),
        *(posting(3, line, fen, "2015-04-01") for line, fen in enumerate((300, -300))),
        *(posting(4, line, fen, "2015-05-02", "c3") for line, fen in enumerate((100, -100))),
    )  # fmt: skip
    insert(
        first_schema, "movement", movement(1, "basic", 10_000), movement(1, "account", 70), movement(3, "account", 30),
        movement(3, "family_account", 5), movement(4, "account", -10, "c3"),
    )  # fmt: skip
    heads = (response("s2", version=2, at=MORNING + 9 * DAY), response("x2", at=MORNING + 2 * DAY))
    for head in (*heads, response("s4", at=MORNING + 40 * DAY)):
        insert(first_schema, "resource", {**head, "indexed": b""})
    insert(first_schema, "resource_history", response("s2"))

    migrate.migrate(first_schema)

    store = open_test_store(first_schema, ready=True)
    found = {one.id: one for one in store.settlements(limit=10)}
    store.close()
    days = {id: (one.booked_on, one.cancelled_on, one.account) for id, one in found.items()}
    assert days == {
        "s1": (date(2015, 3, 11), None, 70),
        "s2": (date(2015, 3, 21), date(2015, 3, 23), 0),
        "s3": (date(2015, 4, 1), date(2015, 4, 30), 35),
        "s4": (date(2015, 5, 2), None, 25),
        "s5": (date(2015, 3, 9), None, 0),
    }
    assert {(one.kind, one.days, one.case_group) for one in found.values()} == {("", 0, "")}


def test_a_migrated_database_goes_on(first_schema: str) -> None:
    store = open_test_store(first_schema)
    store.submit(settle(visit("p1", "b1"))).result(30)
    assert store.seal() == 1
    assert store.verify().problems == ()
    store.close()
