"""From a decision to the books, and back: entries of a settlement, of its cancellation, of the difference to another.

What the funds and the personal account pay is owed to the institution. The person's cash never touches the books.
Reading: a family's shared account 共济账户 is an account of its own, its party the family; nothing credits one yet.

Corrections are new entries: red ones 红字 where less is owed. They are booked in the period that is open, never on a
day before the entry they correct.
"""

from collections.abc import Callable, Iterable
from datetime import date

from gateway.kernel.calendar import Period
from gateway.kernel.money import Fen
from gateway.kernel.problem import Kind, Problem
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry, Posting, reversed_entry, transfer
from gateway.ledger.flows import Flow, personal
from gateway.settlement.claim import NOTHING, Counters, Layer, Movement
from gateway.settlement.decision import Decision
from gateway.settlement.working import ACCOUNT, FAMILY_ACCOUNT


def entries_for(decision: Decision, *, id: str, booked_on: date) -> tuple[Entry, ...]:
    """What the funds and the personal account owe the institution 应付定点机构: one entry, none when neither pays."""
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
    ) + _drawn(decision)
    if not postings:
        return ()
    return (Entry(id, claim.area, claim.scheme, booked_on, claim.id, postings),)


def drawn_from(decision: Decision, layer: Layer) -> Fen:
    """What a decision takes from the person's own account (layer `account`), or from the family's."""
    return sum(movement.delta.counted for movement in decision.movements if movement.layer == layer)


def _drawn(decision: Decision) -> Flow:
    person, institution = decision.claim.person, decision.claim.institution
    own, shared = drawn_from(decision, ACCOUNT), drawn_from(decision, FAMILY_ACCOUNT)
    assert own + shared == decision.account, "the accounts pay what their counters count"
    drawers = ((person.id, own), (person.family or person.id, shared))
    return tuple(
        posting
        for payer, amount in drawers
        if amount
        for posting in personal.drawn(person=payer, institution=institution, amount=amount)
    )


def counter_entries(entries: Iterable[Entry], *, make_id: Callable[[], str], booked_on: date) -> tuple[Entry, ...]:
    """The mirror 红冲 of every entry not yet reversed, on the day given; on its own day where that is later."""
    entries = tuple(entries)
    undone = {entry.reverses for entry in entries if entry.reverses}
    return tuple(
        reversed_entry(entry, id=make_id(), booked_on=max(booked_on, entry.booked_on))
        for entry in entries
        if not entry.reverses and entry.id not in undone
    )


def counter_movements(movements: Iterable[Movement]) -> tuple[Movement, ...]:
    """The movements that restore every counter exactly."""
    return tuple(Movement(m.layer, m.period, m.delta.negated()) for m in movements)


def netted(movements: Iterable[Movement]) -> tuple[Movement, ...]:
    """One movement for each counter that is changed by all of them together."""
    sums: dict[tuple[Layer, Period], Counters] = {}
    for movement in movements:
        key = (movement.layer, movement.period)
        sums[key] = sums.get(key, NOTHING).plus(movement.delta)
    return tuple(Movement(*key, delta) for key, delta in sums.items() if delta != NOTHING)


def difference_movements(booked: Iterable[Movement], decision: Decision) -> tuple[Movement, ...]:
    """What makes the movements that were booked for a claim into those of another decision on it."""
    return netted((*counter_movements(booked), *decision.movements))


def difference_entry(booked: Iterable[Entry], decision: Decision, *, id: str, booked_on: date) -> tuple[Entry, ...]:
    """What makes the entries that were booked for a claim into those of another decision on it.

    One entry: by fund and institution what is owed now, less what stands; none when they are equal.
    """
    stands = tuple(booked)
    last = max((entry.booked_on for entry in stands), default=booked_on)
    sums: dict[tuple[str, Account, str], Fen] = {}
    for sign, entries in ((-1, stands), (1, entries_for(decision, id=id, booked_on=booked_on))):
        for posting in (posting for entry in entries for posting in entry.postings):
            key = (posting.fund, posting.account, posting.party)
            sums[key] = sums.get(key, 0) + sign * posting.fen
    postings = tuple(Posting(*key, fen) for key, fen in sums.items() if fen)
    if not postings:
        return ()
    claim = decision.claim
    return (Entry(id, claim.area, claim.scheme, max(booked_on, last), claim.id, postings),)


def not_the_last(first: str, later: str) -> Problem:
    """Cancelling under a later settlement would change what that one was decided on: last first."""
    return Problem(
        Kind.RULE,
        "later-settlement-exists",
        "Claim.identifier",
        f"settlement {first} is followed by {later} in the same year: cancel the later one first",
        f"结算 {first} 之后同年度还有结算 {later}:请先撤销后一笔",
    )
