"""The tables, as SQLModel classes: the one place that names columns. Statements and migrations follow them.

Every table begins with the area, so that areas can live on separate servers. Instants are whole microseconds since
1970 (UTC), days ISO texts, money fen. `body`, `request`, `answer`, `trace` and `problems` are sealed.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlmodel import Field, SQLModel

# Byte order on both databases: paging compares ids, and must page alike.
TEXT = Text().with_variant(Text(collation="C"), "postgresql")
# On SQLite only a column of type INTEGER can be the row id itself, which saves an index.
ROW_NUMBER = BigInteger().with_variant(Integer(), "sqlite")


def _text(*, primary_key: bool = False, nullable: bool = False) -> Any:
    return Field(sa_column=Column(TEXT, primary_key=primary_key, nullable=nullable))


def _whole(*, primary_key: bool = False) -> Any:
    return Field(sa_column=Column(BigInteger, primary_key=primary_key, nullable=False, autoincrement=False))


def _blob(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(LargeBinary, nullable=nullable))


class ResourceRow(SQLModel, table=True):
    """The newest version (head) of a resource. `indexed`: its rows of the two indexes, to replace them on update."""

    __tablename__ = "resource"
    __table_args__ = (
        Index("resource_person", "area", "person", "type", "id", sqlite_where=text("person <> ''"),
              postgresql_where=text("person <> ''")),
        Index("resource_owner", "area", "owner", "type", "id", sqlite_where=text("owner <> ''"),
              postgresql_where=text("owner <> ''")),
    )  # fmt: skip
    area: str = _text(primary_key=True)
    type: str = _text(primary_key=True)
    id: str = _text(primary_key=True)
    version: int = _whole()
    seq: int = _whole()
    updated_at: int = _whole()
    owner: str = _text()
    person: str = _text()
    body: bytes = _blob()
    deleted: int = _whole()
    indexed: bytes = _blob()


class HistoryRow(SQLModel, table=True):
    """A superseded version of a resource."""

    __tablename__ = "resource_history"
    area: str = _text(primary_key=True)
    type: str = _text(primary_key=True)
    id: str = _text(primary_key=True)
    version: int = _whole(primary_key=True)
    seq: int = _whole()
    updated_at: int = _whole()
    owner: str = _text()
    person: str = _text()
    body: bytes = _blob()
    deleted: int = _whole()


class TokenRow(SQLModel, table=True):
    """Keyed hash of (area, type, parameter, system, value) → resource."""

    __tablename__ = "token_index"
    __table_args__ = {"sqlite_with_rowid": False}
    area: str = _text()
    hash: int = _whole(primary_key=True)
    id: str = _text(primary_key=True)
    type: str = _text()


class DateRow(SQLModel, table=True):
    """Keyed hash of (area, type, parameter), first and last second → resource."""

    __tablename__ = "date_index"
    __table_args__ = {"sqlite_with_rowid": False}
    area: str = _text()
    hash: int = _whole(primary_key=True)
    low: int = _whole(primary_key=True)
    high: int = _whole(primary_key=True)
    id: str = _text(primary_key=True)
    type: str = _text()


class MessageRow(SQLModel, table=True):
    """The inbox: what came, what was answered. The key is unique where there is one."""

    __tablename__ = "message"
    __table_args__ = (
        UniqueConstraint("area", "key", "sender", "channel", name="message_key"),
        Index("message_subject", "area", "subject", sqlite_where=text("subject <> ''"),
              postgresql_where=text("subject <> ''")),
    )  # fmt: skip
    area: str = _text()
    id: str = _text(primary_key=True)
    channel: str = _text()
    sender: str = _text()
    key: str | None = _text(nullable=True)
    content_hash: bytes = _blob()
    state: str = _text()
    kind: str = _text()
    request: bytes = _blob()
    answer: bytes = _blob()
    problems: bytes = _blob()
    received_at: int = _whole()
    principal: str = _text()
    subject: str = _text()


class OutboxRow(SQLModel, table=True):
    """What has to be delivered, written with the change that owes it."""

    __tablename__ = "outbox"
    __table_args__ = (Index("outbox_due", "area", "state", "next_at"),)
    area: str = _text()
    id: str = _text(primary_key=True)
    receiver: str = _text()
    kind: str = _text()
    body: bytes = _blob()
    state: str = _text()
    attempts: int = _whole()
    next_at: int = _whole()
    created_at: int = _whole()


class PostingRow(SQLModel, table=True):
    """One line of a balanced entry of the fund's books."""

    __tablename__ = "posting"
    __table_args__ = (
        Index("posting_cause", "area", "cause"),
        Index("posting_booked", "area", "scheme", "booked_on", "seq"),
        Index("posting_seq", "area", "seq", unique=True),
    )
    area: str = _text()
    entry_id: str = _text(primary_key=True)
    line: int = _whole(primary_key=True)
    scheme: str = _text()
    fund: str = _text()
    account: str = _text()
    party: str = _text()
    fen: int = _whole()
    booked_on: str = _text()
    cause: str = _text()
    reverses: str = _text()
    seq: int = _whole()


