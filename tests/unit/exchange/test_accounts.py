"""Personal accounts live (R2): they pay first, to the last fen, never below zero; what is undone goes back exactly."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest

from gateway.exchange.submit import prepare_submit
from gateway.fhir.json import encode
from gateway.kernel.ids import PersonId
from gateway.ledger.accounts import Account
from tests.unit.exchange.workers import HOSPITAL, WORKS, Works, open_works


@pytest.fixture
def works(store_url: str) -> Iterator[Works]:
    opened = open_works(store_url)
    yield opened
    opened.store.close()


@pytest.fixture
def person(works: Works) -> PersonId:
    return works.worker()


def test_the_account_pays_first_until_it_is_empty(works: Works, person: PersonId) -> None:
    works.credit(person, "150.00")

    first, second, third = (works.submit(person, yuan) for yuan in ("100.00", "80.00", "60.00"))

    assert works.paid(first.id) == ("0.00", "100.00", "0.00")
    # 80.00 - 50.00 = 30.00; 30.00 * 90% = 27.00
    assert works.paid(second.id) == ("27.00", "50.00", "3.00")
    # 60.00 * 90% = 54.00
    assert works.paid(third.id) == ("54.00", "0.00", "6.00")
    assert works.balance(person) == "0.00"
    works.sound()


def test_what_the_account_pays_is_owed_to_the_institution(works: Works, person: PersonId) -> None:
    works.credit(person, "150.00")
    works.submit(person, "180.00")

    owed = works.store.party_turnover("worker", Account.PROVIDER_PAYABLE, from_on=date.min, to_on=date.max)
    # 180.00 - 150.00 = 30.00; 30.00 * 90% = 27.00
    assert {fund: turned.credit for (fund, party), turned in owed.items() if party == WORKS} == {
        "personal-account": 15000,
        "unit": 2700,
    }
    [settlement] = works.store.settlements(limit=5)
    assert (settlement.fund, settlement.account) == (2700, 15000)


def test_a_cancellation_gives_back_what_the_account_paid(works: Works, person: PersonId) -> None:
    works.credit(person, "150.00")
    settled = works.submit(person, "100.00")

    assert not works.cancel(settled.id).codes

    assert works.balance(person) == "150.00"
    assert works.paid(works.submit(person, "160.00").id) == ("9.00", "150.00", "1.00")
    works.sound()


def test_later_settlements_are_decided_again_with_what_a_cancelled_one_gives_back(
    works: Works, person: PersonId
) -> None:
    works.credit(person, "100.00")
    first = works.submit(person, "100.00", visit="V1")
    second = works.submit(person, "50.00", visit="V2")
    assert works.paid(second.id) == ("45.00", "0.00", "5.00")

    cancelled = works.cancel(first.id)

    assert not cancelled.codes
    [replaced] = [each for each in works.store.settlements(limit=9) if each.state == "effective"]
    assert works.paid(replaced.id) == ("0.00", "50.00", "0.00")
    assert works.balance(person) == "50.00"
    works.sound()


def test_a_corrected_claim_draws_what_a_later_one_gives_back(works: Works, person: PersonId) -> None:
    """The account is empty: the first claim takes 60.00 more only because the second gives back as much."""
    works.credit(person, "200.00")
    first = works.submit(person, "100.00", visit="V1")
    second = works.submit(person, "100.00", visit="V2")
    assert (works.paid(first.id)[1], works.paid(second.id)[1], works.balance(person)) == ("100.00", "100.00", "0.00")

    assert not works.resettle(first.id, works.bill(person, "160.00", visit="V1")).codes

    drawn = [(each.account, each.fund) for each in works.store.settlements(limit=9) if each.state == "effective"]
    # 200.00 - 160.00 = 40.00; (100.00 - 40.00) * 90% = 54.00
    assert sorted(drawn) == [(4000, 5400), (16000, 0)]
    assert works.balance(person) == "0.00"
    works.sound()


def test_a_credit_that_came_later_is_there_for_a_claim_that_is_decided_again(works: Works, person: PersonId) -> None:
    settled = works.submit(person, "100.00")
    works.credit(person, "30.00")

    assert not works.resettle(settled.id).codes

    [now] = [each for each in works.store.settlements(limit=9) if each.state == "effective"]
    assert works.paid(now.id) == ("63.00", "30.00", "7.00")
    assert works.balance(person) == "0.00"
    works.sound()


def test_a_trial_takes_nothing(works: Works, person: PersonId) -> None:
    works.credit(person, "30.00")

    assert works.submit(person, "100.00", use="predetermination").total("account") == "30.00"
    assert works.balance(person) == "30.00"


def test_of_many_claims_at_once_only_what_is_there_is_drawn(works: Works, person: PersonId) -> None:
    """Sixty per cent of the balance, a hundred times at once: one claim draws it whole, one what is left."""
    works.credit(person, "100.00")
    bodies = [encode(works.bill(person, "60.00", visit=f"C{number}")) for number in range(100)]

    def send(body: bytes) -> None:
        prepared = prepare_submit(works.exchange, HOSPITAL, body, idempotency_key="")
        assert works.exchange.conclude(prepared).result().refused is None

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(send, bodies))

    drawn = sorted((each.account for each in works.store.settlements(limit=200)), reverse=True)
    assert drawn[:3] == [6000, 4000, 0]
    assert works.balance(person) == "0.00"
    works.sound()


@pytest.mark.parametrize("event", ["account-moved-out", "account-paid-out"])
def test_no_more_leaves_an_account_than_it_holds(works: Works, person: PersonId, event: str) -> None:
    works.credit(person, "30.00")
    for move, fund in (("to-fiscal", "personal-account"), ("to-expenditure", "personal-account")):
        assert not works.report(move, "30.00", fund=fund).codes

    assert works.report(event, "30.01", fund="personal-account", party=person).codes == ["account-short"]
    assert not works.report(event, "30.00", fund="personal-account", party=person).codes
    assert works.balance(person) == "0.00"
    works.sound()
