"""The first schema: resources and their indexes, inbox, outbox, the two books, settlements, audit, policies."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROW_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
APPEND_ONLY = ("resource_history", "posting", "movement", "audit", "policy_version")


def _text(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, TEXT, nullable=nullable)


def _whole(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _blob(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    """Tables, then what forbids changing the append-only ones, then the order of commits."""
    _create_resources()
    _create_indexes()
    _create_messages()
    _create_books()
    _create_settlements()
    _create_records()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE SEQUENCE commit_seq AS bigint")
        _forbid_changes_postgres()
    else:
        _forbid_changes_sqlite()


def _create_resources() -> None:
    op.create_table(
        "resource",
        _text("area"),
        _text("type"),
        _text("id"),
        _whole("version"),
        _whole("seq"),
        _whole("updated_at"),
        _text("owner"),
        _text("person"),
        _blob("body"),
        _whole("deleted"),
        _blob("indexed"),
        sa.PrimaryKeyConstraint("area", "type", "id"),
    )
    op.create_index(
        "resource_owner",
        "resource",
        ["area", "owner", "type", "id"],
        unique=False,
        sqlite_where=sa.text("owner <> ''"),
        postgresql_where=sa.text("owner <> ''"),
    )
    op.create_index(
        "resource_person",
        "resource",
        ["area", "person", "type", "id"],
        unique=False,
        sqlite_where=sa.text("person <> ''"),
        postgresql_where=sa.text("person <> ''"),
    )
    op.create_table(
        "resource_history",
        _text("area"),
        _text("type"),
        _text("id"),
        _whole("version"),
        _whole("seq"),
        _whole("updated_at"),
        _text("owner"),
        _text("person"),
        _blob("body"),
        _whole("deleted"),
        sa.PrimaryKeyConstraint("area", "type", "id", "version"),
    )


def _create_indexes() -> None:
    op.create_table(
        "token_index",
        _text("area"),
        _whole("hash"),
        _text("id"),
        _text("type"),
        sa.PrimaryKeyConstraint("hash", "id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "date_index",
        _text("area"),
        _whole("hash"),
        _whole("low"),
        _whole("high"),
        _text("id"),
        _text("type"),
        sa.PrimaryKeyConstraint("hash", "low", "high", "id"),
        sqlite_with_rowid=False,
    )


def _create_messages() -> None:
    op.create_table(
        "message",
        _text("area"),
        _text("id"),
        _text("channel"),
        _text("sender"),
        _text("key", nullable=True),
        _blob("content_hash"),
        _text("state"),
        _text("kind"),
        _blob("request"),
        _blob("answer"),
        _blob("problems"),
        _whole("received_at"),
        _text("principal"),
        _text("subject"),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("area", "key", "sender", "channel", name="message_key"),
    )
    op.create_table(
        "outbox",
        _text("area"),
        _text("id"),
        _text("receiver"),
        _text("kind"),
        _blob("body"),
        _text("state"),
        _whole("attempts"),
        _whole("next_at"),
        _whole("created_at"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("outbox_due", "outbox", ["area", "state", "next_at"], unique=False)


def _create_books() -> None:
    op.create_table(
        "posting",
        _text("area"),
        _text("entry_id"),
        _whole("line"),
        _text("scheme"),
        _text("fund"),
        _text("account"),
        _text("party"),
        _whole("fen"),
        _text("booked_on"),
        _text("cause"),
        _text("reverses"),
        _whole("seq"),
        sa.PrimaryKeyConstraint("entry_id", "line"),
    )
    op.create_index("posting_cause", "posting", ["area", "cause"], unique=False)
    op.create_table(
        "movement",
        _text("area"),
        _text("id"),
        _text("person"),
        _text("scheme"),
        _text("layer"),
        _text("period"),
        _text("claim"),
        _whole("counted"),
        _whole("fund"),
        _whole("own_share"),
        _whole("deductible"),
        _whole("admissions"),
        _text("reverses"),
        _whole("seq"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("movement_claim", "movement", ["area", "claim"], unique=False)
    op.create_table(
        "accumulator",
        _text("area"),
        _text("person"),
        _text("scheme"),
        _text("layer"),
        _text("period"),
        _whole("counted"),
        _whole("fund"),
        _whole("own_share"),
        _whole("deductible"),
        _whole("admissions"),
        sa.PrimaryKeyConstraint("area", "person", "scheme", "layer", "period"),
    )


def _create_settlements() -> None:
    op.create_table(
        "settlement",
        _text("area"),
        _text("id"),
        _text("claim"),
        _text("person"),
        _text("scheme"),
        _text("institution"),
        _text("treatment"),
        _text("state"),
        _whole("number"),
        _text("decided_on"),
        _text("period"),
        _text("policy_hash"),
        _whole("fund"),
        _whole("total"),
        _text("cancelled_by"),
        _blob("trace"),
        _whole("seq"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("settlement_claim", "settlement", ["area", "claim"], unique=False)
    op.create_index(
        "settlement_effective",
        "settlement",
        ["area", "treatment"],
        unique=True,
        sqlite_where=sa.text("state = 'effective'"),
        postgresql_where=sa.text("state = 'effective'"),
    )
    op.create_index("settlement_number", "settlement", ["area", "person", "scheme", "number"], unique=True)
    op.create_table(
        "contribution",
        _text("area"),
        _text("person"),
        _text("scheme"),
        _text("period"),
        _whole("levied"),
        _whole("received"),
        sa.PrimaryKeyConstraint("area", "person", "scheme", "period"),
    )


def _create_records() -> None:
    op.create_table(
        "audit",
        _text("area"),
        sa.Column("seq", ROW_NUMBER, autoincrement=False, nullable=False),
        _whole("at"),
        _text("principal"),
        _text("action"),
        _text("object"),
        _text("outcome"),
        _text("message"),
        sa.PrimaryKeyConstraint("seq"),
    )
    op.create_table(
        "policy_version",
        _text("area"),
        _text("hash"),
        _text("policy_id"),
        _whole("loaded_at"),
        _blob("body"),
        sa.PrimaryKeyConstraint("area", "hash"),
    )
    op.create_table(
        "meta", _text("area"), _text("name"), _whole("number"), _blob("probe"), sa.PrimaryKeyConstraint("area", "name")
    )


def _forbid_changes_sqlite() -> None:
    for name in APPEND_ONLY:
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {name}_no_{change.lower()} BEFORE {change} ON {name} "
                f"BEGIN SELECT RAISE(ABORT, '{name} is append-only'); END"
            )


def _forbid_changes_postgres() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"
    )
    for name in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {name}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {name} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