class MovementRow(SQLModel, table=True):
    """One change of a counter row, with the claim that caused it."""

    __tablename__ = "movement"
    __table_args__ = (Index("movement_claim", "area", "claim"), Index("movement_seq", "area", "seq", unique=True))
    area: str = _text()
    id: str = _text(primary_key=True)
    person: str = _text()
    scheme: str = _text()
    layer: str = _text()
    period: str = _text()
    claim: str = _text()
    counted: int = _whole()
    fund: int = _whole()
    own_share: int = _whole()
    deductible: int = _whole()
    admissions: int = _whole()
    reverses: str = _text()
    seq: int = _whole()


class AccumulatorRow(SQLModel, table=True):
    """Sum of the movements of one counter: kept beside them for speed, recounted by verify."""

    __tablename__ = "accumulator"
    area: str = _text(primary_key=True)
    person: str = _text(primary_key=True)
    scheme: str = _text(primary_key=True)
    layer: str = _text(primary_key=True)
    period: str = _text(primary_key=True)
    counted: int = _whole()
    fund: int = _whole()
    own_share: int = _whole()
    deductible: int = _whole()
    admissions: int = _whole()


class SettlementRow(SQLModel, table=True):
    """One decision on a treatment; a treatment has at most one in force."""

    __tablename__ = "settlement"
    __table_args__ = (
        Index("settlement_effective", "area", "treatment", unique=True, sqlite_where=text("state = 'effective'"),
              postgresql_where=text("state = 'effective'")),
        Index("settlement_number", "area", "person", "scheme", "number", unique=True),
        Index("settlement_claim", "area", "claim"),
        Index("settlement_booked", "area", "institution", "booked_on"),
        Index("settlement_cancelled", "area", "institution", "cancelled_on", sqlite_where=text("cancelled_on <> ''"),
              postgresql_where=text("cancelled_on <> ''")),
    )  # fmt: skip
    area: str = _text()
    id: str = _text(primary_key=True)
    claim: str = _text()
    person: str = _text()
    scheme: str = _text()
    institution: str = _text()
    treatment: str = _text()
    state: str = _text()
    number: int = _whole()
    decided_on: str = _text()
    period: str = _text()
    policy_hash: str = _text()
    fund: int = _whole()
    total: int = _whole()
    cancelled_by: str = _text()
    kind: str = _text()
    days: int = _whole()
    case_group: str = _text()
    account: int = _whole()
    booked_on: str = _text()
    cancelled_on: str = _text()
    trace: bytes = _blob()
    seq: int = _whole()


class ContributionRow(SQLModel, table=True):
    """What a person owes for a period and what arrived."""

    __tablename__ = "contribution"
    area: str = _text(primary_key=True)
    person: str = _text(primary_key=True)
    scheme: str = _text(primary_key=True)
    period: str = _text(primary_key=True)
    levied: int = _whole()
    received: int = _whole()


