"""The audit trail 审计线索: from a figure of a statement to its postings, and from a posting to the messages behind it.

    figure ─ postings ─ cause ─ settlement, payment, event or closing ─ messages that asked for it

Each step down adds up to the one above it, so whoever doubts a figure can walk to the bytes that came in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from gateway.datasets.books.periods import Span
from gateway.datasets.books.statements import closing_of_year
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem
from gateway.ledger.statements import Basis, Line
from gateway.store.store import Store
from gateway.store.values import MessageRecord, PostingLine

_PAGE = 500
_DOSSIERS = ("closing", "clearing", "payment", "application", "finding")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a posting was booked for. `what`: settlement, closing, clearing, payment, message …, or 'unknown'.

    `id`: of that thing; `messages`: those that asked for it, oldest first.
    """

    what: str
    id: str
    messages: tuple[MessageRecord, ...]


def postings_of(store: Store, scheme: str, span: Span, line: Line) -> Iterator[PostingLine]:
    """Every posting that a figure adds up, account by account, in the order they were booked."""
    from_on = span.from_on if line.basis is Basis.PERIOD else date.min
    left_out = closing_of_year(store, scheme, span) if line.basis is Basis.PERIOD else ""
    for account in line.accounts:
        after = None
        while page := store.postings(
            scheme=scheme, account=account, fund=line.fund or None, from_on=from_on, to_on=span.to_on,
            after=after, limit=_PAGE,
        ):  # fmt: skip
            yield from (each for each in page if not left_out or each.cause != left_out)
            after = page[-1].place


def sum_again(store: Store, scheme: str, span: Span, line: Line) -> Fen:
    """The figure, added up again from its postings."""
    return line.sign * sum(each.fen for each in postings_of(store, scheme, span, line))


def origin_of(store: Store, cause: str) -> Origin:
    """What stands behind a posting's cause, with the messages that are about it."""
    settlement = store.settlement_of_claim(cause)
    if settlement is not None:
        ids = [id for id in (settlement.id, settlement.cancelled_by) if id]
        return Origin("settlement", settlement.id, _messages(store, *ids))
    for kind in _DOSSIERS:
        if store.dossier(kind, cause) is not None:
            return Origin(kind, cause, _messages(store, cause))
    found = _messages(store, cause)
    return Origin("message" if found else "unknown", cause, found)


def no_such_figure(code: str) -> Problem:
    return Problem(
        Kind.NOT_FOUND,
        "no-such-figure",
        "figure",
        f"the statement has no figure '{code[:20]}': name one of its codes, such as 5001 or result",
        f"报表中没有项目“{code[:20]}”:请使用报表所列编号,如 5001、result",
    )


def _messages(store: Store, *subjects: str) -> tuple[MessageRecord, ...]:
    return tuple(message for subject in subjects for message in store.messages_about(subject))
