"""Personal accounts: the balance kept beside the postings is what they say, and never below zero."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from gateway.kernel.ids import PersonId
from gateway.kernel.money import Fen
from gateway.ledger.accounts import Account
from gateway.ledger.entry import Entry, Posting, reversed_entry
from gateway.store.store import Store
from gateway.store.unit import Unit
from gateway.store.values import Wants
from tests.conftest import AREA, new_id, open_test_store
from tests.unit.store.jobs import DAY, HOSPITAL
from tests.unit.store.raw import raw

PERSON = PersonId("p1")
FUND = "personal-account"


def entry(person: str, amount: Fen, *, scheme: str = "worker", cause: str = "c1") -> Entry:
    """Credit the account with an amount (> 0), or debit it (< 0) for the hospital."""
    other = Posting(FUND, Account.INCOME_ACCOUNT, "", amount)
    if amount < 0:
        other = Posting(FUND, Account.PROVIDER_PAYABLE, HOSPITAL, amount)
    account = Posting(FUND, Account.PERSONAL_ACCOUNT, person, -amount)
    return Entry(new_id(), AREA, scheme, DAY, cause, (account, other))


def post(*entries: Entry) -> Callable[[Unit], None]:
    def work(unit: Unit) -> None:
        for one in entries:
            unit.post(one)

    return work


def balance(store: Store, person: PersonId, scheme: str = "worker") -> Fen:
    return store.submit(lambda unit: unit.account_balance(person, scheme)).result(30)


def test_a_balance_follows_its_postings(store: Store) -> None:
    store.submit(
        post(entry("p1", 10_000), entry("p1", -2_500), entry("p2", 70), entry("p1", 5, scheme="other"))
    ).result(30)
    store.submit(post(entry("p1", -500))).result(30)
    assert balance(store, PERSON) == 7_000
    assert balance(store, PersonId("p2")) == 70
    assert balance(store, PERSON, "other") == 5
    assert balance(store, PersonId("p3")) == 0
    assert store.account_balance(PERSON, "worker") == 7_000
    assert store.verify().problems == ()


def test_a_red_entry_gives_it_back(store: Store) -> None:
    taken = entry("p1", -4_000)
    store.submit(post(entry("p1", 10_000), taken)).result(30)
    store.submit(post(reversed_entry(taken, id=new_id(), booked_on=DAY))).result(30)
    assert balance(store, PERSON) == 10_000
    assert store.verify().problems == ()


def test_a_job_sees_its_own_and_a_rollback_drops_them(store: Store) -> None:
    def work(unit: Unit) -> tuple[Fen, Fen]:
        unit.post(entry("p1", 300))
        mark = unit.mark()
        unit.post(entry("p1", -200))
        within = unit.account_balance(PERSON, "worker")
        unit.rollback(mark)
        return within, unit.account_balance(PERSON, "worker")

    assert store.submit(work).result(30) == (100, 300)
    assert balance(store, PERSON) == 300


def test_an_account_never_owes(store: Store, store_url: str) -> None:
    store.submit(post(entry("p1", 100))).result(30)
    with pytest.raises(AssertionError, match="never owes"):
        store.submit(post(entry("p1", -101))).result(30)
    with pytest.raises(Exception, match="account_balance_not_negative"):
        raw(store_url, "UPDATE account_balance SET fen = -1")
    assert balance(store, PERSON) == 100


@pytest.mark.parametrize("announced", [True, False])
def test_of_a_hundred_debits_of_most_of_it_one_succeeds(store: Store, store_url: str, announced: bool) -> None:
    """60 % of the balance each, from many threads and, on PostgreSQL, from two processes."""
    other = open_test_store(store_url, ready=True) if store_url.startswith("postgres") else store
    store.submit(post(entry("p1", 10_000))).result(30)

    def debit(number: int) -> bool:
        def work(unit: Unit) -> bool:
            if unit.account_balance(PERSON, "worker") < 6_000:
                return False
            unit.post(entry("p1", -6_000, cause=f"c{number}"))
            return True

        wants = Wants(persons=(PERSON,)) if announced else Wants()
        return (store, other)[number % 2].submit(work, wants).result(60)

    with ThreadPoolExecutor(16) as pool:
        assert sum(pool.map(debit, range(100))) == 1
    assert balance(store, PERSON) == 4_000
    assert store.verify().problems == ()
    if other is not store:
        other.close()


@pytest.mark.parametrize(
    "change",
    ["UPDATE account_balance SET fen = fen + 1", "DELETE FROM account_balance",
     "INSERT INTO account_balance (area, person, scheme, fen) VALUES ('321182', 'p9', 'worker', 1)"],
)  # fmt: skip
def test_a_changed_balance_is_found(store: Store, store_url: str, change: str) -> None:
    store.submit(post(entry("p1", 100))).result(30)
    raw(store_url, change)
    assert {problem.code for problem in store.verify().problems} == {"balance-differs"}
    assert {problem.code for problem in store.verify_ledger().problems} == {"balance-differs"}