class DossierRow(SQLModel, table=True):
    """The working state of one case of business: a closing, a clearing, a payment, a difference to be resolved."""

    __tablename__ = "dossier"
    __table_args__ = (
        UniqueConstraint("area", "kind", "key", name="dossier_key"),
        Index("dossier_state", "area", "kind", "state", "id"),
        Index("dossier_period", "area", "kind", "period", "id"),
    )
    area: str = _text(primary_key=True)
    kind: str = _text(primary_key=True)
    id: str = _text(primary_key=True)
    key: str = _text()
    state: str = _text()
    period: str = _text()
    party: str = _text()
    fen: int = _whole()
    body: bytes = _blob()
    version: int = _whole()
    updated_at: int = _whole()


class BalanceRow(SQLModel, table=True):
    """What a person's account holds: kept beside the postings on it, recounted by verify."""

    __tablename__ = "account_balance"
    __table_args__ = (CheckConstraint("fen >= 0", name="account_balance_not_negative"),)
    area: str = _text(primary_key=True)
    person: str = _text(primary_key=True)
    scheme: str = _text(primary_key=True)
    fen: int = _whole()


class PeriodRow(SQLModel, table=True):
    """A day, month or year of the books that takes no more postings. `seq`: the last number it holds, once closed."""

    __tablename__ = "book_period"
    __table_args__ = (
        Index("book_period_end", "area", "scheme", "to_on"),
        Index("book_period_closing", "area", "scheme", sqlite_where=text("state = 'closing'"),
              postgresql_where=text("state = 'closing'")),
    )  # fmt: skip
    area: str = _text(primary_key=True)
    scheme: str = _text(primary_key=True)
    period: str = _text(primary_key=True)
    from_on: str = _text()
    to_on: str = _text()
    state: str = _text()
    closed_at: int = _whole()
    closed_by: str = _text()
    digest: str = _text()
    seq: int = _whole()


class SealRow(SQLModel, table=True):
    """A link of the hash chain over the two books: it covers their rows above the link before, up to `last_seq`."""

    __tablename__ = "ledger_seal"
    area: str = _text(primary_key=True)
    number: int = _whole(primary_key=True)
    last_seq: int = _whole()
    postings: int = _whole()
    movements: int = _whole()
    hash: bytes = _blob()
    sealed_at: int = _whole()


class AuditRow(SQLModel, table=True):
    """Who did what, when, to which object."""

    __tablename__ = "audit"
    area: str = _text()
    seq: int = Field(sa_column=Column(ROW_NUMBER, primary_key=True, autoincrement=False))
    at: int = _whole()
    principal: str = _text()
    action: str = _text()
    object: str = _text()
    outcome: str = _text()
    message: str = _text()


class PolicyRow(SQLModel, table=True):
    """Every policy that was ever loaded, by the hash that decisions pin."""

    __tablename__ = "policy_version"
    area: str = _text(primary_key=True)
    hash: str = _text(primary_key=True)
    policy_id: str = _text()
    loaded_at: int = _whole()
    body: bytes = _blob()


class MetaRow(SQLModel, table=True):
    """Facts of the database itself: the number of the last commit (SQLite), and probes that tell a wrong key."""

    __tablename__ = "meta"
    area: str = _text(primary_key=True)
    name: str = _text(primary_key=True)
    number: int = _whole()
    probe: bytes = _blob()


APPEND_ONLY = ("resource_history", "posting", "movement", "audit", "policy_version", "ledger_seal")


def table(row: type[SQLModel]) -> Table:
    """The table behind a class."""
    found: Table = SQLModel.metadata.tables[str(row.__tablename__)]
    return found


def columns(row: type[SQLModel]) -> tuple[str, ...]:
    """Column names in the order rows are built in."""
    return tuple(column.name for column in table(row).columns)
