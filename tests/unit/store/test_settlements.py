"""Settlements and the two books: numbers run, a treatment is settled once, a cancellation leaves nothing behind."""

from dataclasses import replace

import pytest

from gateway.kernel.ids import PersonId
from gateway.ledger.accounts import Account
from gateway.settlement.claim import Counters, Movement
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import Contribution, SettlementState, Wants
from tests.unit.store.jobs import FUND, HOSPITAL, TOTAL, YEAR, Visit, cancel, settle, settlement, visit

PERSON = PersonId("p1")
ONE_CLAIM = Counters(TOTAL, FUND, TOTAL - FUND, 0, 1)


def settled(store: Store, one: Visit) -> str:
    """Id of the settlement."""
    return store.submit(settle(one), one.wants).result(30).decode().removeprefix("settled ")


def test_a_settlement_is_found_by_id_claim_and_treatment(store: Store) -> None:
    one = visit(PERSON, "b1")
    id = settled(store, one)
    found = store.settlement(id)
    assert found is not None
    assert (found.number, found.fund, found.total, found.state) == (1, FUND, TOTAL, SettlementState.EFFECTIVE)
    assert found.trace == b"trace of " + found.claim.encode()
    assert store.settlement_of_claim(found.claim) == found
    assert store.settlements(person=PERSON, limit=5) == store.settlements(institution=HOSPITAL, limit=5) == [found]
    assert store.settlements(state="cancelled", limit=5) == []
    assert store.settlement("other") is None
    assert store.settlement_of_claim("other") is None

    def work(unit: Unit) -> None:
        assert unit.effective(one.treatment) == unit.settlement(id) == unit.settlement_of_claim(found.claim) == found
        assert unit.effective("other") is None
        assert unit.last_number(PERSON, "resident") == 1
        assert unit.last_number(PERSON, "worker") == unit.last_number(PersonId("p2"), "resident") == 0

    store.submit(work).result(30)
    store.submit(work, one.wants).result(30)


def test_counters_add_up_within_and_between_groups(store: Store) -> None:
    settled(store, visit(PERSON, "b1"))
    settled(store, visit(PERSON, "b2"))

    def work(unit: Unit) -> Counters:
        settle(visit(PERSON, "b3"))(unit)
        assert unit.last_number(PERSON, "resident") == 3
        assert unit.counters(PERSON, "worker") == {}
        return unit.counters(PERSON, "resident")["basic", YEAR]

    three = Counters(3 * TOTAL, 3 * FUND, 3 * (TOTAL - FUND), 0, 3)
    assert store.submit(work).result(30) == three
    assert store.counters(PERSON, "resident") == {("basic", YEAR): three}
    assert store.counters(PERSON, "worker") == {}


def test_the_books_balance(store: Store) -> None:
    for bill in ("b1", "b2"):
        settled(store, visit(PERSON, bill))
    assert store.trial_balance() == {
        ("resident", "basic", str(Account.BENEFIT_EXPENSE)): 2 * FUND,
        ("resident", "basic", str(Account.PROVIDER_PAYABLE)): -2 * FUND,
    }
    assert store.party_balances(str(Account.PROVIDER_PAYABLE)) == {HOSPITAL: -2 * FUND}
    assert store.party_balances(str(Account.INCOME_ACCOUNT)) == {}


def test_entries_and_movements_of_a_claim_are_read_back(store: Store) -> None:
    found = store.settlement(settled(store, visit(PERSON, "b1")))
    assert found is not None
    entries = store.entries_of(found.claim)
    assert [(entry.cause, sorted(posting.fen for posting in entry.postings)) for entry in entries] == [
        (found.claim, [-FUND, FUND])
    ]
    assert store.movements_of(found.claim) == [Movement("basic", YEAR, ONE_CLAIM)]
    assert store.submit(lambda unit: unit.entries_of(found.claim)).result(30) == entries
    assert store.entries_of("other") == []
    assert store.movements_of("other") == []


