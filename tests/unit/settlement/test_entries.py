"""Decisions in the books, and out of them again."""

from dataclasses import replace
from datetime import date
from itertools import count

from gateway.kernel.problem import Kind
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Posting, imbalance, trial_balance
from gateway.settlement.adjudicate import after
from gateway.settlement.claim import NOTHING, Counters, Movement
from gateway.settlement.decision import Decision
from gateway.settlement.entries import (
    counter_entries,
    counter_movements,
    difference_entry,
    entries_for,
    not_the_last,
)
from gateway.settlement.working import ACCOUNT, FAMILY_ACCOUNT
from tests.unit.settlement.sheets import bill, decided

BOOKED = date(2015, 3, 10)
LATER = date(2015, 4, 1)


def test_what_the_fund_pays_is_owed_to_the_institution() -> None:
    decision = decided(bill("32680.45"))
    [entry] = entries_for(decision, id="e1", booked_on=BOOKED)

    assert (entry.id, entry.cause, entry.booked_on, entry.scheme) == ("e1", decision.id, BOOKED, "resident")
    assert entry.postings == (
        Posting("basic", Account.BENEFIT_EXPENSE, "H32118200001", 2041729),
        Posting("basic", Account.PROVIDER_PAYABLE, "H32118200001", -2041729),
    )


def test_where_no_fund_pays_nothing_is_posted() -> None:
    assert entries_for(decided(bill("300.00")), id="e1", booked_on=BOOKED) == ()


def test_each_fund_has_postings_of_its_own() -> None:
    decision = replace(decided(bill("32680.45")), funds={"basic": 100, "aid": 0, "catastrophic": 50})
    [entry] = entries_for(decision, id="e1", booked_on=BOOKED)

    assert [(posting.fund, posting.fen) for posting in entry.postings] == [
        ("basic", 100),
        ("basic", -100),
        ("catastrophic", 50),
        ("catastrophic", -50),
    ]


def drawing(decision: Decision, *, own: int, shared: int = 0) -> Decision:
    """The decision with a part of the cash paid from the accounts."""
    drawn = [
        Movement(layer, "2015", Counters(counted=fen)) for layer, fen in ((ACCOUNT, own), (FAMILY_ACCOUNT, shared))
    ]
    left = decision.cash - own - shared
    return replace(decision, account=own + shared, cash=left, movements=(*decision.movements, *drawn))


def test_what_the_personal_account_pays_is_owed_to_the_institution_too() -> None:
    decision = drawing(decided(bill("300.00")), own=10000)
    [entry] = entries_for(decision, id="e1", booked_on=BOOKED)

    assert entry.postings == (
        Posting("personal-account", Account.PERSONAL_ACCOUNT, decision.claim.person.id, 10000),
        Posting("personal-account", Account.PROVIDER_PAYABLE, "H32118200001", -10000),
    )


def test_the_family_s_account_is_a_party_of_its_own() -> None:
    decision = drawing(decided(bill("300.00")), own=10000, shared=500)
    decision = replace(decision, claim=replace(decision.claim, person=replace(decision.claim.person, family="F1")))
    [entry] = entries_for(decision, id="e1", booked_on=BOOKED)

    assert [(p.party, p.fen) for p in entry.postings if p.fen > 0] == [(decision.claim.person.id, 10000), ("F1", 500)]


def test_the_difference_gives_back_and_draws_anew() -> None:
    booked = entries_for(drawing(decided(bill("300.00")), own=10000), id="e1", booked_on=BOOKED)
    [entry] = difference_entry(booked, drawing(decided(bill("300.00")), own=7000), id="d", booked_on=LATER)

    assert [(p.account, p.fen) for p in entry.postings] == [
        (Account.PERSONAL_ACCOUNT, -3000),
        (Account.PROVIDER_PAYABLE, 3000),
    ]


def test_a_settlement_and_its_cancellation_leave_every_account_at_zero() -> None:
    entries = entries_for(decided(bill("32680.45")), id="e1", booked_on=BOOKED)
    counters = counter_entries(entries, make_id=lambda: "e2", booked_on=LATER)

    assert [(each.id, each.reverses, each.booked_on) for each in counters] == [("e2", "e1", LATER)]
    balances = trial_balance([*entries, *counters])
    assert set(balances.values()) == {0}
    assert imbalance(list(balances.values())) == 0


def test_what_was_reversed_is_not_reversed_again() -> None:
    ids = (f"c{number}" for number in count())
    first = entries_for(decided(bill("32680.45")), id="e1", booked_on=BOOKED)
    undone = counter_entries(first, make_id=lambda: next(ids), booked_on=LATER)
    second = entries_for(decided(bill("900.00")), id="e2", booked_on=LATER)

    assert counter_entries([*first, *undone], make_id=lambda: next(ids), booked_on=LATER) == ()
    assert [e.reverses for e in counter_entries([*first, *undone, *second], make_id=lambda: "x", booked_on=LATER)] == [
        "e2"
    ]


def test_counter_movements_restore_every_counter() -> None:
    movements = decided(bill("32680.45")).movements

    assert set(after({}, [*movements, *counter_movements(movements)]).values()) == {NOTHING}


def test_a_cancellation_under_a_later_settlement_names_both() -> None:
    problem = not_the_last("S1", "S2")

    assert (problem.kind, problem.code) == (Kind.RULE, "later-settlement-exists")
    assert "S1" in problem.text()
    assert "S2" in problem.text()
