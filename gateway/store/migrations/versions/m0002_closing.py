"""Closing and paying: cases of business, balances of personal accounts, closed periods, seals of the two books.

What a settlement says about clearing comes into its row. For rows that are there already: the days it was booked and
cancelled on are those of its entries, or else of its ClaimResponse; what the personal account paid is read off the
movements. Kind, days of stay and group of the case are not in the clear anywhere, so they stay unknown ('' and 0).
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
BLOCK = 1_000_000  # rows of one commit have this part of `seq` in common

# When a ClaimResponse was first stored, in microseconds since 1970; its day in China is eight hours on.
_FIRST_STORED = (
    "coalesce((SELECT r.updated_at FROM resource r WHERE r.area = settlement.area AND r.type = 'ClaimResponse' "
    "AND r.id = settlement.{id} AND r.version = 1), "
    "(SELECT h.updated_at FROM resource_history h WHERE h.area = settlement.area AND h.type = 'ClaimResponse' "
    "AND h.id = settlement.{id} AND h.version = 1))"
)
_DAYS = {
    "sqlite": "strftime('%Y-%m-%d', {at} / 1000000, 'unixepoch', '+8 hours')",
    "postgresql": "to_char(to_timestamp({at} / 1000000) AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD')",
}
_BOOKED = (
    "SELECT max(p.booked_on) FROM posting p WHERE p.area = settlement.area AND p.cause = settlement.claim "
    f"AND p.seq < settlement.seq AND p.seq / {BLOCK} = settlement.seq / {BLOCK}"
)
_ACCOUNT = (
    "SELECT coalesce(sum(m.counted), 0) FROM movement m WHERE m.area = settlement.area "
    "AND m.claim = settlement.claim AND m.layer IN ('account', 'family_account') AND m.seq < settlement.seq"
)


def _text(name: str, *, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, TEXT, nullable=False, server_default=default)


def _whole(name: str, *, default: str | None = None) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False, server_default=default)


def _blob(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    """New columns and what they are for old rows, new tables, new indexes, what forbids changing a seal."""
    for column in ("kind", "case_group", "booked_on", "cancelled_on"):
        op.add_column("settlement", _text(column, default=""))
    for column in ("days", "account"):
        op.add_column("settlement", _whole(column, default="0"))
    _fill_settlements()
    _create_tables()
    _create_indexes()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            "CREATE TRIGGER ledger_seal_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_seal "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
    else:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER ledger_seal_no_{change.lower()} BEFORE {change} ON ledger_seal "
                "BEGIN SELECT RAISE(ABORT, 'ledger_seal is append-only'); END"
            )


def _fill_settlements() -> None:
    day = _DAYS[op.get_bind().dialect.name]
    made = day.format(at=_FIRST_STORED.format(id="id"))
    undone = day.format(at=_FIRST_STORED.format(id="cancelled_by"))
    op.execute(
        f"UPDATE settlement SET booked_on = coalesce(({_BOOKED}), {made}, decided_on), "
        f"cancelled_on = CASE WHEN cancelled_by = '' THEN '' ELSE coalesce({undone}, decided_on) END, "
        f"account = ({_ACCOUNT})"
    )


def _create_tables() -> None:
    op.create_table(
        "dossier",
        _text("area"),
        _text("kind"),
        _text("id"),
        _text("key"),
        _text("state"),
        _text("period"),
        _text("party"),
        _whole("fen"),
        _blob("body"),
        _whole("version"),
        _whole("updated_at"),
        sa.PrimaryKeyConstraint("area", "kind", "id"),
        sa.UniqueConstraint("area", "kind", "key", name="dossier_key"),
    )
    op.create_table(
        "account_balance",
        _text("area"),
        _text("person"),
        _text("scheme"),
        _whole("fen"),
        sa.PrimaryKeyConstraint("area", "person", "scheme"),
        sa.CheckConstraint("fen >= 0", name="account_balance_not_negative"),
    )
    op.create_table(
        "book_period",
        _text("area"),
        _text("scheme"),
        _text("period"),
        _text("from_on"),
        _text("to_on"),
        _text("state"),
        _whole("closed_at"),
        _text("closed_by"),
        _text("digest"),
        _whole("seq"),
        sa.PrimaryKeyConstraint("area", "scheme", "period"),
    )
    op.create_table(
        "ledger_seal",
        _text("area"),
        _whole("number"),
        _whole("last_seq"),
        _whole("postings"),
        _whole("movements"),
        _blob("hash"),
        _whole("sealed_at"),
        sa.PrimaryKeyConstraint("area", "number"),
    )


def _create_indexes() -> None:
    op.create_index("settlement_booked", "settlement", ["area", "institution", "booked_on"])
    undone = sa.text("cancelled_on <> ''")
    op.create_index(
        "settlement_cancelled",
        "settlement",
        ["area", "institution", "cancelled_on"],
        sqlite_where=undone,
        postgresql_where=undone,
    )
    known = sa.text("subject <> ''")
    op.create_index("message_subject", "message", ["area", "subject"], sqlite_where=known, postgresql_where=known)
    op.create_index("posting_booked", "posting", ["area", "scheme", "booked_on", "seq"])
    op.create_index("posting_seq", "posting", ["area", "seq"], unique=True)
    op.create_index("movement_seq", "movement", ["area", "seq"], unique=True)
    op.create_index("dossier_state", "dossier", ["area", "kind", "state", "id"])
    op.create_index("dossier_period", "dossier", ["area", "kind", "period", "id"])
    op.create_index("book_period_end", "book_period", ["area", "scheme", "to_on"])
    closing = sa.text("state = 'closing'")
    op.create_index(
        "book_period_closing", "book_period", ["area", "scheme"], sqlite_where=closing, postgresql_where=closing
    )
