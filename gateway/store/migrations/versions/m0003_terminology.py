"""Terminology: loaded code systems in chunks, and the closures that partners keep."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, TEXT, nullable=False)


def _whole(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _blob(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def upgrade() -> None:
    """Three new tables."""
    op.create_table(
        "code_system",
        _text("area"),
        _text("url"),
        _text("version"),
        _text("state"),
        _text("digest"),
        _whole("concepts"),
        _whole("chunks"),
        _whole("loaded_at"),
        _blob("header"),
        sa.PrimaryKeyConstraint("area", "url", "version"),
    )
    op.create_table(
        "code_system_chunk",
        _text("area"),
        _text("url"),
        _text("version"),
        _whole("number"),
        _blob("content"),
        sa.PrimaryKeyConstraint("area", "url", "version", "number"),
    )
    op.create_table(
        "closure",
        _text("area"),
        _text("owner"),
        _text("name"),
        _whole("version"),
        _blob("content"),
        sa.PrimaryKeyConstraint("area", "owner", "name"),
    )