def test_a_treatment_has_one_settlement_in_force(store: Store) -> None:
    one = visit(PERSON, "b1")
    settled(store, one)
    again = replace(one, key=one.key._replace(channel="mllp"))
    for wants in (again.wants, Wants()):
        with pytest.raises(AssertionError, match="one settlement in force"):
            store.submit(settle(again), wants).result(30)
    assert store.verify().counts["settlement"] == 1


@pytest.mark.parametrize("together", [True, False])
def test_a_cancellation_leaves_nothing_behind(store: Store, together: bool) -> None:
    one, again = visit(PERSON, "b1"), replace(visit(PERSON, "b1"), key=visit(PERSON, "again").key)

    def work(unit: Unit) -> tuple[str, str]:
        first = settle(one)(unit).decode().removeprefix("settled ")
        return first, cancel(first)(unit)

    if together:
        first, undo = store.submit(work).result(30)
    else:
        first = settled(store, one)
        undo = store.submit(cancel(first)).result(30)
    found = store.settlement(first)
    assert found is not None
    assert (found.state, found.cancelled_by) == (SettlementState.CANCELLED, undo)
    assert store.counters(PERSON, "resident") == {("basic", YEAR): Counters()}
    assert set(store.trial_balance().values()) == {0}
    assert store.verify().problems == ()

    second = settled(store, again)
    renewed = store.settlement(second)
    assert renewed is not None
    assert renewed.number == 2
    assert store.verify().problems == ()


def test_a_treatment_may_be_cancelled_and_settled_anew_in_one_group(store: Store) -> None:
    one, again = visit(PERSON, "b1"), replace(visit(PERSON, "b1"), key=visit(PERSON, "again").key)
    first = settled(store, one)

    def work(unit: Unit) -> None:
        cancel(first)(unit)
        assert unit.effective(one.treatment) is None
        settle(again)(unit)
        assert unit.effective(one.treatment) is not None

    store.submit(work).result(30)
    assert store.verify().problems == ()


def test_a_settlement_is_cancelled_once(store: Store) -> None:
    first = settled(store, visit(PERSON, "b1"))
    store.submit(cancel(first)).result(30)
    with pytest.raises(AssertionError, match="cancelled once"):
        store.submit(cancel(first)).result(30)


def test_later_settlements_of_the_period_are_known(store: Store) -> None:
    first, second = (store.settlement(settled(store, visit(PERSON, bill))) for bill in ("b1", "b2"))
    assert first is not None
    assert second is not None
    settled(store, visit("p2", "b3"))

    def add_next_year(unit: Unit) -> str | None:
        assert second is not None
        start = unit.mark()
        unit.add_settlement(replace(settlement(visit(PERSON, "b4"), "c4", "r4", 3), period="2016"))
        later = unit.later_effective(second)
        unit.rollback(start)
        return later.id if later else None

    def seen(unit: Unit) -> list[str | None]:
        assert first is not None
        assert second is not None
        before = [one.id if (one := unit.later_effective(of)) else None for of in (first, second)]
        cancel(second.id)(unit)
        after = unit.later_effective(first)
        return [*before, after.id if after else None]

    assert store.submit(add_next_year).result(30) is None
    assert store.submit(seen).result(30) == [second.id, None, None]


def test_contributions_are_replaced(store: Store) -> None:
    owed = Contribution(PERSON, "resident", YEAR, 12_000, 0)
    paid = replace(owed, received=12_000)

    def work(unit: Unit) -> None:
        assert unit.contribution(PERSON, "resident", YEAR) is None
        unit.put_contribution(owed)
        assert unit.contribution(PERSON, "resident", YEAR) == owed

    store.submit(work).result(30)
    assert store.contribution(PERSON, "resident", YEAR) == owed
    store.submit(lambda unit: unit.put_contribution(paid), Wants(persons=(PERSON,))).result(30)
    assert store.submit(lambda unit: unit.contribution(PERSON, "resident", YEAR)).result(30) == paid
    assert store.contribution(PERSON, "resident", "2016") is None
