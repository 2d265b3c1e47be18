"""The statements, generated once from the tables: same order of columns as the rows of `gateway.store.rows`."""

import re

from sqlalchemy import BigInteger, Integer, LargeBinary
from sqlmodel import SQLModel

from gateway.ledger import chain
from gateway.store import tables
from gateway.store.tables import columns

_COUNTS = ("counted", "fund", "own_share", "deductible", "admissions")

CONFLICTS: dict[str, str] = {
    "accumulator": " ON CONFLICT (area, person, scheme, layer, period) DO UPDATE SET "
    + ", ".join(f"{name} = accumulator.{name} + excluded.{name}" for name in _COUNTS),
    "contribution": " ON CONFLICT (area, person, scheme, period) DO UPDATE SET "
    "levied = excluded.levied, received = excluded.received",
    "policy_version": " ON CONFLICT (area, hash) DO NOTHING",
    "account_balance": " ON CONFLICT (area, person, scheme) DO UPDATE SET fen = excluded.fen",
    "book_period": " ON CONFLICT (area, scheme, period) DO UPDATE SET state = excluded.state, "
    "closed_at = excluded.closed_at, closed_by = excluded.closed_by, digest = excluded.digest, seq = excluded.seq",
    "dossier": " ON CONFLICT (area, kind, id) DO UPDATE SET state = excluded.state, period = excluded.period, "
    "party = excluded.party, fen = excluded.fen, body = excluded.body, version = excluded.version, "
    "updated_at = excluded.updated_at WHERE dossier.version < excluded.version AND dossier.key = excluded.key",
}
COUNTED = "dossier"
"""The table whose rows must all be written: one that is not was changed by somebody else meanwhile."""

WRITTEN = (
    tables.ResourceRow,
    tables.HistoryRow,
    tables.TokenRow,
    tables.DateRow,
    tables.MessageRow,
    tables.OutboxRow,
    tables.PostingRow,
    tables.MovementRow,
    tables.AccumulatorRow,
    tables.SettlementRow,
    tables.ContributionRow,
    tables.AuditRow,
    tables.PolicyRow,
    tables.DossierRow,
    tables.BalanceRow,
    tables.PeriodRow,
    tables.SealRow,
)

RESOURCE = columns(tables.ResourceRow)
HISTORY = columns(tables.HistoryRow)
REPLACED = tuple(name for name in RESOURCE if name not in ("area", "type", "id"))


def _array_type(row: type[SQLModel], name: str) -> str:
    kind = tables.table(row).columns[name].type
    if isinstance(kind, (BigInteger, Integer)):
        return "bigint[]"
    return "bytea[]" if isinstance(kind, LargeBinary) else "text[]"


ARRAY_TYPES: dict[str, tuple[str, ...]] = {
    str(row.__tablename__): tuple(_array_type(row, name) for name in columns(row)) for row in WRITTEN
}

# SQLite: one row at a time, each prepared once.

SQLITE_INSERTS: dict[str, str] = {
    str(row.__tablename__): f"INSERT INTO {row.__tablename__} ({', '.join(columns(row))}) "
    f"VALUES ({', '.join('?' for _ in columns(row))}){CONFLICTS.get(str(row.__tablename__), '')}"
    for row in WRITTEN
}
SQLITE_KEEP_HEAD = (
    f"INSERT INTO resource_history ({', '.join(HISTORY)}) SELECT {', '.join(HISTORY)} FROM resource "
    "WHERE area = ? AND type = ? AND id = ? AND version = ?"
)
SQLITE_REPLACE_HEAD = (
    f"UPDATE resource SET {', '.join(f'{name} = ?' for name in REPLACED)} "
    "WHERE area = ? AND type = ? AND id = ? AND version = ?"
)
SQLITE_DROP_TOKEN = "DELETE FROM token_index WHERE hash = ? AND id = ?"
SQLITE_DROP_DATE = "DELETE FROM date_index WHERE hash = ? AND low = ? AND high = ? AND id = ?"
SQLITE_CANCEL = (
    "UPDATE settlement SET state = 'cancelled', cancelled_by = ?, cancelled_on = ? WHERE id = ? AND state = 'effective'"
)
SQLITE_BLOCK = (
    "INSERT INTO meta (area, name, number, probe) VALUES ('', 'commit', ?, x'') "
    "ON CONFLICT (area, name) DO UPDATE SET number = excluded.number"
)

# PostgreSQL: one statement for the rows of all tables, a column of rows is one array.


def _unnest(types: tuple[str, ...], names: tuple[str, ...]) -> str:
    return f"unnest({', '.join(f'%b::{kind}' for kind in types)}) AS u({', '.join(names)})"


