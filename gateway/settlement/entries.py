"""From a decision to the books, and back: entries of a settlement, counter-entries of its cancellation."""

from collections.abc import Callable, Iterable
from datetime import date

from gateway.kernel.problem import Kind, Problem
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry, reversed_entry, transfer
from gateway.settlement.claim import Movement
from gateway.settlement.decision import Decision


def entries_for(decision: Decision, *, id: str, booked_on: date) -> tuple[Entry, ...]:
    """What the funds owe the institution 应付定点机构: one entry, none when no fund pays.

    The person's cash never touches the fund's books.
    """
    claim = decision.claim
    postings = tuple(
        posting
        for fund, amount in decision.funds.items()
        if amount
        for posting in transfer(
            fund=fund,
            debit=Account.BENEFIT_EXPENSE,
            credit=Account.PROVIDER_PAYABLE,
            party=claim.institution,
            amount=amount,
        )
    )
    if not postings:
        return ()
    return (Entry(id, claim.area, claim.scheme, booked_on, claim.id, postings),)


def counter_entries(entries: Iterable[Entry], *, make_id: Callable[[], str], booked_on: date) -> tuple[Entry, ...]:
    """The mirror of every entry not yet reversed."""
    entries = tuple(entries)
    undone = {entry.reverses for entry in entries if entry.reverses}
    return tuple(
        reversed_entry(entry, id=make_id(), booked_on=booked_on)
        for entry in entries
        if not entry.reverses and entry.id not in undone
    )


def counter_movements(movements: Iterable[Movement]) -> tuple[Movement, ...]:
    """The movements that restore every counter exactly."""
    return tuple(Movement(m.layer, m.period, m.delta.negated()) for m in movements)


def not_the_last(first: str, later: str) -> Problem:
    """Cancelling under a later settlement would change what that one was decided on: last first."""
    return Problem(
        Kind.RULE,
        "later-settlement-exists",
        "Claim.identifier",
        f"settlement {first} is followed by {later} in the same year: cancel the later one first",
        f"结算 {first} 之后同年度还有结算 {later}:请先撤销后一笔",
    )
