"""A month of settlements written straight into the tables: what closing, clearing and verification are timed on.

Made up and the same every time: persons, institutions, amounts and days follow from a running number. Settlements,
postings, movements, accumulators and balances agree, so that every recount of the books passes; with `resources` that
of the whole store does. One settlement in fifty is cancelled at once, one in five has medical aid too, one in ten is
paid from the personal account as well.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import psycopg
from sqlmodel import SQLModel

from gateway.kernel.ids import AreaCode
from gateway.ledger.accounts import Account
from gateway.store import tables
from gateway.store.flush import BLOCK
from gateway.store.rows import context, pack_indexed
from gateway.store.sealing import Keyring
from gateway.store.session import Row
from gateway.store.statements import SQLITE_INSERTS

FIRST, DAYS = date(2015, 6, 1), 30
SCHEME, YEAR = "resident", "2015"
OPENING = 10_000_000
"""Fen on each personal account that is drawn on."""

_PER_PERSON = 5
_GROUP, _PLACES = 64, 32
_CHUNK = 8_192
_AT = 1_433_116_800_000_000
_KINDS = ("outpatient",) * 7 + ("chronic",) + ("inpatient",) * 2
_ROWS: dict[str, type[SQLModel]] = {
    "posting": tables.PostingRow,
    "movement": tables.MovementRow,
    "settlement": tables.SettlementRow,
    "resource": tables.ResourceRow,
    "accumulator": tables.AccumulatorRow,
    "account_balance": tables.BalanceRow,
}
Chunk = dict[str, list[Row]]


@dataclass(frozen=True, slots=True)
class Month:
    """How many settlements of how many institutions, for whom. `first`: the first of its days."""

    settlements: int
    institutions: int
    area: AreaCode
    keyring: Keyring
    resources: bool = False
    first: date = FIRST

    @property
    def persons(self) -> int:
        return max(1, self.settlements // _PER_PERSON)

    @property
    def entries(self) -> int:
        """Of settlements, of their cancellations, and the openings of personal accounts."""
        opened = len({number % self.persons for number in range(0, self.settlements, 10)})
        return self.settlements + sum(1 for number in range(self.settlements) if number % 50 == 10) + opened

    @property
    def blocks(self) -> int:
        """Number of the last commit: one of the openings, one for each group of settlements."""
        return 1 + (self.settlements + _GROUP - 1) // _GROUP

    def id(self, kind: str, number: int) -> str:
        """The id of the thing of a kind (one letter) with a number."""
        return f"{self.area}06{kind}{number:021d}"


def institution(number: int) -> str:
    """The code of an institution, from 0."""
    return f"H321182{number:05d}"


def fill(url: str, month: Month) -> None:
    """Write the month into an empty database that has the tables."""
    if url.startswith("sqlite"):
        _fill_sqlite(url.removeprefix("sqlite:///"), month)
    else:
        _fill_postgres(url, month)


def _fill_sqlite(path: str, month: Month) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA cache_size = -262144")
    connection.execute("BEGIN")
    for chunk in _chunks(month):
        for name, rows in chunk.items():
            connection.executemany(SQLITE_INSERTS[name], rows)
    commit = "INSERT INTO meta (area, name, number, probe) VALUES ('', 'commit', ?, x'')"
    connection.execute(commit, (month.blocks,))
    connection.execute("COMMIT")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    connection.execute("ANALYZE")
    connection.close()


def _fill_postgres(url: str, month: Month) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        with connection.transaction(), connection.cursor() as cursor:
            for chunk in _chunks(month):
                for name, rows in chunk.items():
                    named = ", ".join(tables.columns(_ROWS[name]))
                    with cursor.copy(f"COPY {name} ({named}) FROM STDIN".encode()) as copy:
                        for row in rows:
                            copy.write_row(row)
            cursor.execute("SELECT setval('commit_seq', %s)", (month.blocks,))
        connection.execute("VACUUM ANALYZE")


def _chunks(month: Month) -> Iterator[Chunk]:
    """Rows by table, in the order of their numbers; sums and balances come last."""
    sums: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0] * 5)
    drawn: dict[str, int] = {}
    for number in range(0, month.settlements, 10):
        drawn.setdefault(month.id("p", number % month.persons), 0)
    yield {"posting": _openings(month, sorted(drawn))}
    for first in range(0, month.settlements, _CHUNK):
        chunk: Chunk = {"posting": [], "movement": [], "settlement": [], "resource": []}
        for number in range(first, min(first + _CHUNK, month.settlements)):
            _settle(chunk, month, number, sums, drawn)
        yield chunk
    yield {
        "accumulator": [(month.area, person, SCHEME, layer, YEAR, *sum) for (person, layer), sum in sums.items()],
        "account_balance": [(month.area, person, SCHEME, OPENING - taken) for person, taken in drawn.items()],
    }


def _openings(month: Month, persons: list[str]) -> list[Row]:
    day = month.first.isoformat()
    rows: list[Row] = []
    for number, person in enumerate(persons):
        entry, cause, seq = month.id("e", number), month.id("n", number), BLOCK + 2 * number
        sides = ((str(Account.INCOME_ACCOUNT), "", OPENING), (str(Account.PERSONAL_ACCOUNT), person, -OPENING))
        rows += [
            (month.area, entry, line, SCHEME, "personal-account", *side, day, cause, "", seq + line)
            for line, side in enumerate(sides)
        ]
    return rows


def _settle(
    chunk: Chunk, month: Month, number: int, sums: dict[tuple[str, str], list[int]], drawn: dict[str, int]
) -> None:
    """One settlement with all its rows, and its cancellation where it has one."""
    area, person = month.area, month.id("p", number % month.persons)
    claim, response, undo = month.id("c", number), month.id("s", number), month.id("x", number)
    code = institution(number * 7_919 % month.institutions)
    day = (month.first + timedelta(days=number * DAYS // month.settlements)).isoformat()
    seq = (2 + number // _GROUP) * BLOCK + number % _GROUP * _PLACES
    kind, cancelled = _KINDS[number % 10], number % 50 == 10
    total = 10_000 + number % 90_000
    parts = {"basic": total * 6 // 10, "aid": 0 if number % 5 else total // 20}
    account = 0 if number % 10 else total // 10

    lines = [
        (fund, name, party, sign * fen)
        for fund, fen, debit in (*((fund, fen, Account.BENEFIT_EXPENSE) for fund, fen in parts.items()),
                                 ("personal-account", account, Account.PERSONAL_ACCOUNT))
        if fen
        for name, party, sign in ((str(debit), person if debit == Account.PERSONAL_ACCOUNT else code, 1),
                                   (str(Account.PROVIDER_PAYABLE), code, -1))
    ]  # fmt: skip
    moved = [
        ("basic", (total, parts["basic"], total - parts["basic"], 0, int(kind == "inpatient"))),
        *([("aid", (0, parts["aid"], 0, 0, 0))] if parts["aid"] else []),
        *([("account", (account, 0, 0, 0, 0))] if account else []),
    ]
    signs = ((1, "d", "", ""), (-1, "r", month.id("d", number), response)) if cancelled else ((1, "d", "", ""),)
    for turn, (sign, letter, entry, settlement) in enumerate(signs):
        for line, (fund, account_name, party, fen) in enumerate(lines):
            chunk["posting"].append(
                (area, month.id(letter, number), line, SCHEME, fund, account_name, party, sign * fen, day, claim, entry,
                 seq + turn * len(lines) + line)
            )  # fmt: skip
        for line, (layer, counts) in enumerate(moved):
            signed = [sign * count for count in counts]
            chunk["movement"].append(
                (area, month.id("mn"[turn], 4 * number + line), person, SCHEME, layer, YEAR, claim, *signed, settlement,
                 seq + 12 + 4 * turn + line)
            )  # fmt: skip
            kept = sums[person, layer]
            kept[:] = map(sum, zip(kept, signed, strict=True))
    if account:
        drawn[person] += 0 if cancelled else account
    chunk["settlement"].append(
        (area, response, claim, person, SCHEME, code, f"{code}|{number}", "cancelled" if cancelled else "effective",
         number // month.persons + 1, day, YEAR, "policy-hash", sum(parts.values()), total, undo if cancelled else "",
         kind, 1 + number % 14 if kind == "inpatient" else 0, "", account, day, day if cancelled else "",
         month.keyring.seal(b"{}", context("settlement", area, "trace", response)), seq + 20)
    )  # fmt: skip
    if month.resources:
        made = [("Claim", claim), ("ClaimResponse", response), *([("ClaimResponse", undo)] if cancelled else [])]
        chunk["resource"] += [
            (area, type, id, 1, seq + 21 + n, _AT, code, person,
             month.keyring.seal(b"{}", context("resource", area, type, id, 1)), 0, pack_indexed((), ()))
            for n, (type, id) in enumerate(made)
        ]  # fmt: skip