def _postgres_insert(row: type[SQLModel]) -> str:
    name, names = str(row.__tablename__), columns(row)
    return (
        f"INSERT INTO {name} ({', '.join(names)}) "
        f"SELECT {', '.join(f'u.{column}' for column in names)} FROM {_unnest(ARRAY_TYPES[name], names)}"
        f"{CONFLICTS.get(name, '')}{' RETURNING 1' if name == COUNTED else ''}"
    )


_REPLACED_TYPES = tuple(_array_type(tables.ResourceRow, name) for name in RESOURCE)
_KEEP_HEAD = (
    f"INSERT INTO resource_history ({', '.join(HISTORY)}) SELECT {', '.join(f'r.{name}' for name in HISTORY)} "
    f"FROM {_unnest(('bigint[]', 'text[]', 'text[]', 'text[]'), ('expected', 'area', 'type', 'id'))} "
    "JOIN resource r ON r.area = u.area AND r.type = u.type AND r.id = u.id AND r.version = u.expected"
)
_REPLACE_HEAD = (
    f"UPDATE resource r SET {', '.join(f'{name} = u.{name}' for name in REPLACED)} "
    f"FROM {_unnest(('bigint[]', *_REPLACED_TYPES), ('expected', *RESOURCE))} "
    "WHERE r.area = u.area AND r.type = u.type AND r.id = u.id AND r.version = u.expected RETURNING 1"
)
_DROP_TOKENS = (
    f"DELETE FROM token_index t USING {_unnest(('bigint[]', 'text[]'), ('hash', 'id'))} "
    "WHERE t.hash = u.hash AND t.id = u.id"
)
_DATE_KEY = _unnest(("bigint[]", "bigint[]", "bigint[]", "text[]"), ("hash", "low", "high", "id"))
_DROP_DATES = (
    f"DELETE FROM date_index d USING {_DATE_KEY} "
    "WHERE d.hash = u.hash AND d.low = u.low AND d.high = u.high AND d.id = u.id"
)
POSTGRES_INSERT_ALL = (
    f"WITH {', '.join(f'added_{row.__tablename__} AS ({_postgres_insert(row)})' for row in WRITTEN)} "
    f"SELECT count(*) FROM added_{COUNTED}"
)
POSTGRES_REPLACE = (
    f"WITH kept AS ({_KEEP_HEAD}), replaced AS ({_REPLACE_HEAD}), dropped_tokens AS ({_DROP_TOKENS}), "
    f"dropped_dates AS ({_DROP_DATES}) SELECT count(*) FROM replaced"
)
POSTGRES_CANCEL = (
    "WITH cancelled AS (UPDATE settlement s SET state = 'cancelled', cancelled_by = u.by, cancelled_on = u.day "
    f"FROM {_unnest(('text[]', 'text[]', 'text[]'), ('by', 'day', 'id'))} "
    "WHERE s.id = u.id AND s.state = 'effective' RETURNING 1) "
    "SELECT count(*) FROM cancelled"
)

_LISTS = re.compile(r"\{(texts|wholes)\}")
_JOINED = re.compile(r"\{joined ([a-z_, ]+)\}")
_ALONG = re.compile(r"\{along ([a-z_]+)\}")


def for_sqlite(template: str) -> str:
    template = _ALONG.sub(r"INDEXED BY \1", _JOINED.sub(_sqlite_joined, template))
    return _LISTS.sub("IN (SELECT value FROM json_each(?))", template)


def for_postgres(template: str) -> str:
    lists = {"texts": "= ANY(%b::text[])", "wholes": "= ANY(%b::bigint[])"}
    template = _LISTS.sub(lambda match: lists[match[1]], template.replace("?", "%s"))
    return _ALONG.sub("", _JOINED.sub(_postgres_joined, template))


# `{joined a, b}`: the rows' columns as one text in bytes, ordered by the first; separators of `gateway.ledger.chain`.
# SQLite joins rows as it meets them: `{along index}` makes it walk an index upwards, which costs half of a sorted
# subquery. PostgreSQL sorts inside the aggregate, or finds the rows sorted by the same index.


def _sqlite_joined(match: re.Match[str]) -> str:
    names = match[1].split(", ")
    fields = chain.FIELD.join("%s" for _ in names)
    return f"CAST(group_concat(printf('{fields}', {', '.join(names)}), char({ord(chain.LINE)})) AS BLOB)"


def _postgres_joined(match: re.Match[str]) -> str:
    names = match[1].split(", ")
    line = f"concat_ws(chr({ord(chain.FIELD)}), {', '.join(names)})"
    return f"convert_to(string_agg({line}, chr({ord(chain.LINE)}) ORDER BY {names[0]}), 'UTF8')"
